"""Which of two choices is the better one, and how surely: two measures, told apart.

The chance that **odds** are lower: that P(hijacked) is lower under one than under the other, after the pairs of runs
seen, as a posterior probability. Only pairs that differ tell; the prior is Jeffreys' (half a pair either way), so that
it is one half where no pair differs.

How often a **run** ends better: the share of replicates in which the same luck ends in a better verdict under one than
under the other. Verdicts are ordered from the sender's side alone, and equal verdicts are ties, told beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.outcome.verdict import odds_interval
from sim.study.run.options import NOT_POSTED

STANDING = {"hijacked": 0, "contested": 1, "fizzled": 2, NOT_POSTED: 2, "viral_positive": 3}
"""The higher the better for the sender; nothing posted is as good as a call that nobody takes up."""


def chance_lower(lost: int, gained: int, *, one_posted: bool = True, other_posted: bool = True) -> float:
    """Return the posterior probability that the odds are lower under the other choice.

    Parameters
    ----------
    lost, gained : int
        Pairs in which it happens only under the one, and only under the other
        (:func:`sim.study.compare.paired.discordant`).
    one_posted, other_posted : bool
        Where nothing is posted, nothing is hijacked: these odds are known to be nought, so that one hijacked run
        of the others settles which are lower.
    """
    if lost and not other_posted:
        return 1.0
    if gained and not one_posted:
        return 0.0
    from scipy.special import betainc

    return float(betainc(gained + 0.5, lost + 0.5, 0.5))


def ends_better(one: Sequence[str], other: Sequence[str]) -> dict[str, Any]:
    """Return how often a run ends better under the other choice than under the one, on the same luck.

    Parameters
    ----------
    one, other : sequence of str
        Verdicts, in the same order of replicates; at least one.

    Returns
    -------
    dict
        ``better`` with ``better_lo``, ``better_hi`` (95 %, Wilson), ``worse``, ``tied``: shares of the pairs.
    """
    steps = [STANDING[b] - STANDING[a] for a, b in zip(one, other, strict=True)]
    better, worse = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    low, high = odds_interval(better, len(steps))
    return {
        "better": better / len(steps), "better_lo": low, "better_hi": high,
        "worse": worse / len(steps), "tied": (len(steps) - better - worse) / len(steps),
    }  # fmt: skip
