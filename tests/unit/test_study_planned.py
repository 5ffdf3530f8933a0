"""The seam of planned studies, with a kind of its own: it asks for runs, and everything else is common."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from sim.catalogue.compose import compose
from sim.cli.main import main
from sim.cli.planned import carry_out_planned, keys_for
from sim.config.root import changed
from sim.report.canvas import Drawing, finished, house_style, new_figure
from sim.report.parts import Section, Table
from sim.study import load
from sim.study.planned import KINDS, Found, bases_of
from sim.study.store.folder import LEDGER, read_json
from sim.study.sweeping import OpenStudy, runs_of

WORDS = ["case=my_nypd", "people.n_followers=500", "reaction.b_write=-4.0", "horizon_hours=2"]


def halving(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Look where messages pass a number by halving an interval: what is asked next hangs on what was found."""
    base = bases_of(question)[""]
    low, high, rows = question["low"], question["high"], []
    for step in range(question["steps"]):
        middle = (low + high) / 2
        runs = runs_of([changed(base, {"post.room": middle})], question["replicates"], study=study)
        mean = float(runs["messages"].mean())
        rows.append({"step": step, "post.room": middle, "mean": mean})
        low, high = (low, middle) if mean > question["messages"] else (middle, high)
    return Found(
        {"steps": pd.DataFrame(rows)},
        {"finding": f"Passed at {high:.3f}.", "at": high},
        {"step": "1", "mean": "messages"},
    )


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    with house_style():
        figure = new_figure(2.0)
        figure.add_axes((0.2, 0.2, 0.7, 0.6)).plot(tables["steps"]["step"], tables["steps"]["mean"])
        return [finished(figure, "steps", summary["finding"])]


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    return [Section("The <steps>", ["steps"], ["One a line."], Table(["mean"], [["1 & 2"]]))]


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the kind as its files would."""
    module = ModuleType("sim.study.toy")
    page = ModuleType("sim.report.toy_page")
    module.found = halving  # type: ignore[attr-defined]
    page.drawings, page.sections = drawings, sections  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sim.study.toy", module)
    monkeypatch.setitem(sys.modules, "sim.report.toy_page", page)
    monkeypatch.setitem(KINDS, "toy", "sim.study.toy:found")


def toy(results: Path, *words: str, steps: int = 3) -> int:
    """Carry the study out as its command would."""
    said = [*WORDS, f"results={results}", "study=t", *words]
    base, composed = compose(said)
    question = {"bases": {"": base.model_dump(mode="json")}, "low": 0.0, "high": 1.0, "steps": steps,
                "messages": 2.0, "replicates": 5}  # fmt: skip
    return carry_out_planned("toy", question, keys_for("toy", said, composed, question, "toy"))


def test_a_kind_of_its_own_is_written_stands_is_loaded_shown_and_replayed(tmp_path: Path, capsys: Any) -> None:
    assert toy(tmp_path) == 0
    out = capsys.readouterr()
    assert out.out.splitlines()[-2:] == [read_json(tmp_path / "t" / "summary.json")["finding"], str(tmp_path / "t")]
    assert sorted(path.name for path in (tmp_path / "t").iterdir()) == [
        "figures", "manifest.json", "report.html", "runs.parquet", "steps.parquet", "summary.json"
    ]  # fmt: skip
    study = load(tmp_path / "t")
    assert study.kind == "toy" and study.frames["steps"].attrs["units"] == {
        "step": "1", "post.room": "0 to 1", "mean": "messages"
    }  # fmt: skip
    assert study.runs["point"].tolist() == [0] * 5 + [1] * 5 + [2] * 5
    assert study.summary["runs"] == 15 and study.summary["failed"] == 0 and study.summary["shapes_only"]
    page = (tmp_path / "t" / "report.html").read_text()
    assert "The &lt;steps&gt;" in page and "1 &amp; 2" in page and page.count("<img") == 1
    assert main(["replay", str(tmp_path / "t")]) == 0
    assert "the same content, runs, steps, summary." in capsys.readouterr().out
    (tmp_path / "t" / "report.html").unlink()
    assert main(["report", str(tmp_path / "t")]) == 0 and (tmp_path / "t" / "report.html").read_text() == page
    capsys.readouterr()
    assert toy(tmp_path) == 0 and "stands there already" in capsys.readouterr().err
    assert toy(tmp_path, "fresh=true") == 0 and (tmp_path / "t.old-1" / "manifest.json").is_file()


def test_another_question_is_refused_and_an_edited_one_is_seen(tmp_path: Path, capsys: Any) -> None:
    from sim.errors import StudyError

    assert toy(tmp_path) == 0
    with pytest.raises(StudyError, match="holds a study with other replicates or settings"):
        toy(tmp_path, steps=4)
    manifest = tmp_path / "t" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"steps": 3', '"steps": 2'))
    capsys.readouterr()
    assert main(["replay", str(tmp_path / "t")]) == 2
    assert "question does not have the hash that identity.settings_hash says" in capsys.readouterr().err


def test_a_replay_names_the_first_difference(tmp_path: Path, capsys: Any) -> None:
    assert toy(tmp_path) == 0
    steps = pd.read_parquet(tmp_path / "t" / "steps.parquet")
    steps.loc[1, "mean"] += 1
    steps.to_parquet(tmp_path / "t" / "steps.parquet", index=False)
    assert main(["replay", str(tmp_path / "t")]) == 1
    assert "First difference: steps: row 1, column mean" in capsys.readouterr().out


def test_a_study_that_was_cut_short_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from sim.study import planned

    with monkeypatch.context() as broken:
        broken.setattr(planned, "content_hash", lambda frame: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            toy(tmp_path)
    assert sorted(path.name for path in (tmp_path / "t").iterdir()) == [LEDGER]
    assert toy(tmp_path) == 0
    assert "0 runs were carried out here." in capsys.readouterr().err
    assert read_json(tmp_path / "t" / "manifest.json")["carried_out"] == 0


def test_a_page_that_cannot_be_drawn_takes_nothing_from_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(sys.modules["sim.report.toy_page"], "sections", lambda tables, summary: 1 / 0)
        assert toy(tmp_path) == 1
    said = capsys.readouterr()
    assert "The study stands, but its page could not be drawn (ZeroDivisionError" in said.err
    assert said.out.splitlines()[0].startswith("Passed at ") and said.out.splitlines()[-1] == str(tmp_path / "t")
    assert toy(tmp_path) == 0 and (tmp_path / "t" / "report.html").is_file()
