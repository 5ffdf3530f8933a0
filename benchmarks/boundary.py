"""Whether a tenth of a grid's runs place the tipping line as well, on the model itself.

``nice -n 10 python -m benchmarks.boundary FOLDER`` searches P(hijacked) = 1/2 of the first 12 hours of ``ask_jpm`` at
5,000 followers over ``post.openness`` (0 to 1) and ``people.grievance_mean`` (0.02 to 0.5), four times, each with luck
of its own and 4,000 runs. Beside it stands the line of a grid of 40 x 40 points with 25 replicates, once with the same
luck at every point, as ``backfire sweep`` has it, and once with luck of each point's own. All are measured against a
dense run of 100 more replicates, with luck of their own everywhere, at every point of the grid near the line. The runs
stay in FOLDER, so that it goes on where it was cut short (some 206,000 runs, five minutes of CPU).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from benchmarks.boundary_lines import (
    EACH,
    GRID,
    Accuracy,
    accuracy,
    grid_points,
    line_of,
    of_grid,
    of_search,
    width_of,
)
from sim.catalogue.compose import compose
from sim.config.root import Configuration, changed
from sim.study.boundary.box import Box, box_of
from sim.study.boundary.search import Ask, search
from sim.study.boundary.study import Asked
from sim.study.boundary.surface import Array
from sim.study.design.designs import Factor
from sim.study.store.provenance import identity
from sim.study.sweeping import OpenStudy, complete, frames_of, open_study

CASE = ("case=ask_jpm", "people.n_followers=5000", "horizon_hours=12")
PLANE = (Factor("post.openness", interval=(0.0, 1.0)), Factor("people.grievance_mean", interval=(0.02, 0.5)))
SEARCHES, RUNS = 4, GRID * GRID * EACH // 10
DENSE, NEAR, WIDTH = 100, (0.1, 0.9), 1.0
"""Of the truth: runs of a point, between which shares on the smoothed grid, and the smoothing in cells."""
_FIRST_OWN, _FIRST_DENSE = 100_000, 200_000
"""Replicate numbers: searches have 10,000 each from 0 on."""


def main() -> None:
    """Carry all of it out, and print what was found."""
    folder = Path(sys.argv[1])
    base, _ = compose(CASE)
    box = box_of(base, PLANE)
    own = identity({"": base.model_dump(mode="json")}, {"benchmark": "boundary"})
    with open_study(folder, own) as study:
        ask = Asked(study, base, box, "hijacked")
        own_luck = _rows(ask, grid_points(), EACH, _FIRST_OWN).reshape(GRID, GRID)
        near = gaussian_filter(own_luck / EACH, 2.0, mode="nearest").ravel()
        chosen = np.flatnonzero((near > NEAR[0]) & (near < NEAR[1]))
        halves = [_rows(ask, grid_points()[chosen], DENSE // 2, _FIRST_DENSE + part * 10**6) for part in (0, 1)]
        dense = [_filled(own_luck, chosen, each, DENSE // 2) for each in halves]
        true = of_grid(_filled(own_luck, chosen, halves[0] + halves[1], DENSE), 0.5, WIDTH)
        print(f"load {os.getloadavg()[0]:.1f}; truth: {chosen.size} points x {DENSE} runs; of its halves, one against "
              f"the other: {_told(accuracy(*(of_grid(each, 0.5, WIDTH) for each in dense)))}")  # fmt: skip
        same_luck = _same(study, base, box)
        for name, hits in (("the same luck", same_luck), ("luck of its own", own_luck)):
            width = width_of(hits, 1)
            print(f"grid, {hits.size * EACH:,} runs, {name}: raw {_told(accuracy(true, of_grid(hits, 0.5, 0.0)))}; "
                  f"smoothed by {width:g} cells {_told(accuracy(true, of_grid(hits, 0.5, width)))}")  # fmt: skip
        for number in range(SEARCHES):
            _searched(_shifted(ask, 10_000 * number), box, true, number)


def _searched(ask: Ask, box: Box, true: Array, number: int) -> None:
    """Search the line once, and print how far it is off after a quarter, a half and all of the runs."""
    for runs in (RUNS // 4, RUNS // 2, RUNS):
        begun = time.process_time()
        found = search(ask, 2, runs=runs, seed=number, snap=box.snap)
        seconds = time.process_time() - begun
        line = line_of(true)
        mean, deviation = found.surface.at(line)
        held = float((np.abs(mean) <= 1.96 * deviation).mean())
        print(f"search {number + 1}, {found.spent.asked:,} runs: {_told(accuracy(true, of_search(found)))} "
              f"(expected {100 * found.misplaced:.2f} %); the band holds {100 * held:.0f} % of the true line; "
              f"{seconds:.0f} s of CPU")  # fmt: skip


def _told(found: Accuracy) -> str:
    """Return an accuracy in words."""
    return f"{100 * found.misplaced:.2f} % misplaced, {found.distance:.4f} sides away"


def _shifted(ask: Ask, by: int) -> Ask:
    """Return an ask whose luck begins at another number."""

    def shifted(points: Array, numbers: Sequence[range]) -> tuple[Array, Array]:
        return ask(points, [range(each.start + by, each.stop + by) for each in numbers])  # type: ignore[return-value]

    return shifted


def _rows(ask: Callable[..., tuple[Array, Array]], points: Array, each: int, first: int) -> Array:
    """Return hits at points, each with luck of its own, float64[points]."""
    found = []
    for begin in range(0, len(points), GRID):
        some = points[begin : begin + GRID]
        numbers = [range(first + each * (begin + i), first + each * (begin + i + 1)) for i in range(len(some))]
        found.append(ask(some, numbers)[0])
    return np.concatenate(found)


def _filled(grid: Array, chosen: npt.NDArray[np.int64], hits: Array, runs: int) -> Array:
    """Return hits of 25 runs, float64[40, 40]: those of a dense run, scaled, where there is one."""
    filled = grid.ravel().copy()
    filled[chosen] = hits / runs * EACH
    return filled.reshape(GRID, GRID)


def _same(study: OpenStudy, base: Configuration, box: Box) -> Array:
    """Return hits of the grid with the same luck at every point, float64[40, 40]."""
    configurations = [changed(base, values) for values in box.values(grid_points())]
    keys = complete(study, configurations, EACH)
    hits = np.zeros(len(keys))
    for part in frames_of(study, keys, EACH):
        np.add.at(hits, part["point"].to_numpy(), part["verdict"].to_numpy() == "hijacked")
    return hits.reshape(GRID, GRID)


if __name__ == "__main__":
    main()
