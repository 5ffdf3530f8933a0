"""What a sweep asks for, checked whole before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.catalogue.compose import compose
from sim.catalogue.groups import GROUPS
from sim.cli.choices import factors_of
from sim.cli.design_words import Chosen, design_of, points_of
from sim.cli.experiments import name_of
from sim.cli.keys import StudyKeys
from sim.cli.planned import keys_for
from sim.config.root import Configuration
from sim.errors import ConfigError, unknown_name
from sim.study.design.designs import Factor
from sim.study.design.points import Point, shown
from sim.study.run.inputs import own_table
from sim.study.run.plan import whole_number
from sim.study.sweep.study import Sweep, base_name

REPLICATES = 50
FIGURES = ("curves", "map", "dots", "marginals")
_NAMED = 3
"""Factors that stand in a study's own name."""
_MOST = 1_000_000
_SILENT = "silent"
"""The policy of a configuration that names none."""

_SIZE = "people.n_followers"
_OF_FILES = ("network.kind", "network.path", "network.attributes", "network.direction")


def sweep_keys(words: Sequence[str]) -> tuple[Sweep, dict[str, Any], StudyKeys]:
    """Return the points of a sweep, each of them checked, the question that they are, and its study keys.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    own, shown_as = _figure_words(words)
    chosen, own = design_of(own)
    factors, fixed = factors_of(own)
    base, composed = compose([*fixed, *_first_groups(factors)])
    values = points_of(chosen, factors, base.seed, _centre(base, [factor.name for factor in factors], factors))
    for name in (name for name in values[0] if name in {name_of(word) for word in fixed}):
        raise ConfigError(f"{name} is named twice, and varies; leave it to {chosen.kind}.")
    bases = _bases(values, fixed)
    sweep = Sweep(chosen.plain(), bases, [Point(each, bases[base_name(each)]) for each in values])
    _check(sweep)
    asked = REPLICATES if composed["replicates"] is None else composed["replicates"]
    question = sweep.plain() | {"replicates": whole_number("replicates", asked, 1, _MOST)}
    question["centre"] = _centre(base, sweep.factors, factors)
    question["figure"] = _figure(shown_as, sweep.factors)
    _say(chosen)
    return sweep, question, keys_for("sweep", words, composed, question, _named(sweep))


def _check(sweep: Sweep) -> None:
    """Make every point's configuration, and so check it, before anything is written."""
    made = [name for name in sweep.factors if name == _SIZE or (name.startswith("network.") and name not in _OF_FILES)]
    if made and any(base.network.from_file for base in sweep.bases.values()):
        raise ConfigError(
            f"{made[0]} cannot vary where the graph is read from a file: it has the accounts and edges that it has. "
            "Leave it out, or vary it on a generated graph."
        )
    for point in sweep.points:
        try:
            _ = point.configuration
        except ConfigError as problem:
            if sweep.design["kind"] != "from_file":
                raise
            raise ConfigError(f"design.path: the point {point} cannot be: {problem}") from None


def _say(chosen: Chosen) -> None:
    """Tell what there is to tell of the design."""
    from sim.cli.main import say

    if chosen.note:
        say(chosen.note)


def _first_groups(factors: Sequence[Factor]) -> list[str]:
    """Return the first file of each group that varies."""
    return [f"{factor.name}={factor.values[0]}" for factor in factors if factor.name in GROUPS and factor.values]


def _centre(base: Configuration, names: Sequence[str], factors: Sequence[Factor]) -> dict[str, Any]:
    """Return what each factor is where it does not vary: a parameter's own value, silence, a group's first file."""
    first = {factor.name: factor.values[0] for factor in factors if factor.name in GROUPS and factor.values}
    plain = base.model_dump(mode="json")
    own = own_table(base.extensions)  # the base's rule may be another than the one that has the parameter
    found: dict[str, Any] = {}
    for name in names:
        found[name] = first.get(name)
        if name == "policy" and any(factor.name == name and _SILENT in factor.values for factor in factors):
            found[name] = _SILENT
        if name not in GROUPS:
            value: Any = plain
            for part in name.split("."):
                value = value[part] if part in value else own[name].value if name in own else None
            found[name] = value
    return found


def _bases(values: Sequence[Mapping[str, Any]], fixed: Sequence[str]) -> dict[str, Configuration]:
    """Return a configuration for each combination of chosen files, at the single values of its first point."""
    bases: dict[str, Configuration] = {}
    for point in values:
        name = base_name(point)
        if name not in bases:
            bases[name], _ = compose([*fixed, *(f"{each}={shown(value)}" for each, value in point.items())])
    return bases


def _figure_words(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return the words without those that say how the sweep is drawn, and these."""
    found = {name_of(word): word.partition("=")[2].strip() for word in words if name_of(word) in ("figure", "axes")}
    return [word for word in words if name_of(word) not in ("figure", "axes")], found


def _figure(said: Mapping[str, str], factors: Sequence[str]) -> dict[str, Any]:
    """Return how a sweep is drawn; what is not said is chosen by what varies.

    Raises
    ------
    ConfigError
        No such figure, or axes that do not vary.
    """
    kind = said.get("figure")
    if kind is not None and kind not in FIGURES:
        raise unknown_name("figure", kind, FIGURES)
    axes = [part.strip() for part in said.get("axes", "").strip("[]()").split(",") if part.strip()]
    for name in axes:
        if name not in factors:
            raise ConfigError(f"axes names {name}, which does not vary; what varies is: {', '.join(factors)}.")
    if kind == "map" and len(axes or factors) != 2:
        raise ConfigError(
            f"figure=map has two axes, such as axes=[{','.join(factors[:2])}]; got {len(axes or factors)}."
        )
    return {"kind": kind, "axes": axes}


def _named(sweep: Sweep) -> str:
    """Return what a sweep is called by default."""
    case = "cases" if "case" in sweep.factors else next(iter(sweep.bases.values())).case.id
    return "-".join([case, *sweep.factors[:_NAMED]])
