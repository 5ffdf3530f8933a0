"""What a sweep would take: points, runs, time and disk, from a few runs that are tried and thrown away."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.config.root import Configuration
    from sim.study.sweep.study import Sweep

BYTES_A_RUN = 900
"""On disk while it is under way, ledger and tables; measured at 10,000 runs."""
_LARGE, _FEW = 200_000, 4
"""Of larger audiences fewer points are tried, and fewer runs of each."""
_POINTS = 20
_LONGER, _LONGER_LARGE = 8, 2
"""Runs of each point in a longer portion; the shorter one has one."""


def foretold(sweep: Sweep, replicates: int, keys: StudyKeys) -> list[str]:
    """Return the plan of a sweep as lines; nothing is written."""
    from sim.study.store.ledger import finished_runs

    total = len(sweep.points) * replicates
    done = 0 if keys.fresh else finished_runs(keys.place)
    lines = [f"{len(sweep.points)} points x {replicates} replicates = {total} runs in {keys.place}"]
    for name in sweep.factors:
        values = list(dict.fromkeys(str(point.values[name]) for point in sweep.points))
        shown = ", ".join(values) if len(values) <= 8 else f"{values[0]}, {values[1]}, ... {values[-1]}"
        lines.append(f"  {name}: {len(values)} value{'s' if len(values) != 1 else ''}: {shown}")
    if done:
        lines.append(f"{done} of them are there already.")
    return [*lines, expected(sweep.configurations, replicates, max(0, total - done), keys)]


def expected(points: Sequence[Configuration], replicates: int, runs: int, keys: StudyKeys) -> str:
    """Return the time and disk that runs would take, in a line; some are tried and thrown away.

    Parameters
    ----------
    points : sequence of Configuration
        The study's, or such as it will ask for.
    replicates : int
        Of each.
    runs : int
        How many are to be carried out.
    """
    tried, each = _tried(points, replicates, keys)
    disk = max(1, round(len(points) * replicates * BYTES_A_RUN / 1e6))
    return (
        f"expected: {in_words(runs * each)} on {keys.workers} worker{'s' if keys.workers != 1 else ''}, {disk} MB "
        f"({tried} runs were tried, {1000 * each:.2g} ms for each; people and graph are made once more)"
    )


def in_words(seconds: float) -> str:
    """Return a time as a person would say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _tried(points: Sequence[Configuration], replicates: int, keys: StudyKeys) -> tuple[int, float]:
    """Return how many runs were tried, at points drawn among all, and the seconds that each takes, all workers at work.

    A point's replicates come in blocks, and each block makes the point's people once: two lengths of blocks tell
    that cost from a run's own.
    """
    from sim.study.execution.order import blocks_of, drawn
    from sim.study.sweeping import complete, open_study

    large = max(points[0].people.n_followers, points[-1].people.n_followers) > _LARGE
    many = min(len(points), _FEW if large else _POINTS)
    some = [points[place] for place in drawn(len(points), many)]
    more = min(replicates, _LONGER_LARGE if large else _LONGER)
    seconds = []
    with open_study(None, {}, executor=keys.executor, workers=keys.workers) as study:
        complete(study, some, [0])  # compiles, and makes people and graphs
        for numbers in (range(1, 2), range(2, 2 + more)):
            begun = time.perf_counter()
            complete(study, some, numbers)
            seconds.append((time.perf_counter() - begun) / many)
    # where luck in timing would have a run of a long portion cost next to nothing, half of its mean is taken
    run = max((seconds[1] - seconds[0]) / max(1, more - 1), 0.5 * seconds[1] / more)
    people = max(0.0, seconds[0] - run)
    return many * (1 + more), run + people * len(blocks_of(range(replicates))) / replicates
