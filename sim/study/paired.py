"""What a change does, on the same luck: paired differences with their intervals.

Differences of single runs are averaged; the 95 % interval is Student's over the pairs. Where all pairs
agree the spread is nought, and the interval is Wilson's for the share of pairs that could still differ.
How much sharing luck is worth: the variance of paired differences over that of unpaired ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.outcome.aggregate import mean_interval
from sim.outcome.verdict import odds_interval


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


def paired_odds(one: Sequence[bool], other: Sequence[bool]) -> dict[str, Any]:
    """Return ``{mean, lo, hi, pairs}`` of the difference of two odds over runs with the same luck.

    The interval never shrinks to a point: it is at least that of pairs that have not differed so far
    (Wilson's upper end for none of them, to both sides), and stays within [-1, 1].
    """
    found = paired_difference([float(each) for each in one], [float(each) for each in other])
    pairs = found["pairs"]
    if not pairs:
        return found
    changed = sum(a != b for a, b in zip(one, other, strict=True))
    if changed in (0, pairs) or pairs == 1:
        possible = odds_interval(0, pairs)[1]
        found["lo"] = found["mean"] - possible
        found["hi"] = found["mean"] + possible
    found["lo"], found["hi"] = max(-1.0, found["lo"]), min(1.0, found["hi"])
    return found


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
