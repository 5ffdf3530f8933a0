"""How a sweep is drawn: which of four figures, along which axes, and what stands on them.

One number gives curves, two give a map, words give dots, many factors give the odds along each. Where a figure
shows fewer factors than vary, runs are counted together over the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.wording import DASH, count
from sim.study.design.points import shown
from sim.study.design.spans import parameters
from sim.study.sweep.finding import is_grid, numbers_among, spoken

if TYPE_CHECKING:
    import pandas as pd

VERDICT_WORDS = {
    "hijacked": "hijacked", "contested": "contested", "viral_positive": "viral positive", "fizzled": "fizzled",
}  # fmt: skip
_FILLING = ("latin_hypercube", "sobol")
_LONGEST = 46
"""Letters of a parameter's title that fit along an axis."""


@dataclass(frozen=True)
class Look:
    """How a sweep is drawn.

    Attributes
    ----------
    kind : {"curves", "map", "dots", "marginals"}
    axes : tuple of str
        The factors on it; of ``curves`` the axis first, then what tells the lines apart, if anything does.
    """

    kind: str
    axes: tuple[str, ...]


def look_of(points: pd.DataFrame, summary: Mapping[str, Any]) -> Look:
    """Return how a sweep is drawn: as it was asked for, else as what varies suggests."""
    factors, asked = list(summary["factors"]), summary["figure"]
    numbers = numbers_among(points, factors)
    kind = asked["kind"] or _suggested(points, summary["design"], factors, numbers)
    axes = asked["axes"] or factors
    if kind == "map":
        return Look("map", tuple(asked["axes"] or numbers or factors)[:2])
    if kind == "curves":
        first = next((name for name in axes if name in numbers), axes[0])
        return Look("curves", (first, *[name for name in axes if name != first][:1]))
    return Look(kind, tuple(axes))


def _suggested(points: pd.DataFrame, design: str, factors: Sequence[str], numbers: Sequence[str]) -> str:
    """Return the figure that fits what varies."""
    if design in _FILLING or design == "one_at_a_time":
        return "marginals"
    if not numbers:
        return "dots"
    if len(numbers) == 1 and len(factors) <= 2:
        return "curves"
    return "map" if len(numbers) == len(factors) == 2 and is_grid(points, factors) else "marginals"


def axis_label(name: str) -> str:
    """Return what stands along an axis: the parameter's title if it is short, and its unit."""
    field = parameters().get(name)
    if field is None:
        return name
    title = field.title if len(field.title) <= _LONGEST else spoken(name)
    unit = "" if field.unit in ("1", "name", "") else f" ({field.unit})"
    return f"{title[:1].upper()}{title[1:]}{unit}"


def word(value: Any) -> str:
    """Return a design value as text."""
    if value is None or value != value:
        return DASH
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, list, dict)):
        return shown(value)
    return count(value) if abs(value) >= 1000 else f"{value:.4g}"
