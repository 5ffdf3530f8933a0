from __future__ import annotations

import pytest

from sim.study.compare.paired import (
    odds_difference_interval,
    paired_difference,
    paired_odds,
    sign_test,
    variance_ratio,
)


def test_shared_luck_cancels_in_paired_differences() -> None:
    one = [10.0, 200.0, 3000.0, 40.0]
    found = paired_difference(one, [value + 1.0 + 0.01 * place for place, value in enumerate(one)])
    assert found["mean"] == pytest.approx(1.015)
    assert found["hi"] - found["lo"] < 0.1
    assert found["pairs"] == 4


def test_a_pair_with_an_undefined_side_is_dropped() -> None:
    assert paired_difference([1.0, None, 3.0], [2.0, 5.0, float("nan")])["pairs"] == 1  # type: ignore[list-item]


def test_odds_that_never_differed_still_have_an_interval() -> None:
    found = paired_odds([True] * 10, [True] * 10)
    assert found["mean"] == 0.0
    assert found["lo"] == pytest.approx(-found["hi"]) and 0.1 < found["hi"] < 0.4
    assert paired_odds([True] * 10, [False] * 10)["lo"] == -1.0
    some = paired_odds([True, True, False, True], [False, True, False, False])
    assert some["lo"] <= some["mean"] == -0.5 <= some["hi"]
    assert paired_odds([], []) == {"mean": None, "lo": None, "hi": None, "pairs": 0}


def test_intervals_of_paired_odds_are_bonett_and_price() -> None:
    # the worked example of R's statpsych, ci.prop.ps(.05, 12, 4, 26, 6)
    assert odds_difference_interval(4, 26, 48) == pytest.approx((0.2548067, 0.6251933), abs=1e-7)


@pytest.mark.parametrize(("lost", "p"), [(0, 1.0), (5, 0.0625), (6, 0.03125)])
def test_a_sign_is_told_only_where_the_exact_test_tells_it(lost: int, p: float) -> None:
    assert sign_test(lost, 0) == sign_test(0, lost) == pytest.approx(p)
    low, high = odds_difference_interval(lost, 0, 1000)
    assert (high < 0.0) == (p < 0.05) and low < 0.0
    assert odds_difference_interval(0, lost, 1000) == pytest.approx((-high, -low))


def test_the_ratio_of_variances_is_one_less_the_correlation_of_equal_spreads() -> None:
    one = [1.0, 2.0, 3.0, 4.0]
    assert variance_ratio(one, [2.0, 1.0, 4.0, 3.0]) == pytest.approx(1 - 0.6)
    assert variance_ratio(one, [4.0, 3.0, 2.0, 1.0]) == pytest.approx(2.0)
    assert variance_ratio(one, [value + 7.0 for value in one]) == 0.0
    assert variance_ratio([True, False, True], [True, False, False]) == pytest.approx(0.5)
    assert variance_ratio([5.0, 5.0], [1.0, 1.0]) is None
    assert variance_ratio([1.0, float("nan"), 2.0], [2.0, 5.0, float("nan")]) is None
