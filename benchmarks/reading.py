"""What it takes to summarise and to plot a sweep of 100,000 runs: seconds and memory of fresh processes.

``python -m benchmarks.reading [POINTS REPLICATES]`` writes such a study from runs that take no time, then times
(1) its tables, summary and finding from a ledger in which every run is finished, and (2) ``backfire report``.
Targets: 10 s and 1 GB together; memory flat in the number of runs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.ledger import Idle
from benchmarks.memory import peak_mb
from sim.config.root import Configuration, changed
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.study.design.designs import Factor, latin_hypercube
from sim.study.design.points import Point
from sim.study.execution.reduced import reduce
from sim.study.planned import concluded, identity_of
from sim.study.sweep.study import Sweep
from sim.study.sweeping import complete, open_study

POINTS, REPLICATES = 2_000, 50


def question_of(points: int, replicates: int) -> tuple[Sweep, dict[str, Any]]:
    """Return a sweep over three numbers that fills their space."""
    base = changed(Configuration(), {"people.n_followers": 500, "horizon_hours": 1.0})
    factors = [Factor(name, interval=(0.0, 1.0)) for name in ("post.openness", "post.room", "post.appeal")]
    values = latin_hypercube(factors, points, 1)
    sweep = Sweep({"kind": "latin_hypercube", "points": points}, {"": base}, [Point(each, base) for each in values])
    return sweep, sweep.plain() | {
        "replicates": replicates, "centre": dict.fromkeys(sweep.factors), "figure": {"kind": None, "axes": []}
    }  # fmt: skip


def begin(place: Path, points: int, replicates: int) -> None:
    """Leave a study whose runs are all finished, and none of its tables written."""
    sweep, question = question_of(points, replicates)
    run = reduce(run_campaign(build_world(next(iter(sweep.bases.values()))), replicate=0), 0.1)
    with open_study(place, identity_of(question, {"": {}}), workers=1) as study:
        study.crew = Idle(run)
        complete(study, sweep.configurations, replicates)


def summarise(place: Path, points: int, replicates: int) -> None:
    """Make tables, summary and finding from the ledger."""
    _, question = question_of(points, replicates)
    with open_study(place, identity_of(question, {"": {}}), workers=1) as study:
        found = concluded(study, "sweep", question)
        found.runs.drop()


def write(place: Path, points: int, replicates: int) -> None:
    """Write the folder as the command does."""
    from sim.cli.keys import StudyKeys
    from sim.cli.planned import carry_out_planned

    _, question = question_of(points, replicates)
    keys = StudyKeys(place, 1, "threads", fresh=False, settings={"files": {"": {}}}, shapes_only=False, command="-")
    carry_out_planned("sweep", question, keys)


def report(place: Path, points: int, replicates: int) -> None:
    """Write the page anew."""
    from sim.cli.main import main as backfire

    backfire(["report", str(place)])


STAGES = {"begin": begin, "summarise": summarise, "write": write, "report": report}


def timed(stage: str, place: Path, points: int, replicates: int) -> tuple[float, float, float]:
    """Return seconds on the clock, seconds of CPU and peak memory (MB) of a stage in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.reading", stage, str(place), str(points), str(replicates)]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    clock, cpu, memory = (float(part) for part in said.split())
    return clock, cpu, memory


def main() -> None:
    """Print the table."""
    points, replicates = (int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (POINTS, REPLICATES)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "s"
        print(f"{points * replicates:,} runs at {points:,} points")
        for stage in STAGES:
            clock, cpu, memory = timed(stage, place, points, replicates)
            print(f"{stage:<10} {clock:6.1f} s on the clock, {cpu:6.1f} s of CPU, {memory:6.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) == 5:
        begun = time.perf_counter()
        STAGES[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        print(time.perf_counter() - begun, time.process_time(), peak_mb())
    else:
        main()
