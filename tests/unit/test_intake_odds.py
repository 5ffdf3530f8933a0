"""First odds from rows that are like a post, and which answer would tell most, on a made-up table of known odds."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from sim.config.root import Configuration
from sim.outcome.verdict import VERDICTS
from sim.study.intake.answers import read_answers
from sim.study.intake.draws import drawn, unasked
from sim.study.intake.learned import explained, learned
from sim.study.intake.odds import estimate
from sim.study.intake.reading import configuration_of, read, summary_of
from tests.intake_table import chances, made_up_campaigns, made_up_universal

KNOWN = {"complaints": "poll 20", "trust": "poll 50", "ask": "photo_call", "nearness": "near", "sending": "one"}
POSTS = [
    {"complaints": "many", "trust": "few", "ask": "q_and_a", "openness": "anything", "nearness": "near"},
    {"complaints": "hardly_anyone", "trust": "nearly_all", "ask": "statement", "nearness": "far"},
    KNOWN,
    {},
]  # fmt: skip


@pytest.fixture(scope="module")
def campaigns():
    """The made-up table."""
    return made_up_campaigns(5000)


@pytest.fixture(autouse=True)
def _on_one_thread():
    with threadpool_limits(1, user_api="blas"):
        yield


@pytest.mark.parametrize("said", POSTS, ids=["aggrieved", "liked", "usual", "nothing known"])
def test_the_odds_of_rows_that_are_like_a_post_are_those_of_the_post(campaigns, said):
    answers = read_answers(said)
    base = configuration_of(answers)
    columns = drawn({**answers.ranges, **unasked(base, answers.ranges)}, made_up_universal(), 1024, 1)
    even = np.full(1024, 1.0 / 1024)
    odds = estimate(campaigns, columns, even, base)
    truth = chances(columns, base, 1024)
    assert odds.by_draw.sum(1) == pytest.approx(1.0) and odds.row_weights.sum() == pytest.approx(1.0)
    assert np.abs(odds.mean - truth.mean(0)).max() < 0.05
    # draw by draw they go together, but where the odds hardly vary
    if truth[:, 0].std() > 0.1:
        assert np.corrcoef(odds.by_draw[:, 0], truth[:, 0])[0, 1] > 0.8
        assert odds.unknown(0) == pytest.approx(truth[:, 0].var(), rel=0.5)
    low, high = odds.range(0)
    assert 0.0 <= low <= odds.mean[0] <= high <= 1.0


def test_known_inputs_count_with_their_values_and_rows_outside_are_told(campaigns):
    answers = read_answers({"touched": "half_or_more", "trust": "nearly_all"})
    reading = read(answers, None, made_up_universal(), campaigns, draws=512)
    assert reading.odds.outside > 0.3
    assert read(read_answers(KNOWN), None, made_up_universal(), campaigns, draws=512).odds.outside < 0.2


def test_an_input_that_makes_all_the_difference_would_tell_all_and_one_that_makes_none_nothing():
    generator = np.random.default_rng(7)
    one, other, idle = generator.random((3, 4000))
    odds = 0.2 + 0.5 * one + 0.2 * (other - 0.5) ** 2
    even = np.full(4000, 1.0 / 4000)
    whole = float(odds.var())
    shares = [explained(odds, [each], even, whole) for each in (one, other, idle)]
    assert sum(shares[:2]) == pytest.approx(1.0, abs=0.03) and shares[0] > 4 * shares[1]
    assert shares[2] < 0.01 and explained(odds, [one, other], even, whole) == pytest.approx(1.0, abs=0.01)
    assert explained(odds, [], even, whole) == explained(odds, [one], even, 0.0) == 0.0


def test_weights_that_narrow_an_input_contract_it_and_leave_others():
    generator = np.random.default_rng(11)
    columns = {"people.one": generator.random(20_000), "people.other": generator.random(20_000)}
    weights = np.exp(-0.5 * ((columns["people.one"] - 0.4) / 0.05) ** 2)
    one, other = learned(columns, weights / weights.sum(), list(columns))
    assert one.contraction == pytest.approx(1.0 - 0.05**2 * 12.0, abs=0.01)
    assert one.after[1] == pytest.approx(0.4, abs=0.01) and abs(other.contraction) < 0.05


def test_the_next_question_is_the_one_that_is_not_answered_and_the_same_words_give_the_same_numbers(campaigns):
    answers = read_answers({**dict.fromkeys(KNOWN, "?"), "complaints": "a_few", "nearness": "touches", "hour": 14})
    reading = read(answers, None, made_up_universal(), campaigns, draws=1024)
    tell = dict(reading.tell)
    assert "hour" not in tell and "history" in tell and all(0.0 <= share <= 1.0 for share in tell.values())
    assert tell["trust"] > tell["complaints"] and tell["trust"] > tell["age"]
    assert reading.tell == sorted(reading.tell, key=lambda pair: -pair[1])
    again = summary_of(read(answers, None, made_up_universal(), campaigns, draws=1024))
    assert again == summary_of(reading) and again != summary_of(
        read(answers, None, made_up_universal(), campaigns, draws=1024, seed=2)
    )
    assert sum(again["verdict"][name]["mean"] for name in VERDICTS) == pytest.approx(1.0)


@pytest.mark.parametrize("rows", [600, 4000])
def test_what_is_said_to_happen_so_often_happens_so_often_in_rows_that_were_held_out(rows):
    held = made_up_campaigns(1500, seed=99)
    odds = estimate(made_up_campaigns(rows), held.columns, np.full(1500, 1.0 / 1500), Configuration())
    said, seen = odds.by_draw[:, 0], held.verdict == 0
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.0)):
        here = (said >= low) & (said <= high)
        error = np.sqrt(seen[here].mean() * (1.0 - seen[here].mean()) / here.sum())
        assert said[here].mean() == pytest.approx(seen[here].mean(), abs=4.0 * error + 0.03)
    best = chances(held.columns, Configuration(), 1500)[:, 0]
    assert ((said - seen) ** 2).mean() < ((best - seen) ** 2).mean() + 0.02
