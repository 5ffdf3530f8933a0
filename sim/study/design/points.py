"""Points of a study: whole configurations that differ in a few named values, each with a key of its content.

A point's key is a hash of everything that a run of it depends on: two points with the same key have the same
runs, wherever in a design they stand. Configurations are made when they are asked for, so that a design of
many points is small in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from sim.catalogue.groups import GROUPS
from sim.config.root import Configuration, changed
from sim.study.store.provenance import canonical

if TYPE_CHECKING:
    import pandas as pd

FIXES_GRAPH: Any = {
    "seed": True, "network": True, "extensions": True,
    "people": {"n_followers", "table", "community_share", "cohort_shares", "under_30_share"},
}  # fmt: skip
"""What fixes a configuration's follower graph."""


@dataclass(frozen=True)
class Point:
    """One place of a design.

    Attributes
    ----------
    values : mapping of name to value
        What tells it from the other points: chosen files by group, single values by dotted name.
    base : Configuration
        The configuration that the single values are set upon.
    """

    values: Mapping[str, Any]
    base: Configuration

    @property
    def configuration(self) -> Configuration:
        """The whole configuration, checked.

        Raises
        ------
        ConfigError
            A value that cannot be.
        """
        single = {name: value for name, value in self.values.items() if name not in GROUPS}
        return changed(self.base, single) if single else self.base

    def __str__(self) -> str:
        return ", ".join(f"{name}={shown(value)}" for name, value in self.values.items())


class Configurations(Sequence[Configuration]):
    """The configurations of points, each made when it is asked for.

    Parameters
    ----------
    points : sequence of Point
    """

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = points

    def __len__(self) -> int:
        return len(self.points)

    @overload
    def __getitem__(self, place: int) -> Configuration: ...
    @overload
    def __getitem__(self, place: slice) -> Configurations: ...
    def __getitem__(self, place: int | slice) -> Configuration | Configurations:
        if isinstance(place, slice):
            return Configurations(self.points[place])
        return self.points[place].configuration


def shown(value: Any) -> str:
    """Return a design value as text: words as they stand, all else as JSON."""
    return value if isinstance(value, str) else canonical(value)


def point_key(configuration: Configuration, files: Mapping[str, str]) -> bytes:
    """Return the key of a configuration: 16 bytes.

    Parameters
    ----------
    files : mapping of dotted name to sha256
        Content of the files that the configuration names. What a case says of itself moves no run and is left out.
    """
    digest = hashlib.sha256(configuration.model_dump_json(exclude={"case"}).encode())
    if files:
        digest.update(canonical(dict(files)).encode())
    return digest.digest()[:16]


def graph_key(configuration: Configuration) -> str:
    """Return a hash of everything that fixes a configuration's follower graph."""
    return hashlib.sha256(configuration.model_dump_json(include=FIXES_GRAPH).encode()).hexdigest()


def points_frame(points: Sequence[Point]) -> pd.DataFrame:
    """Return a tidy frame, one row a point: ``point`` (its place, from 0) and its values."""
    import pandas as pd

    columns: dict[str, Any] = {"point": range(len(points))}
    for name in points[0].values:
        values = [point.values[name] for point in points]
        plain = all(isinstance(value, (int, float)) for value in values)
        columns[name] = values if plain else pd.array([shown(value) for value in values], dtype="str")
    return pd.DataFrame(columns)
