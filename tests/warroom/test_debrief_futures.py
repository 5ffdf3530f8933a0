"""Futures are the model's own runs: as lived on the session's luck, and as branched on other luck."""

from __future__ import annotations

import threading

import numpy as np

from sim import CampaignModel
from sim.warroom.debrief.courses import (
    BEST_KNOWN,
    FROM_THE_POST,
    LISTENED,
    Start,
    fork_of,
    lucks,
    runs_of,
    wanted,
)
from sim.warroom.debrief.endings import Before, Ending
from sim.warroom.debrief.futures import Campaigns, Futures
from sim.warroom.train.deck import configuration_of
from tests.warroom.debriefed import COUNT, SIDES, known
from tests.warroom.toy_deck import toy_deck

COURSE = ((45, "acknowledge"), (180, "withdraw"))


def model(replicate: int = 0) -> CampaignModel:
    configuration = configuration_of(toy_deck())
    return CampaignModel(configuration, rng=configuration.seed, replicate=replicate)


def same(found: Ending, lived: CampaignModel) -> bool:
    lived.run_until(lived.horizon)
    measures, before = lived.measures(), Before.of(lived.population)
    later = lived.aftermath().later(1.0)
    trust = later.support[before.rows].mean(dtype=np.float64) - before.support
    grievance = later.grievance[before.rows].mean(dtype=np.float64) - before.grievance
    names = ("verdict", "hijack_share", "messages", "participants", "followers_lost", "replies", "boosts")
    alike = all(getattr(found, name) == measures[name] for name in names)
    return alike and found.takeover == measures["takeover_minutes"] and (found.trust, found.grievance) == (
        trust, grievance)  # fmt: skip


def played(lived: CampaignModel, *moves: tuple[int, str]) -> CampaignModel:
    for minute, move in moves:
        lived.run_until(minute)
        lived.act(move)
    return lived


def test_a_fork_keeps_the_moves_before_and_after_a_decision():
    fork = fork_of(COURSE, 180)
    assert fork.start == Start("plain", 180, COURSE[:1]) and fork.made == COURSE[1:] and fork.silent == ()
    first = fork_of(COURSE, 45)
    assert first.start == Start("plain", 45, ()) and first.silent == COURSE[1:]
    assert fork_of(((0, "withdraw"),), 0).start == FROM_THE_POST


def test_teams_with_the_same_past_share_starts_and_courses():
    needed = wanted([*SIDES, *SIDES], best=True)
    assert needed == wanted(SIDES, best=True)
    assert set(needed) == {FROM_THE_POST, LISTENED, BEST_KNOWN, Start("plain", 45, ()), Start("plain", 180, ()),
                           Start("plain", 180, COURSE[:1])}  # fmt: skip
    assert needed[Start("plain", 45, ())] == (COURSE, COURSE[1:], ())
    assert needed[FROM_THE_POST] == ((), COURSE)
    assert known().done(needed) == runs_of(needed, COUNT)


def test_the_sessions_own_luck_is_none_of_the_futures():
    assert lucks(0, 3) == [1, 2, 3] and lucks(2, 3) == [0, 1, 3] and lucks(9, 3) == [0, 1, 2]


def test_a_lived_campaign_is_the_models_own():
    lived = known().lived(COURSE)
    assert lived is not None and same(lived, played(model(), *COURSE))
    silent = known().lived(())
    assert silent is not None and same(silent, model()) and silent != lived


def test_a_future_is_the_branch_with_other_luck_and_the_later_moves():
    fork, luck = fork_of(COURSE, 180), 7
    past = played(model(), COURSE[0])
    past.run_until(180)
    for course in (fork.made, fork.silent):
        assert same(known().endings(fork.start, course)[luck], played(past.branch(replicate=luck), *course))
    first = fork_of(COURSE, 45)
    early = model()
    early.run_until(45)
    assert same(known().endings(first.start, first.silent)[luck], played(early.branch(replicate=luck), *first.silent))


def test_a_campaign_on_other_luck_is_the_run_of_that_replicate():
    assert same(known().endings(FROM_THE_POST, COURSE)[3], played(model(3), *COURSE))


def test_listening_beforehand_lowers_grievance_against_what_it_was_before_it():
    listened = known().endings(LISTENED, ())
    silence = known().endings(FROM_THE_POST, ())
    assert all(listened[luck].grievance < silence[luck].grievance - 0.01 for luck in listened)
    assert all(each.fired for each in known().endings(BEST_KNOWN, ()).values())


def test_what_is_known_is_never_lived_again_and_a_stop_keeps_it():
    needed, stopped = wanted(SIDES, best=False), threading.Event()
    futures = Futures(Campaigns.of(toy_deck()), count=COUNT, stopped=stopped)
    pieces = futures.pieces(needed)
    futures.live(next(pieces))
    before = futures.done(needed)
    stopped.set()
    for piece in futures.pieces(needed):
        futures.live(piece)
    assert 0 < futures.done(needed) == before < runs_of(needed, COUNT)
    stopped.clear()
    left = list(futures.pieces(needed))
    for piece in left:
        futures.live(piece)
    assert not list(futures.pieces(needed)) and futures.done(needed) == runs_of(needed, COUNT)
    for start, courses in needed.items():
        assert all(futures.endings(start, course) == known().endings(start, course) for course in courses)


def test_several_threads_find_what_one_finds():
    needed = wanted(SIDES[:1], best=False)
    futures = Futures(Campaigns.of(toy_deck()), count=20)
    pieces = list(futures.pieces(needed))
    threads = [threading.Thread(target=lambda part=part: [futures.live(p) for p in part]) for part in (
        pieces[::2], pieces[1::2])]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for start, courses in needed.items():
        for course in courses:
            mine, theirs = futures.endings(start, course), known().endings(start, course)
            assert mine == {luck: theirs[luck] for luck in mine} and len(mine) == 20


def test_volumes_are_of_people_where_a_row_stands_for_several():
    deck = toy_deck()
    several = toy_deck(overrides=[*deck.overrides, "people.represents=20"])
    ends, lines = [], []
    for each in (deck, several):
        futures = Futures(Campaigns.of(each), count=1)
        futures.live(next(futures.pieces({FROM_THE_POST: (COURSE,)})))
        ends.append(futures.lived(COURSE))
        lines.append(futures.curves(FROM_THE_POST, COURSE))
    one, many = ends
    assert one.messages > 0 and one.followers_lost > 0
    for name in ("messages", "participants", "followers_lost"):
        assert getattr(many, name) == 20 * getattr(one, name)
    assert (many.replies, many.hijack_share, many.verdict) == (one.replies, one.hijack_share, one.verdict)
    assert lines[1]["counter"] == [20 * count for count in lines[0]["counter"]]
    assert lines[1]["replies"] == lines[0]["replies"]
