"""The same outcomes from an event log alone: a second way, so that summary and log can be held together.

Nothing is shared with the kernels of ``sim.outcome.measures``: minutes are counted by pandas, windows roll,
cascades grow by climbing from every message to its root.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration
from sim.engine.record import FRAMES
from sim.errors import ConfigError
from sim.feed.trending import trend_rate
from sim.outcome.measures import EARLY_MINUTES, FIRST_MESSAGES, TOP_ORIGINALS, VOLUME_HOURS, Outcome
from sim.outcome.verdict import fizzled_frame, verdict

if TYPE_CHECKING:
    import pandas as pd

_PEOPLE = ("write", "share")
_PASSED_ON = ("share", "boost")
_AGENCY = ("post", "statement", "acknowledgement", "reply", "boost")


def trending_rate(configuration: Configuration, n: int) -> float | None:
    """Return the messages an hour from which the tag trends in an audience of n rows; None if it never can."""
    trending = configuration.feed.trending
    return trend_rate(trending.threshold, trending.min_messages, n) if trending.on else None


def measure_log(log: pd.DataFrame, n: int, minutes: int, trends_from: float | None) -> Outcome:
    """Return every outcome of :func:`sim.outcome.measures.measure`, from the log alone.

    Parameters
    ----------
    log : DataFrame
        Of :func:`sim.outcome.log.event_log`.
    n, minutes : int
        Rows of the audience, minutes simulated.
    trends_from : float or None
        Messages an hour from which the tag trends (:func:`trending_rate`).

    Raises
    ------
    ConfigError
        Messages of the log are missing or out of order.
    """
    put_out = log[(log["message"] >= 0) & (log["action"] != "see")].reset_index(drop=True)
    if not np.array_equal(put_out["message"].to_numpy(), put_out.index.to_numpy()):
        raise ConfigError(
            f"log must hold each message once, in order; its {len(put_out)} messages have gaps or repeats."
        )
    people = put_out[put_out["action"].isin(_PEOPLE)]
    seen = log[log["action"] == "see"]
    counter = int((people["frame"] == 1).sum())
    total = len(people)
    share = counter / total if total else None
    outcome: Outcome = {
        "messages": total,
        "participants": people["follower"].nunique(),
        "reach": seen["follower"].nunique(),
        "hijack_share": share,
        "hijack_share_impressions": _weighted_share(seen["impressions"], seen["frame"]),
        "retweet_share": float((people["action"] == "share").mean()) if total else None,
        "followers_gained": int((log["action"] == "follow").sum()),
        "followers_lost": int((log["action"] == "unfollow").sum()),
        "news_minute": _first(log[log["action"] == "story"]["minute"]),
        "agency_messages": int(put_out["action"].isin(_AGENCY).sum()),
        "replies": int((put_out["action"] == "reply").sum()),
        "boosts": int((put_out["action"] == "boost").sum()),
        "stories": int((put_out["action"] == "story").sum()),
        "verdict": verdict(people["follower"].nunique(), n, share),
        "fizzled_frame": fizzled_frame(people["follower"].nunique(), n, share),
    }
    outcome |= _over_time(people, n, minutes, trends_from)
    outcome |= _cascades(put_out)
    outcome |= _reproduction(people, outcome["trending_minute"])
    for size in FIRST_MESSAGES:
        outcome[f"counter_share_first_{size}"] = float(people["frame"][:size].mean()) if total >= size else None
    return outcome


def _weighted_share(weight: pd.Series[Any], frame: pd.Series[Any]) -> float | None:
    """Return the counter frame's part of a weight; None if there is none."""
    whole = int(weight.sum())
    return int(weight[frame == 1].sum()) / whole if whole else None


def _first(minutes: pd.Series[Any]) -> int | None:
    """Return the earliest minute; None if there is none."""
    return int(minutes.min()) if len(minutes) else None


