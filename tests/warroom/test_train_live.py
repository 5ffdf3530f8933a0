"""A session over its lines: who gets in, what each is sent, and what survives a break and a restart."""

from __future__ import annotations

import json

import pytest

from sim.warroom.doors import Bucket
from sim.warroom.train.desks import DRAFTS_A_SECOND, DRAFTS_AT_ONCE
from tests.warroom.live_page import HOUSE_TOKEN
from tests.warroom.session_room import Clock, deciding, decision, fresh, playing, until
from tests.warroom.toy_deck import SECRET


@pytest.fixture
def played(tmp_path):
    with playing(tmp_path / "room") as room:
        yield room


def test_a_whole_session_from_the_lobby_to_the_reveal(played):
    facilitator, session, code = played.open(teams=2)
    one, _ = played.join(code, 1, "Ada")
    two, _ = played.join(code, 2, "Bo")
    played.start(facilitator)
    played.clock.seconds += 10
    deciding(one)
    asked = until(one, "team", lambda team: team["decision"])
    assert asked["decision"]["id"] == "first" and [told["text"] for told in asked["told"]]
    assert one.ask("draft", decision="first", sentence="We are")["t"] == "done"
    assert one.ask("decide", **decision())["late"] is False
    assert facilitator.ask("close")["t"] == "done"
    assert two.ask("decide", **decision(move="engage"))["late"] is True
    assert "yours was in time" in one.ask("decide", **decision())["say"]
    assert facilitator.ask("confirm", team=1, move="acknowledge")["t"] == "done"
    assert facilitator.ask("settle")["t"] == "done"
    room = fresh(facilitator, "room", lambda room: room["teams"][0]["answers"][0]["confirmed"] == "acknowledge")
    assert room["teams"][1]["answers"][0] | {"argument": ""} == {
        "decision": "first", "minute": 45, "sentence": "We hear you.", "move": "engage", "argument": "",
        "confidence": 60, "late": True, "confirmed": "silent", "draft": None,
    }  # fmt: skip
    played.clock.seconds += 5
    assert fresh(one, "sight", lambda sight: sight["spent"] == 1.0)["counts"]["known"] > 0
    assert until(two, "feed", lambda feed: feed["messages"])
    assert facilitator.ask("reveal")["t"] == "sorry"
    assert facilitator.ask("end")["t"] == "done"
    for line in (one, two):
        assert SECRET not in json.dumps(line.heard)
    assert facilitator.ask("reveal")["t"] == "done"
    revealed = until(two, "reveal")
    assert SECRET in revealed["hidden"][0]["text"]
    assert revealed["teams"][0]["answers"][0]["sentence"] == "We hear you."


def test_a_team_hears_of_itself_alone_until_the_reveal(played):
    facilitator, _, code = played.open(teams=2)
    one, token_one = played.join(code, 1, "Ada-name-of-one")
    two, _ = played.join(code, 2, "Bo")
    played.start(facilitator)
    played.clock.seconds += 10
    deciding(one)
    one.ask("draft", decision="first", sentence="draft-of-one")
    one.ask("decide", **decision(sentence="sentence-of-one", argument="argument-of-one", move="acknowledge"))
    facilitator.ask("close")
    facilitator.ask("settle")
    facilitator.ask("show", decision="first")
    played.clock.seconds += 30
    until(two, "team", lambda team: team["decision"] and team["decision"]["id"] == "second")
    until(two, "feed", lambda feed: feed["messages"])
    heard = json.dumps(two.heard)
    for word in ("Ada-name-of-one", "draft-of-one", "sentence-of-one", "argument-of-one", SECRET, token_one, code):
        assert word not in heard
    for word in ("hijack", "verdict", "odds", "true"):
        assert f'"{word}' not in heard
    assert "Mind the hour" in heard


def test_a_member_acts_for_its_own_team_only(played):
    facilitator, _, code = played.open(teams=2)
    one, _ = played.join(code, 1)
    played.start(facilitator)
    played.clock.seconds += 10
    deciding(one)
    for word, body in (("decide", decision(team=2)), ("draft", {"decision": "first", "team": 2})):
        assert one.ask(word, **body)["say"] == "You can act for your own team only."
    assert one.ask("pause")["t"] == "sorry"
    assert one.ask("take", team=1)["say"] == "There is no laptop to take now."
    assert until(facilitator, "room")["teams"][1]["answers"] == []


def test_a_draft_is_shared_in_the_team_and_its_last_writer_is_told(played):
    facilitator, _, code = played.open(teams=1)
    ada, _ = played.join(code, 1, "Ada")
    bo, _ = played.join(code, 1, "Bo")
    played.start(facilitator)
    played.clock.seconds += 10
    deciding(ada)
    ada.ask("draft", decision="first", sentence="We hear", move="clarify")
    draft = until(bo, "team", lambda team: team["draft"] and team["draft"]["sentence"])["draft"]
    assert (draft["sentence"], draft["move"], draft["name"]) == ("We hear", "clarify", "Ada")
    bo.ask("draft", decision="first", sentence="We hear you", move="engage")
    assert fresh(ada, "team", lambda team: team["draft"]["name"] == "Bo")["draft"]["move"] == "engage"


