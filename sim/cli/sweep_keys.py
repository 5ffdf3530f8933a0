"""What a command of several points asks for, checked whole before anything is written."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import product
from typing import Any

from sim.catalogue.compose import compose
from sim.catalogue.groups import GROUPS
from sim.catalogue.words import read_words
from sim.cli.choices import factors_of
from sim.cli.keys import StudyKeys, check_place, chosen_executor
from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.study.designs import DESIGNS, Factor
from sim.study.folder import checked_name, checked_results, default_name
from sim.study.named_files import files_of
from sim.study.plan import whole_number
from sim.study.points import Point, shown
from sim.study.runner import checked_workers
from sim.study.swept import Sweep, base_name

REPLICATES = 50
_NAMED = 3
"""Factors that stand in a study's own name."""
_MOST = 1_000_000


def sweep_keys(words: Sequence[str]) -> tuple[Sweep, StudyKeys]:
    """Return the points of a sweep, each of them checked, and its study keys.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    factors, fixed = factors_of(words)
    values = DESIGNS["grid"](factors)
    bases, keys = _bases(factors, fixed)
    sweep = Sweep("grid", bases, [Point(each, bases[base_name(each)]) for each in values])
    for point in sweep.points:
        _ = point.configuration  # made, and so checked, before anything is written
    return sweep, _checked(sweep, keys, words, fixed)


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


def _checked(sweep: Sweep, keys: dict[str, Any], words: Sequence[str], fixed: Sequence[str]) -> StudyKeys:
    """Return the study keys of a sweep."""
    if not isinstance(keys["fresh"], bool):
        raise ConfigError(f"fresh must be true or false; got {keys['fresh']!r}.")
    if keys["graphs"] != 1 or keys["record"] != "summary":
        raise ConfigError("sweep keeps summaries of runs on one graph a seed; leave graphs and record out.")
    said = read_words(fixed)
    if said.text.get("uncertainty", "none") != "none":
        raise ConfigError(
            f"sweep is about luck alone at each point; leave uncertainty out, got {keys['uncertainty']!r}."
        )
    asked = REPLICATES if keys["replicates"] is None else keys["replicates"]
    settings = {
        "replicates": whole_number("replicates", asked, 1, _MOST),
        "files": {name: files_of(base) for name, base in sweep.bases.items()},
    }
    first = next(iter(sweep.bases.values()))
    case = "cases" if "case" in sweep.factors else first.case.id
    name = keys["study"]
    if name is None:
        called = "-".join([case, *sweep.factors[:_NAMED]])
        name = default_name(called, {}, {"design": sweep.plain(), "settings": settings})
    place = checked_results(keys["results"]) / checked_name(name)
    check_place(place)
    return StudyKeys(
        place=place, workers=checked_workers(keys["workers"]), executor=chosen_executor(keys), fresh=keys["fresh"],
        settings=settings, shapes_only=said.groups.get("people") == "small",
        command=" ".join(["backfire sweep", *(shlex.quote(word) for word in words)]),
    )  # fmt: skip
