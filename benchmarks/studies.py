"""How fast many runs are: two workers against one, Dask against threads, a phase diagram from word to page.

``python -m benchmarks.studies`` prints it. The clock on the wall is measured, with the ways taking turns: it wants
two processors that nobody else uses.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from benchmarks.ledger import measure as ledger_lines
from benchmarks.line import Line, at_least, at_most, shown
from benchmarks.rounds import Spread, ratios
from sim.catalogue.compose import compose
from sim.config.root import changed
from sim.study.execution import crew
from sim.study.execution.job import Job, carry_out
from sim.study.execution.reduced import Reduced
from sim.study.sweeping import OpenStudy, complete, open_study

CASE = "case=my_nypd"
WAYS = {"one thread": ("threads", 1), "two threads": ("threads", 2), "two processes": ("processes", 2),
        "two Dask workers": ("dask", 2)}  # fmt: skip
POINTS = [{"post.openness": openness, "people.grievance_mean": grievance}
          for openness in (0.2, 0.5, 0.8) for grievance in (0.2, 0.35)]  # fmt: skip


def walls(rows: int, replicates: int, rounds: int, ways: Mapping[str, tuple[str, int]]) -> dict[str, list[float]]:
    """Return the seconds a run on the wall by way, one value a round; all ways carry out the same runs.

    Parameters
    ----------
    rows : int
        Audience of each run.
    replicates : int
        Runs of each of six points in a round.
    ways : mapping of str to (executor, workers)
    """
    base, _ = compose([CASE, f"people.n_followers={rows}"])
    points = [changed(base, values) for values in POINTS]
    found: dict[str, list[float]] = {name: [] for name in ways}
    with ExitStack() as stack:
        studies: dict[str, OpenStudy] = {
            name: stack.enter_context(open_study(None, {}, executor=executor, workers=workers))
            for name, (executor, workers) in ways.items()
        }
        for k in range(rounds + 1):
            names = list(ways)[k % len(ways) :] + list(ways)[: k % len(ways)]
            for name in names:
                begun = time.perf_counter()
                complete(studies[name], points, range(k * replicates, (k + 1) * replicates))
                if k:  # the first round makes people and graph, and starts workers
                    found[name].append((time.perf_counter() - begun) / len(points) / replicates)
    return found


def readiness(rows: int, replicates: int) -> float:
    """Return how many of two threads run, or wait for no more than a processor, on average over a sweep.

    It says what two processors that nobody else uses would give, on a machine that others use: what is missing to 2
    are waits for one another (the interpreter's lock, the next job, the end).
    """
    seen: dict[int, list[float]] = {}

    def watched(job: Job) -> list[Reduced]:
        own = seen.setdefault(threading.get_native_id(), [])
        own.append(_ready())
        runs = carry_out(job)
        own.append(_ready())
        return runs

    base, _ = compose([CASE, f"people.n_followers={rows}"])
    points = [changed(base, values) for values in POINTS]
    with open_study(None, {}, executor="threads", workers=2) as study:
        complete(study, points, [replicates])
        with patch.object(crew, "carry_out", watched):
            begun = time.perf_counter()
            complete(study, points, range(replicates))
            wall = time.perf_counter() - begun
    return sum(own[-1] - own[0] for own in seen.values()) / wall


def _ready() -> float:
    """Return the seconds that this thread has run, or waited for a processor."""
    ran, waited, _ = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text().split()
    return (int(ran) + int(waited)) / 1e9


def side_by_side(*, rows: int, replicates: int, rounds: int, ways: Mapping[str, tuple[str, int]]) -> list[Line]:
    """Return the lines of the ways to carry runs out."""
    found = walls(rows, replicates, rounds, ways)
    what = f"sweep, runs of {shown(1000 * min(found['one thread']))} ms"
    ready = Spread.of([readiness(rows, replicates) for _ in range(rounds)])
    lines = [
        at_least(f"{what}: two threads against one", ratios(found, "one thread", "two threads"), 1.8),
        at_least(f"{what}: of two threads, those at work or ready for it", ready, 1.8),
    ]
    if "two processes" in ways:
        gain = ratios(found, "one thread", "two processes")
        lines.append(at_least(f"{what}: two processes against one thread", gain, None))
    if "two Dask workers" in ways:
        cost = ratios(found, "two Dask workers", "two threads")
        lines.append(at_most(f"{what}: two Dask workers of one's own against two threads", cost, 1.15, "×"))
    return lines


def phase_diagram(words: tuple[str, ...]) -> float:
    """Return the seconds on the wall of the phase diagram, from the command to its page."""
    with tempfile.TemporaryDirectory() as results:
        begun = time.perf_counter()
        command = [sys.executable, "-m", "sim.cli.main", "sweep", "+experiment=phase_diagram", "workers=2"]
        subprocess.run([*command, f"results={results}", *words], check=True, capture_output=True)
        return time.perf_counter() - begun


def quick(*, rows: int, replicates: int, rounds: int) -> list[Line]:
    """Return the first lines at tiny sizes, to see that they work."""
    ways = {name: WAYS[name] for name in ("one thread", "two threads")}
    return [*ledger_lines(runs=200, rounds=rounds),
            *side_by_side(rows=rows, replicates=replicates, rounds=rounds, ways=ways)]  # fmt: skip


def measure(*, rows: int, replicates: int, rounds: int) -> list[Line]:
    """Return the lines of studies.

    Parameters
    ----------
    rows, replicates : int
        Of the runs that the ways are compared with.
    """
    twenty = Spread.of([phase_diagram(())])
    tenth = Spread.of([phase_diagram(("people.n_followers=200000", "replicates=5"))])
    return [
        *ledger_lines(runs=10_000, rounds=rounds),
        *side_by_side(rows=rows, replicates=replicates, rounds=rounds, ways=WAYS),
        at_most("phase diagram, 21 × 21 × 50 runs of 20,000 followers, with its page", twenty, 180.0, "s"),
        at_most("phase diagram, 21 × 21 × 5 runs of 200,000 followers (a tenth)", tenth, 240.0, "s"),
    ]


def main() -> None:
    """Print the lines."""
    for line in measure(rows=150_000, replicates=25, rounds=5):
        print(f"{line.what}: {line.measured} {line.target} {line.holds}", flush=True)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
