"""The small phase diagram: the odds of a hijack over two settings, coarse first, and where one stands in it.

It is drawn on a stand-in first, which shows the shape of the line; a larger audience has more sparks, and its line lies
elsewhere, so the diagram of the audience itself follows, with fewer runs. Each cell has the luck of the same
replicates. A diagram stays as long as nothing but its two settings changes.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from itertools import product
from threading import Event, Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration, changed
from sim.engine.world import World
from sim.study.design.points import point_key
from sim.study.run.inputs import Field
from sim.warroom.explore.plain import SETTINGS
from sim.warroom.explore.runs import Piece, lived
from sim.warroom.explore.sliders import builds_graph, settings_of, shown_range
from sim.warroom.explore.worlds import Audiences, Dropped

CELLS = 9
ROUNDS, FULL_ROUNDS = (4, 6, 10), (4, 6)
"""Runs that each cell is given, round by round: on a stand-in, and on the audience itself."""
_ROWS_AT_ONCE = 200_000
"""From here on cells come row by row, one run at a time, so that few people are in memory and no piece is long."""
AXES = ("post.openness", "people.grievance_mean")


def axis_names(configuration: Configuration) -> list[str]:
    """Return the settings that may be an axis: numbers that stand open on the page and need no other graph."""
    offered = settings_of(configuration)
    return [
        name for name, plain in SETTINGS.items()
        if name in offered and not plain.folded and not builds_graph(name) and not offered[name].choices
        and not isinstance(offered[name].default, int)
    ]  # fmt: skip


def axis_range(field: Field) -> tuple[float, float]:
    """Return the ends of an axis: around what is plausible where that is known, else those of the slider."""
    if field.span is None:
        return shown_range(field)
    width = field.span[1] - field.span[0]
    return max(field.legal[0], field.span[0] - width), min(field.legal[1], field.span[1] + width)


def coarse_first(cells: int) -> list[tuple[int, int]]:
    """Return the cells in an order in which the whole shows early: every fourth, every second, all."""
    order: dict[tuple[int, int], None] = {}
    for stride in (4, 2, 1):
        order.update(dict.fromkeys((x, y) for y in range(0, cells, stride) for x in range(0, cells, stride)))
    return list(order)


class Phase:
    """The odds of a hijack over two settings.

    Parameters
    ----------
    audiences : Audiences
    configuration : Configuration
    axes : (str, str)
        Settings of x and y.
    rounds : tuple of int
        Runs that each cell is given, round by round.

    Attributes
    ----------
    weight, spent : float
        Share of the time that it may have beside other runs, and the seconds that it has had.
    """

    weight = 1.0

    def __init__(
        self, audiences: Audiences, configuration: Configuration, axes: tuple[str, str], rounds: tuple[int, ...]
    ) -> None:
        self.key = phase_key(configuration, axes)
        self.axes, self.rounds, self.spent = axes, rounds, 0.0
        self.stale = Event()
        self.rows = configuration.people.n_followers
        offered = settings_of(configuration)
        self.values = [np.linspace(*axis_range(offered[name]), CELLS).tolist() for name in axes]
        self.hits: npt.NDArray[np.int64] = np.zeros((CELLS, CELLS), np.int64)
        self.runs: npt.NDArray[np.int64] = np.zeros((CELLS, CELLS), np.int64)
        self._audiences, self._configuration, self._lock = audiences, configuration, Lock()
        self._coming: Future[World] | None = None
        self._apart = 0 if axes[0].partition(".")[0] in ("people", "agency") else 1
        self._peoples: OrderedDict[int, World] = OrderedDict()
        self._left = self._order()
        self._handed_out_all = False

    def _order(self) -> Iterator[tuple[int, int, range]]:
        """Yield the pieces: column, row, numbers of the luck."""
        first = 0
        for several in self.rounds:
            if self.rows < _ROWS_AT_ONCE:
                for x, y in coarse_first(CELLS):
                    yield x, y, range(first, first + several)
            else:
                for one, other in product(range(CELLS), range(CELLS)):
                    x, y = (one, other) if self._apart == 0 else (other, one)
                    yield from ((x, y, range(number, number + 1)) for number in range(first, first + several))
            first += several

    @property
    def is_drawn(self) -> bool:
        """Whether each cell has had its first round."""
        return bool((self.runs >= self.rounds[0]).all())

    @property
    def points(self) -> int:
        """Cells that have had their first round."""
        return int((self.runs >= self.rounds[0]).sum())

    @property
    def done(self) -> bool:
        """Whether all cells are full."""
        return bool((self.runs >= sum(self.rounds)).all())

    @property
    def coming(self) -> Future[World] | None:
        """The audience, while it is being made."""
        if self._coming is None:
            self._coming = self._audiences.world(self._configuration, wanted=lambda: not self.stale.is_set())
        return None if self._coming.done() else self._coming

    def next(self) -> Piece | None:
        """Return the next piece of work; None if there is nothing to do now."""
        if self._handed_out_all or self.coming is not None:
            return None
        assert self._coming is not None
        try:
            world = self._coming.result()
        except Dropped:
            return None
        cell = next(self._left, None)
        if cell is None:
            self._handed_out_all = True
            return None
        return partial(self._carry_out, world, *cell)

    def _carry_out(self, base: World, x: int, y: int, numbers: range) -> None:
        begun = time.perf_counter()
        world = self._world(base, x, y)
        verdicts = []
        for replicate in numbers:
            run = lived(world, replicate, self.stale.is_set)
            if run is None:
                return
            verdicts.append(run.outcome["verdict"])
        with self._lock:
            self.hits[y, x] += sum(verdict == "hijacked" for verdict in verdicts)
            self.runs[y, x] += len(verdicts)
            self.spent += time.perf_counter() - begun

    def _world(self, base: World, x: int, y: int) -> World:
        """Return the world of a cell; people are made once for each value of the axis that they depend on."""
        changes = {name: values[place] for name, values, place in zip(self.axes, self.values, (x, y), strict=True)}
        place = (x, y)[self._apart]
        with self._lock:
            people = self._peoples.get(place)
        if people is None:
            one = {self.axes[self._apart]: changes[self.axes[self._apart]]}
            people = base.with_config(changed(self._configuration, one)).prepare()
            with self._lock:
                self._peoples[place] = people
                while len(self._peoples) > max(1, _ROWS_AT_ONCE * CELLS // (10 * max(self.rows, 1))):
                    self._peoples.popitem(last=False)
        return people.with_config(changed(self._configuration, changes)).prepare()

    def so_far(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return hits and runs, int64[y, x] each."""
        with self._lock:
            return self.hits.copy(), self.runs.copy()

    def told(self, here: Sequence[float]) -> dict[str, Any]:
        """Return the diagram as plain values.

        Parameters
        ----------
        here : (float, float)
            Where one stands, on x and y.
        """
        hits, runs = self.so_far()
        shares = np.where(runs > 0, hits / np.maximum(runs, 1), np.nan)
        labels = [SETTINGS[name].label for name in self.axes]
        short = [SETTINGS[name].short for name in self.axes]
        return {
            "rows": self.rows, "of": sum(self.rounds), "least": int(runs.min()), "most": int(runs.max()),
            "here": [float(place) for place in here],
            "axes": [
                {"name": name, "label": label, "values": [float(f"{value:.4g}") for value in values]}
                for name, label, values in zip(self.axes, labels, self.values, strict=True)
            ],
            "hits": hits.tolist(), "runs": runs.tolist(),
            "finding": finding(shares, self.values, here, short) if runs.min() >= self.rounds[0] else "",
        }  # fmt: skip


