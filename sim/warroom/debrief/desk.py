"""The debrief's desk: who may see what of it, and the futures that are lived beside a session.

A facilitator sees the debrief once the play is over; a team when the facilitator has revealed it, and until then
nothing of it is sent. Futures are lived from the start on: one piece at a time while decisions are to come, two once
all moves are known, and none while a decision is open or the room is late; what is known is kept for all sessions of
the same deck.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal

from sim.warroom.debrief.courses import Made, Side, wanted
from sim.warroom.debrief.export import drawings, page, table
from sim.warroom.debrief.futures import Campaigns, Futures
from sim.warroom.debrief.kept import Kept
from sim.warroom.debrief.told import debrief, seen_by
from sim.warroom.doors import Refused
from sim.warroom.house import Desk, House
from sim.warroom.lines import Line, Sheet
from sim.warroom.train.events import Ended, Event, Revealed, Settled, Started
from sim.warroom.train.moves import label_of
from sim.warroom.train.rooms import Rooms
from sim.warroom.train.session import Answer, Session
from sim.warroom.train.store import Seat
from sim.warroom.words import Hello, Vocabulary, Word, vocabulary

TELL_SECONDS = 3.0
"""Futures that came in are told no more often than this."""
PACE_SECONDS = 5.0
"""After so long it is told how long the rest takes."""
AT_ONCE = 2
"""Pieces that are lived at once when nothing is played any more."""
WAKES_SECONDS, WAITS_SECONDS = 0.02, 0.5
"""While a session is played: a loop that sleeps so long and wakes as much too late is busy; when it is asked again."""
DECKS_KEPT = 4
EVERYBODY = 0
"""Who sees all teams' decisions: the facilitator, and a laptop that all teams share."""


class Export(Word):
    """Asks for the debrief as a file."""

    t: Literal["export"]
    what: Literal["page", "table"]


Seated = Callable[[str, str], Awaitable[tuple[Session, Seat]]]
"""Finds a session and the seat of a token in it; raises what is told to who has none."""


def sides_of(session: Session) -> list[Side]:
    """Return the teams of a session that are played, with what was settled so far."""
    played = [team for team in session.teams if session.laptop or team.members or any(a.move for a in team.answers)]
    return [
        Side(team.number, team.name, tuple(
            Made(each.decision, each.minute, each.confirmed, each.confidence, each.late, each.move, *_written(each))
            for each in team.answers if each.confirmed is not None))
        for team in played
    ]  # fmt: skip


def _written(answer: Answer) -> tuple[str, str]:
    """Return a team's sentence and argument; where it submitted none, the draft that stood there, called one."""
    draft = answer.draft
    if draft is None:
        return answer.sentence, answer.argument
    marked = f"; marked: {label_of(draft.move, answer.minute)}" if draft.move else ""
    return f"(A draft, not submitted{marked}.) {draft.sentence}".strip(), draft.argument


@dataclass
class Watcher:
    """One browser that looks at a debrief: of which session, and as which team."""

    line: Line
    session: str
    team: int
    leads: bool

    def may_see(self, session: Session) -> bool:
        """Tell whether anything of the debrief is sent to it."""
        return session.phase == "ended" and (self.leads or session.revealed)


