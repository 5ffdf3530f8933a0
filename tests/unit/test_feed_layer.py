"""What a person gets to see, by hand: decay, sinking, ranking, and when the tag trends."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.config.feed import FeedConfig
from sim.feed.exposure import OLDEST, feed_age, sinking_speed, sinking_speeds, usual_followees, visibility_table
from sim.feed.ranking import list_score, listed_score, pick_score, rank_weight
from sim.feed.trending import needed_now, trend_rate, trends

ONE = np.float32(1.0)
LAST = 1.0 - 2.0**-53


def test_attention_halves_with_every_half_life():
    table = visibility_table(FeedConfig(attention=0.4, half_life_minutes=80.0))
    assert table.shape == (OLDEST + 1,)
    assert table[0] == 0.4
    assert table[[80, 160, 800]] == pytest.approx([0.2, 0.1, 0.4 / 1024], rel=1e-13)
    assert table[1] == pytest.approx(0.4 * 2 ** (-1 / 80), rel=1e-14)
    assert (np.diff(table) <= 0).all()


def test_a_very_short_half_life_leaves_nothing_and_a_long_one_nearly_all():
    assert visibility_table(FeedConfig(half_life_minutes=1e-9))[1:].max() == 0.0
    assert visibility_table(FeedConfig(attention=1.0, half_life_minutes=1e5))[OLDEST] == pytest.approx(0.635, abs=1e-3)
    assert not visibility_table(FeedConfig(attention=0.0)).any()


@pytest.mark.parametrize(
    "wait, sink, weight, age",
    [
        (100, 1.0, 1.0, 100),
        (100, 1.0, 3.0, 33),
        (100, 2.5, 1.0, 250),
        (3, 0.25, 1.0, 0),
        (43_200, 1.0, 1.0, 43_200),
        (43_200, 2.0, 1.0, OLDEST),
        (43_200, 1e30, 1.0, OLDEST),
        (1, np.inf, 1.0, OLDEST),
        (43_200, 1.0, 1e38, 0),
        (65_535, 1.0, 1.0, OLDEST),
    ],
)
def test_feed_age_is_waiting_times_sinking_over_weight_rounded_down_and_held(wait, sink, weight, age):
    assert feed_age(wait, np.float32(sink), np.float32(weight)) == age


def test_a_feed_with_many_followees_sinks_faster():
    # (4 + 1) / (1.5 + 1) = 2 to the power 0.5
    assert sinking_speed(4, 1.5, 0.5) == np.float32(math.sqrt(2.0))
    assert sinking_speed(4, 4.0, 2.0) == ONE
    assert sinking_speed(123, 7.0, 0.0) == ONE
    assert sinking_speed(0, 1e6, 2.0) > 0.0


def test_sinking_speeds_are_those_of_each_row():
    followees = np.array([0, 3, 3, 50, 1], dtype=np.int32)
    found = sinking_speeds(followees, 0.4)
    assert found.dtype == np.float32
    assert found.tolist() == [sinking_speed(int(k), 11, 0.4) for k in followees]
    assert sinking_speeds(followees, 0.4, 50)[3] == 1.0
    assert [usual_followees(np.array(some)) for some in ([0, 1], [0, 0, 1], [3, 4, 4, 3], [7])] == [1, 0, 4, 7]
    assert sinking_speeds(np.zeros(0, dtype=np.int32), 0.4).shape == (0,)
    assert sinking_speeds(np.zeros(3, dtype=np.int32), 2.0).tolist() == [1.0, 1.0, 1.0]


def test_a_chronological_feed_treats_all_alike():
    assert rank_weight(False, 10**6, 1.0, 3.0, 5.0) == ONE
    assert pick_score(False, 0.25, ONE) == np.float32(0.75)
    assert listed_score(False, 0.25, 7.0) == 0.25


def test_a_ranked_feed_lifts_what_is_shared_and_what_stirs():
    assert rank_weight(True, 0, 0.0, 0.3, 0.7) == ONE
    assert rank_weight(True, 15, 0.5, 0.5, 0.7) == np.float32(4.0 * math.exp(0.35))
    assert pick_score(True, 0.75, np.float32(2.0)) == np.float32(math.log(4.0) / 2.0)
    assert listed_score(True, 0.75, 2.0) == pytest.approx(math.log(4.0) / 2.0, rel=1e-15)
    # scores are finite and not negative at the ends of a draw
    for draw in (0.0, LAST):
        assert 0.0 <= pick_score(True, draw, np.float32(1e-3)) < np.inf
        assert 0.0 <= listed_score(True, draw, 1e-3) < math.inf


def test_the_heavier_of_two_messages_is_picked_in_proportion_to_its_weight():
    # the smallest of independent exponentials with rates 3 and 1 belongs to the first in three of four cases
    draws = (np.arange(300) + 0.5) / 300
    first = sum(pick_score(True, a, np.float32(3.0)) < pick_score(True, b, ONE) for a in draws for b in draws)
    assert first / draws.size**2 == pytest.approx(0.75, abs=0.003)


def test_standing_on_a_list_grows_with_shares_and_falls_with_age():
    # ninety minutes of age weigh as much as a doubled count
    assert list_score(0, 0, 90.0) == 0.0
    assert list_score(1, 0, 90.0) == pytest.approx(list_score(0, 90, 90.0), rel=1e-15)
    assert list_score(7, 180, 90.0) == pytest.approx(5 * math.log(2), rel=1e-14)


def test_the_needed_rate_follows_the_audience_from_a_least_number_on():
    assert trend_rate(1e-4, 20, 10**6) == pytest.approx(100.0)
    assert trend_rate(1e-4, 20, 1_004_999) == 100.0 != trend_rate(1e-4, 20, 1_005_001) == 101.0
    assert trend_rate(1e-4, 20, 10_000) == 20.0
    assert trend_rate(1e-4, 20, 0) == 20.0


@pytest.mark.parametrize(
    "trending, rate, now",
    [(False, 19, False), (False, 20, True), (True, 19, True), (True, 10, True), (True, 9, False), (False, 9, False)],
)
def test_trending_begins_at_the_needed_rate_and_ends_below_half_of_it(trending, rate, now):
    assert trends(trending, float(rate), 20.0) == now


def test_what_trended_before_must_be_busier():
    assert needed_now(20.0, 0, 8.0) == 20.0
    assert needed_now(20.0, 480, 8.0) == pytest.approx(40.0, rel=1e-14)
    assert needed_now(20.0, 24 * 60, 8.0) == pytest.approx(160.0, rel=1e-14)
    assert needed_now(20.0, 240, 8.0) == pytest.approx(20.0 * math.sqrt(2.0), rel=1e-14)
    assert not trends(True, 1e9, needed_now(1e6, 43_200, 1e-6))  # beyond all bounds, and still a number
    assert not math.isnan(needed_now(1e6, 43_200, 1e-300))
    assert needed_now(20.0, 43_200, 10_000.0) == pytest.approx(20.0 * 2**0.072, rel=1e-14)
