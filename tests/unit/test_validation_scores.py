"""How predictions are scored, by numbers worked out by hand."""

import math

import numpy as np
import pytest

from sim.outcome.verdict import VERDICTS
from sim.study.validation.baselines import BASE_RATE, FIZZLE, RULE, Ended, base_rate, baseline_odds, chosen_line
from sim.study.validation.predictions import ends_of, foretold, odds_of
from sim.study.validation.rules import read_rules
from sim.study.validation.scores import Band, brier, exact_interval, foremost, meets, weighted_quantiles
from sim.study.validation.scoring import BOUND, INTERVAL, case_row, ended_cases, score, target_row, winners

ENDS = (0.05, 0.95)


def test_the_brier_score_is_0_for_certainty_2_for_certainty_of_something_else_and_three_quarters_for_no_idea():
    assert brier({"hijacked": 1.0}, "hijacked") == 0.0
    assert brier({"fizzled": 1.0}, "hijacked") == 2.0
    assert brier(dict.fromkeys(VERDICTS, 0.25), "contested") == pytest.approx(0.75)
    # (0.7 - 1)^2 + 0.2^2 + 0.1^2
    assert brier({"hijacked": 0.7, "contested": 0.2, "fizzled": 0.1}, "hijacked") == pytest.approx(0.14)


def test_the_verdict_of_highest_probability_is_predicted_and_none_where_two_share_it():
    assert foremost({"hijacked": 0.4, "fizzled": 0.35, "contested": 0.25}) == "hijacked"
    assert foremost({"hijacked": 0.4, "fizzled": 0.4, "contested": 0.2}) is None


def test_exact_intervals_of_few_cases_are_wide():
    assert exact_interval(7, 7) == (pytest.approx(0.025 ** (1 / 7)), 1.0)
    assert exact_interval(0, 3) == (0.0, pytest.approx(1 - 0.025 ** (1 / 3)))
    assert exact_interval(0, 0) == (0.0, 1.0)
    low, high = exact_interval(1, 2)
    # P(at least 1 of 2 | low) = 1 - (1 - low)^2 = 0.025, and the mirror
    assert 1 - (1 - low) ** 2 == pytest.approx(0.025) and high == pytest.approx(1 - low)


def test_quantiles_count_weight_and_let_never_stand_at_the_end():
    values = np.array([3.0, 1.0, np.inf, np.nan, 2.0])
    weights = np.array([0.1, 0.3, 0.4, 5.0, 0.2])
    assert weighted_quantiles(values, weights, (0.3, 0.31, 0.6, 0.61)) == [1.0, 2.0, 3.0, math.inf]
    assert all(math.isnan(each) for each in weighted_quantiles(np.array([np.nan]), np.ones(1), ENDS))


def test_the_odds_of_draws_are_shares_of_their_weight():
    odds = odds_of(["hijacked", "fizzled", "hijacked"], np.array([1.0, 2.0, 1.0]))
    assert odds == {"hijacked": 0.5, "viral_positive": 0.0, "contested": 0.0, "fizzled": 0.5}


@pytest.mark.parametrize(
    ("low", "high", "band", "hit"),
    [
        (0.2, 0.4, Band(0.4, 0.6), True),  # ends count
        (0.2, 0.39, Band(0.4, 0.6), False),
        (0.45, 0.5, Band(0.4, 0.6), True),
        (90.0, math.inf, Band(-math.inf, 60.0), False),  # mostly never, later than what is documented
        (10.0, math.inf, Band(-math.inf, 60.0), True),
        (math.nan, math.nan, Band(-math.inf, 60.0), False),
    ],
)
def test_an_interval_is_hit_if_it_holds_some_value_of_the_band(low: float, high: float, band: Band, hit: bool) -> None:
    assert meets(low, high, band) is hit


def target(quantity: str, low: float | None, high: float | None) -> dict[str, object]:
    return {"name": quantity, "quantity": quantity, "of": "a.b", "low": low, "high": high}


def test_a_takeover_that_never_comes_is_later_than_any_minute_and_other_gaps_are_left_out():
    rules, weights = read_rules().rules, np.ones(4)
    took = foretold("takeover_minutes", np.array([10.0, np.nan, np.nan, np.nan]), weights, ENDS)
    assert took == {"lo": 10.0, "mid": None, "hi": None, "has": 1.0, "chance": None}
    assert ends_of("takeover_minutes", took) == (10.0, math.inf)
    row = target_row(target("takeover_minutes", None, 60.0), took, rules)
    assert (row["kind"], row["hit"]) == (BOUND, "hit")
    assert foretold("takeover", np.array([1.0, 1.0, 0.0]), np.ones(3), ENDS)["chance"] == pytest.approx(2 / 3)
    share = foretold("retweet_share", np.array([0.5, np.nan, np.nan, np.nan]), weights, ENDS)
    assert share["has"] == 0.25 and share["mid"] == 0.5
    row = target_row(target("retweet_share", 0.4, 0.6), share, rules)
    assert (row["kind"], row["hit"]) == (INTERVAL, "miss")  # too few runs have it


