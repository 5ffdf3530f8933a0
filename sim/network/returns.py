"""Who follows back: links in return for being followed.

An account that follows many returns many; one with far more followers than it would ever follow returns
few; and the follow of an account that draws followers is returned more readily. One draw per pair.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.compiled import kernel
from sim.mathx import exp, log
from sim.network.csr import starts, transpose
from sim.network.parts import equal_parts, even_parts, side_by_side
from sim.rng import draw

_HALVINGS = 60
HALF_RANK = 0.92
"""Rank of attraction at which a follow is returned half as readily as that of the best-followed account.

Fitted, with ``degree_correlation`` and ``closure``, to the two brand follower graphs, where accounts with
no and with one follower follow alike many (mean rank 0.42 and 0.43), those with 64 and more the most (0.96).
"""
_AMPLE = 1.1
_AT_ONCE = 3
"""How many degrees of choosiness are looked at in one pass over the graph."""
ALL_READY = 1e9


@kernel
def appeal(weight, half):
    """Return how readily others return each one's follow, float64[n] in (0, 1): 1/2 at attraction ``half``."""
    out = np.empty(weight.shape[0])
    for i in range(weight.shape[0]):
        out[i] = weight[i] / (weight[i] + half)
    return out


@kernel
def count_open(out_start, out_target, in_start, in_follower, weight, halves, open_count, open_appeal, seen, low, high):
    """Count, for some accounts, the followers that each does not follow; return how many it does follow, in all.

    Parameters
    ----------
    out_start, out_target : int64[n + 1], int32[m]
        Whom each follows.
    in_start, in_follower : int64[n + 1], int32[m]
        By whom each is followed.
    weight : float64[n]
        Attraction.
    halves : float64[h]
        Attractions at which a follow is returned half as readily as that of the best-followed account.
    open_count : float64[n]
        Written: their number.
    open_appeal : float64[h, n]
        Written: the sum of their appeal (see :func:`appeal`), for each of ``halves``.
    seen : int32[n]
        Scratch of this part: -1, or an account known to follow this one.
    low, high : int
        The accounts.
    """
    natural = 0
    sums = np.empty(halves.shape[0])
    for v in range(low, high):
        for e in range(out_start[v], out_start[v + 1]):
            seen[out_target[e]] = v
        left = 0
        sums[:] = 0.0
        for e in range(in_start[v], in_start[v + 1]):
            u = in_follower[e]
            if seen[u] == v:
                natural += 1
            else:
                left += 1
                for h in range(halves.shape[0]):
                    sums[h] += weight[u] / (weight[u] + halves[h])
        open_count[v] = left
        for h in range(halves.shape[0]):
            open_appeal[h, v] = sums[h]
    return natural


@kernel
def expected_returns(open_count, open_appeal, links, most, readiness):
    """Return how many follows are returned at one readiness, in expectation (see ``return_chances``)."""
    total = 0.0
    for v in range(open_count.shape[0]):
        total += open_appeal[v] * _share(readiness, links[v], most, open_count[v])
    return total


@kernel
def return_chances(open_count, open_appeal, links, wanted, most):
    """Return each account's chance of following back someone of full appeal, float64[n].

    Parameters
    ----------
    open_count, open_appeal : float64[n]
        Followers not followed so far, and their appeal in all.
    links : int64[n]
        How many accounts each follows: its room for returning follows grows in proportion.
    wanted : float
        Expected number of returned follows in all.
    most : int
        About how many anyone may follow.
    """
    n = open_count.shape[0]
    low, high = 0.0, ALL_READY
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if expected_returns(open_count, open_appeal, links, most, middle) < wanted:
            low = middle
        else:
            high = middle
    chance = np.zeros(n)
    if wanted > 0.0:
        for v in range(n):
            chance[v] = _share(high, links[v], most, open_count[v])
    return chance


@kernel(inline=True)
def _share(readiness, links, most, asked):
    """Return the share of ``asked`` follows that are returned: all with ample room, few with little."""
    wish = readiness * links
    left = float(most - links)
    if wish <= 0.0 or left <= 0.0:
        return 0.0
    room = wish * left / (wish + left)
    return room / (room + asked)


@kernel
def draw_returns(
    stream, keys, out_start, out_target, in_start, in_follower, chance, appeal, returned, counts, seen, low, high
):
    """Draw which follows some accounts return.

    Parameters
    ----------
    stream : uint64
        State of stream ``RECIPROCATE``.
    keys : uint64[n]
    out_start, out_target : int64[n + 1], int32[m]
        Whom each follows.
    in_start, in_follower : int64[n + 1], int32[m]
        By whom each is followed.
    chance : float64[n]
        Of following back someone of full appeal.
    appeal : float64[n] in [0, 1]
    returned : bool[m]
        Written, beside ``in_follower``.
    counts : int32[n]
        One more for each account whose follow is returned.
    seen : int32[n]
        Scratch of this part: -1, or an account known to follow this one.
    low, high : int
        The accounts.
    """
    for v in range(low, high):
        for e in range(out_start[v], out_start[v + 1]):
            seen[out_target[e]] = v
        for e in range(in_start[v], in_start[v + 1]):
            u = in_follower[e]
            answered = seen[u] != v and draw(stream, keys[v], keys[u]) < chance[v] * appeal[u]
            returned[e] = answered
            counts[u] += answered


