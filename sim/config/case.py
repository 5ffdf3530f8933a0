"""What a case says of itself: where its numbers come from, how sure its inputs are, and what was observed.

What could be known before the post (sources and ranges of the inputs) stands apart from what happened (``observed``,
and ``outcome``, ``targets`` and ``early``, which point to it). Nothing of the latter is ever an input.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from sim.config.fields import Real, Section, Whole, param

Standing = Literal["fitted", "seen", "fresh", "own"]
Family = Literal["police", "bank", "artist", "airline", "energy", "food", "charity", "own"]
Verdict = Literal["hijacked", "viral_positive", "contested", "fizzled"]
Denominator = Literal["tag", "judged", "users", "minutes", "stand_in"]

COUNTED: dict[str, str] = {
    "tag": "all messages that a tool counted on the tag: other talk, news and the sender's own among them",
    "judged": "messages that somebody judged by their tone",
    "users": "accounts that took part, the sender's own among them",
    "minutes": "minutes since the post",
    "stand_in": "views, videos or searches, which stand in for messages: a shape alone",
}
"""What the documents counted, by the name that a target gives as its ``denominator``."""

_SHARE, _CHANGE = "share of ", "change of "
_SENT = "must say where it comes from"
_WORDS = Annotated[str, Field(min_length=1)]


class Observation(Section):
    """One documented number."""

    value: Real | None = param(None, "as told by unit", "The number; null where only words are documented")
    unit: _WORDS = param(..., "text", "What it counts; a share begins with 'share of', a change with 'change of'")
    source: _WORDS = param(..., "text", "Who says so")
    url: str | None = param(None, "address", "Where to read it")
    aside: str | None = param(None, "text", "Why no target rests on it")

    @model_validator(mode="after")
    def _can_be(self) -> Observation:
        if not self.source.strip():
            raise ValueError(f"source {_SENT}; got nothing")
        if self.url is not None and not re.fullmatch(r"https?://\S+", self.url):
            raise ValueError(f"url must be an address that begins with http, or null; got {self.url!r}")
        value, unit = self.value, self.unit
        if value is None or unit.startswith(_CHANGE):
            return self
        if value < 0:
            raise ValueError(f"value must not be negative, since it counts {unit}; got {value:g}")
        if unit.startswith(_SHARE) and value > 1:
            raise ValueError(f"value must be at most 1, since it is a {unit}; got {value:g}")
        return self


class End(Section):
    """How a campaign ended, as far as the documents tell."""

    verdict: Verdict | None = param(None, "name", "The verdict that the documents support; null for none")
    basis: _WORDS = param(..., "text", "Why this one, in a sentence")


class Target(Section):
    """One outcome of the model that the documents bound.

    It is bounded by ``low`` and ``high``, by ``at_least`` or ``at_most`` alone, or else by the observed number
    with ``tolerance`` to both sides.
    """

    quantity: _WORDS = param(..., "name", "An outcome of a run, or messages_by_600 and the like (by minute 600)")
    over: str | None = param(None, "name", "The outcome that it is divided by; null for what is a share or a minute")
    of: _WORDS = param(..., "name", "The observed number that it rests on")
    denominator: Denominator = param(..., "name", "What the documents counted")
    low: Real | None = param(None, "as the quantity", "Lower end")
    high: Real | None = param(None, "as the quantity", "Upper end")
    at_least: Real | None = param(None, "as the quantity", "Lower bound of something that may be larger")
    at_most: Real | None = param(None, "as the quantity", "Upper bound of something that may be smaller")
    tolerance: Real = param(0.0, "as the quantity", "How far from the observed number still agrees", low=0)
    note: str | None = param(None, "text", "How the documents were read")

    @model_validator(mode="after")
    def _is_bounded_once(self) -> Target:
        pair = (self.low is not None) + (self.high is not None)
        forms = (pair > 0) + (self.at_least is not None) + (self.at_most is not None) + (self.tolerance > 0)
        if pair == 1 or forms > 1:
            raise ValueError(
                "must be bounded in one way: low and high, at_least, at_most, or the observed number with tolerance; "
                f"got {', '.join(sorted(self.model_fields_set - {'quantity', 'over', 'of', 'denominator', 'note'}))}"
            )
        if not forms:
            raise ValueError(
                "must say how far from the observed number still agrees, since no count is exact: tolerance, low and "
                "high, at_least or at_most; got none"
            )
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"low must lie below high; got {self.low:g} and {self.high:g}")
        return self

    @property
    def name(self) -> str:
        """The quantity, with what it is divided by."""
        return self.quantity if self.over is None else f"{self.quantity} / {self.over}"

    @property
    def rests_on_the_number(self) -> bool:
        """Whether the observed number itself is the target."""
        return all(each is None for each in (self.low, self.high, self.at_least, self.at_most))


class EarlyCount(Section):
    """What had been counted by an early minute: cumulative, as far as it is documented."""

    minute: Real = param(..., "minutes since the post", "By when", high=43_200)
    messages: Whole | None = param(None, "messages", "Of both frames", low=0)
    campaign: Whole | None = param(None, "messages", "Of the campaign's frame", low=0)
    counter: Whole | None = param(None, "messages", "Of the counter frame", low=0)
    of: _WORDS = param(..., "name", "The observed number that it rests on")

    @model_validator(mode="after")
    def _adds_up(self) -> EarlyCount:
        if self.minute < 0:
            raise ValueError(f"minute must not lie before the post (minute 0); got {self.minute:g}")
        frames = [each for each in (self.campaign, self.counter) if each is not None]
        if self.messages is None and not frames:
            raise ValueError("one of messages, campaign, counter must be given; got none")
        if self.messages is not None and sum(frames) > self.messages:
            raise ValueError(f"messages must be at least its parts, {sum(frames)}; got {self.messages}")
        return self


class CaseConfig(Section):
    """What a case says of itself; its numbers live in the other sections."""

    id: str = param("custom", "name", "Id of the case")
    title: str = param("A post of one's own", "text", "What it was")
    tag: str = param("", "text", "The tag")
    sender: str = param("", "text", "Who posted")
    date: str = param("", "date", "Day of the post")
    summary: str = param("", "text", "What happened, in two sentences")
    standing: Standing = param("own", "name", "Whether the model was fitted to it, shaped on it, or never saw it")
    family: Family = param("own", "name", "Kind of sender")
    shape_only: bool = param(False, "yes or no", "Only the shape of its course is documented, no tag")
    sources: dict[str, str] = param({}, "text by dotted name", "Where each number comes from")
    ranges: dict[str, tuple[Real, Real]] = param({}, "[low, high] by dotted name", "Plausible ranges of inputs")
    inputs: dict[str, Any] = param({}, "by dotted name", "What the case's own file sets; filled in when it is read")
    observed: dict[str, Observation] = param({}, "documented numbers", "What was observed; never an input")
    outcome: End | None = param(None, "text", "How it ended; never an input")
    targets: tuple[Target, ...] = param((), "outcomes", "What the model should come to; never an input")
    early: tuple[EarlyCount, ...] = param((), "counts", "Documented early counts; never an input")

    @model_validator(mode="after")
    def _day_is_a_day(self) -> CaseConfig:
        try:
            day = date.fromisoformat(self.date) if self.date else None
        except ValueError:
            day = None
        if self.date and (day is None or day.isoformat() != self.date):
            raise ValueError(f"case.date must be a day as year-month-day, such as '2026-03-14'; got {self.date!r}")
        return self

    @model_validator(mode="after")
    def _targets_rest_on_observations(self) -> CaseConfig:
        for place, target in enumerate(self.targets):
            name = f"case.targets[{place}]"
            self._observed(name, target.of)
            if target.rests_on_the_number and self.observed[target.of].value is None:
                raise ValueError(
                    f"{name}.of must be a number for a target that rests on it; {target.of} is null. "
                    "Give low and high, at_least or at_most, and say in note how the words were read"
                )
        return self

    @model_validator(mode="after")
    def _early_counts_go_on(self) -> CaseConfig:
        so_far: dict[str, tuple[float, int]] = {}
        before = -math.inf
        for place, count in enumerate(self.early):
            name = f"case.early[{place}]"
            self._observed(name, count.of)
            if count.minute <= before:
                raise ValueError(f"{name}.minute must come after the one before, {before:g}; got {count.minute:g}")
            before = count.minute
            for kind in ("messages", "campaign", "counter"):
                now, last = getattr(count, kind), so_far.get(kind)
                if now is None:
                    continue
                if last is not None and now < last[1]:
                    raise ValueError(
                        f"{name}.{kind} must not go backwards, counts are cumulative; "
                        f"got {now} after {last[1]} at minute {last[0]:g}"
                    )
                so_far[kind] = (count.minute, now)
        return self

    @model_validator(mode="after")
    def _ranges_hold_their_values(self) -> CaseConfig:
        for name, (low, high) in self.ranges.items():
            if not low < high:
                raise ValueError(f"case.ranges.{name} must be [low, high] with low below high; got [{low:g}, {high:g}]")
            value = self.inputs.get(name)
            if isinstance(value, (int, float)) and not low <= value <= high:  # a wrong kind is told of the input itself
                raise ValueError(
                    f"case.ranges.{name} must hold the case's own value, {value:g}; got [{low:g}, {high:g}]"
                )
        return self

    def _observed(self, name: str, of: str) -> None:
        """Refuse what rests on a number that is not there."""
        if of not in self.observed:
            there = ", ".join(self.observed) or "nothing"
            raise ValueError(f"{name}.of must name an observed number; got {of!r}, observed holds {there}")

    def bounds(self, target: Target) -> tuple[float, float]:
        """Return the ends between which a target's quantity agrees with the documents; infinite where open."""
        if target.low is not None and target.high is not None:
            return target.low, target.high
        if target.at_least is not None:
            return target.at_least, math.inf
        if target.at_most is not None:
            return -math.inf, target.at_most
        value = self.observed[target.of].value
        assert value is not None  # _targets_rest_on_observations
        return value - target.tolerance, value + target.tolerance


