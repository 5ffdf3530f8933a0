"""What the catalogue says of a case that a prediction can be held against, as plain values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from sim.config.case import Target
from sim.config.root import Configuration
from sim.study.store.provenance import plain_hash

OWN = "own"
"""Standing of a case of the user's own: no part of the back-test."""
_WHAT_IT_SAYS = {"case"}


def record_of(configuration: Configuration) -> dict[str, Any]:
    """Return a case's record: who it is, how it ended, and each target with its ends (None for an open one)."""
    case, post = configuration.case, configuration.post
    return {
        "title": case.title, "date": case.date, "standing": case.standing, "family": case.family,
        "shape_only": case.shape_only, "verdict": None if case.outcome is None else case.outcome.verdict,
        "x": post.salience * configuration.people.grievance_mean * post.openness,
        "followers": configuration.people.n_followers,
        "targets": [_plain(target, case.bounds(target)) for target in case.targets],
    }  # fmt: skip


def _plain(target: Target, ends: tuple[float, float]) -> dict[str, Any]:
    """Return a target as plain values."""
    low, high = (end if math.isfinite(end) else None for end in ends)
    return {
        "name": target.name, "quantity": target.quantity, "over": target.over, "of": target.of,
        "denominator": target.denominator, "low": low, "high": high,
    }  # fmt: skip


def inputs_hash(configuration: Configuration) -> str:
    """Return the hash of a case's coded inputs: all that moves its runs, and the ranges of what is not known."""
    plain = configuration.model_dump(mode="json", exclude=_WHAT_IT_SAYS)
    return plain_hash({"configuration": plain, "ranges": configuration.case.model_dump(mode="json")["ranges"]})


def observed_hash(record: Mapping[str, Any]) -> str:
    """Return the hash of what a prediction is held against: standing, family, end and targets."""
    names = ("standing", "family", "shape_only", "verdict", "targets")
    return plain_hash({name: record[name] for name in names})


def catalogue(names: Iterable[str] | None = None) -> dict[str, Configuration]:
    """Return the cases that take part in the back-test, by id: all of the catalogue that are not the user's own.

    Raises
    ------
    ConfigError
        An unknown case, or one that cannot be read.
    """
    from sim.catalogue.groups import choices
    from sim.catalogue.registry import load_case

    found = {name: load_case(name) for name in (choices("case") if names is None else names)}
    return {name: each for name, each in found.items() if each.case.standing != OWN}
