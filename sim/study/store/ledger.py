"""What a study has done so far: a row a run, keyed by the point's content and the replicate.

A run is finished once its row is committed; whoever is killed loses only what was not. Several processes may
work on one ledger: each claims runs before it carries them out, and a claim counts while its owner's file is
locked, which ends with the owner. The file is SQLite's, with a write-ahead log.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import StudyError
from sim.study.store.folder import LEDGER, MANIFEST, another_study, read_json
from sim.study.store.ledger_faults import told, vanished
from sim.study.store.locks import held, held_for_life, locked
from sim.study.store.provenance import canonical

_FILE = "runs.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS runs (point BLOB NOT NULL, replicate INTEGER NOT NULL, seconds REAL, failed TEXT,
    outcome BLOB, UNIQUE (point, replicate));
CREATE TABLE IF NOT EXISTS claims (point BLOB NOT NULL, replicate INTEGER NOT NULL, owner INTEGER NOT NULL,
    UNIQUE (point, replicate));
CREATE TABLE IF NOT EXISTS owners (owner INTEGER PRIMARY KEY);
"""
Chunk = tuple[bytes, Sequence[int]]
"""A point's key, and numbers of replicates."""


class FinishedMeanwhile(StudyError):
    """Another process finished the study between the look at its folder and the opening of its ledger."""


class Row(NamedTuple):
    """One run as the ledger keeps it: ``failed`` is None, or the sentence that it ended in (then no outcome)."""

    point: bytes
    replicate: int
    seconds: float | None
    failed: str | None
    outcome: bytes | None


class Share(NamedTuple):
    """What became of a chunk: the replicates that are ours to carry out, and those that others are at work on."""

    ours: list[int]
    elsewhere: list[int]


def unfinished(place: Path) -> bool:
    """Tell whether a study's folder holds a ledger: the study was cut short, is under way, or had runs that failed."""
    return (place / LEDGER / _FILE).is_file()


def at_work(place: Path) -> bool:
    """Tell whether a living process is at work on the study of a folder."""
    return any(held(owner) for owner in (place / LEDGER).glob("owner-*"))


def finished_runs(place: Path) -> int:
    """Return how many runs the ledger of a study's folder holds; 0 without one. Nothing is changed."""
    if not unfinished(place):
        return 0
    path = (place / LEDGER / _FILE).absolute()
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as base:
            return int(base.execute("SELECT count(*) FROM runs WHERE failed IS NULL").fetchone()[0])
    except sqlite3.Error as problem:
        raise told(place, problem) from problem


