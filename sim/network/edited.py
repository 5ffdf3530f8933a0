"""The follower graph with somebody added or dropped: all other edges stay (``docs/model.md`` 2)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.network import csr
from sim.network.graph import FollowerGraph
from sim.rng import SETUP, Stream, draw, stream_state


@kernel
def _first_different(stream, keys, count, rows, in_order):
    """Return, for each key, the first ``count`` different rows among its draws: int64[keys, count]."""
    out = np.empty((keys.shape[0], count), np.int64)
    taken = np.full(rows, -1, np.int64)
    for j in range(keys.shape[0]):
        found = 0
        slot = np.uint64(0)
        while found < count:
            row = in_order[int(draw(stream, keys[j], slot) * rows)]
            slot += np.uint64(1)
            if taken[row] != j:
                taken[row] = j
                out[j, found] = row
                found += 1
    return out


@kernel
def _spliced(start, follower, gone, more_start, more):
    """Return start and follower of a graph without the edges of some rows and with more at the end of each list."""
    rows = more_start.shape[0] - 1
    before = start.shape[0] - 1
    new_start = np.empty(rows + 1, np.int64)
    new = np.empty(follower.shape[0] + more.shape[0], np.int32)
    at = 0
    for author in range(rows):
        new_start[author] = at
        if gone[author]:
            continue
        if author < before:
            for e in range(start[author], start[author + 1]):
                if not gone[follower[e]]:
                    new[at] = follower[e]
                    at += 1
        for e in range(more_start[author], more_start[author + 1]):
            if not gone[more[e]]:
                new[at] = more[e]
                at += 1
    new_start[rows] = at
    return new_start, new[:at].copy()


def edited_graph(
    graph: FollowerGraph,
    *,
    seed: int,
    added: npt.NDArray[np.uint64],
    followers: int,
    follows: int,
    dropped: npt.NDArray[np.bool_],
) -> FollowerGraph:
    """Return a graph with rows appended and the edges of others taken away.

    Parameters
    ----------
    graph : FollowerGraph
        Of n rows.
    seed : int in [0, 2**63)
    added : uint64[k]
        Keys of the appended rows n to n + k - 1.
    followers, follows : int
        How many of the n rows follow each of them, and how many each follows; held at n.
    dropped : bool[n]
        Rows that follow nobody and are followed by nobody.
    """
    n, k = graph.n, added.size
    in_order = np.argsort(graph.keys, kind="stable")
    new = np.arange(n, n + k, dtype=np.int64)
    sides = []
    for stream, count in ((Stream.IN_WEIGHT, followers), (Stream.LINK, follows)):
        state = np.uint64(stream_state(seed, SETUP, int(stream)))
        rows = _first_different(state, added, min(count, n), n, in_order)
        sides.append((rows.ravel(), np.repeat(new, rows.shape[1])))
    (their_followers, followed), (their_followees, following) = sides
    # taken by follower first, the lists come out ascending
    by_follower = csr.group(
        np.concatenate([their_followers, following]), np.concatenate([followed, their_followees]), n + k
    )
    gone = np.concatenate([dropped, np.zeros(k, np.bool_)])
    start, follower = _spliced(graph.start, graph.follower, gone, *csr.transpose(*by_follower))
    return FollowerGraph(start, follower, graph.origin, np.concatenate([graph.keys, added]))
