"""Known limits: the cascade window of Watts 2002, and linear thresholds against a plain loop."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binomtest, poisson

from sim.engine.run import run_campaign
from sim.network.graph import FollowerGraph
from sim.rng import Stream, setup_uniform
from tests.rounds_world import plain_threshold, rounds_of, rounds_world, size_of, undirected
from tests.two_samples import kolmogorov_smirnov

ALPHA = 1e-4
THRESHOLD = 0.18
GLOBAL = 0.1  # a cascade is global if it takes more than this share of the rows


def window(threshold: float) -> tuple[float, float]:
    """Return the mean degrees between which one adopter can set off a global cascade on a Poisson random graph.

    Watts 2002: the cascade condition is ``sum k (k - 1) rho_k p_k > z``, rho_k the chance that a row of
    degree k joins for one neighbour: 1 up to ``K = floor(1 / threshold)``. For Poisson degrees the sum is
    ``z**2 P(Poisson(z) <= K - 2)``, so the edges solve ``z P(Poisson(z) <= K - 2) = 1``.
    """
    most = math.floor(1.0 / threshold)

    def excess(z: float) -> float:
        return z * float(poisson.cdf(most - 2, z)) - 1.0

    return brentq(excess, 0.5, 2.0), brentq(excess, 2.0, 20.0)


def global_cascades(n: int, mean_degree: float, *, graphs: int, runs: int) -> tuple[int, int]:
    """Return how many cascades from one random row are global, and how many there are."""
    found = 0
    for seed in range(graphs):
        graph = undirected(n, mean_degree, 1000 * seed + round(100 * mean_degree))
        world = rounds_world(graph, "linear_threshold", threshold=THRESHOLD, initial="random", horizon_hours=24.0)
        sizes = [size_of(run_campaign(world, replicate=replicate)) for replicate in range(runs)]
        found += int(np.count_nonzero(np.array(sizes) > GLOBAL * n))
    return found, graphs * runs


def test_the_window_is_the_published_one():
    low, high = window(THRESHOLD)
    assert 1.0 < low < 1.1
    assert high == pytest.approx(5.76, abs=0.01)


def test_global_cascades_happen_inside_the_window_alone():
    low, high = window(THRESHOLD)
    for mean_degree in (2.0, 3.0, 4.0):
        assert low < mean_degree < high
        found, runs = global_cascades(3000, mean_degree, graphs=3, runs=100)
        assert found / runs > 0.3
    for mean_degree in (0.7, 9.0):
        assert not low < mean_degree < high
        assert global_cascades(3000, mean_degree, graphs=3, runs=100)[0] == 0


@pytest.mark.slow
def test_global_cascades_happen_inside_the_window_alone_on_large_graphs(capsys):
    low, high = window(THRESHOLD)
    lines = [f"window {low:.3f} to {high:.3f}; global: more than {GLOBAL:.0%} of 100,000 rows"]
    for mean_degree in (0.8, 0.95, 1.3, 2.0, 3.0, 4.0, 5.0, 5.5, 6.1, 6.5, 8.0):
        found, runs = global_cascades(100_000, mean_degree, graphs=2, runs=500)
        least, most = binomtest(found, runs).proportion_ci(1 - ALPHA)
        lines.append(f"z = {mean_degree:4.2f}: {found / runs:.3f} ({least:.3f} to {most:.3f})")
        if mean_degree < low:
            assert found == 0
        elif mean_degree > high:
            assert most < 0.02
        else:
            assert least > 0.001
    with capsys.disabled():
        print("", *lines, sep="\n")


def follows(n: int, mean_degree: float, seed: int) -> FollowerGraph:
    luck = np.random.default_rng(seed)
    pairs = luck.integers(0, n, (luck.poisson(mean_degree * n), 2))
    return FollowerGraph.from_edges(pairs[:, 0], pairs[:, 1], n)


@pytest.mark.parametrize("spread", ["fixed", "uniform"])
def test_a_plain_loop_with_the_same_thresholds_takes_the_same_rows_in_the_same_rounds(spread):
    for seed in range(12):
        graph = follows(150, 4.0, seed)
        threshold = (0.18, 0.25, 0.4)[seed % 3]
        world = rounds_world(graph, "linear_threshold", threshold=threshold, threshold_spread=spread, seed=seed,
                             initial="random", initial_adopters=1 + seed)  # fmt: skip
        drawn = 2.0 * threshold * setup_uniform(seed, Stream.THRESHOLD, np.arange(150, dtype=np.uint64))
        own = drawn if spread == "uniform" else np.full(150, threshold)
        for replicate in range(5):
            record = run_campaign(world, replicate=replicate)
            start = record.messages.author[record.messages.minute == 0].tolist()
            assert plain_threshold(graph, start, own) == (size_of(record), rounds_of(record))


def test_uniform_thresholds_give_the_sizes_of_a_plain_loop_that_draws_its_own():
    """Kempe, Kleinberg & Tardos 2003: thresholds uniform on [0, 1), each followed row weighs the same."""
    graph = follows(100, 3.0, 1)
    hubs = np.argsort(-graph.in_degree, kind="stable")[:3].tolist()
    luck = np.random.default_rng(5)
    plain = [plain_threshold(graph, hubs, luck.random(graph.n))[0] for _ in range(400)]
    worlds = (
        rounds_world(graph, "linear_threshold", threshold=0.5, threshold_spread="uniform", seed=seed,
                     initial_adopters=3)
        for seed in range(400)
    )  # fmt: skip
    engine = [size_of(run_campaign(world, replicate=0)) for world in worlds]
    assert kolmogorov_smirnov(engine, plain, shuffles=20_000, seed=1)[1] > ALPHA


@pytest.mark.slow
def test_uniform_thresholds_reach_as_many_rows_as_live_edges_do():
    """The same paper: as if each row kept one followed row, drawn uniformly, and was reached through it."""
    graph = follows(400, 3.0, 2)
    begins, followed = graph.followees()
    hubs = set(np.argsort(-graph.in_degree, kind="stable")[:5].tolist())
    luck = np.random.default_rng(6)
    plain = []
    for _ in range(3000):
        kept = [int(luck.choice(f)) if (f := followed[begins[i] : begins[i + 1]]).size else -1 for i in range(graph.n)]
        reached = set(hubs)
        for row in range(graph.n):
            path, at = [], row
            while at >= 0 and at not in reached and at not in path:
                path.append(at)
                at = kept[at]
            if at in reached:
                reached.update(path)
        plain.append(len(reached))
    engine = [
        size_of(run_campaign(rounds_world(graph, "linear_threshold", threshold=0.5, threshold_spread="uniform",
                                          seed=seed, initial_adopters=5), replicate=0))
        for seed in range(3000)
    ]  # fmt: skip
    assert kolmogorov_smirnov(engine, plain, shuffles=20_000, seed=1)[1] > ALPHA
