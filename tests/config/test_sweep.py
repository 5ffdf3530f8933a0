"""``backfire sweep`` as it is used: grids, going on, failures, and what cannot be is one sentence."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.cli.choices import factors_of
from sim.cli.main import main
from sim.cli.sweep_keys import sweep_keys
from sim.engine.run import run_campaign
from sim.errors import ConfigError, StudyError
from sim.outcome.verdict import odds_interval
from sim.study import load
from sim.study.design.designs import Factor, grid
from sim.study.execution import job
from sim.study.store import folder
from sim.study.store.folder import LEDGER, read_json

SMALL = ["case=my_nypd", "people.n_followers=500", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=3"]
GRID = [*SMALL, "policy=silent,acknowledge", "post.openness=0,0.5", "replicates=6", "study=s"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep."""
    results = tmp_path_factory.mktemp("swept")
    assert main(["sweep", *GRID, f"results={results}"]) == 0
    return results / "s"


def test_a_sweep_leaves_tidy_tables_that_are_read_with_their_units(finished: Path) -> None:
    assert sorted(path.name for path in finished.iterdir()) == [
        "figures", "manifest.json", "points.parquet", "report.html", "runs.parquet", "summary.json"
    ]  # fmt: skip
    study = load(finished)
    assert study.kind == "sweep" and len(study.runs) == 24 and len(study.points) == 4
    assert list(study.runs.columns[:4]) == ["point", "policy", "post.openness", "replicate"]
    assert study.points[["policy", "post.openness"]].to_numpy().tolist() == [
        ["silent", 0.0], ["silent", 0.5], ["acknowledge", 0.0], ["acknowledge", 0.5]
    ]  # fmt: skip
    for frame in study.frames.values():
        assert set(frame.attrs["units"]) == set(frame.columns)
    assert study.runs.attrs["units"]["takeover_minutes"] == "minutes"
    for row in study.points.to_dict("records"):
        verdicts = study.runs[study.runs["point"] == row["point"]]["verdict"]
        hits = int((verdicts == "hijacked").sum())
        assert [row["hijacked_lo"], row["hijacked_hi"]] == odds_interval(hits, 6) and row["hijacked"] == hits / 6
    assert study.summary["finding"].startswith("Hijacked in ")


def test_a_sweep_is_replayed_from_its_folder_alone(finished: Path, tmp_path: Path, capsys: Any) -> None:
    assert main(["replay", str(finished), "executor=processes", "workers=2"]) == 0
    assert "the same content, runs, points, summary" in capsys.readouterr().out
    shutil.copytree(finished, tmp_path / "s")
    runs = pd.read_parquet(tmp_path / "s" / "runs.parquet")
    runs.loc[7, "messages"] += 1
    runs.to_parquet(tmp_path / "s" / "runs.parquet", index=False)
    assert main(["replay", str(tmp_path / "s")]) == 1
    assert "row 7 (point 1, replicate 1), column messages" in capsys.readouterr().out
    with pytest.raises(StudyError, match="is not what was written"):
        load(tmp_path / "s")


def test_the_same_sweep_stands_and_another_one_is_refused(finished: Path, capsys: Any) -> None:
    words = [*GRID, f"results={finished.parent}"]
    assert main(["sweep", *words]) == 0
    assert "stands there already" in capsys.readouterr().err
    assert main(["sweep", *words, "seed=9"]) == 2
    assert "holds a study of another configuration" in capsys.readouterr().err
    assert main(["sweep", *(word.replace("=6", "=7") for word in words)]) == 2
    assert "holds a study with other replicates or settings" in capsys.readouterr().err


def test_no_number_of_workers_and_no_executor_changes_the_content(finished: Path, tmp_path: Path) -> None:
    words = [*GRID, f"results={tmp_path}", "workers=2", "executor=processes"]
    assert main(["sweep", *words]) == 0
    assert read_json(tmp_path / "s" / "manifest.json")["content"] == read_json(finished / "manifest.json")["content"]
    assert main(["sweep", *words, "fresh=true"]) == 0
    assert (tmp_path / "s.old-1" / "manifest.json").is_file()


