"""Who takes a browser in training: the host's, the facilitator's, the wall's, a joiner's, a team member's desk.

A token says where its bearer sits, and that alone decides what may be done: whatever a member's browser sends, it acts
for its own team.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from sim.errors import unknown_name
from sim.warroom.doors import Bucket, new_mark, new_token
from sim.warroom.house import Desk
from sim.warroom.lines import Line
from sim.warroom.train.deck import Deck, configuration_of, deck_names, read_deck
from sim.warroom.train.events import (
    Closed,
    Confirmed,
    Decided,
    Drafted,
    Ended,
    Event,
    Extended,
    Injected,
    Joined,
    Left,
    Passed,
    Paused,
    Resumed,
    Revealed,
    Settled,
    Shown,
    Skipped,
    Started,
    Taken,
)
from sim.warroom.train.handouts import handouts, plain
from sim.warroom.train.messages import (
    FACILITATOR,
    HOST,
    JOINER,
    MEMBER,
    Confirm,
    Decide,
    Decks,
    Draft,
    Enter,
    Extend,
    Free,
    Join,
    Open,
    Pass,
    Plain,
    Show,
    Take,
    Tell,
)
from sim.warroom.train.moves import BEFORE, TOLD
from sim.warroom.train.room import Room
from sim.warroom.train.rooms import Rooms
from sim.warroom.train.session import Refused, Session
from sim.warroom.train.store import Seat
from sim.warroom.train.views import brief, posted_at, seats_body, whole
from sim.warroom.train.way_in import way_in
from sim.warroom.words import Hello, Vocabulary, vocabulary

Answer = Mapping[str, Any] | None
LAPTOP, WALL, SHEETS = "laptop", "wall", "sheets"
DRAFTS_A_SECOND, DRAFTS_AT_ONCE = 2.5, 10.0
"""How often a browser may share a draft; one that does so more often is heard more slowly."""


def read_checked(name: str) -> tuple[Deck, float]:
    """Return a deck whose campaign can be run, also with its best known policy, and the hour of day of its post.

    It takes half a second.

    Raises
    ------
    ConfigError
        What is wrong with it.
    """
    deck = read_deck(name)
    hour = float(configuration_of(deck).post.hour)
    if deck.best_known is not None:
        configuration_of(deck, deck.best_known.words)
    return deck, hour


def must_make_sense(session: Session, team: int, move: str | None) -> None:
    """Refuse a move about a call that a team has taken back; not a rule, so that older sessions can be read.

    Raises
    ------
    Refused
        Nothing of the kind is out.
    """
    asked = session.decision
    if asked is not None and move in asked.moves and move not in session.team(team).choices(asked):
        raise Refused("That is about a call that is not out: the team has taken it back, or never posted it.")


class HostDesk:
    """The lobby: decks to choose from, sessions to open and to enter again."""

    words: Vocabulary = HOST

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def opened(self, line: Line, hello: Hello) -> Answer:
        """Let in whoever holds the house link."""
        self._rooms.house.admit_owner(hello.token)
        self._rooms.beat_on()
        return await self._offer(line)

    async def said(self, line: Line, message: Decks | Open | Enter) -> Answer:
        """List, open or enter."""
        if isinstance(message, Decks):
            return await self._offer(line)
        if isinstance(message, Enter):
            room = await self._rooms.room(message.session)
            return {"session": room.id, "token": await self._rooms.admit(room, "facilitator")}
        loop = asyncio.get_running_loop()
        own, pool = self._rooms.house.deck, self._rooms.house.pool
        if not (own is not None and message.deck == "own") and message.deck not in deck_names():
            raise unknown_name("deck", message.deck, deck_names())  # a browser opens no file of this machine
        named = str(own) if own is not None and message.deck == "own" else message.deck
        deck, hour = await loop.run_in_executor(pool, read_checked, named)
        room, token = await self._rooms.open(deck, message.teams, laptop=message.laptop, hour=hour)
        room.wake()
        return {"session": room.id, "token": token}

    async def closed(self, line: Line) -> None:
        """Forget nothing."""

    async def _offer(self, line: Line) -> Answer:
        loop = asyncio.get_running_loop()
        own, pool = self._rooms.house.deck, self._rooms.house.pool
        names = [*(["own"] if own is not None else []), *deck_names()]
        decks = []
        for name in names:
            deck = await loop.run_in_executor(pool, read_deck, str(own) if name == "own" else name)
            decks.append(brief(deck) | {
                "name": name, "own": name == "own", "objectives": list(deck.objectives),
                "decisions": len(deck.decisions), "minutes": deck.plan[-1].at, "followers": deck.followers,
            })  # fmt: skip
        rooms = await self._rooms.open_rooms()
        return {"decks": decks, "sessions": [
            {"session": room.id, "title": room.session.deck.title, "phase": room.session.phase, "code": room.code,
             "teams": len(room.session.teams), "members": sum(len(team.members) for team in room.session.teams),
             "opened": room.session.opened, "laptop": room.session.laptop, "join": way_in(room, line)}
            for room in rooms
        ], "over": [
            {"session": name, "title": first.deck.title, "teams": first.teams, "members": people, "opened": first.at}
            for name, people, first in await self._rooms.over()
        ]}  # fmt: skip


class JoinerDesk:
    """The door: who types the code sees the teams and takes a seat."""

    words: Vocabulary = JOINER

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._at: dict[Line, Room] = {}

    async def opened(self, line: Line, hello: Hello) -> Answer:
        """Let in whoever has the code."""
        room = await self._rooms.by_code(line.address, hello.code or "")
        if room.session.laptop:
            raise Refused("This session is played on one laptop; nobody joins it from another browser.")
        self._rooms.beat_on()
        self._at[line] = room
        room.enter(line, None)
        return {"session": room.id, "title": room.session.deck.title, **seats_body(room.session)}

    async def said(self, line: Line, message: Join) -> Answer:
        """Give a seat, and the token by which its browser finds it again."""
        room, member, token = self._at[line], new_mark(), new_token()
        team = room.session.team(message.team).number
        event = Joined(at=self._rooms.now(), team=team, member=member, name=message.name)
        await room.happen(event, Seat("member", member), token)
        return {"session": room.id, "token": token, "team": message.team}

    async def closed(self, line: Line) -> None:
        """Forget a browser."""
        self._at.pop(line).leave(line)


class MemberDesk:
    """A team's browsers, and the laptop that teams share."""

    words: Vocabulary = MEMBER

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._at: dict[Line, tuple[Room, Seat, Bucket]] = {}

    async def opened(self, line: Line, hello: Hello) -> Answer:
        """Let in whoever has a seat's token."""
        room, seat = await self._rooms.seat(hello.session, hello.token)
        if seat.kind == "member":
            room.team_of(seat)
        elif seat.kind != LAPTOP:
            raise Refused("This link is of no team's seat; open the page that it was made for.")
        self._rooms.beat_on()
        self._at[line] = (room, seat, Bucket(DRAFTS_A_SECOND, DRAFTS_AT_ONCE))
        room.enter(line, seat)
        return {"member": seat.member, "laptop": seat.kind == LAPTOP, "deck": brief(room.session.deck)}

    async def said(self, line: Line, message: Draft | Decide | Take | Pass) -> Answer:
        """Write a draft, decide, take the laptop or hand it over: for the seat's own team."""
        room, seat, pace = self._at[line]
        if isinstance(message, Draft):
            await asyncio.sleep(pace.owe())
        at, team = self._rooms.now(), self._team(room, seat, message.team)
        if isinstance(message, Take):
            await room.happen(Taken(at=at, team=team))
        elif isinstance(message, Pass):
            await room.happen(Passed(at=at, team=team))
        else:
            said = message.model_dump(exclude={"t", "n", "team"})
            event = (Drafted if isinstance(message, Draft) else Decided)(at=at, team=team, member=seat.member, **said)
            must_make_sense(room.session, team, message.move)
            if isinstance(message, Decide):
                self._afford(room, team, message.move)
            await room.happen(event)
            if isinstance(event, Decided):
                answer = room.session.team(team).answer(event.decision)
                return {"late": answer is not None and answer.late}
        return None

    async def closed(self, line: Line) -> None:
        """Forget a browser."""
        room, *_ = self._at.pop(line)
        room.leave(line)

    def _team(self, room: Room, seat: Seat, named: int | None) -> int:
        """Return the team that somebody acts for: its own; a shared laptop says which."""
        if seat.kind == LAPTOP:
            if named is None:
                raise Refused("Say for which team.")
            return named
        own = room.team_of(seat)
        if named not in (None, own):
            raise Refused("You can act for your own team only.")
        return own

    def _afford(self, room: Room, team: int, move: str) -> None:
        """Refuse a move that a team has no working hours left for."""
        left = room.session.deck.budget_hours - room.spent(team)
        price = room.prices.get(move, {"hours": 0.0, "each": 0.0})
        if price["hours"] > left or (price["each"] > 0.0 and left <= 0.0):
            raise Refused(
                f"Your team has {max(0.0, left):.1f} working hours left; this move takes {price['hours']:g} at once. "
                "Choose one that costs less."
            )


