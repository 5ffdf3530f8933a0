"""What the first messages foretell: counter share of the first 20, 50, 100 messages against the odds.

All runs of a study count, those at central values and those over what is not known; only runs that got so
far are in a band.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.outcome.measures import FIRST_MESSAGES
from sim.outcome.verdict import odds_interval

if TYPE_CHECKING:
    import pandas as pd

BANDS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
_BEYOND = 2.0
"""The last band includes its upper end."""


def tripwires(frames: Sequence[pd.DataFrame]) -> list[dict[str, Any]]:
    """Return one row a number of messages and band of their counter share.

    Parameters
    ----------
    frames : sequence of DataFrame
        Runs, with ``counter_share_first_20`` (50, 100) and ``verdict``.

    Returns
    -------
    list of dict
        ``first, counter_from, counter_to, hijacked, lo, hi, runs``; odds are None in a band without runs.
    """
    rows = []
    for first in FIRST_MESSAGES:
        shares = [value for frame in frames for value in frame[f"counter_share_first_{first}"]]
        hijacked = [word == "hijacked" for frame in frames for word in frame["verdict"]]
        for low, high in zip(BANDS[:-1], BANDS[1:], strict=True):
            end = _BEYOND if high == BANDS[-1] else high
            inside = [hit for share, hit in zip(shares, hijacked, strict=True) if low <= share < end]
            hits, runs = sum(inside), len(inside)
            lo, hi = odds_interval(hits, runs) if runs else (None, None)
            rows.append({
                "first": first, "counter_from": low, "counter_to": high,
                "hijacked": hits / runs if runs else None, "lo": lo, "hi": hi, "runs": runs,
            })  # fmt: skip
    return rows
