from __future__ import annotations

import pytest

from sim.study.paired import paired_difference, paired_odds


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
