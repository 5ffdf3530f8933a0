"""What is kept of futures is what is lived anew, under a key that names all that they hang on."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from sim.warroom.debrief import futures as made_by
from sim.warroom.debrief import kept as keeping
from sim.warroom.debrief.courses import FROM_THE_POST, wanted
from sim.warroom.debrief.futures import Campaigns, Futures
from sim.warroom.debrief.kept import Kept
from sim.warroom.debrief.told import debrief
from tests.warroom.debriefed import COUNT, PLAYED, SIDES, known, told
from tests.warroom.toy_deck import CONTENT, toy_deck

NEEDED = wanted(SIDES, best=True)


def keys(**changes):
    return Campaigns.of(toy_deck(**changes)).fingerprints()


@pytest.fixture
def shelf():
    """Open what is kept in a file, and close it after the test."""
    opened = []

    def of(path):
        opened.append(Kept(path))
        return opened[-1]

    yield of
    for each in opened:
        each.close()


def shelved(path):
    """Return a file that holds all futures of both teams."""
    shelf, everything = Kept(path), known()
    for start, courses in NEEDED.items():
        endings = {course: everything.endings(start, course) for course in courses}
        if start.minute == 0:
            endings = {course: found | {0: everything.lived(course, start)} for course, found in endings.items()}
        shelf.keep(keys()[start.variant], start, [
            (course, luck, ending) for course, found in endings.items() for luck, ending in found.items()
        ])  # fmt: skip
    for start, courses in NEEDED.items():
        for course in courses if start.minute == 0 else ():
            shelf.keep_curves(keys()[start.variant], start, course, everything.curves(start, course))
    shelf.close()
    return path


def test_a_server_that_starts_again_tells_the_same_debrief_without_a_run(tmp_path, monkeypatch, shelf):
    path = shelved(tmp_path / "sessions.sqlite")
    expected = told()

    def never(*_):
        raise AssertionError("a world was built")

    monkeypatch.setattr(made_by, "build_world", never)
    again = Futures(Campaigns.of(toy_deck()), count=COUNT, kept=shelf(path))
    assert not list(again.pieces(NEEDED))
    assert debrief(toy_deck(), SIDES, again, PLAYED) == expected


def test_what_is_lived_is_kept_at_once_and_only_the_rest_is_lived_after_a_crash(tmp_path, shelf):
    path = tmp_path / "sessions.sqlite"
    first = Futures(Campaigns.of(toy_deck()), count=COUNT, kept=shelf(path))
    pieces = list(first.pieces(NEEDED))
    own, later = pieces[0], next(piece for piece in pieces if piece.start.minute == 180)
    for piece in (own, later):
        first.live(piece)
    first.curves(FROM_THE_POST, SIDES[0].course)
    second = Futures(Campaigns.of(toy_deck()), count=COUNT, kept=shelf(path))
    left = list(second.pieces(NEEDED))
    assert second.done(NEEDED) == first.done(NEEDED) > 0 and own not in left and later not in left
    for course in later.courses:
        found, anew = second.endings(later.start, course), known().endings(later.start, course)
        assert found.keys() == set(later.lucks) and all(found[luck] == anew[luck] for luck in found)
        assert [found[luck].fired for luck in found] == [anew[luck].fired for luck in found]
    assert second._curves == first._curves != {}


def test_a_key_names_all_that_a_future_hangs_on_and_nothing_else():
    plain = keys()
    overrides = [*CONTENT["overrides"], "post.appeal=0.4"]
    other = [keys(seed=6), keys(replicate=1), keys(followers=8001), keys(overrides=overrides)]
    assert len({found["plain"] for found in (plain, *other)}) == 5
    assert keys(title="Another name", hot_wash=["And now?"], seconds_per_hour=9, budget_hours=1) == plain
    assert keys(listening_months=3)["listening"] != plain["listening"]
    assert keys(listening_months=3)["plain"] == plain["plain"]


def test_a_key_names_what_the_campaigns_files_hold(tmp_path):
    graph = tmp_path / "graph.csv"
    configuration = Campaigns.of(toy_deck()).plain
    network = configuration.network.model_copy(update={"path": str(graph)})
    found = set()
    for text in ("0,1\n", "1,0\n"):
        graph.write_text(text)
        found.add(keeping.campaign_fingerprint([configuration.model_copy(update={"network": network})], 0))
    assert len(found) == 2


def test_what_another_version_of_the_model_found_is_removed(tmp_path, monkeypatch, shelf):
    path = shelved(tmp_path / "sessions.sqlite")
    monkeypatch.setattr(keeping, "model_fingerprint", lambda: "another")
    again = Futures(Campaigns.of(toy_deck()), count=COUNT, kept=shelf(path))
    assert again.done(NEEDED) == 0
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("SELECT count(*) FROM futures").fetchone() == (0,)


def test_a_file_that_cannot_be_used_costs_time_and_nothing_else(tmp_path, capsys, shelf):
    path = tmp_path / "sessions.sqlite"
    path.write_text("no database, whatever its name says" * 99)
    futures = Futures(Campaigns.of(toy_deck()), count=COUNT, kept=shelf(path))
    assert "keeping futures" in capsys.readouterr().err
    futures.live(next(futures.pieces(NEEDED)))
    assert futures.done(NEEDED) > 0
