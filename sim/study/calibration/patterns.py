"""What a fit is held against: the targets of fitted and seen cases, and measured patterns (``conf/patterns``)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sim.catalogue.groups import choices, folder
from sim.config.case import CaseConfig
from sim.config.case import Target as CaseTarget
from sim.errors import ConfigError
from sim.outcome.verdict import FIZZLE_ROWS
from sim.study.calibration.observed import Other, Side, Target

PATTERNS = "patterns"
"""Family of what is no case."""
_HORIZON = 4320.0
"""Minutes that stand for never."""
_OF_MESSAGES = ("hijack_share", "retweet_share")
_ALL_COUNTED = ("tag", "judged")
_FEW = 50.0
"""A share or a ratio of fewer messages says nothing."""


@dataclass(frozen=True)
class Measured:
    """What ``conf/patterns/measured.yaml`` holds.

    Attributes
    ----------
    fit : tuple of str
        Cases and patterns that a fit uses if nothing else is said.
    targets : tuple of Target
    titles : dict of str to str
        Of each pattern.
    other : dict of str to Other
        By case; ``otherwise`` for all that are not named.
    """

    fit: tuple[str, ...]
    targets: tuple[Target, ...]
    titles: dict[str, str]
    other: dict[str, Other]


@lru_cache(maxsize=1)
def measured() -> Measured:
    """Return the measured patterns, and what is assumed of other talk."""
    import yaml

    raw = yaml.safe_load((folder("patterns") / "measured.yaml").read_text(encoding="utf-8"))
    targets = [
        _pattern(name, each, one) for name, each in raw["patterns"].items() for one in each["targets"]
    ]  # fmt: skip
    other = {
        name: Other(float(each["low"]), float(each["high"]), (float(each["shares"][0]), float(each["shares"][1])))
        for name, each in raw["other"].items()
    }
    titles = {name: str(each["title"]) for name, each in raw["patterns"].items()}
    return Measured(tuple(raw["fit"]), tuple(targets), titles, other)


def _pattern(name: str, pattern: Mapping[str, Any], one: Mapping[str, Any]) -> Target:
    """Return one target of a pattern."""
    return Target(
        name=f"{name}.{one['quantity']}", source=name, family=PATTERNS,
        campaigns=tuple(one.get("compared_with", pattern["compared_with"])), quantity=one["quantity"],
        low=float(one["low"]), high=float(one["high"]), log=bool(one.get("log", False)),
        at_least_rows=float(one.get("messages", _FEW)), told=one["told"],
        reference=" ".join(str(one["source"]).split()), missed=" ".join(str(one.get("missed", "")).split()),
    )  # fmt: skip


def targets_of(case: CaseConfig, rows: float) -> list[Target]:
    """Return the targets of a case.

    Parameters
    ----------
    rows : float
        Its audience in the table.
    """
    found = [_took_place(case, rows)] if case.outcome and case.outcome.verdict not in (None, "fizzled") else []
    return [*found, *(_of_case(case, each) for each in case.targets)]


def _took_place(case: CaseConfig, rows: float) -> Target:
    """Return that a campaign whose verdict is documented did not fizzle."""
    assert case.outcome is not None
    least = rows / FIZZLE_ROWS
    return Target(
        name=f"{case.id}.participants", source=case.id, family=case.family, campaigns=(case.id,),
        quantity="participants", side="at_least", low=least, high=least, log=True,
        told="participants: as many at least as tell a campaign from a fizzle", reference=case.outcome.basis,
    )  # fmt: skip


def _of_case(case: CaseConfig, target: CaseTarget) -> Target:
    """Return one target of a case."""
    low, high = case.bounds(target)
    side: Side = "within"
    if math.isinf(high):
        side, high = "at_least", low
    elif math.isinf(low):
        side, low = "at_most", high
    minutes = target.denominator == "minutes"
    observation = case.observed[target.of]
    return Target(
        name=f"{case.id}.{target.name}", source=case.id, family=case.family, campaigns=(case.id,),
        quantity=target.quantity, over=target.over or "",
        of_all=target.quantity in _OF_MESSAGES and target.denominator in _ALL_COUNTED, side=side,
        low=max(low, 0.0), high=high, log=minutes, never=_HORIZON if minutes else None,
        at_least_rows=0.0 if minutes else _FEW,
        told=f"{target.name.replace('_', ' ')}, of {target.denominator.replace('_', ' ')}",
        reference=f"{target.of}: {observation.source}" + (f" ({target.note})" if target.note else ""),
    )  # fmt: skip


def cases_of(facts: Mapping[str, Any]) -> dict[str, CaseConfig]:
    """Return what the catalogue's cases that a table has run say of themselves, by id."""
    from sim.catalogue.registry import load_case

    return {name: load_case(name).case for name in facts["campaigns"] if name in choices("case")}


def all_targets(facts: Mapping[str, Any]) -> list[Target]:
    """Return every target that a table can be held against: those of its cases, then the patterns.

    Parameters
    ----------
    facts : mapping
        What a table tells of itself; a pattern is read from those of its campaigns that the table has run.
    """
    there = facts["campaigns"]
    found = [
        target for name, case in cases_of(facts).items() for target in targets_of(case, float(there[name]["rows"]))
    ]
    for target in measured().targets:
        campaigns = tuple(name for name in target.campaigns if name in there)
        if campaigns:
            found.append(replace(target, campaigns=campaigns))
    return found


def other_of(campaigns: Sequence[str]) -> dict[str, Other]:
    """Return what is assumed of other talk, by campaign."""
    known = measured().other
    return {name: known.get(name, known["otherwise"]) for name in campaigns}


def chosen_sources(asked: Sequence[str] | None, there: Sequence[str]) -> tuple[str, ...]:
    """Return the cases and patterns that a fit uses.

    Parameters
    ----------
    asked : sequence of str or None
        None: what ``conf/patterns`` says, as far as the table has it.
    there : sequence of str
        What can be used.

    Raises
    ------
    ConfigError
        The fit set is empty, or names what there is not.
    """
    if asked is None:
        asked = [name for name in measured().fit if name in there]
    if not asked:
        raise ConfigError(f"fit must name at least one case or pattern; got none. There are {', '.join(there)}.")
    for name in asked:
        if name not in there:
            raise ConfigError(
                f"fit must name cases that the table has run and patterns; got {name!r}. There are {', '.join(there)}."
            )
        if list(asked).count(name) > 1:
            raise ConfigError(f"fit must name each case and pattern once; {name} is there twice.")
    return tuple(asked)
