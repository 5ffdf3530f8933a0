"""The model's results do not depend on the order in which rows stand: keys alone decide."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings

from sim.network.graph import FollowerGraph
from tests.reference.compare import difference
from tests.reference.run import simulate_plainly
from tests.reference.strategies import examples


def turned_round(population, graph):
    """Return the same people and follows with the last row first."""
    n = population.n
    columns = {f.name: getattr(population, f.name) for f in fields(population)}
    turned = {name: column[::-1].copy() for name, column in columns.items() if isinstance(column, np.ndarray)}
    followed = np.repeat(np.arange(n), graph.in_degree)
    return replace(population, **turned), FollowerGraph.from_edges(n - 1 - graph.follower, n - 1 - followed, n)


def with_rows_turned_back(record):
    """Return a record with row numbers as they were before they were turned round."""
    back = record.n - 1
    author = record.messages.author
    return replace(
        record,
        keys=record.keys[::-1].copy(),
        messages=replace(record.messages, author=np.where(author >= 0, back - author, author).astype(np.int32)),
        sights=replace(record.sights, follower=(back - record.sights.follower).astype(np.int32)),
        follows=replace(record.follows, follower=(back - record.follows.follower).astype(np.int32)),
    )


@settings(max_examples=25)
@given(examples())
def test_the_same_people_in_another_order_have_the_same_campaign(example):
    population, graph = example.population, example.graph
    run = {"replicate": example.replicate}
    plain = simulate_plainly(example.configuration, population, graph, **run)
    turned = simulate_plainly(example.configuration, *turned_round(population, graph), **run)
    assert difference(plain, with_rows_turned_back(turned), ("one order", "other order")) is None
