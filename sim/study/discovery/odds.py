"""How sure a rate over points is, where runs of one point, and runs of one luck, are alike.

Runs are counted as so many independent ones as give the rate the variance that is seen between points and
between lucks (two-way clusters), and Wilson's interval and binomial tails are taken of that number.

Sources: two-way clusters: Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136; design effect: Kish 1965,
"Survey Sampling"; quasi-p-values: Bryant & Lempert 2010, doi:10.1016/j.techfore.2009.08.002.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.outcome.verdict import Z_95
from sim.study.discovery.prim import Flags, Floats

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Seen:
    """Runs of a verdict at points.

    Attributes
    ----------
    places : float64[points, features]
    hits : float64[points, replicates]
        1 where the run ended with the verdict, 0 where with another.
    luck : int64[points, replicates]
        Runs with the same number shared their luck.
    """

    places: Floats
    hits: Floats
    luck: Whole

    @property
    def rate(self) -> Floats:
        """The verdict's rate at each point."""
        return np.asarray(self.hits.mean(1))

    def at(self, kept: Flags | Whole) -> Seen:
        """Return the runs at some points."""
        return Seen(self.places[kept], self.hits[kept], self.luck[kept])


@dataclass(frozen=True)
class Rate:
    """A rate, and the number of independent runs that it is worth.

    Attributes
    ----------
    value, worth : float
    """

    value: float
    worth: float

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        spread = Z_95**2 / self.worth
        middle = (self.value + spread / 2) / (1 + spread)
        half = (self.value * (1 - self.value) * spread + spread**2 / 4) ** 0.5 / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)

    def chance_above(self, other: float) -> float:
        """Return the chance to see this rate or a higher one if the true one were another (a quasi-p-value)."""
        from scipy.special import betainc

        hits = self.value * self.worth
        if hits <= 0.0 or other >= 1.0:
            return 1.0
        return float(betainc(hits, self.worth - hits + 1.0, other)) if other > 0.0 else 0.0


def rate_of(seen: Seen) -> Rate | None:
    """Return the rate over all runs; None without any."""
    runs = seen.hits.size
    if runs == 0:
        return None
    value = float(seen.hits.mean())
    apart = seen.hits - value
    by_point = float((apart.sum(1) ** 2).sum())
    by_luck = float((np.bincount(seen.luck.ravel(), apart.ravel()) ** 2).sum())
    alone = float((apart**2).sum())
    variance = max(by_point, by_luck, by_point + by_luck - alone) / runs**2
    if variance > 0.0:
        worth = value * (1 - value) / variance
    else:  # all runs ended alike: no more is known than that the points, or the lucks, are so many
        worth = float(min(len(seen.hits), len(np.unique(seen.luck))))
    return Rate(value, float(np.clip(worth, 1.0, runs)))
