"""What is not known: the uncertain parameters of the table, each with its plausible span.

Spans in the table stand around the table's default. A case that sets its own central value keeps the
span's distances to both sides, shifted to that value and clipped to the legal range. A range that the case itself
gives (``case.ranges``) stands around the case's value instead, and makes a lever uncertain, too: how a post reads is
coded by people who may differ. Another value than the case's keeps that range's distances. Parameters that
cannot matter under a configuration (an effect of a move that its policy never makes, say) are left out.
A drawn share of the affected community changes who belongs to it and leaves the graph as it was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.config.agency import TRIGGERS
from sim.config.fields import Section, legal_range
from sim.config.own import chosen, own_fields
from sim.config.root import Configuration
from sim.extensions.files import load

COEFFICIENTS = "reaction."
"""Prefix of the universal behaviour coefficients: not known either, but no case can find them out."""


@dataclass(frozen=True)
class Field:
    """One row of the parameter table, with the value that a configuration gives it.

    Attributes
    ----------
    name : str
        Dotted name.
    title, unit, role, source : str
    default, value : any
    legal : (float, float)
        Ends of the legal range; infinite where there is none.
    span : (float, float) or None
    choices : tuple of str
        The words that may stand there; empty for numbers and free text.
    """

    name: str
    title: str
    unit: str
    role: str
    source: str
    default: Any
    value: Any
    legal: tuple[float, float]
    span: tuple[float, float] | None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Input:
    """One uncertain parameter: its central value and the plausible span around it.

    Attributes
    ----------
    name, title, unit, source : str
    central, low, high : float
    of_graph : bool
        Whether another value needs another graph (never so for a graph from a file).
    """

    name: str
    title: str
    unit: str
    source: str
    central: float
    low: float
    high: float
    of_graph: bool = False

    @property
    def can_be_found_out(self) -> bool:
        """Whether a sender can find it out, so that it is worth naming: no coefficient, nothing of the graph."""
        return not self.of_graph and not self.name.startswith(COEFFICIENTS)


def _is_section(annotation: Any) -> bool:
    """Tell whether a field holds a section of the configuration."""
    if get_origin(annotation) in (Union, UnionType):
        return any(_is_section(part) for part in get_args(annotation))
    return isinstance(annotation, type) and issubclass(annotation, Section)


def fields(configuration: Section, prefix: str = "") -> Iterator[Field]:
    """Yield every parameter of a configuration in the table's order, sections unfolded."""
    for name, field in type(configuration).model_fields.items():
        value = getattr(configuration, name)
        if _is_section(field.annotation) and isinstance(value, Section):
            yield from fields(value, f"{prefix}{name}.")
        elif not (prefix and name == "own"):
            yield _row(f"{prefix}{name}", field, value)
    if isinstance(configuration, Configuration) and configuration.extensions:
        raw = configuration.model_dump()
        for dotted, field in own_fields(raw, configuration.extensions).items():
            section, _, name = dotted.split(".")
            yield _row(dotted, field, raw[section]["own"][name])


def own_table(files: Mapping[str, str]) -> dict[str, Field]:
    """Return the parameters of all that a user's files add, by dotted name, at their defaults."""
    return {
        name: _row(name, field, field.default)
        for path, sha256 in files.items()
        for own in load(path, sha256).own.values()
        for name, field in ((f"{own.mark.kind}.own.{each}", field) for each, field in own.mark.parameters.items())
    }


def _row(name: str, field: FieldInfo, value: Any) -> Field:
    """Return one row of the table."""
    extra = field.json_schema_extra
    words = extra if isinstance(extra, dict) else {}
    span = words.get("span")
    return Field(
        name=name,
        title=field.description or "",
        unit=str(words.get("unit", "")),
        role=str(words.get("role", "constant")),
        source=str(words.get("source", "")),
        default=field.default,
        value=value,
        legal=legal_range(field),
        span=None if span is None else (float(span[0]), float(span[1])),  # type: ignore[index,arg-type]
        choices=get_args(field.annotation) if get_origin(field.annotation) is Literal else (),
    )


