"""ABC by rejection: the rows of the table that come nearest to what was observed, as they are.

In two steps. First the nearest rows by Mahalanobis distance of all summaries; among them each parameter is regressed
on the summaries, and what the regression expects of a row is the row's statistic of that parameter (Fearnhead &
Prangle 2012, doi:10.1111/j.1467-9868.2011.01010.x: of all statistics, the posterior mean loses least). Rows are then
accepted by their distance in these few statistics, so that a summary that says nothing costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.study.calibration.bounded import free
from sim.study.calibration.distance import Scale, distances, nearest, scale_of
from sim.study.calibration.ridge import fitted
from sim.study.calibration.weighted import Floats, Posterior


@dataclass(frozen=True)
class Reference:
    """Rows of a table, as ABC sees them.

    Attributes
    ----------
    names : tuple of str
        Parameters.
    low, high : float64[parameters]
        Ends of their uniform priors.
    values : float64[rows, parameters]
    summaries : float64[rows, summaries]
        As a source would report them; nan where undefined.
    """

    names: tuple[str, ...]
    low: Floats
    high: Floats
    values: Floats
    summaries: Floats

    def only(self, rows: npt.NDArray[np.integer] | npt.NDArray[np.bool_] | slice) -> Reference:
        """Return some of the rows."""
        return Reference(self.names, self.low, self.high, self.values[rows], self.summaries[rows])

    def without(self, left_out: npt.NDArray[np.bool_]) -> Reference:
        """Return all rows without some of the summaries."""
        return Reference(self.names, self.low, self.high, self.values, self.summaries[:, ~left_out])


@dataclass(frozen=True)
class Settings:
    """How much of a table is accepted.

    Attributes
    ----------
    accepted : float
        Share of the rows that are accepted as they are.
    adjusted : float
        How many times as many are adjusted by regression: what is adjusted need not come as near.
    near : float
        Share of the rows among which statistics are learned.
    """

    accepted: float = 0.02
    adjusted: float = 5.0
    near: float = 0.3


@dataclass(frozen=True)
class Accepted:
    """The rows that were accepted, for either method.

    Attributes
    ----------
    rows : int64[accepted]
    distance : float64[accepted]
        In statistics, as shares of the largest.
    away : float64[accepted, summaries]
        Scaled summaries less the observed ones.
    radius : float
        The largest distance.
    few : int
        How many of them are accepted as they are.
    """

    rows: npt.NDArray[np.int64]
    distance: Floats
    away: Floats
    radius: float
    few: int


_FEWEST, _FEWEST_NEAR = 200, 1000
"""Rows that are accepted at least (a fifth, if there are fewer than a thousand), and among which statistics are learned
at least: fewer give posteriors that are too narrow by chance."""
_TINY = 1e-12


def accept(reference: Reference, observed: Floats, settings: Settings, scale: Scale | None = None) -> Accepted:
    """Return the rows that come nearest to what was observed.

    Parameters
    ----------
    observed : float64[summaries]
        Nan where a summary is undefined.
    scale : Scale, optional
        Of the summaries, if it is known already.
    """
    rows = len(reference.values)
    scale = scale_of(reference.summaries) if scale is None else scale
    few = min(rows, max(min(_FEWEST, rows // 5), round(settings.accepted * rows)))
    more = min(rows, round(settings.adjusted * few))
    many = min(rows, max(more, _FEWEST_NEAR, round(settings.near * rows)))
    near = nearest(distances(reference.summaries, observed, scale), many)
    alike = (np.isnan(reference.summaries[near]) == np.isnan(observed)).all(1)
    if alike.sum() >= few:
        near, more = near[alike], min(more, int(alike.sum()))
    away = scale.scaled(reference.summaries[near]) - scale.scaled(observed)
    away[:, np.isnan(observed)] = 0.0
    places = free(reference.values[near], reference.low, reference.high)
    expected = fitted(_features(away), places, np.ones(len(near)))
    here = expected.at(_features(np.zeros((1, away.shape[1]))))
    statistics = (expected.at(_features(away)) - here) / np.maximum(places.std(0), _TINY)
    distance = np.linalg.norm(statistics, axis=1)
    chosen = nearest(distance, more)
    radius = float(distance[chosen].max())
    return Accepted(near[chosen], distance[chosen] / (radius or 1.0), away[chosen], radius, few)


def _features(away: Floats) -> Floats:
    """Return what parameters are regressed on: differences of summaries, and their squares."""
    kept = np.clip(away, -5.0, 5.0)
    return np.concatenate([kept, kept**2], axis=1)


def rejection(reference: Reference, accepted: Accepted) -> Posterior:
    """Return the nearest of the accepted rows, all of the same weight."""
    rows = accepted.rows[nearest(accepted.distance, accepted.few)]
    return Posterior(reference.values[rows], np.full(len(rows), 1.0 / len(rows)), rows)