def test_a_draft_that_was_not_submitted_is_kept_as_one_and_stays_its_teams_own(tmp_path):
    clock = Clock()
    with playing(tmp_path / "room", clock) as before:
        facilitator, session, code = before.open(teams=2)
        ada, seat = before.join(code, 1, "Ada")
        bo, other = before.join(code, 2, "Bo")
        before.start(facilitator)
        clock.seconds += 10
        deciding(ada)
        ada.ask("draft", decision="first", sentence="We hear", move="clarify")
    with playing(tmp_path / "room", clock) as again:
        ada, bo = again.member(session, seat), again.member(session, other)
        assert until(ada, "team", lambda team: team["draft"])["draft"]["sentence"] == "We hear"
        facilitator = again.facilitator(session, again.host().ask("enter", session=session)["token"])
        facilitator.ask("close")
        room = until(facilitator, "room", lambda room: room["teams"][0]["answers"])
        answer = room["teams"][0]["answers"][0]
        draft = {"sentence": "We hear", "move": "clarify", "argument": "", "confidence": None}
        assert (answer["move"], answer["confirmed"], answer["draft"]) == (None, "silent", draft)
        assert until(ada, "team", lambda team: team["answers"])["answers"][0]["draft"] == draft
        for word in ("settle", "end", "reveal"):
            assert facilitator.ask(word)["t"] == "done"
        assert until(bo, "reveal")["teams"][0]["answers"][0]["draft"] is None
        assert "We hear" not in json.dumps(bo.heard)


def test_whoever_shares_drafts_too_often_is_heard_more_slowly():
    assert DRAFTS_A_SECOND * 0.6 >= 1.0  # the page waits 0.6 s between two (js/train/decision.js)
    pace = Bucket(DRAFTS_A_SECOND, DRAFTS_AT_ONCE, lambda: 0.0)
    waits = [pace.owe() for _ in range(30)]
    assert waits[: int(DRAFTS_AT_ONCE)] == [0.0] * int(DRAFTS_AT_ONCE) and waits[-1] == pytest.approx(8.0)


def test_a_full_team_and_a_thirteenth_are_refused_in_a_sentence(played):
    assert "at most 12 teams; got 13" in played.host().ask("open", deck="own", teams=13)["say"]
    _, _, code = played.open(teams=12)
    door = played.line()
    assert len(door.hello("joiner", code=code.lower())["teams"]) == 12
    for _ in range(5):
        assert door.ask("join", team=12, name="N")["t"] == "done"
    assert "Team 12 is full" in door.ask("join", team=12, name="N")["say"]
    assert "join.name must have at most 24 characters" in door.ask("join", team=1, name="N" * 25)["say"]
    assert "There is no team 13" in door.ask("join", team=13, name="N")["say"]


def test_wrong_links_codes_and_places_are_refused(played):
    _, session, code = played.open(teams=1)
    member, token = played.join(code, 1)
    host_token = played.host().ask("enter", session=session)["token"]
    assert played.line().hello("host", token="x")["t"] == "sorry"
    assert played.line().hello("joiner", code="AAAAAA")["say"].startswith("No session has this code")
    assert played.line().hello("member", session=session, token=token + "x")["t"] == "sorry"
    assert played.line().hello("member", session=session, token=host_token)["t"] == "sorry"
    assert played.line().hello("facilitator", session=session, token=token)["t"] == "sorry"
    assert played.line().hello("facilitator", session="nowhere", token=host_token)["t"] == "sorry"
    assert played.line().hello("facilitator", session=session, token=host_token)["t"] == "done"


def test_a_move_beyond_the_budget_is_refused(tmp_path):
    with playing(tmp_path / "poor", budget_hours=0.5) as played:
        facilitator, _, code = played.open(teams=1)
        one, _ = played.join(code, 1)
        played.start(facilitator)
        played.clock.seconds += 10
        deciding(one)
        assert "0.5 working hours left; this move takes 1" in one.ask("decide", **decision())["say"]
        assert one.ask("decide", **decision(move="silent"))["t"] == "done"


def test_a_freed_seat_is_told_and_can_be_taken_again(played):
    facilitator, session, code = played.open(teams=1)
    one, token = played.join(code, 1)
    member = fresh(facilitator, "room", lambda room: room["teams"][0]["members"])["teams"][0]["members"][0]
    assert facilitator.ask("free", member=member["id"])["t"] == "done"
    until(one, "freed")
    assert "Your seat was freed" in played.line().hello("member", session=session, token=token)["say"]
    played.join(code, 1)


