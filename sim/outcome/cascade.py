"""How messages travelled: the tree of a message and everything that passed it on.

A cascade is a root and its shares and boosts, linked by who passed on what. Structural virality is the mean
distance between all pairs of its nodes (Goel, Anderson, Hofman & Watts 2016, doi:10.1287/mnsc.2015.2158):
about 2 for a broadcast, growing with the length of chains. An edge with s nodes below it lies on s (N - s)
of the N (N - 1) / 2 paths, so one backward pass gives the sum: children come after their parents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.engine.record import FRAMES, Kind, Messages
from sim.errors import GraphError

LEAST_NODES = 20
"""Cascades smaller than this say nothing about shape; their virality is left out of means."""

_SHARE, _BOOST = int(Kind.SHARE), int(Kind.BOOST)


@dataclass(frozen=True)
class CascadeTrees:
    """All cascades of a run, one element a message.

    Attributes
    ----------
    depth : int32[k]
        Steps from the root; 0 at roots.
    size : int64[k]
        Nodes of the cascade at its root, itself included; 0 elsewhere.
    deepest : int32[k]
        The largest depth of the cascade, at its root; 0 elsewhere.
    path_sum : int64[k]
        Sum of distances over unordered pairs of nodes, at the root; 0 elsewhere.
    on_root : int64[k]
        Nodes whose parent is the root, at the root; 0 elsewhere.
    """

    depth: npt.NDArray[np.int32]
    size: npt.NDArray[np.int64]
    deepest: npt.NDArray[np.int32]
    path_sum: npt.NDArray[np.int64]
    on_root: npt.NDArray[np.int64]

    def virality(self, root: int) -> float | None:
        """Return the structural virality of one cascade; None below two nodes."""
        nodes = int(self.size[root])
        return 2.0 * int(self.path_sum[root]) / (nodes * (nodes - 1)) if nodes > 1 else None

    def mean_virality(self, least: int = LEAST_NODES) -> float | None:
        """Return the mean structural virality of cascades with at least ``least`` nodes; None if there are none."""
        roots = np.flatnonzero(self.size >= max(2, least))
        nodes = self.size[roots].astype(np.float64)
        each = 2.0 * self.path_sum[roots].astype(np.float64) / (nodes * (nodes - 1.0))
        return math.fsum(each.tolist()) / each.shape[0] if each.shape[0] else None

    def share_on_root(self) -> float | None:
        """Return the share of all shares and boosts that passed on the root itself; None if there are none."""
        passed = int(self.size.sum()) - int(np.count_nonzero(self.size))
        return int(self.on_root.sum()) / passed if passed else None


def cascade_trees(messages: Messages) -> CascadeTrees:
    """Return the trees of all cascades, in time linear in the number of messages."""
    return CascadeTrees(*_grow(messages.kind, messages.parent, messages.root))


@kernel
def _grow(kind, parent, root):
    """Return depth, size, largest depth, sum of distances and children of the root (see CascadeTrees)."""
    k = kind.shape[0]
    depth = np.zeros(k, np.int32)
    below = np.ones(k, np.int64)
    deepest = np.zeros(k, np.int32)
    path_sum = np.zeros(k, np.int64)
    on_root = np.zeros(k, np.int64)
    for i in range(k):
        if kind[i] == _SHARE or kind[i] == _BOOST:
            depth[i] = depth[parent[i]] + 1
            deepest[root[i]] = max(deepest[root[i]], depth[i])
            if parent[i] == root[i]:
                on_root[root[i]] += 1
    for i in range(k - 1, -1, -1):
        if kind[i] == _SHARE or kind[i] == _BOOST:
            below[parent[i]] += below[i]
    for i in range(k):
        if kind[i] == _SHARE or kind[i] == _BOOST:
            path_sum[root[i]] += below[i] * (below[root[i]] - below[i])
    for i in range(k):
        if kind[i] == _SHARE or kind[i] == _BOOST:
            below[i] = 0
    return depth, below, deepest, path_sum, on_root


@dataclass(frozen=True)
class CascadeDrawing:
    """One cascade, ready for drawing: nodes in order of time, the root first; no author is in it.

    Attributes
    ----------
    depth, minute, parent : int32[nodes]
        ``parent`` is a node's number in this drawing; -1 for the root.
    frame : int8[nodes]
    place : float64[nodes]
        Where across the drawing a node stands, in [0, 1]: leaves side by side, parents above the middle of
        their children.
    """

    depth: npt.NDArray[np.int32]
    minute: npt.NDArray[np.int32]
    parent: npt.NDArray[np.int32]
    frame: npt.NDArray[np.int8]
    place: npt.NDArray[np.float64]


def largest_cascade(
    messages: Messages, frame: int, *, origin: Literal["generated", "loaded"], trees: CascadeTrees | None = None
) -> CascadeDrawing | None:
    """Return the drawing of the largest cascade of a frame that has been passed on; None if there is none.

    Parameters
    ----------
    messages : Messages
    frame : int
        0 campaign, 1 counter: the frame of the root. Ties go to the earliest root.
    origin : {"generated", "loaded"}
        Where the follower graph comes from.
    trees : CascadeTrees, optional
        If they have been grown already.

    Raises
    ------
    GraphError
        The graph was loaded: it may show real people, and no cascade of theirs is drawn.
    """
    if origin != "generated":
        raise GraphError(f"cascades are drawn for generated graphs alone; this graph's origin is {origin!r}.")
    if frame not in range(len(FRAMES)):
        raise GraphError(f"frame must be 0 ({FRAMES[0]}) or 1 ({FRAMES[1]}); got {frame!r}.")
    grown = cascade_trees(messages) if trees is None else trees
    sizes = np.where(messages.frame == frame, grown.size, 0)
    if sizes.shape[0] == 0 or sizes.max() < 2:
        return None
    nodes = np.flatnonzero(messages.root == int(np.argmax(sizes)))
    inside = np.full(messages.kind.shape[0], -1, np.int32)
    inside[nodes] = np.arange(nodes.shape[0], dtype=np.int32)
    parent = np.where(np.arange(nodes.shape[0]) == 0, np.int32(-1), inside[messages.parent[nodes]])
    return CascadeDrawing(
        depth=grown.depth[nodes],
        minute=messages.minute[nodes],
        parent=parent.astype(np.int32),
        frame=messages.frame[nodes],
        place=_places(parent.astype(np.int32)),
    )


@kernel
def _places(parent):
    """Return each node's place across the drawing in [0, 1], given parents that come before their children."""
    k = parent.shape[0]
    leaves = np.zeros(k, np.int64)
    children = np.zeros(k, np.int64)
    for i in range(k - 1, -1, -1):
        if children[i] == 0:
            leaves[i] = 1
        if parent[i] >= 0:
            leaves[parent[i]] += leaves[i]
            children[parent[i]] += 1
    # the span of leaves under a node begins where its earlier siblings' spans end
    begin = np.zeros(k, np.int64)
    taken = np.zeros(k, np.int64)
    place = np.empty(k)
    for i in range(k):
        if parent[i] >= 0:
            begin[i] = begin[parent[i]] + taken[parent[i]]
            taken[parent[i]] += leaves[i]
    for i in range(k - 1, -1, -1):
        if children[i] == 0:
            place[i] = begin[i] + 0.5
    total = np.zeros(k)
    for i in range(k - 1, -1, -1):
        if children[i] > 0:
            place[i] = total[i] / children[i]
        if parent[i] >= 0:
            total[parent[i]] += place[i]
    return place / max(1, leaves[0])