CASES = [
    Ended("a", "hijacked", 0.30, True), Ended("b", "hijacked", 0.20, True), Ended("c", "fizzled", 0.05, True),
    Ended("d", "viral_positive", 0.01, True), Ended("e", "hijacked", 0.40, False),
]  # fmt: skip


def test_the_base_rate_leaves_the_case_itself_out():
    assert base_rate(CASES, "a") == {"hijacked": 0.5, "viral_positive": 0.25, "contested": 0.0, "fizzled": 0.25}
    assert base_rate(CASES[:1], "a") == dict.fromkeys(VERDICTS, 0.25)


def test_the_line_lies_between_the_cases_that_it_parts_best_and_fresh_ones_do_not_choose_it():
    line = chosen_line(CASES, 1.0)
    assert line is not None and line.t == pytest.approx(0.125)
    # above: two hijacked and one case in equal parts; below: one fizzled, one viral
    assert line.above == pytest.approx({"hijacked": 0.75} | dict.fromkeys(VERDICTS[1:], 0.25 / 3))
    assert line.below["fizzled"] == pytest.approx(1.25 / 3) and line.below["hijacked"] == pytest.approx(0.25 / 3)
    # without c and e, t moves to between d and b
    assert chosen_line(CASES, 1.0, without="c").t == pytest.approx(0.105)  # type: ignore[union-attr]
    assert chosen_line(CASES[:1], 1.0) is None


def test_each_baseline_gives_odds_of_every_case_that_sum_to_one():
    beside = baseline_odds(CASES, "e", 0.40, 1.0)
    assert list(beside) == [FIZZLE, BASE_RATE, RULE]
    assert all(sum(odds.values()) == pytest.approx(1.0) for odds in beside.values())
    assert beside[RULE]["hijacked"] == pytest.approx(0.75) and beside[BASE_RATE]["hijacked"] == 0.5
    assert baseline_odds(CASES[:1], "a", 0.3, 1.0)[RULE] == dict.fromkeys(VERDICTS, 0.25)


def record(
    verdict: str | None, standing: str = "seen", *, shape_only: bool = False, x: float = 0.1
) -> dict[str, object]:
    return {"title": "T", "standing": standing, "family": "bank", "shape_only": shape_only, "verdict": verdict, "x": x}


def test_a_case_without_a_verdict_or_for_shape_only_has_no_brier_score_and_stands_in_no_baseline():
    rules = read_rules().rules
    records = {
        "a": record("hijacked", x=0.3), "b": record("fizzled", x=0.1), "unknown": record(None),
        "shape": record("viral_positive", "fresh", shape_only=True), "new": record("hijacked", "fresh", x=0.2),
    }  # fmt: skip
    ended = ended_cases(records, rules)
    assert [(each.case, each.chooses) for each in ended] == [("a", True), ("b", True), ("new", False)]
    odds = {"hijacked": 0.6, "viral_positive": 0.0, "contested": 0.1, "fizzled": 0.3}
    rows = {name: case_row(name, each, odds, ended, rules) for name, each in records.items()}
    assert rows["unknown"]["model"] is None and rows["unknown"]["hit"] is None and rows["shape"]["hit"] is None
    assert rows["a"]["hit"] == "hit" and rows["b"]["hit"] == "miss"
    assert rows["a"]["model"] == pytest.approx(0.16 + 0.01 + 0.09) and rows["a"][FIZZLE] == 2.0
    assert case_row("new", records["new"], None, ended, rules)["predicted"] is None
    found = score(list(rows.values()), [], rules)
    assert (found["verdicts"]["hits"], found["verdicts"]["of"], found["misses"]) == (2, 3, ["b"])
    assert found["targets"][INTERVAL] == {"hits": 0, "of": 0, "lo": 0.0, "hi": 1.0}


def test_a_baseline_that_scores_as_low_as_the_model_wins():
    assert winners({"model": 0.5, FIZZLE: 2.0, BASE_RATE: 0.5, RULE: 0.3}) == [RULE, BASE_RATE]
    assert winners({"model": 0.2, FIZZLE: 2.0, BASE_RATE: 0.5, RULE: 0.3}) == []
    assert winners({"model": None, FIZZLE: None, BASE_RATE: None, RULE: None}) == []
