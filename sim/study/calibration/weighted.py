"""Draws with weights: what a posterior is here, with its means, quantiles and ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
CENTRAL = (0.025, 0.25, 0.5, 0.75, 0.975)


@dataclass(frozen=True)
class Posterior:
    """Joint draws of parameters with their weights.

    Attributes
    ----------
    values : float64[draws, parameters]
    weights : float64[draws]
        They sum to one.
    rows : int64[draws]
        The rows of the table that the draws come from.
    """

    values: Floats
    weights: Floats
    rows: npt.NDArray[np.int64]

    def mean(self) -> Floats:
        """Return the mean of each parameter."""
        return self.weights @ self.values

    def variance(self) -> Floats:
        """Return the variance of each parameter."""
        return self.weights @ (self.values - self.mean()) ** 2

    def quantiles(self, levels: tuple[float, ...] = CENTRAL) -> Floats:
        """Return quantiles of each parameter: float64[levels, parameters]."""
        return np.stack([weighted_quantiles(column, self.weights, levels) for column in self.values.T], axis=1)

    def ranks(self, truth: Floats) -> Floats:
        """Return the posterior's mass below a true value of each parameter, half of what is tied: float64[parameters].

        Parameters
        ----------
        truth : float64[parameters]
        """
        below = self.weights @ (self.values < truth)
        return below + 0.5 * (self.weights @ (self.values == truth))

    def score(self, truth: Floats) -> Floats:
        """Return the continuous ranked probability score at a true value of each parameter: float64[parameters].

        The mean distance from the truth less half that between draws: small where the draws are near it and say so
        (Gneiting & Raftery 2007, doi:10.1198/016214506000001437).
        """
        found = np.empty(self.values.shape[1])
        for number, column in enumerate(self.values.T):
            order = np.argsort(column, kind="stable")
            values, weights = column[order], self.weights[order]
            below = np.cumsum(weights) - 0.5 * weights
            apart = 2.0 * float(weights @ (values * (2.0 * below - 1.0)))
            found[number] = float(weights @ np.abs(values - truth[number])) - 0.5 * apart
        return found

    @property
    def effective(self) -> float:
        """How many draws of equal weight they are worth (Kish)."""
        return float(1.0 / np.sum(self.weights**2))


def weighted_quantiles(values: Floats, weights: Floats, levels: tuple[float, ...]) -> Floats:
    """Return quantiles of weighted values, straight lines between the middles of their steps: float64[levels]."""
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weights[order])
    middles = (mass - 0.5 * weights[order]) / mass[-1]
    return np.interp(levels, middles, values[order])


def resampled(posterior: Posterior, draws: int) -> npt.NDArray[np.int64]:
    """Return places of as many draws of equal weight: int64[draws], by systematic resampling, in the draws' order."""
    mass = np.cumsum(posterior.weights)
    places = np.searchsorted(mass / mass[-1], (np.arange(draws) + 0.5) / draws)
    return np.minimum(places, len(posterior.weights) - 1)
