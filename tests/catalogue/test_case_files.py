"""A case file of one's own is held to the catalogue's rules: each mistake is named, and what is right is kept."""

from __future__ import annotations

from copy import deepcopy

import pytest
import yaml

from sim.catalogue.case import read_case
from sim.catalogue.claims import BY_MINUTE, hours_needed, unit_of
from sim.catalogue.compose import compose
from sim.catalogue.registry import load_case
from sim.config.case import AFTERWARDS, without_what_came_after
from sim.config.root import Configuration, changed
from sim.errors import ConfigError
from sim.outcome.units import UNITS
from sim.study.design.points import point_key
from sim.study.run.assumptions import assumptions
from sim.study.run.inputs import uncertain_inputs
from sim.study.store.folder import default_name
from sim.study.store.provenance import identity

OWN = {
    "case": {
        "id": "own_call", "title": "A call of ours", "date": "2026-03-01", "summary": "We asked. They answered.",
        "sources": {
            "people.n_followers": "documented: our account's own statistics",
            "post.ask": "documented: the draft",
            "post.room": "assumed: read by two of us",
        },
        "ranges": {"post.room": [0.4, 0.7]},
        "observed": {
            "count": {"value": 120, "unit": "messages by noon", "source": "counted by hand", "url": None},
            "critical": {"value": 0.7, "unit": "share of messages that were critical", "source": "our own reading",
                         "url": "https://example.org/reading"},
        },
        "outcome": {"verdict": "hijacked", "basis": "Seven in ten messages were critical."},
        "targets": [
            {"quantity": "hijack_share", "of": "critical", "denominator": "judged", "tolerance": 0.1},
            {"quantity": "messages_by_600", "over": "messages", "of": "count", "denominator": "tag",
             "low": 0.3, "high": 0.5},
        ],
        "early": [
            {"minute": 15, "messages": 20, "of": "count"}, {"minute": 60, "messages": 90, "counter": 40, "of": "count"},
        ],
    },
    "people": {"n_followers": 2000},
    "post": {"ask": "photo_call", "room": 0.55},
}  # fmt: skip


def written(folder, **changes):
    """Write a case file with some dotted names changed (``None`` takes one out), and return its word."""
    content = deepcopy(OWN)
    for name, value in changes.items():
        *path, last = name.split("__")
        part = content
        for step in path:
            part = part[int(step)] if isinstance(part, list) else part[step]
        if value is None:
            del part[last]
        else:
            part[last] = value
    file = folder / "my case.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return f"case={file}"


def test_a_file_of_ones_own_is_a_case(tmp_path):
    word = written(tmp_path)
    configuration, _ = compose([word])
    assert configuration == load_case(word.partition("=")[2])
    assert configuration.case.id == "own_call" and configuration.case.standing == "own"
    assert (configuration.people.n_followers, configuration.post.room) == (2000, 0.55)
    assert [configuration.case.bounds(target) for target in configuration.case.targets] == [
        pytest.approx((0.6, 0.8)), (0.3, 0.5)]  # fmt: skip
    assert hours_needed(configuration.case) == 10
    told = {line["name"]: line["source"] for line in assumptions(configuration)}
    assert told["post.room"] == "assumed: read by two of us"


def test_what_the_command_line_names_wins_over_an_own_case_and_keeps_its_ranges_distances(tmp_path):
    word = written(tmp_path)
    at = {item.name: (item.low, item.high) for item in uncertain_inputs(compose([word])[0])}
    assert at["post.room"] == (0.4, 0.7)
    other, _ = compose([word, "post.room=0.2", "people=small"])
    assert (other.post.room, other.people.n_followers) == (0.2, 10_000)
    at = {item.name: (item.low, item.high) for item in uncertain_inputs(other)}
    assert at["post.room"] == pytest.approx((0.05, 0.35))
    assert {line["name"]: line["source"] for line in assumptions(other)}["post.room"] == "given by the user"
    grouped, _ = compose([word, "post=statement"])
    assert grouped.post.room == 0.05


def test_what_happened_moves_no_run_and_makes_no_other_study(tmp_path):
    told, _ = compose([written(tmp_path)])
    silent, _ = compose([
        written(tmp_path, case__observed=None, case__outcome=None, case__targets=None, case__early=None)])  # fmt: skip
    assert told != silent
    assert point_key(told, {}) == point_key(silent, {})
    plain = [each.model_dump(mode="json") for each in (told, silent)]
    assert identity(plain[0], {}) == identity(plain[1], {})
    assert identity({"": plain[0]}, {}) == identity({"": plain[1]}, {}) != identity({"": plain[0] | {"seed": 2}}, {})
    names = {default_name("own_call", {}, {"configuration": each, "settings": {}}) for each in plain}
    assert len(names) == 1 and len(names.pop()) == len("own_call-12345678")
    assert not set(AFTERWARDS) & set(without_what_came_after(plain[0])["case"])
    other, _ = compose([written(tmp_path, case__ranges={"post.room": [0.5, 0.6]})])
    assert identity(other.model_dump(mode="json"), {}) != identity(plain[0], {})