@kernel
def join_returns(out_start, out_target, in_start, in_follower, returned, place, follower, low, high):
    """Write the rows of some accounts of the whole graph: links, and links in return.

    Parameters
    ----------
    out_start, out_target, in_start, in_follower, returned
        As in :func:`draw_returns`.
    place : int64[n]
        Row starts of the whole graph; moved on.
    follower : int32[start[n]]
        Written: ascending in each row.
    low, high : int
        The accounts.
    """
    for v in range(out_start.shape[0] - 1):
        for e in range(out_start[v], out_start[v + 1]):
            u = out_target[e]
            if low <= u < high:
                follower[place[u]] = v
                place[u] += 1
        for e in range(in_start[v], in_start[v + 1]):
            u = in_follower[e]
            if returned[e] and low <= u < high:
                follower[place[u]] = v
                place[u] += 1


def follow_back(stream, keys, out_start, out_target, weight, wanted_links, *, reciprocity, exponent, most):
    """Return the whole graph once as many follows are returned as ``reciprocity`` asks for.

    Parameters
    ----------
    stream : uint64
        State of stream ``RECIPROCATE``.
    keys : uint64[n]
    out_start, out_target : int64[n + 1], int32[m]
        Whom each follows so far.
    weight : float64[n]
        Attraction.
    wanted_links : int64[n]
        How many accounts each set out to follow.
    reciprocity : float in [0, 1)
    exponent : float > 1
        Of the tail of attraction.
    most : int
        About how many anyone may follow.

    Returns
    -------
    start : int64[n + 1]
    follower : int32[start[n]], ascending in each row
    """
    n = keys.shape[0]
    graph = (out_start, out_target, *transpose(out_start, out_target))
    returned, counts = _returned(stream, keys, graph, weight, wanted_links, reciprocity, exponent, most)
    start = starts(np.diff(graph[2]) + counts)
    place = start[:n].copy()
    follower = np.empty(int(start[n]), np.int32)
    side_by_side(lambda low, high: join_returns(*graph, returned, place, follower, low, high), equal_parts(n))
    return start, follower


def _returned(stream, keys, graph, weight, wanted_links, reciprocity, exponent, most):
    """Return which follows are returned, bool[m], and how many of each account's, int32[n]."""
    n = keys.shape[0]
    parts = even_parts(graph[2])
    seen = {low: np.full(n, -1, np.int32) for low, _ in parts}
    half, asked, asked_appeal, wanted = _selectiveness(
        graph, weight, wanted_links, reciprocity, exponent, most, parts, seen
    )
    chance = return_chances(asked, asked_appeal, wanted_links, wanted, most)
    ready = appeal(weight, half)
    returned = np.empty(graph[3].shape[0], np.bool_)
    counts = {low: np.zeros(n, np.int32) for low, _ in parts}
    side_by_side(
        lambda low, high: draw_returns(
            stream, keys, *graph, chance, ready, returned, counts[low], seen[low], low, high
        ),
        parts,
    )  # fmt: skip
    return returned, sum(counts.values())


def _selectiveness(graph, weight, wanted_links, reciprocity, exponent, most, parts, seen):
    """Return how choosy accounts are about whose follow they return, so that enough are returned.

    Returns
    -------
    half : float
        Attraction at which a follow is returned half as readily.
    asked, asked_appeal : float64[n]
        Followers not followed so far, and their appeal in all.
    wanted : float
        Expected number of returned follows in all.
    """
    n, m = weight.shape[0], graph[1].shape[0]
    half = exp(-log(1.0 - HALF_RANK) / (exponent - 1.0))
    asked, asked_appeal = np.empty(n), np.empty((_AT_ONCE, n))
    while True:
        halves = half * 0.25 ** np.arange(_AT_ONCE)
        work = partial(_count, graph, weight, halves, asked, asked_appeal, seen)
        natural = sum(side_by_side(work, parts))
        wanted = max((reciprocity * m - natural) / (2.0 - reciprocity), 0.0)
        for half, per_account in zip(halves.tolist(), asked_appeal, strict=True):
            possible = expected_returns(asked, per_account, wanted_links, most, ALL_READY)
            if possible >= _AMPLE * wanted or half < 1e-6:
                return half, asked, per_account, wanted
        half *= 0.25  # so much reciprocity needs less choosy accounts


def _count(graph, weight, halves, asked, asked_appeal, seen, low, high):
    """Count as :func:`count_open` does, with the scratch of one part."""
    return count_open(*graph, weight, halves, asked, asked_appeal, seen[low], low, high)
