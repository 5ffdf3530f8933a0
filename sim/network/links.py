"""Which follower links to whom: first links, links that close triangles, and links in return.

Every draw is keyed by the follower's key and the number of the link (or the other's key), so the result
does not depend on the order of work. A link that hits oneself or someone already followed draws again.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.network.pools import pick_cell, pick_member
from sim.rng import fold, uniform

TRIES = 16
_ONE, _TWO = np.uint64(1), np.uint64(2)


@kernel(inline=True)
def _first_link(state, attempt, cell, likeness, pools):
    """Return whom one link reaches at one attempt (state: of follower and link)."""
    at = fold(state, np.uint64(attempt))
    u = uniform(at)
    mask = 0
    while mask < likeness.shape[0] - 1 and likeness[mask] <= u:
        mask += 1
    target_cell = pick_cell(pools, mask, cell, uniform(fold(at, _ONE)))
    return pick_member(pools, target_cell, uniform(fold(at, _TWO)))


@kernel
def first_links(link_stream, close_stream, keys, start, closure, likeness, pools, target, seen):
    """Draw the links that do not close a triangle; write each follower's at the front of its row.

    Parameters
    ----------
    link_stream, close_stream : uint64
        States of streams ``LINK`` and ``CLOSE``.
    keys : uint64[n]
    start : int64[n + 1]
        Room for each follower's links.
    closure : float in [0, 1)
        Share of links that close a triangle.
    likeness : float64[8]
    pools : Pools
    target : int32[start[n]]
        Written.
    seen : int32[n]
        Scratch: who was last linked by whom.

    Returns
    -------
    int32[n] : how many links each follower has
    """
    n = keys.shape[0]
    drawn = np.zeros(n, np.int32)
    seen[:] = -1
    for i in range(n):
        own = fold(link_stream, keys[i])
        closing = fold(close_stream, keys[i])
        place = start[i]
        for slot in range(start[i + 1] - start[i]):
            if slot > 0 and uniform(fold(closing, np.uint64(slot))) < closure:
                continue
            state = fold(own, np.uint64(slot))
            for attempt in range(TRIES):
                other = _first_link(state, attempt, pools.cell[i], likeness, pools)
                if other != i and seen[other] != i:
                    seen[other] = i
                    target[place] = other
                    place += 1
                    break
        drawn[i] = place - start[i]
    return drawn


@kernel
def closing_links(link_stream, close_stream, keys, start, drawn, closure, likeness, pools, target, seen):
    """Draw the links that close a triangle: to whom a followed account follows, else as first links.

    Parameters are those of :func:`first_links`; ``drawn`` is what it returned.

    Returns
    -------
    int32[n] : how many links each follower has
    """
    n = keys.shape[0]
    counts = np.empty(n, np.int32)
    seen[:] = -1
    for i in range(n):
        own = fold(link_stream, keys[i])
        closing = fold(close_stream, keys[i])
        place = start[i] + drawn[i]
        for e in range(start[i], place):
            seen[target[e]] = i
        for slot in range(1, start[i + 1] - start[i]):
            state = fold(closing, np.uint64(slot))
            if uniform(state) >= closure:
                continue
            found = False
            for attempt in range(TRIES):
                if attempt < TRIES // 2 and drawn[i] > 0:
                    at = fold(state, np.uint64(attempt))
                    friend = target[start[i] + int(uniform(at) * drawn[i])]
                    if drawn[friend] == 0:
                        continue
                    other = target[start[friend] + int(uniform(fold(at, _ONE)) * drawn[friend])]
                else:
                    other = _first_link(fold(own, np.uint64(slot)), attempt, pools.cell[i], likeness, pools)
                if other != i and seen[other] != i:
                    found = True
                    break
            if found:
                seen[other] = i
                target[place] = other
                place += 1
        counts[i] = place - start[i]
    return counts


@kernel
def close_ranks(start, counts, target):
    """Move rows together in place, leaving out unused room; return how many links there are."""
    place = 0
    for i in range(counts.shape[0]):
        begin = start[i]
        start[i] = place
        for e in range(begin, begin + counts[i]):
            target[place] = target[e]
            place += 1
    start[counts.shape[0]] = place
    return place
