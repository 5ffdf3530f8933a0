"""What a broken rule of the parameter table is called: one clear sentence for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from sim.config.fields import Section


def _dotted(location: tuple[int | str, ...]) -> str:
    """Return ``people.cohort_shares[2]`` for a pydantic location."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def _rule(error: Mapping[str, Any]) -> str:
    """Say in our words what the broken rule asks for."""
    context = {
        name: f"{value:.6g}" if isinstance(value, float) else value for name, value in error.get("ctx", {}).items()
    }
    kind = error["type"]
    words = {
        "greater_than_equal": f"must be at least {context.get('ge')}",
        "less_than_equal": f"must be at most {context.get('le')}",
        "greater_than": f"must be above {context.get('gt')}",
        "less_than": f"must be below {context.get('lt')}",
        "finite_number": "must be a finite number",
        "missing": "is required",
        "literal_error": f"must be one of {context.get('expected')}".replace("'", ""),
        "float_parsing": "must be a number",
        "float_type": "must be a number",
        "int_parsing": "must be a whole number",
        "int_type": "must be a whole number",
        "int_from_float": "must be a whole number",
        "string_type": "must be text",
        "bool_parsing": "must be true or false",
        "bool_type": "must be true or false",
        "tuple_type": "must be a list",
        "dict_type": "must be a group of values ({name: value, ...})",
        "model_type": "must be a group of parameters (name: value, ...)",
        "model_attributes_type": "must be a group of parameters (name: value, ...)",
        "too_short": f"must have {context.get('min_length')} values",
        "too_long": f"must have at most {context.get('max_length')} values",
        "string_too_short": "must not be empty",
        "string_too_long": f"must have at most {context.get('max_length')} characters",
    }
    if kind == "value_error":
        return re.sub(r"^Value error, ", "", str(error["msg"]))
    return words.get(kind, str(error["msg"]))


def sentence_of(error: Mapping[str, Any], model: type[Section] = Section) -> str:
    """Return one clear sentence for one pydantic error."""
    location = tuple(error["loc"])
    name = _dotted(location)
    if error["type"] == "extra_forbidden":
        section: Any = model
        for part in location[:-1]:
            if (
                isinstance(part, int) or get_origin(section) is dict
            ):  # a place in a list or mapping: its elements' section
                kinds = get_args(section)
                section = kinds[-1 if get_origin(section) is dict else 0] if kinds else None
                continue
            field = getattr(section, "model_fields", {}).get(part)
            section = field.annotation if field is not None else None
        known = sorted(getattr(section, "model_fields", {}))
        near = get_close_matches(str(location[-1]), known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        return (
            f"{name} is not a parameter; {_dotted(location[:-1]) or 'the configuration'} has: {', '.join(known)}.{hint}"
        )
    if error["type"] == "value_error" and "must be a number" not in str(error["msg"]):
        rule = _rule(error).rstrip(".")
        return f"{name}: {rule}." if name and not rule.startswith(name) else f"{rule}."
    seen = error.get("input")
    shown = f"; got {seen!r}" if error["type"] != "missing" else ""
    return f"{name} {_rule(error)}{shown}.{_advice(error)}"


def _advice(error: Mapping[str, Any]) -> str:
    """Say what to write instead, where a typical slip shows: a percent for a share, text without its quotes."""
    kind, seen = error["type"], error.get("input")
    if kind == "string_type":
        if seen is None:
            return " Put text in quotes; a bare # begins a comment."
        return " Put it in quotes." if isinstance(seen, (int, float)) else ""
    if (
        kind == "less_than_equal"
        and error.get("ctx", {}).get("le") == 1
        and isinstance(seen, (int, float))
        and 2 <= seen <= 100
    ):
        return f" Write {seen:g} % as {seen / 100:g}."
    if kind in ("float_parsing", "float_type") and isinstance(seen, str) and re.fullmatch(r"\d+(\.\d+)? ?%", seen):
        return f" Write {seen} as {float(seen.rstrip('% ')) / 100:g}."
    return ""
