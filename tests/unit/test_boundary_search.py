"""The search for a tipping line: its posterior, where it spends runs, what it does at the edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.special import expit, logit

from sim.study.boundary.box import Box, Side
from sim.study.boundary.reading import crossings, line_table, tipping_rows
from sim.study.boundary.search import RUNS_A_POINT, next_batch, on_line, search, spread
from sim.study.boundary.surface import Shape, Surface, _evidence, fitted
from sim.study.boundary.words import finding


def slope(points: np.ndarray) -> np.ndarray:
    """Return log-odds that rise along both sides."""
    return 20.0 * (points[:, 0] + 0.5 * points[:, 1] - 0.75)


class Ask:
    """Carries runs out on known log-odds, and keeps which luck was used."""

    def __init__(self, log_odds: object, seed: int = 0) -> None:
        self.log_odds, self.rng, self.used = log_odds, np.random.default_rng(seed), list[int]()

    def __call__(self, points: np.ndarray, numbers: Sequence[range]) -> tuple[np.ndarray, np.ndarray]:
        self.used += [number for each in numbers for number in each]
        trials = np.array([len(each) for each in numbers])
        return self.rng.binomial(trials, expit(self.log_odds(points))), trials  # type: ignore[operator]


def seen(many: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points, hits and runs."""
    points = spread(2, 8, seed)[:many]
    trials = np.full(many, 10.0)
    return points, np.random.default_rng(seed).binomial(10, expit(slope(points))).astype(float), trials


def test_the_slope_of_the_evidence_is_that_of_small_steps() -> None:
    points, hits, trials = seen(40)
    logs = Shape((0.4, 0.7), 2.0, 0.2).logarithms()

    def evidence(at: np.ndarray) -> float:
        parts = np.exp(at)
        return _evidence(points, hits, trials, 0.3, Shape(tuple(parts[:2]), parts[2], parts[3]), None)[0]

    found = _evidence(points, hits, trials, 0.3, Shape((0.4, 0.7), 2.0, 0.2), None)[1]
    steps = 1e-4 * np.eye(4)
    np.testing.assert_allclose(found, [(evidence(logs + h) - evidence(logs - h)) / 2e-4 for h in steps], rtol=1e-5)


def test_with_many_runs_at_one_place_the_posterior_is_their_share_with_its_binomial_error() -> None:
    place = np.array([[0.5, 0.5]])
    surface = Surface(place, np.array([3_000.0]), np.array([10_000.0]), 0.5, Shape((0.5, 0.5), 3.0, 1e-4))
    mean, deviation = surface.at(place)
    assert mean[0] == pytest.approx(logit(0.3), abs=1e-3)
    assert deviation[0] == pytest.approx(1 / np.sqrt(10_000 * 0.3 * 0.7), rel=1e-2)
    shifted = Surface(place, np.array([3_000.0]), np.array([10_000.0]), 0.2, Shape((0.5, 0.5), 3.0, 1e-4))
    assert shifted.mean(place)[0] == pytest.approx(logit(0.3) - logit(0.2), abs=1e-3)
    assert shifted.odds(place)[0][0] == pytest.approx(0.3, abs=1e-3)


def test_the_order_of_points_moves_nothing() -> None:
    points, hits, trials = seen(60)
    order = np.random.default_rng(5).permutation(60)
    one = fitted(points, hits, trials, 0.5, Shape.usual(2))
    other = fitted(points[order], hits[order], trials[order], 0.5, Shape.usual(2))
    assert one.shape == other.shape
    box = spread(2, 8, 0)
    np.testing.assert_allclose(one.mean(box), other.mean(box), atol=1e-8)
    both = [next_batch(each, box, lambda points: points, 12, 10) for each in (one, other)]
    np.testing.assert_array_equal(both[0], both[1])


def test_batches_lie_near_the_line_and_apart_from_each_other() -> None:
    surface = fitted(*seen(120), 0.5, Shape.usual(2))
    batch = next_batch(surface, spread(2, 10, 0), lambda points: points, 12, 10)
    assert np.abs(slope(batch)).mean() < 3.0 < np.abs(slope(spread(2, 10, 0))).mean()
    apart = np.hypot(*(batch[:, None, :] - batch[None, :, :]).transpose(2, 0, 1))
    assert np.median(apart[apart > 0]) > 0.2
    line = on_line(surface, spread(2, 10, 0), 50)
    assert len(line) == 50 and np.abs(surface.mean(line)).max() < 1e-2


