"""Means, intervals and splits by hand."""

from __future__ import annotations

import math

import pytest

from sim.engine.record import Kind
from sim.errors import ConfigError
from sim.outcome.aggregate import (
    AVERAGED,
    beta_range,
    mean_interval,
    outcome_interval,
    split_odds,
    summarise,
    verdict_range,
)
from sim.outcome.measures import measure
from sim.outcome.verdict import odds_interval
from tests.outcome_records import record_of


def test_the_interval_of_three_values_is_students() -> None:
    # t(2) = 4.302653, deviation 1, so the half width is 4.302653 / sqrt(3)
    found = mean_interval([1, 2, 3])
    assert found["mean"] == 2.0
    assert found["lo"] == pytest.approx(2 - 4.302653 / math.sqrt(3), abs=1e-6)
    assert found["hi"] == pytest.approx(2 + 4.302653 / math.sqrt(3), abs=1e-6)


def test_what_is_undefined_is_left_out_and_counted_so() -> None:
    assert mean_interval([None, 2.0, float("nan"), 4.0])["n"] == 2
    assert mean_interval([None, 2.0, float("nan"), 4.0])["mean"] == 3.0
    assert mean_interval([None]) == {"mean": None, "lo": None, "hi": None, "n": 0}


def test_one_run_has_no_interval() -> None:
    assert mean_interval([5]) == {"mean": 5.0, "lo": None, "hi": None, "n": 1}


def test_odds_that_differ_between_draws_alone_are_not_luck() -> None:
    split = split_odds([[1, 1], [0, 0], [1, 1], [0, 0]])
    assert (split["mean"], split["luck"], split["unknown"]) == (0.5, 0.0, 1.0)
    assert (split["lo"], split["hi"]) == (0.0, 1.0)


def test_odds_that_are_alike_in_every_draw_are_luck() -> None:
    split = split_odds([[1, 0], [0, 1], [1, 0]])
    assert (split["mean"], split["luck"], split["unknown"]) == (0.5, 1.0, 0.0)
    assert [split["lo"], split["hi"]] == odds_interval(3, 6)  # nothing but luck: as wide as the mean is known


def test_a_range_of_odds_is_never_narrower_than_what_is_known_of_their_mean() -> None:
    table = [[1, 1]] * 49 + [[1, 0]]
    split = split_odds(table)
    assert split["unknown"] == 0.0 and [split["lo"], split["hi"]] == odds_interval(99, 100)
    always = split_odds([[1, 1]] * 50)  # runs of a draw may be copies of each other: draws count, not runs
    assert [always["lo"], always["hi"]] == odds_interval(50, 50)


def test_an_interval_ends_where_the_outcome_must() -> None:
    shares = [{"hijack_share": value, "messages": value * 10} for value in (0.0, 0.0, 1.0)]
    assert mean_interval(row["hijack_share"] for row in shares)["lo"] < 0.0
    share = outcome_interval("hijack_share", (row["hijack_share"] for row in shares))
    assert (share["lo"], share["hi"]) == (0.0, 1.0)
    messages = outcome_interval("messages", (row["messages"] for row in shares))
    assert messages["lo"] == 0.0 and messages["hi"] > 10.0


def test_a_split_by_hand() -> None:
    # odds 1, 1/2, 0: luck 2 (0.25 / 3), between 0.25, not knowing 0.25 - luck / 2
    split = split_odds([[1, 1], [1, 0], [0, 0]])
    luck = 2 * 0.25 / 3
    assert split["luck"] == pytest.approx(luck / (luck + 0.25 - luck / 2))
    assert split["unknown"] == pytest.approx(1 - split["luck"])


def test_what_never_varies_has_no_shares() -> None:
    split = split_odds([[0, 0], [0, 0]])
    assert (split["luck"], split["unknown"]) == (None, None)
    assert [split["lo"], split["hi"]] == [split["mean_lo"], split["mean_hi"]] == odds_interval(0, 2)


def test_the_range_of_a_uniform_is_its_quantiles() -> None:
    assert beta_range(0.5, 1 / 12) == pytest.approx((0.05, 0.95))


@pytest.mark.parametrize("outcomes", [[1, 0, 1], [[1, 0]], [[1], [0]]])
def test_a_split_needs_two_draws_and_two_replicates(outcomes: list) -> None:
    with pytest.raises(ConfigError, match="at least 2 draws and 2 replicates"):
        split_odds(outcomes)


def test_a_split_is_of_zeros_and_ones() -> None:
    with pytest.raises(ConfigError, match="0 and 1 alone"):
        split_odds([[0.5, 1], [0, 1]])


def test_each_verdict_has_its_range() -> None:
    ranges = verdict_range([["hijacked", "hijacked"], ["fizzled", "hijacked"]])
    assert {name: split["mean"] for name, split in ranges.items()} == {
        "hijacked": 0.75, "viral_positive": 0.0, "contested": 0.0, "fizzled": 0.25
    }  # fmt: skip
    with pytest.raises(ConfigError, match=r"same number of replicates; got \[1, 2\]"):
        verdict_range([["hijacked"], ["fizzled", "hijacked"]])


def test_a_summary_holds_every_number_of_a_run() -> None:
    quiet = measure(record_of([(0, -1, 0, Kind.POST, -1)]))
    loud = measure(record_of([(i, i, 1, Kind.ORIGINAL, -1) for i in range(100)]))
    summary = summarise([quiet, loud], 100)
    words = {"takeover", "verdict", "fizzled_frame"}
    assert set(AVERAGED) == set(loud) - words
    assert summary["messages"]["mean"] == 50.0
    assert summary["takeover_probability"] == {
        "mean": 0.5, "lo": odds_interval(1, 2)[0], "hi": odds_interval(1, 2)[1], "n": 2
    }  # fmt: skip
    assert summary["takeover_minutes"]["n"] == 1
    assert summary["hijack_share"] == {"mean": 1.0, "lo": None, "hi": None, "n": 1}
    assert summary["verdict"]["fizzled"] == 0.5
    assert summary["fizzled_frame"]["none"] == 0.5
