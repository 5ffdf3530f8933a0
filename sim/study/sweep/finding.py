"""What a sweep has found, in a sentence with its numbers: from which value on most runs are hijacked.

An interval of such a value is where the odds' own intervals (95 %, point by point) pass one half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.study.sweep.marginals import along, reach

if TYPE_CHECKING:
    import pandas as pd

HALF = 0.5
_MOST_CHOICES = 4
_FEWEST = 3
"""Distinct numbers from which on a factor is an axis, and not a choice."""


_SPOKEN = {"people.n_followers": "an audience of", "agency.listening_months": "months of listening"}
"""Names whose last part alone would mislead."""


def numbers_among(points: pd.DataFrame, factors: Sequence[str]) -> list[str]:
    """Return the factors that are axes: numbers with at least three values."""
    return [name for name in factors if points[name].dtype.kind in "if" and points[name].nunique() >= _FEWEST]


def is_grid(points: pd.DataFrame, factors: Sequence[str]) -> bool:
    """Tell whether the points are every combination of the factors' values."""
    return len(points) == int(np.prod([points[name].nunique() for name in factors]))


def spoken(name: str) -> str:
    """Return a dotted name as a sentence says it: ``people.grievance_mean`` as ``mean grievance``."""
    words = _SPOKEN.get(name, name.rpartition(".")[2].replace("_", " "))
    return f"mean {words.removesuffix(' mean')}" if words.endswith(" mean") else words


@dataclass(frozen=True)
class Crossing:
    """Where the odds pass one half along an axis.

    Attributes
    ----------
    at : float
    low, high : float or None
        Ends of its interval; None where it reaches beyond the axis.
    rising : bool
        Whether most runs are hijacked from there on, and not up to there.
    """

    at: float
    low: float | None
    high: float | None
    rising: bool


def crossing(values: Sequence[float], odds: pd.DataFrame) -> Crossing | None:
    """Return where P(hijacked) passes one half for good along an axis; None if it does not.

    Parameters
    ----------
    values : sequence of float
        Increasing.
    odds : DataFrame
        ``hijacked``, ``hijacked_lo``, ``hijacked_hi`` at them.
    """
    axis = np.asarray(values, float)
    middle = odds["hijacked"].to_numpy(float)
    if np.isnan(middle).any() or (middle[0] >= HALF) == (middle[-1] >= HALF):
        return None
    rising = bool(middle[-1] >= HALF)
    early, late = ("hijacked_hi", "hijacked_lo") if rising else ("hijacked_lo", "hijacked_hi")
    at = _passes(axis, middle, rising=rising)
    assert at is not None
    ends = [_passes(axis, odds[name].to_numpy(float), rising=rising) for name in (early, late)]
    return Crossing(at, ends[0], ends[1], rising)


def _passes(axis: npt.NDArray[np.float64], odds: npt.NDArray[np.float64], *, rising: bool) -> float | None:
    """Return where a curve passes one half for good, between points on a straight line."""
    above = odds >= HALF
    if rising:
        if not above[-1] or above.all():
            return None
        after = int(np.flatnonzero(~above)[-1]) + 1
    else:
        if not above[0] or above.all():
            return None
        after = int(np.flatnonzero(~above)[0])
    left, right = odds[after - 1], odds[after]
    return float(axis[after - 1] + (HALF - left) / (right - left) * (axis[after] - axis[after - 1]))


def finding(points: pd.DataFrame, factors: Sequence[str], centre: Mapping[str, Any], design: str) -> str:
    """Return what a sweep has found in a sentence.

    Parameters
    ----------
    points : DataFrame
        One row a point, with odds.
    centre : mapping
        What the factors are where they do not vary.
    design : str
    """
    known = points[points["runs"] > 0]
    if known.empty:
        return "No run came to an end."
    axes, told = numbers_among(known, factors), None
    if is_grid(known, factors) and len(factors) <= 2 and axes:
        if len(factors) == 1:
            told = _of_axis(known, axes[0])
        elif len(axes) == 2:
            told = _of_map(known, axes, centre)
        else:
            told = _of_choices(known, axes[0], next(name for name in factors if name != axes[0]))
    if told is None and (len(factors) > 2 or (axes and not is_grid(known, factors))):
        told = _of_many(known, factors, one_at_a_time=design == "one_at_a_time")
    return told or _extremes(known, factors)


def _of_axis(points: pd.DataFrame, name: str) -> str | None:
    """Return from where on along an axis most runs are hijacked."""
    line = points.sort_values(name)
    found = crossing(line[name].tolist(), line)
    if found is None or found.low is found.high is None:
        return None  # what may lie anywhere is no place
    return f"Hijacked in most runs {_where(found, name, line[name].min(), line[name].max())}."


