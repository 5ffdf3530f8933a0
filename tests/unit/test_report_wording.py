"""Numbers are written for people, and what does not exist is an en dash with its reason."""

from __future__ import annotations

import math

import pytest

from sim.report.wording import between, clock, count, duration, estimate, number, percent, percent_range, rate

FORMS = (percent, rate, count, number, duration, clock)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (0.0004, "under 0.1 %"), (0.013, "1.3 %"), (0.01, "1 %"), (0.5, "50 %"), (0.93, "93 %"),
     (0.985, "98.5 %"), (0.9999, "over 99.9 %"), (1.0, "100 %")],
)  # fmt: skip
def test_a_share_is_a_whole_percentage_but_finer_near_both_ends(share, words):
    assert plain(percent(share)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (0.4, "0.4"), (7.44, "7.4"), (412.3, "412"), (4312, "4,312"), (12_345, "12,300"), (999_600, "1 million"),
     (1_234_567, "1.2 million"), (123_456_789, "123 million"), (1.2e9, "1.2 billion")],
)  # fmt: skip
def test_a_count_keeps_three_digits_and_turns_into_millions(value, words):
    assert plain(count(value)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (0.4, "under 1 min"),
        (9, "9 min"),
        (99.4, "99 min"),
        (130, "2 h 10 min"),
        (180, "3 h"),
        (4320, "72 h"),
    ],
)
def test_a_duration_is_minutes_and_then_hours(minutes, words):
    assert plain(duration(minutes)) == words


def test_a_range_names_its_unit_once_where_both_ends_share_it():
    assert plain(between(6, 21, duration)) == "6–21 min"
    assert plain(between(40, 130, duration)) == "40 min–2 h 10 min"
    assert plain(percent_range(0.884, 0.958)) == "88–96 %"
    assert plain(percent_range(0.0, 0.0)) == "0 %"


def test_a_range_with_a_negative_end_is_not_written_with_a_dash():
    assert plain(between(-0.1, 0.27, count)) == "−0.1 to 0.27"
    assert plain(between(3.0, 3.0, count)) == "3"


def test_a_small_rate_keeps_a_decimal_that_odds_do_not_need():
    assert (plain(rate(0.034)), plain(percent(0.034))) == ("3.4 %", "3 %")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("missing", [None, math.nan, math.inf, -math.inf, "text"])
def test_what_does_not_exist_is_a_dash_with_its_reason(form, missing):
    assert form(missing, "no run") == "– (no run)"
    assert form(missing) == "–"


def test_an_estimate_carries_its_interval_or_says_that_there_is_none():
    assert plain(estimate({"mean": 4310.0, "lo": 4100.0, "hi": 4520.0}, count, "none")) == "4,310 (4,100–4,520)"
    assert plain(estimate({"mean": 0.5}, percent, "none")) == "50 % (no interval)"
    assert estimate({"mean": math.nan, "lo": 0.0, "hi": 1.0}, percent, "no message") == "– (no message)"
    assert estimate(None, percent, "no message") == "– (no message)"


def test_an_estimate_is_scaled_at_its_mean_and_both_ends():
    assert plain(estimate({"mean": 100.0, "lo": 90.0, "hi": 110.0}, count, "none", 8.4)) == "840 (756–924)"
