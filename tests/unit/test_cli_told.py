from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.cli.keys import study_keys
from sim.cli.told import verdict_table, warnings

NAMES = ("hijacked", "contested", "viral_positive", "fizzled")


def summary(**changes: Any) -> dict[str, Any]:
    """A summary, as far as the terminal reads it."""
    plain: dict[str, Any] = {
        "case": "x", "followers": 12_000, "replicates": 60, "seed": 0, "represents": 1.0,
        "verdict": {"hijacked": 0.9, "contested": 0.1, "viral_positive": 0.0, "fizzled": 0.0},
        "verdict_interval": {
            "hijacked": [0.8, 0.95], "contested": [0.05, 0.2], "viral_positive": [0.0, 0.06], "fizzled": [0.0, 0.06]},
        "verdict_range": dict.fromkeys(NAMES, [0.001, 0.999]), "fizzled_frame": None,
        "at_quarter_size": None, "depends_on_sample_size": False,
    }  # fmt: skip
    return plain | changes


def test_the_table_has_a_line_a_verdict_with_luck_and_range_apart() -> None:
    lines = verdict_table(summary())
    assert lines[0] == "x: 12,000 followers, 60 replicates, seed 0"
    assert lines[2].split() == ["hijacked", "90", "%", "80", "to", "95", "%", "<1", "to", ">99", "%"]
    assert len(lines) == 6


def test_what_was_not_drawn_is_a_dash_and_a_fizzle_is_told_with_its_frame() -> None:
    all_fizzled = {"hijacked": 0.0, "contested": 0.0, "viral_positive": 0.0, "fizzled": 1.0}
    lines = verdict_table(summary(verdict_range=None, verdict=all_fizzled, fizzled_frame="counter"))
    assert lines[2].endswith("-") and lines[-1] == "what fizzled was mostly counter"


def test_the_reader_is_warned_where_size_decides() -> None:
    quarter = {"n": 3000, "verdict": {"hijacked": 0.2}, "verdict_interval": {"hijacked": [0.1, 0.3]}}
    told = warnings(summary(at_quarter_size=quarter, depends_on_sample_size=True), shapes_only=False)
    assert told == [
        "Warning: the odds depend on sample size: hijacked 90 % at 12,000 followers, 20 % at 3,000; read them as a "
        "range, 10 to 95 %."
    ]
    assert warnings(summary(at_quarter_size=quarter), shapes_only=False) == []


def test_small_presets_and_rows_that_stand_for_several_are_noted() -> None:
    told = warnings(summary(represents=4.0), shapes_only=True)
    assert len(told) == 2 and "shapes, not odds" in told[0] and "stands for 4 people" in told[1]


@pytest.mark.parametrize(
    ("words", "small"),
    [
        (["case=my_nypd", "people=small"], True),
        (["case=my_nypd", "people.n_followers=2000"], True),
        (["case=my_nypd", "people.n_followers=250000"], False),
        (["case=bangor_police"], False),
        (["people.n_followers=2000"], False),
    ],
)
def test_fewer_rows_than_the_case_has_show_shapes_and_a_small_public_of_ones_own_does_not(
    words: list[str], small: bool, tmp_path: Path
) -> None:
    assert study_keys("run", [*words, f"results={tmp_path}"])[1].shapes_only is small
