"""Who follows back: links in return for being followed.

An account that follows many returns many; one with far more followers than it would ever follow returns
few; and the follow of an account that draws followers is returned more readily. One draw per pair.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.mathx import exp, log
from sim.network.csr import starts, transpose
from sim.rng import draw

_HALVINGS = 60
HALF_RANK = 0.92
"""Rank of attraction at which a follow is returned half as readily as that of the best-followed account.

Fitted, with ``degree_correlation`` and ``closure``, to the two brand follower graphs, where accounts with
no and with one follower follow alike many (mean rank 0.42 and 0.43), those with 64 and more the most (0.96).
"""
_AMPLE = 1.1
ALL_READY = 1e9


@kernel
def appeal(weight, half):
    """Return how readily others return each one's follow, float64[n] in (0, 1): 1/2 at attraction ``half``."""
    out = np.empty(weight.shape[0])
    for i in range(weight.shape[0]):
        out[i] = weight[i] / (weight[i] + half)
    return out


@kernel
def count_open(out_start, out_target, in_start, in_follower, appeal, seen):
    """Return, for each account, its followers that it does not follow.

    Parameters
    ----------
    out_start, out_target : int64[n + 1], int32[m]
        Whom each follows.
    in_start, in_follower : int64[n + 1], int32[m]
        By whom each is followed.
    appeal : float64[n] in [0, 1]
        How readily others return this one's follow.
    seen : int32[n]
        Scratch.

    Returns
    -------
    natural : int
        Edges that are returned already.
    open_count, open_appeal : float64[n]
        Their number, and the sum of their appeal.
    """
    n = out_start.shape[0] - 1
    open_count = np.zeros(n)
    open_appeal = np.zeros(n)
    seen[:] = -1
    natural = 0
    for v in range(n):
        for e in range(out_start[v], out_start[v + 1]):
            seen[out_target[e]] = v
        for e in range(in_start[v], in_start[v + 1]):
            u = in_follower[e]
            if seen[u] == v:
                natural += 1
            else:
                open_count[v] += 1.0
                open_appeal[v] += appeal[u]
    return natural, open_count, open_appeal


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
def join_returns(stream, keys, out_start, out_target, in_start, in_follower, chance, appeal, seen):
    """Return the whole graph, links and links in return, as rows of followers.

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
    seen : int32[n]
        Scratch.

    Returns
    -------
    start : int64[n + 1]
    follower : int32[start[n]], ascending in each row
    """
    n = keys.shape[0]
    counts = np.empty(n, np.int64)
    for v in range(n):
        counts[v] = in_start[v + 1] - in_start[v]
    returned = np.zeros(in_follower.shape[0], np.uint8)
    seen[:] = -1
    for v in range(n):
        for e in range(out_start[v], out_start[v + 1]):
            seen[out_target[e]] = v
        for e in range(in_start[v], in_start[v + 1]):
            u = in_follower[e]
            if seen[u] != v and draw(stream, keys[v], keys[u]) < chance[v] * appeal[u]:
                returned[e] = 1
                counts[u] += 1
    start = starts(counts)
    place = start[:n].copy()
    follower = np.empty(start[n], np.int32)
    for v in range(n):
        for e in range(out_start[v], out_start[v + 1]):
            u = out_target[e]
            follower[place[u]] = v
            place[u] += 1
        for e in range(in_start[v], in_start[v + 1]):
            if returned[e]:
                u = in_follower[e]
                follower[place[u]] = v
                place[u] += 1
    return start, follower


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
    seen = np.empty(keys.shape[0], np.int32)
    in_start, in_follower = transpose(out_start, out_target)
    half = exp(-log(1.0 - HALF_RANK) / (exponent - 1.0))
    while True:
        ready = appeal(weight, half)
        natural, asked, asked_appeal = count_open(out_start, out_target, in_start, in_follower, ready, seen)
        wanted = max((reciprocity * out_target.shape[0] - natural) / (2.0 - reciprocity), 0.0)
        possible = expected_returns(asked, asked_appeal, wanted_links, most, ALL_READY)
        if possible >= _AMPLE * wanted or half < 1e-6:
            break
        half *= 0.25  # so much reciprocity needs less choosy accounts
    chance = return_chances(asked, asked_appeal, wanted_links, wanted, most)
    return join_returns(stream, keys, out_start, out_target, in_start, in_follower, chance, ready, seen)