def test_what_cannot_be_written_down_does_not_happen(played, monkeypatch):
    facilitator, _, code = played.open(teams=1)
    one, _ = played.join(code, 1)
    until(facilitator, "clock", lambda clock: clock["ready"])

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(played.rooms.store, "append", full)
        assert "could not be written down: no space left" in facilitator.ask("start")["say"]
    assert fresh(one, "clock")["phase"] == "lobby"
    assert facilitator.ask("start")["t"] == "done"


def test_one_laptop_shows_each_team_its_own_campaign_in_its_own_turn(played):
    facilitator, session, _ = played.open(teams=2, laptop=True)
    token = facilitator.ask("laptop")["token"]
    laptop = played.member(session, token)
    played.start(facilitator)
    played.clock.seconds += 10
    waiting = until(laptop, "team", lambda team: team["waiting"])
    assert (waiting["turn"], waiting["team"]) == (1, None)
    assert laptop.ask("decide", **decision(team=1))["say"] == "Take the laptop first; then the time runs."
    laptop.ask("take", team=1)
    assert until(laptop, "team", lambda team: team["team"] == 1)["decision"]["id"] == "first"
    assert laptop.ask("decide", **decision(team=1, sentence="of-team-one"))["t"] == "done"
    assert laptop.ask("decide", **decision(team=2))["say"] == "It is another team's turn."
    laptop.ask("pass", team=1)
    laptop.ask("take", team=2)
    second = fresh(laptop, "team", lambda team: team["team"] == 2)
    assert "of-team-one" not in json.dumps(second)
    laptop.ask("pass", team=2)
    assert fresh(facilitator, "clock", lambda clock: clock["phase"] == "confirming")


def test_a_restarted_server_goes_on_paused_where_it_stood(tmp_path):
    clock = Clock()
    with playing(tmp_path / "room", clock) as before:
        facilitator, session, code = before.open(teams=1)
        one, token = before.join(code, 1, "Ada")
        before.start(facilitator)
        clock.seconds += 10
        deciding(one)
        one.ask("decide", **decision())
        facilitator.ask("close")
        facilitator.ask("settle")
        clock.seconds += 6
        moment = fresh(one, "clock", lambda now: now["minute"] > 100)["minute"]
        until(one, "sight", lambda sight: sight["spent"] == 1.0)
    clock.seconds += 3600
    with playing(tmp_path / "room", clock) as again:
        sessions = again.line().hello("host", token=HOUSE_TOKEN)["sessions"]
        assert [(each["session"], each["code"], each["members"]) for each in sessions] == [(session, code, 1)]
        one = again.member(session, token)
        first = until(one, "clock")
        assert first["hour"] == 13.95 and (first["ready"] or first["making"]["step"] in ("people", "trial"))
        now = until(one, "clock", lambda now: now["paused"] and now["ready"])
        assert now["making"] is None
        assert now["minute"] == pytest.approx(moment, abs=5)
        assert until(one, "team")["answers"][0]["confirmed"] == "clarify"
        facilitator = again.facilitator(session, again.host().ask("enter", session=session)["token"])
        assert facilitator.ask("resume")["t"] == "done"
        clock.seconds += 60
        assert fresh(one, "clock", lambda now: now["phase"] == "deciding")["minute"] == 180
        assert until(one, "sight", lambda sight: sight["counts"] and sight["counts"]["known"] == 165)["spent"] == 1.0
        played = again.join(code, 1, "Bo")
        assert played


def test_sessions_that_are_over_stand_in_the_lobby_the_newest_first_and_can_be_entered(tmp_path):
    clock, ended = Clock(), []
    with playing(tmp_path / "room", clock) as before:
        for teams in (1, 3):
            facilitator, session, code = before.open(teams=teams)
            before.join(code, 1)
            before.start(facilitator)
            clock.seconds += 60
            assert facilitator.ask("end")["t"] == "done"
            ended.append((session, teams))
        _, running, _ = before.open(teams=2)
    with playing(tmp_path / "room", clock) as again:
        host = again.line()
        offer = host.hello("host", token=HOUSE_TOKEN)
        assert [each["session"] for each in offer["sessions"]] == [running]
        assert [(each["session"], each["teams"]) for each in offer["over"]] == ended[::-1]
        assert {(each["title"], each["members"]) for each in offer["over"]} == {("A Q&A", 1)}
        assert offer["over"][0]["opened"] > offer["over"][1]["opened"]
        token = host.ask("enter", session=ended[0][0])["token"]
        assert again.facilitator(ended[0][0], token)


def test_a_session_that_cannot_be_read_does_not_hide_the_others_that_are_over(tmp_path):
    with playing(tmp_path / "room") as room:
        found = []
        for _ in range(2):
            facilitator, session, _ = room.open(teams=1)
            room.start(facilitator)
            facilitator.ask("end")
            found.append(session)
        room.rooms.store._base.execute("UPDATE events SET event = '{}' WHERE session = ?", (found[1],))
        assert [each["session"] for each in room.line().hello("host", token=HOUSE_TOKEN)["over"]] == [found[0]]
