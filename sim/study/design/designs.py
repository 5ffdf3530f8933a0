"""Which points a study looks at: a design is a function from factors to points.

Each design takes the factors that a command names, in their order, and returns one mapping of values a point.
Designs that draw do so from the seed alone. Sources: McKay, Beckman & Conover 1979 (Latin hypercube), Sobol 1967
and Owen 1998 (scrambled sequences), both as SciPy has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import floor, log10, prod
from typing import TYPE_CHECKING, Any

from sim.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST_POINTS = 1_000_000
_DIGITS = 6
"""Of an interval's width that a drawn value keeps."""


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
        Where values are to be drawn from, both ends included.
    whole : bool
        Whether an interval's values are whole numbers.
    """

    name: str
    values: tuple[Any, ...] = ()
    interval: tuple[float, float] | None = None
    whole: bool = False

    def at(self, share: float) -> Any:
        """Return the value at a share of the way, [0, 1): whole numbers and listed values have equal shares."""
        if self.interval is None:
            return self.values[min(len(self.values) - 1, floor(share * len(self.values)))]
        low, high = self.interval
        if self.whole:
            return min(int(high), int(low) + floor(share * (int(high) - int(low) + 1)))
        return self._rounded(low + share * (high - low))

    def levels(self, count: int) -> tuple[Any, ...]:
        """Return the listed values, or ``count`` values at equal distances over the interval, ends included."""
        if self.interval is None:
            return self.values
        low, high = self.interval
        steps = [low + place * (high - low) / max(1, count - 1) for place in range(count)]
        made = [round(step) if self.whole else self._rounded(step) for step in steps]
        return tuple(dict.fromkeys(made))

    def _rounded(self, value: float) -> float:
        """Return a value without digits that say nothing, inside the interval."""
        assert self.interval is not None
        low, high = self.interval
        return min(high, max(low, round(value, _DIGITS - 1 - floor(log10(high - low)))))


def _checked(factors: Sequence[Factor]) -> None:
    """Refuse a design without factors or with one that has no value.

    Raises
    ------
    ConfigError
    """
    if not factors:
        raise ConfigError(
            "a sweep needs at least one word that varies, such as post.openness=0,0.2,0.5 (word with several values), "
            "people.grievance_mean=range(0.05,0.6,0.05) or vary=[post.openness]; got none."
        )
    for factor in factors:
        if factor.interval is None and not factor.values:
            raise ConfigError(f"{factor.name} names no value, so that the design has no points; name at least one.")


def _fitting(points: int) -> None:
    """Refuse more points than can be."""
    if points > MOST_POINTS:
        raise ConfigError(f"a design may have at most {MOST_POINTS:,} points; name fewer values.")


def grid(factors: Sequence[Factor], levels: int = 5) -> list[dict[str, Any]]:
    """Return every combination of the factors' values; the last factor varies fastest.

    Parameters
    ----------
    levels : int
        Values of a factor that has an interval, at equal distances.

    Raises
    ------
    ConfigError
        No factor, a factor without values, or more points than can be.
    """
    _checked(factors)
    taken = [factor.levels(levels) for factor in factors]
    _fitting(prod(len(values) for values in taken))
    names = [factor.name for factor in factors]
    return [dict(zip(names, values, strict=True)) for values in product(*taken)]


def one_at_a_time(factors: Sequence[Factor], centre: Mapping[str, Any], levels: int = 5) -> list[dict[str, Any]]:
    """Return the centre, and for each factor its other values with everything else at the centre.

    Parameters
    ----------
    centre : mapping
        Value of each factor.
    """
    _checked(factors)
    points = [{factor.name: centre[factor.name] for factor in factors}]
    for factor in factors:
        points += [points[0] | {factor.name: value} for value in factor.levels(levels) if value != centre[factor.name]]
    _fitting(len(points))
    return points


def latin_hypercube(factors: Sequence[Factor], points: int, seed: int) -> list[dict[str, Any]]:
    """Return points of which each factor's range, cut into as many slices, holds one a slice.

    Parameters
    ----------
    points : int
    seed : int
        All that the draw depends on, beside the factors' number.
    """
    import numpy as np
    from scipy.stats import qmc

    _checked(factors)
    return _placed(factors, qmc.LatinHypercube(len(factors), rng=np.random.default_rng([seed, 1])).random(points))


def sobol(factors: Sequence[Factor], points: int, seed: int) -> list[dict[str, Any]]:
    """Return the first points of a scrambled Sobol sequence; it is balanced where they are a power of two.

    Raises
    ------
    ConfigError
        More factors than the sequence has dimensions.
    """
    import numpy as np
    from scipy.stats import qmc

    _checked(factors)
    if len(factors) > qmc.Sobol.MAXDIM:
        raise ConfigError(f"a Sobol sequence has at most {qmc.Sobol.MAXDIM} factors; got {len(factors)}.")
    sequence = qmc.Sobol(len(factors), rng=np.random.default_rng([seed, 2]))
    return _placed(factors, sequence.random_base2(max(0, points - 1).bit_length())[:points])


def power_of_two(points: int) -> bool:
    """Tell whether a number is one."""
    return points & (points - 1) == 0


def _placed(factors: Sequence[Factor], shares: npt.NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return the points at shares, float64[points, factors]."""
    return [
        {factor.name: factor.at(float(share)) for factor, share in zip(factors, row, strict=True)} for row in shares
    ]


Design = Callable[..., list[dict[str, Any]]]
DESIGNS: Mapping[str, Design] = {
    "grid": grid, "one_at_a_time": one_at_a_time, "latin_hypercube": latin_hypercube, "sobol": sobol,
}  # fmt: skip
"""Designs that are made of factors; ``from_file`` reads its points (see ``sim.cli.design_words``)."""
