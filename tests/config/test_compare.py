"""``backfire compare`` as it is used: what stands beside, until it is settled, going on, failures, its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli.compare_keys import comparison_keys
from sim.cli.main import main
from sim.engine.run import run_campaign
from sim.errors import ConfigError
from sim.study import load
from sim.study.execution import job
from sim.study.lots import runs_with
from sim.study.store.folder import LEDGER, read_json

SMALL = ["case=my_nypd", "people.n_followers=500", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=3"]
WORDS = [*SMALL, "policy=silent,amplify", "replicates=8", "study=c"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished comparison."""
    results = tmp_path_factory.mktemp("compared")
    assert main(["compare", *WORDS, f"results={results}"]) == 0
    return results / "c"


def test_a_comparison_leaves_tidy_tables_that_are_read_with_their_units(finished: Path) -> None:
    study = load(finished)
    assert study.kind == "compare" and set(study.frames) == {"compare", "pairs", "runs"}
    for name, frame in study.frames.items():
        assert set(frame.attrs["units"]) == set(frame.columns), name
    assert study.runs.attrs["units"]["cost_hours"] == "working hours"
    assert list(study.runs.columns[:3]) == ["point", "name", "replicate"] and len(study.runs) == 24
    table = study.frames["compare"].set_index("name")
    assert list(table.index) == ["silent", "amplify", "do_not_post", "listen_first"]
    own = study.runs[study.runs["name"] == "amplify"]
    assert own["cost_hours"].tolist() == (0.02 * own["boosts"]).tolist() and own["boosts"].sum() > 0
    assert table.loc["amplify", "cost_hours"] == pytest.approx(0.02 * own["boosts"].mean())
    first = study.runs[study.runs["name"] == "silent"]["verdict"].to_numpy() == "hijacked"
    hits = own["verdict"].to_numpy() == "hijacked"
    assert table.loc["amplify", "hijacked_difference"] == np.mean(hits.astype(int) - first.astype(int))


def test_the_page_and_the_console_say_the_same_finding(finished: Path, capsys: Any) -> None:
    assert sorted(path.name for path in (finished / "figures").iterdir()) == [
        "differences.png", "differences.svg", "odds.png", "odds.svg"
    ]  # fmt: skip
    summary = read_json(finished / "summary.json")
    assert main(["compare", *WORDS, f"results={finished.parent}"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-2:] == [summary["finding"], str(finished)]
    text = (finished / "report.html").read_text(encoding="utf-8")
    assert summary["finding"] in text and "Do not post" in text and "Listen for 6 months first" in text
    assert "agency.effects.listening, assumed" in text and ", if " in summary["finding"]


def test_until_settled_goes_no_further_than_it_must_goes_on_after_a_stop_and_is_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    words = [word for word in WORDS if not word.startswith("replicates")]
    words = [*words, "until=settled", "margin=0.12", "people.n_followers=200"]
    assert main(["compare", *words, f"results={tmp_path / 'whole'}"]) == 0
    told = capsys.readouterr()
    assert "replicates of each." in told.err and "until settled" in told.out
    summary = read_json(tmp_path / "whole" / "c" / "summary.json")
    assert 40 < summary["replicates"] < 400
    assert {row["state"] for row in summary["rows"][1:]} <= {"lower", "higher", "alike"}

    def once(study: Any, lots: Any, points: Any, numbers: Any) -> Any:
        if 40 in numbers:
            raise KeyboardInterrupt
        return runs_with(study, lots, points, numbers)

    with monkeypatch.context() as stopped:
        stopped.setattr("sim.study.compare.study.runs_with", once)
        assert main(["compare", *words, f"results={tmp_path}"]) == 130
    assert (tmp_path / "c" / LEDGER).exists()
    capsys.readouterr()
    assert main(["compare", *words, f"results={tmp_path}"]) == 0
    assert f"{summary['runs'] - 120} runs were carried out here." in capsys.readouterr().err
    contents = [read_json(place / "c" / "manifest.json")["content"] for place in (tmp_path, tmp_path / "whole")]
    assert contents[0] == contents[1]
    assert main(["replay", str(tmp_path / "c"), "workers=2"]) == 0


def test_failed_runs_are_left_out_of_pairs_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def sometimes(world: Any, *, replicate: int, record: str) -> Any:
        if replicate in (1, 2) and world.config.policy.rules:
            raise ZeroDivisionError("by nought")
        return run_campaign(world, replicate=replicate)

    monkeypatch.setattr(job, "run_campaign", sometimes)
    assert main(["compare", *WORDS, f"results={tmp_path}"]) == 1
    said = capsys.readouterr().err
    assert "2 of 24 runs failed" in said and "point 1 (name=amplify), replicate 1: ZeroDivisionError" in said
    study = load(tmp_path / "c")
    table = study.frames["compare"].set_index("name")
    assert table["failed"].tolist() == [0, 2, 0, 0] and table.loc["amplify", "replicates"] == 6
    assert study.frames["pairs"]["pairs"].tolist() == [6, 8, 8, 6, 6, 8]


def test_a_dry_run_tells_the_plan_and_writes_nothing(tmp_path: Path, capsys: Any) -> None:
    assert main(["compare", *WORDS, f"results={tmp_path}", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "silent, amplify, listen_first; not posting needs no run" in told and "= 24 runs" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["until=sure"], "until must be settled, or left out for a fixed number of replicates; got 'sure'"),
        (["until=settled", "until=never"], "until is given twice"),
        (["margin=2"], "margin must lie between 0 and 1"),
        (["margin=wide"], "got 'wide'"),
        (["uncertainty=prior"], "uncertainty must be none (intervals over luck alone) or posterior"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: list[str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as problem:
        comparison_keys([*WORDS, *words, f"results={tmp_path / 'r'}"])
    assert sentence in str(problem.value)
    assert not (tmp_path / "r").exists()
