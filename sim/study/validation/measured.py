"""What is foretold of a case from its draws: odds, the usual quantities, and each target as a source would report it.

Draws are runs of a freeze, or rows of the reference table; both come as columns, one value a draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.config.case import CaseConfig
from sim.study.calibration.observed import Target, columns_of, parts_of
from sim.study.calibration.observed import reported as observed
from sim.study.calibration.patterns import other_of, targets_of
from sim.study.validation.predictions import effective, foretold, odds_of
from sim.study.validation.rules import Rules
from sim.study.validation.scores import Floats

USUAL = ("hijack_share", "takeover", "retweet_share", "messages_by_600 / messages_by_2040")
"""Quantities that are foretold of every case, documented or not; the last one is the volume's shape."""


def outcomes_of(name: str) -> list[str]:
    """Return the outcomes of a run that a target's name asks for (``messages_by_600 / messages``)."""
    return [part for quantity in name.split(" / ") for part in parts_of(quantity)]


def column(columns: Mapping[str, Floats], quantity: str) -> Floats | None:
    """Return a quantity of each draw: float64[draws]; None where the draws do not have it."""
    if quantity == "takeover" and quantity not in columns and "takeover_minutes" in columns:
        return np.isfinite(columns["takeover_minutes"]).astype(np.float64)
    parts = [columns.get(part) for part in parts_of(quantity)]
    if any(part is None for part in parts):
        return None
    return np.sum([part for part in parts if part is not None], axis=0, dtype=np.float64)


def ratio(columns: Mapping[str, Floats], name: str) -> Floats | None:
    """Return what a target's name says, of each draw; nan where it would be divided by nothing."""
    quantity, _, over = name.partition(" / ")
    above = column(columns, quantity)
    if above is None or not over:
        return above
    below = column(columns, over)
    return None if below is None else np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def reported(case: CaseConfig, columns: Mapping[str, Floats], rows: float, seed: int) -> list[Floats | None]:
    """Return what a source would have reported of each target's quantity, of each draw; None where draws lack it.

    The observation model is that of the calibration (:mod:`sim.study.calibration.observed`): shares of messages hold
    the agency's own and talk that the model does not have. The documents' band stands beside what is reported, so
    that it does not blur it, and what never came stays undefined.

    Parameters
    ----------
    columns : mapping of outcome to float64[draws]
    rows : float
        The audience of the draws.
    seed : int
    """
    known = {each.name: each for each in targets_of(case, rows)}
    return [_reported(known[f"{case.id}.{target.name}"], case.id, columns, seed) for target in case.targets]


def _reported(target: Target, case: str, columns: Mapping[str, Floats], seed: int) -> Floats | None:
    """Return what would have been reported of one target's quantity."""
    plain = replace(target, side="within", low=1.0, high=1.0, log=False, never=None)
    own: dict[str, Floats] = {}
    for name in columns_of([plain]):
        values = column(columns, name.removeprefix(f"{case}."))
        if values is None:
            return None
        own[name] = values
    draws = np.arange(len(next(iter(own.values()))), dtype=np.uint64)
    return observed(plain, own, draws, other_of([case]), seed)


def prediction_of(
    case: CaseConfig,
    columns: Mapping[str, Floats],
    verdicts: Sequence[str],
    weights: Floats,
    rows: float,
    rules: Rules,
    seed: int,
) -> dict[str, Any]:
    """Return what draws foretell of a case: ``verdict``, ``quantities`` by name, ``targets`` in order, ``effective``.

    Parameters
    ----------
    case : CaseConfig
    columns : mapping of outcome to float64[draws]
    verdicts : sequence of str
    weights : float64[draws]
    rows : float
        The audience of the draws.
    seed : int
        Of the talk that no run has.
    """

    def told(name: str, values: Floats | None) -> dict[str, Any] | None:
        return None if values is None else foretold(name, values, weights, rules.ends)

    seen = zip(case.targets, reported(case, columns, rows, seed), strict=True)
    return {
        "verdict": odds_of(verdicts, weights),
        "quantities": {name: told(name, ratio(columns, name)) for name in USUAL},
        "targets": [told(target.name, values) for target, values in seen],
        "effective": effective(weights),
    }
