"""How one parameter is written down: default, unit, range, role, source.

The same row serves validation, the parameter reference, uncertainty ranges and the live page's sliders.
``uncertainty`` is what we do not know, ``lever`` what a sender can choose, ``constant`` what is kept fixed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

Role = Literal["uncertainty", "lever", "constant"]


def _no_boolean(value: object) -> object:
    """Refuse true and false where a number is meant (Python counts them as 1 and 0)."""
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return value


Real = Annotated[float, BeforeValidator(_no_boolean)]
Whole = Annotated[int, BeforeValidator(_no_boolean)]


_ALWAYS = 1e-9
"""Distance kept from a lower end that is itself not legal."""
_ENDLESS = float("inf")


class Section(BaseModel):
    """One group of the configuration: frozen, without unknown keys, without nan."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_default=True,
        arbitrary_types_allowed=False,
        ser_json_inf_nan="null",
    )


def param(
    default: Any,
    unit: str,
    title: str,
    *,
    low: float | None = None,
    high: float | None = None,
    role: Role = "constant",
    source: str = "assumed",
    span: tuple[float, float] | None = None,
    above: float | None = None,
) -> Any:
    """Describe one parameter.

    Parameters
    ----------
    default : any
        The value used where nothing else is said (``...`` for required).
    unit : str
        Its unit, ``1`` for pure numbers, ``name`` for choices.
    title : str
        What it is, in plain words.
    low, high : float
        The range of legal values, both ends included.
    above : float
        A lower end that is itself not legal.
    role : {"uncertainty", "lever", "constant"}
    source : str
        Where the number comes from: an id of the facts file, a publication, or ``assumed: ...``.
    span : (float, float)
        The plausible range that uncertainty draws sweep, uniformly; the legal range if left out.
    """
    extra: dict[str, Any] = {"unit": unit, "role": role, "source": source, "span": list(span) if span else None}
    return Field(default, ge=low, le=high, gt=above, description=title, json_schema_extra=extra)


def legal_range(field: FieldInfo) -> tuple[float, float]:
    """Return the ends of a field's legal range; infinite where there is none."""
    low, high = -_ENDLESS, _ENDLESS
    for rule in field.metadata:
        low = max(low, float(getattr(rule, "ge", low)), float(getattr(rule, "gt", -_ENDLESS)) + _ALWAYS)
        high = min(high, float(getattr(rule, "le", high)))
    return low, high


def own_parameters(what: str) -> Any:
    """Describe the parameters of a user's own function, which its file gives (``sim.config.own``)."""
    return param({}, "by parameter", f"Parameters of a {what} of your own")
