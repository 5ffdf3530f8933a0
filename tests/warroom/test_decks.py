"""The ready decks: they can be played and kept to the clock, their pages follow them, and what they tell is so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sim.catalogue.registry import load_case
from sim.model.campaign import CampaignModel
from sim.warroom.train.deck import Deck, configuration_of, deck_names, read_deck
from sim.warroom.train.handouts import handouts, plain
from sim.warroom.train.moves import TOLD
from sim.warroom.train.plan import main, pages_of, plan_of, printable
from tests.runnable_cases import RUNNABLE

DOCS = Path(__file__).resolve().parents[2] / "docs"
TRIED: dict[str, Any] = json.loads((DOCS / "decks" / "tried.json").read_text(encoding="utf-8"))
READY = {name: read_deck(name) for name in deck_names()}
CONFIRMING, WAITING = 90, 3
"""Seconds that a facilitator takes to confirm the moves of eight teams; minutes that a clock table may leave empty."""
assert len(READY) == 5

SHEETS = {name: handouts(deck) for name, deck in READY.items()}
PRINTED = {name: json.dumps(plain(sheets)) for name, sheets in SHEETS.items()}

each_deck = pytest.mark.parametrize("deck", READY.values(), ids=READY.keys())


@each_deck
def test_a_ready_deck_is_of_a_case_that_may_be_run(deck: Deck) -> None:
    assert deck.case in RUNNABLE


@each_deck
def test_a_ready_deck_plays_every_move_that_it_offers(deck: Deck) -> None:
    small = deck.model_copy(update={"followers": 600})
    configuration = configuration_of(small, ["horizon_hours=14", "network.mean_degree=6"])
    model = CampaignModel(configuration, rng=small.seed, replicate=small.replicate)
    offered = 0
    for decision in small.decisions:
        model.run_until(decision.minute)
        for move in decision.moves:
            branch = model.branch()
            branch.act(move)
            branch.run_for(3)
            offered += 1
    assert offered >= 8 and model.minute == small.decisions[-1].minute


@each_deck
def test_the_clock_table_can_be_kept(deck: Deck) -> None:
    """Each row leaves the time that clock and decisions take, and hardly more."""
    played = [row for row in deck.plan if row.hour is not None]
    assert [row.hour for row in played][0] == 0 and played[-1].hour == deck.hours
    for row in played:
        assert row.hour is not None
        before = [each for each in deck.decisions if each.minute < round(60 * row.hour, 0) - 1]
        needed = row.hour * deck.seconds_per_hour + sum(each.seconds + CONFIRMING for each in before)
        taken = 60 * (row.at - played[0].at)
        assert needed - 60 <= taken <= needed + 60 * WAITING, row
    assert deck.plan[-1].at == 90


@each_deck
def test_each_decision_stands_in_the_clock_table(deck: Deck) -> None:
    told = [row for row in deck.plan if row.what.startswith("Decision")]
    assert [round(60 * (row.hour or 0)) for row in told] == [each.minute for each in deck.decisions]
    spelled = {120: "two minutes", 180: "three minutes", 240: "four minutes", 300: "five minutes"}
    for number, (row, decision) in enumerate(zip(told, deck.decisions, strict=True), start=1):
        assert row.what.startswith(f"Decision {number}, {spelled[decision.seconds]}: ")


@each_deck
def test_a_plan_holds_whatever_number_of_teams_a_session_has(deck: Deck) -> None:
    told = " ".join([deck.summary, *(row.what for row in deck.plan)])
    numbers = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    assert not re.findall(rf"\b(?:\d+|{numbers}) (?:teams|moves)\b", told)


@each_deck
def test_between_three_and_five_decisions_and_every_kind_of_inject(deck: Deck) -> None:
    assert 3 <= len(deck.decisions) <= 5
    assert {"press", "boss", "rumour", "staff"} <= {each.kind for each in deck.injects}
    assert any("account" in each.sender for each in deck.injects if each.kind == "staff")


@each_deck
def test_what_is_printed_tells_no_more_than_teams_may_know(deck: Deck) -> None:
    printed = PRINTED[deck.id]
    for each in (*deck.decisions, *deck.injects, *deck.hidden):
        text = each.situation if hasattr(each, "situation") else each.text
        assert text[:40] not in printed
    assert all(each.title not in printed for each in deck.hidden)
    assert all(each.question in printed for each in deck.decisions)


@each_deck
def test_hand_outs_hold_roles_moves_and_a_sheet_for_each_decision(deck: Deck) -> None:
    titles = [sheet.title for sheet in SHEETS[deck.id]]
    assert len(titles) == len(deck.handouts) + 2 + len(deck.decisions)
    printed = PRINTED[deck.id]
    offered = {move for decision in deck.decisions for move in decision.moves}
    assert all(TOLD[move]["what"] in printed for move in offered)
    assert all(role.task in printed for role in deck.roles)
    assert f"{deck.budget_hours:g} working hours" in printed


@each_deck
def test_plan_and_hand_outs_stand_as_the_deck_writes_them(deck: Deck) -> None:
    for path, text in pages_of(deck, DOCS / "decks").items():
        assert path.read_text(encoding="utf-8") == text, "run: python -m sim.warroom.train.plan docs"


@each_deck
def test_what_was_tried_is_what_the_deck_asks(deck: Deck) -> None:
    tried = TRIED[deck.id]
    asked = [f"{each.id}:{move}" for each in deck.decisions for move in each.moves if move != "silent"]
    assert list(tried["answers"]) == ["silent", *asked, "best_known", "listen_first"], "python -m benchmarks.decks"
    assert tried["replicates"] >= 30


@each_deck
def test_the_lived_luck_is_a_usual_one(deck: Deck) -> None:
    tried = TRIED[deck.id]
    silent, lived = tried["answers"]["silent"], tried["lived"]
    assert silent["odds"][lived["verdict"]] > 0.35
    assert (lived["trending_minute"] is not None) == (silent["trends"] > 0.5)
    assert silent["messages"][0] <= lived["messages"] <= silent["messages"][2]


def hijacked(deck: str, answer: str) -> float:
    return float(TRIED[deck]["answers"][answer]["odds"].get("hijacked", 0.0))


def median(deck: str, answer: str) -> float:
    return float(TRIED[deck]["answers"][answer]["messages"][1])


def trust(deck: str, answer: str) -> list[float]:
    """Lower end, mean and upper end of the change of trust against silence."""
    return list(TRIED[deck]["answers"][answer]["trust_against_silence"])


def test_the_photo_call_can_be_ended_before_it_trends_and_grows_when_it_is_withdrawn_later():
    assert hijacked("my_nypd", "silent") > 0.9 and hijacked("my_nypd", "first_signs:withdraw") < 0.2
    assert median("my_nypd", "first_hour:withdraw") > 1.1 * median("my_nypd", "silent")
    worst = min(trust("my_nypd", answer)[1] for answer in TRIED["my_nypd"]["answers"])
    assert worst == trust("my_nypd", "first_signs:amplify")[1]


def test_the_question_hour_is_decided_before_the_post():
    later = [name for name in TRIED["question_hour"]["answers"] if ":" in name and not name.startswith("before")]
    assert min(hijacked("question_hour", name) for name in later) > 0.5
    assert hijacked("question_hour", "before:withdraw") == 0.0
    assert median("question_hour", "before:change_ask") < 0.01 * median("question_hour", "silent")


def test_no_answer_turns_the_police_day_and_statements_cost_most():
    answers = TRIED["police_day"]["answers"]
    assert max(hijacked("police_day", name) for name in answers) == 0.0
    assert answers["noon:defend"]["hours"] == 40.0 and answers["morning:engage"]["hours"] < 5.0
    assert trust("police_day", "noon:withdraw")[2] < 0.0


def test_the_bulletin_fizzles_whatever_is_done():
    answers = TRIED["quiet_bulletin"]["answers"]
    assert all(row["odds"] == {"fizzled": 1.0} for row in answers.values())
    assert max(abs(row["trust_against_silence"][1]) for row in answers.values()) < 0.001


def test_the_paid_call_can_be_narrowed_and_praise_makes_it_trend():
    answers = TRIED["paid_stories"]["answers"]
    assert 0.3 < hijacked("paid_stories", "silent") < 0.8
    assert hijacked("paid_stories", "lunch_is_over:change_ask") < 0.1
    assert answers["first_hour:amplify"]["trends"] > 0.9 > 0.6 > answers["silent"]["trends"]
    assert trust("paid_stories", "first_hour:amplify")[2] < 0.0 < trust("paid_stories", "dinner:change_ask")[0]


@pytest.mark.slow
@each_deck
def test_the_lived_run_is_the_one_that_was_tried(deck: Deck) -> None:
    lived = TRIED[deck.id]["lived"]
    configuration = configuration_of(deck)
    model = CampaignModel(configuration, rng=deck.seed, replicate=deck.replicate)
    model.run_until(configuration.minutes)
    found = model.measures()
    assert {name: found[name] for name in ("verdict", "messages", "trending_minute")} == {
        name: lived[name] for name in ("verdict", "messages", "trending_minute")
    }, "python -m benchmarks.decks"


def test_markup_in_a_deck_is_printed_as_text(tmp_path):
    deck = READY["my_nypd"].model_copy(update={"title": "<script>alert(1)</script> & co"})
    assert "<script>" not in printable(deck) and "&lt;script&gt;" in printable(deck)
    assert "| a \\| b |" in plan_of(
        deck.model_copy(update={"roles": (deck.roles[0].model_copy(update={"name": "a | b"}),)})
    )


def test_a_deck_of_ones_own_gets_its_pages(tmp_path, capsys):
    import yaml

    content = yaml.safe_load((Path(load_case.__code__.co_filename).parents[2] / "conf/deck/my_nypd.yaml").read_text())
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({**content, "id": "mine"}), encoding="utf-8")
    assert main([str(tmp_path), str(mine)]) == 0
    assert {path.name for path in (tmp_path / "decks").iterdir()} == {"mine.md", "mine.html"}
    assert main([str(tmp_path), str(mine), "--check"]) == 0
    assert main([str(tmp_path), "nobody"]) == 2
    assert "deck must be one of" in capsys.readouterr().out
