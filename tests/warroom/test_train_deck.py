"""Decks: what a good one holds, and what is said of a bad one."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sim.errors import ConfigError
from sim.warroom.train.deck import configuration_of, deck_names, read_deck
from tests.warroom.toy_deck import CONTENT, toy_deck


def test_a_decks_words_give_its_campaign_before_anybody_answers():
    configuration = configuration_of(toy_deck())
    assert configuration.people.n_followers == 8000
    assert configuration.people.represents == 1.0
    assert configuration.seed == 5
    assert configuration.minutes == 720
    assert not configuration.policy.rules


@pytest.mark.parametrize("name", deck_names())
def test_a_shipped_deck_is_sound(name):
    deck = read_deck(name)
    assert deck.id == name
    assert configuration_of(deck).minutes >= deck.minutes


def _with(path: str, value: Any) -> dict[str, Any]:
    content: Any = copy.deepcopy(CONTENT)
    *way, last = path.split(".")
    place = content
    for part in way:
        place = place[int(part)] if part.isdigit() else place[part]
    place[int(last) if last.isdigit() else last] = value
    return dict(content)


SLIPS = {
    "a move that does not exist": ("decisions.0.moves", ["silent", "shout"], "decisions[0].moves[1] must be one of"),
    "no way to stay silent": ("decisions.0.moves", ["clarify", "defend"], "must hold silent"),
    "a move twice": ("decisions.0.moves", ["silent", "silent"], "one move twice"),
    "decisions out of order": ("decisions.0.minute", 200, "must come in order"),
    "a decision after the end": ("hours", 2, "must come before the end of the play, minute 120"),
    "an inject after the end": ("injects.0.minute", 360, "injects must come before the end"),
    "an id twice": ("injects.1.id", "call", "'call' stands twice"),
    "an unknown key": ("decisions.0.minutes", 5, "decisions[0].minutes is not a parameter"),
    "a text too long": ("summary", "x" * 2001, "summary"),
    "a crowd too large": ("followers", 10**6, "followers must be at most 100000"),
    "a policy of its own": ("overrides", ["policy=withdraw"], "must leave policy out"),
    "a seed beside the deck's": ("overrides", ["seed=3"], "it is given by seed"),
    "a plan out of order": ("plan", [{"at": 5, "what": "b"}, {"at": 0, "what": "a"}], "plan must be in the order"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_deck_is_told_in_a_sentence(slip, tmp_path):
    import yaml

    path, value, said = SLIPS[slip]
    file = tmp_path / "my.yaml"
    file.write_text(yaml.safe_dump(_with(path, value)), encoding="utf-8")
    with pytest.raises(ConfigError) as problem:
        read_deck(str(file))
    assert said in str(problem.value)
    assert str(file) in str(problem.value)


def test_a_deck_that_does_not_exist_is_told_with_those_that_do():
    with pytest.raises(ConfigError, match="deck must"):
        read_deck("nothing")
    with pytest.raises(ConfigError, match=r"nowhere.yaml"):
        read_deck("nowhere.yaml")


def test_a_campaign_shorter_than_the_play_is_refused():
    with pytest.raises(ConfigError, match="hours must be at most horizon_hours=12"):
        configuration_of(toy_deck(hours=13))