def phase_key(configuration: Configuration, axes: tuple[str, str]) -> bytes:
    """Return what a diagram follows from: all of a configuration but the values of its axes."""
    offered = settings_of(configuration)
    return (
        point_key(changed(configuration, {name: axis_range(offered[name])[0] for name in axes}), {})
        + repr(axes).encode()
    )


def crossing(places: Sequence[float], shares: Sequence[float], here: float) -> float | None:
    """Return where a line of shares passes one half, the place nearest to ``here``; None if nowhere."""
    found = []
    for (a, p), (b, q) in zip(
        zip(places, shares, strict=True), list(zip(places, shares, strict=True))[1:], strict=False
    ):
        if (p - 0.5) * (q - 0.5) < 0.0 or (q == 0.5 and p != 0.5):
            found.append(a + (0.5 - p) / (q - p) * (b - a))
    return min(found, key=lambda place: abs(place - here), default=None)


def finding(
    shares: npt.NDArray[np.float64], values: Sequence[Sequence[float]], here: Sequence[float], names: Sequence[str]
) -> str:
    """Return what the diagram says of where one stands, for each axis with the other as it is."""
    across = [float(np.interp(here[1], values[1], shares[:, x])) for x in range(shares.shape[1])]
    along = [float(np.interp(here[0], values[0], shares[y, :])) for y in range(shares.shape[0])]
    told, never = [], []
    for axis, line in ((0, across), (1, along)):
        at, passes = here[axis], crossing(values[axis], line, here[axis])
        if passes is None:
            never.append((names[axis], float(np.mean(line)) > 0.5))
            continue
        near = abs(at - passes) < 0.01 * (values[axis][-1] - values[axis][0])
        where = "right there" if near else f"at {at:.2g}, {'above' if at > passes else 'below'} it"
        told.append(
            f"With {names[1 - axis]} as it is, the odds of a hijack pass one half at {names[axis]} "
            f"{passes:.2f}; you stand {where}."
        )
    if len(never) == 2 and never[0][1] == never[1][1]:
        side = "above" if never[0][1] else "below"
        return f"The odds of a hijack stay {side} one half whether {names[0]} or {names[1]} moves alone."
    return " ".join([*told, *(
        f"Whatever {name} is, they stay {'above' if above else 'below'} one half." for name, above in never
    )])  # fmt: skip
