"""Which points a study looks at: a design is a function from factors to points.

Each design takes the factors that a command names, in their order, and returns one mapping of values a point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from sim.errors import ConfigError

MOST_POINTS = 1_000_000


@dataclass(frozen=True)
class Factor:
    """What varies.

    Attributes
    ----------
    name : str
        A group or a dotted name.
    values : tuple
        What it takes, in the order given; empty where an interval is given.
    interval : (float, float) or None
        Where values are to be drawn from.
    """

    name: str
    values: tuple[Any, ...] = ()
    interval: tuple[float, float] | None = None


Design = Callable[[Sequence[Factor]], list[dict[str, Any]]]


def grid(factors: Sequence[Factor]) -> list[dict[str, Any]]:
    """Return every combination of the factors' values; the last factor varies fastest.

    Raises
    ------
    ConfigError
        No factor, a factor without values, or more points than can be.
    """
    if not factors:
        raise ConfigError(
            "a sweep needs at least one word with several values, such as post.openness=0,0.2,0.5 or "
            "people.grievance_mean=range(0.05,0.6,0.05); got none."
        )
    for factor in factors:
        if factor.interval is not None:
            raise ConfigError(
                f"{factor.name} must name its values in a grid, such as {factor.name}=0.1,0.2 or "
                f"{factor.name}=range(0,1,0.25); got an interval."
            )
        if not factor.values:
            raise ConfigError(f"{factor.name} names no value, so that the design has no points; name at least one.")
    if prod(len(factor.values) for factor in factors) > MOST_POINTS:
        raise ConfigError(f"a design may have at most {MOST_POINTS:,} points; name fewer values.")
    names = [factor.name for factor in factors]
    return [dict(zip(names, values, strict=True)) for values in product(*(factor.values for factor in factors))]


DESIGNS: Mapping[str, Design] = {"grid": grid}
