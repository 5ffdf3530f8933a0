"""Who the rows are decides, not where they stand; and only people who hold a grievance begin to counter."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.config.root import changed
from sim.engine.record import NEWSROOM_AUTHOR, Kind
from sim.engine.world import build_world
from sim.network.graph import FollowerGraph
from sim.people.population import create_population
from sim.reaction.actions import COUNTER
from sim.rng import Stream, setup_uniform
from tests.engine_runs import rearranged, relabelled, run, with_rows, world_of
from tests.reference.compare import difference
from tests.reference.strategies import examples


@settings(max_examples=100)
@given(examples(), st.integers(0, 2**32))
def test_rows_in_another_order_with_their_keys_have_the_same_log(example, shuffle):
    order = np.argsort(setup_uniform(shuffle, Stream.CLOSE, np.arange(example.n, dtype=np.uint64)))
    plain = world_of(example)
    turned = build_world(
        example.configuration,
        graph=relabelled(example.graph, order),
        population=rearranged(example.population, order),
    )
    found = with_rows(run(turned, example.replicate), order)
    assert difference(found, run(plain, example.replicate), ("rearranged", "plain")) is None


@settings(max_examples=100)
@given(examples())
def test_every_counter_message_goes_back_to_a_row_with_grievance_that_wrote_it(example):
    world = world_of(example)
    messages = run(world, example.replicate).messages
    counter = messages.frame == COUNTER
    wrote = counter & (messages.kind == Kind.ORIGINAL)
    assert (world.population.grievance[messages.author[wrote]] > 0).all()
    root = messages.root[counter]
    assert (messages.frame[root] == COUNTER).all()
    assert np.isin(messages.kind[root], (Kind.ORIGINAL, Kind.STORY)).all()
    # a story has the counter frame only where rows have countered before
    stories = messages.minute[counter & (messages.kind == Kind.STORY)]
    if stories.size:
        assert wrote.any() and messages.minute[wrote].min() < stories.min()
    assert np.isin(messages.kind[counter], (Kind.ORIGINAL, Kind.SHARE, Kind.STORY, Kind.BOOST)).all()


@settings(max_examples=60)
@given(examples())
def test_without_grievance_nobody_counters_in_any_replicate(example):
    content = replace(example.population, grievance=np.zeros(example.n, dtype=np.float32))
    world = build_world(example.configuration, graph=example.graph, population=content)
    for replicate in range(3):
        record = run(world, replicate)
        assert not (record.messages.frame == COUNTER).any()
        assert not record.timeline["impressions_counter"].any()


@settings(max_examples=60)
@given(examples())
def test_an_audience_drawn_with_no_grievance_never_counters(example):
    config = changed(example.configuration, {"people.grievance_mean": 0.0, "people.n_followers": example.n})
    given = pd.DataFrame({"grievance": np.zeros(example.n)})
    for people in (create_population(config), create_population(example.configuration, attributes=given)):
        assert people.n == example.n
        world = build_world(config, graph=example.graph, population=people)
        assert not (run(world, example.replicate).messages.frame == COUNTER).any()


@settings(max_examples=100)
@given(examples())
def test_the_log_holds_together(example):
    world = world_of(example)
    record = run(world, example.replicate)
    messages, people = record.messages, world.population
    number = np.arange(messages.minute.size)
    assert (np.diff(messages.minute) >= 0).all()
    assert (messages.parent < number).all() and (messages.root <= number).all()
    passed = np.isin(messages.kind, (Kind.SHARE, Kind.BOOST))
    assert np.array_equal(passed, messages.root != number)
    assert np.array_equal(messages.root[passed], messages.root[messages.parent[passed]])
    assert np.array_equal(messages.frame[passed], messages.frame[messages.root[passed]])
    assert np.array_equal(np.bincount(messages.root[passed], minlength=number.size), messages.shares)
    by_rows = messages.author >= 0
    assert np.array_equal(by_rows, messages.by_people)
    assert np.array_equal(messages.author <= NEWSROOM_AUTHOR, messages.kind == Kind.STORY)
    # nobody passes one root on twice, or one's own
    pairs = list(zip(messages.author[passed & by_rows], messages.root[passed & by_rows], strict=True))
    assert len(set(pairs)) == len(pairs)
    assert all(messages.author[root] != author for author, root in pairs)
    # rows act in minutes in which they see something, and at most once in each
    seen = set(zip(record.sights.follower.tolist(), record.sights.minute.tolist(), strict=True))
    acted = [*zip(messages.author[by_rows].tolist(), messages.minute[by_rows].tolist(), strict=True),
             *zip(record.follows.follower.tolist(), record.follows.minute.tolist(), strict=True)]  # fmt: skip
    assert len(set(acted)) == len(acted) and set(acted) <= seen
    assert record.sights.first.sum() == np.unique(record.sights.follower).size == record.timeline["reached"].sum()
    # following begins and ends in turn
    for row in np.unique(record.follows.follower):
        turns = record.follows.gained[record.follows.follower == row]
        assert turns[0] != people.follows_sender[row] and (turns[1:] != turns[:-1]).all()


@settings(max_examples=100)
@given(examples(), st.integers(1, 3))
def test_rows_whom_nobody_sees_and_who_see_nobody_change_nothing(example, more):
    # feeds sink relative to the mean row, so crowding is left out; the needed rate stays at its least number
    changes = {"feed__crowding": 0.0, "feed__trending__threshold": 1e-6}
    plain = world_of(example, **changes)
    lone = {
        "key": np.uint64(2**62 - 9) + np.arange(more, dtype=np.uint64),
        "sessions_a_day": np.zeros(more),
        "looks_at_lists": np.zeros(more),
    }
    columns = {f.name: getattr(plain.population, f.name) for f in fields(plain.population)}
    longer = {
        name: np.concatenate([column, lone.get(name, np.resize(column[:1], more))]).astype(column.dtype)
        for name, column in columns.items()
        if isinstance(column, np.ndarray)
    }
    graph = plain.graph
    start = np.concatenate([graph.start, np.full(more, graph.start[-1])])
    wider = build_world(
        plain.config, graph=FollowerGraph(start, graph.follower), population=replace(plain.population, **longer)
    )
    found, before = run(wider, example.replicate), run(plain, example.replicate)
    found = replace(found, n=before.n, keys=before.keys)
    assert difference(found, before, ("with lone rows", "without")) is None
