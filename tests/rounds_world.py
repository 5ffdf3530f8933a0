"""Small worlds for the rules in rounds, and those rules once more: plain loops with NumPy's own generator."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.config.root import Configuration, changed
from sim.engine.record import RunRecord
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world
from sim.network.graph import FollowerGraph
from tests.reference.small import people

Edges = list[tuple[int, int]]


def rounds_world(graph: FollowerGraph, rule: str, **reaction: Any) -> World:
    """Return a world of like people on a graph; ``seed`` and ``horizon_hours`` are the configuration's own."""
    own = {name: reaction.pop(name) for name in ("seed", "horizon_hours") if name in reaction}
    values = {"horizon_hours": 4.0, **own, "reaction.rule": rule}
    values |= {f"reaction.{name}": value for name, value in reaction.items()}
    return build_world(changed(Configuration(), values), graph=graph, population=people(graph.n))


def size_of(record: RunRecord) -> int:
    """Return how many rows put something out."""
    return int(record.messages.author.size)


def rounds_of(record: RunRecord) -> int:
    """Return the minute of the last message: the rounds after the first."""
    return int(record.messages.minute.max(initial=0))


def sizes_and_rounds(world: World, replicates: range) -> np.ndarray:
    """Return size and rounds of each run, int[replicates, 2]."""
    records = (run_campaign(world, replicate=replicate) for replicate in replicates)
    return np.array([(size_of(record), rounds_of(record)) for record in records])


def undirected(n: int, mean_degree: float, seed: int) -> FollowerGraph:
    """Return a random graph of n rows and about ``mean_degree * n / 2`` pairs that follow each other."""
    luck = np.random.default_rng(seed)
    wanted = luck.poisson(mean_degree * n / 2)
    pairs = luck.integers(0, n, (wanted, 2))
    both = np.concatenate((pairs, pairs[:, ::-1]))
    return FollowerGraph.from_edges(both[:, 0], both[:, 1], n)


def plain_cascade(
    graph: FollowerGraph, start: list[int], transmission: float, luck: np.random.Generator
) -> tuple[int, int]:
    """Return size and rounds of one independent cascade."""
    active, frontier, rounds = set(start), list(start), 0
    while True:
        fresh = set()
        for row in frontier:
            for follower in graph.followers(row).tolist():
                if luck.random() < transmission and follower not in active:
                    fresh.add(follower)
        if not fresh:
            return len(active), rounds
        active |= fresh
        frontier = list(fresh)
        rounds += 1


def plain_threshold(graph: FollowerGraph, start: list[int], thresholds: np.ndarray) -> tuple[int, int]:
    """Return size and rounds of the spread in which a row joins when the share of its followees reaches its own."""
    begins, followed = graph.followees()
    active = np.zeros(graph.n, dtype=bool)
    active[start] = True
    rounds = 0
    while True:
        joins = []
        for row in np.flatnonzero(~active):
            whom = followed[begins[row] : begins[row + 1]]
            if whom.size and active[whom].any() and active[whom].sum() / whom.size >= thresholds[row]:
                joins.append(row)
        if not joins:
            return int(active.sum()), rounds
        active[joins] = True
        rounds += 1
