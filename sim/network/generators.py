"""A follower graph for an audience: heavy-tailed, homophilous, reciprocal, clustered, keyed.

Followers are taken in the order of their keys, whatever their rows, and every draw is a function of
(seed, key, link): the same people in other rows get the same graph with other row numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.network import NetworkConfig
from sim.errors import GraphError
from sim.mathx import exp, log
from sim.network import csr, degrees, links, returns
from sim.network.graph import FollowerGraph
from sim.network.parts import even_parts, side_by_side
from sim.network.pools import Pools, build_pools, likeness_shares
from sim.rng import SETUP, Stream, stream_state


def generate(
    config: NetworkConfig,
    *,
    seed: int,
    keys: npt.NDArray[np.uint64],
    cohort: npt.NDArray[np.int8],
    community: npt.NDArray[np.int8],
    grievance_rank: npt.NDArray[np.float64],
) -> FollowerGraph:
    """Return a follower graph of these people.

    Parameters
    ----------
    config : NetworkConfig
    seed : int in [0, 2**63)
    keys : uint64[n], distinct
    cohort, community : int8[n], not negative
    grievance_rank : float64[n] in [0, 1]
        Each one's place in the grievance ranking (never the grievance itself).

    Raises
    ------
    GraphError
        Columns differ in length, keys repeat, or a value lies outside its range.
    """
    people: list[npt.NDArray[Any]] = [np.asarray(column) for column in (keys, cohort, community, grievance_rank)]
    _check_people(*people)
    n = people[0].shape[0]
    if n < 2 or config.mean_degree == 0.0:
        return FollowerGraph(np.zeros(n + 1, np.int64), np.empty(0, np.int32), "generated", people[0])
    order = np.argsort(people[0], kind="stable")
    ordered = bool(np.array_equal(order, np.arange(n)))
    columns = people if ordered else [column[order] for column in people]
    start, follower = _generate_ordered(config, seed, *columns)
    if not ordered:
        # turned twice, rows are ascending again
        start, follower = csr.transpose(*csr.transpose(*csr.relabel(start, follower, order)))
    return FollowerGraph(start, follower, "generated", people[0])


def _generate_ordered(
    config: NetworkConfig,
    seed: int,
    keys: npt.NDArray[np.uint64],
    cohort: npt.NDArray[np.int8],
    community: npt.NDArray[np.int8],
    grievance_rank: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return start and follower for people in the order of their keys."""
    n = keys.shape[0]
    state = {stream: np.uint64(stream_state(seed, SETUP, int(stream))) for stream in Stream}
    mean_links = config.mean_degree * (1.0 - 0.5 * config.reciprocity)  # the rest comes in return
    most = min(config.follow_limit, n - 1)
    wanted, normal = degrees.following(state[Stream.OUT_DEGREE], keys, mean_links, config.out_sigma, most)
    hub_share = min(0.9, config.hub_share * exp(-config.hub_decline * log(n / 10_000)))
    weight = degrees.attraction(
        state[Stream.IN_WEIGHT], keys, normal, wanted, config.in_tail_exponent, config.degree_correlation, hub_share
    )
    pools = build_pools(cohort, community, grievance_rank, weight)
    likeness = likeness_shares(config.homophily_cohort, config.homophily_community, config.homophily_grievance)

    start, target = _links(state, keys, wanted, config.closure, likeness, pools)
    del pools, normal
    return returns.follow_back(
        state[Stream.RECIPROCATE], keys, start, target, weight, wanted,
        reciprocity=config.reciprocity, exponent=config.in_tail_exponent, most=most,
    )  # fmt: skip


def _links(
    state: dict[Stream, np.uint64],
    keys: npt.NDArray[np.uint64],
    wanted: npt.NDArray[np.int64],
    closure: float,
    likeness: npt.NDArray[np.float64],
    pools: Pools,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return whom each follows of one's own accord: starts and targets, before any follow is returned."""
    n = keys.shape[0]
    start = csr.starts(wanted)
    target = np.empty(int(start[-1]), np.int32)
    drawn, counts = np.empty(n, np.int32), np.empty(n, np.int32)
    parts = even_parts(start)
    seen = {low: np.full(n, -1, np.int32) for low, _ in parts}
    streams = (state[Stream.LINK], state[Stream.CLOSE])
    tables = (closure, likeness, pools, target)
    side_by_side(
        lambda low, high: links.first_links(*streams, keys, start, *tables, drawn, seen[low], low, high), parts
    )
    side_by_side(
        lambda low, high: links.closing_links(*streams, keys, start, drawn, *tables, counts, seen[low], low, high),
        parts,
    )
    return start, target[: links.close_ranks(start, counts, target)]


def _check_people(
    keys: npt.NDArray[np.uint64],
    cohort: npt.NDArray[np.int8],
    community: npt.NDArray[np.int8],
    grievance_rank: npt.NDArray[np.float64],
) -> None:
    """Check the columns that describe the audience."""
    if keys.dtype != np.uint64 or keys.ndim != 1:
        raise GraphError(f"keys must be uint64 of shape (n,), got {keys.dtype} of shape {keys.shape}.")
    for name, column in (("cohort", cohort), ("community", community), ("grievance_rank", grievance_rank)):
        if column.shape != keys.shape:
            raise GraphError(
                f"{name} must have one value for each of the {keys.shape[0]} keys, got shape {column.shape}."
            )
        if column.size and not column.min() >= 0:
            raise GraphError(f"{name} must not be negative, got {column.min()}.")
    if keys.size and not grievance_rank.max() <= 1.0:
        raise GraphError(f"grievance_rank must lie in [0, 1], got {grievance_rank.max()}.")
    sorted_keys = np.sort(keys)
    if np.any(sorted_keys[1:] == sorted_keys[:-1]):
        raise GraphError("keys must be distinct: one follower, one key; some repeat.")