class Ledger:
    """The runs of one study; use it as a context, in one thread.

    Parameters
    ----------
    place : Path or None
        The study's folder; None keeps everything in memory.
    identity : mapping
        What the rows follow from besides point and replicate; a ledger of another identity is refused.

    Raises
    ------
    StudyError
        The ledger is another study's, cannot be written, or is damaged.
    """

    def __init__(self, place: Path | None, identity: Mapping[str, Any]) -> None:
        self.place = place
        self._identity = dict(identity)
        self._folder = None if place is None else place / LEDGER
        self._holding: int | None = None
        self._owner = 1

    def __enter__(self) -> Ledger:
        if self._folder is None:
            self._open(":memory:")
            return self
        try:
            with locked(self._folder):
                self._join()
        except OSError as problem:
            raise told(self.place, problem) from problem
        return self

    def _join(self) -> None:
        """Open the file and become one of its owners, under the folder's lock."""
        assert self._folder is not None and self.place is not None
        path = self._folder / _FILE
        if not path.exists() and (self.place / MANIFEST).exists():
            shutil.rmtree(self._folder)
            raise FinishedMeanwhile(f"{str(self.place)!r} was finished by another process meanwhile; it stands there.")
        others = at_work(self.place)
        self._open(str(path))
        self._file = path.stat()
        with self._change() as write:
            if not others:  # what failed is tried again
                write("DELETE FROM runs WHERE failed IS NOT NULL")
            self._owner = write("INSERT INTO owners DEFAULT VALUES").lastrowid
        self._holding = held_for_life(self._folder / f"owner-{self._owner}")

    def _open(self, path: str) -> None:
        """Open the database, and refuse that of another study."""
        try:
            self._base = sqlite3.connect(path, timeout=120.0, isolation_level=None)
        except sqlite3.Error as problem:
            raise told(self.place, problem) from problem
        try:
            self._base.execute("PRAGMA journal_mode=WAL")
            # a crash of the machine may cost the last commits, and never more
            self._base.execute("PRAGMA synchronous=NORMAL")
            self._base.executescript(_TABLES)
            found = self._fact("identity")
        except sqlite3.Error as problem:
            self._base.close()
            raise told(self.place, problem) from problem
        if found is None:
            with self._change() as write:
                write("INSERT INTO facts VALUES ('identity', ?)", (canonical(self._identity),))
        elif found != json.loads(canonical(self._identity)):
            self._base.close()
            raise another_study(self.place or Path(path), found, self._identity)

    def __exit__(self, *problem: object) -> None:
        try:
            with self._change() as write:
                write("DELETE FROM claims WHERE owner = ?", (self._owner,))
                write("DELETE FROM owners WHERE owner = ?", (self._owner,))
        except StudyError:
            if problem[0] is None and self._folder is not None and self._folder.exists():
                raise
        finally:
            self._base.close()
            if self._holding is not None and self._folder is not None:
                (self._folder / f"owner-{self._owner}").unlink(missing_ok=True)
                os.close(self._holding)

    @contextmanager
    def _change(self) -> Iterator[Any]:
        """Give a way to change the ledger; all of it happens, or nothing."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base.execute
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise
        except sqlite3.Error as problem:
            self._still_there()
            raise told(self.place, problem) from problem

    def _read(self, question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the answer to a question."""
        try:
            return self._base.execute(question, values).fetchall()
        except sqlite3.Error as problem:
            self._still_there()
            raise told(self.place, problem) from problem

    def _still_there(self) -> None:
        """Refuse to go on with a file that nobody can find any more.

        Raises
        ------
        StudyError
            The folder was removed or replaced, or another process has finished the study meanwhile.
        """
        if self._folder is None or self._holding is None:
            return
        try:
            if os.path.samestat((self._folder / _FILE).stat(), self._file):
                return
        except OSError:
            pass
        if self._finished_elsewhere():
            raise FinishedMeanwhile(f"{str(self.place)!r} was finished by another process meanwhile; it stands there.")
        raise vanished(self.place)

    def _finished_elsewhere(self) -> bool:
        """Tell whether this study stands whole at its place, without a ledger."""
        if self.place is None or (self.place / LEDGER).exists():
            return False
        try:
            manifest = read_json(self.place / MANIFEST)
        except StudyError:
            return False
        return isinstance(manifest, dict) and manifest.get("identity") == json.loads(canonical(self._identity))

    def _fact(self, name: str) -> Any:
        """Return a fact of the study, None if it is not known yet."""
        found = self._base.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if found is None else json.loads(found[0])

    def claim(self, chunks: Sequence[Chunk]) -> list[Share]:
        """Claim what nobody has done or is doing, of every chunk; claims of the dead are free."""
        self._still_there()
        with self._change() as write:
            alive = {owner: self._alive(owner) for (owner,) in write("SELECT owner FROM owners").fetchall()}
            for owner in (owner for owner, lives in alive.items() if not lives):
                write("DELETE FROM claims WHERE owner = ?", (owner,))
                write("DELETE FROM owners WHERE owner = ?", (owner,))
            return [self._share(write, key, replicates) for key, replicates in chunks]

    def _share(self, write: Any, key: bytes, replicates: Sequence[int]) -> Share:
        """Claim what is free of one chunk."""
        span = (key, min(replicates), max(replicates))
        where = "WHERE point = ? AND replicate BETWEEN ? AND ?"
        done = {number for (number,) in write(f"SELECT replicate FROM runs {where}", span)}
        claimed = dict(write(f"SELECT replicate, owner FROM claims {where}", span))
        missing = [number for number in replicates if number not in done]
        ours = [number for number in missing if claimed.get(number, self._owner) == self._owner]
        for number in ours:
            write("INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", (key, number, self._owner))
        return Share(ours, [number for number in missing if claimed.get(number, self._owner) != self._owner])

    def _alive(self, owner: int) -> bool:
        """Tell whether an owner lives."""
        return owner == self._owner or (self._folder is not None and held(self._folder / f"owner-{owner}"))

    def commit(self, rows: Iterable[Row], outcomes: Sequence[str] | None) -> None:
        """Write finished runs down, and give up the claims on them.

        Parameters
        ----------
        outcomes : sequence of str or None
            Names of what the rows' numbers are; None if every run failed.
        """
        self._still_there()
        with self._change() as write:
            if outcomes is not None:
                write("INSERT OR IGNORE INTO facts VALUES ('outcomes', ?)", (json.dumps(list(outcomes)),))
            for row in rows:
                write("INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?)", row)
                write("DELETE FROM claims WHERE point = ? AND replicate = ?", row[:2])

    def done(self, key: bytes, replicates: Sequence[int]) -> int:
        """Return how many of a point's replicates are finished."""
        if not replicates:
            return 0
        span = (key, min(replicates), max(replicates))
        found = self._read("SELECT replicate FROM runs WHERE point = ? AND replicate BETWEEN ? AND ?", span)
        wanted = set(replicates)
        return sum(1 for (number,) in found if number in wanted)

    def rows(self, key: bytes, replicates: Sequence[int]) -> list[Row]:
        """Return a point's finished runs, in the order of the replicates."""
        span = (key, min(replicates), max(replicates))
        found = self._read(
            "SELECT point, replicate, seconds, failed, outcome FROM runs WHERE point = ? AND replicate BETWEEN ? AND ?",
            span,
        )
        of_number = {row[1]: Row(*row) for row in found}
        return [of_number[number] for number in replicates if number in of_number]

    def outcomes(self) -> list[str]:
        """Return the names of the outcomes; empty while no run has come to an end."""
        return self._fact("outcomes") or []

    def longest(self) -> int:
        """Return the bytes of the longest row's outcomes."""
        return self._read("SELECT max(length(outcome)) FROM runs")[0][0] or 0

    def replicates(self) -> int:
        """Return one more than the highest number of a replicate that is finished."""
        return int(self._read("SELECT coalesce(max(replicate) + 1, 0) FROM runs")[0][0])

    def failures(self) -> int:
        """Return how many runs failed."""
        return int(self._read("SELECT count(*) FROM runs WHERE failed IS NOT NULL")[0][0])

    @contextmanager
    def finishing(self) -> Iterator[bool]:
        """Hold the folder's lock; gives False if another process has finished the study already."""
        if self._folder is None:
            yield True
            return
        with locked(self._folder):
            if not (self._folder / _FILE).exists():
                self.remove()
                if self.place is None or not (self.place / MANIFEST).exists():
                    raise vanished(self.place)
                yield False
                return
            self._still_there()
            yield True

    def remove(self) -> None:
        """Take the ledger away: what it held stands in the study's own files."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
