"""Dossiers hold what was public before a post, and nothing that names it or tells how it ended."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from sim.catalogue.case import read_case
from sim.catalogue.groups import choices

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "dossiers"
RUBRIC = ROOT / "docs" / "rubric.md"
with (Path(__file__).parent / "dossiers.csv").open(newline="", encoding="utf-8") as file:
    KEY = list(csv.DictReader(file))

cases = [row["case"] for row in KEY]
assert cases
SAID = {row["case"]: (FOLDER / f"{row['dossier']}.md").read_text(encoding="utf-8") for row in KEY}
FORBIDDEN = {row["case"]: [word.replace("_", " ") for word in row["forbidden"].split()] for row in KEY}
YEAR = re.compile(r"\b(19|20)\d\d\b")
OUTCOME = re.compile(
    r"hijack|backfir|viral|fizzl|takeover|took over|backlash|firestorm|shitstorm|flooded|trend(ed|ing)|went wrong"
    r"|retweet|tweet|disaster|fiasco|in the end|afterwards|later (that|the same)|within (minutes|hours) of the post"
    r"|[#@]\w|https?:",
    re.IGNORECASE,
)
PARTS = ("Sender and account", "What the public thinks", "Community", "Season", "The post")


def named(word: str, text: str) -> bool:
    """Tell whether a word stands in a text by itself."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def numbers(value: object) -> set[str]:
    """Return the ways in which a large documented number may be written."""
    if not isinstance(value, (int, float)) or value < 1000 or value != int(value):
        return set()
    return {str(int(value)), f"{int(value):,}"}


def test_every_case_has_one_dossier_and_every_dossier_a_case():
    assert len(set(cases)) == len(cases)
    assert set(choices("case")) <= set(cases)
    assert {f"{row['dossier']}.md" for row in KEY} == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("case", cases)
def test_dossier_names_no_sender_tag_or_year(case):
    text = SAID[case]
    assert [word for word in FORBIDDEN[case] if named(word, text)] == []
    assert YEAR.findall(text) == []
    assert case not in text
    if case in choices("case"):
        said = read_case(case)["case"]
        for name in (said["tag"], said["sender"]):
            assert not name or name.lower() not in text.lower()
        assert not said["tag"] or not named(said["tag"].removeprefix("#"), text)


@pytest.mark.parametrize("case", cases)
def test_dossier_tells_nothing_of_the_outcome(case):
    assert OUTCOME.search(SAID[case]) is None
    if case in choices("case"):
        observed = {text for each in read_case(case)["case"]["observed"].values() for text in numbers(each["value"])}
        assert [number for number in observed if named(number, SAID[case])] == []


@pytest.mark.parametrize("case", cases)
def test_dossiers_have_the_same_parts_and_say_how_each_is_known(case):
    text = SAID[case]
    assert tuple(re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE)) == PARTS
    for paragraph in text.split("\n\n")[2:]:
        assert re.search(r"\[[DGT]", paragraph), paragraph


def test_order_of_dossiers_follows_neither_names_nor_days():
    numbered = [row["case"] for row in sorted(KEY, key=lambda row: row["dossier"])]
    assert numbered != sorted(numbered)
    days = [read_case(case)["case"]["date"] for case in numbered if case in choices("case")]
    assert days != sorted(days) and days != sorted(days, reverse=True)


def test_rubric_mentions_no_case():
    text = RUBRIC.read_text(encoding="utf-8")
    for case, words in FORBIDDEN.items():
        assert case not in text
        assert [word for word in words if len(word) > 3 and word != "volume" and named(word, text)] == []
    assert not re.search(r"police|bank\b|singer|airline|burger|bucket", text, re.IGNORECASE)
