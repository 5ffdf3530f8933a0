"""How campaigns of a table are weighed by counts and by what is known of a post, worked by hand where it can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import gammaln

from sim.report.draw_nowcast import draw_fan
from sim.study.nowcast import forecast
from sim.study.nowcast.campaigns import Campaigns, Ends
from sim.study.nowcast.counts import Count, checked_counts, typed_counts
from sim.study.nowcast.likelihood import ERRORS, OTHERS, TRUSTED, _growth, _shares, log_likelihood
from sim.study.nowcast.reading import nowcast
from sim.study.nowcast.surprise import surprises
from sim.study.nowcast.weighing import LEAST_SAMPLE, Expected, effective, likeness, weighed
from sim.study.nowcast.words import counted, helps, messages
from tests.nowcast_toys import AUDIENCE, toy_campaigns


@pytest.fixture(scope="module")
def toys() -> Campaigns:
    return toy_campaigns(4000)


def by_hand(campaign: list[list[float]], counter: list[list[float]]) -> Campaigns:
    """Campaigns counted at minutes 30 and 60."""
    rows = len(campaign)
    ends = Ends(np.linspace(0, 1, rows), np.full(rows, 1000.0), np.full(rows, np.nan))
    nothing = np.zeros(rows)
    return Campaigns(
        1000, {"post.room": nothing}, {}, np.array([30.0, 60.0]), np.array(campaign), np.array(counter), ends, ends,
        np.full(rows, 45.0),
    )  # fmt: skip


def counts(*rows: list[int]) -> list[Count]:
    return checked_counts(typed_counts(list(rows)), 4320)


def test_totals_between_minutes_lie_on_straight_lines_from_nought() -> None:
    campaign, counter = by_hand([[30, 90]], [[0, 6]]).at([15, 30, 40, 60])
    assert campaign.tolist() == [[15, 30, 50, 90]] and counter.tolist() == [[0, 0, 2, 6]]


def test_a_share_is_beta_binomial_averaged_over_wrong_frames() -> None:
    from scipy.stats import betabinom

    rows = by_hand([[10, 10], [300, 300]], [[10, 10], [100, 100]])
    for total, (campaign, counter) in enumerate([(10, 10), (300, 100)]):
        share = (counter + 0.5) / (campaign + counter + 1)
        known = min(campaign + counter + 1, TRUSTED)
        wrong = [share * (1 - error) + (1 - share) * error for error in ERRORS]
        expected = np.log(np.mean([betabinom(20, known * each, known * (1 - each)).pmf(7) for each in wrong]))
        choose = np.log(77520.0)  # 20 over 7, the same for all rows
        found = _shares(counts([30, 13, 7]), rows.campaign[:, :1], rows.counter[:, :1])
        assert found[total] == pytest.approx(expected - choose)


def test_of_messages_of_neither_frame_the_share_may_be_larger_than_it_seems() -> None:
    rows = by_hand([[100, 100], [64, 64]], [[100, 100], [136, 136]])  # half, and two thirds, counter
    apart, mixed = (
        np.diff(log_likelihood([each], rows))[0] for each in (Count(30, 100, 100), Count(30, counter=100, messages=200))
    )
    assert apart < 0 < mixed and OTHERS[-1] > 0.3


def test_growth_is_how_messages_divide_over_the_stretches() -> None:
    from scipy.stats import dirichlet_multinomial

    rows = by_hand([[10000, 30000], [10000, 60000], [3, 3]], [[0, 0], [0, 0], [0, 1]])
    found = _growth(np.array([20.0, 60.0]), rows.campaign + rows.counter)
    rates = np.array([[10000.5, 20000.5], [10000.5, 50000.5], [3.5, 1.5]])
    rates[:2] *= TRUSTED / rates[:2].sum(axis=1)[:, None]
    choose = gammaln(61) - 2 * gammaln(21) - np.log(np.prod(np.arange(21.0, 41.0)))
    expected = [dirichlet_multinomial([*each], 60).logpmf([20, 40]) - choose for each in rates]
    assert found == pytest.approx(expected)
    assert found[0] > found[1]


def test_the_level_tells_much_only_where_the_audience_is_given() -> None:
    rows = by_hand([[10, 10], [1000, 1000]], [[0, 0], [0, 0]])  # of a table with an audience of 1000
    assert np.diff(log_likelihood(counts([30, 400_000]), rows, 400_000.0))[0] > 10
    assert -1 < np.diff(log_likelihood(counts([30, 100]), rows))[0] < 1  # ten times of either
    given, vague = (np.diff(log_likelihood(counts([30, 4]), rows, each))[0] for each in (1000.0, None))
    assert given < 3 * vague < 0


def test_weights_are_tempered_until_enough_rows_are_left(toys: Campaigns) -> None:
    even = np.full(toys.rows, 1 / toys.rows)
    hard = 40.0 * log_likelihood(counts([30, 40, 2], [60, 120, 15]), toys)
    found = weighed(even, hard)
    assert effective(found.full) == found.sample_full < LEAST_SAMPLE <= found.sample < LEAST_SAMPLE + 1
    assert 0.0 < found.power < 1.0
    assert weighed(even, np.zeros(toys.rows)).power == 1.0
    assert effective(np.array([0.5, 0.5, 0.0])) == pytest.approx(2.0)
    alone = weighed(even, np.where(np.arange(toys.rows) == 7, 0.0, -1e9))
    assert alone.sample_full == pytest.approx(1.0) and alone.sample >= LEAST_SAMPLE


def test_few_rows_never_give_a_narrow_interval(toys: Campaigns) -> None:
    """Counts that one row alone explains: its end is no certainty."""
    like = np.where(np.arange(toys.rows) == 7, 0.0, -60.0)
    odds = forecast.odds(toys, weighed(np.full(toys.rows, 1 / toys.rows), like))
    for low, high in odds["verdict_interval"].values():
        assert high - low > 0.5
    assert sum(odds["verdict"].values()) == pytest.approx(1.0)


def test_ranges_take_rows_whose_expected_course_is_alike(toys: Campaigns) -> None:
    expected = Expected(toys, 60.0)
    open_post = likeness(expected, {"post.openness": (0.85, 0.95)}, None, 1).weights
    lean = forecast.is_verdict(toys.silent, AUDIENCE)["hijacked"]
    inside = (toys.inputs["post.openness"] > 0.85) & (toys.inputs["post.openness"] < 0.95)
    assert open_post @ lean == pytest.approx(
        lean[inside].mean(), abs=0.08
    )  # rows near the edge have neighbours on one side
    assert abs(lean.mean() - lean[inside].mean()) > 0.2  # there was something to be told
    of_room = likeness(expected, {"post.room": (0.9, 1.0)}, None, 1).weights  # it moves nothing
    assert of_room @ lean == pytest.approx(lean.mean(), abs=0.04)
    angry = likeness(expected, {}, {"reaction.b_outrage": np.array([3.4, 3.5])}, 1).weights
    calm = likeness(expected, {}, {"reaction.b_outrage": np.array([2.5, 2.6])}, 1).weights
    assert angry @ lean > calm @ lean + 0.1
    assert likeness(expected, {}, None, 1).weights.tolist() == [1 / toys.rows] * toys.rows


def test_an_answer_before_now_says_nothing_of_answers_from_now_on(toys: Campaigns) -> None:
    early = toys.answer_minute <= 60
    spoilt = Ends(np.where(early, 1.0, toys.answered.hijack_share), *(
        getattr(toys.answered, name) for name in ("participants", "takeover_minutes")
    ))  # fmt: skip
    even = weighed(np.full(toys.rows, 1 / toys.rows), np.zeros(toys.rows))
    rows = forecast.answers(toys, even, 60)
    for row, same in zip(rows, forecast.answers(replace(toys, answered=spoilt), even, 60), strict=True):
        assert row == pytest.approx(same)
    assert [row["delay"] for row in rows] == [15, 30, 60, 120, 240, 480, 960]
    assert rows[0]["hijack_share_hi"] < 0.0 and rows[0]["hijack_share"] < rows[-1]["hijack_share"]
    assert [row["delay"] for row in forecast.answers(toys, even, 1200)] == [15, 30, 60, 120]
    assert forecast.answers(toys, even, 1500) == []


def test_it_helps_until_the_latest_minute_whose_interval_leaves_nought_out() -> None:
    rows = [{"delay": 5, "hijacked_hi": -0.1}, {"delay": 15, "hijacked_hi": 0.1}, {"delay": 30, "hijacked_hi": -0.1}]
    assert forecast.helps_until(rows, "hijacked") == 30
    assert forecast.helps_until(rows[1:2], "hijacked") is None and forecast.helps_until([], "hijacked") is None


def test_weighted_quantiles_leave_out_what_is_undefined() -> None:
    found = forecast.quantiles(np.array([3.0, np.nan, 1.0, 2.0]), np.array([1.0, 5.0, 1.0, 2.0]), [0.0, 0.5, 1.0])
    assert found == [1.0, 2.0, 3.0]
    assert np.isnan(forecast.quantiles(np.array([np.nan]), np.array([1.0]), [0.5])).all()


def test_numbers_that_the_table_has_never_seen_are_named(toys: Campaigns) -> None:
    even = np.full(toys.rows, 1 / toys.rows)
    assert surprises(toys, even, counts([30, 40, 2], [60, 70, 4])) == []
    (grown,) = surprises(toys, even, counts([30, 40, 2], [60, 120000, 15]))
    assert grown.startswith("growth by a factor of 2.86e+03 from minute 30 to 60 is more than in 99.8 %")
    (level,) = surprises(toys, even, counts([30, 4_000_000]), 1000.0)
    assert "4,000,000 messages by minute 30 among 1,000 people is more" in level
    summary, _ = nowcast(toys, None, counts([30, 40, 2], [60, 120000, 15]), {}, None, 1)
    assert not summary["sample"]["enough"] and grown in summary["notes"]


def test_the_same_counts_give_the_same_numbers_whatever_the_order_of_the_ranges(toys: Campaigns) -> None:
    ranges = {"post.openness": (0.4, 0.8), "post.appeal": (0.5, 0.6)}
    seen = counts([30, 40, 2], [60, 120, 15])
    one, _ = nowcast(toys, None, seen, ranges, None, 3)
    other, _ = nowcast(toys, None, seen, dict(reversed(ranges.items())), None, 3)
    assert one == other


def test_an_answer_that_makes_it_worse_is_said_to() -> None:
    row = {"delay": 15.0, "hijacked": 0.1, "hijacked_lo": 0.02, "hijacked_hi": 0.2}
    row |= {"hijack_share": -0.1, "hijack_share_lo": -0.2, "hijack_share_hi": -0.01}
    summary = {"answers": [row, row | {"delay": 30.0, "hijacked_lo": -0.1}]}
    until = {"hijacked": None, "hijack_share": 30.0}
    assert helps(summary | {"helps_until": until}) == (
        "acknowledging can be told to lower the hijack share until 30 min from now, the latest looked at; "
        "acknowledging can be told to raise P(hijacked) at 15 min from now"
    )
    assert helps(summary | {"helps_until": dict.fromkeys(until)}).startswith("acknowledging can be told to raise")


def test_a_post_beyond_the_table_is_far_from_its_rows(toys: Campaigns) -> None:
    expected = Expected(toys, 60.0)
    inside = likeness(expected, {"post.openness": (0.4, 0.6), "post.appeal": (0.4, 0.6)}, None, 1)
    corner = {"post.openness": (1.0, 1.0), "post.appeal": (1.0, 1.0), "post.hour": (0.0, 0.0)}
    beyond = likeness(expected, corner | {"reaction.b_outrage": (3.5, 3.5), "post.room": (0.0, 0.0)}, None, 1)
    assert inside.apart < 1.5 < beyond.apart


def test_where_nothing_was_counted_yet_no_multiple_of_it_is_told() -> None:
    ends = {"mid": 34.0, "lo": 2.3, "hi": 6927.0}
    summary = {"growth": ends, "hijack_share": {"mid": 0.6, "lo": 0.0, "hi": 1.0}, "messages_now": 0}
    assert messages(summary) == "cannot be told as a multiple of none so far"
    assert counted({"messages": None, "campaign": 0, "counter": 0}) == "0 messages"
    assert draw_fan({}, summary) is None
