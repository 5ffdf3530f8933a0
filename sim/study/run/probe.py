"""Where the advice flips: the strongest inputs, simulated at the ends of their spans and on the way between.

Everything else stays central, on the luck of the first runs. Between simulated places, participants (log) and
hijack share (log-odds) are taken as straight lines, and P(hijacked) follows from them and from their luck; the
next place to simulate is where that crosses one half, so that a few runs close in on the flip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.config.root import changed
from sim.engine.world import World
from sim.mathx import normal_cdf_all
from sim.outcome.verdict import CUTOFF, FIZZLE_ROWS
from sim.study.execution.job import Crew, Job, Progress
from sim.study.execution.reduced import Reduced
from sim.study.run.hinges import Floats, Runs, Surrogate
from sim.study.run.inputs import Input

STEPS = 3
_GRID = 401
_KEPT = 0.15
"""A new place keeps this part of the bracket's width from its ends, so that each step narrows it."""

_LINE = float(np.log(CUTOFF / (1.0 - CUTOFF)))


@dataclass
class Axis:
    """One input, and what simulation has shown along it.

    Attributes
    ----------
    item : Input
    luck : (float, float)
        Standard deviations by luck of log participants and of the log-odds of the share.
    places, sizes, shares : list of float
        Simulated values of the input, in rising order, with the means of both responses.
    """

    item: Input
    luck: tuple[float, float]
    places: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def add(self, place: float, runs: Runs) -> None:
        """Take in the runs at one value of the input."""
        at = int(np.searchsorted(self.places, place))
        self.places.insert(at, place)
        self.sizes.insert(at, float(np.mean(runs.log_size)))
        self.shares.insert(at, float(np.average(runs.log_odds, weights=runs.weight)))

    def probability(self, values: Floats) -> Floats:
        """Return P(hijacked) at values of the input: float64[values]."""
        size = np.interp(values, self.places, self.sizes) / self.luck[0]
        share = (np.interp(values, self.places, self.shares) - _LINE) / self.luck[1]
        return normal_cdf_all(np.ascontiguousarray(size)) * normal_cdf_all(np.ascontiguousarray(share))

    def bracket(self) -> tuple[float, float] | None:
        """Return the neighbouring places between which P(hijacked) crosses one half, nearest to the centre."""
        above = self.probability(np.array(self.places)) >= 0.5
        found = [(self.places[k], self.places[k + 1]) for k in range(len(above) - 1) if above[k] != above[k + 1]]
        return min(found, key=lambda ends: abs(sum(ends) / 2 - self.item.central), default=None)

    def crossing(self) -> float | None:
        """Return where P(hijacked) crosses one half, as far as is known; None if it does not within the span."""
        ends = self.bracket()
        if ends is None:
            return None
        line = np.linspace(*ends, _GRID)
        above = self.probability(line) >= 0.5
        step = int(np.flatnonzero(above[1:] != above[:-1])[0])
        return float((line[step] + line[step + 1]) / 2)

    def next_place(self) -> float | None:
        """Return the value to simulate next; None if nothing flips."""
        ends, crossing = self.bracket(), self.crossing()
        if ends is None or crossing is None:
            return None
        margin = _KEPT * (ends[1] - ends[0])
        return min(max(crossing, ends[0] + margin), ends[1] - margin)

    def told(self) -> dict[str, Any]:
        """Return the hinge as plain values."""
        item = self.item
        low, high = self.probability(np.array([item.low, item.high]))
        return {
            "name": item.name, "title": item.title, "unit": item.unit, "value": item.central,
            "low": item.low, "high": item.high,
            "hijacked_low": round(float(low), 4), "hijacked_high": round(float(high), 4),
            "flips_at": self.crossing(),
        }  # fmt: skip

    @property
    def swing(self) -> float:
        """How far P(hijacked) moves along the span."""
        values = self.probability(np.array(self.places))
        return float(values.max() - values.min())


def seen(runs: Sequence[Reduced], places: Floats, draw: np.ndarray, rows: int) -> Runs:
    """Return what hinges are found from, of runs with so many rows."""
    messages = np.array([run.outcome["messages"] for run in runs], dtype=np.float64)
    share = np.array([run.outcome["hijack_share"] or 0.0 for run in runs], dtype=np.float64)
    participants = np.array([run.outcome["participants"] for run in runs], dtype=np.float64)
    return Runs(places, draw, np.rint(share * messages), messages, participants * FIZZLE_ROWS / max(rows, 1))


def _simulated(
    world: World, places: Sequence[tuple[Input, float]], replicates: int, crew: Crew, progress: Progress
) -> list[Runs]:
    """Return the runs at each of some single changes, in their order."""
    jobs = [
        Job(world, range(replicates), f"{item.name}={value:.4g}", changed(world.config, {item.name: value}),
            timeline=False)
        for item, value in places
    ]  # fmt: skip
    found = crew.run(jobs, progress)
    nothing, one = np.zeros((replicates, 0)), np.zeros(replicates, np.int64)
    return [seen(runs, nothing, one, world.n) for runs in found]


def probe(
    world: World,
    central: Runs,
    model: Surrogate,
    inputs: Sequence[Input],
    *,
    how_many: int,
    replicates: int,
    crew: Crew,
    progress: Progress,
) -> list[dict[str, Any]]:
    """Simulate the ends of the spans, keep the inputs that move P(hijacked) most, and close in on their flips.

    Parameters
    ----------
    world : World
        At central values.
    central : Runs
    inputs : sequence of Input
        The candidates, the strongest first.
    how_many : int
        Hinges wanted.
    replicates : int
        Runs of each place; half as many while the inputs are being screened.

    Returns
    -------
    list of dict
        ``name, title, unit, value, low, high, hijacked_low, hijacked_high, flips_at``.
    """
    luck = (model.size.spread, model.share.spread)
    few = max(1, replicates // 2)
    kept = min(how_many, len(inputs))
    progress.stage("what it hangs on", 2 * len(inputs) * few + (2 + STEPS) * kept * replicates)
    screened = _axes(world, central, inputs, luck, few, crew, progress)
    strongest = sorted(screened, key=lambda axis: -round(axis.swing, 3))[:how_many]
    axes = _axes(world, central, [axis.item for axis in strongest], luck, replicates, crew, progress)
    for _ in range(STEPS):
        wanted = [(axis, place) for axis in axes if (place := axis.next_place()) is not None]
        between = _simulated(world, [(axis.item, place) for axis, place in wanted], replicates, crew, progress)
        for (axis, place), there in zip(wanted, between, strict=True):
            axis.add(place, there)
    return [axis.told() for axis in axes]


def _axes(
    world: World,
    central: Runs,
    inputs: Sequence[Input],
    luck: tuple[float, float],
    replicates: int,
    crew: Crew,
    progress: Progress,
) -> list[Axis]:
    """Return each input's axis with its centre and the ends of its span simulated."""
    ends = [(item, value) for item in inputs for value in (item.low, item.high)]
    runs = _simulated(world, ends, replicates, crew, progress)
    axes = []
    for number, item in enumerate(inputs):
        axis = Axis(item, luck)
        axis.add(item.central, central)
        for value, found in zip((item.low, item.high), runs[2 * number : 2 * number + 2], strict=True):
            if value != item.central:
                axis.add(value, found)
        axes.append(axis)
    return axes
