"""The order in which the runs of points are carried out, and in which portions.

Replicates are done in blocks that grow, each over all points, so that a study that is cut short has about
as many of each point; within a block, points that share a follower graph are neighbours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.study.design.points import graph_key

Portion = tuple[int, Sequence[int]]
"""A point's place, and numbers of replicates."""
_FIRST_BLOCKS = (10, 25, 50)
"""Where the first blocks end; from there on they double. Each costs every point its people once more."""
_ROWS, _RUNS = 2_000_000, 50
"""A portion is what is lost at most when a worker dies: so many simulated rows, and at most so many runs."""
_SHARES = 3
"""A portion is at most such a part of what is left for a worker."""
_SEVERAL = 4
"""Portions that are claimed together, if they are as large as can be."""


def numbers_of(replicates: int | Sequence[int]) -> Sequence[int]:
    """Return the numbers of replicates: from 0 on if a count is given.

    Raises
    ------
    ConfigError
        None, or a number twice.
    """
    numbers = range(replicates) if isinstance(replicates, int) else list(replicates)
    if not numbers or min(numbers) < 0 or len(set(numbers)) != len(numbers):
        raise ConfigError(f"replicates must be at least 1, or distinct numbers from 0 on; got {replicates!r}.")
    return numbers


def drawn(places: int, many: int) -> list[int]:
    """Return some of so many places, in their order: a draw without repeats, the same one each time."""
    return sorted(np.random.default_rng(0).choice(places, many, replace=False).tolist())


def blocks_of(numbers: Sequence[int]) -> list[Sequence[int]]:
    """Return replicates in blocks that end at 10, 25, 50, 100, 200 and so on."""
    ends = list(_FIRST_BLOCKS)
    while ends[-1] < len(numbers):
        ends.append(2 * ends[-1])
    blocks = [numbers[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
    return [block for block in blocks if len(block) > 0]


class Order:
    """The order of a study's runs.

    Parameters
    ----------
    points : sequence of Configuration
    key_of : callable
        Gives the key of a configuration.
    numbers : sequence of int
        Replicates of each point.
    living_on : sequence of Configuration, optional
        For each point, the configuration whose follower graph it runs on, if not its own.

    Attributes
    ----------
    keys, graphs : list
        Of each point, its own key and that of what fixes its follower graph.
    rows : list of int
        Of each point, its audience.
    living_on : sequence of Configuration
        For each point, the configuration whose follower graph it runs on.
    """

    def __init__(
        self,
        points: Sequence[Configuration],
        key_of: Callable[[Configuration], bytes],
        numbers: Sequence[int],
        living_on: Sequence[Configuration] | None = None,
    ) -> None:
        self.keys: list[bytes] = []
        self.graphs: list[str] = []
        self.rows: list[int] = []
        self.living_on = points if living_on is None else living_on
        self._numbers, self._blocks = numbers, blocks_of(numbers)
        first: dict[bytes, int] = {}
        by_graph: dict[str, list[int]] = {}
        for place, configuration in enumerate(points):
            self.graphs.append(graph_key(self.living_on[place]))
            own = living_on is None or self.graphs[place] == graph_key(configuration)
            key = key_of(configuration)
            self.keys.append(key if own else hashlib.sha256(key + self.graphs[place].encode()).digest()[:16])
            self.rows.append(max(1, configuration.people.n_followers))
            if first.setdefault(self.keys[place], place) == place:  # the same content twice is run once
                by_graph.setdefault(self.graphs[place], []).append(place)
        self._places = [place for places in by_graph.values() for place in places]

    def wanted(self) -> Iterator[Portion]:
        """Yield each point once, with all its replicates."""
        for place in self._places:
            yield place, self._numbers

    def portions(self, side_by_side: int = 1) -> Iterator[Portion]:
        """Yield all runs in portions, smaller ones towards the end, so that all workers end together.

        Parameters
        ----------
        side_by_side : int
            Workers.
        """
        left = sum(len(numbers) for _, numbers in self.wanted())
        for place, numbers in self._whole():
            begin = 0
            while begin < len(numbers):
                share = -(-left // (_SHARES * side_by_side))
                size = max(1, min(_RUNS, _ROWS // self.rows[place], share))
                portion = numbers[begin : begin + size]
                yield place, portion
                begin, left = begin + len(portion), left - len(portion)

    def _whole(self) -> Iterator[Portion]:
        """Yield all runs, block by block."""
        for block in self._blocks:
            for place in self._places:
                yield place, block

    def claimed_together(self, portions: Iterator[Portion]) -> list[Portion]:
        """Return the next few portions; empty at the end."""
        batch: list[Portion] = []
        runs, rows = 0, 0
        for place, numbers in portions:
            batch.append((place, numbers))
            runs += len(numbers)
            rows += len(numbers) * self.rows[place]
            if runs >= _SEVERAL * _RUNS or rows >= _SEVERAL * _ROWS:
                break
        return batch


class OwnLuck(Order):
    """The order of runs where each point has replicates of its own.

    Parameters
    ----------
    points : sequence of Configuration
        All of different content.
    key_of : callable
    numbers : sequence of sequence of int
        Replicates of each point.
    living_on : sequence of Configuration, optional
        As :class:`Order` takes it.
    """

    def __init__(
        self,
        points: Sequence[Configuration],
        key_of: Callable[[Configuration], bytes],
        numbers: Sequence[Sequence[int]],
        living_on: Sequence[Configuration] | None = None,
    ) -> None:
        super().__init__(points, key_of, (), living_on)
        self._own = numbers

    def wanted(self) -> Iterator[Portion]:
        """Yield each point once, with its replicates."""
        for place in self._places:
            yield place, self._own[place]

    def _whole(self) -> Iterator[Portion]:
        """Yield all runs, point by point."""
        return self.wanted()
