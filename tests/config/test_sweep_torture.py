"""A sweep that is killed again and again ends with every run exactly once, and the content of an undisturbed one."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.cli.main import main
from sim.study import load
from sim.study.store.folder import LEDGER, MANIFEST, read_json
from sim.study.store.ledger import finished_runs

WORDS = ["case=my_nypd", "people.n_followers=3000", "reaction.b_write=-4.0", "reaction.b_share=-4.0",
         "horizon_hours=24", "post.openness=range(0,1,0.1)", "people.grievance_mean=0.2,0.4", "study=s"]  # fmt: skip
POINTS = 20
WHO = ("worker", "coordinator", "group")


def sweep(results: Path, replicates: int, *words: str) -> subprocess.Popen[str]:
    """Start a sweep in a process group of its own."""
    command = [sys.executable, "-m", "sim.cli.main", "sweep", *WORDS, f"results={results}", f"replicates={replicates}"]
    return subprocess.Popen([*command, *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                            text=True, start_new_session=True)  # fmt: skip


def here(results: Path, replicates: int) -> None:
    """Carry the sweep out, or what of it is missing, in this process."""
    assert main(["sweep", *WORDS, f"results={results}", f"replicates={replicates}", "workers=1"]) == 0


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], dict[str, Any]]:
    """The manifest of an undisturbed sweep with so many replicates, which is carried out once."""
    results = tmp_path_factory.mktemp("calm")

    @cache
    def manifest(replicates: int) -> dict[str, Any]:
        here(results / str(replicates), replicates)
        found: dict[str, Any] = read_json(results / str(replicates) / "s" / MANIFEST)
        return found

    return manifest


def finished(place: Path) -> int:
    """Return how many runs are there, whatever state the ledger is in."""
    try:
        return finished_runs(place)
    except Exception:  # noqa: BLE001 - the ledger is being made or taken away
        return 0


def workers_of(pid: int) -> list[int]:
    """Return the workers that a process has started."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(word) for word in (task / "children").read_text().split()]
        return [each for each in found if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes()]
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


def disturbed(results: Path, replicates: int, moments: int, seed: int, words: Sequence[str]) -> list[str]:
    """Carry out a sweep that is killed at random moments, the last part of it here; return who was killed."""
    luck = random.Random(seed)
    hit: list[str] = []
    total = POINTS * replicates
    while len(hit) < moments:
        with sweep(results, replicates, *words) as running:
            while running.poll() is None and len(hit) < moments:
                begun, patience = finished(results / "s"), luck.randint(1, max(1, total // (2 * moments)))
                while running.poll() is None and finished(results / "s") < begun + patience:
                    time.sleep(0.005)
                time.sleep(luck.random() * 0.1)
                if running.poll() is None:
                    who = WHO[len(hit) % 3] if len(hit) < 3 else luck.choice(WHO)
                    kill(running, who)
                    hit.append(who)
            if hit[-1:] == ["worker"]:
                kill(running, "group")
            running.communicate(timeout=600)
            assert running.returncode in (0, -signal.SIGKILL)
            assert running.returncode or len(hit) == moments, "it was done before all was tried; make it longer"
    here(results, replicates)
    return hit


@pytest.mark.parametrize(
    ("moments", "replicates", "words"),
    [
        (3, 100, ["executor=processes", "workers=1"]),
        pytest.param(20, 800, ["executor=processes", "workers=2"], marks=pytest.mark.slow),
        pytest.param(6, 600, ["executor=dask", "workers=2"], marks=pytest.mark.slow),
    ],
)
def test_killed_at_random_moments_every_run_is_there_once_and_is_the_same(
    moments: int, replicates: int, words: list[str], tmp_path: Path, calm: Callable[[int], dict[str, Any]]
) -> None:
    total = POINTS * replicates
    hit = disturbed(tmp_path, replicates, moments, 7, words)
    assert len(hit) == moments and set(hit) == set(WHO)
    killed = read_json(tmp_path / "s" / MANIFEST)
    assert killed["content"] == calm(replicates)["content"] and killed["failed"] == 0
    runs = load(tmp_path / "s").runs
    assert runs[["point", "replicate"]].drop_duplicates().shape[0] == len(runs) == total
    assert not (tmp_path / "s" / LEDGER).exists()
    # the last one carried out what the killed ones had not committed, and no more
    assert killed["carried_out"] < total


def test_two_coordinators_share_a_sweep_and_one_that_is_killed_is_replaced_by_the_other(
    tmp_path: Path, calm: Callable[[int], dict[str, Any]], capsys: Any
) -> None:
    replicates = 100
    expected = calm(replicates)["content"]
    capsys.readouterr()
    for killed in (False, True):
        results = tmp_path / str(killed)
        with sweep(results, replicates, "workers=1") as other:
            while other.poll() is None and finished(results / "s") < 20:
                time.sleep(0.005)
            if killed:
                kill(other, "coordinator")
            here(results, replicates)
            _, said = other.communicate(timeout=600)
        assert other.returncode == (-signal.SIGKILL if killed else 0), said
        assert read_json(results / "s" / MANIFEST)["content"] == expected
        # one that was waiting while the other wrote takes what stands there, and does not say what it did
        shares = [int(number) for text in (said, capsys.readouterr().err)
                  for number in re.findall(r"(\d+) runs were carried out here", text)]  # fmt: skip
        total = POINTS * replicates
        if killed:
            assert 0 < sum(shares) <= total - 20
        else:
            assert sum(shares) == total if len(shares) == 2 else 0 < sum(shares) < total
