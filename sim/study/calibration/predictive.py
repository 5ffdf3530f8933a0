"""Whether the model could have given what was observed: its place among what the table's rows give.

Before anything is fitted, each observed summary must lie within the central 95 % of the prior predictive; a summary
outside says that prior or model is wrong there, and no posterior can mend it. Afterwards the same is asked of the
posterior. Ties count for both sides, so that a bound that every row keeps is no misfit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.study.calibration.weighted import Floats, weighted_quantiles

LEVEL = 0.95


@dataclass(frozen=True)
class Place:
    """Where one observed summary lies.

    Attributes
    ----------
    below, above : float
        Of the rows in which it is defined, the share that gives at most, and at least, what was observed.
    low, middle, high : float
        The central 95 % of the rows and their median.
    undefined : float
        Share of the rows in which it is undefined.
    """

    below: float
    above: float
    low: float
    middle: float
    high: float
    undefined: float

    @property
    def inside(self) -> bool:
        """Whether it lies within the central 95 % of the rows that have it, which are more than a few."""
        return min(self.below, self.above) >= (1.0 - LEVEL) / 2 and self.undefined <= LEVEL


def places(summaries: Floats, observed: Floats, weights: Floats) -> list[Place]:
    """Return where each observed summary lies among weighted rows.

    Parameters
    ----------
    summaries : float64[rows, summaries]
    observed : float64[summaries]
    weights : float64[rows]
        They sum to one.
    """
    found = []
    for column, seen in zip(summaries.T, observed, strict=True):
        known = ~np.isnan(column)
        mass = float(weights[known].sum())
        if not mass:
            found.append(Place(0.0, 0.0, np.nan, np.nan, np.nan, 1.0))
            continue
        values, own = column[known], weights[known] / mass
        ends = (1.0 - LEVEL) / 2
        low, middle, high = weighted_quantiles(values, own, (ends, 0.5, 1.0 - ends)).tolist()
        below, above = float(own[values <= seen].sum()), float(own[values >= seen].sum())
        found.append(Place(below, above, low, middle, high, 1.0 - mass))
    return found
