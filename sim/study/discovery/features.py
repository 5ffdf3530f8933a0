"""What a box can limit: a number for each point and feature, and words for limits.

A feature is a parameter that varies, or whether a word is the one or the other (a policy, say). Where the
grievance of the young is shifted, the feature is the mean grievance that comes of it, in the band that it concerns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Any

import numpy as np

from sim.config.people import COHORTS
from sim.config.root import Configuration
from sim.people.cohorts import shifted_mean
from sim.study.design.points import Point, shown
from sim.study.design.spans import parameters
from sim.study.discovery.prim import Box, Floats
from sim.study.run.inputs import Field
from sim.study.sensitivity.inputs import called

_SHIFTS = ("people.under_30_grievance_shift", "people.grievance_cohort_shift")
_BAND = 1  # 18-24
_STEPS = 20


@dataclass(frozen=True)
class Feature:
    """One thing that a box can limit.

    Attributes
    ----------
    name : str
        A dotted name, ``NAME=WORD`` for a word, or ``people.grievance[18-24]``.
    words, unit : str
    low, high : float
        Ends of its values.
    """

    name: str
    words: str
    unit: str
    low: float
    high: float

    @property
    def is_word(self) -> bool:
        """Whether it says that a word is the one or another."""
        return "=" in self.name

    def limited(self, low: float, high: float) -> str:
        """Return its limits in words; an infinite one is none."""
        if self.is_word:
            return f"{self.words} {'is' if isfinite(low) else 'is not'} {self.name.partition('=')[2]}"
        if isfinite(low) and isfinite(high):
            return f"{self.words} between {self.rounded(low)} and {self.rounded(high)}"
        return f"{self.words} {'above' if isfinite(low) else 'below'} {self.rounded(low if isfinite(low) else high)}"

    def rounded(self, value: float) -> str:
        """Return a value with the digits that tell a twentieth of the feature's range."""
        width = self.high - self.low
        return f"{value:.{max(0, -floor(log10(width / _STEPS))) if width > 0 else 2}f}"


def features_of(points: Sequence[Point]) -> tuple[list[Feature], Floats]:
    """Return the features of some points, and their values: float64[points, features]."""
    found: list[Feature] = []
    columns: list[Floats] = []
    for name in points[0].values:
        values = [point.values[name] for point in points]
        if name in _SHIFTS:
            found.append(Feature(f"people.grievance[{COHORTS[_BAND]}]", f"grievance of {_dash(COHORTS[_BAND])}",
                                 "0 to 1", 0.0, 1.0))  # fmt: skip
            columns.append(np.array([_grievance(point.configuration) for point in points]))
        elif all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
            column = np.array(values, dtype=np.float64)
            found.append(_of_number(name, parameters().get(name), column))
            columns.append(column)
        else:
            for word in dict.fromkeys(shown(value) for value in values):
                found.append(Feature(f"{name}={word}", name.rpartition(".")[2].replace("_", " "), "1", 0.0, 1.0))
                columns.append(np.array([shown(value) == word for value in values], dtype=np.float64))
    return found, np.column_stack(columns)


def _of_number(name: str, row: Field | None, column: Floats) -> Feature:
    """Return the feature of a number."""
    title, unit, role = ("", "1", "lever") if row is None else (row.title, row.unit, row.role)
    return Feature(name, called(name, title, role), unit, float(column.min()), float(column.max()))


def _grievance(configuration: Configuration) -> float:
    """Return the mean grievance of those of 18 to 24 outside the affected community."""
    people = configuration.people
    return float(shifted_mean(people.grievance_mean, people.age_grievance_shift[_BAND]))


def _dash(band: str) -> str:
    """Return an age band as it is printed."""
    return band.replace("-", "\N{EN DASH}")


def sentence(box: Box, features: Sequence[Feature]) -> str:
    """Return a box in words."""
    parts = [features[int(each)].limited(float(box.low[each]), float(box.high[each])) for each in box.restricted]
    return " and ".join(parts)


def plain(features: Sequence[Feature]) -> list[dict[str, Any]]:
    """Return features as plain values."""
    return [
        {"name": each.name, "words": each.words, "unit": each.unit, "low": each.low, "high": each.high}
        for each in features
    ]