def test_a_dry_run_tells_the_plan_and_writes_nothing(tmp_path: Path, capsys: Any) -> None:
    assert main(["sweep", *GRID, f"results={tmp_path}", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "4 points x 6 replicates = 24 runs" in told and "post.openness: 2 values: 0, 0.5" in told
    assert "expected: " in told and " MB" in told
    assert list(tmp_path.iterdir()) == []


def test_failed_runs_are_counted_named_and_tried_again(
    tmp_path: Path, finished: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def sometimes(world: Any, *, replicate: int, record: str) -> Any:
        if replicate % 2 and world.config.post.openness == 0.5:
            raise ZeroDivisionError("by nought")
        return run_campaign(world, replicate=replicate)

    words = [*GRID, f"results={tmp_path}"]
    with monkeypatch.context() as broken:
        broken.setattr(job, "run_campaign", sometimes)
        assert main(["sweep", *words]) == 1
    said = capsys.readouterr()
    assert "6 of 24 runs failed; the others are whole." in said.err
    assert "point 1 (policy=silent, post.openness=0.5), replicate 1: ZeroDivisionError: by nought" in said.err
    assert said.err.count("ZeroDivisionError") == 3 and said.out.splitlines()[-1] == str(tmp_path / "s")
    study = load(tmp_path / "s")
    assert (study.runs["failed"] != "").sum() == 6 and study.points["failed"].tolist() == [0, 3, 0, 3]
    assert main(["sweep", *words]) == 0
    assert "18 of 24 runs are there already; 6 to go." in capsys.readouterr().err
    assert read_json(tmp_path / "s" / "manifest.json")["content"] == read_json(finished / "manifest.json")["content"]
    assert not (tmp_path / "s" / LEDGER).exists()


@pytest.mark.parametrize(("number", "executor"), [(signal.SIGINT, "threads"), (signal.SIGTERM, "processes")])
def test_asked_to_stop_it_saves_says_how_to_go_on_and_goes_on(
    number: int, executor: str, tmp_path: Path, capsys: Any
) -> None:
    words = ["sweep", *SMALL, "post.openness=0,0.2,0.4", "people.n_followers=5000", "replicates=4000", "study=s",
             f"results={tmp_path}", "workers=1", f"executor={executor}"]  # fmt: skip
    command = [sys.executable, "-m", "sim.cli.main", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        waited = time.monotonic() + 300
        while not committed(tmp_path / "s") and running.poll() is None and time.monotonic() < waited:
            time.sleep(0.05)
        running.send_signal(number)
        out, said = running.communicate(timeout=120)
    assert running.returncode == 128 + number and out == "" and "Traceback" not in said
    last = said.splitlines()[-1]
    assert last.startswith("Stopped: ") and "the same command goes on from there" in last
    saved = int(last.split()[1])
    assert committed(tmp_path / "s") == saved > 0
    # neither a report nor another study takes it for a finished one
    for other, what in ((["replay", str(tmp_path / "s")], "not finished"),
                        (["run", *SMALL, f"results={tmp_path}", "study=s"], "study that is not finished")):  # fmt: skip
        assert main(other) == 2 and what in capsys.readouterr().err


def committed(place: Path) -> int:
    """Return how many runs a ledger holds."""
    from sim.study.store.ledger import finished_runs

    try:
        return finished_runs(place)
    except StudyError:  # it is being made
        return 0


def test_a_disk_that_fills_up_while_the_tables_are_written_loses_no_run(
    tmp_path: Path, finished: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def full(path: Path, value: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    words = [*GRID, f"results={tmp_path}"]
    with monkeypatch.context() as broken:
        broken.setattr(folder, "write_json", full)
        assert main(["sweep", *words]) == 2
    assert "the disk is full. Make room" in capsys.readouterr().err
    assert main(["sweep", *words]) == 0
    assert "0 runs were carried out here." in capsys.readouterr().err
    assert read_json(tmp_path / "s" / "manifest.json")["content"] == read_json(finished / "manifest.json")["content"]


def test_a_removed_folder_is_one_sentence(tmp_path: Path) -> None:
    words = ["sweep", *SMALL, "post.openness=0,0.2", "people.n_followers=5000", "replicates=4000", "study=s",
             f"results={tmp_path}", "workers=1"]  # fmt: skip
    with subprocess.Popen([sys.executable, "-m", "sim.cli.main", *words], stderr=subprocess.PIPE, text=True) as running:
        waited = time.monotonic() + 300
        while not committed(tmp_path / "s") and time.monotonic() < waited:
            assert running.poll() is None
            time.sleep(0.05)
        os.rename(tmp_path / "s", tmp_path / "gone")
        _, said = running.communicate(timeout=120)
    assert running.returncode == 2 and "Traceback" not in said
    assert "was removed or replaced while the study ran" in said.splitlines()[-1]
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "a sweep needs at least one word that varies"),
        (["post.openness=0.2"], "at least one word that varies"),
        (["post.openness=0,0.2", "post.openness=0.4"], "post.openness is named twice, and varies"),
        (["post.openness=0,0.2", "post.openness=0.4,0.6"], "post.openness is named twice, and varies"),
        (["post.openness=range(1,0,0.1)"], "post.openness names no value"),
        (["post.openness=range(0,1,0)"], "post.openness cannot be read"),
        (["post.openness=range(0,1"], "post.openness cannot be read"),
        (["post.openness=0.2,0.2"], "post.openness names 0.2 twice"),
        (["post.openness=interval(0.5,0.5)"], "must have LOW below HIGH"),
        (["post.openness=interval(0,1.5)"], r"both in \[0, 1\]; got interval\(0,1.5\)"),
        (["people.added_followers=interval(10.5,20)"], "whole number, and so must the ends"),
        (["post.ask=interval(0,1)"], "post.ask is no number"),
        (["feed.crowding=interval(0,1)"], "feed.crowding is a constant of the parameter table"),
        (["vary=[feed.crowding]"], "feed.crowding is a constant of the parameter table"),
        (["vary=[people.n_followers]"], "people.n_followers has no span in the parameter table"),
        (["vary=[post.opennes]"], "vary must be one of .*Did you mean 'post.openness'"),
        (["vary=[]"], "vary takes one list of names"),
        (["vary=[post.openness]", "vary=[post.room]"], "vary takes one list of names"),
        (["vary=[post.openness,post.openness]"], "post.openness is named twice"),
        (["vary=[post.openness]", "post.openness=0,1"], "post.openness is named twice"),
        (["vary=[executor]"], "executor says how a study is made"),
        (["vary=[post.openness]", "design=soboll"], "design must be one of .*Did you mean 'sobol'"),
        (["vary=[post.openness]", "design=sobol", "design=grid"], "design is named twice"),
        (["vary=[post.openness]", "design=[sobol,grid]"], "design must be one of"),
        (["vary=[post.openness]", "design=sobol", "design.levels=3"], "a setting of design=sobol must be one of"),
        (
            ["vary=[post.openness]", "design=sobol", "design.points=0"],
            r"design.points must lie in \[1, 1000000\]; got 0",
        ),
        (["design=sobol"], "at least one word that varies"),
        (
            ["design=latin_hypercube", "post.openness=range(1,0,0.1)"],
            "names no value, so that the design has no points",
        ),
        (["design=from_file"], "design=from_file needs its file"),
        (["design=from_file", "design.path=nosuch.csv"], "design.path cannot be read as CSV"),
        (["design=from_file", "design.path=x", "post.openness=0,1"], "leave post.openness out"),
        (["post.openness=0,1", "figure=pie"], "figure must be one of"),
        (["post.openness=0,1", "axes=[post.room]"], "axes names post.room, which does not vary"),
        (["post.openness=0,1", "figure=map"], "figure=map has two axes"),
        (["policy=[silent,withdraw]"], "policy takes no list"),
        (["policy=silent,bogus"], "policy must be one of"),
        (["executor=threads,processes"], "executor says how a study is made and cannot vary"),
        (["post.opennes=0,1"], "post.opennes is not a parameter.*Did you mean post.openness"),
        (["post.openness=0,1.5"], r"post.openness must be at most 1.*got 1.5"),
        (["post.openness=0,1", "replicates=0"], r"replicates must lie in \[1, 1000000\]; got 0"),
        (["post.openness=0,1", "replicates=2,3"], "replicates takes one value"),
        (["post.openness=0,1", "graphs=2"], "leave graphs and record out"),
        (["post.openness=0,1", "uncertainty=prior"], "leave uncertainty out"),
        (["seed=range(0,2000,1)", "horizon_hours=range(1,600,1)"], "at most 1,000,000 points"),
        (["post.openness=range(0,1,0.0000001)"], "post.openness names more than 1,000,000 values; take a larger step"),
    ],
)
def test_what_cannot_be_swept_is_told_before_anything_is_written(
    words: list[str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        sweep_keys([*words, f"results={tmp_path}/r"])
    assert list(tmp_path.iterdir()) == []


def test_ranges_are_decimal_and_end_before_their_stop() -> None:
    factors, fixed = factors_of(["people.grievance_mean=range(0.05,0.6,0.05)", "seed=range(3)", "replicates=4"])
    assert [len(factor.values) for factor in factors] == [11, 3] and fixed == ["replicates=4"]
    assert factors[0].values[:6] == (0.05, 0.1, 0.15, 0.2, 0.25, 0.3) and factors[1].values == (0, 1, 2)
    assert factors_of(["policy=choice(silent,withdraw)"])[0] == [Factor("policy", ("silent", "withdraw"))]


def test_a_grid_is_every_combination_and_the_last_factor_varies_fastest() -> None:
    assert grid([Factor("a", (1, 2)), Factor("b", (3, 4))]) == [
        {"a": 1, "b": 3}, {"a": 1, "b": 4}, {"a": 2, "b": 3}, {"a": 2, "b": 4}
    ]  # fmt: skip


def test_each_point_is_the_configuration_that_its_words_compose(tmp_path: Path) -> None:
    from sim.catalogue.compose import compose

    words = [
        "case=my_nypd",
        "policy=silent,withdraw",
        "people.n_followers=500,700",
        "feed.ranking=chronological,engagement",
    ]
    sweep, _, keys = sweep_keys([*words, f"results={tmp_path}"])
    assert len(sweep.points) == 8 and keys.place.name.startswith("my_nypd-policy-people.n_followers-feed.ranking-")
    for point in sweep.points:
        own, _ = compose(["case=my_nypd", *(f"{name}={value}" for name, value in point.values.items())])
        assert point.configuration == own
    assert json.loads(json.dumps(sweep.plain())) == sweep.plain()


def test_the_expected_time_counts_people_once_a_portion_and_a_run_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions take 20 ms for people and 5 ms a run, and 50 replicates have three of them."""
    from sim.cli import dry_run
    from sim.cli.keys import StudyKeys
    from sim.config.root import Configuration, changed
    from sim.study import sweeping

    clock = [0.0]

    def taken(study: Any, points: Any, replicates: Any) -> None:
        clock[0] += len(points) * (0.02 + 0.005 * len(replicates))

    monkeypatch.setattr(sweeping, "complete", taken)
    monkeypatch.setattr(dry_run.time, "perf_counter", lambda: clock[0])
    points = [changed(Configuration(), {"people.n_followers": 500, "post.room": place / 10}) for place in range(10)]
    keys = StudyKeys(Path("s"), 1, "threads", fresh=False, settings={}, shapes_only=False, command="")
    said = dry_run.expected(points, 50, 500_000, keys)
    each = 0.005 + 3 * 0.02 / 50
    assert said.startswith(f"expected: {500_000 * each / 60:.0f} min on 1 worker") and f"{1000 * each:.2g} ms" in said
