"""Dask's workers: the same content, one that dies is replaced, none is left behind, and what cannot be is told."""

from __future__ import annotations

import importlib.util
import operator
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sim.catalogue.compose import compose
from sim.cli.main import main
from sim.config.root import Configuration, changed
from sim.engine.world import World, build_world
from sim.errors import BackfireError, ConfigError
from sim.study.execution.batch import Untold
from sim.study.execution.cluster import queue_cluster
from sim.study.execution.crew import hired
from sim.study.execution.dask_crew import Dask
from sim.study.execution.executors import DaskSettings, checked_executor
from sim.study.execution.job import Job
from sim.study.execution.runner import RunFailure
from sim.study.store.folder import read_json
from sim.study.store.ledger import finished_runs

SMALL = ["case=my_nypd", "people.n_followers=500", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=3"]
GRID = [*SMALL, "policy=silent,acknowledge", "post.openness=0,0.5", "replicates=6", "study=s"]


@pytest.fixture(scope="module")
def world() -> World:
    """A small world, with arrays large enough to be handed over as files."""
    return build_world(changed(Configuration(), {"people.n_followers": 9_000, "horizon_hours": 6.0}))


@pytest.fixture(scope="module")
def crew() -> Iterator[Dask]:
    """Two workers of a cluster of one's own."""
    with Dask(2, DaskSettings()) as dask:
        yield dask


class Notes(Untold):
    """Progress that keeps what it is told."""

    def __init__(self) -> None:
        self.runs = 0
        self.notes: list[str] = []

    def done(self, runs: int) -> None:
        self.runs += runs

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


class Fatal:
    """What ends the process that unpickles it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (3,)


@dataclass(frozen=True)
class DiesOnce:
    """What ends the process that it is first called in."""

    mark: Path

    def __call__(self, world: World, record: Any) -> None:
        if not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def jobs_of(world: World, count: int, **more: Any) -> Iterator[Job]:
    return (Job(world, (number,), f"replicate {number}", **more) for number in range(count))


def outcomes(runs: list[list[Any]]) -> list[Any]:
    return [(run.outcome, run.timeline.tolist(), run.fired.tolist()) for several in runs for run in several]


def test_its_runs_are_those_of_threads_and_a_worker_that_is_killed_loses_none(
    crew: Dask, world: World, tmp_path: Path
) -> None:
    with hired(2, "threads") as threads:
        expected = outcomes(list(threads.run(jobs_of(world, 12), Untold())))
    told = Notes()
    jobs = (
        replace(job, extra=DiesOnce(tmp_path / "died") if job.replicates == (3,) else None)
        for job in jobs_of(world, 12)
    )
    assert outcomes(list(crew.run(jobs, told))) == expected and told.runs == 12
    assert len(told.notes) == 1 and told.notes[0].endswith("was lost; what it had begun is begun again.")


@pytest.mark.slow
def test_a_job_that_ends_every_worker_is_named_and_what_was_beside_it_is_not_lost(crew: Dask, world: World) -> None:
    def jobs() -> Iterator[Job]:
        yield Job(world, (0,), "beside it", forgiving=True)
        yield Job(world, (0, 1), "point 3, replicates 0 to 1", extra=Fatal(), forgiving=True)
        yield from jobs_of(world, 4, forgiving=True)

    runs = [run for several in crew.run(jobs(), Untold()) for run in several]
    assert [run.failed is None for run in runs] == [True, False, False, True, True, True, True]
    assert "point 3, replicates 0 to 1 was begun 3 times, at last with nothing beside it" in str(runs[1].failed)


def test_a_job_that_fails_is_named_and_the_crew_can_go_on(crew: Dask, world: World) -> None:
    with pytest.raises(RunFailure, match="replicate 0 failed: TypeError"):
        list(crew.run(jobs_of(world, 9, extra=operator.itemgetter(0)), Untold()))
    assert len(list(crew.run(jobs_of(world, 2), Untold()))) == 2


def test_a_sweep_at_a_scheduler_that_runs_already_has_the_content_of_threads(crew: Dask, tmp_path: Path) -> None:
    words = [*GRID, f"results={tmp_path}"]
    assert main(["sweep", *words]) == 0
    there = ["executor=dask", f"executor.scheduler={crew._client.scheduler.address}", f"executor.folder={tmp_path}/w"]
    assert main(["sweep", *words, "study=t", *there]) == 0
    threads, dask = (read_json(tmp_path / name / "manifest.json") for name in ("s", "t"))
    assert threads["content"] == dask["content"] and dask["machine"]["executor"] == "dask"
    assert list((tmp_path / "w").iterdir()) == []


def test_an_unreachable_scheduler_is_one_sentence(tmp_path: Path, capsys: Any) -> None:
    begun = time.monotonic()
    assert main(["sweep", *GRID, f"results={tmp_path}", "executor=dask", "executor.scheduler=tcp://127.0.0.1:9"]) == 2
    assert time.monotonic() - begun < 20
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.strip().splitlines()) == 1
    assert said.err.startswith("executor.scheduler: nobody answers at tcp://127.0.0.1:9 within 5 s.")
    assert list(tmp_path.iterdir()) == []


def finished(place: Path) -> int:
    """Return how many runs are there; 0 while the ledger is being made."""
    try:
        return finished_runs(place)
    except BackfireError:
        return 0


def alive(pid: int) -> bool:
    """Tell whether a process is alive and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that these have."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        own = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:
        return []
    return own + [each for child in own for each in descendants(child)]


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, *(pytest.param(each, marks=pytest.mark.slow) for each in (signal.SIGTERM, signal.SIGKILL))],
)
def test_however_a_sweep_ends_no_worker_is_left_behind(number: int, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "sim.cli.main", "sweep", *SMALL, "post.openness=0,0.2", "replicates=20000",
               "people.n_followers=5000", "executor=dask", "workers=1", f"results={tmp_path}", "study=s"]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
                          env=os.environ | {"TMPDIR": str(tmp_path / "tmp")}) as running:  # fmt: skip
        waited = time.monotonic() + 300
        while running.poll() is None and not finished(tmp_path / "s") and time.monotonic() < waited:
            time.sleep(0.05)
        started = descendants(running.pid)
        os.killpg(running.pid, number)
        out, said = running.communicate(timeout=120)
    assert started and out == "" and "Traceback" not in said
    patience = time.monotonic() + 30
    while any(alive(pid) for pid in started) and time.monotonic() < patience:
        time.sleep(0.05)
    assert not [pid for pid in started if alive(pid)]
    if number != signal.SIGKILL:
        assert running.returncode == 128 + number
        last = said.splitlines()[-1]
        assert last.startswith("Stopped: ") and finished(tmp_path / "s") == int(last.split()[1])
        assert "worker" not in said and list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_one_sentence_and_what_was_finished_stays(tmp_path: Path) -> None:
    script = (
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    cluster = LocalCluster(n_workers=1, threads_per_worker=1, host='127.0.0.1', dashboard_address=None)\n"
        "    print(cluster.scheduler_address, flush=True); input()"
    )
    (tmp_path / "cluster.py").write_text(script)
    with subprocess.Popen([sys.executable, str(tmp_path / "cluster.py")], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True, cwd=tmp_path) as cluster:  # fmt: skip
        assert cluster.stdout is not None
        address = cluster.stdout.readline().strip()
        command = [sys.executable, "-m", "sim.cli.main", "sweep", *SMALL, "post.openness=0,0.2", "replicates=20000",
                   "people.n_followers=5000", "executor=dask", f"executor.scheduler={address}", f"results={tmp_path}",
                   "study=s", f"executor.folder={tmp_path / 'w'}"]  # fmt: skip
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
            while running.poll() is None and not finished(tmp_path / "s"):
                time.sleep(0.05)
            cluster.kill()
            out, said = running.communicate(timeout=120)
    assert running.returncode == 2 and out == "" and "Traceback" not in said
    assert said.splitlines()[-1].startswith("the Dask scheduler was lost")
    assert finished(tmp_path / "s") > 0


