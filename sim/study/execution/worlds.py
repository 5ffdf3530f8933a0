"""Worlds that points share: one for each follower graph, the ones used last kept, up to a size; built ahead."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from sim.config.root import Configuration
from sim.engine.world import World, build_world

ROWS_KEPT = 4_000_000
"""Rows of the worlds that are kept beside the one in use."""
ROWS_AHEAD = 1_000_000
"""Rows of the worlds that are built before they are asked for; one at least."""


class Worlds:
    """Builds the worlds of configurations, and keeps the last ones.

    Parameters
    ----------
    builders : int
        Worlds that are built side by side.
    rows_kept : int, optional
        Rows of all worlds that are kept, the one in use among them; :data:`ROWS_KEPT` if left out.
    """

    def __init__(self, builders: int = 1, rows_kept: int | None = None) -> None:
        self._rows_kept = ROWS_KEPT if rows_kept is None else rows_kept
        self._kept: OrderedDict[str, World] = OrderedDict()
        self._coming: dict[str, tuple[int, Future[World]]] = {}
        self._builders = ThreadPoolExecutor(max_workers=builders, thread_name_prefix="build")

    def expect(self, wanted: Iterable[tuple[str, int]], points: Sequence[Configuration]) -> None:
        """Begin to build the next worlds that will be asked for, so that nobody waits.

        Parameters
        ----------
        wanted : iterable of (str, int)
            Keys of graphs in the order in which they will be asked for, and the place of a point of each.
        points : sequence of Configuration
        """
        for graph, place in wanted:
            if graph in self._kept or graph in self._coming:
                continue
            if sum(rows for rows, _ in self._coming.values()) >= ROWS_AHEAD:
                return
            configuration = points[place]
            building = self._builders.submit(build_world, configuration)
            self._coming[graph] = max(1, configuration.people.n_followers), building

    def of(self, graph: str, configuration: Configuration) -> World:
        """Return a world with the graph of a configuration; ``World.with_config`` makes it its own.

        Parameters
        ----------
        graph : str
            From :func:`sim.study.design.points.graph_key`.
        """
        world = self._kept.get(graph)
        if world is None:
            coming = self._coming.pop(graph, None)
            world = build_world(configuration) if coming is None else coming[1].result()
            while self._kept and world.rows + sum(other.rows for other in self._kept.values()) > self._rows_kept:
                self._kept.popitem(last=False)
            self._kept[graph] = world
        self._kept.move_to_end(graph)
        return world

    def close(self) -> None:
        """Build no more."""
        self._builders.shutdown(wait=True, cancel_futures=True)
