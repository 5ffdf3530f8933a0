"""The exports: a page that opens offline and runs nothing, a table that calculates nothing, and no secret in either."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from sim.warroom.debrief.export import COLUMNS, TERMS, defused, glossary, page, table
from sim.warroom.debrief.told import seen_by
from tests.warroom.debriefed import COUNT, FORMULA, NASTY, told
from tests.warroom.toy_deck import SECRET


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


def test_the_page_refers_to_nothing_outside_runs_nothing_and_escapes_what_people_wrote():
    text = page(told())
    tags = Tags()
    tags.feed(text)
    assert not tags.tags & {"script", "link", "iframe", "object", "embed", "img", "form", "base", "a"}
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name in ("href", "src", "action")]
    assert NASTY not in text and "&lt;script&gt;alert(" in text
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)
    assert text.count("<svg") >= 4 + 2 * 4 + 2 + 1 and "default" not in text


def test_the_page_says_what_each_decision_did_what_is_assumed_and_what_was_hidden():
    text = page(told())
    assert f"of {COUNT} futures end hijacked" in text and "holds if moves work as strongly as assumed" in text
    assert SECRET in text and "Not posting at all" in text and "Listening for 6 months first" in text
    assert "submitted too late" in text and "nothing was submitted" in text and "None" not in text


def test_the_table_has_a_row_a_team_and_decision():
    rows = list(csv.DictReader(io.StringIO(table(told()), newline="")))
    assert [(row["team"], row["decision"]) for row in rows] == [
        ("Team 1", "1"), ("Team 1", "2"), ("Team 2", "1"), ("Team 2", "2"),
    ]  # fmt: skip
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["futures"] == str(COUNT) and 0.0 <= float(rows[0]["futures_hijacked"]) <= 1.0
    assert rows[0]["played"] == "Acknowledge" and rows[2]["picked"] == "" and rows[3]["late"] == "yes"
    assert [rows[3][name] for name in ("picked", "picked_move", "played_move")] == [
        "Defend yourselves",
        "defend",
        "silent",
    ]
    low, median, high = (float(rows[0][f"futures_messages{end}"]) for end in ("_lo", "", "_hi"))
    assert 0 < low <= median <= high and float(rows[0]["lived_messages"]) == told()["rows"][0]["lived"]["messages"]
    assert rows[0]["lived_trended"] in ("yes", "no") and 0 <= int(rows[0]["futures_trended"]) <= COUNT
    assert float(rows[0]["working_hours"]) == told()["rows"][0]["hours"]["play"]
    assert {row["futures_wanted"] for row in rows} == {str(COUNT)}
    assert {row["lived_verdict"] for row in rows} <= {"hijacked", "contested", "in the sender's favour", "fizzled"}
    assert rows[2]["hijacked_against_silence"] == "" and float(rows[0]["hijacked_against_silence_lo"]) <= 0.0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1"])
def test_a_cell_is_no_formula_whatever_it_begins_with(text):
    assert defused(text).startswith(f"'{text[0]}")


@pytest.mark.parametrize("end", [";", "\t", "\n", "\r\n", "|"])
def test_a_cell_is_no_formula_after_what_some_settings_take_for_its_end(end):
    assert defused(f"We hear you{end}=1+1{end} @x{end}{end}b - c") == f"We hear you{end}'=1+1{end}' @x{end}{end}b - c"


def test_a_harmless_cell_stays_as_it_is_and_written_formulas_are_defused_in_the_table():
    assert defused("We hear you = truly") == "We hear you = truly" and defused("") == ""
    rows = list(csv.DictReader(io.StringIO(table(told()), newline="")))
    assert rows[0]["argument"] == f"'{FORMULA}" and rows[1]["sentence"] == "'-1+1"
    assert rows[0]["sentence"] == NASTY


def test_a_team_is_told_its_own_decisions_and_of_others_what_is_compared():
    seen = seen_by(told(), 2)
    text = json.dumps(seen)
    assert "alert(" not in text and "HYPERLINK" not in text
    assert [team["decisions"] is None for team in seen["teams"]] == [True, False]
    assert seen["calibration"] == [] and len(seen["rows"]) == len(told()["rows"])  # it stated one too late
    assert {point["team"] for point in seen_by(told(), 1)["calibration"]} == {1}
    assert "alert(" not in page(seen) and len(table(seen).splitlines()) == 3


def test_a_debrief_that_has_just_begun_is_written_without_numbers():
    from sim.warroom.debrief.futures import Campaigns, Futures
    from sim.warroom.debrief.told import debrief
    from tests.warroom.debriefed import PLAYED, SIDES
    from tests.warroom.toy_deck import toy_deck

    empty = debrief(toy_deck(), SIDES, Futures(Campaigns.of(toy_deck()), count=COUNT), PLAYED)
    assert empty["progress"]["done"] == 0 and empty["teams"][0]["score"] is None
    assert "Debrief" in page(empty) and len(table(empty).splitlines()) == 5
    assert "This page is unfinished" in page(empty) and "How long the rest takes is not known yet" in (
        empty["progress"]["words"])  # fmt: skip


def test_a_page_says_once_how_much_is_missing_until_nothing_is():
    assert "unfinished" not in page(told())
    part = told() | {"progress": {"done": 1200, "of": 4800, "left": 400.0, "words": ""}}
    text = page(part)
    assert "1,200 of 4,800 other campaigns had been run" in text and "minutes" not in (
        text.partition("unfinished")[2].partition("</p>")[0])  # fmt: skip
    assert text.count("unfinished") == 1


def test_a_page_speaks_plain_words_and_explains_those_of_the_field():
    text = page(told())
    assert "Best answer known: Acknowledge, once 50 % of an hour" in text.replace("\u00a0", " ")
    assert "policy=" not in text and "Brier" not in text and "viral_positive" not in text
    assert "960 in the months before" in text
    assert "The first 4 h 04 min of it were played (6 h were planned)" in text
    assert f"{told()['rows'][0]['hours']['play']:.1f} of 12" in text
    assert "messages in the median future" in text and "Messages in all. In the median future" in text
    terms, known = re.findall(r"<dt>([^<]+)</dt><dd>[^<]{20,}</dd>", text), glossary()
    assert [term.lower() for term in terms] == list(TERMS) and set(TERMS) <= known.keys()


def test_all_parts_of_a_saved_page_are_open_and_can_be_closed():
    text = page(told())
    assert text.count("<details open><summary><h2>") == text.count("<h2>") - 1 == 8


def test_the_command_that_found_the_best_answer_stands_in_a_closed_part_of_the_saved_page_alone():
    closed = page(told()).partition("<details><summary><h2>How the best answer known was found</h2></summary>")
    assert "backfire policies case=my_nypd" in closed[2] and "backfire policies" not in closed[0]
    view = files("sim.warroom").joinpath("page/js/views/debrief.js").read_text(encoding="utf-8")
    assert "told.best.told" in view and "best.study" not in view
