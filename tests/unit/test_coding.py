"""Coders' answers become ranges, and their agreement is Krippendorff's alpha."""

from __future__ import annotations

import numpy as np
import pytest

from sim.cli.main import main
from sim.errors import ConfigError
from sim.study.coding import (
    COLUMNS,
    Answer,
    Coded,
    agreement,
    agreement_lines,
    combined,
    krippendorff_alpha,
    read_answers,
)  # fmt: skip

_ = np.nan


def answer(case, coder, best, *, item="post.room", low=None, high=None, recognised=False):
    """Return an answer whose range is its best value, where none is given."""
    return Answer(case, coder, item, best, best if low is None else low, best if high is None else high, recognised)


def written(folder, *rows, columns=COLUMNS):
    """Write answers as a file and return it."""
    file = folder / "answers.csv"
    file.write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")
    return file


def test_alpha_is_that_of_the_published_example_with_four_coders_and_gaps():
    # Krippendorff 2011, example C/D: four observers, twelve units, interval metric 0.849
    values = np.array([
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ])  # fmt: skip
    assert krippendorff_alpha(values) == pytest.approx(0.849, abs=5e-4)


def test_alpha_of_two_values_is_that_of_the_published_binary_example():
    # Krippendorff 2011, example A: two observers, ten units, binary: 0.095 (for two values all metrics agree)
    values = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)
    assert krippendorff_alpha(values) == pytest.approx(0.095, abs=5e-4)


def test_alpha_by_hand():
    # observed: (0 + 0 + 2) / 6; expected: 2 * 6 * 5.5 / (6 * 5), from squares around 2.5
    values = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 4.0]])
    pooled = np.array([1, 1, 2, 2, 3, 4]) - 13 / 6
    assert krippendorff_alpha(values) == pytest.approx(1 - (2 / 6) / (2 * 6 * (pooled @ pooled) / 30))


def test_alpha_is_one_when_all_agree_and_low_when_they_contradict():
    assert krippendorff_alpha(np.array([[0.0, 0.5, 1.0]] * 2)) == 1.0
    assert krippendorff_alpha(np.array([[0.0, 1.0], [1.0, 0.0]])) == pytest.approx(-0.5)


def test_alpha_is_none_where_nothing_differs_or_nothing_can_be_compared():
    assert krippendorff_alpha(np.full((2, 4), 0.3)) is None
    assert krippendorff_alpha(np.array([[0.1, _], [_, 0.2]])) is None


def test_alpha_does_not_depend_on_the_unit_of_measurement():
    values = np.array([[0.1, 0.4, 0.8, 0.2], [0.2, 0.4, 0.6, 0.3]])
    assert krippendorff_alpha(values * 7 + 3) == pytest.approx(krippendorff_alpha(values))


def test_combined_value_is_the_mean_and_the_range_the_hull():
    said = [answer("x", "a", 0.4, low=0.3, high=0.5), answer("x", "b", 0.55, low=0.45, high=0.7)]
    assert combined(said) == {"x": {"post.room": Coded(0.475, 0.3, 0.7)}}


def test_range_is_stretched_to_a_central_value_outside_it_and_kept_otherwise():
    coded = Coded(0.5, 0.4, 0.6)
    assert coded.around(0.3) == Coded(0.3, 0.3, 0.6)
    assert coded.around(0.45) == Coded(0.45, 0.4, 0.6)
    assert coded.around(0.9) == Coded(0.9, 0.4, 0.9)


def test_agreement_is_told_by_item_with_an_interval_that_holds_alpha():
    values = {"p": (0.1, 0.2), "q": (0.5, 0.5), "r": (0.9, 0.7), "s": (0.3, 0.4)}
    said = [answer(case, coder, best) for case, two in values.items() for coder, best in zip("ab", two, strict=True)]
    (row,) = agreement(said)
    assert (row.item, row.cases) == ("post.room", 4)
    assert row.apart == pytest.approx(0.1) and row.width == pytest.approx(0.1)
    assert row.low <= row.alpha <= row.high


def test_agreement_counts_the_cases_that_each_coder_recognised():
    said = [answer("p", "a", 0.1, recognised=True), answer("p", "b", 0.2), answer("q", "a", 0.4), answer("q", "b", 0.5)]
    assert "Recognised: 1 by coder a, 0 by coder b, of 2 cases." in agreement_lines(said)[-1]


def test_answers_are_read_as_they_stand(tmp_path):
    file = written(tmp_path, "x,a,post.room,0.5,0.4,0.7,yes")
    assert read_answers(file) == [Answer("x", "a", "post.room", 0.5, 0.4, 0.7, True)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,a,post.room,much,0.4,0.7,yes", "line 2: best, low and high must be numbers; got 'much'"),
        ("x,a,post.room,nan,0.4,0.7,yes", "best must lie in"),
        ("x,a,post.room,0.9,0.4,0.7,yes", "best must lie in [low, high]; got 0.9 in [0.4, 0.7]"),
        ("x,a,post.room,0.5,0.4,1.7,yes", "post.room"),
        ("x,a,post.rooms,0.5,0.4,0.7,yes", "post.rooms"),
        ("x,a,post.room,0.5,0.4,0.7,perhaps", "recognised must be yes or no; got 'perhaps'"),
        ("x,a,post.room,0.5,0.4,0.7,no\nx,a,post.room,0.6,0.4,0.7,no", "coder a codes post.room of x twice"),
    ],
)
def test_wrong_answers_are_named_and_refused(tmp_path, row, said):
    with pytest.raises(ConfigError) as problem:
        read_answers(written(tmp_path, row))
    assert said in str(problem.value)


def test_missing_column_or_file_is_named_and_refused(tmp_path):
    with pytest.raises(ConfigError, match="recognised missing"):
        read_answers(written(tmp_path, "x,a,post.room,0.5,0.4,0.7", columns=COLUMNS[:-1]))
    with pytest.raises(ConfigError, match="no coded answers"):
        read_answers(tmp_path / "nowhere.csv")


def test_command_prints_the_agreement(tmp_path, monkeypatch, capsys):
    file = written(tmp_path, *(f"{case},{coder},post.room,0.{digit},0,1,no" for case, coder, digit in
                               [("x", "a", 4), ("x", "b", 5), ("y", "a", 8), ("y", "b", 8)]))  # fmt: skip
    monkeypatch.setattr("sim.study.coding.answers_file", lambda: file)
    assert main(["cases", "--coding"]) == 0
    assert capsys.readouterr().out.rstrip("\n").split("\n") == agreement_lines(read_answers(file))


def test_command_says_in_one_sentence_that_there_are_no_answers(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sim.study.coding.answers_file", lambda: tmp_path / "answers.csv")
    assert main(["cases", "--coding"]) == 2
    assert "There are no coded answers" in capsys.readouterr().err