@pytest.mark.parametrize(
    ("queue", "submit", "lines"),
    [
        ("slurm", "sbatch", ["#SBATCH -p long", "#SBATCH -A grant", "#SBATCH --cpus-per-task=4", "#SBATCH --mem=8G",
                             "#SBATCH -t 02:30:00"]),
        ("pbs", "qsub", ["#PBS -q long", "#PBS -A grant", "#PBS -l select=1:ncpus=4:mem=7630MB",
                         "#PBS -l walltime=02:30:00"]),
        ("sge", "qsub", ["#$ -q long", "#$ -P grant", "#$ -l h_rt=02:30:00"]),
        ("lsf", "bsub", ["#BSUB -q long", '#BSUB -P "grant"', "#BSUB -n 4", "#BSUB -W 02:30"]),
    ],
)  # fmt: skip
def test_jobs_of_a_queue_are_formed_as_configured(
    queue: str, submit: str, lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"kind": "dask", "queue": queue, "cores": 4, "memory": "8 GB", "walltime": "02:30:00",
             "partition": "long", "account": "grant", "interface": "lo"}  # fmt: skip
    settings = checked_executor(asked).dask
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match=f"hands jobs in with {submit}, which is not on this machine"):
        queue_cluster(settings)
    for name in (submit, "lsid"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    with queue_cluster(settings) as cluster:
        script = cluster.job_script()
    for line in lines:
        assert line in script, script
    assert "--nworkers 4" in script and "--nthreads 1" in script


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["executor=dusk"], "executor must be one of dask, processes, threads; got 'dusk'"),
        (["executor.scheduler=tcp://127.0.0.1:8786"], "executor.scheduler is a setting of executor=dask; name that"),
        (["executor=threads", "executor.jobs=2"], "executor.jobs is a setting of executor=dask"),
        (["executor=dask", "executor.scheduler=here"], "executor.scheduler must be an address such as tcp://.*'here'"),
        (["executor=dask", "executor.jobs=0"], r"executor.jobs must be a whole number in \[1, 10000\]; got 0"),
        (["executor=dask", "executor.memory=much"], "executor.memory must be a size such as '4 GB'; got 'much'"),
        (["executor=dask", "executor.walltime=long"], "executor.walltime must be hours, minutes and seconds"),
        (["executor=dask", "executor.queue=kew"], "executor.queue must be one of lsf, pbs, sge, slurm; got 'kew'"),
        (["executor=dask", "executor.queue=pbs", "executor.scheduler=tcp://127.0.0.1:1"], "exclude each other"),
        (["executor=dask", "executor.sched=tcp://a:1"], "executor.sched is not a parameter; executor has: account"),
    ],
)
def test_settings_that_cannot_be_are_refused(words: list[str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        checked_executor(compose(words)[1]["executor"])


def test_without_the_package_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr("sim.study.execution.executors.find_spec", lambda name: None)
    with pytest.raises(BackfireError, match=r"needs the package distributed; install it with: pip install"):
        checked_executor("dask")
