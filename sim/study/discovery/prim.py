"""Boxes of the inputs in which an outcome is likelier than elsewhere, by patient rule induction.

A box starts as the whole and loses a thin slice at a time, on whichever side of whichever input leaves the
highest mean behind (peeling); what was cut off too far is given back as long as the mean rises (pasting).
Rules follow Friedman & Fisher 1999, doi:10.1023/A:1008894516817. Terms for judging boxes follow Bryant & Lempert
2010, doi:10.1016/j.techfore.2009.08.002: *density* is the outcome's rate inside, *coverage* the share of all its
cases that lie inside, *mass* the share of all points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SLICE = 0.05
"""Share of the points in the box that a peel takes away, or a paste gives back."""


@dataclass(frozen=True)
class Box:
    """A box: points with ``low < x <= high`` in every input; infinite where there is no limit.

    Attributes
    ----------
    low, high : float64[inputs]
    """

    low: Floats
    high: Floats

    def holds(self, places: Floats) -> Flags:
        """Return which places lie inside: bool[points] for float64[points, inputs]."""
        return np.asarray(((places > self.low) & (places <= self.high)).all(-1))

    @property
    def restricted(self) -> npt.NDArray[np.int64]:
        """The inputs that have a limit."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))

    @property
    def sides(self) -> list[tuple[int, bool]]:
        """The limits that there are: input, and whether it is the low one."""
        low, high = np.flatnonzero(np.isfinite(self.low)), np.flatnonzero(np.isfinite(self.high))
        return [(int(column), True) for column in low] + [(int(column), False) for column in high]

    def without_side(self, column: int, *, low: bool) -> Box:
        """Return the box with one limit lifted."""
        if low:
            return self.limited(column, -np.inf, float(self.high[column]))
        return self.limited(column, float(self.low[column]), np.inf)

    def limited(self, column: int, low: float, high: float) -> Box:
        """Return the box with other limits on one input."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[column], highs[column] = low, high
        return Box(lows, highs)


def whole(inputs: int) -> Box:
    """Return the box without limits."""
    return Box(np.full(inputs, -np.inf), np.full(inputs, np.inf))


def _cuts(sorted_values: Floats, slice_size: int) -> list[tuple[int, int, float, bool]]:
    """Return the two peels of one input: first and last place kept (of the sorted ones), limit, whether it is the low.

    Points that share a value stay together, so that a peel can take more than a slice; one that would take all is
    left out.
    """
    count = len(sorted_values)
    found = []
    first = int(np.searchsorted(sorted_values, sorted_values[slice_size - 1], side="right"))
    if first < count:
        found.append((first, count, float(sorted_values[first - 1] + sorted_values[first]) / 2, True))
    last = int(np.searchsorted(sorted_values, sorted_values[count - slice_size], side="left"))
    if last > 0:
        found.append((0, last, float(sorted_values[last - 1] + sorted_values[last]) / 2, False))
    return found


def peel(places: Floats, rate: Floats, columns: Sequence[int], *, least: float) -> list[Box]:
    """Return the boxes of the peeling, from the whole to the smallest.

    Parameters
    ----------
    places : float64[points, inputs]
    rate : float64[points]
        The outcome at each point, 0 to 1.
    columns : sequence of int
        Inputs that may be limited.
    least : float
        Share of the points that a box must keep.
    """
    points, inputs = places.shape
    order = np.argsort(places, axis=0, kind="stable")  # of the points inside, by each input
    boxes = [whole(inputs)]
    while True:
        count = len(order)
        slice_size = max(1, int(SLICE * count))
        best: tuple[float, int] = (-np.inf, 0)
        chosen: tuple[int, int, int, float, bool] | None = None
        for column in columns:
            mine = order[:, column]
            total = np.concatenate([[0.0], np.cumsum(rate[mine])])
            for first, last, limit, is_low in _cuts(places[mine, column], slice_size):
                if last - first < max(1, least * points):
                    continue
                merit = (float(total[last] - total[first]) / (last - first), last - first)
                if merit > best:
                    best, chosen = merit, (column, first, last, limit, is_low)
        if chosen is None or float(rate[order[:, 0]].mean()) >= 1.0:
            return boxes
        column, first, last, limit, is_low = chosen
        box = boxes[-1]
        boxes.append(
            box.limited(column, limit, box.high[column]) if is_low else box.limited(column, box.low[column], limit)
        )
        kept = np.zeros(points, dtype=bool)
        kept[order[first:last, column]] = True
        order = order.T[kept[order.T]].reshape(inputs, last - first).T


def paste(box: Box, places: Floats, rate: Floats) -> Box:
    """Return the box, grown by slices as long as its mean rises."""
    while True:
        inside = box.holds(places)
        best, grown = float(rate[inside].mean()), None
        for column, is_low in box.sides:
            tried = _given_back(box, column, places, inside, is_low=is_low)
            then = float(rate[tried.holds(places)].mean())
            if then > best:
                best, grown = then, tried
        if grown is None:
            return box
        box = grown


def _given_back(box: Box, column: int, places: Floats, inside: Flags, *, is_low: bool) -> Box:
    """Return the box with a slice of the nearest points beyond one limit taken in, all of them if there are fewer."""
    wider = box.without_side(column, low=is_low)
    beyond = np.sort(places[wider.holds(places) & ~inside, column])
    size = max(1, int(SLICE * inside.sum()))
    if len(beyond) <= size:
        return wider
    if is_low:
        return box.limited(column, float(beyond[-size] + beyond[-size - 1]) / 2, float(box.high[column]))
    return box.limited(column, float(box.low[column]), float(beyond[size - 1] + beyond[size]) / 2)
