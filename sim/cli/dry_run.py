"""What a sweep would take: points, runs, time and disk, from a few runs that are tried and thrown away."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.study.swept import Sweep

BYTES_A_RUN = 900
"""On disk while it is under way, ledger and tables; measured at 10,000 runs."""
_LARGE, _FEW = 200_000, 4
"""Of larger audiences fewer points are tried, and one run of each."""
_POINTS, _REPLICATES = 20, 5


def foretold(sweep: Sweep, replicates: int, keys: StudyKeys) -> list[str]:
    """Return the plan of a sweep as lines; nothing is written."""
    from sim.study.ledger import finished_runs

    total = len(sweep.points) * replicates
    done = 0 if keys.fresh else finished_runs(keys.place)
    lines = [f"{len(sweep.points)} points x {replicates} replicates = {total} runs in {keys.place}"]
    for name in sweep.factors:
        values = list(dict.fromkeys(str(point.values[name]) for point in sweep.points))
        shown = ", ".join(values) if len(values) <= 8 else f"{values[0]}, {values[1]}, ... {values[-1]}"
        lines.append(f"  {name}: {len(values)} value{'s' if len(values) != 1 else ''}: {shown}")
    if done:
        lines.append(f"{done} of them are there already.")
    tried, each = _tried(sweep, replicates, keys)
    lines.append(
        f"expected: {in_words(max(0, total - done) * each)} on {keys.workers} "
        f"worker{'s' if keys.workers != 1 else ''}, {max(1, round(total * BYTES_A_RUN / 1e6))} MB "
        f"({tried} runs were tried, {1000 * each:.2g} ms for each; people and graph are made once more)"
    )
    return lines


def in_words(seconds: float) -> str:
    """Return a time as a person would say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _tried(sweep: Sweep, replicates: int, keys: StudyKeys) -> tuple[int, float]:
    """Return how many runs were tried, spread over the points, and the seconds that each took, all workers at work."""
    from sim.study.sweeping import complete, open_study

    large = max(base.people.n_followers for base in sweep.bases.values()) > _LARGE
    points = min(len(sweep.points), _FEW if large else _POINTS)
    some = [
        sweep.points[place * (len(sweep.points) - 1) // max(1, points - 1)].configuration for place in range(points)
    ]
    numbers = range(1, 2 if large else 1 + min(_REPLICATES, replicates))
    with open_study(None, {}, executor=keys.executor, workers=keys.workers) as study:
        complete(study, some, [0])  # compiles, and makes people and graphs
        begun = time.perf_counter()
        complete(study, some, numbers)
        return len(numbers) * points, (time.perf_counter() - begun) / (len(numbers) * points)
