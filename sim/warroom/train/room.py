"""One session as it is served: its state, its campaigns, and the browsers that look at it.

What happens is written down before it counts (:meth:`Room.happen`). Browsers are sent states at each beat, each body
written out once for all that see it. Campaigns are advanced on the stage's thread, and never waited for.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from sim.errors import BackfireError
from sim.warroom.faults import note_fault
from sim.warroom.house import House
from sim.warroom.lines import Line, Sheet
from sim.warroom.train.campaigns import Campaigns, History
from sim.warroom.train.clock import due
from sim.warroom.train.crowd import Making, Sight, crowd_of, look
from sim.warroom.train.events import Event
from sim.warroom.train.rules import after
from sim.warroom.train.session import Refused, Session
from sim.warroom.train.sights import prices
from sim.warroom.train.store import Entry, Seat, Store
from sim.warroom.train.views import (
    clock_body,
    laptop_body,
    plan_row,
    reveal_body,
    room_body,
    seats_body,
    team_body,
    wall_body,
)

Heard = Callable[[str, Session, Event], None]


class NotKept(BackfireError):
    """Something could not be written down, and so did not happen."""

    @classmethod
    def because(cls, problem: BaseException) -> NotKept:
        """Return what is told of a problem with the sessions' file."""
        return cls(f"It could not be written down: {problem}; try again.")


@dataclass(eq=False)
class Place:
    """A browser's: whose seat it has (None: it stands at the door), and what it was sent last, by type."""

    seat: Seat | None
    sent: dict[str, str] = field(default_factory=dict)


