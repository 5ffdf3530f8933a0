"""Triangles and distances on the undirected projection of a follower graph.

Rows are int64[n + 1] starts with ascending int32 neighbours, every tie in both rows. Samples are keyed by
their number, so an estimate is the same wherever it is made.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.network.csr import starts
from sim.rng import draw, fold

_SAMPLE = np.uint64(0x6772617068)  # any constant: estimates share one state
_ZERO, _ONE, _TWO = np.uint64(0), np.uint64(1), np.uint64(2)
MAX_PAIRS = 400


@kernel
def mutual(in_start, follower, out_start, followed):
    """Return how many edges are returned (each of a pair counts)."""
    count = 0
    for v in range(in_start.shape[0] - 1):
        a, b = in_start[v], out_start[v]
        while a < in_start[v + 1] and b < out_start[v + 1]:
            if follower[a] == followed[b]:
                count += 1
                a += 1
                b += 1
            elif follower[a] < followed[b]:
                a += 1
            else:
                b += 1
    return count


@kernel
def merge(in_start, follower, out_start, followed):
    """Return rows with followers and followed accounts in one ascending order, repeats kept."""
    n = in_start.shape[0] - 1
    counts = np.empty(n, np.int64)
    for v in range(n):
        counts[v] = in_start[v + 1] - in_start[v] + out_start[v + 1] - out_start[v]
    start = starts(counts)
    neighbour = np.empty(start[n], np.int32)
    for v in range(n):
        a, b = in_start[v], out_start[v]
        for e in range(start[v], start[v + 1]):
            if b >= out_start[v + 1] or (a < in_start[v + 1] and follower[a] <= followed[b]):
                neighbour[e] = follower[a]
                a += 1
            else:
                neighbour[e] = followed[b]
                b += 1
    return start, neighbour


@kernel
def exact(start, neighbour):
    """Return average local clustering (accounts with fewer than two ties count 0) and transitivity."""
    n = start.shape[0] - 1
    seen = np.full(n, -1, np.int32)
    local, closed, wedges = 0.0, 0.0, 0.0
    for v in range(n):
        degree = start[v + 1] - start[v]
        if degree < 2:
            continue
        for e in range(start[v], start[v + 1]):
            seen[neighbour[e]] = v
        triangles = 0
        for e in range(start[v], start[v + 1]):
            u = neighbour[e]
            for f in range(start[u], start[u + 1]):
                if seen[neighbour[f]] == v:
                    triangles += 1
        pairs = float(degree) * (degree - 1)
        local += triangles / pairs
        closed += triangles
        wedges += pairs
    return local / max(n, 1), closed / max(wedges, 1.0)


@kernel
def tied(start, neighbour, u, v):
    """Tell whether two accounts are tied (binary search in the shorter row)."""
    if start[u + 1] - start[u] > start[v + 1] - start[v]:
        u, v = v, u
    low, high = start[u], start[u + 1]
    while low < high:
        middle = (low + high) >> 1
        if neighbour[middle] < v:
            low = middle + 1
        else:
            high = middle
    return low < start[u + 1] and neighbour[low] == v


@kernel
def _pair_tied(start, neighbour, v, key):
    """Tell whether two different ties of ``v``, drawn by ``key``, are tied themselves."""
    degree = start[v + 1] - start[v]
    first = int(draw(_SAMPLE, key, _ZERO) * degree)
    second = int(draw(_SAMPLE, key, _ONE) * (degree - 1))
    if second >= first:
        second += 1
    return tied(start, neighbour, neighbour[start[v] + first], neighbour[start[v] + second])


@kernel
def sampled(start, neighbour, samples):
    """Return estimates of average local clustering and transitivity from keyed samples."""
    n = start.shape[0] - 1
    local = 0.0
    for s in range(samples):
        v = int(draw(_SAMPLE, np.uint64(s), _TWO) * n)
        degree = start[v + 1] - start[v]
        if degree < 2:
            continue
        pairs = min(MAX_PAIRS, degree * (degree - 1) // 2)
        hits = 0
        for p in range(pairs):
            hits += _pair_tied(start, neighbour, v, fold(np.uint64(s), np.uint64(p)))
        local += hits / pairs
    wedges = np.empty(n + 1)
    wedges[0] = 0.0
    for v in range(n):
        degree = float(start[v + 1] - start[v])
        wedges[v + 1] = wedges[v] + degree * (degree - 1.0)
    if wedges[n] == 0.0:
        return local / max(samples, 1), 0.0
    closed = 0
    for s in range(samples):
        key = fold(np.uint64(s), np.uint64(n))
        aim = draw(_SAMPLE, key, _TWO) * wedges[n]
        closed += _pair_tied(start, neighbour, np.searchsorted(wedges, aim, side="right") - 1, key)
    return local / max(samples, 1), closed / max(samples, 1)


@kernel
def share_within(start, neighbour, hops, sources):
    """Return the share of connected pairs at most ``hops`` ties apart, from keyed sources (nan: no pairs)."""
    n = start.shape[0] - 1
    distance = np.empty(n, np.int32)
    queue = np.empty(n, np.int32)
    near, reached = 0.0, 0.0
    for s in range(min(sources, n)):
        source = s if n <= sources else int(draw(_SAMPLE, np.uint64(s), fold(_ONE, _ONE)) * n)
        distance[:] = -1
        distance[source] = 0
        queue[0] = source
        head, tail = 0, 1
        while head < tail:
            v = queue[head]
            head += 1
            for e in range(start[v], start[v + 1]):
                u = neighbour[e]
                if distance[u] < 0:
                    distance[u] = distance[v] + 1
                    queue[tail] = u
                    tail += 1
                    near += distance[u] <= hops
        reached += tail - 1
    return near / reached if reached > 0.0 else np.nan