MISTAKES = [
    ({"case__sources__post.room": None}, ["case.sources.post.room", "where the number comes from", "None"]),
    ({"case__sources__post.room": "assumed:"}, ["case.sources.post.room", "'assumed:'", "with the reason"]),
    ({"case__sources__post.appeal": "assumed: so"}, ["case.sources.post.appeal names no input"]),
    ({"case__observed__critical__source": None}, ["case.observed.critical.source is required"]),
    ({"case__observed__critical__source": " "}, ["case.observed.critical", "must say where it comes from"]),
    ({"case__observed__critical__url": "example"}, ["case.observed.critical", "begins with http", "'example'"]),
    ({"case__observed__critical__value": 1.2}, ["case.observed.critical", "at most 1", "got 1.2"]),
    ({"case__observed__count__value": -3}, ["case.observed.count", "must not be negative", "got -3"]),
    ({"case__observed__count__seen": 3}, ["case.observed.count.seen is not a parameter", "source", "unit", "value"]),
    ({"case__targets__0__counts": 3}, ["case.targets[0].counts is not a parameter", "denominator"]),
    ({"case__targets__0__at_least": 0.667, "case__targets__0__tolerance": None,
      "case__outcome__verdict": "viral_positive"},
     ["case.outcome.verdict viral_positive contradicts case.targets[0]", "[0, 0.35]", "[0.667, 1]"]),
    ({"case__outcome__verdict": "contested", "case__targets__0__tolerance": 0.01}, ["contested contradicts"]),
    ({"case__outcome__verdict": "won"}, ["case.outcome.verdict must be one of hijacked", "'won'"]),
    ({"case__outcome__basis": ""}, ["case.outcome.basis"]),
    ({"case__ranges": {"post.room": [0.6, 0.7]}}, ["case.ranges.post.room", "must hold the case's own value, 0.55"]),
    ({"case__ranges": {"post.room": [0.7, 0.4]}}, ["case.ranges.post.room", "low below high"]),
    ({"case__ranges": {"post.room": [0.4, 1.4]}}, ["case.ranges.post.room must lie in [0, 1]", "[0.4, 1.4]"]),
    ({"case__ranges": {"reaction.b_room": [0.1, 2]}}, ["case.ranges.reaction.b_room names no input"]),
    ({"case__ranges": {"post.arousal": [0.1, 0.2]}}, ["case.ranges.post.arousal names no input that the case sets"]),
    ({"case__ranges": {"people.n_followers": [1000, 3000]}}, ["case.ranges.people.n_followers", "no count"]),
    ({"case__targets__0__quantity": "hijack"}, ["case.targets[0].quantity must be one of", "'hijack_share'?"]),
    ({"case__targets__0__quantity": "verdict"}, ["case.targets[0].quantity must be one of", "got 'verdict'"]),
    ({"case__targets__1__over": None}, ["case.targets[1].over must name what messages_by_600 is divided by"]),
    ({"case__targets__1__over": "all"}, ["case.targets[1].over must be one of"]),
    ({"case__targets__1__denominator": None}, ["case.targets[1].denominator is required"]),
    ({"case__targets__1__of": "counted"}, ["case.targets[1].of", "'counted'", "count, critical"]),
    ({"case__targets__1__low": None}, ["case.targets[1]", "bounded in one way"]),
    ({"case__targets__1__high": 0.2}, ["case.targets[1]", "low must lie below high"]),
    ({"case__targets__0__tolerance": None}, ["case.targets[0]", "no count is exact"]),
    ({"case__observed__critical__value": None}, ["case.targets[0].of must be a number"]),
    ({"case__early__1__messages": 10, "case__early__1__counter": None},
     ["case.early[1].messages must not go backwards", "10 after 20 at minute 15"]),
    ({"case__early__1__minute": 10}, ["case.early[1].minute must come after the one before, 15", "got 10"]),
    ({"case__early__0__minute": -5}, ["case.early[0]", "before the post", "got -5"]),
    ({"case__early__1__messages": 30}, ["case.early[1]", "at least its parts, 40", "got 30"]),
    ({"case__early__0__of": "nothing"}, ["case.early[0].of must name an observed number"]),
    ({"case__id": "my_nypd"}, ["case.id must be a name that no case of the catalogue has", "'my_nypd'"]),
    ({"reaction": {"b_share": 2.0}}, ["reaction.b_share is no part of a case", "command line"]),
    ({"post": 3}, ["post must be a group of values"]),
    ({"case__id": "our call"}, ["case.id must hold letters", "'our call'", "Write our_call"]),
    ({"case__date": "2026-02-30"}, ["case.date must be a day", "'2026-02-30'"]),
    ({"case__date": "1 March"}, ["case.date must be a day", "'1 March'"]),
    ({"case__title": 3}, ["case.title must be text; got 3. Put it in quotes."]),
    ({"post__rom": 0.5}, ["post.rom is not a parameter", "Did you mean room?"]),
    ({"posts": {"room": 0.5}}, ["posts.room is no part of a case", "Did you mean post?"]),
    ({"post__room": "wide"}, ["post.room must be a number; got 'wide'."]),
    ({"post__room": 55, "case__ranges": None}, ["post.room must be at most 1; got 55. Write 55 % as 0.55."]),
    ({"post__room": "55%", "case__ranges": None}, ["post.room must be a number", "Write 55% as 0.55."]),
    ({"case__targets__0__tolerance": 10}, ["case.targets[0].tolerance must be at most 1", "10 points as 0.1"]),
    ({"case__targets__1__quantity": "messages_by_8h"}, ["case.targets[1].quantity must end in whole minutes"]),
    ({"case__standing": "famous"}, ["case.standing must be one of fitted", "'famous'"]),
]  # fmt: skip
assert MISTAKES


