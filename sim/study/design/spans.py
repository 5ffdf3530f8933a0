"""Over which values a parameter varies when nobody says: its span in the parameter table, its choices, its files.

What the table calls a constant is kept fixed: it has no plausible range, and is refused by name unless its values
are listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

from sim.catalogue.groups import GROUPS, choices
from sim.config.root import Configuration
from sim.errors import ConfigError, unknown_name
from sim.study.design.designs import Factor
from sim.study.run.inputs import Field, fields

NOTHING: Mapping[str, Field] = {}
_WIDEST = 100.0
"""A lever without a span takes its legal range if that is no wider: a share, an hour of the day, not an audience."""


@cache
def parameters() -> dict[str, Field]:
    """Return the parameter table by dotted name."""
    return {field.name: field for field in fields(Configuration())}


def spanned(name: str, own: Mapping[str, Field] = NOTHING) -> Factor:
    """Return the factor of a bare name.

    Parameters
    ----------
    own : mapping of dotted name to Field
        Parameters of the user's own rules (:func:`sim.study.run.inputs.own_table`).

    Raises
    ------
    ConfigError
        No such parameter, a constant, or one without a span.
    """
    if name in GROUPS:
        return Factor(name, choices(name))
    field = _varying(name, own)
    listed = _listed(name)
    if listed:
        return Factor(name, listed)
    span = field.span or field.legal
    if not _numeric(field) or (field.span is None and span[1] - span[0] > _WIDEST):
        raise ConfigError(
            f"{name} has no span in the parameter table; write {name}=interval(LOW,HIGH), or name its values: "
            f"{name}=A,B."
        )
    return Factor(name, interval=span, whole=isinstance(field.default, int))


def over(name: str, low: float, high: float, own: Mapping[str, Field] = NOTHING) -> Factor:
    """Return the factor of an interval that somebody names (``own`` as of :func:`spanned`).

    Raises
    ------
    ConfigError
        No such parameter, a constant, one that is no number, or an interval that cannot be.
    """
    field = _varying(name, own)
    if not _numeric(field):
        raise ConfigError(f"{name} is no number and has no interval; name its values: {name}=A,B.")
    whole = isinstance(field.default, int)
    if not low < high or low < field.legal[0] or high > field.legal[1]:
        raise ConfigError(
            f"{name}=interval(LOW,HIGH) must have LOW below HIGH, both in [{field.legal[0]:g}, {field.legal[1]:g}]; "
            f"got interval({low:g},{high:g})."
        )
    if whole and (low != int(low) or high != int(high)):
        raise ConfigError(f"{name} is a whole number, and so must the ends of its interval be; got {low:g}, {high:g}.")
    return Factor(name, interval=(low, high), whole=whole)


def _varying(name: str, own: Mapping[str, Field]) -> Field:
    """Return the row of a parameter that may vary over a range."""
    table = {**parameters(), **own}
    if name not in table:
        raise unknown_name("vary", name, [*(each for each, field in table.items() if _may(field)), *GROUPS[:-3]])
    field = table[name]
    if not _may(field):
        raise ConfigError(
            f"{name} is a constant of the parameter table, which has no plausible range; leave it out, or name its "
            f"values yourself: {name}=A,B."
        )
    return field


def _may(field: Field) -> bool:
    """Tell whether a parameter is no constant."""
    return field.role != "constant"


def _numeric(field: Field) -> bool:
    """Tell whether a parameter is a number; one that nobody need give is one if it has a span."""
    if field.default is None:
        return field.span is not None
    return isinstance(field.default, (int, float)) and not isinstance(field.default, bool)


def _listed(name: str) -> tuple[Any, ...]:
    """Return the choices of a parameter that has some."""
    kind: Any = Configuration
    if ".own." in name:
        return ()
    for part in name.split("."):
        kind = kind.model_fields[part].annotation
    return tuple(get_args(kind)) if get_origin(kind) is Literal else (False, True) if kind is bool else ()
