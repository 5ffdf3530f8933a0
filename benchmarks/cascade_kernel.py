"""The independent cascade as a plain compiled loop over the follow graph: what a careful afternoon with numba gives."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numba
import numpy as np

if TYPE_CHECKING:
    from benchmarks.cascade_graphs import Setting


@numba.njit(cache=True)
def _spread(start, follower, hub, chance, active, reached):
    """Run one cascade; ``reached`` gets the active rows in order, ``active`` is left as it was found."""
    reached[0] = hub
    active[hub] = True
    first, last = 0, 1
    while first < last:
        row = reached[first]
        first += 1
        for edge in range(start[row], start[row + 1]):
            if random.random() >= chance:
                continue  # most edges end here, before anything of the other row is touched
            other = follower[edge]
            if not active[other]:
                active[other] = True
                reached[last] = other
                last += 1
    for k in range(last):
        active[reached[k]] = False
    return last


@numba.njit(cache=True)
def _seed(seed):
    random.seed(seed)


class PlainKernel:
    """A queue, a mark a row, numba's own generator; marks are wiped row by row, so small cascades cost little."""

    def __init__(self, setting: Setting) -> None:
        graph = setting.graph
        self.setting = setting
        self.active = np.ones(graph.n, dtype=np.bool_)
        self.active[:] = False  # every page written: untouched zeros would all be one page, and unfairly near
        self.reached = np.full(graph.n, -1, dtype=np.int32)
        self.count = 0
        _seed(1)

    def run(self, replicate: int) -> None:
        graph = self.setting.graph
        self.count = _spread(
            graph.start, graph.follower, self.setting.hub, self.setting.chance, self.active, self.reached
        )

    def size(self) -> int:
        """Return how many rows were reached, the start included."""
        return self.count

    def work(self) -> float:
        """Return the follow edges of the rows reached."""
        return float(self.setting.graph.in_degree[self.reached[: self.count]].sum())
