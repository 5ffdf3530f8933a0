"""A lively small campaign for the tests of the Mesa model, and what makes two runs the same."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from sim.config.root import Configuration, changed
from sim.engine.record import RunRecord

LIVELY = {
    "people.n_followers": 1500,
    "people.grievance_mean": 0.35,
    "people.activist_share": 0.02,
    "people.ally_share": 0.02,
    "people.journalist_share": 0.01,
    "horizon_hours": 6,
    "reaction.b_share": -3.0,
    "reaction.b_write": -3.5,
    "reaction.b_leave": -5.0,
    "reaction.b_follow": -5.0,
    "post.room": 0.8,
    "post.openness": 0.7,
    "post.salience": 0.6,
}


def lively(**changes: Any) -> Configuration:
    """Return a configuration in which much happens; ``a__b`` stands for ``a.b``."""
    return changed(Configuration(), {**LIVELY, **{name.replace("__", "."): value for name, value in changes.items()}})


def columns(record: RunRecord) -> dict[str, np.ndarray]:
    """Return every column of a record by name."""
    parts = {"messages": record.messages, "follows": record.follows, "sights": record.sights}
    found = {
        f"{part}.{field.name}": getattr(held, field.name)
        for part, held in parts.items() if held is not None for field in fields(held)
    }  # fmt: skip
    return found | record.timeline | {"keys": record.keys}


def same(one: RunRecord, other: RunRecord, *, before: int | None = None) -> bool:
    """Tell whether two runs are the same bit for bit; up to a minute, only what was put out and seen is compared."""
    if before is None:
        left, right = columns(one), columns(other)
        return left.keys() == right.keys() and all(np.array_equal(left[name], right[name]) for name in left)
    rows = [(record.messages.minute < before) for record in (one, other)]
    names = ("minute", "author", "frame", "kind", "parent", "root")
    alike = [
        np.array_equal(getattr(one.messages, name)[rows[0]], getattr(other.messages, name)[rows[1]]) for name in names
    ]
    alike += [np.array_equal(one.timeline[name][:before], other.timeline[name][:before]) for name in one.timeline]
    return all(alike)
