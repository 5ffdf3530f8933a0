"""Whether posteriors tell the truth: rows of the table, held out, take the place of what was observed.

Each held-out row's own parameters are known. A posterior is honest if its central intervals hold them as often as
they say: at 50, 80 and 95 %, within what so many rows can tell. The table without the held-out rows is fitted to each.
A posterior as wide as the prior is honest too; so how narrow they are is told beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.study.calibration.distance import Scale, scale_of
from sim.study.calibration.regression import regression
from sim.study.calibration.rejection import Reference, Settings, accept, rejection
from sim.study.calibration.weighted import Floats, Posterior

LEVELS = (0.5, 0.8, 0.95)
METHODS = ("rejection", "regression")
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Coverage:
    """What held-out rows say of one method.

    Attributes
    ----------
    ranks : float64[held out, parameters]
        The posterior's mass below each true value.
    variance : float64[held out, parameters]
        Of the posteriors.
    score : float64[held out, parameters]
        See :meth:`sim.study.calibration.weighted.Posterior.score`.
    """

    ranks: Floats
    variance: Floats
    score: Floats

    def found(self) -> Floats:
        """Return how often central intervals hold the truth: float64[levels, parameters]."""
        away = 2.0 * np.abs(self.ranks - 0.5)
        return np.stack([(away <= level).mean(0) for level in LEVELS])

    def pooled(self) -> tuple[Floats, Floats]:
        """Return the same over all parameters, and its standard error: float64[levels] each.

        The error is taken over rows: parameters of one row are not independent.
        """
        held = 2.0 * np.abs(self.ranks - 0.5)
        by_row = np.stack([(held <= level).mean(1) for level in LEVELS], axis=1)
        return by_row.mean(0), by_row.std(0, ddof=1) / np.sqrt(len(by_row))

    def honest(self) -> bool:
        """Tell whether pooled coverage is nominal at each level, within what so many rows can tell."""
        found, _ = self.pooled()
        return all(
            abs(each - level) <= error_of(level, len(self.ranks)) for each, level in zip(found, LEVELS, strict=True)
        )


def error_of(level: float, rows: int) -> float:
    """Return half the width of the 95 % interval that a nominal coverage has over so many rows."""
    return float(_Z95 * np.sqrt(level * (1.0 - level) / rows))


def both(
    reference: Reference, observed: Floats, settings: Settings, scale: Scale | None = None
) -> dict[str, Posterior]:
    """Return both posteriors given what was observed: by rejection and by regression."""
    accepted = accept(reference, observed, settings, scale)
    return {"rejection": rejection(reference, accepted), "regression": regression(reference, accepted)}


def coverage(reference: Reference, held_out: npt.NDArray[np.int64], settings: Settings) -> dict[str, Coverage]:
    """Return what held-out rows say of both methods.

    Parameters
    ----------
    held_out : int64[k]
        Rows that take the observation's place, and that no posterior is made from.
    """
    kept = np.ones(len(reference.values), bool)
    kept[held_out] = False
    rest = reference.only(kept)
    scale = scale_of(rest.summaries)
    told: dict[str, list[tuple[Floats, Floats, Floats]]] = {method: [] for method in METHODS}
    for row in held_out.tolist():
        truth = reference.values[row]
        for method, posterior in both(rest, reference.summaries[row], settings, scale).items():
            told[method].append((posterior.ranks(truth), posterior.variance(), posterior.score(truth)))
    return {method: Coverage(*(np.array(part) for part in zip(*each, strict=True))) for method, each in told.items()}


def better(found: dict[str, Coverage]) -> str:
    """Return the method that covers held-out rows better.

    One whose coverage is nominal within the rows' error comes before one whose is not; of two alike, the one with the
    lower score, in units in which every parameter counts the same.
    """
    unit = np.mean([each.score.mean(0) for each in found.values()], axis=0)
    return min(
        found, key=lambda method: (not found[method].honest(), float((found[method].score.mean(0) / unit).sum()))
    )
