"""What the page offers to move, and what it makes of what was moved: settings from the table, words of a command."""

from __future__ import annotations

import math

import pytest

from sim.catalogue.compose import compose
from sim.catalogue.groups import choices
from sim.catalogue.registry import list_cases
from sim.errors import ConfigError
from sim.warroom.explore import setting
from sim.warroom.explore.odds import begun, offer
from sim.warroom.explore.phase import axis_names
from sim.warroom.explore.plain import DOES, SETTINGS
from sim.warroom.explore.setting import Chosen, setting_of
from sim.warroom.explore.sliders import builds_graph, settings_of, sliders

CASE = "officer_injured"
FRESH = [line.id for line in list_cases() if line.standing == "fresh"]
assert FRESH


def test_every_slider_holds_its_value_within_its_ends_and_its_ends_within_what_is_legal():
    configuration, _ = compose([f"case={CASE}"])
    made = sliders(configuration)
    for each in made:
        if "choices" in each:
            assert each["value"] in [choice for choice, _ in each["choices"]]
            continue
        assert each["low"] <= each["value"] <= each["high"]
        assert each["step"] > 0
        low, high = (
            end if end is not None else side for end, side in zip(each["legal"], (-math.inf, math.inf), strict=True)
        )
        assert low <= each["low"] < each["high"] <= high
        assert each["title"] and each["unit"] and each["label"]
    assert {"post.openness", "people.grievance_mean", "people.n_followers"} <= {each["name"] for each in made}


def test_words_of_settings_and_policies_name_what_exists():
    configuration, _ = compose([])
    assert set(SETTINGS) <= set(settings_of(configuration))
    assert set(DOES) - {"do_not_post", "listen_first"} <= set(choices("policy"))


def test_the_source_of_a_case_s_own_value_is_the_case_s():
    openness = next(each for each in begun(CASE)["sliders"] if each["name"] == "post.openness")
    configuration, _ = compose([f"case={CASE}"])
    assert openness["source"] == configuration.case.sources["post.openness"]
    assert openness["value"] == configuration.post.openness


def test_a_choice_is_the_command_that_gives_the_same_configuration():
    chosen = Chosen(start=CASE, does="acknowledge", values={"post.openness": 0.8, "people.n_followers": 5000.0})
    setting = setting_of(chosen)
    assert setting.command == (f"backfire run case={CASE} policy=acknowledge post.openness=0.8 people.n_followers=5000")
    configuration, _ = compose(setting.command.split()[2:])
    assert configuration == setting.configuration


def test_values_that_are_the_start_s_own_are_no_words():
    configuration, _ = compose([f"case={CASE}"])
    same = setting_of(Chosen(start=CASE, values={"post.openness": configuration.post.openness}))
    assert same.command == f"backfire run case={CASE}"


def test_a_setting_that_what_is_done_gives_may_be_moved_further():
    setting = setting_of(Chosen(start="own.photo_call", does="listen_first", values={"agency.listening_months": 3}))
    assert setting.words == ("post=photo_call", "agency.listening_months=3")
    assert setting.configuration.agency.listening_months == 3


def test_nothing_posted_has_no_command():
    setting = setting_of(Chosen(start=CASE, does="do_not_post"))
    assert not setting.posted and setting.command == ""


@pytest.mark.parametrize("case", FRESH)
def test_a_fresh_case_is_refused_until_it_is_predicted(case, monkeypatch):
    assert {each["start"]: each["held_back"] for each in offer.__wrapped__()["cases"]}[case] is None
    monkeypatch.setattr(setting, "_predicted", frozenset)
    shown = {each["start"]: each["held_back"] for each in offer.__wrapped__()["cases"]}
    assert shown[case] == "kept for validation"
    with pytest.raises(ConfigError, match="kept for validation"):
        setting_of(Chosen(start=case))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"start": "nobody"}, "case"),
        ({"start": "own.nothing"}, "post"),
        ({"does": "hush_up"}, "policy"),
        ({"values": {"post.opennes": 0.1}}, "post.openness"),
        ({"values": {"post.openness": 1.5}}, "post.openness must be at most 1"),
        ({"values": {"post.ask": "anything"}}, "one of statement"),
        ({"values": {"post.openness": "0.1 seed=2"}}, "must be a number"),
        ({"values": {"people.n_followers": 2_000_000}}, "at most 1,000,000"),
        ({"values": {"people.n_followers": 5000.5}}, "people.n_followers"),
        ({"values": {"people.added_activists": 5}}, "a setting of this page"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_in_a_sentence(changes, says):
    with pytest.raises(ConfigError, match=says):
        setting_of(Chosen(**{"start": CASE, **changes}))


def test_the_axes_of_the_diagram_need_no_other_graph():
    configuration, _ = compose([f"case={CASE}"])
    names = axis_names(configuration)
    assert {"post.openness", "people.grievance_mean"} <= set(names)
    assert not [name for name in names if builds_graph(name)]
    assert builds_graph("people.community_share") and builds_graph("network.closure") and builds_graph("seed")
    assert not builds_graph("people.grievance_mean") and not builds_graph("agency.voices")
