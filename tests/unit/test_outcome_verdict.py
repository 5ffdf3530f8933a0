"""Takeover and verdict by hand, at their edges."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import ConfigError
from sim.outcome.verdict import (
    CUTOFFS,
    VERDICTS,
    fizzled_frame,
    odds_interval,
    takeover_minute,
    verdict,
    verdict_odds,
)


@pytest.mark.parametrize(
    ("share", "cutoff", "expected"),
    [
        (0.65, 0.65, "hijacked"), (0.6499, 0.65, "contested"), (0.35, 0.65, "viral_positive"),
        (0.3501, 0.65, "contested"), (0.0, 0.65, "viral_positive"), (1.0, 0.65, "hijacked"),
        (0.45, 0.55, "viral_positive"), (0.55, 0.55, "hijacked"), (0.25, 0.75, "viral_positive"),
        (0.74, 0.75, "contested"), (0.5, 0.5, "hijacked"),
    ],
)  # fmt: skip
def test_cut_offs_belong_to_the_verdict_they_name(share: float, cutoff: float, expected: str) -> None:
    assert verdict(100, 1000, share, cutoff) == expected


def test_one_participant_in_two_thousand_is_enough_not_to_fizzle() -> None:
    assert verdict(50, 100_000, 1.0) == "hijacked"
    assert verdict(49, 100_000, 1.0) == "fizzled"
    assert verdict(50, 100_001, 1.0) == "fizzled"
    assert verdict(1, 1999, 0.0) == "viral_positive"


def test_no_message_is_a_fizzle_of_no_frame_even_without_an_audience() -> None:
    assert verdict(0, 0, None) == "fizzled"
    assert fizzled_frame(0, 10_000, None) is None


def test_a_fizzle_is_named_by_its_majority() -> None:
    assert fizzled_frame(3, 10_000, 0.6) == "counter"
    assert fizzled_frame(3, 10_000, 0.4) == "campaign"
    assert fizzled_frame(3, 10_000, 0.5) == "even"
    assert fizzled_frame(5, 10_000, 0.6) is None


def test_a_cut_off_below_one_half_is_refused_in_a_sentence() -> None:
    with pytest.raises(ConfigError, match=r"cutoff must lie in \[0\.5, 1\]; got 0\.4"):
        verdict(100, 1000, 0.5, 0.4)


def _minutes(length: int, **at: int) -> np.ndarray:
    per_minute = np.zeros(length, np.int64)
    for name, count in at.items():
        per_minute[int(name[1:])] = count
    return per_minute


def test_takeover_lasts_the_hour_that_two_bursts_half_an_hour_apart_make() -> None:
    # bursts at 5 and 35 keep every window from 5 to 64 full: 60 minutes exactly
    counter = _minutes(200, m5=10, m35=10)
    assert takeover_minute(counter, counter, 100) == 5
    # without minute 64 there are only 59
    shorter = _minutes(200, m5=10, m34=10)
    assert takeover_minute(shorter, shorter, 100) is None


def test_takeover_starts_late_enough_for_an_unbroken_hour() -> None:
    counter = _minutes(200, m5=10, m40=10, m70=10)
    # windows of 35 to 39 are empty, so the hour begins at 40
    assert takeover_minute(counter, counter, 100) == 40


def test_takeover_needs_more_than_half() -> None:
    counter = np.full(120, 1)
    assert takeover_minute(counter, 2 * counter, 100) is None
    # 30 of 59: the first minute carries one campaign message less
    everything = 2 * counter
    everything[0] = 1
    assert takeover_minute(counter, everything, 100) is None
    assert takeover_minute(counter, counter, 100) == 9


def test_takeover_needs_ten_messages_in_each_window_and_more_in_a_large_audience() -> None:
    counter = _minutes(200, m5=10, m35=9)
    assert takeover_minute(counter, counter, 100) is None
    ten = _minutes(200, m5=10, m35=10)
    assert takeover_minute(ten, ten, 1_000_000) == 5
    assert takeover_minute(ten, ten, 1_000_001) is None


def test_takeover_must_be_seen_to_last_within_the_run() -> None:
    counter = _minutes(65, m5=10, m35=10)
    assert takeover_minute(counter, counter, 100) == 5
    assert takeover_minute(counter[:64], counter[:64], 100) is None
    assert takeover_minute(counter[:30], counter[:30], 100) is None


def test_windows_before_the_post_are_cut_at_minute_zero() -> None:
    counter = np.concatenate((np.full(1, 10), np.full(100, 1)))
    assert takeover_minute(counter, counter, 100) == 0


def test_wilson_interval_of_eight_in_ten() -> None:
    # (0.8 + z²/20 ± z sqrt(0.016 + z²/400)) / (1 + z²/10) with z = 1.96
    low, high = odds_interval(8, 10)
    assert low == pytest.approx(0.4902, abs=5e-5)
    assert high == pytest.approx(0.9433, abs=5e-5)


def test_wilson_interval_never_shrinks_to_a_point() -> None:
    assert odds_interval(0, 10) == [0.0, pytest.approx(0.2775, abs=5e-5)]
    assert odds_interval(10, 10) == [pytest.approx(0.7225, abs=5e-5), 1.0]


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (3, 2), (-1, 4)])
def test_impossible_odds_are_refused(hits: int, trials: int) -> None:
    with pytest.raises(ConfigError, match="at least one replicate"):
        odds_interval(hits, trials)


def test_odds_count_every_replicate_once() -> None:
    odds = verdict_odds([100, 100, 100, 2, 0], 10_000, [0.7, 0.6, 0.1, 0.9, None])
    assert odds["verdict"] == {"hijacked": 0.2, "viral_positive": 0.2, "contested": 0.2, "fizzled": 0.4}
    assert odds["verdict_at"]["0.55"] == {"hijacked": 0.4, "viral_positive": 0.2, "contested": 0.0, "fizzled": 0.4}
    assert odds["verdict_at"]["0.75"] == {"hijacked": 0.0, "viral_positive": 0.2, "contested": 0.4, "fizzled": 0.4}
    assert odds["fizzled_frame"] == {"campaign": 0.0, "counter": 0.2, "even": 0.0, "none": 0.2}
    assert tuple(odds["verdict"]) == VERDICTS
    assert list(odds["verdict_at"]) == [f"{cutoff:.2f}" for cutoff in CUTOFFS]
    assert odds["verdict_interval"]["fizzled"] == odds_interval(2, 5)


def test_odds_over_graphs_of_different_size() -> None:
    assert verdict_odds([10, 10], [20_000, 20_001], [1.0, 1.0])["verdict"]["fizzled"] == 0.5


def test_odds_without_a_replicate_are_refused() -> None:
    with pytest.raises(ConfigError, match="replicates must be at least 1"):
        verdict_odds([], 10, [])
