"""Which follower links to whom: first links, links that close triangles, and links in return.

Every draw is keyed by the follower's key and the number of the link (or the other's key), so the result
does not depend on the order of work. A link that hits oneself or someone already followed draws again.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.network.pools import aim_at_member, pick_cell, reach_member
from sim.rng import fold, uniform

TRIES = 16
_ONE, _TWO = np.uint64(1), np.uint64(2)


@kernel(inline=True)
def _aim(state, attempt, cell, likeness, pools):
    """Return where one link looks at one attempt (state: of follower and link): see ``aim_at_member``."""
    at = fold(state, np.uint64(attempt))
    u = uniform(at)
    mask = 0
    while mask < likeness.shape[0] - 1 and likeness[mask] <= u:
        mask += 1
    target_cell = pick_cell(pools, mask, cell, uniform(fold(at, _ONE)))
    return aim_at_member(pools, target_cell, uniform(fold(at, _TWO)))


@kernel(inline=True)
def _first_link(state, attempt, cell, likeness, pools):
    """Return whom one link reaches at one attempt."""
    place, end, aim = _aim(state, attempt, cell, likeness, pools)
    return pools.member[reach_member(pools, pools.guide[place], end, aim)]


@kernel(inline=True)
def _through_friend(state, attempt, i, start, drawn, target):
    """Return the place in ``target`` of whom a followed account follows, at one attempt; -1 if there is none."""
    if drawn[i] == 0:
        return np.int64(-1)
    at = fold(state, np.uint64(attempt))
    friend = target[start[i] + int(uniform(at) * drawn[i])]
    if drawn[friend] == 0:
        return np.int64(-1)
    return start[friend] + int(uniform(fold(at, _ONE)) * drawn[friend])


@kernel(inline=True)
def _widest(start, low, high):
    """Return the longest row's length."""
    most = 0
    for i in range(low, high):
        most = max(most, start[i + 1] - start[i])
    return most


@kernel
def first_links(link_stream, close_stream, keys, start, closure, likeness, pools, target, drawn, seen, low, high):
    """Draw the links of some rows that do not close a triangle; write each follower's at the front of its row.

    A row's first attempts are looked up together, table by table, so that memory answers many at a time.

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
    drawn : int32[n]
        Written: how many links each follower has.
    seen : int32[n]
        Scratch of this part: who was last linked by whom, -1 for nobody.
    low, high : int
        The rows.
    """
    room = _widest(start, low, high)
    states, aims = np.empty(room, np.uint64), np.empty(room)
    places, ends = np.empty(room, np.int64), np.empty(room, np.int64)
    for i in range(low, high):
        own = fold(link_stream, keys[i])
        closing = fold(close_stream, keys[i])
        wanted = 0
        for slot in range(start[i + 1] - start[i]):
            if slot > 0 and uniform(fold(closing, np.uint64(slot))) < closure:
                continue
            states[wanted] = fold(own, np.uint64(slot))
            places[wanted], ends[wanted], aims[wanted] = _aim(states[wanted], 0, pools.cell[i], likeness, pools)
            wanted += 1
        for j in range(wanted):
            places[j] = pools.guide[places[j]]
        for j in range(wanted):
            places[j] = reach_member(pools, places[j], ends[j], aims[j])
        for j in range(wanted):
            places[j] = pools.member[places[j]]
        place = start[i]
        for j in range(wanted):
            other = np.int32(places[j])
            attempt = 1
            while (other == i or seen[other] == i) and attempt < TRIES:
                other = _first_link(states[j], attempt, pools.cell[i], likeness, pools)
                attempt += 1
            if other != i and seen[other] != i:
                seen[other] = i
                target[place] = other
                place += 1
        drawn[i] = place - start[i]


@kernel
def closing_links(
    link_stream, close_stream, keys, start, drawn, closure, likeness, pools, target, counts, seen, low, high
):
    """Draw the links of some rows that close a triangle: to whom a followed account follows, else as first links.

    Parameters are those of :func:`first_links`; ``drawn`` (int32[n]) is read for all rows, and ``counts``
    (int32[n]) is written: how many links each follower has in all.
    """
    room = _widest(start, low, high)
    slots, others = np.empty(room, np.uint64), np.empty(room, np.int32)
    states, froms = np.empty(room, np.uint64), np.empty(room, np.int64)
    for i in range(low, high):
        own = fold(link_stream, keys[i])
        closing = fold(close_stream, keys[i])
        place = start[i] + drawn[i]
        for e in range(start[i], place):
            seen[target[e]] = i
        wanted = 0
        for slot in range(1, start[i + 1] - start[i]):
            state = fold(closing, np.uint64(slot))
            if uniform(state) < closure:
                states[wanted], slots[wanted] = state, np.uint64(slot)
                wanted += 1
        for j in range(wanted):
            froms[j] = _through_friend(states[j], 0, i, start, drawn, target)
        for j in range(wanted):
            others[j] = target[froms[j]] if froms[j] >= 0 else i
        for j in range(wanted):
            other = others[j]
            attempt = 1 if drawn[i] > 0 else 0
            while (other == i or seen[other] == i) and attempt < TRIES:
                if attempt < TRIES // 2 and drawn[i] > 0:
                    at = _through_friend(states[j], attempt, i, start, drawn, target)
                    other = target[at] if at >= 0 else np.int32(i)
                else:
                    other = _first_link(fold(own, slots[j]), attempt, pools.cell[i], likeness, pools)
                attempt += 1
            if other != i and seen[other] != i:
                seen[other] = i
                target[place] = other
                place += 1
        counts[i] = place - start[i]


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
