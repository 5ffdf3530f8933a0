"""The campaigns of a sequence as configurations: each with those before it, and as if none had come before.

People, graph, feeds, newsrooms and coefficients are those of the first campaign; post, agency, policy and horizon are
each campaign's own. What varies is told by campaign, so that each combination of values is a sequence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sim.aftermath.state import next_one
from sim.config.after import EarlierConfig
from sim.config.root import Configuration, changed, validated
from sim.errors import ConfigError

WEEKS = "weeks"
MOST_COMBINATIONS = 500


@dataclass(frozen=True)
class Varying:
    """What has several values in a sequence.

    Attributes
    ----------
    campaign : int
        Whose it is, from 0.
    name : str
        A dotted name, or ``weeks`` from the campaign before.
    values : tuple
    """

    campaign: int
    name: str
    values: tuple[Any, ...]

    def called(self, campaigns: int) -> str:
        """Return its name in tables: ``weeks``, ``post.room``, and ``then.post.room`` or ``then2.post.room``."""
        if self.campaign == 0:
            return self.name
        number = "" if campaigns == 2 else str(self.campaign)
        return self.name if self.name == WEEKS and not number else f"then{number}.{self.name}"


@dataclass(frozen=True)
class Chain:
    """One combination of values.

    Attributes
    ----------
    values : dict of str to value
        What varies, by its name in tables.
    weeks : tuple of float
        Between each campaign and the one before it, from the second on.
    after : tuple of Configuration
        Each campaign with all before it.
    alone : tuple of Configuration or None
        Each campaign as if none had come before; None for the first, which is alone anyway.
    """

    values: dict[str, Any]
    weeks: tuple[float, ...]
    after: tuple[Configuration, ...]
    alone: tuple[Configuration | None, ...]


def varying_of(question: Mapping[str, Any]) -> list[Varying]:
    """Return what varies in a question."""
    return [Varying(each["campaign"], each["name"], tuple(each["values"])) for each in question["varying"]]


def chains(question: Mapping[str, Any]) -> list[Chain]:
    """Return every combination of values as a sequence, checked.

    Parameters
    ----------
    question : mapping
        ``bases`` (a dumped configuration a campaign, ``"0"`` first), ``weeks`` (from the second on), ``varying``.

    Raises
    ------
    ConfigError
        A value that cannot be, or too many combinations.
    """
    bases = [validated(question["bases"][str(number)]) for number in range(len(question["bases"]))]
    varying = varying_of(question)
    combinations = list(product(*(each.values for each in varying)))
    if len(combinations) > MOST_COMBINATIONS:
        raise ConfigError(f"a sequence takes at most {MOST_COMBINATIONS} combinations; got {len(combinations)}.")
    return [_chain(bases, question["weeks"], varying, values) for values in combinations]


def _chain(
    bases: Sequence[Configuration], weeks: Sequence[float], varying: Sequence[Varying], values: Sequence[Any]
) -> Chain:
    """Return one combination."""
    apart = list(weeks)
    own: list[dict[str, Any]] = [{} for _ in bases]
    for each, value in zip(varying, values, strict=True):
        if each.name == WEEKS:
            apart[each.campaign - 1] = float(value)
        else:
            own[each.campaign][each.name] = value
    campaigns = [changed(base, changes) if changes else base for base, changes in zip(bases, own, strict=True)]
    first = changed(campaigns[0], {"after.measured": True})
    whole = [first, *(next_one(first, each) for each in campaigns[1:])]
    names = {each.called(len(bases)): value for each, value in zip(varying, values, strict=True)}
    before = [_before(each, gap) for each, gap in zip(whole, [*apart, 520.0], strict=True)]
    passed = EarlierConfig(posted=False)
    return Chain(
        names, tuple(apart),
        tuple(_with(each, before[:number]) for number, each in enumerate(whole)),
        (None, *(_with(each, [passed] * number) for number, each in enumerate(whole) if number)),
    )  # fmt: skip


def _before(campaign: Configuration, weeks: float) -> EarlierConfig:
    """Return a campaign as one that came before another."""
    made: EarlierConfig = validated({
        "case": campaign.case.id, "weeks": weeks, "horizon_hours": campaign.horizon_hours,
        **campaign.model_dump(include={"post", "agency", "policy"}),
    }, EarlierConfig)  # fmt: skip
    return made


def _with(campaign: Configuration, earlier: Sequence[EarlierConfig]) -> Configuration:
    """Return a campaign after others, checked."""
    return changed(campaign, {"earlier": [each.model_dump() for each in earlier]}) if earlier else campaign
