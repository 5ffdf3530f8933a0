"""How long building a follower graph takes and how much memory it needs.

    python benchmarks/network_build.py [ROWS] [--mean-degree 20] [--repeats 1]

Prints CPU seconds of this process (compilation left out) and its peak resident memory in MB, with the
edges per second that follow. Times hold for one machine; compare only runs of the same one.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from sim.config.network import NetworkConfig
from sim.network.generators import generate
from sim.network.graph import FollowerGraph


def audience(n: int) -> dict[str, np.ndarray]:
    """Return people in six age bands and two communities, ranked at random."""
    luck = np.random.default_rng(1)
    return {
        "keys": np.arange(n, dtype=np.uint64),
        "cohort": luck.integers(0, 6, n, dtype=np.int8),
        "community": luck.integers(0, 2, n, dtype=np.int8),
        "grievance_rank": luck.random(n),
    }


def peak_mb() -> float:
    """Return the peak resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Build, and print a line a repeat."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("rows", nargs="?", type=float, default=1e6)
    words.add_argument("--mean-degree", type=float, default=20.0)
    words.add_argument("--repeats", type=int, default=1)
    given = words.parse_args()
    config = NetworkConfig(mean_degree=given.mean_degree)
    generate(config, seed=0, **audience(1000))  # compile
    FollowerGraph.from_edges(np.zeros(1, np.int32), np.ones(1, np.int32), 2)
    before = peak_mb()
    people = audience(int(given.rows))
    print("step        rows        edges   CPU s  edges/s   peak MB (of which before)")
    for seed in range(given.repeats):
        begin = time.process_time()
        graph = generate(config, seed=seed, **people)
        seconds = time.process_time() - begin
        print(
            f"generate    {graph.n:<11,} {graph.m:<11,} {seconds:6.2f}  {graph.m / max(seconds, 1e-9):8.2g}  "
            f"{peak_mb():8.0f} ({before:.0f})"
        )
    followed = np.repeat(np.arange(graph.n, dtype=np.int32), graph.in_degree)
    begin = time.process_time()
    again = FollowerGraph.from_edges(graph.follower, followed, graph.n)
    seconds = time.process_time() - begin
    print(f"from_edges  {again.n:<11,} {again.m:<11,} {seconds:6.2f}  {again.m / max(seconds, 1e-9):8.2g}")


if __name__ == "__main__":
    main()
