"""What a study of many inputs varies: parameters with spans, the points between them, and their names in words.

Uncertain parameters have the span of the parameter table, shifted to the case's own value, or the case's own range; a
lever that is named has its span as in a sweep, since it is chosen. ``all`` holds levers, too, where the case says how
unsure their reading is, over that range.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sim.config.root import Configuration, changed
from sim.errors import ConfigError
from sim.study.design.designs import Factor
from sim.study.design.points import Point
from sim.study.design.spans import spanned
from sim.study.run.inputs import Field, fields, uncertain_inputs
from sim.study.sensitivity.luck import Floats
from sim.study.sweep.finding import spoken

ALL = "all"
_LONGEST = 46
"""Letters of a title that is short enough to stand in a sentence."""


def called(name: str, title: str, role: str) -> str:
    """Return a parameter in a few words: its title if that is short, else the last part of its name."""
    short = title[:1].lower() + title[1:]
    if title and len(short) <= _LONGEST and role != "lever" and not short.startswith(("how ", "chance ")):
        return short
    return spoken(name)


@dataclass(frozen=True)
class Varied:
    """A parameter that varies.

    Attributes
    ----------
    name, title, unit, role : str
    central, low, high : float
    whole : bool
        Whether it takes whole numbers alone.
    """

    name: str
    title: str
    unit: str
    role: str
    central: float
    low: float
    high: float
    whole: bool = False

    @property
    def called(self) -> str:
        """The parameter in a few words."""
        return called(self.name, self.title, self.role)

    @property
    def factor(self) -> Factor:
        """The parameter as a design takes it."""
        return Factor(self.name, interval=(self.low, self.high), whole=self.whole)


def varied(
    configuration: Configuration, names: Sequence[str], given: Sequence[Factor], fixed: Collection[str] = ()
) -> list[Varied]:
    """Return what varies, in the table's order.

    Parameters
    ----------
    names : sequence of str
        Dotted names; ``all`` stands for every uncertainty that matters under the configuration.
    given : sequence of Factor
        Parameters with intervals of the user's own; they vary, too.
    fixed : collection of str
        Parameters that were given a value: they are known, and ``all`` leaves them out.

    Raises
    ------
    ConfigError
        A name that is no parameter, a constant, no number, or one without a span; or nothing varies.
    """
    uncertain = {
        item.name: Factor(item.name, interval=(item.low, item.high)) for item in uncertain_inputs(configuration)
    }
    unknown = {field.name for field in fields(configuration) if field.role == "uncertainty" and field.name in uncertain}
    wanted = {factor.name: factor for factor in given}
    for name in names:
        if name in wanted:
            raise ConfigError(f"{name} is named twice, and varies; name it in vary or with its interval, not both.")
        if name != ALL:
            wanted[name] = uncertain[name] if name in unknown else spanned(name)
    if ALL in names:
        wanted = {name: factor for name, factor in uncertain.items() if name not in fixed} | wanted
    for factor in wanted.values():
        if factor.interval is None:
            raise ConfigError(
                f"{factor.name} is no number; what varies here varies over a span. Name one of its choices, or compare "
                f"them all: backfire compare {factor.name}=A,B."
            )
    if not wanted:
        raise ConfigError("nothing varies: no uncertain parameter matters here; name some: vary=[NAME,NAME].")
    found = [_varied(field, wanted[field.name]) for field in fields(configuration) if field.name in wanted]
    for item in found:
        for end in (item.low, item.high):
            changed(configuration, {item.name: int(end) if item.whole else end})
    return found


def _varied(field: Field, factor: Factor) -> Varied:
    """Return a parameter that varies over a factor's interval."""
    assert factor.interval is not None
    central = field.value if field.value is not None else sum(factor.interval) / 2
    return Varied(
        field.name, field.title, field.unit, field.role, float(central), *factor.interval,
        whole=factor.whole or isinstance(field.default, int),
    )  # fmt: skip


def plain(items: Sequence[Varied]) -> list[dict[str, Any]]:
    """Return what varies as plain values."""
    return [asdict(item) for item in items]


def from_plain(raw: Sequence[Mapping[str, Any]]) -> list[Varied]:
    """Return what varies as a question holds it."""
    return [Varied(**item) for item in raw]


def points_at(base: Configuration, items: Sequence[Varied], places: Floats) -> list[Point]:
    """Return the points at places of the unit cube: float64[points, inputs]."""
    factors = [item.factor for item in items]
    return [
        Point({factor.name: factor.at(float(at)) for factor, at in zip(factors, place, strict=True)}, base)
        for place in places
    ]