class Room:
    """A session that is being served.

    Parameters
    ----------
    house : House
    store : Store
    writer : Executor
        The one thread that writes to the store.
    id : str
    code : str or None
    session : Session
    number : int
        Events so far.
    now : callable
        Returns seconds since 1970.
    """

    def __init__(
        self, house: House, store: Store, writer: Executor, id: str, code: str | None, session: Session, number: int,
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self.id, self.code, self.session = id, code, session
        self.lines: dict[Line, Place] = {}
        self.heard: list[Heard] = []
        self.sights: dict[History, Sight] = {}
        self.hour = session.hour
        self._house, self._store, self._writer, self._number, self._now = house, store, writer, number, now
        self._ahead = session  # with what is being written
        self._queue: list[tuple[Entry, Session, asyncio.Future[None]]] = []
        self._writing = self._failing = False
        self._campaigns: Campaigns | None = None
        self._making: Making | None = None
        self._looking = False
        self._looked: tuple[frozenset[History], int] | None = None
        self._row = self._planned(now())
        self._news = True

    @property
    def prices(self) -> dict[str, Any]:
        """What each move costs now; nothing while there is no crowd."""
        return prices(self._campaigns.configuration, self.session.minute) if self._campaigns else {}

    # what happens

    async def happen(self, event: Event, seat: Seat | None = None, token: str = "") -> None:
        """Let an event happen: it is written first.

        Parameters
        ----------
        seat, token : Seat, str
            Who takes a seat by it, and by what token.

        Raises
        ------
        Refused
            The rules do not allow it now.
        NotKept
            It could not be written down, so it did not happen.
        """
        session = after(self._ahead, event)
        self._ahead = session
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((Entry(event, seat, token), session, kept))
        if not self._writing:
            self._writing = True
            self._house.start(self._write())
        await kept

    async def _write(self) -> None:
        """Write down what waits, as much as there is at a time, and let it count."""
        loop = asyncio.get_running_loop()
        try:
            while self._queue:
                batch, self._queue = self._queue, []
                entries = [entry for entry, _, _ in batch]
                try:
                    await loop.run_in_executor(self._writer, self._store.append, self.id, self._number, entries)
                except BaseException as problem:
                    # what came after was judged by what has not happened
                    if isinstance(problem, sqlite3.Error) and not self._failing:
                        note_fault("writing down what happens", problem)
                        self._failing = True
                    for _, _, kept in [*batch, *self._queue]:
                        if not kept.done():
                            kept.set_exception(NotKept.because(problem))
                    self._queue, self._ahead = [], self.session
                    if isinstance(problem, sqlite3.Error):
                        return  # whoever wanted it was told, and may try again
                    raise
                self._failing = False
                for entry, session, kept in batch:
                    self.session, self._number, self._news = session, self._number + 1, True
                    if not kept.done():
                        kept.set_result(None)
                    self._tell(entry.event)
        finally:
            self._writing = False

    def _tell(self, event: Event) -> None:
        """Tell whoever listens what has just happened."""
        if self.session.phase == "ended":
            self.code = None
        for heard in self.heard:
            try:
                heard(self.id, self.session, event)
            except Exception as problem:  # noqa: BLE001 - it has happened, whoever cannot bear to hear it
                note_fault("hearing of an event", problem)

    @property
    def address(self) -> str | None:
        """Under which others reach the page, as the server knows it."""
        return self._house.address

    @property
    def ready(self) -> bool:
        """Whether the crowd has been made."""
        return self._campaigns is not None

    def wake(self) -> None:
        """Make the crowd, if it is not made yet and will be needed."""
        if self._campaigns is None and self._making is None and self.session.phase != "ended":
            self._making = Making(self._now())
            self._house.start(self._make(self._making))

    async def _make(self, making: Making) -> None:
        loop = asyncio.get_running_loop()
        try:
            campaigns = await loop.run_in_executor(self._house.pool, crowd_of, self.session.deck, making.come_to)
        finally:
            self._making = None
        self._campaigns, self._news = campaigns, True
        self.hour = float(campaigns.configuration.post.hour)  # a session of an older file does not know it

    # who looks

    def enter(self, line: Line, seat: Seat | None) -> None:
        """Let a browser look; without a seat it sees who sits where."""
        self.lines[line] = Place(seat)
        self.wake()
        self._news = True
        line.put_sheet(self._clock(self._now()))
        self._send(line, self._sheets(seat))

    def leave(self, line: Line) -> None:
        """Forget a browser."""
        self.lines.pop(line, None)
        self._news = True

    def team_of(self, seat: Seat) -> int:
        """Return the team in which somebody sits.

        Raises
        ------
        Refused
            The seat was freed.
        """
        found = self.session.seat(seat.member)
        if found is None:
            raise Refused("Your seat was freed by the facilitator; join again with the code.")
        return found[0].number

    # beat by beat

    async def beat(self) -> None:
        """Let happen what the clock calls for, look at the campaigns, and send states."""
        while (event := due(self.session, self._now())) is not None:
            try:
                await self.happen(event)
            except (Refused, NotKept):
                # somebody was quicker, and that is still being written down, or this could not be: the next beat asks
                # again. Asking at once would never let the writing end. Clocks are told all the same.
                break
        if not self.lines:
            return
        now = self._now()
        self._look(now)
        if (row := self._planned(now)) != self._row:
            self._row, self._news = row, True
        clock = self._clock(now)
        for line in self.lines:
            line.put_sheet(clock)
        if self._news:
            self._news = False
            self._show()

    def _planned(self, now: float) -> int:
        """Return the row of the plan at which the session is."""
        return plan_row(self.session, self.session.minute_at(now))

    def _look(self, now: float) -> None:
        """Ask the stage for what agencies see now, unless it is still at it or nothing has changed."""
        wanted = frozenset(team.history for team in self.session.teams), int(self.session.minute_at(now))
        if self._campaigns is None or self._looking or wanted == self._looked or self.session.phase == "lobby":
            return
        self._looking = True
        self._house.start(self._looked_at(self._campaigns, *wanted))

    async def _looked_at(self, campaigns: Campaigns, wanted: frozenset[History], minute: int) -> None:
        loop = asyncio.get_running_loop()
        try:
            self.sights = await loop.run_in_executor(
                self._house.stage, look, campaigns, wanted, minute, self.session.deck, self.sights
            )
        finally:
            self._looking = False
            self._looked = wanted, minute
        self._news = True
        if self.session.phase == "ended" and minute >= int(self.session.minute):
            self._let_go(campaigns)

    def _let_go(self, campaigns: Campaigns) -> None:
        """Give the campaigns' memory back once the session is over and all have seen its end."""
        self._campaigns = None
        asyncio.get_running_loop().run_in_executor(self._house.stage, campaigns.close)

    def spent(self, team: int) -> float:
        """Return the working hours that a team has spent, as far as known."""
        sight = self.sights.get(self.session.team(team).history)
        return sight.spent if sight else 0.0

    # what is sent

    def _clock(self, now: float) -> Sheet:
        making = self._making.told(now) if self._making is not None else None
        return Sheet("clock", clock_body(self.session, now, ready=self.ready, hour=self.hour, making=making))

    def _show(self) -> None:
        """Send everybody what has changed, each state written out once for all that see it."""
        written: dict[str | int, list[Sheet]] = {}
        for line, place in list(self.lines.items()):
            eyes = self._eyes(place.seat)
            if eyes == "freed":
                line.tell("freed")
                line.close()
                del self.lines[line]
                continue
            if eyes not in written:
                written[eyes] = self._sheets(place.seat)
            self._send(line, written[eyes])

    def _eyes(self, seat: Seat | None) -> str | int:
        """Return what tells apart those who see different things: a member's team, else the kind of seat."""
        if seat is None:
            return "door"
        if seat.kind != "member":
            return seat.kind
        found = self.session.seat(seat.member)
        return found[0].number if found else "freed"

    def _send(self, line: Line, sheets: list[Sheet]) -> None:
        """Send states that a browser does not have yet."""
        sent = self.lines[line].sent
        for sheet in sheets:
            if sent.get(sheet.kind) != sheet.text:
                sent[sheet.kind] = sheet.text
                line.put_sheet(sheet)

    def _sheets(self, seat: Seat | None) -> list[Sheet]:
        """Return all states that a seat sees, besides the clock."""
        session, eyes = self.session, self._eyes(seat)
        if eyes == "door":
            return [Sheet("seats", seats_body(session))]
        revealed = [Sheet("reveal", reveal_body(session))] if session.revealed else []
        online = Counter(place.seat.member for place in self.lines.values() if place.seat is not None)
        if eyes == "wall":
            return [Sheet("wall", wall_body(session, self.code, online, self._row)), *revealed]
        if eyes == "facilitator":
            seen = {team.number: self._seen(team.number) for team in session.teams}
            return [Sheet("room", room_body(session, self.code, online, seen, self._row)), *revealed]
        if eyes == "laptop":
            # between two teams it shows nothing of any
            team = session.turn if not session.waiting else None
            return [Sheet("team", laptop_body(session)), *self._sight(team), *revealed]
        team = int(eyes)
        return [Sheet("team", team_body(session, team)), *self._sight(team), *revealed]

    def _seen(self, team: int) -> dict[str, Any]:
        sight = self.sights.get(self.session.team(team).history)
        return {"spent": sight.spent if sight else 0.0, "share": sight.counts["share"] if sight else None}

    def _sight(self, team: int | None) -> list[Sheet]:
        """Return what a team's agency sees; nothing before its campaign was looked at."""
        sight = self.sights.get(self.session.team(team).history) if team is not None else None
        counted, spent, messages = (sight.counts, sight.spent, sight.feed) if sight else (None, 0.0, [])
        return [
            Sheet("sight", {"counts": counted, "spent": spent, "prices": self.prices}),
            Sheet("feed", {"messages": messages}),
        ]
