"""Boxes: hand-worked peels and pastes, known boxes found again, none from noise, and intervals that count luck."""

from __future__ import annotations

import numpy as np
import pytest

from sim.outcome.verdict import odds_interval
from sim.study.design.points import Point
from sim.study.discovery.boxes import boxes, trade_off
from sim.study.discovery.features import features_of, sentence
from sim.study.discovery.odds import Rate, Seen, rate_of
from sim.study.discovery.prim import Box, paste, peel, whole
from sim.study.discovery.words import finding


def seen(odds: np.ndarray, places: np.ndarray, replicates: int, seed: int) -> Seen:
    """Yes or no of each run, each point with luck of its own."""
    shape = (len(odds), replicates)
    hits = np.random.default_rng(seed).random(shape) < odds[:, None]
    return Seen(places, hits.astype(np.float64), np.arange(hits.size).reshape(shape))


def held_out(points: int) -> np.ndarray:
    return np.arange(points) % 3 == 2


def test_a_peel_takes_the_slice_that_leaves_the_highest_mean() -> None:
    places = np.arange(20.0)[:, None]
    rate = np.repeat([0.0, 1.0], 10)
    path = peel(places, rate, [0], least=0.25)
    assert [box.low[0] for box in path[1:4]] == [0.5, 1.5, 2.5]  # one point of twenty at a time, from below
    assert path[10].low[0] == 9.5 and len(path) == 11  # all that is left is a hit
    assert np.array_equal(path[10].holds(places), rate == 1.0)


def test_points_of_one_value_stay_together_and_a_peel_leaves_something() -> None:
    places = np.repeat([0.0, 1.0], 10)[:, None]
    path = peel(places, np.repeat([0.2, 0.8], 10), [0], least=0.05)
    assert [box.low[0] for box in path] == [-np.inf, 0.5]  # nothing is left to peel inside one value


def test_pasting_gives_back_what_raises_the_mean_and_no_more() -> None:
    places = np.arange(20.0)[:, None]
    rate = np.where((places[:, 0] >= 8) & (places[:, 0] < 15), 1.0, 0.0)
    rate[12] = 0.5
    grown = paste(Box(np.array([11.5]), np.array([14.5])), places, rate)
    assert (grown.low[0], grown.high[0]) == (7.5, 14.5)
    assert paste(whole(1), places, rate).restricted.size == 0


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))])
def test_a_known_box_is_found_again(seed: int) -> None:
    places = np.random.default_rng(seed).random((600, 15))
    inside = (places[:, 3] > 0.6) & (places[:, 7] < 0.5)
    found, path = boxes(
        seen(np.where(inside, 0.92, 0.15), places, 4, 100 + seed), held_out(600), at_least=None, most=3, seed=seed
    )
    assert len(found) == 1 and found[0].box.restricted.tolist() == [3, 7]
    assert found[0].box.low[3] == pytest.approx(0.6, abs=0.04) and found[0].box.high[7] == pytest.approx(0.5, abs=0.04)
    assert np.isinf(found[0].box.high[3]) and np.isinf(found[0].box.low[7])
    low, high = found[0].density.interval
    assert low - 0.03 < 0.92 < high + 0.03  # luck of one in four is beyond an interval
    assert max(found[0].chance.values()) < 1e-4 and min(found[0].support.values()) >= 0.9
    assert found[0].coverage == pytest.approx(0.6, abs=0.12) and found[0].mass == pytest.approx(0.2, abs=0.08)
    assert len(found[0].path) > 10 and len(path) == len(found[0].path)


def test_a_second_box_is_found_among_what_is_left() -> None:
    places = np.random.default_rng(0).random((900, 10))
    odds = np.where(places[:, 0] > 0.75, 0.95, np.where(places[:, 1] < 0.2, 0.8, 0.1))
    found, _ = boxes(seen(odds, places, 4, 1), held_out(900), at_least=None, most=3, seed=0)
    assert [told.box.restricted.tolist() for told in found] == [[0], [1]]


@pytest.mark.parametrize("seeds", [range(4), pytest.param(range(4, 100), marks=pytest.mark.slow)])
def test_noise_holds_no_box(seeds: range) -> None:
    told = 0
    for seed in seeds:
        places = np.random.default_rng(seed).random((400, 12))
        noise = seen(np.full(400, 0.3), places, 3, 50 + seed)
        found, path = boxes(noise, held_out(400), at_least=None, most=3, seed=seed)
        assert len(path) > 1
        told += len(found)
        asked, _ = boxes(noise, held_out(400), at_least=0.6, most=3, seed=seed)
        told += len(asked)
    assert told <= len(seeds) // 50  # each is told by chance in one of 200


