"""One whole configuration, and the one place where raw input becomes a checked one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError, model_validator

from sim.config.agency import AgencyConfig, PolicyConfig
from sim.config.feed import FeedConfig
from sim.config.fields import Real, Section, Whole, param
from sim.config.network import NetworkConfig
from sim.config.newsroom import NewsroomConfig
from sim.config.people import PeopleConfig
from sim.config.post import PostConfig
from sim.config.reaction import ReactionConfig
from sim.errors import ConfigError

REAL_GRAPHS_STAY = (
    "people.added_activists and people.dropped are what-ifs for generated audiences; a real graph keeps the accounts "
    "that it has, so leave them out, or leave the graph out"
)


class CaseConfig(Section):
    """What a case says of itself; its numbers live in the other sections."""

    id: str = param("custom", "name", "Id of the case")
    title: str = param("A post of one's own", "text", "What it was")
    tag: str = param("", "text", "The tag")
    sender: str = param("", "text", "Who posted")
    date: str = param("", "date", "Day of the post")
    summary: str = param("", "text", "What happened, in two sentences")
    sources: dict[str, str] = param({}, "text by dotted name", "Where each number comes from")
    observed: dict[str, Any] = param({}, "documented numbers", "What was observed; never an input")


class Configuration(Section):
    """Everything that a result depends on, besides the replicate number.

    ``seed`` fixes people, graph and (with the replicate) luck.
    """

    case: CaseConfig = CaseConfig()
    people: PeopleConfig = PeopleConfig()
    network: NetworkConfig = NetworkConfig()
    post: PostConfig = PostConfig()
    reaction: ReactionConfig = ReactionConfig()
    feed: FeedConfig = FeedConfig()
    newsroom: NewsroomConfig = NewsroomConfig()
    agency: AgencyConfig = AgencyConfig()
    policy: PolicyConfig = PolicyConfig()
    horizon_hours: Real = param(72.0, "hours", "How long a run lasts", low=1 / 60, high=720)
    seed: Whole = param(1, "1", "The seed", low=0, high=2**63 - 1)

    @model_validator(mode="after")
    def _nobody_answers_in_rounds(self) -> Configuration:
        if self.reaction.in_rounds and self.policy.rules:
            moves = ", ".join(dict.fromkeys(rule.move for rule in self.policy.rules))
            raise ValueError(
                f"policy.rules must be empty with reaction.rule={self.reaction.rule}, in which no agency acts; "
                f"got {moves}; give policy=silent or reaction=logit"
            )
        return self

    @model_validator(mode="after")
    def _real_graphs_stay(self) -> Configuration:
        if self.network.kind != "generated" and self.people.edited:
            raise ValueError(REAL_GRAPHS_STAY)
        return self

    @property
    def minutes(self) -> int:
        """Minutes simulated."""
        return max(1, round(self.horizon_hours * 60))


def _dotted(location: tuple[int | str, ...]) -> str:
    """Return ``people.cohort_shares[2]`` for a pydantic location."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def _rule(error: Mapping[str, Any]) -> str:
    """Say in our words what the broken rule asks for."""
    context = {
        name: f"{value:.4g}" if isinstance(value, float) else value for name, value in error.get("ctx", {}).items()
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
    }
    if kind == "value_error":
        return re.sub(r"^Value error, ", "", str(error["msg"]))
    return words.get(kind, str(error["msg"]))


def _sentence(error: Mapping[str, Any], model: type[Section]) -> str:
    """Return one clear sentence for one pydantic error."""
    location = tuple(error["loc"])
    name = _dotted(location)
    if error["type"] == "extra_forbidden":
        section: Any = model
        for part in location[:-1]:
            if isinstance(part, int):  # a place in a list: its elements' own section
                section = next(iter(get_args(section)), None)
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
    return f"{name} {_rule(error)}{shown}."


def validated(raw: Mapping[str, Any], model: type[Section] = Configuration) -> Any:
    """Return the checked, frozen configuration of a plain mapping.

    Raises
    ------
    ConfigError
        One sentence for the first mistakes (three at most): dotted name, rule, value seen.
    """
    try:
        return model.model_validate(dict(raw))
    except ValidationError as problem:
        errors = problem.errors(include_url=False)
        sentences = [_sentence(error, model) for error in errors[:3]]
        if len(errors) > 3:
            sentences.append(f"... and {len(errors) - 3} more.")
        raise ConfigError("\n".join(sentences)) from None


def changed(configuration: Configuration, changes: Mapping[str, Any]) -> Configuration:
    """Return a copy with some dotted names set to other values, checked again.

    Parameters
    ----------
    changes : mapping of dotted name to value
        For example ``{"post.openness": 0.2, "policy.rules": []}``.
    """
    raw = configuration.model_dump()
    for name, value in changes.items():
        *path, last = name.split(".")
        section = raw
        for part in path:
            if not isinstance(section.get(part), dict):
                raise ConfigError(f"{name} is not a parameter.")
            section = section[part]
        section[last] = value
    return validated(raw)
