"""An attacker in the room: tokens of other seats and sessions, a hello said again, and what is to be found on disk."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from itertools import count
from threading import Event
from types import SimpleNamespace

import pytest
from starlette.websockets import WebSocketDisconnect

from sim.warroom.train.clock import due
from sim.warroom.train.deck import deck_names, read_deck
from sim.warroom.train.events import Opened, Paused, Started
from sim.warroom.train.room import Room
from sim.warroom.train.rules import after
from sim.warroom.train.session import Session
from tests.warroom.live_page import HOUSE_TOKEN
from tests.warroom.session_room import deciding, decision, fresh, playing, until
from tests.warroom.toy_deck import SECRET, toy_deck

OTHER = "zq-another-teams-words-zq"


def refused(played, role, **who):
    """Say hello, and return the sentence with which it is refused."""
    line = played.line()
    answer = line.hello(role, **who)
    assert answer["t"] == "sorry" and answer["final"], answer
    assert line.heard == []
    with pytest.raises(WebSocketDisconnect):
        line.hear()
    return answer["say"]


def test_a_token_opens_its_own_seat_in_its_own_session_and_nothing_else(tmp_path):
    with playing(tmp_path / "room") as played:
        _, session, code = played.open()
        leader = played.host().ask("enter", session=session)["token"]
        _, other, other_code = played.open()
        _, member = played.join(code, 1)
        _, stranger = played.join(other_code, 1)
        for token in (member, stranger, HOUSE_TOKEN, code, "", "x" * 100):
            assert refused(played, "facilitator", session=session, token=token).endswith(("link.", "code."))
        for token in (stranger, leader, HOUSE_TOKEN, code, ""):
            assert refused(played, "member", session=session, token=token)
        for token in (member, leader, code, ""):
            assert refused(played, "host", token=token)
        assert refused(played, "facilitator", session=other, token=leader)
        assert refused(played, "member", session="no-such", token=member)
        assert refused(played, "joiner", code=session)


def test_a_hello_said_again_opens_no_second_seat_and_a_freed_one_stays_shut(tmp_path):
    with playing(tmp_path / "room") as played:
        facilitator, session, code = played.open()
        member, token = played.join(code, 1)
        again = member.ask("hello", **{"as": "facilitator", "page": member.page, "session": session, "token": token})
        assert again["t"] == "sorry" and again["say"].startswith("t must be one of")
        sitting = until(facilitator, "room", lambda room: room["teams"][0]["members"])["teams"][0]["members"]
        assert len(sitting) == 1
        assert facilitator.ask("free", member=sitting[0]["id"])["t"] == "done"
        until(member, "freed")
        assert "freed" in refused(played, "member", session=session, token=token)


def test_two_facilitators_see_one_session_and_what_both_do_happens_once(tmp_path):
    with playing(tmp_path / "room") as played:
        one, session, code = played.open()
        two = played.facilitator(session, played.host().ask("enter", session=session)["token"])
        member, _ = played.join(code, 1)
        played.start(one)
        assert two.ask("start")["say"] == "The session has started already."
        assert two.ask("skip")["t"] == "done"
        deciding(member)
        assert one.ask("close")["t"] == "done"
        assert two.ask("close")["say"] == "No decision is open."
        assert two.ask("settle")["t"] == "done"
        assert one.ask("settle")["say"] == "There is nothing to confirm now."
        for line in (one, two):
            fresh(line, "clock", lambda clock: clock["phase"] == "running")


def test_neither_disk_nor_what_others_hear_holds_a_token_and_nobody_hears_of_another_team(tmp_path, capfd):
    with playing(tmp_path / "room") as played:
        facilitator, session, code = played.open(teams=3)
        leader = played.host().ask("enter", session=session)["token"]
        first, first_token = played.join(code, 1, OTHER[:24])
        second, second_token = played.join(code, 2)
        played.start(facilitator)
        assert facilitator.ask("skip")["t"] == "done"
        deciding(second)
        said = decision(sentence=OTHER, argument=OTHER)
        assert first.ask("draft", **said)["t"] == first.ask("decide", **said)["t"] == "done"
        assert second.ask("decide", **decision(), team=1)["say"] == "You can act for your own team only."
        assert second.ask("decide", **decision(move="engage"), team=2)["t"] == "done"
        fresh(second, "team", lambda team: team["answers"])
        assert facilitator.ask("close")["t"] == facilitator.ask("settle")["t"] == "done"
        fresh(second, "clock", lambda clock: clock["phase"] == "running")
        heard = json.dumps(second.heard)
        assert "zq-another" not in heard and SECRET not in heard
        everything = json.dumps(facilitator.heard + first.heard + second.heard)
        kept = b"".join(each.read_bytes() for each in (tmp_path / "room").iterdir() if each.is_file())
    assert OTHER.encode() in kept, "this looks where sentences are kept"
    told = capfd.readouterr()
    for token in (HOUSE_TOKEN, leader, first_token, second_token):
        assert token.encode() not in kept and token not in everything + told.out + told.err


def test_the_page_that_everybody_is_served_holds_nothing_that_a_ready_deck_hides():
    folder = files("sim.warroom") / "page"
    page = "".join(
        each.read_text(encoding="utf-8") for each in folder.rglob("*") if each.suffix in (".js", ".html", ".css")
    )
    hidden = [words for name in deck_names() for fact in read_deck(name).hidden for words in (fact.title, fact.text)]
    assert hidden and not [words for words in hidden if words[:60] in page]


def test_what_falls_due_while_a_pause_is_written_down_holds_up_nothing(monkeypatch):
    opened, written = (
        Session.opened_by(Opened(at=0.0, deck=toy_deck(injects=[]), teams=1, laptop=False, hour=12.0)),
        Event(),
    )
    running = after(opened, Started(at=0.0))
    asked = count(1)

    def due_at_last(session, now):
        assert next(asked) < 9, "asked again and again, and nothing else can happen meanwhile"
        return due(session, now)

    async def scene():
        house = SimpleNamespace(start=asyncio.ensure_future)
        store = SimpleNamespace(append=lambda *_: written.wait())
        with ThreadPoolExecutor(1) as writer:
            room = Room(house, store, writer, "session", None, running, 2, lambda: 3600.0)
            pausing = asyncio.ensure_future(room.happen(Paused(at=1.0)))
            await asyncio.sleep(0)
            try:
                assert due(room.session, 3600.0) is not None, "a decision has come up"
                await room.beat()
            finally:
                written.set()
            await pausing
        assert room.session.paused

    monkeypatch.setattr("sim.warroom.train.room.due", due_at_last)
    asyncio.run(scene())
