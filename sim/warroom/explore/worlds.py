"""Audiences of the live page: each is built once for all who explore, in threads of its own.

Only what fixes the follower graph makes another audience (:data:`sim.study.design.points.FIXES_GRAPH`); all else reuses
the one that stands: another post at once, other people in a moment. Small audiences do not wait behind large ones. A
world that nobody wants any more by the time its turn comes is not made.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from weakref import WeakValueDictionary

from sim.config.root import Configuration
from sim.engine.run import run_campaign
from sim.engine.world import World
from sim.study.design.points import graph_key, point_key
from sim.study.execution.reduced import reduce
from sim.study.execution.worlds import Worlds

SMALL_ROWS = 200_000
"""Audiences up to this size are built in the threads of the small."""

_ROWS_KEPT = 1_200_000
"""Rows of the audiences of either kind that are kept: a million take about 200 MB."""


class Dropped(Exception):
    """Nobody wanted it any more."""


class Audiences:
    """The worlds of a server.

    Worlds are shared: whoever asks for the configuration that another one has gets the same.

    Parameters
    ----------
    ending : Event
        Set when the server ends: no other world is made then.

    Attributes
    ----------
    is_warm : bool
        Whether a campaign was run: after an update the first one waits until all is compiled.
    """

    def __init__(self, ending: Event) -> None:
        self._ending = ending
        self.is_warm = False
        self._small, self._large = (
            ThreadPoolExecutor(1, thread_name_prefix=f"audience-{size}") for size in ("small", "large")
        )
        self._shelves = {self._small: Worlds(rows_kept=_ROWS_KEPT), self._large: Worlds(rows_kept=_ROWS_KEPT)}
        self._made: WeakValueDictionary[bytes, World] = WeakValueDictionary()
        self._graphs: set[str] = set()
        self._lock = Lock()

    def stands(self, configuration: Configuration) -> bool:
        """Tell whether the audience of a configuration was built already, so that nobody need wait for it."""
        return graph_key(configuration) in self._graphs

    def world(self, configuration: Configuration, wanted: Callable[[], bool] = lambda: True) -> Future[World]:
        """Return the world of a configuration, ready to be run, as soon as it is there.

        Parameters
        ----------
        wanted : callable
            Asked when its turn comes: whether it is still wanted.

        Raises
        ------
        Dropped
            From the future: it was not wanted any more.
        """
        key = point_key(configuration, {})
        with self._lock:
            known = self._made.get(key)
        if known is not None:
            at_once: Future[World] = Future()
            at_once.set_result(known)
            return at_once
        size = self._small if configuration.people.n_followers <= SMALL_ROWS else self._large
        return size.submit(self._build, size, key, configuration, wanted)

    def _build(
        self, size: ThreadPoolExecutor, key: bytes, configuration: Configuration, wanted: Callable[[], bool]
    ) -> World:
        if self._ending.is_set() or not wanted():
            raise Dropped
        with self._lock:
            known = self._made.get(key)
        if known is not None:
            return known
        graph = graph_key(configuration)
        world = self._shelves[size].of(graph, configuration).with_config(configuration).prepare()
        world.drop_other_benches()  # a slider may move the sizes
        if not self.is_warm:
            reduce(run_campaign(world, replicate=0), 0.0)
            self.is_warm = True
        with self._lock:
            self._made[key] = world
            self._graphs.add(graph)
        return world
