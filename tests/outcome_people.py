"""Populations made by hand, for tests of outcomes: everybody alike unless something is said."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.people.population import Population


def people_of(n: int, **columns: Any) -> Population:
    """Return n people: 25 to 34, not affected, grievance 0.3, support 0.4, two sessions a day, all follow."""
    plain: dict[str, Any] = {
        "key": np.arange(n, dtype=np.uint64),
        "cohort": np.full(n, 2, np.int8),
        "community": np.zeros(n, np.int8),
        "communities": ("other", "affected"),
        "grievance": np.full(n, 0.3, np.float32),
        "support": np.full(n, 0.4, np.float32),
        "grievance_rank": np.full(n, 0.5),
        "support_rank": np.full(n, 0.5),
        "sessions_a_day": np.full(n, 2.0, np.float32),
        "follows_sender": np.ones(n, np.bool_),
        "role": np.zeros(n, np.int8),
        "locality": np.zeros(n, np.int32),
        "looks_at_lists": np.zeros(n, np.bool_),
        "beat": np.full(n, -1, np.int16),
    }
    for name, values in columns.items():
        like = plain[name]
        plain[name] = values if name == "communities" else np.asarray(values, dtype=like.dtype)
    return Population(**plain)
