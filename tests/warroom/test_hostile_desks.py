"""What each desk understands, said in every wrong way by whoever may speak to it: answered and survived."""

from __future__ import annotations

import json
import random

import pytest
from starlette.websockets import WebSocketDisconnect

from sim.warroom import house as houses
from sim.warroom import live
from sim.warroom.train import rooms
from sim.warroom.train.messages import FACILITATOR, HOST, JOINER, MEMBER
from tests.warroom.live_page import HOUSE_TOKEN
from tests.warroom.session_room import playing
from tests.warroom.toy_deck import SECRET

FRAMES = 120  # to each desk
KNOWN = ["first", "second", "own", "call", "boss", "silent", "clarify", "withdraw", "press", "staff", "1", "..", "page"]
JUNK = [
    None,
    True,
    -1,
    0,
    13,
    10**9,
    0.5,
    "",
    "x" * 500,
    "<b>&\"'",
    "\u202e",
    "a\x00b",
    [],
    {},
    ["first"],
    {"t": "end"},
]


def said(draw, word):
    """Return a message of a model: most of its fields as they may be, some as they may not."""
    body = {}
    for name, field in word.model_json_schema()["properties"].items():
        options = field.get("anyOf", [field])
        option = draw.choice(options)
        if name == "t":
            body[name] = draw.choice(option.get("enum") or [option.get("const")])
        elif name != "n" and draw.random() < 0.9:
            body[name] = draw.choice(JUNK) if draw.random() < 0.2 else right(draw, option)
    if draw.random() < 0.05:
        body[draw.choice(["extra", "__class__", "member", "token"])] = draw.choice(JUNK)
    return body


def right(draw, option):
    """Return a value of a type."""
    if "enum" in option:
        return draw.choice(option["enum"])
    if option.get("type") in ("integer", "number"):
        return draw.randrange(0, 5) if draw.random() < 0.5 else draw.randrange(0, 120)
    if option.get("type") == "boolean":
        return draw.random() < 0.5
    return None if option.get("type") == "null" else draw.choice(KNOWN)


@pytest.fixture
def faults(monkeypatch):
    """What the server noted as faults of its own."""
    noted = []
    for module in (live, houses, rooms):
        monkeypatch.setattr(module, "note_fault", lambda where, problem: noted.append((where, repr(problem))))
    return noted


def attack(draw, come, words, clock):
    """Say all kinds of things to a desk, coming back when shown out; return what was heard."""
    line, heard = come(), []
    kinds = sorted(words)
    for _ in range(FRAMES):
        body = said(draw, words[draw.choice(kinds)])
        clock.seconds += draw.random()
        try:
            heard.append(line.ask(body.pop("t"), **body))
        except WebSocketDisconnect:
            heard += line.heard
            line = come()
    return heard + line.heard


def test_nothing_that_is_said_to_a_desk_is_a_fault_or_tells_a_team_what_is_hidden(tmp_path, faults):
    draw = random.Random(6)
    with playing(tmp_path / "room") as played:
        facilitator, session, code = played.open(teams=3)
        _, other, other_code = played.open(teams=2)
        good, _ = played.join(code, 2, "Good")
        bad, token = played.join(code, 1, "Bad")
        leader = played.host().ask("enter", session=other)["token"]
        played.start(facilitator)

        def of_the_house():
            line = played.line()
            line.hello("host", token=HOUSE_TOKEN)
            return line

        def at_the_door():
            line = played.line()
            line.hello("joiner", code=code)
            return line

        words = {kind: word for kind, word in HOST.items() if kind != "open"}
        heard = attack(draw, of_the_house, words, played.clock)
        heard += attack(draw, lambda: played.member(session, token), MEMBER, played.clock)
        heard += attack(draw, at_the_door, JOINER, played.clock)
        answers = [message["t"] for message in heard if message["t"] in ("done", "sorry")]
        assert {"done", "sorry"} <= set(answers)
        assert SECRET not in json.dumps(heard + good.heard + bad.heard)
        assert all(message.get("say", "x.").endswith((".", "?")) for message in heard)
        led = attack(draw, lambda: played.facilitator(other, leader), FACILITATOR, played.clock)
        assert sum(message["t"] == "done" for message in led) > 10
        assert good.ask("draft", decision="first", sentence="Still here.")["t"] in ("done", "sorry")
    assert faults == []


@pytest.mark.parametrize("name", ["..", ".", "toy.yaml", "pyproject.toml", "my_nypd.yaml"])
def test_a_browser_opens_no_file_of_this_machine(tmp_path, name):
    with playing(tmp_path / "room") as played:
        answer = played.host().ask("open", deck=name, teams=2)
        assert answer["t"] == "sorry" and answer["say"].startswith("deck must be one of")
