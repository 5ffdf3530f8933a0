"""The machine itself in the way: a sessions' file that is full, kept, damaged or another's, a clock that jumps."""

from __future__ import annotations

import sqlite3
import time

import pytest

from sim.errors import ConfigError
from sim.warroom.train import rooms
from sim.warroom.train.store import SCHEMA, Store
from tests.warroom.live_page import make_house
from tests.warroom.session_room import deciding, decision, fresh, playing


@pytest.fixture
def noted(monkeypatch):
    """What the server notes as faults, in the rooms and in a room."""
    faults = []
    for name in ("rooms", "room"):
        monkeypatch.setattr(
            f"sim.warroom.train.{name}.note_fault", lambda where, problem: faults.append((where, str(problem)))
        )
    return faults


def hinder(played, how):
    """Let nothing more be written down; return a function that lets it again."""
    if how == "full":
        base = played.rooms.store._base
        pages = base.execute("PRAGMA page_count").fetchone()[0]
        base.execute(f"PRAGMA max_page_count={pages}")
        return lambda: base.execute(f"PRAGMA max_page_count={2**30}")
    other = sqlite3.connect(played.rooms.house.sessions, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other.close


@pytest.mark.parametrize(("how", "why"), [("full", "disk is full"), ("kept", "database is locked")])
def test_what_cannot_be_written_down_is_told_did_not_happen_and_stops_no_clock(tmp_path, noted, monkeypatch, how, why):
    monkeypatch.setattr(rooms, "ALIVE_SECONDS", 0.0)
    with playing(tmp_path / "room") as played:
        facilitator, session, code = played.open()
        member, token = played.join(code, 1)
        played.start(facilitator)
        assert facilitator.ask("skip")["t"] == "done"
        deciding(member)
        allow = hinder(played, how)
        many = (member.ask("decide", **decision(argument="because " * 60)) for _ in range(20))  # the last page fills up
        answer = next(each for each in many if each["t"] == "sorry")
        assert answer["t"] == "sorry" and why in answer["say"] and answer["say"].endswith("try again.")
        for _ in range(3):
            fresh(member, "clock")
        allow()
        assert member.ask("decide", **decision())["t"] == "done"
        assert fresh(facilitator, "room", lambda room: room["teams"][0]["answers"])
    again = Store(tmp_path / "room" / "sessions.sqlite")
    kept = again.session(session)
    again.close()
    assert [each.sentence for each in kept.team(1).answers] == ["We hear you."]
    assert noted and all(why in problem for _, problem in noted)


def test_a_session_that_cannot_be_read_keeps_no_other_from_being_opened(tmp_path, noted):
    with playing(tmp_path / "room") as played:
        _, broken, _ = played.open()
        _, whole, _ = played.open()
    base = sqlite3.connect(tmp_path / "room" / "sessions.sqlite")
    with base:
        base.execute('UPDATE events SET event = \'{"kind": "sung"}\' WHERE session = ?', (broken,))
    base.close()
    with playing(tmp_path / "room") as played:
        host = played.host()
        answer = host.ask("decks")
        assert [each["session"] for each in answer["sessions"]] == [whole]
        refused = host.ask("enter", session=broken)
        assert refused["t"] == "sorry" and refused["say"].startswith("This session cannot be read")
        assert host.ask("enter", session=whole)["t"] == "done"
    assert {where for where, _ in noted} == {"reading a session"}


def made(place, what):
    """Put something at the place of the sessions' file."""
    if what == "another program's":
        base = sqlite3.connect(place)
        base.execute("CREATE TABLE sessions (url TEXT)")
        base.close()
    elif what == "a later version's":
        base = sqlite3.connect(place)
        base.execute(f"PRAGMA user_version={SCHEMA + 1}")
        base.close()
    elif what == "a text":
        place.write_text("Dear diary. " * 100, encoding="utf-8")
    else:
        Store(place).close()
        place.write_bytes(place.read_bytes()[:2048])


@pytest.mark.parametrize(
    ("what", "rule"),
    [("another program's", "holds something else"), ("a later version's", "was written by another version"),
     ("a text", "cannot be used: file is not a database"), ("half of it", "cannot be used: database disk image")],
)  # fmt: skip
def test_a_file_that_is_not_ours_is_named_and_left_as_it_is(tmp_path, what, rule):
    place = tmp_path / "kept.sqlite"
    made(place, what)
    before = place.read_bytes()
    with pytest.raises(ConfigError, match=rf"^sessions='.*' {rule}.*; name another file\.$"):
        Store(place)
    assert place.read_bytes() == before and sorted(each.name for each in tmp_path.iterdir()) == [place.name]


def test_the_sessions_file_is_its_owners_alone(tmp_path):
    Store(tmp_path / "kept.sqlite").close()
    assert (tmp_path / "kept.sqlite").stat().st_mode & 0o077 == 0


def test_a_clock_of_the_system_that_is_set_moves_no_session(monkeypatch):
    wall, inner = [1_700_000_000.0], [50.0]
    monkeypatch.setattr(time, "time", lambda: wall[0])
    monkeypatch.setattr(time, "monotonic", lambda: inner[0])
    now = rooms.steady()
    assert now() == wall[0]
    wall[0] -= 7200.0
    inner[0] += 3.0
    assert now() == 1_700_000_003.0
    wall[0] += 90_000.0  # the lid was closed for a day
    assert now() == 1_700_000_003.0


def test_a_room_goes_by_the_steady_clock(tmp_path, monkeypatch):
    monkeypatch.setattr(rooms, "steady", lambda: lambda: 123.0)
    assert rooms.Rooms(make_house(tmp_path)).now() == 123.0
