"""What weighed campaigns say of the end: verdicts, messages, takeover, the fan of courses, and what an answer changes.

Every interval of a chance is Wilson's at the effective sample size, not at the number of rows. Ranges of numbers are
weighted quantiles: they hold the luck that is still to come. Where the table has hardly seen such a campaign, both are
stretched over what it says before the counts, with them, and with them in full, whose sample is smaller still.
Differences an answer makes are of pairs on the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.outcome.verdict import CUTOFF, CUTOFFS, FIZZLE_ROWS, VERDICTS, Z_95
from sim.study.nowcast.campaigns import Campaigns, Ends, Floats
from sim.study.nowcast.weighing import Weighed, effective

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
"""Ends of the ranges of 95 and 80 %, and the median."""
NAMES = ("lo", "lo_80", "mid", "hi_80", "hi")
DELAYS = (15, 30, 60, 120, 240, 480, 960)
"""Minutes from now at which an answer is looked at."""
_WIDTH = 0.3
"""Answers whose minutes differ by so many log units weigh 0.6 of one at the very minute."""
_ALL_AT_ONCE = 2.69
"""The normal point at which intervals of all :data:`DELAYS` hold together (Bonferroni)."""


def chance(holds: npt.NDArray[np.bool_], rows: Weighed) -> dict[str, float]:
    """Return the weighted share of rows for which something holds, with its 95 % interval ``{mean, lo, hi}``."""
    shares = [_share(holds, weights) for weights in rows.ways]
    ends = [
        _wilson(share, min(effective(weights), rows.most)) for share, weights in zip(shares, rows.ways, strict=True)
    ]
    return {"mean": shares[0], "lo": min(low for low, _ in ends), "hi": max(high for _, high in ends)}


def _share(holds: npt.NDArray[np.bool_], weights: Floats) -> float:
    """Return the weighted share of rows for which something holds."""
    return float(min(max(weights[holds].sum() / weights.sum(), 0.0), 1.0))


def _wilson(share: float, sample: float) -> tuple[float, float]:
    """Return Wilson's interval of a share over a sample that need not be whole."""
    spread = Z_95 * Z_95 / max(sample, 1e-9)
    middle = (share + spread / 2.0) / (1.0 + spread)
    half = np.sqrt(share * (1.0 - share) * spread + spread * spread / 4.0) / (1.0 + spread)
    return (0.0 if share == 0.0 else float(middle - half)), (1.0 if share == 1.0 else float(middle + half))


def quantiles(values: Floats, weights: Floats, levels: Sequence[float] = LEVELS) -> list[float]:
    """Return weighted quantiles; nan and infinite values are left out, and nan is all where nothing is left."""
    kept = np.isfinite(values) & (weights > 0.0)
    if not kept.any():
        return [float("nan")] * len(levels)
    order = np.argsort(values[kept], kind="stable")
    sorted_values, passed = values[kept][order], np.cumsum(weights[kept][order])
    places = np.searchsorted(passed, np.asarray(levels) * passed[-1])
    return [float(sorted_values[place]) for place in np.minimum(places, sorted_values.shape[0] - 1)]


def ranged(values: Floats, rows: Weighed) -> dict[str, float]:
    """Return the median of some values and their ranges: ``{lo, lo_80, mid, hi_80, hi}``."""
    several = [quantiles(values, weights) for weights in rows.ways]
    found = dict(zip(NAMES, several[0], strict=True))
    for end, name in enumerate(NAMES):
        if name != "mid":
            farthest = np.nanmin if name.startswith("lo") else np.nanmax
            ends = [each[end] for each in several if not np.isnan(each[end])]
            found[name] = float(farthest(ends)) if ends else float("nan")
    return found


