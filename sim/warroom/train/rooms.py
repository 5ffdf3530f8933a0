"""All sessions of a server: opened, found again by code or token, beaten once in a while, and continued after an end.

A session that was running when the server ended is paused where its clock stood; the facilitator resumes it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sim.errors import BackfireError
from sim.warroom.doors import Refused, digest, new_code, new_mark, new_token
from sim.warroom.faults import note_fault
from sim.warroom.house import House
from sim.warroom.train.deck import Deck
from sim.warroom.train.events import MOST_TEAMS, Event, Opened, Paused
from sim.warroom.train.room import Heard, NotKept, Room
from sim.warroom.train.rules import lived
from sim.warroom.train.session import Session
from sim.warroom.train.store import Kept, Seat, SeatKind, Store

BEAT_SECONDS = 0.08
"""Between two states that browsers are sent: with some slack, ten a second."""
MOST_OVER = 30
"""How many sessions that are over the lobby lists."""
ALIVE_SECONDS = 2.0
"""How often it is noted that sessions are played."""


def steady() -> Callable[[], float]:
    """Return a clock that tells seconds since 1970 and never jumps.

    A session's clocks neither go back nor run out when the system's is set, or when the machine has slept.
    """
    begun = time.time() - time.monotonic()
    return lambda: begun + time.monotonic()


class Rooms:
    """The sessions of one house.

    Parameters
    ----------
    house : House
    now : callable
        Returns seconds since 1970; :func:`steady` by default.

    Raises
    ------
    ConfigError
        The sessions' file cannot be used.
    """

    def __init__(self, house: House, now: Callable[[], float] | None = None) -> None:
        self.house, self.now = house, now or steady()
        self._store: Store | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._rooms: dict[str, Room] = {}
        self._codes: dict[str, str] = {}
        self._heard: list[Heard] = []
        self._beating = False
        house.when_ending(self._end)
        if house.sessions.exists():
            self._codes = {kept.id: digest(kept.code) for kept in self.store.sessions() if kept.code is not None}

    @property
    def store(self) -> Store:
        """The sessions' file, made when it is first needed."""
        if self._store is None:
            self._store = Store(self.house.sessions)
        return self._store

    def when_heard(self, heard: Heard) -> None:
        """Call ``heard(session id, session, event)`` after each event of every room; it must be quick."""
        self._heard.append(heard)

    async def open(self, deck: Deck, teams: int, *, laptop: bool, hour: float) -> tuple[Room, str]:
        """Open a session, and return it with its facilitator's token.

        Parameters
        ----------
        hour : float, hour of day
            At which the deck's post goes out.

        Raises
        ------
        Refused
            Too many teams, or too many open sessions.
        """
        if teams > MOST_TEAMS:
            raise Refused(f"A session has at most {MOST_TEAMS} teams; got {teams}.")
        if len(self._codes) >= self.house.limits.sessions:
            raise Refused(f"{len(self._codes)} sessions are open, the most there may be; end one of them first.")
        name, code = new_mark(), new_code()
        self._codes[name] = digest(code)
        event = Opened(at=self.now(), deck=deck, teams=teams, laptop=laptop, hour=hour)
        try:
            await self._in_writer(self.store.open, name, code, event)
        except BaseException:
            self._codes.pop(name, None)
            raise
        room = self._place(name, code, Session.opened_by(event), 1)
        return room, await self.admit(room, "facilitator")

    async def admit(self, room: Room, kind: SeatKind) -> str:
        """Return a new token for a seat that is no member's."""
        token = new_token()
        await self._in_writer(self.store.admit, room.id, Seat(kind, new_mark()), token)
        return token

    async def _in_writer(self, work: Callable[..., None], *given: object) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._writer, work, *given)
        except sqlite3.Error as problem:
            raise NotKept.because(problem) from None

    def _place(self, name: str, code: str | None, session: Session, number: int) -> Room:
        room = Room(self.house, self.store, self._writer, name, code, session, number, self.now)
        room.heard = [self._forget_code, *self._heard]
        self._rooms[name] = room
        return room

    def _forget_code(self, name: str, session: Session, event: Event) -> None:
        if session.phase == "ended":
            self._codes.pop(name, None)

    async def room(self, name: str) -> Room:
        """Return a session by its id; one from before the server's last end is read again.

        Raises
        ------
        Refused
            There is none, or it cannot be read.
        """
        if name not in self._rooms and self.house.sessions.exists():
            loop = asyncio.get_running_loop()
            try:
                found = await loop.run_in_executor(self._writer, self._read, name)
            except (sqlite3.Error, ValueError, BackfireError) as problem:
                self._codes.pop(name, None)  # the others open all the same
                note_fault("reading a session", problem)
                raise Refused("This session cannot be read: its file is damaged, or of another version.") from None
            if found is not None and name not in self._rooms:  # somebody else may have asked meanwhile
                kept, events, session = found
                room = self._place(name, kept.code, session, len(events))
                if session.phase in ("running", "deciding") and not session.paused:
                    last = max(events[-1].at, kept.alive)
                    try:
                        await room.happen(Paused(at=last))
                    except BackfireError:  # its clock must not run on from where it stood long ago
                        self._rooms.pop(name, None)
                        raise
        if name not in self._rooms:
            raise Refused("There is no such session here; ask for the code again.")
        return self._rooms[name]

    def _read(self, name: str) -> tuple[Kept, list[Event], Session] | None:
        kept = next((each for each in self.store.sessions() if each.id == name), None)
        events = [] if kept is None else self.store.events(name)
        return None if kept is None else (kept, events, lived(events))

    async def by_code(self, address: str, code: str) -> Room:
        """Return the session that a code opens.

        Raises
        ------
        Refused
            None, or too many wrong codes came from there.
        """
        return await self.room(self.house.doors.opened_by(address, code, self._codes))

    async def seat(self, name: str | None, token: str | None) -> tuple[Room, Seat]:
        """Return the session and the seat of a token.

        Raises
        ------
        Refused
            It is nobody's.
        """
        room = await self.room(name or "")
        loop = asyncio.get_running_loop()
        seat = await loop.run_in_executor(self._writer, self.store.seat, room.id, token or "")
        if seat is None:
            raise Refused("This link is of no seat in this session; join again with the code.")
        return room, seat

    async def open_rooms(self) -> list[Room]:
        """Return the sessions that have not ended and can be read."""
        rooms = []
        for name in list(self._codes):
            try:
                rooms.append(await self.room(name))
            except BackfireError:
                continue
        return rooms

    async def over(self) -> list[tuple[str, int, Opened]]:
        """Return sessions that have ended, the newest first: id, people who took a seat, and how it was opened."""
        if not self.house.sessions.exists():
            return []
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._over)

    def _over(self) -> list[tuple[str, int, Opened]]:
        found = []
        try:
            for name, people in self.store.ended(MOST_OVER):
                try:
                    found.append((name, people, self.store.opening(name)))
                except (TypeError, ValueError, AssertionError) as problem:  # the others are listed all the same
                    note_fault("listing a session", problem)
        except sqlite3.Error as problem:
            note_fault("listing sessions", problem)
        return found

    def beat_on(self) -> None:
        """Begin to beat, if that has not begun."""
        if not self._beating:
            self._beating = True
            self.house.start(self._beat())

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        next_beat = next_alive = loop.time()
        while True:
            for room in list(self._rooms.values()):
                try:
                    await room.beat()
                except Exception as problem:  # noqa: BLE001 - one session's fault must not stop the others
                    note_fault("a session", problem)
            if loop.time() >= next_alive:
                next_alive = loop.time() + ALIVE_SECONDS
                await self._note_alive()
            next_beat = max(next_beat + BEAT_SECONDS, loop.time() + BEAT_SECONDS / 4)
            await asyncio.sleep(next_beat - loop.time())

    def _played(self) -> list[str]:
        return [room.id for room in self._rooms.values() if room.session.phase in ("running", "deciding")]

    async def _note_alive(self) -> None:
        """Note that sessions are played; where that cannot be written down, they are played all the same."""
        try:
            if played := self._played():
                await self._in_writer(self.store.alive, played, self.now())
        except NotKept as problem:
            note_fault("noting where clocks stand", problem)

    def _end(self) -> None:
        """Note where clocks stand, and let go of the file."""
        self._writer.shutdown(wait=True)
        if self._store is not None:
            store, self._store = self._store, None
            try:
                store.alive(self._played(), self.now())
            finally:
                store.close()
