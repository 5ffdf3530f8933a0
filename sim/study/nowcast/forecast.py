"""What weighed campaigns say of the end: verdicts, messages, takeover, the fan of courses, and what an answer changes.

Every interval of a chance is Wilson's at the effective sample size, not at the number of rows; where the counts had to
be tempered it is stretched over what they would say in full, whose sample is smaller still. Ranges of numbers are
weighted quantiles: they hold the luck that is still to come. Differences an answer makes are of pairs on the same luck.
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
DELAYS = (5, 15, 30, 60, 120, 240, 480, 960)
"""Minutes from now at which an answer is looked at."""
_WIDTH = 0.5
"""Answers whose minutes from now differ by so many log units weigh 0.6 of one at the very minute."""


def chance(holds: npt.NDArray[np.bool_], weights: Floats) -> dict[str, float]:
    """Return the weighted share of rows for which something holds, with its 95 % interval ``{mean, lo, hi}``."""
    share = float(min(max(weights[holds].sum() / weights.sum(), 0.0), 1.0))
    low, high = _wilson(share, effective(weights))
    return {"mean": share, "lo": low, "hi": high}


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


def ranged(values: Floats, weights: Floats) -> dict[str, float]:
    """Return the median of some values and their ranges: ``{lo, lo_80, mid, hi_80, hi}``."""
    return dict(zip(NAMES, quantiles(values, weights), strict=True))


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
    now = {name: chance(held[name], rows.weights) for name in VERDICTS}
    if rows.power < 1.0:
        for name in VERDICTS:
            full = chance(held[name], rows.full)
            now[name] |= {"lo": min(now[name]["lo"], full["lo"]), "hi": max(now[name]["hi"], full["hi"])}
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
        "verdict_before": {name: float(rows.before[held[name]].sum()) for name in VERDICTS},
        "verdict_before_interval": {
            name: list(_wilson(float(rows.before[held[name]].sum()), rows.sample_before)) for name in VERDICTS
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
        "growth": ranged(np.where(by_now > 0.0, total / np.maximum(by_now, 1.0), np.nan), rows.weights),
        "hijack_share": ranged(campaigns.silent.hijack_share, rows.weights),
        "takeover": chance(taken_over, rows.weights),
        "takeover_by_now": chance(taken_over & (minutes <= now), rows.weights),
        "takeover_minutes": ranged(minutes, rows.weights),
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
            row |= {f"{title}_{name}": value for name, value in ranged(values, rows.weights).items()}
        found.append(row)
    return found


def answers(campaigns: Campaigns, rows: Weighed, now: float) -> list[dict[str, float]]:
    """Return what an acknowledgement so many minutes from now changes, against silence on the same luck.

    Campaigns that had been answered before now are left out; those answered about then weigh most.

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
        near = np.where(later > 0.0, np.exp(-0.5 * (np.log(np.maximum(later, 1e-9) / delay) / _WIDTH) ** 2), 0.0)
        weights = rows.weights * near
        if weights.sum() <= 0.0:
            continue
        row = {"delay": float(delay), "minute": float(now + delay), "sample": effective(weights)}
        found.append(row | _of_odds(held[0], held[1], weights) | _of_shares(share, weights))
    return found


def _of_odds(silent: npt.NDArray[np.bool_], answered: npt.NDArray[np.bool_], weights: Floats) -> dict[str, float]:
    """Return the difference of P(hijacked) with Bonett and Price's interval at the effective sample size."""
    sample, all_of_it = effective(weights), float(weights.sum())
    lost, gained = (
        sample * float(weights[which].sum()) / all_of_it for which in (silent & ~answered, answered & ~silent)
    )
    less, more = (lost + 1.0) / (sample + 2.0), (gained + 1.0) / (sample + 2.0)
    half = Z_95 * float(np.sqrt((less + more - (more - less) ** 2) / (sample + 2.0)))
    middle = more - less
    return {
        "hijacked": (gained - lost) / sample, "hijacked_lo": max(-1.0, middle - half),
        "hijacked_hi": min(1.0, middle + half),
    }  # fmt: skip


def _of_shares(difference: Floats, weights: Floats) -> dict[str, float]:
    """Return the mean difference of the hijack share with its interval; one pair more differs fully either way."""
    kept = np.isfinite(difference)
    weights, difference = weights[kept], difference[kept]
    sample, all_of_it = effective(weights), float(weights.sum())
    mean = float((weights * difference).sum()) / all_of_it if all_of_it > 0.0 else 0.0
    square = float((weights * difference * difference).sum()) / all_of_it if all_of_it > 0.0 else 0.0
    spread = (sample * square + 2.0) / (sample + 2.0) - (sample * mean / (sample + 2.0)) ** 2
    half = Z_95 * float(np.sqrt(max(spread, 0.0) / (sample + 2.0)))
    middle = sample * mean / (sample + 2.0)
    return {
        "hijack_share": mean, "hijack_share_lo": max(-1.0, middle - half), "hijack_share_hi": min(1.0, middle + half)
    }  # fmt: skip


def helps_until(rows: Sequence[Mapping[str, float]], name: str = "hijacked") -> float | None:
    """Return the latest delay up to which every interval says that the answer helps; None if not even the first."""
    last = None
    for row in rows:
        if row[f"{name}_hi"] >= 0.0:
            break
        last = row["delay"]
    return last
