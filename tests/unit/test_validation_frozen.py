"""What a freeze hashes: every change since is named, and what cannot be scored as it was meant counts no more."""

import json
from pathlib import Path
from typing import Any

import pytest

from sim.catalogue.registry import load_case
from sim.config.root import Configuration, changed
from sim.errors import ConfigError, StudyError
from sim.study.validation.frozen import (
    SOURCES,
    by_case,
    case_hashes,
    changes,
    counted,
    made,
    read_frozen,
    sources_now,
    write_frozen,
)
from sim.study.validation.record import catalogue, record_of
from sim.study.validation.rules import FROZEN, RULES, home, read_rules

NOW = sources_now(read_rules(), "the posterior's hash")
CASES = {
    name: changed(load_case(name), {"case.standing": "fresh"}) for name in ("ask_jpm", "station_bulletin")
}  # fmt: skip


def frozen(**cases: Configuration) -> dict[str, Any]:
    """Return a freeze of some cases."""
    rest = {"standing": "fresh", "prediction": {"verdict": {}}}
    told = {name: rest | case_hashes(each) for name, each in cases.items()}
    return made("2026-01-02", NOW, {"draws": 2}, told)


def test_nothing_has_changed_when_nothing_was_and_all_cases_count():
    assert changes([frozen(**CASES)], NOW, CASES) == []
    assert counted([frozen(**CASES)], NOW, CASES) == list(CASES)


@pytest.mark.parametrize("name", SOURCES)
def test_a_changed_source_is_named_and_other_rules_count_no_more(name: str) -> None:
    then = frozen(**CASES)
    now = NOW | {name: "another"}
    said = changes([then], now, CASES)
    assert len(said) == 1 and name in said[0] and "2026-01-02" in said[0]
    still = name in ("posterior", "model")
    assert counted([then], now, CASES) == (list(CASES) if still else [])
    assert ("no more" in said[0]) is not still


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"post.openness": 0.123}, "coded inputs"),
        ({"people.n_followers": 4321}, "coded inputs"),
        ({"case.ranges": {"post.room": (0.0, 1.0)}}, "coded inputs"),
        ({"case.outcome": {"verdict": "contested", "basis": "another reading"}}, "documented end"),
        ({"case.targets": ()}, "documented end"),
        ({"case.standing": "seen"}, "standing"),
    ],
)
def test_a_changed_case_is_named_and_not_counted(change: dict[str, Any], words: str) -> None:
    now = CASES | {"ask_jpm": changed(CASES["ask_jpm"], change)}
    said = changes([frozen(**CASES)], NOW, now)
    assert len(said) == 1 and "ask_jpm" in said[0] and words in said[0]
    assert counted([frozen(**CASES)], NOW, now) == ["station_bulletin"]


def test_a_changed_title_is_no_change_and_a_case_that_is_gone_is_named():
    retitled = CASES | {"ask_jpm": changed(CASES["ask_jpm"], {"case.title": "Another title"})}
    assert changes([frozen(**CASES)], NOW, retitled) == []
    gone = changes([frozen(**CASES)], NOW, {"ask_jpm": CASES["ask_jpm"]})
    assert len(gone) == 1 and "gone" in gone[0] and "station_bulletin" in gone[0]


def test_what_is_written_is_read_again_and_a_later_freeze_stands_beside_it(tmp_path: Path) -> None:
    assert read_frozen(tmp_path) == []
    first, second = frozen(ask_jpm=CASES["ask_jpm"]), frozen(station_bulletin=CASES["station_bulletin"])
    write_frozen(tmp_path, [first])
    write_frozen(tmp_path, [*read_frozen(tmp_path), second])
    assert read_frozen(tmp_path) == [first, second]
    assert {name: each["freeze"] for name, each in by_case([first, second]).items()} == {
        "ask_jpm": 0, "station_bulletin": 1,
    }  # fmt: skip
    write_frozen(tmp_path, [first, first])
    with pytest.raises(StudyError, match="ask_jpm is predicted twice"):
        read_frozen(tmp_path)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda text: text.replace('"draws": 2', '"draws": 3'), "was changed after it was made"),
        (lambda text: text.replace('"schema": 1', '"schema": 9'), "not of schema 1"),
        (lambda text: text[:-20], "cannot be read"),
    ],
)
def test_a_file_that_was_edited_is_refused(edit: Any, said: str, tmp_path: Path) -> None:
    write_frozen(tmp_path, [frozen(**CASES)])
    path = tmp_path / FROZEN
    path.write_text(edit(path.read_text()))
    with pytest.raises(StudyError, match=said):
        read_frozen(tmp_path)


def test_a_record_holds_ends_and_targets_and_a_case_without_targets_has_none():
    record = record_of(load_case("my_nypd"))
    assert record["verdict"] == "hijacked" and record["standing"] in ("fitted", "seen", "fresh")
    by_name = {each["name"]: each for each in record["targets"]}
    shape = by_name["messages_by_600 / messages_by_2040"]
    assert (shape["low"], shape["high"]) == (pytest.approx(0.31), pytest.approx(0.61))
    assert by_name["takeover_minutes"]["low"] is None and by_name["takeover_minutes"]["high"] == 60
    bare = record_of(changed(load_case("my_nypd"), {"case.targets": (), "case.outcome": None}))
    assert bare["targets"] == [] and bare["verdict"] is None
    post = load_case("my_nypd").post
    assert bare["x"] == pytest.approx(post.salience * load_case("my_nypd").people.grievance_mean * post.openness)


def test_an_unknown_case_is_refused_and_ones_own_takes_no_part(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ask_jmp"):
        catalogue(["ask_jmp"])
    mine = tmp_path / "mine.yaml"
    mine.write_text("case: {id: mine, date: '2026-01-01', summary: Mine.}\npost: {}\n")
    assert list(catalogue(["ask_jpm", str(mine)])) == ["ask_jpm"]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda text: text.replace("interval: 0.9", "interval: 1.5"), "interval must be at most"),
        (lambda text: text.replace("draws: 200", "draw: 200"), "draw"),
        (lambda text: "- a list", "must hold the rules by name"),
        (lambda text: "a: [", "cannot be read"),
    ],
)
def test_rules_that_cannot_be_are_refused(edit: Any, said: str, tmp_path: Path) -> None:
    (tmp_path / RULES).write_text(edit((home() / RULES).read_text()))
    with pytest.raises(ConfigError, match=said):
        read_rules(tmp_path)


def test_rules_are_hashed_by_their_bytes(tmp_path: Path) -> None:
    (tmp_path / RULES).write_text((home() / RULES).read_text() + "# a word more\n")
    assert read_rules(tmp_path).rules == read_rules().rules and read_rules(tmp_path).sha256 != read_rules().sha256
    with pytest.raises(ConfigError, match="missing"):
        read_rules(tmp_path / "nowhere")
    assert json.dumps(read_rules().rules.model_dump(mode="json"))
