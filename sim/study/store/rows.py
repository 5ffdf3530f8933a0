"""A run as a row of numbers: packed for the ledger, and unpacked into tidy columns.

Every outcome is a float64, words by their place in a list; undefined is nan. The minutes in which rules of the
policy fired follow, as many as there are rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.outcome.verdict import VERDICTS
from sim.study.execution.reduced import COUNTS, FLAGS, Reduced

VOCABULARY = {"verdict": VERDICTS, "fizzled_frame": ("campaign", "counter", "even")}
"""The words that an outcome can be; packed as their place."""
_WORD = 8
_UNDEFINED = float("nan")


def packed(run: Reduced) -> bytes:
    """Return a run's outcomes, then the minute in which each rule fired."""
    values = [_number(name, value) for name, value in run.outcome.items()]
    values += [_UNDEFINED if minute < 0 else float(minute) for minute in run.fired]
    return np.array(values, dtype="<f8").tobytes()


def _number(name: str, value: float | int | str | bool | None) -> float:
    """Return an outcome as a number."""
    if value is None:
        return _UNDEFINED
    return float(VOCABULARY[name].index(str(value)) if name in VOCABULARY else value)


def unpacked(rows: Sequence[bytes | None], names: Sequence[str], fired: int, *, gaps: bool) -> dict[str, Any]:
    """Return the columns of packed runs.

    Parameters
    ----------
    rows : sequence of bytes or None
        None where a run failed.
    names : sequence of str
        Names of the outcomes, in the order in which they were packed.
    fired : int
        How many columns ``fired_0``, ``fired_1``, ... there are.
    gaps : bool
        Whether some run of the study failed: counts and yes-or-no are floats then, nan where it did.
    """
    import pandas as pd

    width = len(names) + fired
    nothing = np.full(width, np.nan).tobytes()
    whole = [nothing if row is None else row + nothing[len(row) :] for row in rows]
    table = np.frombuffer(b"".join(whole), dtype="<f8").reshape(len(whole), width)
    columns: dict[str, Any] = {}
    for place, name in enumerate(names):
        column = table[:, place]
        if name in VOCABULARY:
            columns[name] = pd.array(_words(column, VOCABULARY[name]), dtype="str")
        elif gaps or name not in (*COUNTS, *FLAGS):
            columns[name] = column.copy()
        else:
            columns[name] = column.astype(np.int64 if name in COUNTS else np.bool_)
    for rule in range(fired):
        columns[f"fired_{rule}"] = table[:, len(names) + rule].copy()
    return columns


def rules_in(longest: int, names: Sequence[str]) -> int:
    """Return how many rules the longest packed row (in bytes) tells of."""
    return max(0, longest // _WORD - len(names))


def _words(column: npt.NDArray[np.float64], words: Sequence[str]) -> npt.NDArray[np.object_]:
    """Return the words of a column of places."""
    known = np.array([*words, None], dtype=object)
    return known[np.where(np.isnan(column), len(words), column).astype(np.intp)]
