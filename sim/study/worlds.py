"""Worlds that points share: one for each follower graph, the ones used last kept, up to a size."""

from __future__ import annotations

from collections import OrderedDict

from sim.config.root import Configuration
from sim.engine.world import World, build_world

ROWS_KEPT = 4_000_000
"""Rows of the worlds that are kept beside the one in use."""


class Worlds:
    """Builds the worlds of configurations, and keeps the last ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, World] = OrderedDict()

    def of(self, graph: str, configuration: Configuration) -> World:
        """Return a world with the graph of a configuration; ``World.with_config`` makes it its own.

        Parameters
        ----------
        graph : str
            From :func:`sim.study.points.graph_key`.
        """
        world = self._kept.get(graph)
        if world is None:
            world = build_world(configuration)
            while self._kept and world.rows + sum(other.rows for other in self._kept.values()) > ROWS_KEPT:
                self._kept.popitem(last=False)
            self._kept[graph] = world
        self._kept.move_to_end(graph)
        return world
