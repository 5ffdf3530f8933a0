"""What a variant of the model is held against: documented ends of cases, and patterns of real campaigns and trees.

A target has a band; a variant meets it if the 95 % interval of its value lies inside, misses it if outside, and
otherwise it cannot be told from so many runs. Sources are ids of the facts and the patterns they were measured on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from sim.outcome.verdict import odds_interval

if TYPE_CHECKING:
    import pandas as pd

MEETS, MISSES, OPEN = "meets", "misses", "open"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Target:
    """One thing that is known of a case.

    Attributes
    ----------
    name : str
        Short, for a table's head.
    case : str
    title : str
        What is measured, in words.
    low, high : float
        The band, both ends included.
    source : str
    verdict : str or None
        The share of runs that end so is measured.
    values : callable or None
        Otherwise: gives one value a run, nan where there is none; their median is measured.
    """

    name: str
    case: str
    title: str
    low: float
    high: float
    source: str
    verdict: str | None = None
    values: Callable[[pd.DataFrame], Floats] | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        names = ("name", "case", "title", "low", "high", "source")
        return {name: getattr(self, name) for name in names} | {"share": self.verdict is not None}


def _column(name: str) -> Callable[[pd.DataFrame], Floats]:
    """Return what reads one outcome."""
    return lambda runs: runs[name].to_numpy(dtype=float)


def _early_volume(runs: pd.DataFrame) -> Floats:
    """Return the share of the messages of 34 hours that were out by 10 hours."""
    early, late = (runs[name].to_numpy(dtype=float) for name in ("messages_by_10h", "messages_by_34h"))
    return np.divide(early, late, out=np.full(len(runs), np.nan), where=late > 0)


TARGETS = (
    Target("#myNYPD hijacked", "my_nypd", "runs that end hijacked", 0.5, 1.0, "mynypd.negative_share", "hijacked"),
    Target("taken over within an hour", "my_nypd", "minutes until the takeover (median)", 0.0, 60.0,
           "mynypd.takeover_time (minutes)", None, _column("takeover_minutes")),
    Target("trends the same afternoon", "my_nypd", "minutes until the tag trends (median)", 0.0, 150.0,
           "mynypd.trending_lag_max", None, _column("trending_minute")),
    Target("half of it by midnight", "my_nypd", "messages by 10 hours, as a share of those by 34 (median)",
           0.31, 0.61, "mynypd.day1_share_of_2day (0.46; three counters, so plus or minus 0.15)", None, _early_volume),
    Target("most messages are shares", "my_nypd", "share of messages that are passed on (median)", 0.48, 0.78,
           "patterns, participation: 0.63 of acts are retweets (Higgs 2012); band assumed", None,
           _column("retweet_share")),
    Target("shallow trees", "my_nypd", "structural virality of the largest tree (median)", 1.8, 3.2,
           "patterns, retweet trees: median 2.35, p90 3.2; lower end assumed", None, _column("structural_virality")),
    Target("few steps", "my_nypd", "depth of the largest tree (median)", 2.0, 9.0,
           "patterns, retweet trees: median 3, p90 6, p99 9", None, _column("cascade_depth")),
    Target("#AskJPM hijacked", "ask_jpm", "runs that end hijacked", 0.5, 1.0, "askjpm.negative_share", "hijacked"),
    Target("#AskRKelly hijacked", "ask_rkelly", "runs that end hijacked", 0.5, 1.0, "askrkelly.volume", "hijacked"),
    Target("police day kept", "police_twitter_day", "runs that end hijacked", 0.0, 0.2,
           "poltwt1.top_content: no takeover is documented", "hijacked"),
    Target("boots photo viral", "nypd_boots_photo", "runs that go viral positively", 0.5, 1.0, "deprimo.likes_series",
           "viral_positive"),
    Target("bulletin fizzles", "station_bulletin", "runs that fizzle", 0.5, 1.0, "assumed: routine posts stay small",
           "fizzled"),
)  # fmt: skip


def judged(target: Target, runs: pd.DataFrame) -> dict[str, Any]:
    """Return ``value, lo, hi`` of a target in some runs, and whether they meet it.

    A share has Wilson's interval; a median has the interval between order statistics that holds it in 95 of 100
    samples. Where half of the runs have no value (no takeover, say), the median lies beyond any band.
    """
    if target.verdict is not None:
        hits = int((runs["verdict"] == target.verdict).sum())
        low, high = odds_interval(hits, len(runs)) if len(runs) else (np.nan, np.nan)
        value = hits / len(runs) if len(runs) else np.nan
    else:
        assert target.values is not None
        value, low, high = median_interval(target.values(runs))
    return {"value": _finite(value), "lo": _finite(low), "hi": _finite(high), "meets": _meets(target, low, high)}


def median_interval(values: Floats) -> tuple[float, float, float]:
    """Return the median and its 95 % interval; what is nan counts as beyond all else.

    Parameters
    ----------
    values : float64[n]
    """
    if not len(values):
        return np.nan, np.nan, np.nan
    ordered = np.sort(np.where(np.isnan(values), np.inf, values))
    n = len(ordered)
    below = int(binom.ppf(0.025, n, 0.5))
    return float(ordered[(n - 1) // 2]), float(ordered[max(0, below - 1)]), float(ordered[min(n - 1, n - below)])


def _meets(target: Target, low: float, high: float) -> str:
    """Tell whether an interval lies inside the band, outside, or across an end."""
    if np.isnan(low) or np.isnan(high):
        return OPEN
    if target.low <= low and high <= target.high:
        return MEETS
    return MISSES if high < target.low or low > target.high else OPEN


def _finite(value: float) -> float | None:
    """Return a number, None where there is none."""
    return float(value) if np.isfinite(value) else None


def by_name(plain: Mapping[str, Any]) -> str:
    """Return a target's band in words."""
    return f"{plain['low']:g} to {plain['high']:g}"
