"""What planning, storing and collecting cost a run: sweeps whose runs take no time, from design to written tables.

``python -m benchmarks.ledger`` prints CPU milliseconds a run, bytes a run on disk, and how memory grows.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.line import Line, at_most
from benchmarks.memory import forget_peak, peak_mb
from benchmarks.rounds import Spread
from sim.config.root import Configuration, changed
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.study.design.designs import Factor, grid
from sim.study.design.points import Point
from sim.study.execution.job import Job, Progress
from sim.study.execution.reduced import Reduced, reduce
from sim.study.planned import concluded, identity_of
from sim.study.sweep.study import Sweep
from sim.study.sweeping import open_study

SIZES = ((10_000, 1), (200, 50), (1, 10_000), (2_000, 50))
"""Points and replicates of each."""


class Idle:
    """A crew that hands back one and the same run at once."""

    def __init__(self, run: Reduced) -> None:
        self._run = run

    def run(self, jobs: Iterable[Job], progress: Progress) -> Iterator[list[Reduced]]:
        for job in jobs:
            yield [self._run] * len(job.replicates)


def small_run() -> tuple[Configuration, Reduced]:
    """Return a small configuration, and a run of it."""
    base = changed(Configuration(), {"people.n_followers": 500, "horizon_hours": 1.0})
    return base, reduce(run_campaign(build_world(base), replicate=0), 0.1)


def cost(points: int, replicates: int, run: Reduced, base: Configuration) -> dict[str, float]:
    """Return CPU seconds of each stage of a sweep whose runs take no time, and its bytes a run on disk."""
    begun = time.process_time()
    values = grid([Factor("post.openness", tuple(place / points for place in range(points)))])
    sweep = Sweep({"kind": "grid"}, {"": base}, [Point(each, base) for each in values])
    for point in sweep.points:
        _ = point.configuration  # as the command does, before anything is written
    # drawn as dots: beside curves and maps stands theory, at most 121 points of it, each as dear as a run
    question = sweep.plain() | {"replicates": replicates, "centre": {}, "figure": {"kind": "dots", "axes": []}}
    own = identity_of(question, {})
    planned = time.process_time() - begun
    with tempfile.TemporaryDirectory() as folder, open_study(Path(folder) / "s", own, workers=1) as study:
        study.crew = Idle(run)
        begun = time.process_time()
        found = concluded(study, "sweep", question)
        found.runs.into(Path(folder) / "s" / "runs.parquet")
        stored = time.process_time() - begun
        files = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return {"plan": planned, "store and collect": stored, "bytes a run": files / points / replicates}


def measure(*, runs: int, rounds: int) -> list[Line]:
    """Return the lines of what a run costs besides itself, and of how memory grows with their number."""
    base, run = small_run()
    cost(max(1, runs // 10), 1, run, base)
    several = {}
    for points, replicates in ((runs, 1), (max(1, runs // 50), 50)):
        found = [cost(points, replicates, run, base) for _ in range(rounds)]
        several[points, replicates] = Spread.of(
            [1000 * (each["plan"] + each["store and collect"]) / points / replicates for each in found]
        )
    peaks = []
    for replicates in (50, 500):
        forget_peak()
        cost(max(1, runs // 50), replicates, run, base)
        peaks.append(peak_mb())
    return [
        *(
            at_most(f"planning, storing and collecting, {points:,} points × {replicates}, CPU a run", spread, 0.5, "ms")
            for (points, replicates), spread in several.items()
        ),
        at_most(
            f"memory that {10 * runs:,} runs take beyond that of {runs:,}",
            Spread.of([peaks[1] - peaks[0]]),
            100.0,
            "MB",
        ),
    ]


def main() -> None:
    """Print the table."""
    base, run = small_run()
    print(f"{'points':>7} {'replicates':>10}  {'plan':>7} {'store and collect':>18}  CPU ms a run; bytes a run; memory")
    for points, replicates in SIZES:
        found = cost(points, replicates, run, base)
        parts = [1000 * found[name] / points / replicates for name in ("plan", "store and collect")]
        print(
            f"{points:>7} {replicates:>10}  {parts[0]:>7.3f} {parts[1]:>18.3f}  sum {sum(parts):.3f}; "
            f"{found['bytes a run']:.0f}; {peak_mb():.0f} MB"
        )


if __name__ == "__main__":
    main()