def test_a_density_that_is_asked_for_makes_the_box_smaller() -> None:
    places = np.random.default_rng(5).random((900, 6))
    odds = 1 / (1 + np.exp(-12 * (places[:, 2] - 0.6)))
    runs = seen(odds, places, 4, 6)
    free, _ = boxes(runs, held_out(900), at_least=None, most=1, seed=0)
    pure, _ = boxes(runs, held_out(900), at_least=0.95, most=1, seed=0)
    assert pure[0].box.low[2] > free[0].box.low[2] and pure[0].mass < free[0].mass
    assert pure[0].found_density >= 0.95 and pure[0].density.value > 0.88


def test_runs_of_one_point_or_one_luck_do_not_count_as_independent() -> None:
    places, alone = np.zeros((100, 1)), np.arange(400).reshape(100, 4)
    drawn = np.random.default_rng(2).random((100, 4)) < 0.5
    worth = rate_of(Seen(places, drawn.astype(float), alone))
    assert worth is not None and 300 < worth.worth <= 400
    same = np.repeat(drawn[:, :1], 4, 1).astype(float)
    by_point = rate_of(Seen(places, same, alone))
    assert by_point is not None and by_point.worth == pytest.approx(100)
    by_luck = rate_of(Seen(places, np.tile([1.0, 0, 1, 0], (100, 1)), np.tile(np.arange(4), (100, 1))))
    assert by_luck is not None and by_luck.worth == pytest.approx(4)
    all_alike = rate_of(Seen(places, np.ones((100, 4)), alone))
    assert all_alike is not None and all_alike.worth == 100
    assert rate_of(Seen(places[:0], np.zeros((0, 4)), alone[:0])) is None
    assert Rate(0.3, 50.0).interval == pytest.approx(odds_interval(15, 50))
    assert Rate(0.3, 50.0).chance_above(0.0) == 0.0 and Rate(0.0, 50.0).chance_above(0.3) == 1.0
    assert Rate(0.3, 10.0).chance_above(0.1) == pytest.approx(1 - sum(
        n * 0.1**k * 0.9 ** (10 - k) for k, n in enumerate((1, 10, 45))))  # fmt: skip


def test_the_trade_off_runs_from_all_points_to_a_pure_few() -> None:
    places = np.random.default_rng(1).random((300, 3))
    runs = seen(np.where(places[:, 0] > 0.5, 0.9, 0.1), places, 3, 4)
    found, _ = boxes(runs, held_out(300), at_least=None, most=1, seed=0)
    rows = trade_off(found[0].path, runs, held_out(300))
    assert rows[0]["coverage_found"] == rows[0]["coverage_held_out"] == rows[0]["mass_found"] == 1.0
    assert rows[-1]["density_found"] > 0.9 > 0.6 > rows[0]["density_found"]
    assert all(row["density_held_out_lo"] <= row["density_held_out"] <= row["density_held_out_hi"] for row in rows[:9])


def test_boxes_are_told_in_words_by_cohort_word_and_number() -> None:
    from sim.catalogue.registry import load_case

    base = load_case("my_nypd")
    points = [
        Point({"people.under_30_grievance_shift": shift, "post.openness": openness, "policy": policy}, base)
        for shift, openness, policy in ((0.0, 0.1, "silent"), (1.0, 0.9, "withdraw"), (0.5, 0.6, "silent"))
    ]
    features, values = features_of(points)
    assert [feature.name for feature in features] == [
        "people.grievance[18-24]", "post.openness", "policy=silent", "policy=withdraw"
    ]  # fmt: skip
    mean = 1 / (1 + np.exp(-(np.log(0.2 / 0.8) + 0.35 + np.array([0.0, 1.0, 0.5]))))
    assert values[:, 0] == pytest.approx(mean) and values[:, 2].tolist() == [1.0, 0.0, 1.0]
    box = Box(np.array([0.41, 0.6, -np.inf, -np.inf]), np.array([np.inf, 0.8, 0.5, np.inf]))
    assert sentence(box, features) == (
        "grievance of 18\N{EN DASH}24 above 0.41 and openness between 0.60 and 0.80 and policy is not silent"
    )
    assert "nowhere" in finding("hijacked", [], features, Rate(0.3, 100.0))
    assert finding("viral_positive", [], features, None) == "No run came to an end."
