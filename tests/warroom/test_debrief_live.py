"""A debrief over its lines: nothing of it before the reveal, a team its own, the facilitator everything, and files."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
import yaml

from sim.warroom.app import make_app
from sim.warroom.debrief.desk import Work, debrief_at
from sim.warroom.debrief.futures import Futures
from sim.warroom.train.desks import desks_at
from sim.warroom.train.rooms import Rooms
from tests.warroom.live_page import make_house, served
from tests.warroom.session_room import Clock, Played, deciding, decision, until
from tests.warroom.toy_deck import CONTENT, SECRET


@pytest.fixture
def played(tmp_path, monkeypatch):
    monkeypatch.setitem(Futures.__init__.__kwdefaults__, "count", 24)
    house, clock = make_house(tmp_path), Clock()
    house.deck = tmp_path / "toy.yaml"
    house.deck.write_text(yaml.safe_dump(CONTENT), encoding="utf-8")
    rooms = Rooms(house, clock)
    with served(make_app(house, 8765, {**desks_at(rooms), **debrief_at(rooms)})) as client, ExitStack() as stack:
        yield Played(house, client, clock, stack)


def settled(played: Played):
    """Play a session of two teams past its first decision.

    Returns the facilitator, the session, its code, and the tokens of the facilitator and of both teams.
    """
    facilitator, session, code = played.open(teams=2)
    one, token_one = played.join(code, 1, "Ada-of-one")
    two, token_two = played.join(code, 2, "Bo-of-two")
    played.start(facilitator)
    played.clock.seconds += 10
    deciding(one)
    assert one.ask("decide", **decision(sentence="Words-of-one"))["t"] == "done"
    assert two.ask("decide", **decision(sentence="Words-of-two", move="engage", confidence=5))["t"] == "done"
    assert facilitator.ask("close")["t"] == "done" and facilitator.ask("settle")["t"] == "done"
    token = played.host().ask("enter", session=session)["token"]
    return facilitator, session, code, token, token_one, token_two


def looking(played: Played, session: str, token: str):
    line = played.line()
    return line, line.hello("debrief", session=session, token=token)


def state(line, wanted: str):
    return until(line, "debrief", lambda body: body["state"] == wanted)


def whole(line):
    """Return a debrief that nothing is missing from."""
    return until(
        line,
        "debrief",
        lambda body: body["state"] == "open" and body["told"]["progress"]["done"] == body["told"]["progress"]["of"],
    )


def test_nothing_is_sent_before_the_reveal_and_then_to_each_its_own(played):
    facilitator, session, code, token, token_one, token_two = settled(played)
    member, answer = looking(played, session, token_one)
    assert answer["t"] == "done" and answer["team"] == 1 and not answer["leads"]
    state(member, "playing")
    assert member.ask("export", what="page")["t"] == "sorry"
    assert facilitator.ask("end")["t"] == "done"
    state(member, "waiting")
    assert all(body["state"] in ("playing", "waiting") for body in member.heard if body["t"] == "debrief")
    assert SECRET not in json.dumps(member.heard)
    assert member.ask("export", what="table")["t"] == "sorry"
    leader, _ = looking(played, session, token)
    full = whole(leader)
    assert 45 <= full["told"]["played"] < 360 and "(6 h were planned)" in full["told"]["length"]
    assert not full["revealed"] and full["leads"] and SECRET in json.dumps(full)
    assert [team["decisions"] is None for team in full["told"]["teams"]] == [False, False]
    assert facilitator.ask("reveal")["t"] == "done"
    own = json.dumps(whole(member))
    assert SECRET in own and "Words-of-one" in own and "Words-of-two" not in own
    for kind in ("page", "table"):
        written = member.ask("export", what=kind)
        assert written["t"] == "done" and "Words-of-one" in written["text"] and "Words-of-two" not in written["text"]
        everything = leader.ask("export", what=kind)["text"]
        assert "Words-of-one" in everything and "Words-of-two" in everything
        for secret in (token_one, token_two, token, code, session):
            assert secret not in everything + written["text"] + own + json.dumps(full)
        assert "Ada-of-one" not in everything


def test_a_wrong_link_and_a_seat_of_another_session_are_refused(played):
    _, session, _, _, token_one, _ = settled(played)
    for name, token in ((session, "guess"), (session, ""), ("elsewhere", token_one)):
        line, answer = looking(played, name, token)
        assert answer["t"] == "sorry" and not [each for each in line.heard if each["t"] == "debrief"]


def test_malformed_words_are_answered(played):
    _, session, _, token, *_ = settled(played)
    line, _ = looking(played, session, token)
    assert line.ask("export", what="../../etc")["t"] == "sorry"
    assert line.ask("export", what="page", session="other")["t"] == "sorry"


def test_no_future_is_begun_while_a_decision_is_open():
    async def play():
        work = Work(None, SimpleNamespace(phase="running"), None, None)
        work._planned, work.deciding = True, True
        waiting = asyncio.create_task(work._quiet())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        work.deciding = False
        await asyncio.wait_for(waiting, 60)
        work.deciding = True
        waiting = asyncio.create_task(work._quiet())
        work._planned = False  # the play is over, or something was settled
        await asyncio.wait_for(waiting, 60)

    asyncio.run(play())
