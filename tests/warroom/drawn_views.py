"""Views of a session as a browser draws them, from what the server would send: no server, no crowd, no waiting."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page

from sim.warroom.app import PAGE
from sim.warroom.train.events import Asked, Event, Joined, Opened, Started
from sim.warroom.train.moves import BEFORE, TOLD
from sim.warroom.train.rules import lived
from sim.warroom.train.session import Session
from sim.warroom.train.views import (
    brief,
    clock_body,
    laptop_body,
    plan_row,
    posted_at,
    reveal_body,
    room_body,
    team_body,
    wall_body,
    whole,
)
from tests.warroom.toy_deck import CONTENT, toy_deck

START = 1000.0
ADDRESS = "http://127.0.0.1"
_SHELL = re.sub(r"<script.*?</script>\n?", "", (PAGE / "index.html").read_text(encoding="utf-8"))
_MOUNT = """async ([name, hello]) => {
  const {mount, styles} = await import(`/page/js/views/${name}.js`);
  for (const file of styles) {
    const link = document.head.appendChild(document.createElement("link"));
    Object.assign(link, {rel: "stylesheet", href: `/page/css/${file}`});
    await new Promise((resolve) => link.addEventListener("load", resolve));
  }
  document.body.dataset.view = name;
  const heard = {};
  window.sent = [];
  window.answer = {};
  window.put = (kind, body) => heard[kind](body);
  mount(document.getElementById("view"), {
    on: (kind, hear) => { heard[kind] = hear; },
    open: () => Promise.resolve(hello),
    send: (type, body) => {
      window.sent.push([type, body]);
      return Promise.resolve(window.answer[type] || {token: "t"});
    },
  }, ["s1", "token"]);
}"""


def early_deck() -> dict[str, Any]:
    """Return what makes the toy deck ask its first question before the post."""
    first, second = CONTENT["decisions"]
    return {"decisions": [first | {"minute": 0, "moves": ["silent", "change_ask", "post_else", "withdraw"]}, second]}


def events(teams: int = 2, *, asked: bool = True, **changes: Any) -> list[Event]:
    """Return what has happened until the first decision is open, with somebody in each team."""
    deck = toy_deck(**changes)
    seats = [Joined(at=1.0, team=k, member=f"m{k}", name=f"N{k}") for k in range(1, teams + 1)]
    opened = [Opened(at=0.0, deck=deck, teams=teams, hour=13.95), *seats, Started(at=START)]
    return [*opened, Asked(at=START + 5)] if asked else opened


class View:
    """A view in a page.

    Parameters
    ----------
    name : str
        ``room``, ``wall`` or ``team``, which is of team 1.
    """

    def __init__(self, page: Page, name: str, happened: list[Event], *, laptop: bool = False) -> None:
        self.page, self.name, self.laptop = page, name, laptop
        page.route(f"{ADDRESS}/**", serve)
        page.goto(f"{ADDRESS}/#{name}")
        deck = lived(happened).deck
        told = {
            "room": {"deck": whole(deck), "laptop": laptop, "join": None},
            "wall": {"deck": {"title": deck.title, "hours": deck.hours, "moves": TOLD, "before": BEFORE,
                              "followers": deck.followers, "posted": posted_at(deck)},
                     "laptop": laptop, "join": None},
            "team": {"deck": brief(deck), "member": "m1", "laptop": laptop},
        }[name]  # fmt: skip
        page.evaluate(_MOUNT, [name, json.loads(json.dumps(told))])
        self.show(happened)

    def show(self, happened: list[Event], *, now: float = START + 20, online: dict[str, int] | None = None) -> None:
        """Send what the server would send after these events."""
        session = lived(happened)
        self.put("clock", clock_body(session, now, ready=True, hour=13.95, making=None))
        row = plan_row(session, session.minute_at(now))
        there = {f"m{team.number}": 1 for team in session.teams} if online is None else online
        self.put(*self._body(session, row, there))
        if session.revealed and self.name != "room":
            self.put("reveal", reveal_body(session))

    def _body(self, session: Session, row: int, online: dict[str, int]) -> tuple[str, Any]:
        if self.name == "room":
            return "room", room_body(session, "ABC234", online, {}, row)
        if self.name == "wall":
            return "wall", wall_body(session, "ABC234", online, row)
        return "team", laptop_body(session) if self.laptop else team_body(session, 1)

    def put(self, kind: str, body: dict[str, Any]) -> None:
        """Send one message."""
        self.page.wait_for_function("window.put !== undefined")
        self.page.evaluate("([kind, body]) => window.put(kind, body)", [kind, json.loads(json.dumps(body))])


def serve(route: Any, *, whole: bool = False) -> None:
    """Give a page what it asks for; the first page without its script, unless the ``whole`` of it is wanted."""
    path = route.request.url.removeprefix(ADDRESS).split("#")[0].split("?")[0]
    if path != "/":
        route.fulfill(path=PAGE / path.removeprefix("/page/"))
    elif whole:
        route.fulfill(path=PAGE / "index.html")
    else:
        route.fulfill(body=_SHELL, content_type="text/html")
