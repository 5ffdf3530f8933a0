"""Which messages two runs have in common: those of the same follower, minute, action and frame."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.engine.record import Kind, RunRecord
from sim.rng import fold


@kernel
def _marks(keys, minute, kind, frame):
    """Return one number for each message that is told apart by these four: uint64, shape of ``keys``."""
    out = np.empty(keys.shape[0], np.uint64)
    for i in range(keys.shape[0]):
        out[i] = fold(fold(keys[i], np.uint64(minute[i])), np.uint64(2 * kind[i] + frame[i]))
    return out


def message_marks(record: RunRecord) -> npt.NDArray[np.uint64]:
    """Return a number for each participants' message, the same in any run in which the same follower puts it out.

    Returns
    -------
    uint64[messages], ascending
        Hashes of the author's key, the minute, the action (write or share) and the frame.
    """
    told = record.messages
    rows = np.flatnonzero(told.author >= 0)
    share = (told.kind[rows] == Kind.SHARE).astype(np.int8)
    marks: npt.NDArray[np.uint64] = np.sort(
        _marks(record.keys[told.author[rows]], told.minute[rows], share, told.frame[rows])
    )
    return marks


def same_messages(one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> float | None:
    """Return the share of messages that two runs have in common, of those of the run with more; None without any.

    Parameters
    ----------
    one, other : uint64[messages]
        From :func:`message_marks`.
    """
    most = max(one.size, other.size)
    return np.intersect1d(one, other, assume_unique=True).size / most if most else None
