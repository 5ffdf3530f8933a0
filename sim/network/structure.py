"""What a follower graph looks like: the measures by which generated graphs are held against real ones.

Clustering, distances and assortativity are taken on the undirected projection (two accounts are joined if
either follows the other), as the figures for real graphs were. Small graphs are measured exactly, large
ones by keyed samples. Sources: Watts & Strogatz 1998 (local clustering, averaged over all accounts),
Newman 2002 and 2003 (assortativity), Clauset, Shalizi & Newman 2009 (discrete power-law fit).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.errors import GraphError
from sim.network import clustering, csr
from sim.network.graph import FollowerGraph

EXACT_ROWS = 50_000
SAMPLES = 20_000
DISTANCE_SOURCES = 400  # breadth-first searches; fewer on large graphs
HOPS = 4
TAIL_AT_LEAST = 50


class Tail(NamedTuple):
    """A discrete power law fitted to the upper end of a distribution."""

    exponent: float
    cutoff: int
    distance: float


def gini(values: npt.ArrayLike) -> float:
    """Return the Gini coefficient of non-negative values (0 for none, or if all are zero)."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    total = float(ordered.sum())
    if total == 0.0:
        return 0.0
    count = ordered.shape[0]
    place = np.arange(1, count + 1)
    return float(2.0 * (place * ordered).sum() / (count * total) - (count + 1) / count)


def tail_exponent(degrees: npt.ArrayLike) -> Tail:
    """Fit a discrete power law by maximum likelihood, its cut-off chosen by the Kolmogorov-Smirnov distance.

    Parameters
    ----------
    degrees : integers[n]
        At least ``TAIL_AT_LEAST`` of them must lie in the tail; the exponent is nan for fewer.
    """
    from scipy.special import zeta

    values, counts = np.unique(np.asarray(degrees), return_counts=True)
    values, counts = values[values > 0], counts[values > 0]
    above = counts[::-1].cumsum()[::-1]
    best = Tail(float("nan"), 0, float("inf"))
    # many distinct degrees: some hundred cut-offs, evenly spread over the ranks, find the same fit
    candidates = np.flatnonzero(above >= TAIL_AT_LEAST)[:-1]
    if candidates.shape[0] > 200:
        candidates = np.unique(candidates[np.linspace(0, candidates.shape[0] - 1, 200).astype(int)])
    for at in candidates:
        tail, weight = values[at:].astype(np.float64), counts[at:]
        cutoff, size = float(tail[0]), float(above[at])
        mean_log = float((weight * np.log(tail)).sum() / size)
        exponent = _likeliest(mean_log, cutoff)
        empirical = weight.cumsum() / size
        fitted = 1.0 - zeta(exponent, tail + 1.0) / zeta(exponent, cutoff)
        distance = float(np.abs(empirical - fitted).max())
        if distance < best.distance:
            best = Tail(exponent, int(cutoff), distance)
    return best


def _likeliest(mean_log: float, cutoff: float) -> float:
    """Return the exponent that maximises the discrete likelihood at one cut-off."""
    from scipy.optimize import minimize_scalar
    from scipy.special import zeta

    found = minimize_scalar(
        lambda exponent: exponent * mean_log + np.log(zeta(exponent, cutoff)),
        bounds=(1.01, 8.0), method="bounded", options={"xatol": 1e-4},
    )  # fmt: skip
    return float(found.x)


def reciprocity(graph: FollowerGraph) -> float:
    """Return the share of follow edges that are returned (0 for an empty graph)."""
    start, followed = graph.followees()
    return clustering.mutual(graph.start, graph.follower, start, followed) / max(graph.m, 1)


