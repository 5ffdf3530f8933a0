"""``backfire validate --freeze``: each case predicted once, at its own audience, over all that is not known.

A draw is a joint draw of the posterior, a place in each of the case's coded ranges, people and graph of one of a few
seeds, and luck of its own. Cases share the posterior's draws; nothing else is shared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.catalogue.claims import hours_needed
from sim.config.own import named_files
from sim.config.root import Configuration, changed, validated
from sim.extensions.files import owns
from sim.outcome.units import UNITS
from sim.study.calibration.posterior import shipped
from sim.study.calibration.prior import own_spreads
from sim.study.planned import Found, as_plain, bases_of, plain_rows
from sim.study.run.draws import other_seed, strata
from sim.study.sweeping import OpenStudy, complete_each, frames_of
from sim.study.validation.measured import USUAL, outcomes_of, prediction_of
from sim.study.validation.rules import Rules

if TYPE_CHECKING:
    import pandas as pd

_PATTERNS = "backfire:patterns.py"


def measured(bases: Mapping[str, Configuration]) -> dict[str, Configuration]:
    """Return cases with the outcomes that their targets ask for, and long enough that all of them are defined.

    Raises
    ------
    ConfigError
        A target asks for messages by a minute at which nobody counts them.
    """
    names = [*USUAL, *(target.name for base in bases.values() for target in base.case.targets)]
    wanted = dict.fromkeys(part for name in names for part in outcomes_of(name) if part not in UNITS)
    files = named_files([_PATTERNS])
    added = [name for name in wanted if name in owns(files, "outcome")]
    found = {}
    for name, base in bases.items():
        raw = base.model_dump()
        raw["extensions"] |= files
        raw["outcomes"] = [*raw["outcomes"], *added]
        raw["horizon_hours"] = max(base.horizon_hours, hours_needed(base.case))
        found[name] = validated(raw)
    return found


def points_of(
    base: Configuration, names: Sequence[str], joint: np.ndarray, graphs: int
) -> tuple[list[Configuration], list[Configuration]]:
    """Return the configurations of a case's draws, and those on whose follower graphs they run.

    Parameters
    ----------
    base : Configuration
        The case at its central values.
    names : sequence of str
        The posterior's parameters.
    joint : float64[draws, parameters]
    graphs : int
        Draws come in as many blocks of neighbours, which share people and graph.
    """
    draws, case = len(joint), base.case.id
    places = {each: strata(f"freeze:{case}:{each.name}", draws, base.seed) for each in own_spreads(base)}
    homes = [changed(base, {"seed": other_seed(base.seed, block)}) for block in range(graphs)]
    points, living_on = [], []
    for draw, row in enumerate(joint):
        home = homes[draw * graphs // draws]
        values = {name: float(value) for name, value in zip(names, row, strict=True)}
        values |= {each.name: float(each.low + (each.high - each.low) * at[draw]) for each, at in places.items()}
        points.append(changed(home, values))
        living_on.append(home)
    return points, living_on


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Predict cases.

    Parameters
    ----------
    question : mapping
        ``bases`` (by case, from :func:`measured`), ``records``, ``rules``, ``posterior`` (hash of the draws),
        ``sources`` (hashes).
    """
    import pandas as pd

    rules, bases = validated(question["rules"], Rules), bases_of(question)
    posterior = shipped(question["posterior"])
    predictions: dict[str, dict[str, Any]] = {}
    for name, base in bases.items():
        joint = posterior.chosen(rules.draws, base.seed)
        points, homes = points_of(base, posterior.names, joint, min(rules.graphs, rules.draws))
        runs = _runs(study, points, homes, rules.replicates)
        predictions[name] = _prediction(base, runs, rules)
    rows = [{"case": name, **each["verdict"], "runs": each["runs"]} for name, each in predictions.items()]
    table = pd.DataFrame(rows).astype({"case": "str"})
    first = next(iter(bases.values()))
    summary = {
        "finding": f"{len(predictions)} cases predicted over {rules.draws} draws of the posterior and of their coded "
        f"inputs, {rules.replicates} runs each; what happened was not looked at.",
        "predictions": predictions, "rows": plain_rows(table), "sources": question["sources"], "seed": first.seed,
        "draws": rules.draws, "replicates": rules.replicates, "graphs": rules.graphs, "shapes_only": False,
        "uncertainty": "posterior", "followers": None, "case": "a freeze",
        "intervals_over": "posterior, coded inputs and luck",
    }  # fmt: skip
    return Found({"predictions": table}, as_plain(summary), {"case": "name", "runs": "runs"})


def _runs(
    study: OpenStudy, points: Sequence[Configuration], homes: Sequence[Configuration], replicates: int
) -> pd.DataFrame:
    """Return the runs of a case's draws, each with luck of its own, in order."""
    import pandas as pd

    luck = [range(draw * replicates, (draw + 1) * replicates) for draw in range(len(points))]
    keys = complete_each(study, points, luck, homes)
    frames = [frame for key, own in zip(keys, luck, strict=True) for frame in frames_of(study, [key], own)]
    return pd.concat(frames, ignore_index=True)


def _prediction(base: Configuration, runs: pd.DataFrame, rules: Rules) -> dict[str, Any]:
    """Return what a case's runs foretell; runs that failed are left out and counted."""
    whole = runs[runs["failed"] == ""]
    columns = {str(each): whole[each].to_numpy(np.float64) for each in whole if whole[each].dtype.kind in "fiub"}
    rows, weights = float(base.people.n_followers), np.ones(len(whole))
    told = prediction_of(base.case, columns, whole["verdict"].tolist(), weights, rows, rules, base.seed)
    return told | {"runs": len(whole), "failed": len(runs) - len(whole)}
