"""The same luck in rounds: an edge carries or does not, whoever else is there and whenever it is used."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.config.root import changed
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.network.graph import FollowerGraph
from tests.engine_runs import rearranged, relabelled, with_rows
from tests.reference.compare import difference
from tests.reference.strategies import audience, follower_graph
from tests.rounds_world import rounds_world

GRAPHS = st.builds(follower_graph, st.integers(2, 150), st.integers(0, 2**32), st.integers(1, 8))
CHANCE = st.floats(0.0, 1.0)


def speakers(world, replicate: int) -> set[int]:
    return set(run_campaign(world, replicate=replicate).messages.author.tolist())


@settings(max_examples=80)
@given(GRAPHS, st.tuples(CHANCE, CHANCE), st.integers(0, 10**6))
def test_whoever_is_reached_stays_reached_when_transmission_grows(graph, chances, replicate):
    low, high = (rounds_world(graph, "independent_cascade", transmission=c) for c in sorted(chances))
    assert speakers(low, replicate) <= speakers(high, replicate)


@settings(max_examples=80)
@given(GRAPHS, CHANCE, st.sampled_from(["widest", "random"]), st.integers(1, 5), st.integers(0, 10**6))
def test_whoever_is_reached_stays_reached_when_more_begin(graph, chance, initial, more, replicate):
    for rule in ("independent_cascade", "linear_threshold"):
        few, many = (
            rounds_world(graph, rule, transmission=chance, threshold=chance, initial=initial, initial_adopters=count)
            for count in (1, 1 + more)
        )
        assert speakers(few, replicate) <= speakers(many, replicate)


@settings(max_examples=80)
@given(GRAPHS, CHANCE, st.integers(0, 10**6), st.data())
def test_a_row_that_nobody_follows_changes_nothing_for_the_others(graph, chance, replicate, data):
    whom = data.draw(st.sets(st.integers(0, graph.n - 1), max_size=graph.n))
    followed = np.repeat(np.arange(graph.n), graph.in_degree)
    longer = FollowerGraph.from_edges(
        np.concatenate((graph.follower, np.full(len(whom), graph.n))),
        np.concatenate((followed, np.array(sorted(whom), dtype=np.int64))), graph.n + 1,
    )  # fmt: skip
    hub = int(np.argmax(graph.in_degree))
    for transmission in (chance, 0.3):
        one, other = (rounds_world(g, "independent_cascade", transmission=transmission) for g in (graph, longer))
        before, after = run_campaign(one, replicate=replicate), run_campaign(other, replicate=replicate)
        if int(after.messages.author[0]) != hub:  # the new follower made another row the widest
            continue
        ours = after.messages.author < graph.n
        assert np.array_equal(after.messages.author[ours], before.messages.author)
        assert np.array_equal(after.messages.minute[ours], before.messages.minute)


@settings(max_examples=60)
@given(
    st.tuples(st.integers(2, 120), st.integers(0, 2**32), st.integers(1, 8)),
    st.sampled_from(["independent_cascade", "linear_threshold"]),
    st.sampled_from(["widest", "random"]),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_has_no_say(shape, rule, initial, luck):
    n, crowd, _ = shape
    graph, people = follower_graph(*shape), audience(n, crowd, 1, 20.0, True)
    configuration = rounds_world(graph, rule, transmission=0.3, initial=initial, initial_adopters=2).config
    order = np.array(luck.sample(range(n), n))
    one = build_world(configuration, graph=graph, population=people)
    other = build_world(configuration, graph=relabelled(graph, order), population=rearranged(people, order))
    told = run_campaign(other, replicate=1, record="log")
    assert difference(run_campaign(one, replicate=1, record="log"), with_rows(told, order)) is None


def test_another_replicate_has_other_luck_and_another_seed_other_thresholds():
    graph = follower_graph(150, 5, 6)
    world = rounds_world(graph, "independent_cascade", transmission=0.3)
    assert len({frozenset(speakers(world, replicate)) for replicate in range(20)}) > 10
    spread = {"threshold": 0.4, "threshold_spread": "uniform", "initial_adopters": 5}
    seeds = {frozenset(speakers(rounds_world(graph, "linear_threshold", seed=s, **spread), 0)) for s in range(20)}
    assert len(seeds) > 10
    same = rounds_world(graph, "linear_threshold", **spread)
    assert len({frozenset(speakers(same, replicate)) for replicate in range(5)}) == 1
    assert changed(same.config, {"seed": 3}) != same.config
