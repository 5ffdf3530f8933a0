"""How a run under the rules in rounds goes; it leaves the same record as a campaign (``docs/model.md`` 6.7)."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sim.engine.contagion import advance_rounds
from sim.engine.layout import MESSAGES, SIGHTS
from sim.engine.record import TIMELINE, Follows, Messages, RunRecord, Sights
from sim.engine.rounds import SIGHTS_KEPT
from sim.engine.rounds_layout import TOLD_COLUMNS
from sim.engine.world import World

_NO_ROWS = np.zeros(0, dtype=np.int32)
_NO_ROWS.flags.writeable = False
_NO_FOLLOWS = Follows(minute=_NO_ROWS, follower=_NO_ROWS, gained=_NO_ROWS.view(np.bool_)[:0])


def _rows(world: World, places: np.ndarray) -> np.ndarray:
    """Return the world's own rows."""
    row_of = world.rounds.row_of
    return places if row_of is None else row_of[places]


class RoundsRecord(RunRecord):
    """A record whose columns are laid out when the first of them is asked for.

    Laying them out costs more than a run that dies at once; what is kept until then is the run's own and changes no
    more.

    Attributes
    ----------
    left : (World, int32[len(TOLD_COLUMNS), minutes], int32[len(STORE), k], Sights or None)
    """

    __slots__ = ("left",)
    left: tuple[World, np.ndarray, np.ndarray, Sights | None]

    def __getattr__(self, name: str) -> Any:
        """Lay out the record: a column was asked for that is not there yet."""
        if name not in RunRecord.__slots__:
            raise AttributeError(name)
        world, told, (minute, author, parent, root, shares), sights = self.left
        del self.left
        until = told.shape[1]
        timeline = dict.fromkeys(TIMELINE, world.rounds.zeros[:until])
        timeline.update(zip(TOLD_COLUMNS, told, strict=True))
        self.__init__(  # type: ignore[misc]
            n=world.n,
            minutes=until,
            messages=Messages(
                minute=minute, author=_rows(world, author), frame=np.zeros(minute.size, dtype=np.int8),
                kind=(parent >= 0).view(np.int8), parent=parent, root=root, shares=shares,
            ),
            follows=_NO_FOLLOWS,
            sights=sights,
            timeline=timeline,
            keys=world.population.key,
            fired=_NO_ROWS,
            replies=0,
            boosts=0,
            statements=0,
        )  # fmt: skip
        return getattr(self, name)


class RoundsRun:
    """A run in progress under a rule in rounds: it can be advanced minute by minute or at once.

    Parameters
    ----------
    world : World
    replicate : int
        Which luck.
    record : {"summary", "log"}
        Whether to keep what was seen.
    """

    def __init__(self, world: World, *, replicate: int = 0, record: Literal["summary", "log"] = "summary") -> None:
        self.world = world
        self.replicate = replicate
        self.minute = 0
        self.keeps_sights = record == "log"
        self.bench = world.borrow_rounds_bench()
        self.bench.begin(world.rounds, world.config, replicate, tells=self.keeps_sights)

    def advance(self, until: int) -> None:
        """Live through the minutes before ``until`` (held at the end of the run)."""
        until = min(until, self.world.rounds.zeros.size)
        while self.minute < until:
            self.minute = int(advance_rounds(self.bench.opened, self.minute, until))
            if self.minute < until:
                self.bench.grow_stores()

    def close(self) -> None:
        """Give the bench back; the run cannot be advanced any more."""
        self.world.give_back_rounds_bench(self.bench)

    def record(self) -> RunRecord:
        """Return what the run has left behind so far, as arrays of its own."""
        bench, until = self.bench, self.minute
        k = int(bench.marks[MESSAGES])
        told = bench.told.copy() if until == bench.told.shape[1] else bench.told[:, :until].copy()
        left = RoundsRecord.__new__(RoundsRecord)
        left.left = self.world, told, bench.store[:, :k].copy(), self._sights()
        return left

    def _sights(self) -> Sights | None:
        if not self.keeps_sights:
            return None
        k = int(self.bench.marks[SIGHTS])
        minute, row, message, frame, impressions, first = (self.bench.arrays[name][:k].copy() for name in SIGHTS_KEPT)
        return Sights(minute, _rows(self.world, row), message, frame, impressions, first == 1)