def _of_choices(points: pd.DataFrame, name: str, choice: str) -> str | None:
    """Return the same for each value of a second factor, if it has few and most runs tip under one of them."""
    values = list(dict.fromkeys(points[choice]))
    told = {value: _of_axis(points[points[choice] == value], name) for value in values}
    if len(values) > _MOST_CHOICES or not any(told.values()):
        return None
    parts = [
        f"{_throughout(points[points[choice] == value]) if sentence is None else _bare(sentence)} with {value}"
        for value, sentence in told.items()
    ]
    return f"Hijacked in most runs {'; '.join(parts)}."


def _bare(sentence: str) -> str:
    """Return a sentence of :func:`_of_axis` without its beginning."""
    return sentence.removeprefix("Hijacked in most runs ").rstrip(".")


def _throughout(line: pd.DataFrame) -> str:
    """Return where most runs are hijacked along an axis on which the odds do not pass one half for good."""
    most = line["hijacked"] >= HALF
    return "everywhere" if most.all() else "nowhere" if not most.any() else "here and there"


def _of_many(points: pd.DataFrame, factors: Sequence[str], *, one_at_a_time: bool) -> str:
    """Return which factor alone moves the odds most, and how far."""
    lines = {name: along(points, name, factors, one_at_a_time=one_at_a_time) for name in factors}
    name = max(lines, key=lambda each: reach(lines[each]))
    line = lines[name]
    least, most = line.loc[line["hijacked"].idxmin()], line.loc[line["hijacked"].idxmax()]
    if reach(line) == 0.0:
        return f"Hijacked in {100 * most['hijacked']:.0f} of 100 runs, whatever varies."
    if least["hijacked_hi"] >= most["hijacked_lo"]:
        return (
            f"No factor alone moves the odds by more than chance might: the widest is {spoken(name)}, hijacked "
            f"{_odds(least)} at {_value(least[name])}, {_odds(most)} at {_value(most[name])}. More replicates may tell."
        )
    others = "everything else as it stands" if one_at_a_time else "the others counted together"
    low, high = (f"{_odds(row)} at {_value(row[name])}" for row in (least, most))
    return f"{spoken(name).capitalize()} moves the odds most: hijacked {low}, {high}, {others}."


def _odds(row: pd.Series) -> str:
    """Return the odds of a row in words."""
    odds, low, high = (100 * row[f"hijacked{end}"] for end in ("", "_lo", "_hi"))
    return f"in {odds:.0f} of 100 runs ({low:.0f} to {high:.0f})"


def _where(found: Crossing, name: str, lowest: float, highest: float) -> str:
    """Return a crossing in words."""
    low = short(found.low) if found.low is not None else f"below {short(lowest)}"
    high = short(found.high) if found.high is not None else f"above {short(highest)}"
    at = f"{spoken(name)} {short(found.at)} (95 %: {low} to {high})"
    return f"from {at} on" if found.rising else f"up to {at}"


def short(value: float) -> str:
    """Return a number in two digits, one of a hundred or more in three."""
    return f"{value:.2g}" if abs(value) < 100 else f"{float(f'{value:.3g}'):,.0f}"


def _of_map(points: pd.DataFrame, axes: Sequence[str], centre: Mapping[str, Any]) -> str | None:
    """Return from where on most runs are hijacked along the first axis, at the second one's own value, and how much."""
    first, second = axes
    levels = np.sort(points[second].unique())
    own = centre.get(second)
    target = (
        float(own) if isinstance(own, (int, float)) and levels[0] <= own <= levels[-1] else float(np.median(levels))
    )
    near = sorted(levels, key=lambda level: abs(level - target))
    share = f"; most runs at {(points['hijacked'] > HALF).sum()} of {len(points)} points"
    for level in near:
        told = _of_axis(points[points[second] == level], first)
        if told is not None:
            return f"At {spoken(second)} {short(level)}, {told[0].lower()}{told[1:].rstrip('.')}{share}."
    return None


def _extremes(points: pd.DataFrame, factors: Sequence[str]) -> str:
    """Return where a hijack is likeliest and where it is least likely."""
    most, least = int(points["hijacked"].idxmax()), int(points["hijacked"].idxmin())

    def told(place: int) -> str:
        row = points.loc[place]
        return f"{_odds(row)} at {', '.join(f'{spoken(name)} {_value(row[name])}' for name in factors)}"

    if points.loc[most, "hijacked"] == points.loc[least, "hijacked"]:
        return f"Hijacked {told(most)}{', and as often at every other point' if len(points) > 1 else ''}."
    return f"Hijacked {told(most)}; {told(least)}."


def _value(value: Any) -> str:
    """Return a design value in few letters."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
