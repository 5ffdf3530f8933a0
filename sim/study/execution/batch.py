"""Runs by the batch: replicates of one world, and draws of what is not known, each reduced at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sim.config.root import Configuration, changed
from sim.engine.run import Record
from sim.engine.world import World, build_world
from sim.network.shelf import NO_SHELF
from sim.study.execution.job import Crew, Extra, Job, Progress
from sim.study.execution.reduced import Reduced
from sim.study.run.unknown import Unknown


class Untold:
    """Progress that nobody is told of."""

    def stage(self, title: str, runs: int | None = None) -> None:
        """Do nothing."""

    def done(self, runs: int) -> None:
        """Do nothing."""

    def note(self, sentence: str) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Batch:
    """Runs in order, with what tells them apart.

    Attributes
    ----------
    runs : list of Reduced
    keys : dict of column name to list
        One value a run.
    """

    runs: list[Reduced]
    keys: dict[str, list[Any]]


def replicates_of(
    world: World,
    replicates: Sequence[int],
    *,
    crew: Crew,
    progress: Progress,
    extra: Extra | None = None,
    record: Record = "summary",
    watched: bool = False,
    what: str = "",
) -> Iterator[Reduced]:
    """Carry out replicates of one world side by side, and yield them in order.

    Parameters
    ----------
    replicates : sequence of int
        Numbers of the luck.
    extra : callable, optional
        What else to keep of each record (called where the run is carried out).
    watched : bool
        Whether records say what each row saw.
    what : str
        Put before "replicate 7" in an error message.
    """
    world.prepare()
    jobs = (
        Job(world, (replicate,), f"{what}replicate {replicate}", extra=extra, record=record, watched=watched)
        for replicate in replicates
    )  # fmt: skip
    for runs in crew.run(jobs, progress):
        yield from runs


class _SharedWorlds:
    """Worlds that blocks of draws share: built one ahead, so that nobody waits, and dropped after the last user.

    Parameters
    ----------
    build : callable
        Builds the world of a block.
    users : mapping of block to int
        How many draws need each block; blocks are used in order.
    """

    def __init__(self, build: Callable[[int], World], users: Mapping[int, int]) -> None:
        self._build = build
        self._left = dict(users)
        self._builder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="build")
        self._worlds: dict[int, Future[World]] = {}

    def borrow(self, block: int) -> World:
        """Return the world of a block, and begin to build the next."""
        for wanted in (block, block + 1):
            if wanted in self._left and wanted not in self._worlds:
                self._worlds[wanted] = self._builder.submit(self._build, wanted)
        return self._worlds[block].result()

    def give_back(self, block: int) -> None:
        """Count one draw less that needs the block's world."""
        self._left[block] -= 1
        if self._left[block] == 0:
            del self._worlds[block], self._left[block]

    def close(self) -> None:
        """Build no more."""
        self._builder.shutdown(wait=True, cancel_futures=True)


def draws_of(
    configuration: Configuration,
    unknown: Unknown,
    *,
    draws: int,
    graphs: int,
    replicates: int,
    crew: Crew,
    progress: Progress,
    shared: World | None = None,
) -> Batch:
    """Carry out the runs over what is not known.

    Parameters
    ----------
    unknown : Unknown
        What is drawn.
    draws, graphs : int
        Draws, and graphs that they share (see :func:`sim.study.run.draws.latin_hypercube`).
    replicates : int
        Runs of each draw, each with luck of its own (draw k has replicates k * replicates and on).
    shared : World, optional
        The world at central values; where no input touches the graph, all draws use its graph.

    Returns
    -------
    Batch
        Keys: ``draw``, ``replicate`` and the value of each input under its dotted name.
    """
    inputs, values = unknown.inputs, unknown.values(draws, graphs, configuration.seed)
    points = [
        changed(configuration, {item.name: float(value) for item, value in zip(inputs, row, strict=True)})
        for row in values
    ]
    of_graph = [item.name for item in inputs if item.of_graph]
    blocks = [draw * graphs // draws if of_graph else 0 for draw in range(draws)]

    def build(block: int) -> World:
        if shared is not None and not of_graph:
            return shared
        first = points[blocks.index(block)]
        return build_world(first, shelf=NO_SHELF)  # drawn for this study alone

    worlds = _SharedWorlds(build, {block: blocks.count(block) for block in blocks})
    jobs = (
        Job(worlds.borrow(blocks[draw]), range(draw * replicates, (draw + 1) * replicates),
            f"draw {draw} of what is not known", points[draw], timeline=False)
        for draw in range(draws)
    )  # fmt: skip
    runs: list[Reduced] = []
    try:
        for draw, several in enumerate(crew.run(jobs, progress)):
            worlds.give_back(blocks[draw])
            runs += several
    finally:
        worlds.close()
    keys: dict[str, list[Any]] = {
        "draw": [draw for draw in range(draws) for _ in range(replicates)],
        "replicate": list(range(draws * replicates)),
    }
    for column, item in enumerate(inputs):
        keys[item.name] = [float(values[draw, column]) for draw in range(draws) for _ in range(replicates)]
    return Batch(runs, keys)
