"""Answers in plain words and numbers: what they mean for the inputs, and which are refused."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.study.intake.answers import read_answers, read_answers_file
from sim.study.intake.questions import (
    DONT_KNOW,
    FOLLOWERS,
    as_lines,
    mean_of_share,
    ordinary,
    question,
    questions,
)
from sim.study.intake.reading import configuration_of
from sim.study.run.inputs import fields

TABLE = {field.name: field for field in fields(Configuration())}


def test_there_are_twelve_questions_that_each_may_be_left_open_and_all_are_printed():
    assert [each.number for each in questions()] == list(range(1, 13))
    assert all(each.choices[-1].name == DONT_KNOW for each in questions())
    printed = "\n".join(as_lines())
    assert all(each.asks in printed and all(c.name in printed for c in each.choices) for each in questions())


@pytest.mark.parametrize("each", questions(), ids=lambda each: each.id)
def test_every_answer_means_inputs_of_the_table_within_their_legal_ranges(each):
    for choice in each.choices:
        assert choice.ranges or choice.sets
        for name, (low, high) in {**choice.ranges, **choice.otherwise}.items():
            if name != FOLLOWERS:
                legal = TABLE[name].legal
                assert legal[0] <= low < high <= legal[1], (choice.name, name)
        configuration_of(read_answers({each.id: choice.name}))  # raises if a value cannot be


@pytest.mark.parametrize("each", questions(), ids=lambda each: each.id)
def test_not_knowing_leaves_at_least_as_much_open_as_any_answer_but_the_most_extreme(each):
    unknown = each.choice(None)
    for name, (low, high) in unknown.ranges.items():
        spans = [choice.ranges[name] for choice in each.choices if name in choice.ranges and choice is not unknown]
        assert all(high - low >= to - of for of, to in spans), name


def test_shares_become_means_as_the_rubric_has_it():
    rubric = (Path(__file__).parents[2] / "docs" / "rubric.md").read_text(encoding="utf-8")
    lines = {name: re.search(rf"\| {name} \|(.*)\|", rubric)[1] for name in ("mean grievance", "mean support")}
    shares = [float(cell) for cell in re.search(r"share p in the poll \|(.*)\|", rubric)[1].split("|")]
    for name, line in lines.items():
        means = [float(cell) for cell in line.split("|")]
        assert len(means) == len(shares) > 10
        told = [mean_of_share(share, name.removeprefix("mean ")) for share in shares]
        assert told == pytest.approx(means)


def test_a_share_is_the_share_above_one_half_of_the_feelings_that_a_mean_gives():
    from scipy.special import betainc

    for feeling, whole in (("grievance", 1.6), ("support", 2.0)):
        for share in (0.1, 0.3, 0.5, 0.7):
            mean = mean_of_share(share, feeling)
            assert 1.0 - betainc(mean * whole, (1.0 - mean) * whole, 0.5) == pytest.approx(share, abs=0.015)


def test_nothing_answered_leaves_every_input_open_and_says_that_it_is_assumed():
    answers = read_answers({})
    assert {"people.grievance_mean", "people.support_mean", "post.openness", "people.follow_share"} <= set(
        answers.ranges
    )
    assert all(source.startswith("assumed: ") for source in answers.sources.values())
    assert set(answers.sources) == {*answers.ranges, *answers.sets} and set(answers.asked) == set(answers.ranges)
    configuration_of(answers)


def test_a_poll_is_narrower_than_a_guess_and_those_touched_most_are_taken_off():
    guess = read_answers({"complaints": 20, "touched": "nobody"})
    poll = read_answers({"complaints": "poll 20", "touched": "nobody"})
    touched = read_answers({"complaints": "poll 20", "touched": 40})
    widths = [np.diff(each.ranges["people.grievance_mean"])[0] for each in (guess, poll)]
    assert widths == pytest.approx([0.2, 0.1])
    assert poll.central["people.grievance_mean"] == pytest.approx(0.25 - 0.25 * 0.05)
    assert touched.central["people.grievance_mean"] == pytest.approx(0.25 - 0.25 * 0.4)
    assert guess.sources["people.grievance_mean"] == "answered: your answer to question 4: 20"


def test_followers_of_an_audience_give_its_size_and_their_share():
    answers = read_answers({"followers": "12 000 of 80,000"})
    assert answers.sets["people.n_followers"] == 80_000 and answers.followers == 12_000
    assert answers.ranges["people.follow_share"] == pytest.approx((0.1, 0.2))
    alone = read_answers({"followers": 12000})
    assert alone.sets["people.n_followers"] == pytest.approx(12_000 / 0.275, abs=1)
    many = read_answers({"followers": "2000000 of 8000000"})
    assert many.sets["people.n_followers"] == 1_000_000 and many.sets["people.represents"] == pytest.approx(8.0)


def test_what_is_asked_tells_of_its_openness_unless_that_is_answered():
    assert read_answers({"ask": "q_and_a"}).ranges["post.openness"] == (0.6, 0.95)
    assert (
        read_answers({"ask": "q_and_a"}).sources["post.openness"].startswith("assumed: from your answer to question 6")
    )
    both = read_answers({"ask": "q_and_a", "openness": "one_topic"})
    assert both.ranges["post.openness"] == (0.4, 0.6)
    assert both.sources["post.openness"].startswith("answered: your answer to question 7: one_topic, one named topic")


def test_an_hour_that_is_known_is_no_range():
    answers = read_answers({"hour": 14})
    assert answers.sets["post.hour"] == 14.0 and "post.hour" not in answers.ranges and "post.hour" not in answers.asked


REFUSED = [
    ({"opennes": "any_topic"}, "answer must be one of age, ask, complaints"),
    ({"openness": "wide"}, "answer.openness must be one of any_topic, anything, dont_know"),
    ({"openness": 3}, "answer.openness must be one of"),
    ({"openness": True}, "answer.openness must be a word or a number"),
    ({"complaints": 120}, "answer.complaints must be a number from 0 to 100 or one of hardly_anyone"),
    ({"complaints": "-3"}, "answer.complaints must be a number from 0 to 100"),
    ({"hour": 25}, "answer.hour must be a number from 0 to 24 or one of morning"),
    ({"followers": "9000 of 800"}, "9,000 followers are more than the 800 people"),
    ({"followers": "0"}, "must be two counts of people"),
    ({"followers": "1.5e3"}, "must be two counts of people"),
    ({"complaints": 60, "trust": "poll 55"}, "answer.complaints and answer.trust contradict each other"),
    ({"complaints": 60, "4": 30}, "answer.complaints is given twice"),
]


@pytest.mark.parametrize(("said", "sentence"), REFUSED, ids=[str(said) for said, _ in REFUSED])
def test_what_cannot_be_an_answer_is_refused_with_what_can(said, sentence):
    with pytest.raises(ConfigError) as problem:
        read_answers(said)
    assert sentence in str(problem.value)


def test_an_answers_file_that_is_none_is_refused(tmp_path):
    for name, content, sentence in (
        ("list.yaml", "- a\n- b\n", "must hold a line for each answer"),
        ("broken.yaml", "openness: [any\n", "line 2 cannot be read"),
        ("bytes.yaml", b"\xff\xfe\x00", "cannot be read"),
    ):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(ConfigError, match=re.escape(sentence)):
            read_answers_file(tmp_path / name)
    with pytest.raises(ConfigError, match="must name a file that can be read"):
        read_answers_file(tmp_path / "none.yaml")


def test_words_for_not_knowing_all_mean_the_same():
    for word in ("don't know", "DONT_KNOW", "?", "", None, "unknown"):
        assert question("openness").choice(word).name == DONT_KNOW


def test_ordinary_posts_lie_within_what_the_table_allows():
    usual = ordinary()
    assert set(usual.asks) == {"statement", "photo_call", "open_question", "q_and_a"}
    for ranges in (*usual.asks.values(), usual.ranges, usual.closeness, usual.openness):
        assert all(0.0 <= low < high <= 1.0 for low, high in ranges.values())
