"""``backfire sweep --multirun``: Hydra's launchers carry out the points, and what they find is one study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.cli import multirun
from sim.cli.main import main
from sim.errors import StudyError
from sim.study import load
from sim.study.store.folder import LEDGER, read_json
from sim.study.store.ledger import finished_runs

SMALL = ["case=my_nypd", "people.n_followers=500", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=3"]
GRID = [*SMALL, "policy=silent,acknowledge", "post.openness=0,0.5", "replicates=4", "workers=1"]


def test_it_is_the_same_study_as_without_and_nothing_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *GRID, "study=plain"]) == 0
    assert main(["sweep", "--multirun", *GRID, "study=jobs"]) == 0
    said = capsys.readouterr()
    assert "4 points, a job of Hydra each" in said.err and "0 runs were carried out here." in said.err
    assert said.out.splitlines()[-1] == "results/jobs"
    plain, jobs = (read_json(tmp_path / "results" / name / "manifest.json") for name in ("plain", "jobs"))
    assert plain["content"] == jobs["content"] and plain["identity"] == jobs["identity"]
    assert len(load(tmp_path / "results" / "jobs").runs) == 16
    # Hydra's own files went with the ledger, and nothing lies about
    assert not (tmp_path / "results" / "jobs" / LEDGER).exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results"]
    assert main(["sweep", "--multirun", *GRID, "study=jobs"]) == 0
    assert "stands there already" in capsys.readouterr().err


def test_what_jobs_have_finished_is_there_when_it_is_cut_short_and_is_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    carried_out = multirun._carry_out

    def stops(task: Any, number: int) -> None:
        if number == 2:
            raise StudyError("the disk is full.")
        carried_out(task, number)

    words = ["sweep", *GRID, f"results={tmp_path}", "study=s"]
    with monkeypatch.context() as broken:
        broken.setattr(multirun, "_carry_out", stops)
        assert main([*words, "--multirun"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "the disk is full."
    assert finished_runs(tmp_path / "s") == 8
    assert main(words) == 0
    said = capsys.readouterr().err
    assert "8 of 16 runs are there already; 8 to go." in said and "8 runs were carried out here." in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["post.opennes=0,1"], "post.opennes is not a parameter"),
        (["post.openness=0,1", "hydra/launcher=nobody"], "Hydra ended, for what it says above"),
    ],
)
def test_what_cannot_be_is_told(words: list[str], sentence: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["sweep", "--multirun", *SMALL, *words, f"results={tmp_path}/r"]) == 2
    assert sentence in capsys.readouterr().err.splitlines()[-1]
