"""The sliders of the page, made from the parameter table: label, unit, range, span, source, and where each stands.

Every number and choice of the table that can matter becomes a setting; what is laid open, and how it is called, is in
``plain``. A slider reaches over the legal range where that is short, and else around what is plausible; a number typed
beside it may be anything legal.
"""

from __future__ import annotations

import math
from typing import Any

from sim.config.root import Configuration
from sim.study.design.points import FIXES_GRAPH
from sim.study.run.inputs import Field, fields, matters
from sim.warroom.explore.plain import CHOICES, GROUPS, SETTINGS, Plain

_GROUP_OF = {"post": "post", "people": "people", "agency": "sender"}
_LEFT_OUT = (
    "people.represents", "people.added_", "agency.costs.", "reaction.rule", "network.kind", "network.direction",
    "newsroom.rule",
)  # fmt: skip
"""Not settings of the odds: they are of printing, of what-ifs on the running model, of costs, or name rules."""
_OTHER_RULES = ("reaction.transmission", "reaction.threshold", "reaction.initial")
_SHORT = 2.0
"""A legal range up to this width is shown whole."""
_LOG_ODDS = 3.0
"""How far the sliders of coefficients reach to both sides."""
_STEPS = 100
_FAR = 30.0
"""A slider whose ends are this many times apart is logarithmic."""


def settings_of(configuration: Configuration) -> dict[str, Field]:
    """Return the settings that a page offers for a configuration, by dotted name, in the table's order."""
    return {field.name: field for field in fields(configuration) if _is_offered(field)}


def _is_offered(field: Field) -> bool:
    section = field.name.partition(".")[0]
    if section in ("case", "policy", "after", "earlier", "extensions", "outcomes"):
        return False
    if field.name.startswith(_LEFT_OUT) or field.name.startswith(_OTHER_RULES) or ".own" in field.name:
        return False
    if field.choices:
        return True
    return isinstance(field.value, (int, float)) and not isinstance(field.value, bool)


def builds_graph(name: str) -> bool:
    """Tell whether another value of a setting needs another follower graph."""
    section, _, leaf = name.partition(".")
    fixing = FIXES_GRAPH.get(section)
    return fixing is True or (isinstance(fixing, set) and leaf in fixing)


def shown_range(field: Field) -> tuple[float, float]:
    """Return from where to where a slider reaches; the value lies within."""
    plain, value = SETTINGS.get(field.name), float(field.value)
    low, high = field.legal
    span = field.span
    if plain is not None and plain.ends is not None:
        low, high = plain.ends
    elif span is not None and (high - low > _SHORT or span[1] - span[0] < (high - low) / 20):
        width = span[1] - span[0]
        low, high = max(low, span[0] - width), min(high, span[1] + width)
    elif high - low > _SHORT and field.unit.startswith("log-odds"):
        low, high = max(low, value - _LOG_ODDS), min(high, value + _LOG_ODDS)
    elif high - low > _SHORT:
        low, high = max(low, 0.0), min(high, max(value, 1.0) * 4.0)
    if 0.0 < low < value * 1e-6:  # the end itself is not legal
        low = value / 10.0
    return _rounded(min(low, value)), _rounded(max(high, value))


def _rounded(end: float) -> float:
    """Return an end without the noise of binary fractions."""
    return float(f"{end:.6g}")


def nice_step(width: float) -> float:
    """Return a step of 1, 2 or 5 times a power of ten, about a hundredth of a width."""
    rough = width / _STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return float(f"{next(k for k in (1, 2, 5, 10) if k * power >= rough * 0.999) * power:.12g}")


def slider(field: Field, configuration: Configuration) -> dict[str, Any]:
    """Return one setting as the page needs it: plain values.

    Returns
    -------
    dict
        ``name, group, label, title, unit, source, value, folded, matters, builds``; for choices ``choices``
        (value and label), for numbers ``low, high, step, scale, legal, span, low_label, high_label, whole``.
    """
    case = configuration.case
    plain = SETTINGS.get(field.name, Plain(field.title, folded=True))
    told: dict[str, Any] = {
        "name": field.name, "group": _GROUP_OF.get(field.name.partition(".")[0], "world"), "label": plain.label,
        "title": field.title, "unit": field.unit, "value": field.value, "folded": plain.folded,
        "source": case.sources.get(field.name, field.source), "matters": matters(field.name, configuration),
        "builds": builds_graph(field.name),
    }  # fmt: skip
    if field.name.startswith("agency.effects."):
        told["group"], told["folded"] = "world", True
    if field.choices:
        return told | {"choices": [[choice, CHOICES.get(choice, choice.replace("_", " "))] for choice in field.choices]}
    low, high = shown_range(field)
    whole = isinstance(field.default, int)
    step = nice_step(high - low)
    span = case.ranges.get(field.name) or field.span
    return told | {
        "low": low, "high": high, "step": max(1, round(step)) if whole else step, "whole": whole,
        "scale": "log" if low > 0 and high / low >= _FAR else "linear",
        "legal": [end if math.isfinite(end) else None for end in field.legal],
        "span": None if span is None else list(span), "low_label": plain.low, "high_label": plain.high,
    }  # fmt: skip


def sliders(configuration: Configuration) -> list[dict[str, Any]]:
    """Return every setting that a page offers for a configuration, those of ``plain`` first and in its order."""
    order = {name: place for place, name in enumerate(SETTINGS)}
    groups = {name: place for place, name in enumerate(GROUPS)}
    made = [slider(field, configuration) for field in settings_of(configuration).values()]
    return sorted(made, key=lambda each: (groups[each["group"]], order.get(each["name"], len(order))))
