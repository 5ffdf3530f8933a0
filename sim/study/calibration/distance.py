"""How far simulated summaries lie from what was observed.

Summaries are scaled by their median absolute deviation over the table; where more than half of the rows agree (a
bound that most of them keep), by their standard deviation. Correlated summaries count once: the distance is that of
Mahalanobis, with a covariance shrunk a little towards its diagonal. A summary that is undefined in a row but was
observed (or the other way round) puts the row further away than any that has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.study.calibration.weighted import Floats

_OF_NORMAL = 1.4826
_SHRUNK = 0.05
_FURTHER = 100.0
"""Distance for each summary of which only one of the two is there, in scaled units."""


@dataclass(frozen=True)
class Scale:
    """The units of summaries.

    Attributes
    ----------
    centre, spread : float64[summaries]
    whiten : float64[summaries, summaries]
        Turns scaled differences into such whose length is Mahalanobis' distance.
    """

    centre: Floats
    spread: Floats
    whiten: Floats

    def scaled(self, summaries: Floats) -> Floats:
        """Return summaries in robust units, undefined ones at the centre: float64[rows, summaries]."""
        return np.nan_to_num((summaries - self.centre) / self.spread, nan=0.0)


def scale_of(summaries: Floats) -> Scale:
    """Return the units of a table's summaries: float64[rows, summaries], nan where undefined."""
    columns = summaries.shape[1]
    centre, spread = np.zeros(columns), np.ones(columns)
    for number in range(columns):
        known = summaries[~np.isnan(summaries[:, number]), number]
        if known.size:
            centre[number] = np.median(known)
            wide = _OF_NORMAL * float(np.median(np.abs(known - centre[number])))
            spread[number] = wide or float(known.std()) or 1.0
    unit = np.clip(np.nan_to_num((summaries - centre) / spread, nan=0.0), -5.0, 5.0)
    covariance = np.cov(unit, rowvar=False).reshape(columns, columns)
    covariance = (1.0 - _SHRUNK) * covariance + _SHRUNK * np.diag(np.maximum(np.diag(covariance), 1e-6))
    size, axes = np.linalg.eigh(covariance)
    return Scale(centre, spread, axes / np.sqrt(np.maximum(size, 1e-9)))


def distances(summaries: Floats, observed: Floats, scale: Scale) -> Floats:
    """Return each row's distance from what was observed: float64[rows].

    Parameters
    ----------
    summaries : float64[rows, summaries]
    observed : float64[summaries]
    """
    missing = np.isnan(summaries) != np.isnan(observed)
    apart = np.where(missing | np.isnan(summaries), 0.0, (summaries - observed) / scale.spread)
    return np.linalg.norm(apart @ scale.whiten, axis=1) + _FURTHER * missing.sum(1)


def nearest(distance: Floats, count: int) -> npt.NDArray[np.int64]:
    """Return the rows that lie nearest, in their order: int64[count]; of equally near ones the first."""
    return np.sort(np.argsort(distance, kind="stable")[:count])
