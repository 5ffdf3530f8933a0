"""Replicates of one configuration as they come in: in small pieces, dropped in the middle once they are stale.

Replicate r has the luck of replicate r of ``backfire run``. A campaign that dies is simulated sooner than one that
runs wild, so what has landed is told only as far as no number is missing: the first k replicates, whichever came
first. Otherwise early estimates would lean towards fizzles.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Event, Lock

from sim.config.root import Configuration
from sim.engine.run import Run
from sim.engine.world import World
from sim.study.execution.reduced import Reduced, reduce
from sim.warroom.explore.worlds import Audiences, Dropped

Piece = Callable[[], None]
"""Work for a thread; it lands what it found itself."""
_PIECE_SECONDS = 0.04
_MOST_AT_ONCE = 8
_WHOLE_ROWS = 50_000
_SLICE_MINUTES = 30


def lived(world: World, replicate: int, is_stale: Callable[[], bool]) -> Reduced | None:
    """Return one run; None if it became stale under way.

    Small audiences are asked about at the end alone: they take milliseconds.
    """
    if is_stale():
        return None
    begun = time.perf_counter()
    run = Run(world, replicate=replicate)
    minutes = world.config.minutes
    stride = minutes if world.rows <= _WHOLE_ROWS else _SLICE_MINUTES
    try:
        while run.minute < minutes:
            if is_stale():
                return None
            run.advance(run.minute + stride)
        return reduce(run.record(), time.perf_counter() - begun)
    finally:
        run.close()


class Runs:
    """Replicates 0, 1, 2, ... of one configuration.

    Parameters
    ----------
    audiences : Audiences
    configuration : Configuration
    goal : int
        How many.
    stale : Event
        Set once nobody wants them any more.

    Attributes
    ----------
    runs : list of Reduced
        The first ones, without a gap.
    weight : float
        Share of the time that these runs may have beside others.
    spent : float, seconds
        Time that they have taken.
    """

    def __init__(
        self, audiences: Audiences, configuration: Configuration, goal: int, stale: Event, *, weight: float = 1.0
    ) -> None:
        self.configuration, self.goal, self.weight, self.spent = configuration, goal, weight, 0.0
        self.runs: list[Reduced] = []
        self._audiences, self._stale, self._lock = audiences, stale, Lock()
        self._coming: Future[World] | None = None
        self._landed: dict[int, Reduced] = {}
        self._handed_out = 0

    @property
    def rows(self) -> int:
        """Rows of the audience."""
        return self.configuration.people.n_followers

    @property
    def done(self) -> bool:
        """Whether all are there."""
        return len(self.runs) >= self.goal

    @property
    def coming(self) -> Future[World] | None:
        """The audience, while it is being made; asked for when it is first needed."""
        if self._coming is None:
            self._coming = self._audiences.world(self.configuration, wanted=lambda: not self._stale.is_set())
        return None if self._coming.done() else self._coming

    @property
    def stands(self) -> bool:
        """Whether the audience is there."""
        return self._coming is not None and self._coming.done()

    def next(self) -> Piece | None:
        """Return the next piece of work; None if there is nothing to do now.

        Raises
        ------
        BackfireError, MemoryError
            The audience cannot be made.
        """
        if self._handed_out >= self.goal or self.coming is not None:
            return None
        assert self._coming is not None
        try:
            world = self._coming.result()
        except Dropped:
            return None
        first = self._handed_out
        self._handed_out = min(self.goal, first + self._at_once())
        return partial(self._carry_out, world, range(first, self._handed_out))

    def _at_once(self) -> int:
        """Return how many runs make a piece that is neither long nor too small to be worth handing out."""
        with self._lock:
            known = [run.seconds for run in self.runs[-10:]]
        if not known:
            return 2 if self.rows <= _WHOLE_ROWS else 1
        mean = sum(known) / len(known)
        return max(1, min(_MOST_AT_ONCE, int(_PIECE_SECONDS / max(mean, 1e-4))))

    def _carry_out(self, world: World, numbers: range) -> None:
        begun = time.perf_counter()
        for replicate in numbers:
            run = lived(world, replicate, self._stale.is_set)
            if run is None:
                return
            with self._lock:
                self._landed[replicate] = run
                while len(self.runs) in self._landed:
                    self.runs.append(self._landed.pop(len(self.runs)))
        with self._lock:
            self.spent += time.perf_counter() - begun

    def so_far(self) -> list[Reduced]:
        """Return the runs that can be told of."""
        with self._lock:
            return list(self.runs)
