"""How a prediction is scored: the Brier score over verdicts, hits of intervals, and how little a few hits say.

Pure functions of numbers; the rules that they follow are stated in ``conf/backtest/rules.yaml``.
Sources: Brier 1950 (doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2), in its form over several outcomes;
Clopper & Pearson 1934 (doi:10.1093/biomet/26.4.404) for shares of a few cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.outcome.verdict import VERDICTS

Floats = npt.NDArray[np.float64]
HIT, MISS = "hit", "miss"
INTERVAL, BOUND = "interval", "bound"
"""What kind a target is: a value or band, or a bound on one side."""


@dataclass(frozen=True)
class Band:
    """Where a quantity is documented to lie: its ends with the tolerance, both included, infinite if one-sided.

    Attributes
    ----------
    low, high : float
    """

    low: float
    high: float

    @property
    def one_sided(self) -> bool:
        """Whether only one end is known."""
        return np.isinf(self.low) or np.isinf(self.high)


def brier(odds: Mapping[str, float], verdict: str) -> float:
    """Return the Brier score over the four verdicts: the sum of (probability - what happened) squared.

    0 is certainty of what happened, 2 certainty of something else, 0.75 the same chance for all four.

    Parameters
    ----------
    odds : mapping of verdict to probability
        A verdict that is left out has none.
    verdict : str
        What happened.
    """
    return float(sum((float(odds.get(name, 0.0)) - (name == verdict)) ** 2 for name in VERDICTS))


def foremost(odds: Mapping[str, float]) -> str | None:
    """Return the verdict that is predicted: the one of highest probability; None where two share it."""
    best = max(float(odds.get(name, 0.0)) for name in VERDICTS)
    found = [name for name in VERDICTS if float(odds.get(name, 0.0)) == best]
    return found[0] if len(found) == 1 else None


def weighted_quantiles(values: Floats, weights: Floats, places: Sequence[float]) -> list[float]:
    """Return the smallest values below which lie at least these shares of the weight; nan without any weight.

    Parameters
    ----------
    values : float64[n]
        Infinite values stand at their end; nan is left out.
    weights : float64[n], at least 0
    places : sequence of float in (0, 1)
    """
    known = ~np.isnan(values) & (weights > 0)
    if not known.any():
        return [float("nan")] * len(places)
    order = np.argsort(values[known], kind="stable")
    ordered, mass = values[known][order], np.cumsum(weights[known][order])
    # a share that is met to the last digit counts as met
    found = np.searchsorted(mass / mass[-1], np.asarray(places) - 1e-12)
    return [float(ordered[min(place, len(ordered) - 1)]) for place in found]


def meets(low: float, high: float, band: Band) -> bool:
    """Tell whether a predicted interval holds some value of a band; ends count, nan never does."""
    return bool(low <= band.high and high >= band.low)


def exact_interval(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact binomial (Clopper-Pearson) interval of a share; (0, 1) without trials."""
    from scipy.special import betaincinv

    if trials == 0:
        return 0.0, 1.0
    tail = (1.0 - level) / 2
    low = 0.0 if hits == 0 else float(betaincinv(hits, trials - hits + 1, tail))
    high = 1.0 if hits == trials else float(betaincinv(hits + 1, trials - hits, 1.0 - tail))
    return low, high


def mean(values: Sequence[float]) -> float | None:
    """Return the mean; None of nothing."""
    return sum(values) / len(values) if values else None
