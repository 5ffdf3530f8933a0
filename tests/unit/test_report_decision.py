"""The decision box: where the advice flips, what stands beside, and what the first messages foretell."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sim.report.decision import hinge_cards, odds_rows, option_rows, tripwires
from sim.report.findings import cut_offs, luck_and_ignorance, reading, size_check, verdict_sentence
from sim.report.run_study import COLUMNS, VERDICTS, Hinge
from tests.unit import report_example


@pytest.fixture(scope="module")
def study():
    return report_example.full()


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def with_hinge(study, low, high, flips):
    hinge = Hinge("post.openness", "Openness", "0 to 1", 0.6, 0.2, 1.0, low, high, flips)
    return hinge_cards(replace(study, hinges=[hinge]))[0]


def test_an_input_that_flips_the_advice_says_at_which_value_and_to_which_side(study):
    rising, falling = with_hinge(study, 0.1, 0.9, 0.4), with_hinge(study, 0.9, 0.1, 0.4)
    assert "flips at 0.4: above it" in rising["flip"]
    assert "flips at 0.4: below it" in falling["flip"]
    assert (rising["at"], rising["flips_at"]) == (pytest.approx(50), pytest.approx(25))


def test_an_input_that_does_not_flip_the_advice_says_on_which_side_it_stays(study):
    assert "stays more likely than not" in with_hinge(study, 0.6, 0.9, None)["flip"]
    assert "stays less likely than not" in with_hinge(study, 0.1, 0.3, None)["flip"]
    assert "not known" in with_hinge(study, None, 0.3, None)["flip"]


def test_bars_lie_where_the_numbers_say(study):
    hijacked = odds_rows(study)[0]
    assert hijacked["at"] == pytest.approx(93)
    assert hijacked["inner"] == pytest.approx((88.5, 7.3))
    assert hijacked["outer"] == pytest.approx((60, 38))
    assert len(odds_rows(study)) == len(VERDICTS)


def test_the_post_as_it_is_comes_first_and_not_posting_second(study):
    shuffled = replace(study, options=study.options.iloc[::-1])
    assert [row["option"] for row in option_rows(shuffled)][:4] == ["as_is", "do_not_post", "listen", "answer"]


def test_differences_are_told_in_points_with_their_sign(study):
    rows = {row["option"]: row["difference"] for row in option_rows(study)}
    assert rows["as_is"] == "reference"
    assert rows["narrower_ask"] == "−72 (−78 to −65)"
    assert rows["answer"] == "−2 (−5 to +1)"


def test_an_answer_that_is_already_the_plan_is_not_called_missing(study):
    tactics = study.options[study.options["option"] != "answer"]
    row = next(row for row in option_rows(replace(study, options=tactics)) if row["option"] == "answer")
    assert row["hijacked"] == "– (part of the plan as it is)"


def test_a_tripwire_says_odds_interval_and_runs_and_a_dash_where_no_run_came_by(study):
    table = tripwires(study)
    assert [plain(band) for band in table["bands"]] == ["under 10 %", "10–25 %", "25–50 %", "50–75 %", "75 % or more"]
    assert [line["first"] for line in table["lines"]] == ["20", "50", "100"]
    last = table["lines"][0]["cells"][-1]
    assert (plain(last["odds"]), last["runs"]) == ("96 %", "96 runs")
    empty = table["lines"][2]["cells"][0]
    assert (empty["odds"], empty["runs"], empty["shade"]) == ("–", "no run", None)


def test_without_tripwires_there_is_no_table(study):
    assert tripwires(replace(study, tripwires=pd.DataFrame(columns=list(COLUMNS["tripwires"])))) is None


@pytest.mark.parametrize(
    ("ends", "words"),
    [([0.6, 0.98], "do not post this"), ([0.01, 0.3], "Less likely than not"), ([0.3, 0.7], "either way")],
)
def test_the_advice_follows_the_side_of_one_half_on_which_the_whole_range_lies(study, ends, words):
    summary = dict(study.summary) | {"verdict_range": {"hijacked": ends}}
    assert words in reading(replace(study, summary=summary))


def test_without_a_range_the_advice_admits_that_only_luck_was_varied(study):
    summary = dict(study.summary) | {"verdict_range": None}
    assert "what we do not know was not varied" in reading(replace(study, summary=summary))
    assert "with what we do not know" not in verdict_sentence(replace(study, summary=summary))


def test_a_hundred_runs_need_no_percentage_beside_them(study):
    summary = dict(study.summary) | {"replicates": 100}
    assert "hijacked in 93 of 100 runs (88–96 %)" in plain(verdict_sentence(replace(study, summary=summary)))


def test_luck_and_not_knowing_are_parts_of_one_whole():
    assert luck_and_ignorance({"variance_split": {"luck": 1.0, "inputs": 3.0}}) == (0.25, 0.75)
    assert luck_and_ignorance({"variance_split": None}) is None
    assert luck_and_ignorance({"variance_split": {"luck": 0.0, "inputs": 0.0}}) is None


def test_odds_are_given_at_every_cut_off(study):
    assert plain(cut_offs(study.summary)) == "97 % at 0.55, 93 % at 0.65, 81 % at 0.75"
    assert cut_offs({}) == "–"


def test_a_loaded_graph_is_not_asked_for_another_size():
    warns, words = size_check(report_example.real_graph())
    assert not warns
    assert "loaded graph" in words


def test_tripwires_that_no_run_came_by_are_no_table(study):
    silent = study.tripwires.assign(hijacked=None, lo=None, hi=None, runs=0)
    assert tripwires(replace(study, tripwires=silent)) is None