def _over_time(people: pd.DataFrame, n: int, minutes: int, trends_from: float | None) -> Outcome:
    """Return what depends on when participants' messages were put out."""
    per_minute = people.groupby(["minute", "frame"]).size().unstack(fill_value=0)
    per_minute = per_minute.reindex(index=range(minutes), columns=[0, 1], fill_value=0)
    each = per_minute.sum(axis=1)
    half_hour = each.rolling(30, min_periods=1).sum()
    counter = per_minute[1].rolling(30, min_periods=1).sum()
    led = (counter > half_hour / 2) & (half_hour >= max(10, math.ceil(n / 100_000)))
    held = led.astype(float).rolling(60).min()
    takeover = int(held[held == 1].index[0]) - 59 if (held == 1).any() else None
    hour = each.rolling(60, min_periods=1).sum()
    trending = None
    if trends_from is not None:
        before = hour.shift(1, fill_value=0.0)
        trending = int(before[before >= trends_from].index[0]) if (before >= trends_from).any() else None
    ordered = np.sort(people["minute"].to_numpy())
    shape: Outcome = {
        "takeover": takeover is not None,
        "takeover_minutes": takeover,
        "peak_messages_per_hour": int(hour.max()),
        "half_life_hours": int(ordered[(len(ordered) + 1) // 2 - 1]) / 60 if len(ordered) else None,
        "trending_minute": trending,
    }
    for name, end in VOLUME_HOURS:
        shape[f"messages_by_{name}"] = int(np.count_nonzero(ordered < end)) if end <= minutes else None
    return shape


def _cascades(put_out: pd.DataFrame) -> Outcome:
    """Return what depends on who passed on what: cascades, and the most shared originals."""
    k = len(put_out)
    number = np.arange(k)
    passed = put_out["action"].isin(_PASSED_ON).to_numpy()
    above = np.where(passed, put_out["parent"].to_numpy(), number)
    below = np.zeros(k, np.int64)
    depth = np.zeros(k, np.int64)
    here = number.copy()
    while k and (above[here] != here).any():
        climbing = above[here] != here
        below += np.bincount(here[climbing], minlength=k)
        depth += climbing
        here = above[here]
    size = np.bincount(here, minlength=k)
    # Goel et al. 2016: pairs' distances sum to N times the sum of subtree sizes less the sum of their squares
    once: npt.NDArray[np.int64] = np.zeros(k, np.int64)
    np.add.at(once, here, below)
    squared: npt.NDArray[np.int64] = np.zeros(k, np.int64)
    np.add.at(squared, here, below * below)
    large = size >= 20
    nodes = size[large].astype(float)
    virality = 2 * (size * once - squared)[large] / (nodes * (nodes - 1))
    originals = put_out[["message", "frame"]].assign(weight=size)[(put_out["action"] == "write").to_numpy()]
    top = originals.sort_values(["weight", "message"], ascending=[False, True]).head(TOP_ORIGINALS)
    return {
        "structural_virality": math.fsum(virality) / len(virality) if len(virality) else None,
        "cascade_size": int(size.max()) if k else None,
        "cascade_depth": int(depth.max()) if k else None,
        "hijack_share_top20": _weighted_share(top["weight"], top["frame"]),
    }


def _reproduction(people: pd.DataFrame, trending: Any) -> Outcome:
    """Return messages caused per early message, by frames."""
    early = people[people["minute"] < (EARLY_MINUTES if trending is None else min(EARLY_MINUTES, trending))]
    pairs = people.merge(early[["frame"]], left_on="parent", right_index=True, suffixes=("", "_cause"))
    rates: Outcome = {}
    for f, cause in enumerate(FRAMES):
        causes = int((early["frame"] == f).sum())
        effects = pairs[pairs["frame_cause"] == f]["frame"]
        rates[f"reproduction_{cause}"] = len(effects) / causes if causes else None
        for g, effect in enumerate(FRAMES):
            rates[f"reproduction_{cause}_to_{effect}"] = int((effects == g).sum()) / causes if causes else None
    return rates
