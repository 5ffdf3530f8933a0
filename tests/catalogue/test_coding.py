"""The cases' ranges, and the central values of those that no hand set, are what the coders say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.catalogue.groups import choices
from sim.catalogue.registry import load_case
from sim.study.coding import agreement_lines, combined, read_answers

RUBRIC = Path(__file__).parents[2] / "docs" / "rubric.md"
BY_HAND = {
    "my_nypd", "ask_jpm", "ask_rkelly", "nypd_boots_photo",
    "officer_injured", "police_dog", "station_bulletin", "police_twitter_day",
}  # fmt: skip
"""Cases whose central values were set by hand before there was a rubric."""
ITEMS = {
    "people.grievance_mean", "people.community_share", "people.community_grievance_shift", "people.support_mean",
    "people.follow_share", "post.room", "post.openness", "post.salience", "post.arousal", "post.appeal", "post.media",
}  # fmt: skip

ANSWERS = read_answers()
CODED = combined(ANSWERS)
cases = choices("case")
assert cases
CONFIGURED = {name: load_case(name) for name in cases}


def value(name, item):
    """Return the value that a case's configuration has."""
    section, leaf = item.split(".")
    return getattr(getattr(CONFIGURED[name], section), leaf)


@pytest.mark.parametrize("name", cases)
def test_every_case_is_coded_on_every_item_by_two_coders(name):
    said = {(each.coder, each.item) for each in ANSWERS if each.case == name}
    assert said == {(coder, item) for coder in ("a", "b") for item in ITEMS}


@pytest.mark.parametrize("name", cases)
def test_ranges_are_the_hull_of_the_coders_and_of_a_value_set_by_hand(name):
    coded = {
        item: each.around(value(name, item)) if name in BY_HAND else each for item, each in CODED[name].items()
    }  # fmt: skip
    ranges = {item: ends for item, ends in CONFIGURED[name].case.ranges.items() if item in ITEMS}
    assert ranges == {
        item: (each.low, each.high) for item, each in coded.items() if each.low < each.high
    }  # fmt: skip


@pytest.mark.parametrize("name", [name for name in cases if name not in BY_HAND])
def test_central_values_of_later_cases_are_the_coders_means(name):
    assert {item: value(name, item) for item in ITEMS} == {item: CODED[name][item].central for item in ITEMS}


def test_rubric_ends_with_the_agreement_as_the_command_prints_it():
    assert RUBRIC.read_text(encoding="utf-8").endswith("\n\n" + "\n".join(agreement_lines(ANSWERS)) + "\n")
