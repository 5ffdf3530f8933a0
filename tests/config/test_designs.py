"""Designs: where their points lie, that the seed alone fixes them, and what a file of points may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.catalogue.groups import choices
from sim.cli.choices import factors_of
from sim.cli.sweep_keys import sweep_keys
from sim.errors import ConfigError
from sim.study.design.designs import Factor, latin_hypercube, one_at_a_time, sobol
from sim.study.design.spans import parameters, spanned
from sim.study.sweep.study import Tally, summary_of

OPEN = Factor("post.openness", interval=(0.0, 1.0))
FEW = Factor("post.repeats", interval=(1, 3), whole=True)
RULE = Factor("policy", ("silent", "withdraw"))


def values(points: list[dict[str, Any]], name: str) -> list[Any]:
    return [point[name] for point in points]


@given(st.integers(1, 60), st.integers(0, 2**63 - 1))
def test_a_latin_hypercube_has_one_point_in_each_slice(points: int, seed: int) -> None:
    found = latin_hypercube([OPEN, Factor("b", interval=(-2.0, 3.0))], points, seed)
    for name, low, width in (("post.openness", 0.0, 1.0), ("b", -2.0, 5.0)):
        # a value keeps six digits, and may be rounded across a border
        place = (np.array(values(found, name)) - low) / width * points
        assert np.abs(np.sort(place) - np.arange(points) - 0.5).max() <= 0.5 + 1e-4 * points


@pytest.mark.parametrize("design", [latin_hypercube, sobol])
def test_the_seed_alone_fixes_a_drawn_design(design: Any) -> None:
    factors = [OPEN, FEW, RULE]
    assert design(factors, 16, 0) == design(factors, 16, 0) != design(factors, 16, 1)
    np.random.seed(3)  # noqa: NPY002 - what ambient state there is must not matter
    assert design(factors, 16, 7) == design(factors, 16, 7)


def test_whole_numbers_and_listed_values_come_in_equal_shares() -> None:
    points = sobol([OPEN, FEW, RULE], 128, 4)
    repeats, rules = values(points, "post.repeats"), values(points, "policy")
    assert {type(value) for value in repeats} == {int} and set(repeats) == {1, 2, 3}
    assert all(41 <= repeats.count(number) <= 44 for number in (1, 2, 3))
    assert rules.count("silent") == rules.count("withdraw") == 64
    assert all(0.0 <= value <= 1.0 for value in values(points, "post.openness"))


def test_sobol_points_that_are_no_power_of_two_are_the_first_of_more_and_are_told(capsys: Any, tmp_path: Path) -> None:
    assert sobol([OPEN], 5, 1) == sobol([OPEN], 8, 1)[:5]
    words = ["vary=[post.openness]", "design=sobol", f"results={tmp_path}"]
    assert len(sweep_keys([*words, "design.points=5"])[0].points) == 5
    assert "5 points are the first of 8. Take design.points=4 or 8." in capsys.readouterr().err
    assert len(sweep_keys(words)[0].points) == 128 and capsys.readouterr().err == ""


def test_one_at_a_time_leaves_everything_else_at_the_centre(tmp_path: Path) -> None:
    assert one_at_a_time([OPEN, RULE], {"post.openness": 0.3, "policy": "silent"}, levels=3) == [
        {"post.openness": 0.3, "policy": "silent"}, {"post.openness": 0.0, "policy": "silent"},
        {"post.openness": 0.5, "policy": "silent"}, {"post.openness": 1.0, "policy": "silent"},
        {"post.openness": 0.3, "policy": "withdraw"},
    ]  # fmt: skip
    sweep, _, _ = sweep_keys(
        ["case=my_nypd", "design=one_at_a_time", "design.levels=2", "vary=[post.openness]", "policy=silent,withdraw",
         f"results={tmp_path}"]
    )  # fmt: skip
    assert sweep.points[0].values == {"post.openness": 0.65, "policy": "silent"}  # the case's own
    assert [str(point) for point in sweep.points[1:]] == [
        "post.openness=0.0, policy=silent", "post.openness=1.0, policy=silent", "post.openness=0.65, policy=withdraw"
    ]  # fmt: skip


def test_a_bare_name_takes_the_span_of_the_table_the_choices_or_the_files() -> None:
    factors, fixed = factors_of(["vary=[people.grievance_mean, post.room, feed.ranking, policy]", "seed=3"])
    assert fixed == ["seed=3"]
    assert factors[0].interval == parameters()["people.grievance_mean"].span and factors[1].interval == (0.0, 1.0)
    assert factors[2].values == ("chronological", "engagement") and factors[3].values == choices("policy")
    assert Factor("n", interval=(0, 10), whole=True).levels(5) == (0, 2, 5, 8, 10)
    constants = [name for name, field in parameters().items() if field.role == "constant"]
    assert constants
    for name in constants:
        with pytest.raises(ConfigError, match=f"^{name} is a constant"):
            spanned(name)


def test_points_are_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("policy, post.openness,people.n_followers\nsilent,0.25,500\n\nwithdraw,1,700\n")
    sweep, question, _ = sweep_keys(["design=from_file", f"design.path={tmp_path / 'p.csv'}", f"results={tmp_path}/r"])
    assert question["points"] == [
        {"policy": "silent", "post.openness": 0.25, "people.n_followers": 500},
        {"policy": "withdraw", "post.openness": 1, "people.n_followers": 700},
    ]
    assert question["design"] == {"kind": "from_file"}  # its path moves nothing
    assert sweep.points[1].configuration.policy.name == "withdraw"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "must name its factors in line 1 and a point in each other line"),
        ("post.openness\n", "must name its factors in line 1 and a point in each other line"),
        ("post.opennes\n0.1\n", "line 2 of .*post.opennes is not a parameter.*Did you mean post.openness"),
        ("post.openness\n0.1\n1.5\n", "the point post.openness=1.5 cannot be: .*must be at most 1.*got 1.5"),
        ("post.openness\n0.1\nx y\n", "the point post.openness=x y cannot be: post.openness must be a number"),
        ("post.openness\n0.1\n\n", ""),
        ("post.openness\n0.1\n0.1\n", "lines 2 and 3 of .* are the same point"),
        ("post.openness,post.openness\n0.1,0.2\n", "each column must have a name of its own"),
        ("post.openness,post.room\n0.1\n", "line 2 of .* has 1 cells, not 2"),
        ("policy\nbogus\n", "line 2 of .*policy must be one of"),
        ("policy\nsilent,withdraw\n", "has 2 cells, not 1"),
        ('post.openness\n"0.1\n', "cannot be read as CSV"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_is_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(text)
    words = ["design=from_file", f"design.path={tmp_path / 'p.csv'}", f"results={tmp_path}/r"]
    if not sentence:
        assert len(sweep_keys(words)[0].points) == 1
        return
    with pytest.raises(ConfigError, match=sentence) as told:
        sweep_keys(words)
    assert "\n" not in str(told.value) and not (tmp_path / "r").exists()


def test_a_sweep_over_sizes_is_as_large_as_its_largest_audience(tmp_path: Path) -> None:
    words = ["people.n_followers=50000,200000", f"results={tmp_path}"]
    for sizes, largest, shapes in (("50000,200000", 200_000, False), ("500,700", 700, True)):
        sweep, question, _ = sweep_keys([words[0].replace("50000,200000", sizes), *words[1:]])
        told = summary_of(sweep, Tally(sweep).table(), question)
        assert told["followers"] == largest and told["shapes_only"] is shapes
