"""A sweep that is killed again and again ends with every run exactly once, and the content of an undisturbed one."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.study import load
from sim.study.folder import LEDGER, MANIFEST, read_json
from sim.study.ledger import finished_runs

WORDS = ["case=my_nypd", "people.n_followers=3000", "reaction.b_write=-4.0", "reaction.b_share=-4.0",
         "horizon_hours=24", "post.openness=range(0,1,0.1)", "people.grievance_mean=0.2,0.4", "study=s"]  # fmt: skip
WHO = ("worker", "coordinator", "group")


def sweep(results: Path, replicates: int, *words: str) -> subprocess.Popen[str]:
    """Start a sweep in a process group of its own."""
    command = [sys.executable, "-m", "sim.cli.main", "sweep", *WORDS, f"results={results}", f"replicates={replicates}"]
    return subprocess.Popen([*command, "workers=2", *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                            text=True, start_new_session=True)  # fmt: skip


def finished(place: Path) -> int:
    """Return how many runs are there, whatever state the ledger is in."""
    try:
        return finished_runs(place)
    except Exception:  # noqa: BLE001 - the ledger is being made or taken away
        return 0


def workers_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def kill(running: subprocess.Popen[str], who: str) -> None:
    """End a worker, the coordinator, or all of them."""
    workers = workers_of(running.pid)
    if who == "worker" and workers:
        victims = workers[:1]
    else:
        victims = [running.pid, *(workers if who == "group" else [])]
    for victim in victims:
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            continue


def disturbed(results: Path, replicates: int, moments: int, seed: int, total: int) -> list[str]:
    """Carry out a sweep that is killed at random moments; return who was killed."""
    luck = random.Random(seed)
    hit: list[str] = []
    place = results / "s"
    while not (place / MANIFEST).exists():
        with sweep(results, replicates, "executor=processes") as running:
            while running.poll() is None and len(hit) < moments:
                begun, patience = finished(place), luck.randint(1, max(1, total // (2 * moments)))
                while running.poll() is None and finished(place) < begun + patience:
                    time.sleep(0.005)
                time.sleep(luck.random() * 0.1)
                if running.poll() is None:
                    who = WHO[len(hit) % 3] if len(hit) < 3 else luck.choice(WHO)
                    kill(running, who)
                    hit.append(who)
            running.communicate(timeout=600)
            assert running.returncode in (0, -signal.SIGKILL)
    return hit


@pytest.mark.parametrize(
    ("moments", "replicates"), [(3, 80), pytest.param(20, 200, marks=pytest.mark.slow)]
)  # fmt: skip
def test_killed_at_random_moments_every_run_is_there_once_and_is_the_same(
    moments: int, replicates: int, tmp_path: Path
) -> None:
    total = 20 * replicates
    with sweep(tmp_path / "calm", replicates) as running:
        _, said = running.communicate(timeout=1200)
    assert running.returncode == 0, said
    hit = disturbed(tmp_path / "killed", replicates, moments, 7, total)
    assert len(hit) == moments and set(hit) == set(WHO)
    calm, killed = (read_json(tmp_path / name / "s" / MANIFEST) for name in ("calm", "killed"))
    assert killed["content"] == calm["content"] and killed["failed"] == 0
    runs = load(tmp_path / "killed" / "s").runs
    assert runs[["point", "replicate"]].drop_duplicates().shape[0] == len(runs) == total
    assert not (tmp_path / "killed" / "s" / LEDGER).exists()
    # the last one carried out what the killed ones had not committed, and no more
    assert killed["carried_out"] < total


def test_two_coordinators_share_a_sweep_and_one_that_is_killed_is_replaced_by_the_other(tmp_path: Path) -> None:
    replicates = 30
    with sweep(tmp_path / "calm", replicates) as running:
        running.communicate(timeout=600)
    with sweep(tmp_path / "two", replicates) as one, sweep(tmp_path / "two", replicates) as two:
        said = [each.communicate(timeout=600)[1] for each in (one, two)]
        assert [one.returncode, two.returncode] == [0, 0], said
    # one that comes when all is done carries out nothing, and does not say so
    shares = [int(number) for text in said for number in re.findall(r"(\d+) runs were carried out here", text)]
    assert sum(shares) == 20 * replicates
    with sweep(tmp_path / "left", replicates) as one, sweep(tmp_path / "left", replicates) as two:
        while finished(tmp_path / "left" / "s") < 40 and one.poll() is None:
            time.sleep(0.005)
        kill(one, "coordinator")
        said = [each.communicate(timeout=600)[1] for each in (one, two)]
        assert two.returncode == 0, said
    contents = [read_json(tmp_path / name / "s" / MANIFEST)["content"] for name in ("calm", "two", "left")]
    assert contents[0] == contents[1] == contents[2]
