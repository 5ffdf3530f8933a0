"""What the surface says in numbers: where the line crosses, with its band, and how far the post as it is lies from it.

The band is where the posterior leaves open, at 95 %, on which side a place lies. Along a line through the box that
crosses once it is the 95 % interval of the crossing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from sim.study.boundary.box import Box, Side
from sim.study.boundary.surface import Array, Surface

if TYPE_CHECKING:
    import pandas as pd

Z = 1.959963984540054
_STEPS = 401
"""Places along a line through the box."""
LATTICE = {1: 201, 2: 61}
"""Places along each side of the map."""
_ROWS = 21
"""Places along one side at which the line's crossings on the other are listed."""


@dataclass(frozen=True)
class Crossing:
    """Where a line through the box, along one parameter, crosses the tipping line.

    Attributes
    ----------
    at : float
        In sides of the box, from its lower end.
    low, high : float or None
        Ends of the 95 % band; None where it leaves the box.
    rises : bool
        Whether the verdict is likelier than the level above.
    """

    at: float
    low: float | None
    high: float | None
    rises: bool


def crossings(surface: Surface, origin: Array, axis: int, steps: int = _STEPS) -> list[Crossing]:
    """Return the crossings on the line through ``origin`` along one axis, in order."""
    places = np.linspace(0.0, 1.0, steps)
    points = np.repeat(origin[None, :], steps, axis=0)
    points[:, axis] = places
    mean, deviation = surface.at(points)
    z = mean / deviation
    found = []
    for i in np.flatnonzero((mean[:-1] > 0.0) != (mean[1:] > 0.0)):
        rises = bool(mean[i + 1] > 0.0)
        at = _between(places, mean, int(i), 0.0)
        found.append(Crossing(at, _end(places, z, int(i), -1), _end(places, z, int(i) + 1, 1), rises))
    return found


def _between(places: Array, heights: Array, i: int, height: float) -> float:
    """Return where a height is passed between places i and i + 1."""
    rise = heights[i + 1] - heights[i]
    return float(places[i] + (height - heights[i]) / rise * (places[i + 1] - places[i]))


def _end(places: Array, z: Array, i: int, step: int) -> float | None:
    """Return where the band that holds place i ends, going one way."""
    while 0 <= i < z.shape[0]:
        if abs(z[i]) > Z:
            sign = 1.0 if z[i] > 0.0 else -1.0
            inner = i - step
            first, last = min(i, inner), max(i, inner)
            if abs(z[inner]) > Z:  # the line lies between the two
                return float(places[i])
            return _between(places, z, first, sign * Z) if last < z.shape[0] else float(places[i])
        i += step
    return None


def map_table(surface: Surface, box: Box, points: Array) -> pd.DataFrame:
    """Return the surface at points: their values, ``odds`` with ``odds_lo`` and ``odds_hi``, ``above``.

    ``above`` is the probability that the odds lie above the level.
    """
    import pandas as pd

    mean, deviation = surface.at(points)
    odds, low, high = surface.odds(points)
    low_side = np.array([side.low for side in box.sides])
    width = np.array([side.high - side.low for side in box.sides])
    values = low_side + points * width
    columns: dict[str, Any] = {side.name: values[:, i].round(9) for i, side in enumerate(box.sides)}
    columns |= {"odds": odds, "odds_lo": low, "odds_hi": high, "above": ndtr(mean / deviation)}
    return pd.DataFrame({name: np.round(each, 6) for name, each in columns.items()})


def lattice(sides: int, origin: Array) -> Array:
    """Return the places of a map, float64[n, sides], the second side varying fastest.

    Parameters
    ----------
    origin : float64[sides]
        Where all but the first two sides are held.
    """
    free = min(sides, 2)
    places = np.linspace(0.0, 1.0, LATTICE[free])
    plane = np.stack(np.meshgrid(*[places] * free, indexing="ij"), axis=-1).reshape(-1, free)
    return np.concatenate([plane, np.repeat(origin[None, free:], plane.shape[0], 0)], 1)


def line_table(surface: Surface, box: Box, origin: Array) -> pd.DataFrame:
    """Return where the line lies: a row a crossing along one parameter, all others held.

    Columns: ``along`` (the parameter that crosses), the values of all parameters on the line, ``lo`` and ``hi``
    (of the parameter that crosses; nan where the band leaves the box), ``rises``.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for axis, side in enumerate(box.sides):
        others = [i for i in range(len(box.sides)) if i != axis]
        moved = others[0] if others else None
        for place in np.linspace(0.0, 1.0, _ROWS) if moved is not None else [0.0]:
            through = origin.copy()
            if moved is not None:
                through[moved] = place
            for each in crossings(surface, through, axis):
                through[axis] = each.at
                values = {s.name: s.low + through[i] * (s.high - s.low) for i, s in enumerate(box.sides)}
                low, high = _scaled(side, each.low), _scaled(side, each.high)
                rows.append({"along": side.name, **values, "lo": low, "hi": high, "rises": each.rises})
    columns = ["along", *(side.name for side in box.sides), "lo", "hi", "rises"]
    table = pd.DataFrame(rows, columns=columns).round(6)
    return table.astype({"along": "str", "rises": bool} | dict.fromkeys(columns[1:-1], float))


def _scaled(side: Side, end: float | None) -> float | None:
    """Return an end of a band as a value of the parameter; None where the band leaves the box."""
    return None if end is None else round(side.low + end * (side.high - side.low), 6)


def _apart(found: list[Crossing]) -> int:
    """Return how many crossings have bands apart from each other: those in one band may be one crossing."""
    many, reached = 0, -1.0
    for each in sorted(found, key=lambda each: each.at):
        low, high = 0.0 if each.low is None else each.low, 1.0 if each.high is None else each.high
        many += low > reached
        reached = max(reached, high)
    return many


def tipping_rows(surface: Surface, box: Box) -> list[dict[str, Any]]:
    """Return for each parameter where it crosses, nearest to the post as it is.

    All others are held there, or at the box's nearest place. Keys: ``name``, ``central``, ``crossings`` (how many,
    with bands apart), ``held``, ``at``, ``lo``, ``hi``, ``rises``, ``distance`` (central less crossing); None without
    a crossing.
    """
    central = box.central()
    origin = np.clip(central, 0.0, 1.0)
    rows = []
    for axis, side in enumerate(box.sides):
        width = side.high - side.low
        found = sorted(crossings(surface, origin, axis), key=lambda each: abs(each.at - central[axis]))
        row: dict[str, Any] = {"name": side.name, "central": side.central, "crossings": _apart(found)}
        row["held"] = {
            other.name: round(other.low + float(origin[i]) * (other.high - other.low), 6)
            for i, other in enumerate(box.sides) if i != axis
        }  # fmt: skip
        if not found:
            rows.append(row | {"at": None, "lo": None, "hi": None, "rises": None, "distance": None})
            continue
        near = found[0]
        at, low, high = (_scaled(side, end) for end in (near.at, near.low, near.high))
        rows.append(row | {"at": at, "lo": low, "hi": high, "rises": near.rises,
                           "distance": round(side.central - side.low - near.at * width, 6)})  # fmt: skip
    return rows
