"""What a user waits for: help, a study with its report, the first compilation."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import reading
from benchmarks.line import Line, at_most
from benchmarks.rounds import Spread
from benchmarks.startup import WORDS, help_time, stages

ROOT = Path(__file__).resolve().parents[1]
FIRST_RUN = (
    "import time; from sim.config.root import Configuration, changed; from sim.engine.world import build_world\n"
    "from sim.engine.run import run_campaign\n"
    "world = build_world(changed(Configuration(), {'people.n_followers': 500})).prepare()\n"
    "begin = time.process_time(); run_campaign(world, replicate=0); print(time.process_time() - begin)"
)


def compilation() -> float:
    """Return the CPU seconds of the first run of an engine that nobody has compiled yet."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "BACKFIRE_CACHE": cache, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-W", "ignore", "-c", FIRST_RUN]
        out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment)
    return float(out.stdout)


def summarised_and_plotted() -> tuple[float, float]:
    """Return seconds on the clock and peak memory (MB) of making the tables of 100,000 runs, and of their page."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "s"
        found = {stage: reading.timed(stage, place, reading.POINTS, reading.REPLICATES) for stage in reading.STAGES}
    told = [found["summarise"], found["report"]]
    return sum(clock for clock, _, _ in told), max(memory for _, _, memory in told)


def measure(*, rounds: int) -> list[Line]:
    """Return the lines of what a user waits for; the study's time is on the clock, so it wants a quiet machine."""
    stages(WORDS)  # compiles
    helped = Spread.of([help_time()[0] for _ in range(rounds)])
    studied = Spread.of([sum(wall for _, _, wall in stages(WORDS)) for _ in range(rounds)])
    compiled = Spread.of([compilation() for _ in range(max(1, rounds // 3))])
    read = [summarised_and_plotted() for _ in range(max(1, rounds // 3))]
    return [
        at_most("`backfire --help`, CPU", helped, 0.25, "s"),
        at_most(f"`backfire {' '.join(WORDS)}`, with its report, on the clock", studied, 5.0, "s"),
        at_most("first compilation of the engine, CPU", compiled, 15.0, "s"),
        at_most("100,000 runs summarised and plotted, on the clock", Spread.of([each[0] for each in read]), 10.0, "s"),
        at_most("the same, peak memory", Spread.of([each[1] for each in read]), 1000.0, "MB"),
    ]
