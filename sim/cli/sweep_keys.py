"""What a command of several points asks for, checked whole before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from sim.catalogue.compose import compose
from sim.catalogue.groups import GROUPS
from sim.cli.choices import factors_of
from sim.cli.keys import StudyKeys
from sim.cli.planned import keys_for
from sim.config.root import Configuration
from sim.study.designs import DESIGNS, Factor
from sim.study.plan import whole_number
from sim.study.points import Point, shown
from sim.study.swept import Sweep, base_name

REPLICATES = 50
_NAMED = 3
"""Factors that stand in a study's own name."""
_MOST = 1_000_000


def sweep_keys(words: Sequence[str]) -> tuple[Sweep, dict[str, Any], StudyKeys]:
    """Return the points of a sweep, each of them checked, the question that they are, and its study keys.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    factors, fixed = factors_of(words)
    values = DESIGNS["grid"](factors)
    bases, composed = _bases(factors, fixed)
    sweep = Sweep("grid", bases, [Point(each, bases[base_name(each)]) for each in values])
    for point in sweep.points:
        _ = point.configuration  # made, and so checked, before anything is written
    asked = REPLICATES if composed["replicates"] is None else composed["replicates"]
    question = sweep.plain() | {"replicates": whole_number("replicates", asked, 1, _MOST)}
    return sweep, question, keys_for("sweep", words, composed, question, _named(sweep))


def _bases(factors: Sequence[Factor], fixed: Sequence[str]) -> tuple[dict[str, Configuration], dict[str, Any]]:
    """Return a configuration for each combination of chosen files, at the first of all single values."""
    groups = [factor for factor in factors if factor.name in GROUPS]
    single = [f"{factor.name}={shown(factor.values[0])}" for factor in factors if factor.name not in GROUPS]
    bases: dict[str, Configuration] = {}
    keys: dict[str, Any] = {}
    for chosen in product(*(factor.values for factor in groups)):
        named = {factor.name: value for factor, value in zip(groups, chosen, strict=True)}
        files = [f"{name}={value}" for name, value in named.items()]
        bases[base_name(named)], keys = compose([*fixed, *files, *single])
    return bases, keys


def _named(sweep: Sweep) -> str:
    """Return what a sweep is called by default."""
    case = "cases" if "case" in sweep.factors else next(iter(sweep.bases.values())).case.id
    return "-".join([case, *sweep.factors[:_NAMED]])
