"""Which share of an outcome's variance each input makes, alone and in all, and which share is luck.

The expected outcome at a point is a function of the inputs; its variance over their spans is split after Sobol.
*First-order*: what fixing the input would take away. *Total*: what would be left if all others were fixed. The
variance of a single run is that of the expected outcome and, on top, the mean variance by luck (law of total
variance); the latter's share is *luck*. Every product is taken across replicates (:mod:`sim.study.sensitivity.luck`).

Sources: first-order: Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018; total: Jansen 1999,
doi:10.1016/S0010-4655(98)00154-4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.study.sensitivity.luck import Floats, across, means, square_of_mean, weightings, with_interval

_Z_975 = 1.959963984540054


@dataclass(frozen=True)
class Indices:
    """Indices of one outcome, each with its 95 % interval from resampled blocks.

    Attributes
    ----------
    first, first_lo, first_hi, total, total_lo, total_hi : float64[inputs]
        Shares of the variance of the expected outcome; estimates, which chance can bring below 0. No total's
        interval ends below the floor: less cannot be told from nothing with so many runs.
    uncorrected : float64[inputs]
        Totals as they would be, were the means of the replicates taken for the expected outcome.
    floor : float64[inputs]
        The total that luck alone stays below in 39 of 40 studies, if the input changes runs as much as it was seen
        to, and does so at random.
    variance, variance_lo, variance_hi : float
        Of the expected outcome.
    luck, luck_lo, luck_hi : float
        Share of luck in the variance of a single run.
    mean : float
    """

    first: Floats
    first_lo: Floats
    first_hi: Floats
    total: Floats
    total_lo: Floats
    total_hi: Floats
    uncorrected: Floats
    floor: Floats
    variance: float
    variance_lo: float
    variance_hi: float
    luck: float
    luck_lo: float
    luck_hi: float
    mean: float

    @property
    def stands_out(self) -> npt.NDArray[np.bool_]:
        """Which totals are told from nothing: above the floor, with an interval that leaves 0 out."""
        return np.asarray((self.total > self.floor) & (self.total_lo > 0.0))

    @property
    def moves(self) -> bool:
        """Whether the inputs move the expected outcome at all, as far as can be told."""
        return self.variance_lo > 0.0


def indices(outcome: Floats, seed: int) -> Indices:
    """Return the indices of an outcome over stars.

    Parameters
    ----------
    outcome : float64[blocks, 2 + inputs, replicates]
        At the points of :func:`sim.study.sensitivity.design.stars`; at least two blocks and two replicates.
    seed : int
        Of the resampling.
    """
    mean = float(outcome.mean())
    centred = outcome - mean
    a, mixed, b = centred[:, :1], centred[:, 1:-1], centred[:, -1:]
    weights = weightings(len(outcome), seed)
    over = means(weights)
    square = square_of_mean(centred.mean((1, 2)), weights)
    variance = over(across(centred, centred).mean(1)) - square
    of_a_run = over((centred**2).mean((1, 2))) - square
    with np.errstate(divide="ignore", invalid="ignore"):
        first = with_interval(over(across(np.broadcast_to(b, mixed.shape), mixed - a)) / variance[:, None])
        total = with_interval(over(across(mixed - a, mixed - a)) / 2 / variance[:, None])
        luck = with_interval(1.0 - variance / of_a_run)
        floor = _floor(mixed - a, float(variance[0]))
        uncorrected = _uncorrected(centred)
    spread = with_interval(variance)
    return Indices(
        first=first[0], first_lo=first[1], first_hi=first[2],
        total=total[0], total_lo=total[1], total_hi=np.maximum(total[2], floor), uncorrected=uncorrected, floor=floor,
        variance=float(spread[0]), variance_lo=float(spread[1]), variance_hi=float(spread[2]),
        luck=float(luck[0]), luck_lo=float(luck[1]), luck_hi=float(luck[2]), mean=mean,
    )  # fmt: skip


def _floor(apart: Floats, variance: float) -> Floats:
    """Return which total luck alone stays below in 39 of 40 studies: of float64[blocks, inputs, replicates]."""
    blocks, _, count = apart.shape
    scatter = np.mean(apart.var(-1, ddof=1) ** 2, 0)
    return np.asarray(_Z_975 * np.sqrt(2.0 * scatter / (count * (count - 1) * blocks)) / 2 / variance)


def _uncorrected(centred: Floats) -> Floats:
    """Return total indices of the replicates' means."""
    seen = centred.mean(-1)
    apart = ((seen[:, 1:-1] - seen[:, :1]) ** 2).mean(0) / 2
    return np.asarray(apart / seen[:, [0, -1]].var())
