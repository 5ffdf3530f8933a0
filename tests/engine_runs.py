"""Runs of the engine on the small random campaigns of the reference, for tests of the engine alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any
from unittest.mock import patch

import numpy as np

from sim.config.root import changed
from sim.engine import bench
from sim.engine.bench import Bench
from sim.engine.record import RunRecord
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world
from sim.network.graph import FollowerGraph
from sim.people.population import Population
from tests.reference.small import configured, graph, people
from tests.reference.strategies import Example

STORES = {**bench._STORE_TYPES, **bench._CHANGE_TYPES, **bench._SIGHT_TYPES}


def world_of(example: Example, **changes: Any) -> World:
    """Return an example's world; ``a__b`` stands for the configuration's ``a.b``."""
    configuration = changed(example.configuration, {name.replace("__", "."): v for name, v in changes.items()})
    return build_world(configuration, graph=example.graph, population=example.population)


def run(world: World, replicate: int) -> RunRecord:
    return run_campaign(world, replicate=replicate, record="log")


def rearranged(population: Population, order: np.ndarray) -> Population:
    """Return the same people with row ``order[j]`` at place j."""
    columns = {f.name: getattr(population, f.name) for f in fields(population)}
    return replace(population, **{name: c[order] for name, c in columns.items() if isinstance(c, np.ndarray)})


def relabelled(graph: FollowerGraph, order: np.ndarray) -> FollowerGraph:
    """Return the same follows with row ``order[j]`` at place j."""
    place = np.argsort(order)
    followed = np.repeat(np.arange(graph.n), graph.in_degree)
    return FollowerGraph.from_edges(place[graph.follower], place[followed], graph.n)


def with_rows(record: RunRecord, rows: np.ndarray) -> RunRecord:
    """Return a record in which row j is called ``rows[j]``."""
    author = record.messages.author
    named = author.copy()
    named[author >= 0] = rows[author[author >= 0]]
    keys = np.empty_like(record.keys)
    keys[rows] = record.keys
    return replace(
        record,
        keys=keys,
        messages=replace(record.messages, author=named),
        sights=replace(record.sights, follower=rows[record.sights.follower].astype(np.int32)),
        follows=replace(record.follows, follower=rows[record.follows.follower].astype(np.int32)),
    )


def until(record: RunRecord, minute: int) -> RunRecord:
    """Return what a record tells of the minutes before ``minute``; counts of the whole run are left out."""
    return replace(
        record,
        minutes=minute,
        messages=_lines_before(record.messages, minute, shares=np.zeros(0, np.int32)),
        sights=_lines_before(record.sights, minute),
        follows=_lines_before(record.follows, minute),
        timeline={name: column[:minute] for name, column in record.timeline.items()},
        fired=np.zeros(0, np.int32),
        replies=0,
        boosts=0,
        statements=0,
    )


def _lines_before(table: Any, minute: int, **others: np.ndarray) -> Any:
    kept = table.minute < minute
    columns = {f.name: getattr(table, f.name)[kept] for f in fields(table) if f.name not in others}
    return replace(table, **columns, **others)


def many_replies_at_once() -> World:
    """Return a world in which all write within minutes, and the agency begins to answer when it first sees it."""
    configuration = configured(
        reaction__b_write=10.0, reaction__fatigue=20.0, reaction__b_outrage=20.0, post__salience=1.0,
        post__arousal=1.0, post__paid_reach=1.0, post__paid_hours=0.01, horizon_hours=5.0,
        agency__replies_an_hour=10_000.0, agency__monitoring_delay_minutes=200,
        policy__rules=[{"move": "engage", "at_minute": 202}],
    )  # fmt: skip
    audience = people(300, grievance=np.ones(300), sessions_a_day=np.full(300, 200.0))
    return build_world(configuration, graph=graph(300), population=audience)


@contextmanager
def stores_of_one_line(*, grow_by_one: bool = False) -> Iterator[list[int]]:
    """Let runs begin with stores of a single line; yields a list of the sizes that they grow to.

    With ``grow_by_one`` they are never larger than the engine itself says that it needs, so that a bounds
    check sees any line too many.
    """
    open_stores, grow_stores = Bench.open_stores, Bench.grow_stores
    sizes: list[int] = []

    def place(one: Bench, longer: int) -> None:
        for name, kind in STORES.items():
            if one.book[bench.PLACE[name], 0] != 0:
                old = one.arrays[name]
                new = np.zeros(longer if longer == 1 else old.size + 1, dtype=kind)
                if longer > 1:
                    new[: old.size] = old
                one.place(name, new)

    def open_small(one: Bench, record: str) -> None:
        open_stores(one, record)
        place(one, 1)

    def grow(one: Bench, due: int) -> None:
        if grow_by_one:
            place(one, 2)
        else:
            grow_stores(one, due)
        sizes.append(one.arrays["message_minute"].size)

    with patch.object(Bench, "open_stores", open_small), patch.object(Bench, "grow_stores", grow):
        yield sizes
