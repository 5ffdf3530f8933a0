"""Known limits: the independent cascade has the sizes, rounds and probabilities that theory and a plain loop give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, shortest_path
from scipy.stats import binom, chisquare, geom, norm

from sim.engine.run import run_campaign
from sim.network.graph import FollowerGraph
from tests.rounds_world import plain_cascade, rounds_world, size_of, sizes_and_rounds, undirected
from tests.two_samples import kolmogorov_smirnov

ALPHA = 1e-4


def directed(n: int, mean_degree: float, seed: int) -> FollowerGraph:
    luck = np.random.default_rng(seed)
    pairs = luck.integers(0, n, (luck.poisson(mean_degree * n), 2))
    return FollowerGraph.from_edges(pairs[:, 0], pairs[:, 1], n)


@pytest.mark.parametrize(
    ("graph", "transmission"),
    [(directed(300, 6.0, 1), 0.2), (directed(300, 6.0, 2), 0.1), (undirected(250, 4.0, 3), 0.35)],
    ids=["large", "dies out", "both ways"],
)
def test_sizes_and_rounds_are_those_of_a_plain_loop(graph, transmission):
    hub = int(np.argmax(graph.in_degree))
    luck = np.random.default_rng(7)
    plain = np.array([plain_cascade(graph, [hub], transmission, luck) for _ in range(2000)])
    engine = sizes_and_rounds(rounds_world(graph, "independent_cascade", transmission=transmission), range(2000))
    for column in range(2):
        assert kolmogorov_smirnov(engine[:, column], plain[:, column], shuffles=20_000, seed=1)[1] > ALPHA


def test_the_comparison_sees_a_transmission_off_by_a_tenth():
    graph = directed(300, 6.0, 1)
    luck = np.random.default_rng(7)
    plain = [plain_cascade(graph, [int(np.argmax(graph.in_degree))], 0.22, luck)[0] for _ in range(2000)]
    engine = sizes_and_rounds(rounds_world(graph, "independent_cascade", transmission=0.2), range(2000))[:, 0]
    assert kolmogorov_smirnov(engine, plain, shuffles=20_000, seed=1)[1] < ALPHA


def test_certain_transmission_reaches_all_that_can_be_reached_by_the_shortest_way():
    graph = directed(2000, 1.5, 4)
    matrix = csr_matrix((np.ones(graph.m), graph.follower, graph.start), shape=(graph.n, graph.n))
    record = run_campaign(rounds_world(graph, "independent_cascade", transmission=1.0), replicate=0)
    hub = int(record.messages.author[0])
    order = breadth_first_order(matrix, hub, return_predecessors=False)
    steps = shortest_path(matrix, unweighted=True, indices=hub)
    assert 200 < order.size < 2000
    assert sorted(record.messages.author) == sorted(order)
    assert np.array_equal(record.messages.minute, steps[record.messages.author])
    assert record.timeline["impressions_campaign"].sum() == graph.in_degree[order].sum()


def test_the_first_generation_is_binomial_and_its_edges_are_independent():
    followers, transmission, runs = 12, 0.3, 6000
    star = FollowerGraph.from_edges(np.arange(1, followers + 1), np.zeros(followers, int), followers + 1)
    world = rounds_world(star, "independent_cascade", transmission=transmission)
    authors = [run_campaign(world, replicate=replicate).messages.author for replicate in range(runs)]
    counts = np.bincount([author.size - 1 for author in authors], minlength=followers + 1)
    expected = runs * binom.pmf(np.arange(followers + 1), followers, transmission)
    pooled = [(counts[:8], expected[:8]), (counts[8:].sum(keepdims=True), expected[8:].sum(keepdims=True))]
    seen, wanted = (np.concatenate(parts) for parts in zip(*pooled, strict=True))
    assert chisquare(seen, wanted).pvalue > ALPHA
    each = np.bincount(np.concatenate(authors), minlength=followers + 1)[1:]
    assert 2 * norm.sf(abs(each / runs - transmission).max() / np.sqrt(0.21 / runs)) * followers > ALPHA


def test_a_chain_is_walked_a_geometric_number_of_steps():
    length, transmission, runs = 60, 0.7, 6000
    chain = FollowerGraph.from_edges(np.arange(1, length), np.arange(length - 1), length)
    world = rounds_world(chain, "independent_cascade", transmission=transmission)
    walked = sizes_and_rounds(world, range(runs))
    assert np.array_equal(walked[:, 0], walked[:, 1] + 1)
    counts = np.bincount(walked[:, 0], minlength=length)[1:16]
    expected = runs * geom.pmf(np.arange(1, 16), 1.0 - transmission)
    seen = [*counts, runs - counts.sum()]
    assert chisquare(seen, [*expected, runs - expected.sum()]).pvalue > ALPHA


def test_generations_of_a_tree_grow_by_branches_times_transmission():
    branches, depth, transmission, runs = 3, 6, 0.5, 4000
    n = (branches ** (depth + 1) - 1) // (branches - 1)
    rows = np.arange(1, n)
    world = rounds_world(FollowerGraph.from_edges(rows, (rows - 1) // branches, n), "independent_cascade",
                         transmission=transmission, initial="widest")  # fmt: skip
    shares = np.array([run_campaign(world, replicate=r).timeline["shares_campaign"][:8] for r in range(runs)])
    growth = branches * transmission
    for generation in range(1, depth + 1):
        error = shares[:, generation].std(ddof=1) / np.sqrt(runs)
        assert abs(shares[:, generation].mean() - growth**generation) < norm.isf(ALPHA / 2) * error
    assert not shares[:, depth + 1].any()


def test_random_adopters_are_uniform():
    graph = FollowerGraph.from_edges(np.arange(1, 20), np.zeros(19, int), 20)
    for count in (1, 3):
        world = rounds_world(graph, "independent_cascade", transmission=0.0, initial="random", initial_adopters=count)
        records = [run_campaign(world, replicate=replicate) for replicate in range(4000)]
        assert {size_of(record) for record in records} == {count}
        begun = np.bincount(np.concatenate([record.messages.author for record in records]), minlength=20)
        # drawn without replacement, so the counts vary less than independent ones by (n - count) / (n - 1)
        assert chisquare(begun).statistic * 19 / (20 - count) < 60.0  # chi-square with 19 degrees: p = 4e-6
