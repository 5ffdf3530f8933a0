"""Small audiences and quiet configurations for hand-worked campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.config.root import Configuration, changed
from sim.network.graph import FollowerGraph
from sim.people.population import Population

SEED = 11
NEVER = -30.0  # log-odds of what nobody does

# nobody does anything, everybody sees nearly everything, days have no hours; a test sets what it is about
QUIET: dict[str, Any] = {
    "seed": SEED,
    "horizon_hours": 48,
    "people.circadian": [1.0] * 24,
    "post.hour": 0,
    "feed.attention": 1.0,
    "feed.half_life_minutes": 100_000.0,
    "feed.crowding": 0.0,
    "feed.trending.on": False,
    "newsroom.newsrooms": 0,
    "agency.skill": 0.5,
    "agency.detection_error": 0.0,
    "reaction.b_share": NEVER,
    "reaction.b_write": NEVER,
    "reaction.b_leave": NEVER,
    "reaction.b_follow": NEVER,
    **{f"reaction.{name}": 0.0 for name in ("b_value", "b_outrage", "b_social", "b_climate", "b_room", "b_bore")},
    **{f"reaction.{name}": 0.0 for name in ("b_warm", "cross", "fatigue")},
}


def configured(**changes: Any) -> Configuration:
    """Return the quiet configuration with some values changed; ``a__b`` stands for ``a.b``."""
    return changed(Configuration(), {**QUIET, **{name.replace("__", "."): value for name, value in changes.items()}})


def people(n: int, **columns: Sequence[Any]) -> Population:
    """Return an audience of n like rows: members who follow the sender, have no feelings, and look often."""
    default: dict[str, Any] = {
        "key": (np.arange(n), np.uint64),
        "cohort": (np.zeros(n), np.int8),
        "community": (np.zeros(n), np.int8),
        "grievance": (np.zeros(n), np.float32),
        "support": (np.zeros(n), np.float32),
        "grievance_rank": (np.zeros(n), np.float64),
        "support_rank": (np.zeros(n), np.float64),
        "sessions_a_day": (np.full(n, 12.0), np.float32),
        "follows_sender": (np.ones(n), bool),
        "role": (np.zeros(n), np.int8),
        "locality": (np.zeros(n), np.int32),
        "looks_at_lists": (np.zeros(n), bool),
        "beat": (np.zeros(n), np.int16),
    }
    given = {name: np.asarray(columns.get(name, values), dtype=kind) for name, (values, kind) in default.items()}
    return Population(communities=("other", "affected"), **given)


def graph(n: int, *follows: tuple[int, int]) -> FollowerGraph:
    """Return the graph in which ``(u, v)`` stands for "u follows v"."""
    pairs = np.array(follows, dtype=np.int64).reshape(-1, 2)
    return FollowerGraph.from_edges(pairs[:, 0], pairs[:, 1], n)
