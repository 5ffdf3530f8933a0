"""Rankings over draws, break-even sizes and simultaneous intervals, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.answers.breakeven import break_even, crossing
from sim.study.answers.regret import by_expected, by_regret, by_worst, ranked, regrets, shared_best, worst_case
from sim.study.answers.window_bands import Bands, reach_of, simultaneous

TWO_OF_THREE = np.array([[0.2, 0.6, 1.0], [0.4, 0.4, 0.4], [0.2, 0.9, 1.0]])


def test_regret_is_what_a_choice_loses_to_the_best_of_the_same_draw():
    expected = [[0.0, 0.2, 0.6], [0.2, 0.0, 0.0], [0.0, 0.5, 0.6]]
    np.testing.assert_allclose(regrets(TWO_OF_THREE), expected)


def test_the_best_of_a_draw_is_shared_out_between_ties():
    np.testing.assert_allclose(shared_best(TWO_OF_THREE), [[0.5, 0, 0], [0, 1, 1], [0.5, 0, 0]])


def test_the_worst_case_is_the_mean_of_the_worst_tenth_of_draws_and_of_one_at_least():
    assert worst_case(np.arange(20.0)) == 18.5
    assert worst_case(np.array([0.3, 0.7, 0.1])) == 0.7


def test_a_ranking_orders_by_expected_outcome_and_then_by_regret():
    found = ranked(TWO_OF_THREE, seed=1)
    np.testing.assert_allclose(found.expected, [0.6, 0.4, 0.7])
    np.testing.assert_allclose(found.regret, [0.8 / 3, 0.2 / 3, 1.1 / 3])
    np.testing.assert_allclose(found.regret_most, [0.6, 0.2, 0.6])
    np.testing.assert_allclose(found.best_in, [1 / 6, 4 / 6, 1 / 6])
    assert found.order.tolist() == [1, 0, 2]
    assert found.best_probability.sum() == pytest.approx(1.0)
    assert not found.apart.any()  # three draws tell nothing apart
    assert np.all((found.expected_lo <= found.expected) & (found.expected <= found.expected_hi))


def test_choices_that_end_alike_everywhere_share_first_place_and_are_not_apart():
    found = ranked(np.tile([0.0, 1.0, 0.5, 0.25], (3, 1)), seed=0)
    np.testing.assert_allclose(found.best_in, 1 / 3)
    np.testing.assert_allclose(found.best_probability, 1 / 3)
    assert not found.regret.any()
    assert not found.apart.any()


def test_a_clear_lead_over_many_draws_is_told_apart():
    luck = np.random.default_rng(3).random(64)
    found = ranked(np.stack([luck, luck + 0.3, luck + 0.01 * np.sin(np.arange(64))]), seed=0)
    assert found.apart.tolist() == [False, True, False]
    assert found.behind.mean[1] == pytest.approx(0.3, abs=0.01)
    assert found.best_probability[1] == 0.0


def test_order_of_choices_and_of_draws_does_not_move_a_ranking():
    outcome = np.random.default_rng(5).random((4, 30))
    one, other = ranked(outcome, seed=2), ranked(outcome[::-1], seed=2)
    np.testing.assert_allclose(one.expected_lo, other.expected_lo[::-1])
    np.testing.assert_allclose(one.best_probability, other.best_probability[::-1])
    assert one.order.tolist() == (3 - other.order).tolist()


def test_criteria_say_by_how_much_the_first_is_better():
    pair = np.array([[0.2, 0.6, 1.0], [0.4, 0.4, 0.4]])
    assert by_expected(pair) == pytest.approx(-0.2)
    assert by_worst(pair) == pytest.approx(-0.6)
    assert by_regret(pair) == pytest.approx(0.2 - 0.6)
    assert by_regret(pair + np.array([[1.0], [0.0]])) == pytest.approx(-1.6)  # the second is never worse: no regret
    stacked = np.stack([pair, pair], axis=1)
    np.testing.assert_allclose(by_worst(stacked), [-0.6, -0.6])


@pytest.mark.parametrize(
    ("lead", "near", "at"),
    [
        ([-1, 1, 3], 0.5, 0.25),
        ([3, 1, -3], 0.5, 0.625),
        ([1, 2, 3], 0.5, None),
        ([-1, 0, 2], 0.1, 0.5),  # a nought between two signs: there
        ([0, 0, 2], 0.1, None),  # even, then better: never worse
        ([1, -1, 1], 0.9, 0.75),
        ([1, -1, 1], 0.1, 0.25),
    ],
)
def test_a_crossing_is_where_a_straight_line_between_sizes_changes_sign(lead, near, at):
    assert crossing([0.0, 0.5, 1.0], lead, near) == at


def test_break_even_of_a_lead_that_is_the_same_in_all_draws_is_a_point():
    sizes = np.array([0.1, 0.4, 0.7])
    first = 0.8 - sizes[:, None] * np.ones(20)
    found = break_even(sizes, np.stack([first, np.full((3, 20), 0.55)], axis=1), by_expected, near=0.4, seed=0)
    assert found.at == pytest.approx(0.25)
    assert (found.at_lo, found.at_hi) == (pytest.approx(0.25), pytest.approx(0.25))
    assert found.crosses == 1.0
    assert found.rises
    assert not found.never


def test_a_second_best_that_never_overtakes_is_told_as_never():
    sizes = np.array([0.1, 0.7])
    first = 0.5 - 0.2 * sizes[:, None] * np.ones(8)
    found = break_even(sizes, np.stack([first, np.full((2, 8), 0.9)], axis=1), by_expected, near=0.4, seed=0)
    assert found.at is None
    assert found.never
    assert found.crosses == 0.0
    assert (found.at_lo, found.at_hi) == (-np.inf, -np.inf)  # a larger effect lengthens the lead: below the span


def test_a_break_even_that_draws_disagree_on_has_a_wide_interval():
    luck = np.random.default_rng(1).normal(0.0, 0.5, 40)
    sizes = np.array([0.0, 0.5, 1.0])
    first = 0.5 - 0.4 * sizes[:, None] + luck
    found = break_even(sizes, np.stack([first, np.full((3, 40), 0.3)], axis=1), by_expected, near=0.5, seed=4)
    assert found.at_lo < 0.3 < 0.7 < found.at_hi
    assert 0.0 < found.crosses < 1.0


def test_simultaneous_intervals_are_wider_than_single_ones_and_hold_together():
    generator = np.random.default_rng(9)
    missed_one, missed_any, studies = 0, 0, 150
    for study in range(studies):
        table = generator.normal(0.0, 1.0, (8, 40))
        found = simultaneous(table, seed=study, yes_or_no=False)
        outside = (found.lo > 0.0) | (found.hi < 0.0)
        missed_any += bool(outside.any())
        missed_one += bool(outside[0])
        assert found.factor > 2.2
    assert missed_any <= 19  # 5 % of 150 are 7.5; 19 or more are as rare as 1 in 10,000
    assert missed_one <= missed_any


def test_minutes_that_move_together_need_no_wider_interval_than_one():
    one = np.random.default_rng(2).normal(size=50)
    together = simultaneous(np.tile(one, (6, 1)), seed=0, yes_or_no=False)
    alone = simultaneous(one[None], seed=0, yes_or_no=False)
    assert together.factor == pytest.approx(alone.factor, rel=0.03)


def test_an_interval_of_yes_or_no_never_shrinks_to_a_point():
    found = simultaneous(np.zeros((3, 50)), seed=0, yes_or_no=True)
    assert found.factor == pytest.approx(2.0096, abs=1e-3)  # Student's with 49 degrees of freedom
    np.testing.assert_allclose(found.hi, found.factor**2 / (50 + found.factor**2))
    np.testing.assert_allclose(found.lo, -found.hi)
    assert simultaneous(np.zeros((3, 50)), seed=0, yes_or_no=False).hi.tolist() == [0.0, 0.0, 0.0]
    single = simultaneous(np.ones((2, 1)), seed=0, yes_or_no=True)
    assert (single.lo.tolist(), single.hi.tolist()) == ([-1.0, -1.0], [1.0, 1.0])


def test_a_sign_of_yes_or_no_is_told_only_where_the_exact_sign_test_tells_it():
    few, more = np.zeros((1, 100)), np.zeros((1, 100))
    few[0, :5], more[0, :9] = -1.0, -1.0  # 5 of 5 in one direction: p = 1/16; 9 of 9: p = 1/256
    assert simultaneous(few, seed=0, yes_or_no=True).hi.tolist() == [0.0]
    found = simultaneous(more, seed=0, yes_or_no=True)
    assert found.mean[0] == -0.09
    assert -0.16 < found.lo[0] < found.hi[0] < 0.0


def bands(lo, hi):
    """Return bands with these ends."""
    low, high = np.array(lo, dtype=float), np.array(hi, dtype=float)
    return Bands((low + high) / 2, low, high, 2.5, 100)


def test_it_helps_until_the_latest_minute_whose_interval_excludes_no_effect():
    found = reach_of([5, 20, 60, 180], bands([-0.5, -0.4, -0.3, -0.1], [-0.2, 0.0, -0.1, 0.1]), sign=1.0)
    assert (found.until, found.not_at, found.harms) == (60.0, 180.0, ())
    every = reach_of([5, 20], bands([-0.5, -0.4], [-0.2, -0.1]), sign=1.0)
    assert (every.until, every.not_at) == (20.0, None)
    never = reach_of([5, 20], bands([0.1, -0.4], [0.2, 0.1]), sign=1.0)
    assert (never.until, never.not_at, never.harms) == (None, None, (5.0,))
    more_is_better = reach_of([5, 20], bands([0.1, -0.4], [0.2, -0.1]), sign=-1.0)
    assert (more_is_better.until, more_is_better.not_at, more_is_better.harms) == (5.0, 20.0, (20.0,))
