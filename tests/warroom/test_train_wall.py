"""The wall's own link: it sees what the whole room may see and nothing else; and how phones find the session."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import segno

from sim.warroom.train.events import Asked, Closed, Ended, Opened, Revealed, Settled, Started
from sim.warroom.train.rules import lived
from sim.warroom.train.views import plan_row, posted_at
from sim.warroom.train.way_in import open_address, way_in
from tests.warroom.session_room import deciding, decision, fresh, playing, until
from tests.warroom.toy_deck import SECRET, toy_deck

HERE, THERE = "http://127.0.0.1:8765", "http://192.168.7.20:8765"


@pytest.fixture
def played(tmp_path):
    with playing(tmp_path / "room") as room:
        yield room


def test_the_wall_is_sent_no_sentence_that_was_not_shown_and_nothing_hidden_before_the_reveal(played):
    facilitator, session, code = played.open(teams=2)
    link = facilitator.ask("wall")["token"]
    wall = played.line()
    assert wall.hello("wall", session=session, token=link)["deck"]["title"] == "A Q&A"
    one, token = played.join(code, 1, "Ada")
    assert fresh(wall, "wall", lambda wall: wall["teams"][0]["members"] == ["Ada"])["code"] == code
    played.start(facilitator)
    played.clock.seconds += 10
    deciding(one)
    one.ask("draft", decision="first", sentence="draft-of-one")
    assert fresh(wall, "wall", lambda wall: wall["teams"][0]["drafting"])["decision"]["question"] == "What now?"
    one.ask("decide", **decision(sentence="sentence-of-one", argument="argument-of-one", move="engage"))
    assert fresh(wall, "wall", lambda wall: wall["teams"][0]["submitted"])["teams"][1]["submitted"] is False
    facilitator.ask("close")
    facilitator.ask("settle")
    fresh(wall, "wall", lambda wall: wall["decision"] is None)
    heard = json.dumps(wall.heard)
    for word in ("draft-of-one", "sentence-of-one", "argument-of-one", '"engage"', "And now?", SECRET, token, link):
        assert word not in heard
    facilitator.ask("show", decision="first")
    shown = fresh(wall, "wall", lambda wall: wall["shown"])["shown"][0]["teams"]
    assert [(each["move"], each["sentence"], each["in_time"]) for each in shown] == [
        ("engage", "sentence-of-one", True), ("silent", "", False),
    ]  # fmt: skip
    assert "argument-of-one" not in json.dumps(wall.heard)
    facilitator.ask("show", decision="first", on=False)
    fresh(wall, "wall", lambda wall: not wall["shown"])
    facilitator.ask("end")
    assert SECRET not in json.dumps(wall.heard)
    facilitator.ask("reveal")
    assert SECRET in until(wall, "reveal")["hidden"][0]["text"]


def test_the_walls_token_opens_the_wall_alone_and_it_has_no_words(played):
    facilitator, session, code = played.open(teams=1)
    _, member = played.join(code, 1)
    link = facilitator.ask("wall")["token"]
    owner = played.host().ask("enter", session=session)["token"]
    for role in ("facilitator", "member"):
        assert played.line().hello(role, session=session, token=link)["t"] == "sorry"
    for token in (owner, member, link + "x"):
        assert played.line().hello("wall", session=session, token=token)["t"] == "sorry"
    wall = played.line()
    assert wall.hello("wall", session=session, token=link)["t"] == "done"
    for word in ("start", "end", "reveal", "wall", "sheets", "decide"):
        assert wall.ask(word)["t"] == "sorry"
    assert until(facilitator, "clock")["phase"] == "lobby"


def test_the_place_in_the_plan_follows_the_decisions_and_the_phase_and_no_clock_of_its_own():
    rows = [{"at": 0, "what": "Arrival"}, {"at": 15, "hour": 0, "what": "The post"},
            {"at": 16, "hour": 0.7501, "what": "Decision 1"}, {"at": 20, "hour": 6, "what": "End of play"},
            {"at": 22, "what": "Reveal"}, {"at": 40, "what": "Debrief"}]  # fmt: skip
    happened = [Opened(at=0.0, deck=toy_deck(plan=rows), teams=1), Started(at=10.0), Asked(at=15.0), Closed(at=16.0),
                Settled(at=17.0), Ended(at=18.0), Revealed(at=19.0)]  # fmt: skip
    places = []
    for many in range(1, len(happened) + 1):
        session = lived(happened[:many])
        places.append(plan_row(session, session.minute_at(session.since)))
    assert places == [0, 1, 2, 2, 2, 3, 4]
    assert plan_row(lived(happened[:3]), 45.0) == 2, "however long the decision has been open"
    assert plan_row(lived(happened[:2]), 44.9) == 1
    assert posted_at(toy_deck(plan=rows)) == 15 and posted_at(toy_deck(plan=[{"at": 5, "what": "Late"}])) == 5
    assert plan_row(lived([happened[0].model_copy(update={"deck": toy_deck(plan=rows[:1])}), happened[1]]), 9.0) == 0


def test_phones_are_sent_where_the_asking_browser_is_or_where_the_server_says():
    assert open_address(THERE, "http://10.0.0.1:8765") == THERE
    assert open_address(HERE, THERE) == THERE
    assert open_address("http://trainer-laptop:8765", THERE) == THERE
    assert open_address("http://[fe80::1]:8765", None) == "http://[fe80::1]:8765"
    assert open_address(HERE, HERE) is open_address("http://0.0.0.0:8765", None) is open_address(None, None) is None


def test_the_qr_code_is_of_the_link_with_the_code_and_is_left_out_where_no_phone_could_join():
    room = SimpleNamespace(address=THERE, code="ABC234", session=SimpleNamespace(laptop=False))
    line = SimpleNamespace(reached=HERE)
    found = way_in(room, line)
    assert found is not None and found["address"] == f"{THERE}/#join"
    expected = segno.make_qr(f"{THERE}/#join/ABC234", error="m")
    assert found["squares"] == ["".join(map(str, row)) for row in expected.matrix]
    assert {len(row) for row in found["squares"]} == {len(found["squares"])}
    for change in ({"address": HERE}, {"code": None}, {"session": SimpleNamespace(laptop=True)}):
        assert way_in(SimpleNamespace(**{**vars(room), **change}), line) is None
