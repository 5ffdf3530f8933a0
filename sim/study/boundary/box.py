"""The box in which a tipping line is sought: two or more parameters, each with an interval, and its unit cube."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.catalogue.groups import GROUPS
from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.study.boundary.surface import Array
from sim.study.design.designs import Factor
from sim.study.run.inputs import Field, fields, matters, uncertain_inputs
from sim.study.sweep.finding import spoken

_DIGITS = 6
"""Significant digits of a value at which runs are made."""


@dataclass(frozen=True)
class Side:
    """One parameter of the box.

    Attributes
    ----------
    name, title, unit : str
    low, high : float
    whole : bool
        Whether it takes whole numbers alone.
    central : float
        What the configuration says: the post as it is.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    whole: bool
    central: float

    @property
    def short(self) -> str:
        """Its last name, in words."""
        return spoken(self.name)


@dataclass(frozen=True)
class Box:
    """The box.

    Attributes
    ----------
    sides : tuple of Side
    """

    sides: tuple[Side, ...]

    def values(self, points: Array) -> list[dict[str, Any]]:
        """Return the values at points of the unit cube: rounded, whole where they must be."""
        rows = []
        for point in points:
            row: dict[str, Any] = {}
            for side, part in zip(self.sides, point, strict=True):
                value = side.low + float(part) * (side.high - side.low)
                row[side.name] = round(value) if side.whole else float(f"{value:.{_DIGITS}g}")
            rows.append(row)
        return rows

    def unit(self, rows: Sequence[Mapping[str, Any]]) -> Array:
        """Return values as points of the unit cube, float64[rows, sides]."""
        low = np.array([side.low for side in self.sides])
        high = np.array([side.high for side in self.sides])
        return (np.array([[row[side.name] for side in self.sides] for row in rows], np.float64) - low) / (high - low)

    def snap(self, points: Array) -> Array:
        """Return points moved to where runs are made."""
        return self.unit(self.values(points))

    def central(self) -> Array:
        """Return the post as it is, float64[sides]; it may lie outside the cube."""
        return self.unit([{side.name: side.central for side in self.sides}])[0]

    def plain(self) -> list[dict[str, Any]]:
        """Return the sides as plain values."""
        return [asdict(side) for side in self.sides]


def box_of(configuration: Configuration, factors: Sequence[Factor], spans: Collection[str] = ()) -> Box:
    """Return the box of the factors that a command names.

    Parameters
    ----------
    factors : sequence of Factor
        Each with an interval.
    spans : collection of str
        Names whose interval is the parameter table's: what is not known varies as far to both sides of the post as
        it is as the table's span does of its default, or over the case's own range. What the sender chooses does not,
        however unsure it is how a case's choice reads.

    Raises
    ------
    ConfigError
        No factor, a group, single values, or what cannot matter.
    """
    if not factors:
        raise ConfigError(
            "boundary needs one parameter or more whose line is sought, such as post.openness or "
            "people.grievance_mean=interval(0.1,0.6); got none."
        )
    known = {field.name: field for field in fields(configuration)}
    around = {
        each.name: (each.low, each.high) for each in uncertain_inputs(configuration)
        if each.name in spans and known[each.name].role == "uncertainty"
    }  # fmt: skip
    return Box(tuple(_side(configuration, factor, known, around) for factor in factors))


def _side(
    configuration: Configuration,
    factor: Factor,
    known: Mapping[str, Field],
    spans: Mapping[str, tuple[float, float]],
) -> Side:
    """Return one side of the box."""
    name = factor.name
    if name in GROUPS:
        raise ConfigError(
            f"{name} is a choice among files, on which no line can lie; give it one value and ask once for each, or "
            f"compare its choices with: backfire compare {name}=A,B"
        )
    if factor.interval is None:
        raise ConfigError(
            f"{name} takes single values here, but a line is sought between two ends of a number; name one with "
            f"NAME=interval(LOW,HIGH), or alone for its span in the parameter table."
        )
    if not matters(name, configuration):
        raise ConfigError(
            f"{name} moves nothing under this configuration, so that no line can lie on it; leave it out."
        )
    field, (low, high) = known[name], spans.get(name, factor.interval)
    low, high = (round(low), round(high)) if factor.whole else (round(low, 9), round(high, 9))
    return Side(name, field.title, field.unit, float(low), float(high), factor.whole, float(field.value))