AFTERWARDS = ("standing", "family", "shape_only", "observed", "outcome", "targets", "early")
"""Fields of a case that move no run and no draw: what happened, and what is made of it."""


def without_what_came_after(raw: Any) -> Any:
    """Return plain configurations without what their cases tell of what happened.

    Parameters
    ----------
    raw : plain value
        A dumped configuration, or several by name.
    """
    if not isinstance(raw, Mapping):
        return raw
    case = raw.get("case")
    if isinstance(case, Mapping) and "observed" in case:
        return {**raw, "case": {name: part for name, part in case.items() if name not in AFTERWARDS}}
    return {name: without_what_came_after(part) for name, part in raw.items()}


def with_inputs(raw: Mapping[str, Any], table: type[Section]) -> dict[str, Any]:
    """Return a raw configuration whose case holds its own values of the inputs that have ranges.

    A case that is read from a file has them already; one that is made in Python gets the values it has now.
    What is malformed is left to its own checks.
    """
    case = raw.get("case")
    if isinstance(case, CaseConfig) and case.ranges.keys() <= case.inputs.keys():
        return dict(raw)
    case = case.model_dump() if isinstance(case, BaseModel) else case
    if not isinstance(case, Mapping) or not isinstance(case.get("ranges"), Mapping):
        return dict(raw)
    inputs = dict(case.get("inputs") or {})
    for name in case["ranges"]:
        value = _value(raw, table, str(name))
        if name not in inputs and isinstance(value, (int, float)):
            inputs[name] = value
    return {**raw, "case": {**case, "inputs": inputs}}


def _value(raw: Mapping[str, Any], table: type[Section], name: str) -> Any:
    """Return the value of a dotted name: what a raw configuration gives, else the table's default."""
    section, _, leaf = name.partition(".")
    given = raw.get(section)
    if isinstance(given, BaseModel):
        return getattr(given, leaf, None)
    if isinstance(given, Mapping) and leaf in given:
        return given[leaf]
    field = table.model_fields.get(section)
    kind = field.annotation if field is not None else None
    rows = kind.model_fields if isinstance(kind, type) and issubclass(kind, Section) else {}
    return rows[leaf].default if leaf in rows else None
