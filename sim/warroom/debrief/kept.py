"""Futures on disk, beside the sessions: what a run came to is read again instead of lived again after a restart.

A future is a few numbers, and hangs on nothing but its key: the model (all source that a run and its end are made by),
the campaign (its configuration, the files that it reads, the session's luck), the state it begins in, the moves made
from there, and its own luck. What another version of the model left is removed. Nothing that people wrote is kept here.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from sim.compiled import source_fingerprint
from sim.config.paths import path_of
from sim.config.root import Configuration
from sim.warroom.debrief.courses import Course, Start
from sim.warroom.debrief.endings import Curves, Ending
from sim.warroom.faults import note_fault

_TABLES = """
CREATE TABLE IF NOT EXISTS futures (
    model TEXT NOT NULL, campaign TEXT NOT NULL, start TEXT NOT NULL, course TEXT NOT NULL, luck INTEGER NOT NULL,
    ending TEXT NOT NULL, PRIMARY KEY (model, campaign, start, course, luck)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS curves (
    model TEXT NOT NULL, campaign TEXT NOT NULL, start TEXT NOT NULL, course TEXT NOT NULL, curves TEXT NOT NULL,
    PRIMARY KEY (model, campaign, start, course)) STRICT, WITHOUT ROWID;
"""
_MADE_BY = ("aftermath", "warroom/debrief/courses.py", "warroom/debrief/endings.py", "warroom/debrief/futures.py")
"""What makes an ending besides the source of kernels."""
SHORT = 24
"""Letters of a fingerprint: it stands in every row, and 96 bits tell campaigns apart."""
Place = tuple[Start, Course]
_T = TypeVar("_T")


def model_fingerprint() -> str:
    """Return the fingerprint of all source that an ending is made by, and of the version of NumPy."""
    digest = hashlib.sha256(f"{source_fingerprint()} {np.__version__}".encode())
    root = Path(str(files("sim")))
    for name in _MADE_BY:
        place = root / name
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:SHORT]


def campaign_fingerprint(configurations: Sequence[Configuration], replicate: int) -> str:
    """Return the fingerprint of what futures hang on: configurations, what their files hold, the session's luck."""
    digest = hashlib.sha256(str(replicate).encode())
    for each in configurations:
        digest.update(each.model_dump_json().encode())
        for name in (each.people.table, each.network.path, each.network.attributes):
            if name is not None:
                digest.update(hashlib.sha256(path_of(name).read_bytes()).digest())
    return digest.hexdigest()[:SHORT]


class Kept:
    """The futures of one file; several threads may keep at once.

    Parameters
    ----------
    path : Path
        The sessions' file. If it cannot be used, futures are not kept, which costs time and nothing else.
    """

    def __init__(self, path: Path) -> None:
        self._lock, self._model = Lock(), model_fingerprint()
        self._base: sqlite3.Connection | None = None
        try:
            self._base = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
            self._base.execute("PRAGMA synchronous=NORMAL")  # a crash may cost the last moments: they are lived again
            self._base.executescript(_TABLES)
            for table in ("futures", "curves"):
                self._base.execute(f"DELETE FROM {table} WHERE model <> ?", (self._model,))
        except sqlite3.Error as problem:
            self._give_up(problem)

    def _give_up(self, problem: BaseException) -> None:
        base, self._base = self._base, None
        if base is not None:  # whatever it was in the middle of holds up nobody else
            base.close()
        note_fault("keeping futures", problem)

    def _do(self, work: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        """Do something with the file; what fails is noted once, and the file then left alone."""
        with self._lock:
            if self._base is None:
                return otherwise
            try:
                return work(self._base)
            except sqlite3.Error as problem:
                self._give_up(problem)
                return otherwise

    def _rows(self, asked: str, campaign: str) -> list[tuple[Any, ...]]:
        asked = f"SELECT {asked} WHERE model = ? AND campaign = ?"
        none: list[tuple[Any, ...]] = []
        return self._do(lambda base: base.execute(asked, (self._model, campaign)).fetchall(), none)

    def endings(self, campaign: str) -> dict[Place, dict[int, Ending]]:
        """Return what is known of a campaign, by start and course, then by luck."""
        rows = self._rows("start, course, luck, ending FROM futures", campaign)
        found: dict[Place, dict[int, Ending]] = {}
        places: dict[tuple[str, str], Place] = {}
        for start, course, luck, ending in rows:
            place = places.get((start, course)) or places.setdefault((start, course), _place(start, course))
            values = json.loads(ending)
            values[-1] = tuple(values[-1])
            found.setdefault(place, {})[luck] = Ending(*values)
        return found

    def keep(self, campaign: str, start: Start, found: Iterable[tuple[Course, int, Ending]]) -> None:
        """Keep how courses from a start ended, each with its luck."""
        rows = [
            (self._model, campaign, json.dumps(astuple(start)), json.dumps(course), luck, json.dumps(astuple(ending)))
            for course, luck, ending in found
        ]

        def write(base: sqlite3.Connection) -> None:
            base.execute("BEGIN IMMEDIATE")
            base.executemany("INSERT OR IGNORE INTO futures VALUES (?, ?, ?, ?, ?, ?)", rows)
            base.execute("COMMIT")

        self._do(write, None)

    def curves(self, campaign: str) -> dict[Place, Curves]:
        """Return the curves of a campaign that were drawn, by start and course."""
        rows = self._rows("start, course, curves FROM curves", campaign)
        return {_place(start, course): json.loads(curves) for start, course, curves in rows}

    def keep_curves(self, campaign: str, start: Start, course: Course, curves: Curves) -> None:
        """Keep the curves of a course as it was lived."""
        row = (self._model, campaign, json.dumps(astuple(start)), json.dumps(course), json.dumps(curves))
        self._do(lambda base: base.execute("INSERT OR IGNORE INTO curves VALUES (?, ?, ?, ?, ?)", row), None)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            base, self._base = self._base, None
        if base is not None:
            base.close()


def _place(start: str, course: str) -> Place:
    variant, minute, past = json.loads(start)
    return Start(variant, minute, _course(past)), _course(json.loads(course))


def _course(moves: list[list[int | str]]) -> Course:
    return tuple((int(minute), str(move)) for minute, move in moves)