class WallDesk:
    """The projector: it sees what the whole room may see, and asks for nothing."""

    words: Vocabulary = vocabulary()

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._at: dict[Line, Room] = {}

    async def opened(self, line: Line, hello: Hello) -> Answer:
        """Let in whoever has a wall's token."""
        room, seat = await self._rooms.seat(hello.session, hello.token)
        if seat.kind != WALL:
            raise Refused("This is not the wall's link; open the wall from the facilitator's desk.")
        self._rooms.beat_on()
        self._at[line] = room
        room.enter(line, seat)
        deck, session = room.session.deck, room.session
        return {
            "deck": {"title": deck.title, "hours": deck.hours, "moves": TOLD, "before": BEFORE,
                     "followers": deck.followers, "posted": posted_at(deck)},
            "laptop": session.laptop,
            "join": way_in(room, line),
        }  # fmt: skip

    async def said(self, line: Line, message: Any) -> Answer:
        """Hear nothing: a wall has no words."""

    async def closed(self, line: Line) -> None:
        """Forget a browser."""
        self._at.pop(line).leave(line)


class FacilitatorDesk:
    """The room's controls."""

    words: Vocabulary = FACILITATOR

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._at: dict[Line, Room] = {}

    async def opened(self, line: Line, hello: Hello) -> Answer:
        """Let in whoever has a facilitator's token."""
        room, seat = await self._rooms.seat(hello.session, hello.token)
        if seat.kind != "facilitator":
            raise Refused("This is not the facilitator's link.")
        self._rooms.beat_on()
        self._at[line] = room
        room.enter(line, seat)
        return {"deck": whole(room.session.deck), "laptop": room.session.laptop, "join": way_in(room, line)}

    async def said(self, line: Line, message: Any) -> Answer:
        """Do what the facilitator asks."""
        room = self._at[line]
        if isinstance(message, Plain) and message.t == LAPTOP:
            if not room.session.laptop:
                raise Refused("Teams of this session have browsers of their own.")
            return {"token": await self._rooms.admit(room, "laptop")}
        if isinstance(message, Plain) and message.t == WALL:
            return {"token": await self._rooms.admit(room, "wall")}
        if isinstance(message, Plain) and message.t == SHEETS:
            loop, pool = asyncio.get_running_loop(), self._rooms.house.pool
            return {"sheets": plain(await loop.run_in_executor(pool, handouts, room.session.deck))}
        if isinstance(message, Plain) and message.t in ("start", "resume") and not room.ready:
            room.wake()
            raise Refused("The crowd is still being made; your desk tells how far it is.")
        if isinstance(message, Confirm):
            must_make_sense(room.session, message.team, message.move)
        await room.happen(_event(message, self._rooms.now()))
        return None

    async def closed(self, line: Line) -> None:
        """Forget a browser."""
        self._at.pop(line).leave(line)


_PLAIN: dict[str, type[Event]] = {
    "start": Started, "pause": Paused, "resume": Resumed, "skip": Skipped, "close": Closed, "settle": Settled,
    "end": Ended, "reveal": Revealed,
}  # fmt: skip


def _event(message: Any, at: float) -> Event:
    """Return the event that a facilitator's message asks for."""
    if isinstance(message, Plain):
        return _PLAIN[message.t](at=at)
    kind: dict[type[Any], type[Event]] = {
        Extend: Extended, Confirm: Confirmed, Tell: Injected, Show: Shown, Free: Left,
    }  # fmt: skip
    return kind[type(message)](at=at, **message.model_dump(exclude={"t", "n"}))


def desks_at(rooms: Rooms) -> dict[str, Desk]:
    """Return who takes a browser in training, by what it wants to be."""
    return {
        "host": HostDesk(rooms),
        "joiner": JoinerDesk(rooms),
        "member": MemberDesk(rooms),
        "facilitator": FacilitatorDesk(rooms),
        "wall": WallDesk(rooms),
    }
