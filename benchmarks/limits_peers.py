"""The independent cascade beside CyNetDiff and NDlib: sizes and rounds of many runs, from one distribution or not.

Run ``python -m benchmarks.limits_peers`` with the packages of ``requirements/bench.txt`` (some minutes). Size: rows
active in the end. Rounds: steps after the start in which somebody became active. Every pair of samples is held to
Kolmogorov and Smirnov's distance with a permutation p (sizes and rounds repeat), and so that the comparison is
known to see something, the engine also runs with a chance a tenth too large, which must stand out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.cascade_graphs import Setting, audience, chance_that_reaches, hub_of
from benchmarks.cascade_peers import CyNetDiff, NDlib, missing
from sim.network.graph import FollowerGraph
from tests.rounds_world import rounds_world, sizes_and_rounds
from tests.two_samples import kolmogorov_smirnov

RUNS = 2000
SHUFFLES = 50_000
ALPHA = 1e-4
SHARE = 0.2
TOO_LARGE = 1.1
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "brand_followers" / "hershey_careers.tsv.gz"
MEASURES = ("size", "rounds")


@dataclass(frozen=True)
class Comparison:
    """One sample of the engine's against one of a peer's."""

    graph: str
    peer: str
    measure: str
    ours: float
    theirs: float
    distance: float
    p: float
    p_too_large: float
    """With the engine's chance a tenth too large."""


def random_graph() -> FollowerGraph:
    """Return a directed random graph of mean degree 8."""
    pairs = np.random.default_rng(1).integers(0, 1000, (8000, 2))
    return FollowerGraph.from_edges(pairs[:, 0], pairs[:, 1], 1000)


GRAPHS: dict[str, Callable[[], FollowerGraph]] = {
    "random, 1,000 rows": random_graph,
    "generated, 2,000 rows": lambda: audience(2000).graph,
}
if REAL.is_file():
    GRAPHS["a brand's followers"] = lambda: FollowerGraph.read(REAL)


def setting_of(name: str) -> Setting:
    """Return a graph with its widest row as the start and the chance that reaches a fifth of the rows."""
    graph = GRAPHS[name]()
    hub = hub_of(graph)
    return Setting(graph, hub, chance_that_reaches(graph, hub, SHARE, runs=40))


def by_engine(setting: Setting, chance: float, runs: int) -> np.ndarray:
    """Return size and rounds of the engine's runs, int[runs, 2]."""
    return sizes_and_rounds(rounds_world(setting.graph, "independent_cascade", transmission=chance), range(runs))


def by_cynetdiff(setting: Setting, runs: int) -> np.ndarray:
    """Return size and rounds of CyNetDiff's runs: steps until one activates nobody."""
    model = CyNetDiff(setting).model
    found = np.zeros((runs, 2), dtype=np.int64)
    for run in range(runs):
        model.reset_model()
        size, rounds = 0, -1
        while model.get_num_activated_nodes() > size:
            size, rounds = model.get_num_activated_nodes(), rounds + 1
            model.advance_model()
        found[run] = size, rounds
    return found


def by_ndlib(setting: Setting, runs: int) -> np.ndarray:
    """Return size and rounds of NDlib's runs; its first iteration only tells the start."""
    model = NDlib(setting).model
    found = np.zeros((runs, 2), dtype=np.int64)
    for run in range(runs):
        model.reset([setting.hub])
        count = model.iteration(node_status=False)["node_count"]
        rounds = -1
        while count[1]:
            rounds += 1
            count = model.iteration(node_status=False)["node_count"]
        found[run] = count[2], rounds
    return found


PEERS = {"CyNetDiff": by_cynetdiff, "NDlib": by_ndlib}


def compare(name: str, setting: Setting, runs: int = RUNS) -> list[Comparison]:
    """Return all comparisons on one graph."""
    ours, off = (by_engine(setting, setting.chance * factor, runs) for factor in (1.0, TOO_LARGE))
    found = []
    for peer, simulate in PEERS.items():
        theirs = simulate(setting, runs)
        for column, measure in enumerate(MEASURES):
            distance, p = kolmogorov_smirnov(ours[:, column], theirs[:, column], shuffles=SHUFFLES, seed=column)
            beyond = kolmogorov_smirnov(off[:, column], theirs[:, column], shuffles=SHUFFLES, seed=column)[1]
            means = ours[:, column].mean(), theirs[:, column].mean()
            found.append(Comparison(name, peer, measure, *map(float, means), distance, p, beyond))
    return found


def main() -> None:
    """Print all comparisons."""
    if missing():
        sys.exit(f"not installed: {', '.join(missing())}; requirements/bench.txt holds them")
    print(f"{RUNS:,} runs each; p of a difference by chance, over {SHUFFLES:,} shuffles")
    print(f"{'graph':<22} {'peer':<10} {'':<7} {'ours':>8} {'theirs':>8} {'KS':>7} {'p':>8}   p if ours were 10 % off")
    for name in GRAPHS:
        begin, setting = time.perf_counter(), setting_of(name)
        for line in compare(name, setting):
            print(
                f"{line.graph:<22} {line.peer:<10} {line.measure:<7} {line.ours:8.2f} {line.theirs:8.2f} "
                f"{line.distance:7.4f} {line.p:8.5f}   {line.p_too_large:.5f}", flush=True,
            )  # fmt: skip
        graph = setting.graph
        spent = time.perf_counter() - begin
        print(f"  ({graph.n:,} rows, {graph.m:,} edges, chance {setting.chance:.4f}; {spent:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
