"""One session as it is served: its state, its campaigns, and the browsers that look at it.

What happens is written down before it counts (:meth:`Room.happen`). Browsers are sent states at each beat, each body
written out once for all that see it. Campaigns are advanced on the stage's thread, and never waited for.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from sim.warroom.house import House
from sim.warroom.lines import Line, Sheet
from sim.warroom.train.campaigns import Campaigns, History
from sim.warroom.train.clock import due
from sim.warroom.train.deck import Deck, configuration_of
from sim.warroom.train.events import Event
from sim.warroom.train.rules import after
from sim.warroom.train.session import Refused, Session
from sim.warroom.train.sights import bin_minutes, counts, feed, hours_spent, prices
from sim.warroom.train.store import Seat, Store
from sim.warroom.train.views import clock_body, laptop_body, reveal_body, room_body, seats_body, team_body

Heard = Callable[[str, Session, Event], None]


@dataclass(frozen=True)
class Sight:
    """What the agency of one past sees: counts, messages, working hours spent."""

    counts: dict[str, Any]
    feed: list[dict[str, Any]]
    spent: float


def crowd_of(deck: Deck) -> Campaigns:
    """Return the campaigns of a deck, at minute 0; takes a second or so."""
    return Campaigns(configuration_of(deck), deck.replicate)


def look(campaigns: Campaigns, wanted: frozenset[History], minute: int, width: int, tag: str) -> dict[History, Sight]:
    """Bring campaigns to a minute and return what their agencies see."""
    campaigns.follow(wanted, minute)
    seen = {}
    for history in wanted:
        model = campaigns.model(history)
        seen[history] = Sight(counts(model, width), feed(model, tag), round(hours_spent(model, history), 2))
    return seen


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
        self.lines: dict[Line, Seat | None] = {}
        self.heard: list[Heard] = []
        self.sights: dict[History, Sight] = {}
        self.prices: dict[str, Any] = {}
        self.hour: float | None = None
        self._house, self._store, self._writer, self._number, self._now = house, store, writer, number, now
        self._turn = asyncio.Lock()
        self._campaigns: Campaigns | None = None
        self._making = self._looking = False
        self._looked: tuple[frozenset[History], int] | None = None
        self._news = True

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
        """
        async with self._turn:
            session = after(self.session, event)
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._writer, self._store.append, self.id, self._number, event, seat, token)
            self.session, self._number, self._news = session, self._number + 1, True
        if session.phase == "ended":
            self.code = None
        for heard in self.heard:
            heard(self.id, session, event)

    @property
    def ready(self) -> bool:
        """Whether the crowd has been made."""
        return self._campaigns is not None

    def wake(self) -> None:
        """Make the crowd, if it is not made yet and will be needed."""
        if self._campaigns is None and not self._making and self.session.phase != "ended":
            self._making = True
            self._house.start(self._make())

    async def _make(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            campaigns = await loop.run_in_executor(self._house.pool, crowd_of, self.session.deck)
        finally:
            self._making = False
        self._campaigns, self._news = campaigns, True
        self.hour = float(campaigns.configuration.post.hour)
        self.prices = prices(campaigns.configuration)

    # who looks

    def enter(self, line: Line, seat: Seat | None) -> None:
        """Let a browser look; without a seat it sees who sits where."""
        self.lines[line] = seat
        self.wake()
        self._news = True
        self._show_line(line, seat, self._now())

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
            except Refused:  # somebody was quicker: ask again
                continue
        if not self.lines:
            return
        now = self._now()
        self._look(now)
        clock = Sheet("clock", clock_body(self.session, now, ready=self.ready, hour=self.hour))
        for line in self.lines:
            line.put_sheet(clock)
        if self._news:
            self._news = False
            self._show(now)

    def _look(self, now: float) -> None:
        """Ask the stage for what agencies see now, unless it is still at it or nothing has changed."""
        wanted = frozenset(team.history for team in self.session.teams), int(self.session.minute_at(now))
        if self._campaigns is None or self._looking or wanted == self._looked or self.session.phase == "lobby":
            return
        self._looking = True
        self._house.start(self._looked_at(self._campaigns, *wanted))

    async def _looked_at(self, campaigns: Campaigns, wanted: frozenset[History], minute: int) -> None:
        deck = self.session.deck
        loop = asyncio.get_running_loop()
        try:
            self.sights = await loop.run_in_executor(
                self._house.stage, look, campaigns, wanted, minute, bin_minutes(deck.minutes), deck.tag
            )
        finally:
            self._looking = False
            self._looked = wanted, minute
        self._show_sights()
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

    def _show(self, now: float) -> None:
        """Send everybody what may have changed."""
        for line, seat in list(self.lines.items()):
            self._show_line(line, seat, now)

    def _show_line(self, line: Line, seat: Seat | None, now: float) -> None:
        session = self.session
        if seat is None:
            line.put("seats", seats_body(session))
            return
        line.put("clock", clock_body(session, now, ready=self.ready, hour=self.hour))
        if seat.kind == "facilitator":
            online = Counter(each.member for each in self.lines.values() if each is not None)
            seen = {team.number: self._seen(team.number) for team in session.teams}
            line.put("room", room_body(session, self.code, online, seen))
        elif seat.kind == "laptop":
            line.put("team", laptop_body(session))
        elif session.seat(seat.member) is not None:
            line.put("team", team_body(session, self.team_of(seat)))
        else:
            line.tell("freed")
            line.close()
            return
        if session.revealed:
            line.put("reveal", reveal_body(session))
        self._show_sight(line, seat)

    def _seen(self, team: int) -> dict[str, Any]:
        sight = self.sights.get(self.session.team(team).history)
        return {"spent": sight.spent if sight else 0.0, "share": sight.counts["share"] if sight else None}

    def _show_sights(self) -> None:
        self._news = self._news or any(seat and seat.kind == "facilitator" for seat in self.lines.values())
        for line, seat in self.lines.items():
            self._show_sight(line, seat)

    def _show_sight(self, line: Line, seat: Seat | None) -> None:
        """Send a team what its agency sees; a laptop that is between two teams sees nothing of any."""
        if seat is None or seat.kind == "facilitator":
            return
        if seat.kind == "laptop":
            number = self.session.turn if not self.session.waiting else None
        else:
            found = self.session.seat(seat.member)
            number = found[0].number if found else None
        sight = self.sights.get(self.session.team(number).history) if number is not None else None
        if number is None or sight is None:
            line.put("sight", {"counts": None, "spent": 0.0, "prices": self.prices})
            line.put("feed", {"messages": []})
            return
        line.put("sight", {"counts": sight.counts, "spent": sight.spent, "prices": self.prices})
        line.put("feed", {"messages": sight.feed})
