"""Whom a link may reach: everyone, or those alike in age band, community, grievance or several of them.

Followers are grouped into cells (age band x community x tenth of the grievance ranking). A link draws
which likenesses it looks for, then a cell that has them, then a member, each in proportion to attraction.
Grievance counts by rank only, so sweeping its mean leaves the graph unchanged.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel

GRIEVANCE_BINS = 10
LIKENESSES = 8  # subsets of {age band, community, grievance}


class Pools(NamedTuple):
    """The tables that a link is drawn from (K cells, n followers).

    Attributes
    ----------
    cell : int32[n]
        Each follower's cell.
    ordered : int32[8, K]
        Cells, those of one pool side by side, for each set of likenesses.
    first, last : int32[8, K]
        Where the pool of a cell begins and ends in ``ordered``.
    running : float64[8, K + 1]
        Attraction before each place of ``ordered``.
    cell_start : int64[K + 1]
        Where each cell's members begin.
    member : int32[n]
        Followers by cell.
    reached : float64[n]
        Attraction of the cell's members up to and including this one.
    guide : int32[n]
        The first member that can hold the i-th of the cell's equal parts of attraction.
    """

    cell: npt.NDArray[np.int32]
    ordered: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    running: npt.NDArray[np.float64]
    cell_start: npt.NDArray[np.int64]
    member: npt.NDArray[np.int32]
    reached: npt.NDArray[np.float64]
    guide: npt.NDArray[np.int32]


def likeness_shares(cohort: float, community: float, grievance: float) -> npt.NDArray[np.float64]:
    """Return the running shares, float64[8], of links that look for each set of likenesses.

    Bit 0 of the set is age band, bit 1 community, bit 2 grievance; the three are drawn independently.
    """
    total = 0.0
    running = np.empty(LIKENESSES)
    for mask in range(LIKENESSES):
        share = 1.0
        for bit, wish in enumerate((cohort, community, grievance)):
            share *= wish if mask >> bit & 1 else 1.0 - wish
        total += share
        running[mask] = total
    return running


def build_pools(
    cohort: npt.NDArray[np.int8],
    community: npt.NDArray[np.int8],
    grievance_rank: npt.NDArray[np.float64],
    weight: npt.NDArray[np.float64],
) -> Pools:
    """Return the tables for followers with these attributes and attractions (all of length n > 0)."""
    bins = np.minimum((grievance_rank * GRIEVANCE_BINS).astype(np.int32), GRIEVANCE_BINS - 1)
    communities = int(community.max()) + 1
    code = (cohort.astype(np.int32) * communities + community) * GRIEVANCE_BINS + bins
    occupied = np.flatnonzero(np.bincount(code))
    dense = np.zeros(int(occupied[-1]) + 1, np.int32)
    dense[occupied] = np.arange(occupied.shape[0], dtype=np.int32)
    cell = dense[code]
    traits = (
        occupied // (GRIEVANCE_BINS * communities),
        occupied // GRIEVANCE_BINS % communities,
        occupied % GRIEVANCE_BINS,
    )
    cell_start, member, reached, guide = _arrange(cell, weight, occupied.shape[0])
    total = reached[cell_start[1:] - 1]
    shape = (LIKENESSES, occupied.shape[0])
    ordered, first, last = (np.empty(shape, np.int32) for _ in range(3))
    running = np.zeros((LIKENESSES, occupied.shape[0] + 1))
    for mask in range(LIKENESSES):
        pool = np.zeros(occupied.shape[0], np.int64)
        for bit, trait in enumerate(traits):
            if mask >> bit & 1:
                pool = pool * (int(trait.max()) + 1) + trait
        order = np.argsort(pool, kind="stable")
        ordered[mask] = order
        first[mask] = np.searchsorted(pool[order], pool, side="left")
        last[mask] = np.searchsorted(pool[order], pool, side="right")
        running[mask, 1:] = _running(total[order])
    return Pools(cell, ordered, first, last, running, cell_start, member, reached, guide)


@kernel
def _running(values):
    """Return the running sum, in one fixed order."""
    out = np.empty(values.shape[0])
    total = 0.0
    for i in range(values.shape[0]):
        total += values[i]
        out[i] = total
    return out


@kernel
def _arrange(cell, weight, cells):
    """Return members by cell, their running attraction and the guide into it."""
    n = cell.shape[0]
    start = np.zeros(cells + 1, np.int64)
    for i in range(n):
        start[cell[i] + 1] += 1
    for c in range(cells):
        start[c + 1] += start[c]
    place = start[:cells].copy()
    member = np.empty(n, np.int32)
    for i in range(n):
        member[place[cell[i]]] = i
        place[cell[i]] += 1
    reached = np.empty(n)
    guide = np.empty(n, np.int32)
    for c in range(cells):
        total = 0.0
        for i in range(start[c], start[c + 1]):
            total += weight[member[i]]
            reached[i] = total
        size = start[c + 1] - start[c]
        at = start[c]
        for part in range(size):
            while at < start[c + 1] - 1 and reached[at] <= part * total / size:
                at += 1
            guide[start[c] + part] = at
    return start, member, reached, guide


@kernel(inline=True)
def pick_cell(pools, mask, cell, u):
    """Return a cell alike in ``mask`` to ``cell``, by the uniform ``u``."""
    low = pools.first[mask, cell]
    high = pools.last[mask, cell] - 1
    base = pools.running[mask, low]
    aim = base + u * (pools.running[mask, high + 1] - base)
    while low < high:
        middle = (low + high) >> 1
        if pools.running[mask, middle + 1] <= aim:
            low = middle + 1
        else:
            high = middle
    return pools.ordered[mask, low]


@kernel(inline=True)
def aim_at_member(pools, cell, u):
    """Return what a member of ``cell`` is picked by, in proportion to attraction, by the uniform ``u``.

    Returns
    -------
    place : int64
        Of the guide.
    end : int64
        Place of the cell's last member.
    aim : float
        Attraction to reach.
    """
    begin = pools.cell_start[cell]
    end = pools.cell_start[cell + 1] - 1
    return begin + int(u * (end + 1 - begin)), end, u * pools.reached[end]


@kernel(inline=True)
def reach_member(pools, at, end, aim):
    """Return the first place from ``at`` on (of the guide) whose members reach ``aim``."""
    while at < end and pools.reached[at] <= aim:
        at += 1
    return at