class Work:
    """The futures of one session, lived while there is something to live.

    Parameters
    ----------
    house : House
    session : Session
    futures : Futures
    tell : callable
        Called in the event loop with what is known, after the play.
    """

    def __init__(self, house: House, session: Session, futures: Futures, tell: Callable[[dict[str, Any]], Any]) -> None:
        self.session, self.futures = session, futures
        self.told: dict[str, Any] | None = None
        self._house, self._tell = house, tell
        self._task: asyncio.Task[Any] | None = None
        self._planned = False
        self.deciding = False

    def note(self, session: Session) -> None:
        """Take in how the session stands now."""
        self.session, self._planned = session, False
        if self._task is None or self._task.done():
            self._task = self._house.start(self._live())

    async def _live(self) -> None:
        """Live what is missing, planning anew whenever something was settled."""
        while not self._planned:
            self._planned = True
            await self._live_planned()

    async def _live_planned(self) -> None:
        loop, pool = asyncio.get_running_loop(), self._house.pool
        sides, deck = sides_of(self.session), self.session.deck
        over = self.session.phase == "ended"
        decided = over or all(len(side.made) == len(deck.decisions) for side in sides)
        needed = wanted(sides, best=deck.best_known is not None)
        pieces = self.futures.pieces(needed)
        begun, known, told_at = loop.time(), self.futures.done(needed), -TELL_SECONDS

        def pace() -> float | None:
            passed = loop.time() - begun
            return (self.futures.done(needed) - known) / passed if passed >= PACE_SECONDS else None

        async def live_on() -> None:
            nonlocal told_at
            while self._planned and (piece := next(pieces, None)) is not None:
                if not over:
                    await self._quiet()
                await loop.run_in_executor(pool, self.futures.live, piece)
                if over and loop.time() - told_at >= TELL_SECONDS:
                    told_at = loop.time()
                    await self._say(sides, pace())

        await asyncio.gather(*(live_on() for _ in range(AT_ONCE if decided else 1)))
        if over and self._planned:
            await self._say(sides)

    async def _quiet(self) -> None:
        """Wait until the room can spare the processor: no decision is open, and the loop wakes in time."""
        loop = asyncio.get_running_loop()
        while self._planned:
            asked = loop.time()
            await asyncio.sleep(WAKES_SECONDS)
            if not self.deciding and loop.time() - asked < 2 * WAKES_SECONDS:
                return
            await asyncio.sleep(WAITS_SECONDS)

    async def _say(self, sides: Sequence[Side], pace: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.told = await loop.run_in_executor(
            self._house.pool, debrief, self.session.deck, sides, self.futures, int(self.session.minute), pace
        )
        await self._tell(self.told)


class DebriefDesk:
    """Takes browsers that look at a debrief, and lives the futures that it is made of.

    Parameters
    ----------
    house : House
    seated : callable
        ``await seated(session, token)`` returns the session and whose token it is, or refuses.
    """

    words: Vocabulary = vocabulary(Export)

    def __init__(self, house: House, seated: Seated) -> None:
        self._house, self._seated = house, seated
        self._works: dict[str, Work] = {}
        self._futures: OrderedDict[str, Futures] = OrderedDict()
        self._kept: Kept | None = None
        self._finding = Lock()
        self._watching: dict[Line, Watcher] = {}

    async def opened(self, line: Line, hello: Hello) -> Mapping[str, Any]:
        """Let in who has a seat in the session."""
        name = hello.session or ""
        session, seat = await self._seated(name, hello.token or "")
        sitting = session.seat(seat.member) if seat.kind == "member" else None
        if seat.kind == "member" and sitting is None:
            raise Refused("Your seat in this session was freed; ask your trainer.")
        team = EVERYBODY if sitting is None else sitting[0].number
        watcher = self._watching[line] = Watcher(line, name, team, seat.kind == "facilitator")
        if session.phase == "lobby":  # nothing is lived before the start, whoever looks
            line.put("debrief", {"state": "playing"})
        else:
            await self.note(name, session)
        return {"team": watcher.team, "leads": watcher.leads}

    def heard(self, name: str, session: Session, event: Event) -> None:
        """Hear what happened in a session, and live its futures beside it."""
        if name in self._works:
            self._works[name].deciding = session.phase == "deciding"
        if isinstance(event, (Started, Settled, Ended, Revealed)):
            self._house.start(self.note(name, session))

    async def note(self, name: str, session: Session) -> None:
        """Take in how a session stands: after something was settled, ended or revealed."""
        work = self._works.get(name)
        if work is None:
            futures = await asyncio.to_thread(self._futures_of, session)
            work = self._works.setdefault(name, Work(self._house, session, futures, lambda told: self._spread(name)))
        if work.session != session or work.told is None:
            work.note(session)
        for watcher in [each for each in self._watching.values() if each.session == name]:
            if watcher.may_see(session):
                continue
            watcher.line.put("debrief", {"state": "playing" if session.phase != "ended" else "waiting"})
        await self._spread(name)

    def _futures_of(self, session: Session) -> Futures:
        """Return the futures of a deck, kept for the next session of it."""
        key = session.deck.model_dump_json()
        with self._finding:
            found = self._futures.get(key)
            if found is None:
                campaigns = Campaigns.of(session.deck)
                found = self._futures[key] = Futures(campaigns, stopped=self._house.ending, kept=self._shelf())
                while len(self._futures) > DECKS_KEPT:
                    self._futures.popitem(last=False)
            self._futures.move_to_end(key)
        return found

    def _shelf(self) -> Kept:
        """Return where futures are kept: beside the sessions, from the first one on."""
        if self._kept is None:
            self._kept = Kept(self._house.sessions)
            self._house.when_ending(self._kept.close)
        return self._kept

    async def _spread(self, name: str) -> None:
        """Send what is known to all who may see it: each kind of watcher its own."""
        work = self._works[name]
        told, session = work.told, work.session
        watching = [each for each in self._watching.values() if each.session == name and each.may_see(session)]
        if told is None or session.phase != "ended":
            for watcher in watching:
                watcher.line.put("debrief", {"state": "running"})
            return
        loop = asyncio.get_running_loop()
        for team, leads in sorted({(each.team, each.leads) for each in watching}):
            more = {"revealed": session.revealed, "leads": leads}
            sheet = await loop.run_in_executor(self._house.pool, _sheet, told, team, more)
            for watcher in watching:
                if (watcher.team, watcher.leads) == (team, leads) and watcher.may_see(work.session):
                    watcher.line.put_sheet(sheet)

    async def said(self, line: Line, message: Word) -> Mapping[str, Any]:
        """Write the debrief down as a file."""
        assert isinstance(message, Export)
        watcher = self._watching[line]
        work = self._works.get(watcher.session)
        if work is None or not watcher.may_see(work.session) or work.told is None:
            raise Refused("There is nothing to write down yet.")
        told = _seen(work.told, watcher.team)
        write = page if message.what == "page" else table
        text = await asyncio.get_running_loop().run_in_executor(self._house.pool, write, told)
        ending = "html" if message.what == "page" else "csv"
        whole = told["progress"]["done"] >= told["progress"]["of"]
        name = f"debrief_{work.session.deck.id}{'' if whole else '_unfinished'}.{ending}"
        return {"name": name, "text": text, "whole": whole}

    async def closed(self, line: Line) -> None:
        """Forget a browser."""
        self._watching.pop(line, None)


def _seen(told: dict[str, Any], team: int) -> dict[str, Any]:
    return told if team == EVERYBODY else seen_by(told, team)


def _sheet(told: dict[str, Any], team: int, more: Mapping[str, Any]) -> Sheet:
    """Return what is sent, written out once: the values and the drawings of them."""
    seen = _seen(told, team)
    return Sheet("debrief", {"state": "open", "told": seen, "drawn": drawings(seen), **more})


def debrief_at(rooms: Rooms) -> dict[str, Desk]:
    """Return who takes a browser that looks at a debrief of these sessions; their futures are lived beside them."""

    async def seated(name: str, token: str) -> tuple[Session, Seat]:
        room, seat = await rooms.seat(name, token)
        return room.session, seat

    desk = DebriefDesk(rooms.house, seated)
    rooms.when_heard(desk.heard)
    return {"debrief": desk}
