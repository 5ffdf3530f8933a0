"""What holds for every case: sources for its numbers, no behaviour, nothing that was known only afterwards."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pytest

from sim.catalogue.case import read_case
from sim.catalogue.claims import BY_MINUTE, hours_needed
from sim.catalogue.groups import choices
from sim.catalogue.registry import list_cases, load_case
from sim.config.root import Configuration
from sim.experiments.patterns import MINUTES

cases = choices("case")
assert cases

# What a sender can know or choose beforehand. Behaviour (reaction), platforms (feed, newsroom, network), habits,
# effects and the plan of replies are the same for all cases and belong to the table or to the command.
BEFOREHAND = re.compile(
    r"people\.(n_followers|represents|follow_share|community|community_share|grievance_mean|support_mean"
    r"|community_grievance_shift|community_support_shift)"
    r"|post\.\w+"
    r"|agency\.(voices|local_accounts|local_trust|skill|skill_spread|replies_an_hour|monitoring_delay_minutes"
    r"|listening_months)"
)
SOURCE = re.compile(r"assumed: .{10,}|(documented|derived): .{10,}https?://\S+", re.DOTALL)


def inputs(name):
    """Return {dotted name: value} of everything that a case sets, but what it says of itself."""
    return {
        f"{section}.{key}": value
        for section, content in read_case(name).items()
        if section != "case"
        for key, value in (content.items() if isinstance(content, dict) else [("", content)])
    }


STANDING = {
    "fitted": {"my_nypd", "police_twitter_day", "police_twitter_day_november"},
    "seen": {"ask_jpm", "ask_rkelly", "nypd_boots_photo", "officer_injured", "police_dog", "station_bulletin",
             "mcd_stories"},
    "fresh": {"ask_jpm_announcement", "ask_bg", "qantas_luxury", "norfolk_lip_sync", "bangor_police", "boston_manhunt",
              "ice_bucket"},
}  # fmt: skip
"""What each case is to the model: decided before anything was predicted, and never changed afterwards."""


def test_the_catalogue_holds_the_documented_cases_with_their_standing_and_no_others():
    found = {standing: {name for name in cases if load_case(name).case.standing == standing} for standing in STANDING}
    assert found == STANDING
    assert set(cases) == set().union(*STANDING.values())


@pytest.mark.parametrize("name", cases)
def test_case_says_who_sent_it_how_it_ended_and_why(name):
    case = load_case(name).case
    assert case.family != "own"
    assert len(case.outcome.basis) > 20


@pytest.mark.parametrize("name", cases)
def test_every_observed_number_is_a_target_or_says_why_it_is_none(name):
    case = load_case(name).case
    used = {target.of for target in case.targets} | {count.of for count in case.early}
    assert {of for of, seen in case.observed.items() if of not in used and not seen.aside} == set()
    assert {of for of, seen in case.observed.items() if of in used and seen.aside} == set()


def test_cases_without_a_tag_are_held_to_their_shape_alone():
    shapes = {"norfolk_lip_sync", "bangor_police", "boston_manhunt", "ice_bucket"}
    assert {name for name in cases if load_case(name).case.shape_only} == shapes


@pytest.mark.parametrize("name", cases)
def test_targets_ask_for_minutes_at_which_runs_are_counted_and_no_longer_than_they_last(name):
    configuration = load_case(name)
    named = [BY_MINUTE.fullmatch(each or "") for target in configuration.case.targets
             for each in (target.quantity, target.over)]  # fmt: skip
    assert {int(found[2]) for found in named if found} <= set(MINUTES)
    assert hours_needed(configuration.case) <= configuration.horizon_hours


@pytest.mark.parametrize("name", cases)
def test_targets_that_were_read_into_words_or_widths_say_so(name):
    case = load_case(name).case
    for target in case.targets:
        assert target.note or (target.tolerance == 0 and case.observed[target.of].value in case.bounds(target))


@pytest.mark.parametrize("name", cases)
def test_id_is_the_name_of_the_file(name):
    assert load_case(name).case.id == name


@pytest.mark.parametrize("name", cases)
def test_case_arrives_in_the_configuration_as_its_file_has_it(name):
    configuration = load_case(name)
    for dotted, value in inputs(name).items():
        section, key = dotted.split(".")
        assert getattr(getattr(configuration, section), key) == value
    assert configuration.horizon_hours == 72
    assert configuration.seed == Configuration().seed


@pytest.mark.parametrize("name", cases)
def test_every_input_has_a_source_and_every_source_an_input(name):
    assert set(read_case(name)["case"]["sources"]) == set(inputs(name)) - {"people.community"}


@pytest.mark.parametrize("name", cases)
def test_sources_name_an_address_or_say_that_they_are_assumed(name):
    for dotted, source in load_case(name).case.sources.items():
        assert SOURCE.fullmatch(source), f"{dotted}: {source}"


@pytest.mark.parametrize("name", cases)
def test_case_sets_nothing_but_what_is_known_beforehand(name):
    assert [dotted for dotted in inputs(name) if not BEFOREHAND.fullmatch(dotted)] == []
    configuration = load_case(name)
    table = Configuration()
    for section in ("reaction", "feed", "newsroom", "network", "policy"):
        assert getattr(configuration, section) == getattr(table, section)
    assert configuration.agency.effects == table.agency.effects


@pytest.mark.parametrize("name", cases)
def test_what_was_observed_is_documented_and_no_input(name):
    case = read_case(name)["case"]
    for key, entry in case["observed"].items():
        assert {"value", "unit", "source", "url"} <= set(entry) <= {"value", "unit", "source", "url", "aside"}, key
        assert entry["value"] is None or type(entry["value"]) in (int, float), key
        assert entry["url"] is None or entry["url"].startswith("http"), key
    assert not set(case["observed"]) & set(Configuration.model_fields)
    # a result does not depend on it: without it the rest of the configuration is the same
    without = load_case(name, ["case.observed={}", "case.targets=[]", "case.early=[]", "case.outcome=null"])
    assert without.case.observed == {}
    assert without.model_copy(update={"case": None}) == load_case(name).model_copy(update={"case": None})


@pytest.mark.parametrize("name", cases)
def test_day_of_the_post_is_a_day_among_the_documented_years(name):
    assert date(2011, 1, 1) <= date.fromisoformat(load_case(name).case.date) <= date(2018, 12, 31)


def test_documented_hours_are_exact():
    assert load_case("ask_jpm").post.hour * 60 == pytest.approx(13 * 60 + 26, abs=0.01)
    assert load_case("my_nypd").post.hour * 60 == pytest.approx(13 * 60 + 57, abs=0.01)
    day = load_case("police_twitter_day")
    assert (day.post.hour, day.post.spread_hours, day.agency.local_accounts) == (8, 24, 200)


def test_cases_are_listed_with_a_line_each_in_the_order_of_their_days():
    lines = list_cases()
    assert {line.id for line in lines} == set(cases)
    assert [line.date for line in lines] == sorted(line.date for line in lines)
    for line in lines:
        assert line.title and line.sender
        assert line.line.endswith(".") and "\n" not in line.line and 20 < len(line.line) < 160


def test_listing_cases_loads_neither_hydra_nor_the_table_nor_numbers():
    code = (
        "import sys; from sim.catalogue.registry import list_cases; assert list_cases();"
        "heavy = ('hydra', 'omegaconf', 'pydantic', 'numpy', 'numba', 'pandas');"
        "print([name for name in heavy if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_same_sender_keeps_the_same_public():
    boots, call = load_case("nypd_boots_photo").people, load_case("my_nypd").people
    assert (boots.grievance_mean, boots.support_mean) == (call.grievance_mean, call.support_mean)
    day = load_case("police_twitter_day").people
    for name in ("officer_injured", "police_dog"):
        people = load_case(name).people
        assert (people.grievance_mean, people.support_mean) == (day.grievance_mean, day.support_mean)
