"""The independent cascade on a follow graph, by seven engines: nanoseconds per follow edge of an active row.

One hub starts; the chance an edge is such that about a quarter of all rows is reached, or half of what a cascade needs
to sustain itself. A run is all that one run needs: resetting the state, the cascade, and saying what became of it:
a full record in Backfire (who, when, by whom, in which order), the set of active rows or their number in the others.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from benchmarks.cascade_graphs import Setting, audience, large, subcritical
from benchmarks.cascade_kernel import PlainKernel
from benchmarks.cascade_peers import CyNetDiff, EoN, NDlib, NetworkXLoop, missing
from benchmarks.rounds import Engine, Spread, ratios, take_turns
from sim.config.root import changed
from sim.engine.record import RunRecord
from sim.engine.run import run_campaign

OURS = "Backfire"
SETTINGS = {"a quarter reached": large, "dies out": subcritical}
PYTHON_UP_TO = 100_000  # a NetworkX graph of 2·10⁷ edges takes some 10 GB


class Backfire:
    """The engine itself: ``reaction.rule=independent_cascade``, its record included."""

    def __init__(self, setting: Setting) -> None:
        world = audience(setting.graph.n)
        changes = {
            "reaction.rule": "independent_cascade", "reaction.transmission": setting.chance,
            "reaction.initial": "widest", "reaction.initial_adopters": 1, "horizon_hours": 4,
        }  # fmt: skip
        self.world = world.with_config(changed(world.config, changes)).prepare()
        self.in_degree = setting.graph.in_degree
        self.record: RunRecord | None = None

    def run(self, replicate: int) -> None:
        self.record = run_campaign(self.world, replicate=replicate)

    def size(self) -> int:
        """Return how many rows were reached, the start included."""
        return int(self.record.messages.author.size)

    def work(self) -> float:
        """Return the follow edges of the rows reached."""
        return float(self.in_degree[self.record.messages.author].sum())


class Counted:
    """An engine that remembers how large its cascades were."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sizes: list[int] = []
        self.run = engine.run

    def work(self) -> float:
        self.sizes.append(self.engine.size())
        return self.engine.work()


@dataclass(frozen=True)
class Comparison:
    """What one setting gave.

    Attributes
    ----------
    costs : dict of str to list of float
        CPU seconds per follow edge of an active row, one a round.
    sizes : dict of str to (float, float)
        Rows reached: mean and standard error.
    """

    rows: int
    setting: str
    costs: dict[str, list[float]]
    sizes: dict[str, tuple[float, float]]

    def times_ours(self, name: str) -> Spread:
        """Return how many times as long as ours an engine takes."""
        return ratios(self.costs, name, OURS)

    def nanoseconds(self, name: str) -> float:
        return 1e9 * float(np.median(self.costs[name]))


def edges_a_row(setting: Setting, runs: int = 20) -> float:
    """Return the mean number of follow edges per row reached."""
    kernel = PlainKernel(setting)
    rows = edges = 0.0
    for replicate in range(runs):
        kernel.run(replicate)
        rows += kernel.size()
        edges += kernel.work()
    return edges / rows


def engines(setting: Setting) -> dict[str, Engine]:
    """Return all engines that are installed and can hold the graph."""
    found: dict[str, Engine] = {OURS: Backfire(setting), "numba kernel": PlainKernel(setting)}
    absent = missing()
    if "CyNetDiff" not in absent:
        found["CyNetDiff"] = CyNetDiff(setting)
    if setting.graph.n <= PYTHON_UP_TO:
        found["NetworkX loop"] = NetworkXLoop(setting)
        if "EoN" not in absent:
            found["EoN"] = EoN(setting, edges_a_row(setting))
        if "NDlib" not in absent:
            found["NDlib"] = NDlib(setting)
    return found


def compare(rows: int, setting: str, *, rounds: int, seconds: float) -> Comparison:
    """Measure all engines on one setting, in turns."""
    counted = {name: Counted(engine) for name, engine in engines(SETTINGS[setting](rows)).items()}
    print(f"  {rows:,} rows, {setting}: {', '.join(counted)}", file=sys.stderr, flush=True)
    costs = take_turns(counted, rounds=rounds, seconds=seconds)
    sizes = {
        name: (float(np.mean(engine.sizes)), float(np.std(engine.sizes) / np.sqrt(len(engine.sizes))))
        for name, engine in counted.items()
    }
    return Comparison(rows, setting, costs, sizes)
