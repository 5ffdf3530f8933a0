"""What many runs say together: means with intervals, odds, and how much of the odds is luck.

A mean's 95 % interval is Student's t over replicates. Odds over draws of unknown inputs are split by the law
of total variance into luck (between replicates of one draw) and not knowing (between draws).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import ConfigError
from sim.outcome.verdict import VERDICTS, odds_interval, verdict_odds

AVERAGED = (
    "messages", "participants", "reach", "hijack_share", "hijack_share_impressions", "hijack_share_top20",
    "takeover_minutes", "peak_messages_per_hour", "half_life_hours", "retweet_share", "structural_virality",
    "cascade_size", "cascade_depth", "followers_gained", "followers_lost", "reproduction_campaign",
    "reproduction_counter", "reproduction_campaign_to_campaign", "reproduction_campaign_to_counter",
    "reproduction_counter_to_campaign", "reproduction_counter_to_counter", "trending_minute", "news_minute",
    "counter_share_first_20", "counter_share_first_50", "counter_share_first_100", "messages_by_10h",
    "messages_by_21_5h", "messages_by_34h", "agency_messages", "replies", "boosts", "stories",
)  # fmt: skip
"""Outcomes of a run of which a summary gives the mean; over the runs in which they are defined."""

SHARES = ("hijack_share", "hijack_share_impressions", "hijack_share_top20", "retweet_share",
          "counter_share_first_20", "counter_share_first_50", "counter_share_first_100")  # fmt: skip
"""Those of ``AVERAGED`` that cannot be above 1; none of them can be below 0."""

RANGE_ENDS = (0.05, 0.95)
"""The quantiles of a range of odds: nine in ten of what the probability might be lies within."""


def mean_interval(
    values: Iterable[float | int | None], least: float = -math.inf, most: float = math.inf
) -> dict[str, float | int | None]:
    """Return the mean of what is defined, with its 95 % interval (Student's t).

    Parameters
    ----------
    values : numbers, None and nan
        One a replicate; None and nan are left out.
    least, most : float
        What a value can be at all (a count is not below 0, a share not above 1): the interval ends there.

    Returns
    -------
    dict
        ``mean`` (None if nothing is defined), ``lo``, ``hi`` (None below two values: nothing is known of the
        spread), ``n`` (values that are defined).
    """
    known = np.array([float(value) for value in values if value is not None], dtype=np.float64)
    known = known[~np.isnan(known)]
    n = known.shape[0]
    if n == 0:
        return {"mean": None, "lo": None, "hi": None, "n": 0}
    mean = math.fsum(known.tolist()) / n
    if n == 1:
        return {"mean": mean, "lo": None, "hi": None, "n": 1}
    variance = math.fsum(((known - mean) ** 2).tolist()) / (n - 1)
    half = _student(n - 1) * math.sqrt(variance / n)
    return {"mean": mean, "lo": max(least, mean - half), "hi": min(most, mean + half), "n": n}


def outcome_interval(name: str, values: Iterable[float | int | None]) -> dict[str, float | int | None]:
    """Return :func:`mean_interval` of an outcome that cannot be below 0, nor above 1 if it is one of ``SHARES``."""
    return mean_interval(values, 0.0, 1.0 if name in SHARES else math.inf)


def _student(freedom: int) -> float:
    """Return the 97.5 % point of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))


def summarise(rows: Sequence[Mapping[str, Any]], n: int | Sequence[int]) -> dict[str, Any]:
    """Return what replicates say together, under the names of ``summary.json``.

    Parameters
    ----------
    rows : outcomes of :func:`sim.outcome.measures.measure`, one a replicate
    n : int or int[replicates]
        Rows of the audience.

    Returns
    -------
    dict
        ``verdict``, ``verdict_interval``, ``verdict_at``, ``fizzled_frame``, ``takeover_probability``
        (``{mean, lo, hi, n}``, Wilson's interval) and each of ``AVERAGED`` as ``{mean, lo, hi, n}``.

    Raises
    ------
    ConfigError
        There is no replicate.
    """
    odds = verdict_odds([row["participants"] for row in rows], n, [row["hijack_share"] for row in rows])
    took_over = sum(bool(row["takeover"]) for row in rows)
    low, high = odds_interval(took_over, len(rows))
    summary: dict[str, Any] = dict(odds)
    summary["takeover_probability"] = {"mean": took_over / len(rows), "lo": low, "hi": high, "n": len(rows)}
    for name in AVERAGED:
        summary[name] = outcome_interval(name, (row[name] for row in rows))
    return summary


