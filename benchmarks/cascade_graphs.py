"""Follow graphs for the independent cascade: the start, and the chances that make it large or die out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from benchmarks.cascade_kernel import PlainKernel
from sim.config.root import Configuration, changed
from sim.engine.world import World, build_world
from sim.network.graph import FollowerGraph

MEAN_DEGREE = 20.0
REACHED = 0.25


@cache
def audience(n: int) -> World:
    """Return people and a generated follow graph of mean degree 20."""
    changes = {"people.n_followers": n, "network.mean_degree": MEAN_DEGREE, "seed": 1}
    return build_world(changed(Configuration(), changes))


@dataclass(frozen=True)
class Setting:
    """One cascade: where it runs, where it starts, and the chance that an edge carries it."""

    graph: FollowerGraph
    hub: int
    chance: float


def hub_of(graph: FollowerGraph) -> int:
    """Return the row with the most followers (the first, if several)."""
    return int(np.argmax(graph.in_degree))


def chance_that_reaches(graph: FollowerGraph, hub: int, share: float, *, runs: int = 2) -> float:
    """Return the chance an edge at which a cascade from ``hub`` reaches that share of the rows, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(14):
        middle = 0.5 * (low + high)
        kernel = PlainKernel(Setting(graph, hub, middle))
        reached = 0.0
        for replicate in range(runs):
            kernel.run(replicate)
            reached += kernel.size() / runs
        low, high = (middle, high) if reached < share * graph.n else (low, middle)
    return 0.5 * (low + high)


def chance_that_dies_out(graph: FollowerGraph, *, passes: int = 30) -> float:
    """Return half the chance at which a cascade can sustain itself: half of 1 / largest eigenvalue of the graph."""
    author = np.repeat(np.arange(graph.n, dtype=np.int32), graph.in_degree)
    weight = np.full(graph.n, 1.0 / graph.n)
    growth = 1.0
    for _ in range(passes):
        after = np.bincount(author, weights=weight[graph.follower], minlength=graph.n)
        growth = float(after.sum())
        weight = after / growth
    return 0.5 / growth


@cache
def large(n: int) -> Setting:
    """Return the setting in which about a quarter of the rows is reached."""
    graph = audience(n).graph
    return Setting(graph, hub_of(graph), chance_that_reaches(graph, hub_of(graph), REACHED))


@cache
def subcritical(n: int) -> Setting:
    """Return the setting in which every cascade dies out."""
    graph = audience(n).graph
    return Setting(graph, hub_of(graph), chance_that_dies_out(graph))
