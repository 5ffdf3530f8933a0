"""A server without a socket: its application, a browser's headers, and lines that speak its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketTestSession

from sim.warroom.app import desks_of, make_app
from sim.warroom.doors import Limits
from sim.warroom.house import House

HOUSE_TOKEN = "a-house-token-of-tests"
HERE = "http://127.0.0.1:8765"
ORIGIN = {"origin": HERE}
LIVE = "ws://127.0.0.1:8765/live"


def make_house(folder: Path, **changes: Any) -> House:
    """Return a house whose files lie in a folder; limits by name."""
    return House(HOUSE_TOKEN, results=folder, sessions=folder / "sessions.sqlite", limits=Limits(**changes))


@contextmanager
def served(app: FastAPI) -> Iterator[TestClient]:
    """Run an application, as a browser at its own address meets it."""
    with TestClient(app, base_url=HERE) as client:
        yield client


@contextmanager
def war_room(folder: Path, **limits: Any) -> Iterator[TestClient]:
    """Run the whole war room."""
    house = make_house(folder, **limits)
    with served(make_app(house, 8765, desks_of(house))) as client:
        yield client


class Browser:
    """One line of a browser.

    ``ask`` sends a message and returns its answer; what else comes meanwhile is kept in ``heard``. What came before
    the last message was sent lies before ``seen``.
    """

    def __init__(self, socket: WebSocketTestSession, page: str) -> None:
        self.socket, self.page = socket, page
        self.heard: list[dict[str, Any]] = []
        self.seen = 0
        self._numbers = count(1)

    def send(self, kind: str, **body: Any) -> int:
        """Send a message and return its number."""
        n = body.pop("n", None) or next(self._numbers)
        self.seen = len(self.heard)
        self.socket.send_text(json.dumps({"t": kind, "n": n, **body}))
        return int(n)

    def hear(self) -> dict[str, Any]:
        """Return the next message of the server."""
        return dict(json.loads(self.socket.receive_text()))

    def ask(self, kind: str, **body: Any) -> dict[str, Any]:
        """Send a message and return its ``done`` or ``sorry``."""
        n = self.send(kind, **body)
        while True:
            message = self.hear()
            if message["t"] in ("done", "sorry") and message["n"] == n:
                return message
            self.heard.append(message)

    def wait_for(self, kind: str) -> dict[str, Any]:
        """Return the next message of a type, kept or yet to come."""
        for place, message in enumerate(self.heard):
            if message["t"] == kind:
                self.seen -= place < self.seen
                return self.heard.pop(place)
        while True:
            message = self.hear()
            if message["t"] == kind:
                return message
            self.heard.append(message)

    def hello(self, role: str, **body: Any) -> dict[str, Any]:
        """Say who is there, and return the answer."""
        return self.ask("hello", **{"as": role, "page": self.page, **body})


@contextmanager
def browser(client: TestClient, page: str = "page-1") -> Iterator[Browser]:
    """Open a line, as the page of the server itself does."""
    with client.websocket_connect(LIVE, headers=ORIGIN) as socket:
        yield Browser(socket, page)
