from __future__ import annotations

import pytest

from sim.study.compare.beats import chance_lower, ends_better


def test_pairs_that_differ_tell_which_odds_are_lower() -> None:
    assert chance_lower(0, 0) == pytest.approx(0.5)
    assert chance_lower(1, 0) == pytest.approx(0.5 + 1.0 / 3.141592653589793)  # the law of Beta(3/2, 1/2), by hand
    assert chance_lower(9, 2) == pytest.approx(1.0 - chance_lower(2, 9))
    assert 0.5 < chance_lower(3, 2) < chance_lower(6, 2) < chance_lower(60, 20) < 1.0


def test_ties_are_told_beside_better_and_worse() -> None:
    one = ["hijacked", "hijacked", "contested", "fizzled", "viral_positive", "fizzled", "fizzled", "hijacked"]
    other = ["contested", "hijacked", "fizzled", "contested", "hijacked", "not_posted", "viral_positive", "fizzled"]
    found = ends_better(one, other)
    assert (found["better"], found["worse"], found["tied"]) == (0.5, 0.25, 0.25)
    assert 0.0 < found["better_lo"] < 0.5 < found["better_hi"] < 1.0
    back = ends_better(other, one)
    assert (back["better"], back["worse"], back["tied"]) == (0.25, 0.5, 0.25)


def test_one_hijacked_run_settles_that_not_posting_has_lower_odds() -> None:
    assert chance_lower(1, 0, other_posted=False) == 1.0 and chance_lower(0, 1, one_posted=False) == 0.0
    assert chance_lower(0, 0, other_posted=False) == chance_lower(0, 0, one_posted=False) == pytest.approx(0.5)
