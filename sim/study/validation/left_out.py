"""What the reference table foretells of fitted and seen cases, with the posterior fitted again without their family.

A row of the table ran every such case once, at inputs drawn from its ranges; rows that come near to what remains of the
fit set, when all of a family is taken out of it, say what a case of that family comes to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration
from sim.errors import StudyError
from sim.study.calibration.evidence import evidence_of
from sim.study.calibration.fit import FitSettings
from sim.study.calibration.left_out import without_family
from sim.study.calibration.patterns import chosen_sources
from sim.study.calibration.posterior import is_shipped, shipped
from sim.study.calibration.rejection import Settings
from sim.study.calibration.shipped import Table, place_of, shipped_table
from sim.study.store.provenance import file_hash
from sim.study.validation.measured import prediction_of
from sim.study.validation.rules import Rules
from sim.study.validation.scores import Floats

OF_THE_TABLE = ("fitted", "seen")
"""Standings of the cases that the table ran."""


def table_hash() -> str | None:
    """Return the sha256 (hex) of the reference table that ships; None without one."""
    path = place_of()
    return file_hash(path) if path.is_file() else None


def fit_settings() -> dict[str, Any]:
    """Return with which settings the table is fitted: those of the posterior that ships, else the usual ones."""
    usual = FitSettings()
    told = shipped().told.get("settings", {}) if is_shipped() else {}
    return {"sources": told.get("sources", usual.sources), "accepted": told.get("accepted", usual.accepted)}


def left_out(
    cases: Mapping[str, Configuration], sha256: str, settings: Mapping[str, Any], rules: Rules
) -> dict[str, dict[str, Any]]:
    """Return the predictions of fitted and seen cases, by case; a case that the table did not run has none.

    Parameters
    ----------
    cases : mapping
        All cases of the catalogue.
    sha256 : str
        Of the table.
    settings : mapping
        From :func:`fit_settings`.

    Raises
    ------
    StudyError
        Another table ships, or one of another version of the model.
    """
    if table_hash() != sha256:
        raise StudyError(
            f"This back-test read the reference table {sha256[:12]}, and another one ships with this version; it "
            "cannot be computed again. Take the version of Backfire that it came with, or begin anew."
        )
    return from_table(shipped_table(), cases, settings, rules)


def from_table(
    table: Table, cases: Mapping[str, Configuration], settings: Mapping[str, Any], rules: Rules
) -> dict[str, dict[str, Any]]:
    """Return the predictions that a table makes of fitted and seen cases, each without its family."""
    own = {name: each for name, each in cases.items() if each.case.standing in OF_THE_TABLE and name in table.campaigns}
    evidence = evidence_of(table, int(table.facts["seed"]))
    wanted = evidence.of(chosen_sources(settings["sources"], evidence.sources))
    how = Settings(accepted=settings["accepted"])
    found: dict[str, dict[str, Any]] = {}
    for family in dict.fromkeys(each.case.family for each in own.values()):
        rest = without_family(evidence, wanted, how, family)
        if rest is None:  # nothing but this family can be fitted to
            continue
        rows = evidence.rows[rest.rows]
        of_family = {name: each for name, each in own.items() if each.case.family == family}
        found |= {name: _prediction(each, table, rows, rest.weights, rules) for name, each in of_family.items()}
    return {name: found[name] for name in own if name in found}


def _prediction(
    case: Configuration, table: Table, rows: npt.NDArray[np.int64], weights: Floats, rules: Rules
) -> dict[str, Any]:
    """Return what weighted rows foretell of a case; rows whose run failed are left out.

    Parameters
    ----------
    rows : int64[draws]
        Places in the table.
    weights : float64[draws]
    """
    name, begin = case.case.id, f"{case.case.id}."
    verdicts = table.column(name, "verdict")[rows]
    ended = np.array([isinstance(each, str) for each in verdicts])
    columns = {
        str(each).removeprefix(begin): table.rows[each].to_numpy(np.float64)[rows][ended]
        for each in table.rows if str(each).startswith(begin) and table.rows[each].dtype.kind in "fiub"
    }  # fmt: skip
    audience, seed = float(table.facts["campaigns"][name]["rows"]), int(table.facts["seed"])
    told = prediction_of(case.case, columns, verdicts[ended].tolist(), weights[ended], audience, rules, seed)
    return told | {"runs": int(ended.sum())}
