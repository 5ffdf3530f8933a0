"""Outcomes of small runs, worked by hand."""

from __future__ import annotations

import pytest

from sim.engine.record import NEWSROOM_AUTHOR, Kind
from sim.outcome.measures import measure, top_share
from tests.outcome_records import messages_of, record_of

W, S = Kind.ORIGINAL, Kind.SHARE
SMALL = [
    (0, -1, 0, Kind.POST, -1),  # 0
    (3, 1, 0, W, 0),  # 1
    (3, 2, 1, W, 0),  # 2
    (5, 3, 1, S, 2),  # 3
    (6, 4, 1, S, 3),  # 4
    (6, 5, 1, W, 1),  # 5: a campaign message provoked it
    (9, 3, 1, W, 4),  # 6
    (12, NEWSROOM_AUTHOR, 1, Kind.STORY, -1),  # 7
    (20, -1, 0, Kind.REPLY, 2),  # 8
    (70, 6, 0, S, 0),  # 9
    (71, -1, 0, Kind.BOOST, 1),  # 10
]


def test_a_small_run_by_hand() -> None:
    record = record_of(
        SMALL,
        sights=[(3, 1, 0, 0, 1), (3, 2, 0, 0, 1), (5, 3, 2, 1, 2), (5, 3, 0, 0, 1), (6, 4, 3, 1, 1), (6, 5, 1, 0, 3)],
        follows=[(4, 7, True), (5, 8, False), (9, 9, True)],
    )
    row = measure(record)
    assert row["messages"] == 7
    assert row["participants"] == 6
    assert row["reach"] == 5
    assert row["hijack_share"] == 5 / 7
    assert row["hijack_share_impressions"] == 3 / 9
    assert row["retweet_share"] == 3 / 7
    assert (row["followers_gained"], row["followers_lost"]) == (2, 1)
    assert row["takeover"] is False
    assert row["takeover_minutes"] is None
    # six messages until minute 9, one at 70
    assert row["peak_messages_per_hour"] == 6
    # half of seven is reached by the fourth message, at minute 6
    assert row["half_life_hours"] == 0.1
    assert row["news_minute"] == 12
    assert row["trending_minute"] is None
    assert (row["agency_messages"], row["replies"], row["boosts"], row["stories"]) == (3, 1, 1, 1)
    assert row["verdict"] == "hijacked"
    assert row["fizzled_frame"] is None


def test_the_most_shared_weigh_by_their_shares_and_boosts() -> None:
    # originals 1 (campaign, boosted once), 2 (counter, shared twice), 5 and 6 (counter)
    assert top_share(messages_of(SMALL)) == (3 + 1 + 1) / (2 + 3 + 1 + 1)
    assert top_share(messages_of(SMALL), top=1) == 1.0
    assert top_share(messages_of(SMALL), top=2) == 3 / 5


def test_ties_among_the_most_shared_go_to_the_earlier() -> None:
    lines = [(0, 0, 0, W, -1), (1, 1, 1, W, -1), (2, 2, 1, W, -1), (3, 3, 1, S, 2)]
    assert top_share(messages_of(lines), top=2) == 2 / 3


def test_reproduction_counts_children_of_participants_by_frame() -> None:
    row = measure(record_of(SMALL))
    # campaign causes 1 and 9: message 1 provoked 5; the boost is the agency's
    assert row["reproduction_campaign"] == 1 / 2
    assert row["reproduction_campaign_to_counter"] == 1 / 2
    assert row["reproduction_campaign_to_campaign"] == 0.0
    # counter causes 2, 3, 4, 5, 6: 2 caused 3, 3 caused 4, 4 caused 6; the reply is the agency's
    assert row["reproduction_counter"] == 3 / 5
    assert row["reproduction_counter_to_counter"] == 3 / 5
    assert row["reproduction_counter_to_campaign"] == 0.0


def test_reproduction_is_measured_before_the_tag_trends() -> None:
    # the rate of the last hour reaches 3 at minute 6, so causes 1, 2 and 3 are early
    row = measure(record_of(SMALL, trend_rate=3))
    assert row["trending_minute"] == 6
    assert row["reproduction_campaign"] == 1.0
    assert row["reproduction_counter"] == 1.0


def test_reproduction_is_measured_within_six_hours() -> None:
    lines = [(359, 0, 1, W, -1), (360, 1, 1, W, -1), (500, 2, 1, S, 0), (501, 3, 1, S, 1)]
    assert measure(record_of(lines, minutes=600))["reproduction_counter"] == 1.0


def test_undefined_is_none_without_messages() -> None:
    row = measure(record_of([], n=0, minutes=1))
    counts = {"messages", "participants", "reach", "followers_gained", "followers_lost", "peak_messages_per_hour",
              "agency_messages", "replies", "boosts", "stories"}  # fmt: skip
    assert {name for name, value in row.items() if value == 0 and value is not False} == counts
    assert row["takeover"] is False
    assert row["verdict"] == "fizzled"
    rest = set(row) - counts - {"takeover", "verdict"}
    assert [name for name in rest if row[name] is not None] == []


def test_a_post_that_nobody_answers_is_a_cascade_of_one() -> None:
    row = measure(record_of([(0, -1, 0, Kind.POST, -1)], n=10_000))
    assert (row["cascade_size"], row["cascade_depth"], row["structural_virality"]) == (1, 0, None)
    assert row["verdict"] == "fizzled"
    assert row["fizzled_frame"] is None


def test_volumes_by_an_hour_count_the_minutes_before_it() -> None:
    lines = [(599, 0, 0, W, -1), (600, 1, 0, W, -1), (1289, 2, 0, W, -1), (1290, 3, 0, W, -1)]
    row = measure(record_of(lines, minutes=1300))
    assert row["messages_by_10h"] == 1
    assert row["messages_by_21_5h"] == 3
    assert row["messages_by_34h"] is None
    assert measure(record_of(lines[:1], minutes=600))["messages_by_10h"] == 1


def test_the_peak_is_an_hour_wide() -> None:
    apart = measure(record_of([(0, 0, 0, W, -1), (60, 1, 0, W, -1)]))
    within = measure(record_of([(0, 0, 0, W, -1), (59, 1, 0, W, -1)]))
    assert apart["peak_messages_per_hour"] == 1
    assert within["peak_messages_per_hour"] == 2
    assert measure(record_of([(0, 0, 0, W, -1)], minutes=5))["peak_messages_per_hour"] == 1


def test_half_life_of_an_even_number_is_reached_by_half() -> None:
    lines = [(30, 0, 0, W, -1), (120, 1, 0, W, -1)]
    assert measure(record_of(lines))["half_life_hours"] == pytest.approx(0.5)


def test_the_first_messages_are_those_of_people_in_order() -> None:
    lines = [(0, -1, 0, Kind.POST, -1)] + [(1 + i // 5, i, int(i < 15), W, 0) for i in range(60)]
    row = measure(record_of(lines))
    assert row["counter_share_first_20"] == 15 / 20
    assert row["counter_share_first_50"] == 15 / 50
    assert row["counter_share_first_100"] is None
