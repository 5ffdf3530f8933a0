"""What a sweep would take: points, runs, time and disk, from a few runs that are tried and thrown away."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.study.swept import Sweep

BYTES_A_RUN = 900
"""On disk while it is under way, ledger and tables; measured at 10,000 runs."""
_TRIED = 3


def foretold(sweep: Sweep, keys: StudyKeys) -> list[str]:
    """Return the plan of a sweep as lines; nothing is written."""
    from sim.study.ledger import finished_runs

    replicates = keys.settings["replicates"]
    total = len(sweep.points) * replicates
    done = 0 if keys.fresh else finished_runs(keys.place)
    lines = [f"{len(sweep.points)} points x {replicates} replicates = {total} runs in {keys.place}"]
    for name in sweep.factors:
        values = list(dict.fromkeys(str(point.values[name]) for point in sweep.points))
        shown = ", ".join(values) if len(values) <= 8 else f"{values[0]}, {values[1]}, ... {values[-1]}"
        lines.append(f"  {name}: {len(values)} value{'s' if len(values) != 1 else ''}: {shown}")
    if done:
        lines.append(f"{done} of them are there already.")
    graphs, seconds = _tried(sweep)
    each = sum(seconds) / len(seconds)
    left = max(0, total - done) * each / keys.workers
    lines.append(
        f"expected: {in_words(left)} on {keys.workers} worker{'s' if keys.workers != 1 else ''}, "
        f"{max(1, round(total * BYTES_A_RUN / 1e6))} MB; a run took {1000 * min(seconds):.0f} to "
        f"{1000 * max(seconds):.0f} ms where it was tried ({len(seconds)} points), people and graph {in_words(graphs)}"
    )
    return lines


def in_words(seconds: float) -> str:
    """Return a time as a person would say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _tried(sweep: Sweep) -> tuple[float, list[float]]:
    """Return how long people and graph took, and a run at the first, the middle and the last point (seconds)."""
    from sim.engine.run import run_campaign
    from sim.study.points import graph_key
    from sim.study.worlds import Worlds

    worlds = Worlds()
    building = 0.0
    seconds = []
    places = sorted({round(part * (len(sweep.points) - 1) / (_TRIED - 1)) for part in range(_TRIED)})
    for place in places:
        configuration = sweep.points[place].configuration
        begun = time.perf_counter()
        world = worlds.of(graph_key(configuration), configuration).with_config(configuration).prepare()
        building += time.perf_counter() - begun
        run_campaign(world, replicate=0)  # the first one compiles
        begun = time.perf_counter()
        run_campaign(world, replicate=1)
        seconds.append(time.perf_counter() - begun)
    return building, seconds
