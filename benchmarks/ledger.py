"""What planning, storing and collecting cost a run: sweeps whose runs take no time, from design to written tables.

``python -m benchmarks.ledger`` prints milliseconds a run and the growth of memory.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from sim.config.root import Configuration, changed
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.study.designs import Factor, grid
from sim.study.job import Job, Progress
from sim.study.planned import concluded, identity_of
from sim.study.points import Point
from sim.study.reduced import Reduced, reduce
from sim.study.sweeping import open_study
from sim.study.swept import Sweep

SIZES = ((10_000, 1), (200, 50), (1, 10_000), (2_000, 50))
"""Points and replicates of each."""


class Idle:
    """A crew that hands back one and the same run at once."""

    def __init__(self, run: Reduced) -> None:
        self._run = run

    def run(self, jobs: Iterable[Job], progress: Progress) -> Iterator[list[Reduced]]:
        for job in jobs:
            yield [self._run] * len(job.replicates)


def cost(points: int, replicates: int, run: Reduced, base: Configuration) -> dict[str, float]:
    """Return seconds of each stage of a sweep whose runs take no time."""
    begun = time.perf_counter()
    marks = {}
    values = grid([Factor("post.openness", tuple(place / points for place in range(points)))])
    sweep = Sweep({"kind": "grid"}, {"": base}, [Point(each, base) for each in values])
    for point in sweep.points:
        _ = point.configuration  # as the command does, before anything is written
    question = sweep.plain() | {"replicates": replicates, "centre": {}, "figure": {"kind": None, "axes": []}}
    own = identity_of(question, {})
    marks["plan"] = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder, open_study(Path(folder) / "s", own, workers=1) as study:
        study.crew = Idle(run)
        begun = time.perf_counter()
        concluded(study, "sweep", question)
        marks["store and collect"] = time.perf_counter() - begun
        files = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    marks["bytes a run"] = files / points / replicates
    return marks


def main() -> None:
    """Print the table."""
    base = changed(Configuration(), {"people.n_followers": 500, "horizon_hours": 1.0})
    run = reduce(run_campaign(build_world(base), replicate=0), 0.1)
    print(
        f"{'points':>7} {'replicates':>10}  {'plan':>7} {'store and collect':>17}  ms a run; bytes a run; peak memory"
    )
    for points, replicates in SIZES:
        found = cost(points, replicates, run, base)
        parts = [1000 * found[name] / points / replicates for name in ("plan", "store and collect")]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{points:>7} {replicates:>10}  {parts[0]:>7.3f} {parts[1]:>17.3f}  sum {sum(parts):.3f}; "
            f"{found['bytes a run']:.0f}; {peak:.0f} MB"
        )


if __name__ == "__main__":
    main()
