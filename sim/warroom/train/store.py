"""Sessions on disk: each event is written before it counts, and reading them again gives the session.

One SQLite file, in WAL mode, held by one server at a time. Tokens are kept as sha256 alone, beside the events and
never in them. The code that teams type stands in plain text while the session is open, since the facilitator must be
able to see it again; it goes with the session's end.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Literal

from sim.errors import ConfigError
from sim.study.store.locks import held, held_for_life
from sim.warroom.doors import digest, same
from sim.warroom.train.events import Ended, Event, Opened, read_event, written
from sim.warroom.train.rules import lived
from sim.warroom.train.session import Session

SCHEMA = 1
_PATIENCE_SECONDS = 1.0
"""How long another program may keep the file to itself before what is to be written counts as not written."""
_TABLES = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, code TEXT UNIQUE, alive REAL NOT NULL, ended INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS events (
    session TEXT NOT NULL REFERENCES sessions, number INTEGER NOT NULL, event TEXT NOT NULL,
    PRIMARY KEY (session, number)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seats (
    session TEXT NOT NULL REFERENCES sessions, kind TEXT NOT NULL, member TEXT NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (session, kind, member)) STRICT, WITHOUT ROWID;
"""

SeatKind = Literal["facilitator", "member", "laptop", "wall"]


@dataclass(frozen=True)
class Seat:
    """Who a token belongs to; ``member`` is the id of whoever sits there."""

    kind: SeatKind
    member: str


@dataclass(frozen=True)
class Entry:
    """An event to be kept; ``seat`` and ``token`` of whoever takes a seat by it."""

    event: Event
    seat: Seat | None = None
    token: str = ""


@dataclass(frozen=True)
class Kept:
    """A session as it is listed: its code (None once it has ended) and its last sign of life."""

    id: str
    code: str | None
    alive: float
    ended: bool


class Store:
    """The sessions of one file.

    Parameters
    ----------
    path : Path or None
        Where they are kept; None: in memory, until the server ends.

    Raises
    ------
    ConfigError
        The file cannot be used, or another server has it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = RLock()
        self._holding: int | None = None
        self._path = path
        try:
            if path is not None:
                guard = path.with_name(f"{path.name}.lock")
                if held(guard):
                    raise ConfigError(f"sessions={str(path)!r} is used by another server: end it, or take another.")
                path.parent.mkdir(parents=True, exist_ok=True)
                self._holding = held_for_life(guard)
                path.touch(mode=0o600)  # it holds codes and what people wrote: for its owner alone
            self._base = sqlite3.connect(
                str(path or ":memory:"), timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._base.close()
                raise
        except (OSError, sqlite3.Error) as problem:
            self._let_go()
            raise ConfigError(f"sessions={str(path)!r} cannot be used: {problem}; name another file.") from None
        except ConfigError:
            self._let_go()
            raise

    def _prepare(self) -> None:
        """Make the tables of a new file; of an old one nothing is changed before it is known to be ours."""
        schema = self._base.execute("PRAGMA user_version").fetchone()[0]
        full = self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if schema != SCHEMA and (schema or full):
            whose = "was written by another version" if schema else "holds something else"
            raise ConfigError(f"sessions={str(self._path)!r} {whose}; name another file.")
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")  # a crash of the machine may cost the last moments
        self._base.executescript(_TABLES)
        self._base.execute(f"PRAGMA user_version={SCHEMA}")

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Give a way to write; all of it happens, or nothing."""
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:  # a disk that is full has undone it already
                    self._base.execute("ROLLBACK")
                raise

    def open(self, session: str, code: str, event: Opened) -> None:
        """Keep a new session."""
        with self._change() as base:
            base.execute("INSERT INTO sessions VALUES (?, ?, ?, 0)", (session, code, event.at))
            base.execute("INSERT INTO events VALUES (?, 0, ?)", (session, written(event)))

    def append(self, session: str, number: int, entries: Sequence[Entry]) -> None:
        """Keep events of a session, from ``number`` on, all or none; with each the token of the seat taken by it."""
        with self._change() as base:
            for place, entry in enumerate(entries, number):
                base.execute("INSERT INTO events VALUES (?, ?, ?)", (session, place, written(entry.event)))
                if entry.seat is not None:
                    self._admit(base, session, entry.seat, entry.token)
                if isinstance(entry.event, Ended):
                    base.execute("UPDATE sessions SET ended = 1, code = NULL WHERE id = ?", (session,))

    def admit(self, session: str, seat: Seat, token: str) -> None:
        """Let a token in for a seat, beside those that are in already."""
        with self._change() as base:
            self._admit(base, session, seat, token)

    def _admit(self, base: sqlite3.Connection, session: str, seat: Seat, token: str) -> None:
        base.execute("INSERT INTO seats VALUES (?, ?, ?, ?)", (session, seat.kind, seat.member, digest(token)))

    def alive(self, sessions: list[str], now: float) -> None:
        """Note that these sessions are being played: a clock that the server's end stops, stood here."""
        with self._change() as base:
            base.executemany("UPDATE sessions SET alive = ? WHERE id = ?", [(now, session) for session in sessions])

    def sessions(self) -> list[Kept]:
        """Return every session, the oldest first."""
        with self._lock:
            rows = self._base.execute("SELECT id, code, alive, ended FROM sessions ORDER BY rowid").fetchall()
        return [Kept(name, code, alive, bool(ended)) for name, code, alive, ended in rows]

    def ended(self, most: int) -> list[tuple[str, int]]:
        """Return sessions that are over, the newest first, at most so many: id, and how many people took a seat."""
        seated = "SELECT count(*) FROM seats WHERE session = id AND kind = 'member'"
        query = f"SELECT id, ({seated}) FROM sessions WHERE ended = 1 ORDER BY rowid DESC LIMIT ?"
        with self._lock:
            return [(name, people) for name, people in self._base.execute(query, (most,)).fetchall()]

    def opening(self, session: str) -> Opened:
        """Return the event that opened a session: its deck and its teams, without what happened since."""
        with self._lock:
            (line,) = self._base.execute(
                "SELECT event FROM events WHERE session = ? AND number = 0", (session,)
            ).fetchone()
        first = read_event(line)
        assert isinstance(first, Opened)
        return first

    def events(self, session: str) -> list[Event]:
        """Return a session's events in order; none if there is no such session."""
        with self._lock:
            lines = self._base.execute("SELECT event FROM events WHERE session = ? ORDER BY number", (session,))
            return [read_event(line) for (line,) in lines.fetchall()]

    def session(self, session: str) -> Session | None:
        """Return where a session stands, None if there is none of that id."""
        events = self.events(session)
        return lived(events) if events else None

    def seat(self, session: str, token: str) -> Seat | None:
        """Return whose token this is, None if nobody's; every token of the session is compared, in constant time."""
        found = None
        with self._lock:
            rows = self._base.execute("SELECT kind, member, sha256 FROM seats WHERE session = ?", (session,)).fetchall()
        for kind, member, kept in rows:
            if same(token, kept):
                found = Seat(kind, member)
        return found

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._base.close()
        self._let_go()

    def _let_go(self) -> None:
        """Let another server have the file."""
        if self._holding is not None and self._path is not None:
            os.close(self._holding)
            self._path.with_name(f"{self._path.name}.lock").unlink(missing_ok=True)
            self._holding = None
