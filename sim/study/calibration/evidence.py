"""A table as a fit sees it: parameters and what sources would have reported of each row, and what they did report."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.errors import StudyError
from sim.study.calibration.observed import Target, columns_of, summaries
from sim.study.calibration.patterns import all_targets, other_of
from sim.study.calibration.rejection import Reference
from sim.study.calibration.weighted import Floats

if TYPE_CHECKING:
    from sim.study.calibration.shipped import Table

FEWEST = 400
"""Rows below which nothing can be fitted."""


@dataclass(frozen=True)
class Evidence:
    """Rows of a table, and all that they can be held against.

    Attributes
    ----------
    targets : tuple of Target
        Of all cases that the table has run, and the patterns.
    reference : Reference
        With one summary a target.
    observed : float64[targets]
    rows : int64[rows]
        The rows' places in the table: those in which no run failed.
    """

    targets: tuple[Target, ...]
    reference: Reference
    observed: Floats
    rows: npt.NDArray[np.int64]

    def of(self, sources: Collection[str]) -> npt.NDArray[np.bool_]:
        """Return which targets belong to some sources and are fitted: bool[targets]."""
        return np.array([target.source in sources and not target.missed for target in self.targets], bool)

    def held_against(self, wanted: npt.NDArray[np.bool_], most: int | None = None) -> tuple[Reference, Floats]:
        """Return the rows with some of the summaries, and what was observed of these.

        Parameters
        ----------
        wanted : bool[targets]
        most : int, optional
            The first so many rows alone.
        """
        reference = self.reference.without(~wanted)
        return (reference if most is None else reference.only(slice(most))), self.observed[wanted]

    @property
    def sources(self) -> list[str]:
        """The cases and patterns that have targets."""
        return list(dict.fromkeys(target.source for target in self.targets))


def evidence_of(table: Table, seed: int) -> Evidence:
    """Return what a table can be held against.

    Parameters
    ----------
    seed : int
        Of the draws of the observation model.

    Raises
    ------
    StudyError
        The table lacks a column, or has too few rows.
    """
    targets = tuple(all_targets(table.facts))
    names = columns_of(targets)
    missing = [name for name in names if name not in table.rows]
    if missing:
        raise StudyError(f"The reference table has no column {missing[0]}, which a target is read from.")
    ended = _ended(table, targets)
    if ended.sum() < FEWEST:
        raise StudyError(
            f"A fit needs at least {FEWEST} draws in which every campaign came to an end; the table has {ended.sum()}. "
            "Give draws=N."
        )
    rows = np.flatnonzero(ended)
    columns = {name: table.rows[name].to_numpy(np.float64)[rows] for name in names}
    numbers = table.rows["draw"].to_numpy(np.uint64)[rows]
    seen, observed = summaries(targets, columns, numbers, other_of(table.campaigns), seed)
    low, high = (np.array([getattr(each, end) for each in table.universal]) for end in ("low", "high"))
    reference = Reference(
        tuple(each.name for each in table.universal), low, high, table.parameters()[rows], seen
    )  # fmt: skip
    return Evidence(targets, reference, observed, rows)


def _ended(table: Table, targets: Sequence[Target]) -> npt.NDArray[np.bool_]:
    """Return the rows in which no run of a campaign that has targets failed: bool[rows]."""
    ended = np.ones(len(table.rows), bool)
    for campaign in dict.fromkeys(name for target in targets for name in target.campaigns):
        ended &= table.rows[f"{campaign}.verdict"].notna().to_numpy()
    return ended


def verdict_odds(table: Table, campaign: str, rows: npt.NDArray[np.int64], weights: Floats) -> dict[str, float]:
    """Return the odds of each verdict of a campaign over weighted rows."""
    from sim.outcome.verdict import VERDICTS

    words = table.rows[f"{campaign}.verdict"].to_numpy()[rows]
    return {name: float(weights[words == name].sum()) for name in VERDICTS}
