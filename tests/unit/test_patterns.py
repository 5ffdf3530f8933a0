"""Outcomes that patterns are held against, on runs made by hand."""

from __future__ import annotations

import pytest

from sim.config.own import named_files
from sim.engine.record import Kind
from sim.extensions.files import owns
from sim.outcome.measures import measure
from tests.outcome_records import record_of

OUTCOMES = owns(named_files(["backfire:patterns.py"]), "outcome")


def told(name: str, lines: list, **more) -> float | None:
    record = record_of(lines, **more)
    own = OUTCOMES[name]
    given = {"record": record, "measures": measure(record)}
    return own.function(*(given[each] for each in own.arguments))


POST = (0, -1, 0, Kind.POST, -1)
FEW = [
    POST,
    (10, 3, 1, Kind.ORIGINAL, 0),  # answers the post
    (20, 4, 0, Kind.SHARE, 0),  # passes it on
    (50, 5, 1, Kind.SHARE, 1),
    (90, 5, 1, Kind.ORIGINAL, 3),  # answers a share, not the post
    (130, 6, 0, Kind.ORIGINAL, 0),
]


def test_counts_so_far_are_of_earlier_minutes_by_frame_and_none_beyond_the_run() -> None:
    assert [told(f"counter_by_{minute}", FEW) for minute in (15, 45, 60, 90, 120, 240)] == [1, 1, 2, 2, 3, 3]
    assert [told(f"campaign_by_{minute}", FEW) for minute in (15, 30, 120, 180)] == [0, 1, 1, 2]
    assert [told(f"participants_by_{minute}", FEW) for minute in (15, 30, 120, 180)] == [1, 2, 3, 4]
    assert told("counter_by_360", FEW) is None and told("participants_by_360", FEW) is None


def test_direct_responses_are_those_to_the_senders_posts() -> None:
    assert told("direct_responses", FEW) == 3 and told("direct_counter_share", FEW) == pytest.approx(1 / 3)
    assert told("answer_delay_median", FEW) == 20.0
    assert told("answered_within_1h", FEW) == pytest.approx(2 / 3) and told("answered_within_5min", FEW) == 0.0


def test_participation_counts_those_who_act_once_and_authors_who_are_passed_on_once() -> None:
    assert told("acts_once", FEW) == pytest.approx(3 / 4)  # row 5 acts twice
    assert told("shared_once", FEW) == 1.0  # row 3 alone is passed on
    assert told("shares_per_impression", FEW, sights=[(5, 3, 0, 0, 4), (30, 5, 1, 1, 6)]) == pytest.approx(2 / 10)
    assert told("impressions", FEW, sights=[(5, 3, 0, 0, 4)]) == 4


def test_delays_and_shapes_are_of_large_cascades_alone() -> None:
    broadcast = [POST, *((1 + k, k, 0, Kind.SHARE, 0) for k in range(60))]
    assert told("large_cascades", broadcast, n=400) == 1 and told("share_delay_median", broadcast, n=400) == 30.5
    assert told("tree_depth", broadcast, n=400) == 1 and told("tree_on_root", broadcast, n=400) == 1.0
    assert told("tree_virality", broadcast, n=400) == pytest.approx(2 * 60 / 61)
    assert told("shared_within_5min", broadcast, n=400) == pytest.approx(4 / 60)
    deep = [*broadcast, *((100 + k, 100 + k, 0, Kind.SHARE, 60) for k in range(60))]
    assert told("tree_depth", deep, n=400) == 2 and told("tree_on_root", deep, n=400) == 0.5
    assert told("large_cascades", FEW) == 0 and told("share_delay_median", FEW) is None
    assert told("tree_virality", FEW) is None and told("shared_within_1h", FEW) is None


def test_a_run_without_a_message_has_no_shares_and_no_delays() -> None:
    for name in OUTCOMES:
        value = told(name, [POST], minutes=4320)
        assert value is None or value == 0, name
        assert told(name, [], minutes=4320) in (None, 0), name
    assert len(OUTCOMES) == 3 * 18 + 8 + 12
