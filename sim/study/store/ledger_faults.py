"""What is told when a study's ledger cannot be read or written."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from sim.errors import BackfireError, StudyError
from sim.study.store.folder import cannot_write

_FULL = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_READONLY: errno.EACCES,
         sqlite3.SQLITE_CANTOPEN: errno.EACCES,
         sqlite3.SQLITE_PERM: errno.EACCES, sqlite3.SQLITE_IOERR: errno.ENOSPC}  # fmt: skip
_PRIMARY = 0xFF
"""The part of SQLite's extended codes that names the kind."""


def vanished(place: Path | None) -> StudyError:
    """Return the sentence for a study's folder that was removed while it was worked on."""
    return StudyError(
        f"results: {str(place)!r} was removed or replaced while the study ran; its finished runs are gone with it. "
        "Start the same command again."
    )


def told(place: Path | None, problem: Exception) -> BackfireError:
    """Return the sentence for an error of the file system or of SQLite."""
    where = Path("the memory") if place is None else place
    if isinstance(problem, OSError):
        return cannot_write(where, problem)
    code = getattr(problem, "sqlite_errorcode", None)
    kind = None if code is None else code & _PRIMARY
    if kind in _FULL:
        return cannot_write(where, OSError(_FULL[kind], str(problem)))
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StudyError(f"{str(where)!r} is held by another process that does not let go of it ({problem}); end it.")
    return StudyError(
        f"the ledger of {str(where)!r} was damaged or edited ({problem}); carry the study out again with fresh=true "
        "(the old folder is kept aside)."
    )
