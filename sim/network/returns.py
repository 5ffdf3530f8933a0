"""Who follows back: links in return for being followed.

An account that follows many returns many; one with far more followers than it would ever follow returns
few. The chance is the same for all followers of one account, drawn per pair.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.network.csr import starts
from sim.rng import draw

_HALVINGS = 60


@kernel
def count_open(out_start, out_target, in_start, in_follower, seen):
    """Return how many followers of each account it does not follow, int64[n]."""
    n = out_start.shape[0] - 1
    open_count = np.zeros(n, np.int64)
    seen[:] = -1
    for v in range(n):
        for e in range(out_start[v], out_start[v + 1]):
            seen[out_target[e]] = v
        for e in range(in_start[v], in_start[v + 1]):
            if seen[in_follower[e]] != v:
                open_count[v] += 1
    return open_count


@kernel
def return_chances(open_count, links, wanted):
    """Return each account's chance of following back, float64[n].

    Parameters
    ----------
    open_count : int64[n]
        Followers not followed so far.
    links : int64[n]
        How many accounts each follows: its readiness to return a follow grows in proportion.
    wanted : float
        Expected number of returned follows in all.
    """
    n = open_count.shape[0]
    low, high = 0.0, 1e9
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        total = 0.0
        for v in range(n):
            total += min(float(open_count[v]), middle * links[v])
        if total < wanted:
            low = middle
        else:
            high = middle
    chance = np.zeros(n)
    for v in range(n):
        if open_count[v] > 0 and wanted > 0.0:
            chance[v] = min(1.0, high * links[v] / open_count[v])
    return chance


@kernel
def join_returns(stream, keys, out_start, out_target, in_start, in_follower, chance, seen):
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
            if seen[u] != v and draw(stream, keys[v], keys[u]) < chance[v]:
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