def _moves(configuration: Configuration) -> set[str]:
    """Return the moves that a configuration's policy can make."""
    return {rule.move for rule in configuration.policy.rules}


def _passed_over(name: str, configuration: Configuration) -> bool:
    """Tell whether a rule of the user's own stands in the place of the built-in one, and does not ask for this."""
    section, _, rest = name.partition(".")
    if not configuration.extensions or "." in rest or section not in ("reaction", "network", "newsroom"):
        return False
    rules = chosen(configuration.model_dump(include={section}), section, configuration.extensions)
    if section == "newsroom" and rest not in ("pick_up", "lag_median_minutes", "lag_sigma"):
        return False
    whole = "coef" if section == "reaction" else rest
    return bool(rules) and not {rest, whole} & {*rules[0].arguments}


def matters(name: str, configuration: Configuration) -> bool:
    """Tell whether a parameter can matter at all under a configuration."""
    agency, moves = configuration.agency, _moves(configuration)
    if _passed_over(name, configuration):
        return False
    if name.startswith("network."):
        return not configuration.network.from_file
    if configuration.reaction.in_rounds:
        return False
    if name.startswith("after."):  # what a campaign leaves behind moves the next one alone
        return any(each.posted for each in configuration.earlier) and not name.startswith("after.copycat")
    if name.startswith("agency.effects."):
        effect = name.rpartition(".")[2]
        if effect.startswith("listening"):
            return agency.listening_months > 0
        if effect in ("else_appeal",):
            return "post_else" in moves
        if effect == "when_trending":
            return bool(moves - {"silent", "amplify"})
        return effect.removesuffix("_backlash") in moves
    if name == "agency.local_trust":
        return agency.voices != "central"
    if name == "agency.detection_error":
        watched = any(
            getattr(rule, trigger) is not None
            for rule in configuration.policy.rules for trigger in TRIGGERS if trigger != "at_minute"
        )  # fmt: skip
        return watched or bool(moves & {"engage", "amplify", "defend"})
    if name.startswith("feed.trending."):
        return configuration.feed.trending.on
    if name.startswith("newsroom."):
        return configuration.newsroom.newsrooms > 0 and configuration.feed.trending.on
    if configuration.people.table is not None and name.startswith("people."):
        described = ("cohort", "community", "grievance_mean", "support_mean")
        return not name.removeprefix("people.").startswith(described)
    if name in ("people.follow_share", "people.n_followers"):
        return not configuration.network.from_file
    return True


def uncertain_inputs(configuration: Configuration, *, own_graph: bool = False) -> list[Input]:
    """Return the uncertain parameters that matter under a configuration, in the table's order.

    Parameters
    ----------
    own_graph : bool
        A graph was handed over, so that nothing about making one matters.
    """
    found = []
    generated = not configuration.network.from_file and not own_graph
    for field in fields(configuration):
        if own_graph and field.name.startswith("network."):
            continue
        span = _span(field, configuration)
        if span is None or not matters(field.name, configuration):
            continue
        low, high = max(field.legal[0], span[0]), min(field.legal[1], span[1])
        if low < high:
            of_graph = generated and field.name.startswith("network.")
            central = float(field.value)
            found.append(Input(field.name, field.title, field.unit, field.source, central, low, high, of_graph))
    return found


def _span(field: Field, configuration: Configuration) -> tuple[float, float] | None:
    """Return the span around a field's value: the case's own range, else the table's; None if it is known."""
    case, value = configuration.case, field.value
    if field.name in case.ranges:
        (low, high), around = case.ranges[field.name], float(case.inputs[field.name])
        if value == around:
            return low, high
    elif field.role == "uncertainty" and field.span is not None:
        (low, high), around = field.span, float(field.default)
    else:
        return None
    return float(value) - (around - low), float(value) + (high - around)
