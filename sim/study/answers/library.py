"""The choices that a ranking of answers holds: policies by name, and what stands beside every tactic.

A choice is a few changed values of the configuration. Not posting, keeping silent and listening first always are
among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.agency.named import named_policy
from sim.catalogue.compose import compose
from sim.catalogue.groups import choices
from sim.config.agency import PolicyConfig, RuleConfig
from sim.config.root import Configuration, changed
from sim.errors import ConfigError
from sim.study.design.points import graph_key
from sim.study.run.inputs import Input, fields, uncertain_inputs
from sim.study.run.options import always

EFFECTS = "agency.effects."
SILENT = "silent"
DO_NOT_POST = "do_not_post"
_DOES = {
    "silent": "say nothing", "clarify": "say what was meant", "acknowledge": "own the complaint",
    "engage": "answer critics one by one", "amplify": "pass supporters on", "change_ask": "narrow the ask",
    "post_else": "post something else", "withdraw": "take the call back", "defend": "stand by the post",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One way of answering.

    Attributes
    ----------
    name, title : str
    changes : dict of dotted name to value, or None
        What is set upon the configuration; None where nothing is posted, so that nothing is run.
    """

    name: str
    title: str
    changes: Mapping[str, Any] | None

    def of(self, configuration: Configuration) -> Configuration:
        """Return the configuration under this choice."""
        return changed(configuration, self.changes or {})


def in_words(minutes: float) -> str:
    """Return a time since the post as a person would say it."""
    hours = minutes / 60
    if minutes < 60 or (hours < 2 and hours % 0.5):
        return f"{minutes:g} min"
    return f"{hours:g} h" if hours == round(hours, 1) else f"{hours:.1f} h"


def _told(rule: RuleConfig) -> str:
    """Return one rule in words."""
    when = []
    if rule.at_minute is not None:
        when.append(f"after {in_words(rule.at_minute)}" if rule.at_minute else "at once")
    if rule.counter_share is not None:
        when.append(f"once {100 * rule.counter_share:.0f} % of what is seen is counter")
    if rule.messages_an_hour is not None:
        when.append(f"from {rule.messages_an_hour:g} messages an hour on")
    if rule.when is not None:
        when.append(f"when {rule.when} says so")
    return f"{_DOES[rule.move]} {' and '.join(when)}"


def policy_title(policy: PolicyConfig) -> str:
    """Return what a policy does, in words."""
    told = "; ".join(_told(rule) for rule in policy.rules) or "keep silent"
    return told[0].upper() + told[1:]


def policy_named(name: str, words: Sequence[str] = ()) -> PolicyConfig:
    """Return the policy of a name, or of a YAML file of the user's own.

    Parameters
    ----------
    words : sequence of str
        Words that name files with policies of the user's own (``extensions=...``).

    Raises
    ------
    ConfigError
        There is none of that name.
    """
    if name in choices("policy"):
        return named_policy(name)
    policy: PolicyConfig = compose([*words, f"policy={name}"])[0].policy
    return policy


def choices_beside(
    configuration: Configuration, names: Sequence[str] | None, words: Sequence[str] = ()
) -> list[Choice]:
    """Return the choices that are ranked: not posting, listening first and silence, then the policies.

    Rules of the configuration's own (``policy.rules``) stand among them under the policy's name, or ``own``.

    Parameters
    ----------
    configuration : Configuration
    names : sequence of str or None
        Policies by name, or YAML files of the user's own; all of ``conf/policy`` if None.
    words : sequence of str
        As for :func:`policy_named`.

    Raises
    ------
    ConfigError
        There is no such policy, or two of one name.
    """
    silent = policy_named(SILENT)
    found = []
    for option in always(configuration):
        changes = {**option.changes, "policy": silent.model_dump(mode="json")} if option.changes else None
        found.append(Choice(option.name, option.title, changes))
    for given in dict.fromkeys([SILENT, *(choices("policy") if names is None else names)]):
        policy = policy_named(given, words)
        name = given if given in choices("policy") else policy.name
        if any(name == choice.name for choice in found):
            raise ConfigError(f"policy {given!r} is called {name!r}, as another choice is; give it a name of its own.")
        found.append(Choice(name, policy_title(policy), {"policy": policy.model_dump(mode="json")}))
    policy = configuration.policy
    if policy.rules:
        taken = {choice.name for choice in found}
        name = "own" if policy.name in taken else policy.name
        found.append(Choice(name, policy_title(policy), {"policy": policy.model_dump(mode="json")}))
    return found


def inputs_over(configurations: Sequence[Configuration], *, effects_alone: bool = False) -> list[Input]:
    """Return the uncertain inputs that matter to any of some configurations, in the table's order.

    What fixes the follower graph stays as it is, so that all draws share one.

    Parameters
    ----------
    effects_alone : bool
        Only the sizes of the moves' effects.
    """
    found: dict[str, Input] = {}
    for configuration in configurations:
        for item in uncertain_inputs(configuration):
            if item.name in found or item.of_graph or (effects_alone and not item.name.startswith(EFFECTS)):
                continue
            if graph_key(changed(configuration, {item.name: item.low})) == graph_key(configuration):
                found[item.name] = item
    return [found[field.name] for field in fields(configurations[0]) if field.name in found]


def own_effects(configuration: Configuration) -> list[Input]:
    """Return the sizes of what a configuration's moves, or its listening, are thought to change.

    Neither backlashes nor how effects fade once the tag trends: those are drawn, and never the size itself.
    """
    apart = ("when_trending", "_backlash")
    return [
        item for item in uncertain_inputs(configuration)
        if item.name.startswith(EFFECTS) and not item.name.endswith(apart)
    ]  # fmt: skip


def moves_of(configuration: Configuration) -> tuple[frozenset[str], bool]:
    """Return what a choice does, whenever it does it: its moves, and whether it listens first."""
    return frozenset(rule.move for rule in configuration.policy.rules), configuration.agency.listening_months > 0