def test_a_search_spends_its_runs_each_on_luck_of_its_own_and_repeats_itself() -> None:
    one, two = Ask(slope), Ask(slope)
    first, second = search(one, 2, runs=700, seed=4), search(two, 2, runs=700, seed=4)
    assert one.used == list(range(first.spent.asked)) == two.used and 700 - RUNS_A_POINT < first.spent.asked <= 700
    np.testing.assert_array_equal(first.spent.points, second.spent.points)
    assert first.misplaced == second.misplaced < 0.02 and not first.settled
    assert [runs for runs, _ in first.course][-1] == first.spent.asked


def test_a_search_ends_when_it_is_as_sure_as_was_asked_for() -> None:
    found = search(Ask(slope), 2, runs=5_000, misplaced=0.02, seed=4)
    assert found.settled and found.misplaced <= 0.02 and found.spent.asked < 1_500


def test_whole_numbers_are_asked_at_whole_numbers_and_merged() -> None:
    box = Box((Side("post.repeats", "How often", "posts", 1.0, 9.0, True, 2.0),))
    ask = Ask(lambda points: 3.0 * (1.0 + 8.0 * points[:, 0] - 4.4))
    found = search(ask, 1, runs=400, seed=2, snap=box.snap)
    values = np.unique([row["post.repeats"] for row in box.values(found.spent.points)])
    assert set(values) <= set(range(1, 10)) and len(found.surface.points) == len(values)
    row = tipping_rows(found.surface, box)[0]
    assert 4.0 < row["at"] < 5.0 and row["rises"] and row["distance"] == pytest.approx(2.0 - row["at"])


def test_without_a_line_none_is_found() -> None:
    found = search(Ask(lambda points: np.full(len(points), -7.0)), 2, runs=600, seed=1)
    box = Box(tuple(Side(name, name, "1", 0.0, 1.0, False, 0.5) for name in ("a.b", "a.c")))
    assert found.misplaced < 0.05 and line_table(found.surface, box, np.full(2, 0.5)).empty
    assert [row["at"] for row in tipping_rows(found.surface, box)] == [None, None]


def test_where_no_run_comes_to_an_end_the_search_ends_after_the_first_batch() -> None:
    found = search(lambda points, numbers: (np.zeros(len(points)), np.zeros(len(points))), 2, runs=4_000)
    assert len(found.course) == 1 and not found.spent.trials.any()


def test_a_crossing_has_a_band_that_may_leave_the_box() -> None:
    points = np.linspace(0.0, 1.0, 21)[:, None]
    trials = np.full(21, 200.0)
    hits = np.round(trials * expit(12.0 * (points[:, 0] - 0.3)))
    surface = fitted(points, hits, trials, 0.5, Shape.usual(1))
    (found,) = crossings(surface, np.array([0.0]), 0)
    assert found.rises and found.low is not None and found.high is not None
    assert found.low < 0.3 < found.high and found.high - found.low < 0.08
    few = Surface(points[::10], np.array([0.0, 1.0, 1.0]), np.full(3, 1.0), 0.5, Shape.usual(1))
    (wide,) = crossings(few, np.array([0.0]), 0)
    assert wide.low is None and wide.high is None


def test_a_box_whose_intervals_pass_the_level_is_not_said_to_be_without_a_line():
    box = Box((Side("post.openness", "openness", "0 to 1", 0.0, 1.0, False, 0.5),))
    found = {"verdict": "hijacked", "level": 0.5, "crosses": False, "share_above": 1.0, "odds_range": [0.61, 0.999]}
    sure = finding(box, found | {"odds_reach": [0.52, 0.99996]})
    assert sure.endswith("in 52 to >99.9 of 100 (95 %), so that no line crosses it.")
    told = finding(box, found | {"odds_reach": [0.42, 0.99996]})
    assert "by the best estimate: in 61 to 99.9 of 100. Its 95 % intervals reach from 42 to >99.9" in told
    assert told.endswith("so that a line cannot be ruled out.") and "no line crosses" not in told
    none = finding(box, found | {"share_above": 0.0, "odds_range": [0.0004, 0.09], "odds_reach": [0.0, 0.98]})
    assert none.startswith("Nowhere in this box is it hijacked in most runs, by the best estimate: in <0.1 to 9 of 100")
