"""Threads or processes, one or two: the same content; a process that dies is replaced, none is left behind."""

from __future__ import annotations

import errno
import operator
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.cli.main import main
from sim.config.root import Configuration, changed
from sim.engine.world import World, build_world
from sim.errors import BackfireError, ConfigError
from sim.study.execution.batch import Untold
from sim.study.execution.crew import hired
from sim.study.execution.handover import Handover, unpacked
from sim.study.execution.job import Job
from sim.study.execution.processes import Processes
from sim.study.execution.runner import RunFailure
from sim.study.store.folder import read_json

SMALL = ["case=my_nypd", "people.n_followers=600", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=6"]
WAYS = {"one": ["workers=1"], "two": ["workers=2", "executor=threads"], "other": ["workers=2", "executor=processes"]}


@pytest.fixture(scope="module")
def world() -> World:
    """A small world."""
    changes = {"people.n_followers": 20_000, "horizon_hours": 12.0, "reaction.b_write": -5.0}
    return build_world(changed(Configuration(), changes))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary files."""
    import tempfile

    home = tmp_path / "tmp"
    home.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    return home


class Notes(Untold):
    """Progress that keeps what it is told."""

    def __init__(self) -> None:
        self.runs = 0
        self.notes: list[str] = []

    def done(self, runs: int) -> None:
        self.runs += runs

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


def jobs_of(world: World, count: int, **more: Any) -> Iterator[Job]:
    return (Job(world, (number,), f"replicate {number}", **more) for number in range(count))


def outcomes(runs: list[list[Any]]) -> list[Any]:
    return [(run.outcome, run.timeline.tolist(), run.fired.tolist()) for several in runs for run in several]


def test_a_run_has_the_same_content_however_it_is_carried_out_and_when_it_is_carried_out_again(tmp_path: Path) -> None:
    words = ["run", *SMALL, "replicates=4", "graphs=2", "record=log", f"results={tmp_path}", "study=s"]
    assert main([*words, *WAYS["one"]]) == 0
    one = read_json(tmp_path / "s" / "manifest.json")
    assert {"log", "draws", "graph"} <= set(one["content"]) and one["machine"]["executor"] == "threads"
    # how it is carried out is no part of what it is: the same study stands
    assert main([*words, "executor=processes"]) == 0
    assert read_json(tmp_path / "s" / "manifest.json") == one
    assert main([*words, *WAYS["other"], "fresh=true"]) == 0
    again = read_json(tmp_path / "s" / "manifest.json")
    assert again["content"] == one["content"] and again["machine"]["executor"] == "processes"


def test_a_comparison_has_the_same_content_however_it_is_carried_out(tmp_path: Path) -> None:
    contents = []
    for name in ("two", "other"):
        swept = [*SMALL, "replicates=4", "policy=silent,withdraw", f"results={tmp_path}", f"study={name}", *WAYS[name]]
        assert main(["compare", *swept]) == 0
        contents.append(read_json(tmp_path / name / "manifest.json")["content"])
    assert contents[0] == contents[1]


def test_python_callers_get_the_same_from_processes() -> None:
    small = changed(Configuration(), {"people.n_followers": 900, "horizon_hours": 3.0})
    ways = [sim.simulate(small, replicates=4, workers=2, executor=name) for name in ("threads", "processes")]
    assert [way.pop("seconds") > 0 for way in ways] == [True, True]
    assert ways[0] == ways[1]
    pair = {"a": small, "b": changed(small, {"post.openness": 0.1})}
    tables = [sim.compare(pair, replicates=3, workers=2, executor=name) for name in ("threads", "processes")]
    assert tables[0].equals(tables[1])
    with pytest.raises(ConfigError, match="executor must be one of dask, processes, threads; got 'dusk'"):
        sim.simulate(small, replicates=1, executor="dusk")  # type: ignore[arg-type]


def test_a_process_that_is_killed_loses_no_run(world: World, temporary: Path) -> None:
    with hired(2, "threads") as crew:
        expected = outcomes(list(crew.run(jobs_of(world, 24), Untold())))
    told = Notes()
    with Processes(2) as crew:
        found = []
        for number, runs in enumerate(crew.run(jobs_of(world, 24), told)):
            found.append(runs)
            if number in (0, 6):
                os.kill(crew.pids[0], signal.SIGKILL)
        assert len(crew.pids) <= 2
    assert outcomes(found) == expected
    assert told.runs == 24
    assert set(told.notes) == {"A process was ended (signal 9); what it had begun is begun again."}
    assert list(temporary.iterdir()) == []


class Fatal:
    """What ends the process that unpickles it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (3,)


def test_a_job_that_ends_every_process_is_named_in_the_end(world: World, temporary: Path) -> None:
    told = Notes()
    with Processes(1) as crew, pytest.raises(BackfireError, match=r"replicate 0 was begun 3 times.*\(exit code 3\)"):
        list(crew.run(jobs_of(world, 2, extra=Fatal()), told))
    assert len(told.notes) == 2 and list(temporary.iterdir()) == []


def test_a_forgiving_job_that_ends_every_process_fails_alone(world: World, temporary: Path) -> None:
    def jobs() -> Iterator[Job]:
        yield Job(world, (0, 1), "point 3, replicates 0 to 1", extra=Fatal(), forgiving=True)
        yield from jobs_of(world, 2, forgiving=True)

    with Processes(1) as crew:
        runs = [run for several in crew.run(jobs(), Untold()) for run in several]
    assert [run.failed is None for run in runs] == [False, False, True, True]
    assert "point 3, replicates 0 to 1 was begun 3 times, and each time its process was ended" in str(runs[0].failed)
    assert list(temporary.iterdir()) == []


def greedy(world: World, record: Any) -> Any:
    """Ask for more memory than there is, in one run."""
    return np.empty(2**58) if record.messages.minute.shape[0] else None


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_run_that_memory_does_not_suffice_for_is_told_and_the_others_go_on(executor: str, world: World) -> None:
    def jobs() -> Iterator[Job]:
        yield Job(world, (0,), "replicate 0", extra=greedy, forgiving=True)
        yield from jobs_of(world, 2, forgiving=True)

    with hired(1, executor) as crew:
        runs = [run for several in crew.run(jobs(), Untold()) for run in several]
        assert [run.failed for run in runs] == ["memory ran out", None, None]
        with pytest.raises(MemoryError):
            list(crew.run(jobs_of(world, 1, extra=greedy), Untold()))


def test_where_people_and_graph_find_no_room_it_is_told(
    world: World, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, array: Any, allow_pickle: bool) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(np, "save", full)
    with (
        Processes(1) as crew,
        pytest.raises(BackfireError, match="cannot hold people and graph for the workers"),
    ):
        list(crew.run(jobs_of(world, 2), Untold()))
    assert list(temporary.iterdir()) == []


def test_a_job_that_fails_is_named_and_the_crew_can_go_on(world: World, temporary: Path) -> None:
    with Processes(2) as crew:
        with pytest.raises(RunFailure, match="replicate 0 failed: TypeError") as caught:
            list(crew.run(jobs_of(world, 9, extra=operator.itemgetter(0)), Untold()))
        assert any("Traceback" in note for note in caught.value.__notes__)
        assert len(list(crew.run(jobs_of(world, 2), Untold()))) == 2
    assert list(temporary.iterdir()) == []


def test_large_arrays_are_handed_over_as_files_that_go_with_them(temporary: Path) -> None:
    handover = Handover()
    try:
        array, small = np.arange(50_000), np.arange(5)
        array.flags.writeable = False
        both, _ = unpacked(handover.packed(([array, array], small))), handover.packed(array)
        assert np.array_equal(both[0][0], array) and np.array_equal(both[1], small)
        assert not both[0][0].flags.writeable and both[1].flags.writeable
        assert len(list(handover.folder.glob("*.npy"))) == 1
        del array
        assert list(handover.folder.glob("*.npy")) == [] and both[0][0][-1] == 49_999
        # what is mapped from a file already is pointed to, a part of it too
        np.save(temporary / "kept.npy", np.arange(80_000))
        kept = np.asarray(np.load(temporary / "kept.npy", mmap_mode="r"))
        assert np.array_equal(unpacked(handover.packed(kept[10_000:])), np.arange(10_000, 80_000))
        assert list(handover.folder.glob("*.npy")) == []
    finally:
        handover.close()
    assert not handover.folder.exists()


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def works(pid: int) -> bool:
    """Tell whether a process is there to carry out jobs (another one may draw)."""
    return b"execution.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()


def alive(pid: int) -> bool:
    """Tell whether a process is alive and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_however_it_is_ended_no_process_is_left_behind(number: int, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "sim.cli.main", "run", *SMALL, "people.n_followers=20000", "replicates=100000",
               "uncertainty=none", "executor=processes", "workers=1", f"results={tmp_path / 'r'}"]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
                          env=os.environ | {"TMPDIR": str(tmp_path / "tmp")}) as running:  # fmt: skip
        waited = time.monotonic() + 300
        while not any(map(works, started := children(running.pid))) and time.monotonic() < waited:
            assert running.poll() is None, running.stderr.read() if running.stderr else ""
            time.sleep(0.05)
        time.sleep(1.0)
        # as from a terminal: to the whole group
        os.killpg(running.pid, number)
        out, said = running.communicate(timeout=120)
    assert started and out == "" and "Traceback" not in said
    patience = time.monotonic() + 20
    while any(alive(pid) for pid in started) and time.monotonic() < patience:
        time.sleep(0.05)
    assert not [pid for pid in started if alive(pid)]
    if number == signal.SIGKILL:
        # what it could not take away, the next one does
        assert len(list((tmp_path / "tmp").iterdir())) == 1
        script = "from sim.study.execution.handover import Handover; Handover().close()"
        subprocess.run([sys.executable, "-c", script], check=True, env=os.environ | {"TMPDIR": str(tmp_path / "tmp")})
    else:
        assert running.returncode == 128 + number
        assert said.splitlines()[-1] == "Stopped; nothing was written."
        assert not (tmp_path / "r").exists()
    assert list((tmp_path / "tmp").iterdir()) == []
