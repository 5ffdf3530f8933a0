"""Every documented number stands twice: in the cases, and in a table written anew from the facts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sim.catalogue.case import read_case
from sim.catalogue.groups import choices

with (Path(__file__).parent / "second_transcription.csv").open(newline="", encoding="utf-8") as file:
    SECOND = {row["id"]: float(row["number"]) if row["number"] else None for row in csv.DictReader(file)}
CASES = {name: read_case(name)["case"] for name in choices("case")}
FIRST = {key: entry["value"] for case in CASES.values() for key, entry in case["observed"].items()}

cases = sorted(SECOND)
assert cases


def test_both_transcriptions_hold_the_same_numbers_by_name():
    assert set(FIRST) == set(SECOND)


@pytest.mark.parametrize("number", cases)
def test_both_transcriptions_agree(number):
    assert FIRST[number] == SECOND[number]


FACTS = Path(__file__).parents[3] / "shared" / "facts" / "facts.json"
CASE_OF = {
    "mynypd": "my_nypd", "askjpm": "ask_jpm", "askrkelly": "ask_rkelly", "poltwt1": "police_twitter_day",
    "deprimo": "nypd_boots_photo", "poltwt2": "police_twitter_day_november", "poltwt": "police_twitter_day_november",
    "mcd": "mcd_stories", "askbg": "ask_bg", "qantas": "qantas_luxury", "norfolk": "norfolk_lip_sync",
    "bangor": "bangor_police", "boston": "boston_manhunt", "icebucket": "ice_bucket",
}  # fmt: skip
"""The case of the facts whose ids begin so."""
LEFT_OUT = {"mynypd.igniter": "the name of an account"}


@pytest.mark.skipif(
    not FACTS.exists(), reason="the facts from which the cases were written are not part of the project"
)
def test_every_fact_of_a_case_is_observed_or_the_source_of_an_input():
    facts = [fact for fact in json.loads(FACTS.read_text(encoding="utf-8")) if fact["status"] != "memory"]
    of_cases = {fact["id"]: CASE_OF.get(fact["id"].partition(".")[0]) for fact in facts}
    assert set(CASE_OF.values()) == {case for case in of_cases.values() if case}
    told = {name: f"{case['observed']} {case['sources']}" for name, case in CASES.items()}
    untold = [of for of, case in of_cases.items() if case and of not in LEFT_OUT and of not in told[case]]
    assert untold == []