def rank_correlation(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Return Spearman's rank correlation, ties at their mean rank (nan if either is constant)."""
    from scipy.stats import rankdata

    return _correlation(rankdata(np.asarray(first)), rankdata(np.asarray(second)))


def _correlation(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> float:
    """Return Pearson's correlation, nan if either column is constant."""
    a = np.asarray(first, np.float64) - np.mean(first) if np.size(first) else np.empty(0)
    b = np.asarray(second, np.float64) - np.mean(second) if np.size(second) else np.empty(0)
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0.0 else float("nan")


def degree_assortativity(start: npt.NDArray[np.int64], neighbour: npt.NDArray[np.int32]) -> float:
    """Return the correlation of degrees at the ends of the ties of an undirected projection."""
    degree = np.diff(start)
    return _correlation(np.repeat(degree, degree), degree[neighbour])


def nominal_assortativity(graph: FollowerGraph, group: npt.NDArray[np.integer[Any]]) -> float:
    """Return Newman's assortativity coefficient of a grouping (0 at random, 1 for edges inside groups only).

    Parameters
    ----------
    group : integers[n], not negative

    Raises
    ------
    GraphError
        ``group`` has not one value for each account.
    """
    group = np.asarray(group)
    if group.shape != (graph.n,):
        raise GraphError(f"group must have one value for each of the {graph.n} accounts, got shape {group.shape}.")
    if graph.m == 0:
        return float("nan")
    kinds = int(group.max()) + 1
    pair = group[graph.follower].astype(np.int64) * kinds + np.repeat(group, graph.in_degree)
    mixing = np.bincount(pair, minlength=kinds * kinds).reshape(kinds, kinds) / graph.m
    by_chance = float((mixing.sum(axis=0) * mixing.sum(axis=1)).sum())
    return float((np.trace(mixing) - by_chance) / (1.0 - by_chance)) if by_chance < 1.0 else float("nan")


def branching_multiplier(graph: FollowerGraph) -> float:
    """Return how far degree correlation multiplies the audience of one that was reached.

    Followers of somebody met by following an edge (each as often as they follow others), relative to the
    mean: sum(in * out) * n / m**2. One without correlation; nan for a graph without edges.
    """
    if graph.m == 0:
        return float("nan")
    together = float((graph.in_degree.astype(np.float64) * graph.out_degree).sum())
    return together * graph.n / float(graph.m) ** 2


def projection(graph: FollowerGraph) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return the undirected projection: int64[n + 1] starts and ascending int32 neighbours."""
    start, followed = graph.followees()
    merged_start, neighbour = clustering.merge(graph.start, graph.follower, start, followed)
    left = csr.drop_repeats(merged_start, neighbour)
    return merged_start, neighbour[:left]


def describe(graph: FollowerGraph, *, exact_rows: int = EXACT_ROWS, samples: int = SAMPLES) -> dict[str, float]:
    """Return the graph's figures by name, floats (nan where a figure is not defined).

    Parameters
    ----------
    exact_rows : int
        Up to this many accounts clustering is exact; above, it is estimated from ``samples`` accounts
        and ``samples`` wedges (standard errors below 0.4 percentage points).
    """
    received, made = graph.in_degree, graph.out_degree
    out: dict[str, float] = {"n": graph.n, "m": graph.m, "mean_degree": graph.m / max(graph.n, 1)}
    for name, degree in (("in", received), ("out", made)):
        has = degree.shape[0] > 0
        out[f"{name}_median"] = float(np.median(degree)) if has else float("nan")
        out[f"{name}_p99"] = float(np.percentile(degree, 99)) if has else float("nan")
        out[f"{name}_max"] = float(degree.max()) if has else float("nan")
        out[f"{name}_gini"] = gini(degree)
        out[f"{name}_tail_exponent"] = tail_exponent(degree).exponent
    out["reciprocity"] = reciprocity(graph)
    out["in_out_rank_correlation"] = rank_correlation(received, made)
    start, neighbour = projection(graph)
    if graph.n <= exact_rows:
        local, overall = clustering.exact(start, neighbour)
    else:
        local, overall = clustering.sampled(start, neighbour, samples)
    out["clustering_local"], out["clustering_global"] = float(local), float(overall)
    out["degree_assortativity"] = degree_assortativity(start, neighbour)
    sources = DISTANCE_SOURCES if graph.n <= exact_rows else DISTANCE_SOURCES // 20
    out["within_4_hops"] = float(clustering.share_within(start, neighbour, HOPS, sources))
    out["branching_multiplier"] = branching_multiplier(graph)
    return out