@pytest.mark.parametrize(("changes", "words"), MISTAKES, ids=[" ".join(changes) for changes, _ in MISTAKES])
def test_a_mistake_in_a_case_file_is_named_and_refused(changes, words, tmp_path):
    with pytest.raises(ConfigError) as refused:
        compose([written(tmp_path, **changes)])
    for word in words:
        assert word in str(refused.value)
    assert "\n  " not in str(refused.value)


def test_a_range_of_behaviour_is_refused_in_python_too():
    with pytest.raises(ConfigError, match="nothing of behaviour"):
        changed(Configuration(), {"case.ranges": {"reaction.b_room": [0.1, 2.0]}})


def test_a_case_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigError, match="must name a file that can be read"):
        compose([f"case={tmp_path / 'none.yaml'}"])
    broken = tmp_path / "broken.yaml"
    broken.write_text("case: {id: [", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line \d+: this is no YAML"):
        compose([f"case={broken}"])
    broken.write_text("post: {hour: 3}", encoding="utf-8")
    with pytest.raises(ConfigError, match="must hold a group named case"):
        compose([f"case={broken}"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("case:\n  id: a\n\tdate: b\n", "line 3: this is no YAML; it begins with a tab"),
        ("case:\n  id: a\n   date: b\n", "indented otherwise"),
        ("case:\n  id: assumed: b\n", "line 2: this is no YAML; text that holds a colon needs quotes"),
        ('case:\n  id: "a\n  date: "b"\n', "a quote that opens here or above is not closed"),
        ("case:\n  id: a\n  id: b\n", "line 3: a name stands twice in one group, id. Take one out."),
    ],
)
def test_a_line_that_is_no_yaml_is_told_with_its_reason(text, words, tmp_path):
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        read_case(str(tmp_path / "case.yaml"))
    assert words in str(refused.value) and "\n" not in str(refused.value)


def test_days_and_times_of_day_stay_as_they_are_written(tmp_path):
    (tmp_path / "case.yaml").write_text("case: {date: 2026-03-14, title: 17:30}", encoding="utf-8")
    assert read_case(str(tmp_path / "case.yaml"))["case"] == {"date": "2026-03-14", "title": "17:30"}


def test_every_outcome_that_is_a_number_can_be_a_target_and_no_other_name():
    numbers = {name for name, unit in UNITS.items() if unit not in ("name", "yes or no")}
    assert {name for name in UNITS if unit_of(name)} == numbers
    assert unit_of("counter_by_60") == "messages" and unit_of("participants_by_720") == "followers"
    assert unit_of("counter_by_noon") is None and unit_of("own_share") is None
    assert unit_of("own_share", ["own_share"]) == "1"
    assert BY_MINUTE.fullmatch("messages_by_10h") is None


def test_reading_leaves_the_packaged_cases_as_they_are():
    before = deepcopy(read_case("my_nypd"))
    compose(["case=my_nypd", "post.room=0.1"])
    assert read_case("my_nypd") == before
    assert load_case("my_nypd").case.inputs["post.room"] == before["post"]["room"]