def split_odds(outcomes: npt.ArrayLike) -> dict[str, float | int | None]:
    """Split the odds of something into luck and not knowing, over draws of what is not known.

    With p_k the odds under draw k, an outcome's variance is ``E[p (1 - p)] + Var(p)``. Both parts are
    estimated without bias: luck by ``r / (r - 1)`` times the mean of p̂ (1 - p̂), not knowing by the sample
    variance of p̂ less luck / r (held at 0 or above). The range is that of a Beta distribution with the mean
    and the variance of p, and no narrower than what is known of the mean: Wilson's interval, where the runs of a
    draw count the less the more they are alike (Kish's design effect 1 + (r - 1) unknown).

    Parameters
    ----------
    outcomes : 0 or 1 [draws, replicates]
        At least two of each.

    Returns
    -------
    dict
        ``mean``; ``mean_lo``, ``mean_hi`` (95 %, that interval of Wilson's); ``luck``, ``unknown`` (shares of
        variance that sum to 1; None where nothing varies); ``lo``, ``hi`` (the 5 % and 95 % points of what the
        probability might be); ``draws``, ``replicates``.

    Raises
    ------
    ConfigError
        Fewer than two draws or replicates, or values other than 0 and 1.
    """
    table = np.asarray(outcomes, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2:
        raise ConfigError(f"outcomes must have at least 2 draws and 2 replicates each; got shape {table.shape}.")
    if not np.isin(table, (0.0, 1.0)).all():
        raise ConfigError("outcomes must hold 0 and 1 alone; got other values.")
    draws, replicates = table.shape
    by_draw = table.mean(axis=1)
    luck = float((by_draw * (1.0 - by_draw)).mean()) * replicates / (replicates - 1)
    unknown = max(0.0, float(by_draw.var(ddof=1)) - luck / replicates)
    both = luck + unknown
    mean = float(by_draw.mean())
    alike = unknown / both if both > 0 else 1.0
    trials = round(draws * replicates / (1.0 + (replicates - 1) * alike))
    mean_lo, mean_hi = odds_interval(round(mean * trials), trials)
    lo, hi = beta_range(mean, unknown)
    return {
        "mean": mean,
        "mean_lo": mean_lo,
        "mean_hi": mean_hi,
        "luck": luck / both if both > 0 else None,
        "unknown": unknown / both if both > 0 else None,
        "lo": min(lo, mean_lo),
        "hi": max(hi, mean_hi),
        "draws": draws,
        "replicates": replicates,
    }


def beta_range(mean: float, variance: float) -> tuple[float, float]:
    """Return the 5 % and 95 % points of the Beta distribution with this mean and variance.

    Without variance that is the mean itself; with all that a probability can have, 0 or 1 at either end.
    """
    if variance <= 1e-15 or not 0.0 < mean < 1.0:
        return mean, mean
    weight = mean * (1.0 - mean) / variance - 1.0
    if weight <= 1e-9:
        return (0.0 if 1.0 - mean > RANGE_ENDS[0] else 1.0), (1.0 if mean > 1.0 - RANGE_ENDS[1] else 0.0)
    from scipy.special import betaincinv

    low, high = (float(betaincinv(mean * weight, (1.0 - mean) * weight, end)) for end in RANGE_ENDS)
    return low, high


def verdict_range(verdicts: Sequence[Sequence[str]]) -> dict[str, dict[str, float | int | None]]:
    """Return :func:`split_odds` of each verdict, given verdicts[draw][replicate].

    Raises
    ------
    ConfigError
        Draws differ in their number of replicates, or there are fewer than two of either.
    """
    sizes = {len(draw) for draw in verdicts}
    if len(sizes) != 1:
        raise ConfigError(f"every draw must have the same number of replicates; got {sorted(sizes)}.")
    table = np.array([list(draw) for draw in verdicts], dtype=object)
    return {name: split_odds(table == name) for name in VERDICTS}
