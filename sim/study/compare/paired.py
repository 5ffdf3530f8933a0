"""What a change does, on the same luck: paired differences with their intervals.

Differences of single runs are averaged; the 95 % interval is Student's over the pairs. For odds, few pairs differ
and Student's interval is too narrow: theirs is the adjusted one of Bonett & Price 2012 (doi:10.3102/1076998611411915),
one pair added to those that differ either way. How much sharing luck is worth: the variance of paired differences over
that of unpaired ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.outcome.aggregate import mean_interval

_Z95 = 1.959963984540054


def paired_difference(one: Sequence[float], other: Sequence[float]) -> dict[str, Any]:
    """Return ``{mean, lo, hi, pairs}`` of ``other - one`` over runs with the same luck.

    Parameters
    ----------
    one, other : float[pairs]
        The same measure of both, in the same order of replicates; undefined values drop their pair.
    """
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None and a == a and b == b]
    found: dict[str, Any] = mean_interval([b - a for a, b in pairs])
    return {"mean": found["mean"], "lo": found["lo"], "hi": found["hi"], "pairs": len(pairs)}


def discordant(one: Sequence[bool], other: Sequence[bool]) -> tuple[int, int]:
    """Return in how many pairs only ``one`` holds, and in how many only ``other`` does."""
    lost = sum(bool(a and not b) for a, b in zip(one, other, strict=True))
    gained = sum(bool(b and not a) for a, b in zip(one, other, strict=True))
    return lost, gained


def sign_test(lost: int, gained: int) -> float:
    """Return the two-sided p-value of McNemar's exact test: a fair coin for each pair that differs."""
    from scipy.special import bdtr

    return min(1.0, 2.0 * float(bdtr(min(lost, gained), lost + gained, 0.5)))


def paired_odds(one: Sequence[bool], other: Sequence[bool]) -> dict[str, Any]:
    """Return ``{mean, lo, hi, pairs}`` of the difference of two odds over runs with the same luck.

    The interval is Bonett and Price's; it never shrinks to a point, stays within [-1, 1], and leaves nought out only
    where the exact sign test over the pairs that differ rejects it too.
    """
    pairs = len(one)
    if not pairs:
        return {"mean": None, "lo": None, "hi": None, "pairs": 0}
    lost, gained = discordant(one, other)
    low, high = odds_difference_interval(lost, gained, pairs)
    return {"mean": (gained - lost) / pairs, "lo": low, "hi": high, "pairs": pairs}


def odds_difference_interval(lost: int, gained: int, pairs: int) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two odds from how many of the pairs differ, and how."""
    less, more = (lost + 1) / (pairs + 2), (gained + 1) / (pairs + 2)
    middle = more - less
    half = _Z95 * float(np.sqrt((less + more - middle**2) / (pairs + 2)))
    low, high = max(-1.0, middle - half), min(1.0, middle + half)
    return (low, high) if sign_test(lost, gained) < 0.05 else (min(low, 0.0), max(high, 0.0))


def variance_ratio(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the variance of ``other - one`` on the same luck over that on luck of their own.

    The latter is the sum of both variances, so that the ratio is 1 less the correlation where these are equal; one
    over it is how many times the runs unpaired comparisons would take. 0 if all pairs differ alike; None below two
    pairs, or where neither varies.

    Parameters
    ----------
    one, other : float[pairs]
        As for :func:`paired_difference`.
    """
    pairs = np.array([(a, b) for a, b in zip(one, other, strict=True) if a == a and b == b], dtype=np.float64)
    if pairs.shape[0] < 2:
        return None
    apart = float(pairs.var(axis=0, ddof=1).sum())
    return float((pairs[:, 1] - pairs[:, 0]).var(ddof=1)) / apart if apart > 0.0 else None
