"""Every documented number stands twice: in the cases, and in a table written anew from the facts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sim.catalogue.case import read_case
from sim.catalogue.groups import choices

with (Path(__file__).parent / "second_transcription.csv").open(newline="", encoding="utf-8") as file:
    SECOND = {row["id"]: float(row["number"]) if row["number"] else None for row in csv.DictReader(file)}
FIRST = {key: entry["value"] for name in choices("case") for key, entry in read_case(name)["case"]["observed"].items()}

cases = sorted(SECOND)
assert cases


def test_both_transcriptions_hold_the_same_numbers_by_name():
    assert set(FIRST) == set(SECOND)


@pytest.mark.parametrize("number", cases)
def test_both_transcriptions_agree(number):
    assert FIRST[number] == SECOND[number]