def is_verdict(ends: Ends, audience: int, cutoff: float = CUTOFF) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which rows ended in which verdict (see :func:`sim.outcome.verdict.verdict`)."""
    share = ends.hijack_share
    fizzled = np.isnan(share) | (ends.participants * FIZZLE_ROWS < audience)
    hijacked = ~fizzled & (share >= cutoff)
    positive = ~fizzled & (share <= round(1.0 - cutoff, 12))
    contested = ~(fizzled | hijacked | positive)
    return {"hijacked": hijacked, "viral_positive": positive, "contested": contested, "fizzled": fizzled}


def odds(campaigns: Campaigns, rows: Weighed) -> dict[str, Any]:
    """Return the odds of each verdict: now (with intervals), before the counts, and at other cut-offs."""
    held = is_verdict(campaigns.silent, campaigns.audience)
    now = {name: chance(held[name], rows) for name in VERDICTS}
    at = {
        f"{cutoff:.2f}": {
            name: float(rows.weights[which].sum())
            for name, which in is_verdict(campaigns.silent, campaigns.audience, cutoff).items()
        }
        for cutoff in CUTOFFS
    }
    return {
        "verdict": {name: now[name]["mean"] for name in VERDICTS},
        "verdict_interval": {name: [now[name]["lo"], now[name]["hi"]] for name in VERDICTS},
        "verdict_before": {name: _share(held[name], rows.before) for name in VERDICTS},
        "verdict_before_interval": {
            name: list(_wilson(_share(held[name], rows.before), rows.sample_before)) for name in VERDICTS
        },
        "verdict_at": at,
    }


def end(campaigns: Campaigns, rows: Weighed, now: float) -> dict[str, Any]:
    """Return the expected end: messages as a multiple of those by now, hijack share, takeover."""
    campaign, counter = campaigns.at([now])
    by_now = campaign[:, 0] + counter[:, 0]
    total = campaigns.campaign[:, -1] + campaigns.counter[:, -1]
    minutes = campaigns.silent.takeover_minutes
    taken_over = ~np.isnan(minutes)
    return {
        "growth": ranged(np.where(by_now > 0.0, total / np.maximum(by_now, 1.0), np.nan), rows),
        "hijack_share": ranged(campaigns.silent.hijack_share, rows),
        "takeover": chance(taken_over, rows),
        "takeover_by_now": chance(taken_over & (minutes <= now), rows),
        "takeover_minutes": ranged(minutes, rows),
    }


def fan(campaigns: Campaigns, rows: Weighed, now: float) -> list[dict[str, float]]:
    """Return the courses that are left: counter share and messages relative to now, a row a minute of the table."""
    campaign, counter = campaigns.at([now])
    by_now = campaign[:, 0] + counter[:, 0]
    minutes = sorted({float(now), *(float(minute) for minute in campaigns.minutes)})
    found = []
    for minute in minutes:
        more, less = (each[:, 0] for each in reversed(campaigns.at([minute])))
        total = more + less
        some = total > 0.0
        share = np.where(some, more / np.maximum(total, 1.0), np.nan)
        relative = np.where(by_now > 0.0, total / np.maximum(by_now, 1.0), np.nan)
        row = {"minute": minute}
        for title, values in (("share", share), ("relative", relative)):
            row |= {f"{title}_{name}": value for name, value in ranged(values, rows).items()}
        found.append(row)
    return found


def answers(campaigns: Campaigns, rows: Weighed, now: float) -> list[dict[str, float]]:
    """Return what an acknowledgement so many minutes from now changes, against silence on the same luck.

    Campaigns that had been answered before now are left out; those answered about then weigh most. The 95 % intervals
    hold for all delays at once.

    Returns
    -------
    list of dict
        ``delay``, ``minute``, ``sample`` (effective), ``hijacked``, ``hijack_share`` (differences) and their ends.
        Delays beyond the answers of the table are left out.
    """
    held = [is_verdict(each, campaigns.audience)["hijacked"] for each in (campaigns.silent, campaigns.answered)]
    share = campaigns.answered.hijack_share - campaigns.silent.hijack_share
    later = campaigns.answer_minute - now
    latest = float(campaigns.answer_minute.max()) - now
    found = []
    for delay in DELAYS:
        if delay > latest:
            break
        apart = np.log(campaigns.answer_minute / (now + delay)) / _WIDTH
        near = np.where(later > 0.0, np.exp(-0.5 * apart * apart), 0.0)
        weights = rows.weights * near
        if weights.sum() <= 0.0:
            continue
        row = {"delay": float(delay), "minute": float(now + delay), "sample": effective(weights)}
        found.append(row | _of_odds(held[0], held[1], weights, rows.most) | _of_shares(share, weights, rows.most))
    return found


def _of_odds(
    silent: npt.NDArray[np.bool_], answered: npt.NDArray[np.bool_], weights: Floats, most: float
) -> dict[str, float]:
    """Return the difference of P(hijacked) with Bonett and Price's interval at the effective sample size."""
    sample, all_of_it = min(effective(weights), most), float(weights.sum())
    lost, gained = (
        sample * float(weights[which].sum()) / all_of_it for which in (silent & ~answered, answered & ~silent)
    )
    less, more = (lost + 1.0) / (sample + 2.0), (gained + 1.0) / (sample + 2.0)
    half = _ALL_AT_ONCE * float(np.sqrt((less + more - (more - less) ** 2) / (sample + 2.0)))
    middle = more - less
    return {
        "hijacked": (gained - lost) / sample, "hijacked_lo": max(-1.0, middle - half),
        "hijacked_hi": min(1.0, middle + half),
    }  # fmt: skip


def _of_shares(difference: Floats, weights: Floats, most: float) -> dict[str, float]:
    """Return the mean difference of the hijack share with its interval; one pair more differs fully either way."""
    kept = np.isfinite(difference)
    weights, difference = weights[kept], difference[kept]
    sample, all_of_it = min(effective(weights), most), float(weights.sum())
    mean = float((weights * difference).sum()) / all_of_it if all_of_it > 0.0 else 0.0
    square = float((weights * difference * difference).sum()) / all_of_it if all_of_it > 0.0 else 0.0
    spread = (sample * square + 2.0) / (sample + 2.0) - (sample * mean / (sample + 2.0)) ** 2
    half = _ALL_AT_ONCE * float(np.sqrt(max(spread, 0.0) / (sample + 2.0)))
    middle = sample * mean / (sample + 2.0)
    return {
        "hijack_share": mean, "hijack_share_lo": max(-1.0, middle - half), "hijack_share_hi": min(1.0, middle + half)
    }  # fmt: skip


def helps_until(rows: Sequence[Mapping[str, float]], name: str) -> float | None:
    """Return the latest delay at which the interval says that the answer helps; None if there is none."""
    return max((row["delay"] for row in rows if row[f"{name}_hi"] < 0.0), default=None)
