"""What many endings say together, and what one course does that another does not, on the same luck.

Intervals are 95 %: Wilson's for odds, Student's for means; differences are paired and use the same rules as
``backfire compare`` (``sim.study.compare.paired``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log1p
from typing import Any

import numpy as np

from sim.config.root import Configuration
from sim.outcome.aggregate import mean_interval
from sim.outcome.verdict import VERDICTS, odds_interval
from sim.study.compare.cost import hours_by_part, hours_of_moves
from sim.study.compare.paired import paired_difference, paired_odds
from sim.warroom.debrief.courses import Course
from sim.warroom.debrief.endings import Curves, Ending

Endings = Mapping[int, Ending]
FEWEST = 20
"""Futures below which nothing is told of them yet."""
HIJACKED = "hijacked"
BINS = 40
"""Bins of a strip, from 0 to 1."""
FEELINGS = ("trust", "grievance")
LEAST = 1e-4
"""Differences of a feeling below this (0.01 points of 100) count as none: more is not to be read from a model."""


def spread(endings: Endings) -> dict[str, Any] | None:
    """Return how a course ends over lucks; None while too few are known.

    Returns
    -------
    dict
        ``n``, ``verdicts`` (counts), ``hijacked`` (odds as mean, lo, hi), ``trust``, ``grievance``, ``replies`` (means
        as mean, lo, hi), ``messages`` (:func:`size_of`), ``trended`` (a count), ``strip`` (how many futures end in each
        bin of the hijack share, and ``fizzled``).
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
        "messages": size_of(ends),
        "trended": sum(each.trended for each in ends),
        "strip": strip_of(ends),
    }
    for name in (*FEELINGS, "replies"):
        told[name] = _plain(mean_interval(getattr(each, name) for each in ends))
    return told


def size_of(ends: Sequence[Ending]) -> dict[str, float]:
    """Return how many messages there are: ``median``, and the range of nine in ten futures, ``lo`` to ``hi``."""
    low, median, high = np.quantile([each.messages for each in ends], [0.05, 0.5, 0.95])
    return {"median": float(median), "lo": float(low), "hi": float(high)}


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
        and the mean of a feeling is at least ``LEAST``); ``messages``: medians ``before`` and ``after``, and ``told``
        (of the mean difference of logarithms); ``same`` (whether all pairs ended alike). None while too few pairs are
        known.
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
    size = paired_difference(*([log1p(each.messages) for each in side] for side in (a, b)))
    told["messages"] = {
        "before": size_of(a)["median"], "after": size_of(b)["median"],
        "told": not told["same"] and not size["lo"] <= 0.0 <= size["hi"],
    }  # fmt: skip
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


def hours_spent(
    configuration: Configuration, course: Course, lived: Ending, curves: Curves, played: int
) -> dict[str, float]:
    """Return the working hours of a campaign as it was lived, from the post on; what came before it is not counted.

    Parameters
    ----------
    course : Course
        Moves made in the play.
    curves : Curves
        Of the same campaign.
    played : int, minutes
        When the play ended.

    Returns
    -------
    dict
        ``play``: until the play ended, as the room counts them against the budget; ``after``: from then to the
        campaign's end, as what stood went on.
    """
    agency = configuration.agency
    fired = [(minute, rule.move) for rule, minute in zip(configuration.policy.rules, lived.fired, strict=False)]
    done = {name: curves[name][played - 1] if played else 0 for name in ("replies", "boosts")}
    play = hours_of_moves(agency, [*course, *(each for each in fired if 0 <= each[0] < played)], **done)
    ever = [*course, *(each for each in fired if each[0] >= 0)]
    return {"play": play, "after": hours_of_moves(agency, ever, lived.replies, lived.boosts) - play}


def listening_hours(configuration: Configuration) -> float:
    """Return the working hours of a campaign that went into listening before its post."""
    import pandas as pd

    nothing = pd.DataFrame({"replies": [0.0], "boosts": [0.0]})
    return float(hours_by_part(configuration, nothing)["listening"][0])
