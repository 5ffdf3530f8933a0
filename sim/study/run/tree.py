"""What provoked what: one run's largest tree of messages, without their authors.

A message's parent is what it passes on or what provoked it. Every message without a parent begins a tree; the
largest is the one with most messages, the earliest of them if several are as large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.engine.record import FRAMES, Messages

if TYPE_CHECKING:
    import pandas as pd

SMALLEST = 5
"""Trees of fewer messages show nothing."""


def heads(parent: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the head of each message's tree: int64[k] (parents come before their children)."""
    head = np.where(parent < 0, np.arange(parent.shape[0]), parent).astype(np.int64)
    while True:
        # each step doubles the distance jumped, so that long chains end quickly
        further = head[head]
        if np.array_equal(further, head):
            return head
        head = further


def largest_tree(messages: Messages) -> pd.DataFrame | None:
    """Return ``node, parent, minute, frame`` of the largest tree; None if no tree has five messages.

    ``node`` counts from 0 in canonical order, ``parent`` is a node, -1 at the root.
    """
    import pandas as pd

    if messages.parent.shape[0] == 0:
        return None
    head = heads(messages.parent)
    sizes = np.bincount(head)
    if sizes.max() < SMALLEST:
        return None
    nodes = np.flatnonzero(head == int(np.argmax(sizes)))
    number = np.full(messages.parent.shape[0], -1, np.int64)
    number[nodes] = np.arange(nodes.shape[0])
    above = messages.parent[nodes]
    return pd.DataFrame({
        "node": np.arange(nodes.shape[0]), "parent": np.where(above < 0, -1, number[above]),
        "minute": messages.minute[nodes], "frame": [FRAMES[frame] for frame in messages.frame[nodes]],
    })  # fmt: skip
