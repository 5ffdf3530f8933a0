"""What many endings say together, and what one course does that another does not, on the same luck.

Intervals are 95 %: Wilson's for odds, Student's for means; differences are paired and use the same rules as
``backfire compare`` (``sim.study.compare.paired``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.config.agency import PolicyConfig, RuleConfig
from sim.config.root import Configuration
from sim.outcome.aggregate import mean_interval
from sim.outcome.verdict import VERDICTS, odds_interval
from sim.study.compare.cost import hours_by_part
from sim.study.compare.paired import paired_difference, paired_odds
from sim.warroom.debrief.courses import Course
from sim.warroom.debrief.endings import Ending

Endings = Mapping[int, Ending]
FEWEST = 20
"""Futures below which nothing is told of them yet."""
HIJACKED = "hijacked"
BINS = 40
"""Bins of a strip, from 0 to 1."""
FROM_THE_POST_ON = ("statements", "withdrawals", "replies", "boosts")
"""Parts of a cost that moves cause."""
FEELINGS = ("trust", "grievance")
LEAST = 1e-4
"""Differences of a feeling below this (0.01 points of 100) count as none: more is not to be read from a model."""


def spread(endings: Endings) -> dict[str, Any] | None:
    """Return how a course ends over lucks; None while too few are known.

    Returns
    -------
    dict
        ``n``, ``verdicts`` (counts), ``hijacked`` (odds as mean, lo, hi), ``trust``, ``grievance``, ``replies`` (means
        as mean, lo, hi), ``strip`` (how many futures end in each bin of the hijack share, and ``fizzled``).
    """
    if len(endings) < FEWEST:
        return None
    ends = [endings[luck] for luck in sorted(endings)]
    hits = sum(each.verdict == HIJACKED for each in ends)
    low, high = odds_interval(hits, len(ends))
    told: dict[str, Any] = {
        "n": len(ends),
        "verdicts": {name: sum(each.verdict == name for each in ends) for name in VERDICTS},
        "hijacked": {"mean": hits / len(ends), "lo": low, "hi": high},
        "strip": strip_of(ends),
    }
    for name in (*FEELINGS, "replies"):
        told[name] = _plain(mean_interval(getattr(each, name) for each in ends))
    return told


def strip_of(ends: Sequence[Ending]) -> dict[str, Any]:
    """Return how many ends lie in each bin of the hijack share: ``bins``; those that fizzled stand apart."""
    bins = [0] * BINS
    fizzled = 0
    for each in ends:
        if each.verdict == "fizzled" or each.hijack_share is None:
            fizzled += 1
        else:
            bins[bin_of(each.hijack_share)] += 1
    return {"bins": bins, "fizzled": fizzled}


def bin_of(share: float) -> int:
    """Return the bin in which a hijack share lies; cut-offs of verdicts are edges of bins."""
    return min(BINS - 1, int(share * BINS + 1e-9))


def difference(one: Endings, other: Endings) -> dict[str, Any] | None:
    """Return ``other`` less ``one`` on the lucks that both have: odds of ending hijacked, trust, grievance.

    Returns
    -------
    dict or None
        ``pairs``; each of the three as ``mean``, ``lo``, ``hi`` and ``told`` (whether the interval leaves nought out
        and the mean of a feeling is at least ``LEAST``); ``same`` (whether all pairs ended alike). None while too few
        pairs are known.
    """
    shared = sorted(one.keys() & other.keys())
    if len(shared) < FEWEST:
        return None
    a, b = [one[luck] for luck in shared], [other[luck] for luck in shared]
    hits = [[each.verdict == HIJACKED for each in side] for side in (a, b)]
    found = {HIJACKED: paired_odds(*hits)}
    for name in FEELINGS:
        found[name] = paired_difference([getattr(x, name) for x in a], [getattr(x, name) for x in b])
    told: dict[str, Any] = {"pairs": len(shared), "same": a == b}
    for name, each in found.items():
        least = LEAST if name in FEELINGS else 0.0
        apart = abs(each["mean"]) >= least and not each["lo"] <= 0.0 <= each["hi"]
        told[name] = _plain(each) | {"told": not told["same"] and apart}
    return told


def better(one: Endings, other: Endings, name: str, *, higher: bool) -> float | None:
    """Return in which share of the pairs a feeling ends better in ``other``; those within ``LEAST`` count half.

    Parameters
    ----------
    higher : bool
        Whether more of it is better.
    """
    shared = sorted(one.keys() & other.keys())
    if len(shared) < FEWEST:
        return None
    steps = [getattr(other[luck], name) - getattr(one[luck], name) for luck in shared]
    level = sum(abs(step) < LEAST for step in steps)
    good = sum((step > 0) == higher for step in steps if abs(step) >= LEAST)
    return (good + level / 2) / len(shared)


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in ("mean", "lo", "hi")}


def hours_of(configuration: Configuration, course: Course, endings: Sequence[Ending]) -> list[float]:
    """Return what each of some runs of a course cost from the post on, in working hours (``sim.study.compare.cost``).

    It is what a session counts against its budget: listening and setting up accounts came before.
    """
    import pandas as pd

    if not endings:
        return []
    rules = [RuleConfig.model_validate({"move": move, "at_minute": minute}) for minute, move in course]
    # model_construct: moves made by hand do not count towards the most rules that a policy may hold
    policy = PolicyConfig.model_construct(rules=(*configuration.policy.rules, *rules))
    runs = pd.DataFrame({
        "replies": [float(each.replies) for each in endings],
        "boosts": [float(each.boosts) for each in endings],
        **{f"fired_{j}": [each.fired[j] if each.fired[j] >= 0 else None for each in endings]
           for j in range(len(policy.rules))},
    })  # fmt: skip
    parts = hours_by_part(configuration.model_copy(update={"policy": policy}), runs)
    return [float(sum(hours)) for hours in zip(*(parts[name] for name in FROM_THE_POST_ON), strict=True)]


def listening_hours(configuration: Configuration) -> float:
    """Return the working hours of a campaign that went into listening before its post."""
    import pandas as pd

    nothing = pd.DataFrame({"replies": [0.0], "boosts": [0.0]})
    return float(hours_by_part(configuration, nothing)["listening"][0])
