"""``backfire boundary`` on a tiny audience: words, folder, page, resume and replay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.cli.boundary import boundary_keys
from sim.cli.main import main
from sim.errors import BackfireError
from sim.study import load
from sim.study.boundary.study import found
from sim.study.execution import job
from sim.study.planned import identity_of
from sim.study.store.folder import LEDGER, read_json
from sim.study.sweeping import open_study
from tests.unitless import unitless

TINY = ["case=ask_jpm", "people.n_followers=400", "horizon_hours=1", "reaction.b_write=-3"]
PLANE = ["post.openness", "people.grievance_mean=interval(0.02,0.6)"]


def sought(results: Path, *words: str) -> int:
    """Search as the command would."""
    return main(["boundary", *TINY, f"results={results}", "study=t", *words])


def test_a_line_is_written_shown_loaded_and_replayed(tmp_path: Path, capsys: Any) -> None:
    assert sought(tmp_path, *PLANE, "runs=400") == 0
    lines = capsys.readouterr().out.splitlines()
    place = tmp_path / "t"
    assert lines[-2:] == [read_json(place / "summary.json")["finding"], str(place)]
    study = load(place)
    assert unitless(study) == []
    assert study.kind == "boundary" and study.summary["crosses"] and study.summary["runs"] == 400
    assert study.summary["finding"].startswith("At openness 0.90 hijacked in most runs from mean grievance 0.")
    assert study.points["trials"].sum() == 400 == len(study.runs)
    luck = study.runs.groupby("replicate")["point"].nunique()
    assert len(luck) == 400 and luck.max() == 1
    hits = study.runs.assign(hit=study.runs["verdict"] == "hijacked").groupby("point")["hit"].sum()
    assert hits.tolist() == study.points["hits"].tolist()
    shown = study.frames["map"]
    assert len(shown) == 61 * 61 and {"first_response", "eigenvalue", "above"} <= set(shown)
    assert shown.attrs["units"]["odds"] == "1" and shown.attrs["units"]["post.openness"] == "0 to 1"
    assert {path.name for path in (place / "figures").iterdir()} == {
        "course.png", "course.svg", "map.png", "map.svg"
    }  # fmt: skip
    page = (place / "report.html").read_text()
    assert "Where it tips" in page and "Theory" in page
    assert main(["replay", str(place)]) == 0
    assert "the same content" in capsys.readouterr().out


def test_a_search_that_was_cut_short_goes_on_with_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from sim.study.boundary import study as boundary

    with monkeypatch.context() as broken:
        broken.setattr(boundary, "theory_table", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            from sim.cli.boundary import carry_out

            carry_out([*TINY, f"results={tmp_path}", "study=t", "post.openness", "runs=200"])
    assert [path.name for path in (tmp_path / "t").iterdir()] == [LEDGER]
    capsys.readouterr()
    assert sought(tmp_path, "post.openness", "runs=200") == 0
    assert "0 runs were carried out here." in capsys.readouterr().err
    assert load(tmp_path / "t").summary["runs_asked"] == 200


def test_a_box_without_a_line_says_so_with_the_range_of_the_odds(tmp_path: Path) -> None:
    words = ["post.appeal=interval(0.2,0.3)", "people.support_mean=interval(0.5,0.6)", "verdict=contested", "level=0.9"]
    question, keys = boundary_keys([*TINY, f"results={tmp_path}", *words, "runs=200"])
    with open_study(None, identity_of(question, keys.settings["files"])) as study:
        summary = found(study, question).summary
    assert "so that no line crosses it" in summary["finding"]
    assert not summary["crosses"] and summary["odds_reach"][1] < 0.9
    assert all(row["at"] is None for row in summary["tipping"])


def test_three_parameters_are_shown_in_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.report.boundary_page import drawings, sections
    from sim.study.boundary import study as boundary

    question, keys = boundary_keys([*TINY, f"results={tmp_path}", *PLANE, "post.salience", "runs=200"])
    monkeypatch.setattr(boundary, "theory_table", lambda *given: None)
    with open_study(None, identity_of(question, keys.settings["files"])) as study:
        answer = found(study, question)
    held = answer.tables["map"].groupby("plane")["post.salience"].unique()
    low, high, central = (question["sides"][2][name] for name in ("low", "high", "central"))
    places = low + 0.1 * (high - low), central, low + 0.9 * (high - low)  # the post as it is lies well within
    assert [each.tolist() for each in held] == [[pytest.approx(place)] for place in places]
    assert len(answer.tables["map"]) == 3 * 61 * 61 and "theory" not in answer.summary
    assert [each.name for each in drawings(answer.tables, answer.summary)] == ["map", "course"]
    table = sections(answer.tables, answer.summary)[0].table
    assert table is not None and all(
        side["name"] in row[0] for side, row in zip(question["sides"], table.rows, strict=True)
    )  # fmt: skip


def test_where_every_run_fails_no_line_is_told_and_they_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def never(world: Any, *, replicate: int, record: str) -> Any:
        raise ZeroDivisionError("by nought")

    with monkeypatch.context() as broken:
        broken.setattr(job, "run_campaign", never)
        assert sought(tmp_path, "post.openness", "runs=200") == 1
    said = capsys.readouterr()
    assert "No run came to an end, so that no line was found." in said.out and "ZeroDivisionError" in said.err
    assert load(tmp_path / "t").summary["failed"] == 160 and "map" not in load(tmp_path / "t").frames
    assert sought(tmp_path, "post.openness", "runs=200") == 0
    assert load(tmp_path / "t").summary["runs"] == 200


@pytest.mark.parametrize(("words", "sentence"), [
    ([], "boundary needs one parameter or more"),
    (["policy"], "policy is a choice among files, on which no line can lie"),
    (["policy=silent,withdraw"], "policy is a choice among files"),
    (["post.ask"], "post.ask takes single values here"),
    (["post.openness=0.1,0.2"], "post.openness takes single values here"),
    (["seed"], "seed is a constant"),
    (["post.opennes"], "Did you mean post.openness?"),
    (["agency.effects.withdraw"], "agency.effects.withdraw moves nothing under this configuration"),
    (["runs"], "runs takes a value, as runs=2000"),
    (["post.openness", "post.openness=0.3"], "post.openness is named twice"),
    (["vary=[post.openness]", "post.openness"], "post.openness is named twice"),
    (["post.openness=interval(0.5,0.2)"], "must have LOW below HIGH"),
    (["post.openness", "level=1"], "level must lie in"),
    (["post.openness", "level=half"], "level must be a number"),
    (["post.openness", "verdict=lost"], "verdict must be one of"),
    (["post.openness", "runs=10"], "runs must lie in"),
    (["post.openness", "misplaced=2"], "misplaced must lie in"),
    (["post.openness", "replicates=5"], "boundary chooses itself how many runs a point gets"),
    (["post.openness", "graphs=2"], "boundary keeps summaries"),
])  # fmt: skip
def test_bad_words_get_one_sentence_and_nothing_is_written(words: list[str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BackfireError, match=sentence.replace("?", r"\?")):
        boundary_keys([*TINY, f"results={tmp_path}", *words])
    assert not list(tmp_path.iterdir())


def test_a_bare_name_takes_the_cases_range_or_the_tables_span_and_a_choice_all_that_may_be_chosen(
    tmp_path: Path,
) -> None:
    words = ["case=ask_jpm", f"results={tmp_path}"]
    sides = boundary_keys([*words, "post.appeal", "people.copula_correlation", "vary=[post.openness]"])[0]["sides"]
    assert [(side["low"], side["high"], side["central"]) for side in sides] == [
        (0.2, 0.5, 0.35), (-0.7, -0.3, -0.5), (0.0, 1.0, 0.9)
    ]  # fmt: skip
    (side,) = boundary_keys([*words, "post.appeal=interval(0.2,0.3)"])[0]["sides"]
    assert (side["low"], side["high"], side["central"]) == (0.2, 0.3, 0.35)


def test_a_dry_run_tells_the_box_and_writes_nothing(tmp_path: Path, capsys: Any) -> None:
    assert sought(tmp_path, *PLANE, "--dry-run") == 0
    out = capsys.readouterr().out
    assert "at most 2000 runs" in out and "people.grievance_mean: 0.02 to 0.6 (as it is: 0.42)" in out
    assert not list(tmp_path.iterdir())
