"""What draws foretell of a case: the odds of each verdict, and an interval of each quantity.

Draws come with weights: those of a frozen prediction weigh the same, those of the reference table what the posterior
gives them. What never came (a takeover, a trending) is later than any minute; what a run does not have is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.outcome.verdict import VERDICTS
from sim.study.validation.scores import Floats, weighted_quantiles

NEVER = ("takeover_minutes", "trending_minute", "news_minute")
"""Quantities of which a run that lacks them says: later than any minute."""
HAPPENED = ("takeover",)
"""Quantities that are yes or no."""


def odds_of(verdicts: Sequence[str], weights: Floats) -> dict[str, float]:
    """Return the share of the weight that ends with each verdict.

    Parameters
    ----------
    verdicts : sequence of str, one a draw
    weights : float64[draws]
    """
    seen, whole = np.asarray(verdicts, dtype=object), float(weights.sum())
    return {name: float(weights[seen == name].sum()) / whole for name in VERDICTS}


def foretold(name: str, values: Floats, weights: Floats, ends: tuple[float, float]) -> dict[str, Any]:
    """Return what draws foretell of one quantity.

    Parameters
    ----------
    name : str
        The model's quantity; tells how a value that is nan is meant.
    values : float64[draws]
    weights : float64[draws]
    ends : (float, float)
        Places of the interval's ends.

    Returns
    -------
    dict
        ``lo, mid, hi`` (None where there is none, and for never), ``has``: the share of the weight whose draws say
        something; ``chance``: of a yes or no, the share that says yes, else None.
    """
    filled = np.where(np.isnan(values), np.inf, values) if name in NEVER else values
    known = ~np.isnan(filled)
    has = float(weights[known].sum() / weights.sum())
    if name in HAPPENED:
        chance = float((filled[known] @ weights[known]) / weights[known].sum()) if known.any() else None
        return {"lo": None, "mid": None, "hi": None, "has": has, "chance": chance}
    low, mid, high = weighted_quantiles(filled, weights, (ends[0], 0.5, ends[1]))
    return {"lo": _plain(low), "mid": _plain(mid), "hi": _plain(high), "has": has, "chance": None}


def ends_of(name: str, told: Mapping[str, Any]) -> tuple[float, float]:
    """Return the interval's ends as numbers: infinite for never, nan where there is none."""
    absent = math.inf if name in NEVER else math.nan
    low, high = (absent if told[end] is None else float(told[end]) for end in ("lo", "hi"))
    return low, high


def effective(weights: Floats) -> float:
    """Return how many draws of equal weight they are worth (Kish)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _plain(value: float) -> float | None:
    """Return a number, None where it is not finite."""
    return value if math.isfinite(value) else None
