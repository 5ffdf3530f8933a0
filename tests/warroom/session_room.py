"""A training session in a test: a server with a clock that the test moves, and browsers by who they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml
from starlette.testclient import TestClient

from sim.warroom.app import make_app
from sim.warroom.train.desks import desks_at
from sim.warroom.train.rooms import Rooms
from tests.warroom.live_page import HOUSE_TOKEN, Browser, browser, make_house, served
from tests.warroom.toy_deck import CONTENT


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


class Played:
    """One server with the toy deck, and its browsers."""

    def __init__(self, rooms: Rooms, client: TestClient, clock: Clock, stack: ExitStack) -> None:
        self.rooms, self.client, self.clock, self._stack = rooms, client, clock, stack
        self._pages = 0

    def line(self) -> Browser:
        """Open a line that says nothing yet."""
        self._pages += 1
        return self._stack.enter_context(browser(self.client, f"page-{self._pages}"))

    def host(self) -> Browser:
        """Come in by the house link."""
        host = self.line()
        assert host.hello("host", token=HOUSE_TOKEN)["t"] == "done"
        return host

    def open(self, teams: int = 2, **more: Any) -> tuple[Browser, str, str]:
        """Open a session; return its facilitator, its id and its code."""
        opened = self.host().ask("open", deck="own", teams=teams, **more)
        assert opened["t"] == "done", opened
        facilitator = self.facilitator(opened["session"], opened["token"])
        return facilitator, opened["session"], until(facilitator, "room")["code"]

    def facilitator(self, session: str, token: str) -> Browser:
        """Come in as a facilitator."""
        line = self.line()
        assert line.hello("facilitator", session=session, token=token)["t"] == "done"
        return line

    def join(self, code: str, team: int, name: str = "Somebody") -> tuple[Browser, str]:
        """Take a seat; return the member's line and token."""
        joiner = self.line()
        assert joiner.hello("joiner", code=code)["t"] == "done"
        seat = joiner.ask("join", team=team, name=name)
        assert seat["t"] == "done", seat
        return self.member(seat["session"], seat["token"]), seat["token"]

    def member(self, session: str, token: str) -> Browser:
        """Come in by a seat's token."""
        line = self.line()
        answer = line.hello("member", session=session, token=token)
        assert answer["t"] == "done", answer
        return line

    def start(self, facilitator: Browser) -> None:
        """Let the post go out, once the crowd is there."""
        until(facilitator, "clock", lambda clock: clock["ready"])
        assert facilitator.ask("start")["t"] == "done"


def until(
    line: Browser, kind: str, right: Callable[[dict[str, Any]], bool] = lambda _: True, *, first: int = 0
) -> dict[str, Any]:
    """Return the next message of a type that is right, of those in ``heard`` from one on or yet to come."""
    place = first
    while True:
        if place == len(line.heard):
            line.heard.append(line.hear())
        message = line.heard[place]
        place += 1
        if message["t"] == kind and right(message):
            line.seen = max(line.seen, place)
            return message


def fresh(line: Browser, kind: str, right: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
    """Return the first right message that came after this line last spoke, and after what was returned so before.

    An answer and the state that it leads to come in either order, so what came with the answer counts.
    """
    return until(line, kind, right, first=min(line.seen, len(line.heard)))


def deciding(line: Browser) -> dict[str, Any]:
    """Wait until a decision is open."""
    return fresh(line, "clock", lambda clock: clock["phase"] == "deciding")


def decision(name: str = "first", move: str = "clarify", **more: Any) -> dict[str, Any]:
    """Return the body of a decision."""
    return {"decision": name, "move": move, "sentence": "We hear you.", "argument": "", "confidence": 60} | more


@contextmanager
def playing(folder: Path, clock: Clock | None = None, **changes: Any) -> Iterator[Played]:
    """Serve the toy deck, some of its fields changed."""
    folder.mkdir(exist_ok=True)
    deck, clock = folder / "toy.yaml", clock or Clock()
    deck.write_text(yaml.safe_dump({**CONTENT, **changes}), encoding="utf-8")
    house = make_house(folder)
    house.deck = deck
    rooms = Rooms(house, clock)
    with served(make_app(house, 8765, desks_at(rooms))) as client, ExitStack() as stack:
        yield Played(rooms, client, clock, stack)
