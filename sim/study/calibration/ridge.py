"""Weighted ridge regression of several responses at once; the penalty is found by generalised cross-validation.

Columns of the design are scaled to a standard deviation of one and the level is not penalised. Golub, Heath & Wahba
1979, doi:10.1080/00401706.1979.10489751.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.study.calibration.weighted import Floats

_PENALTIES = 10.0 ** np.arange(-4.0, 3.1, 0.5)
_TINY = 1e-12


@dataclass(frozen=True)
class Fit:
    """A fitted model: ``level + (design - centre) @ slopes``.

    Attributes
    ----------
    level : float64[responses]
    centre : float64[columns]
    slopes : float64[columns, responses]
    """

    level: Floats
    centre: Floats
    slopes: Floats

    def at(self, design: Floats) -> Floats:
        """Return the responses that are expected: float64[rows, responses]."""
        return self.level + (design - self.centre) @ self.slopes


def fitted(design: Floats, responses: Floats, weights: Floats) -> Fit:
    """Fit responses to a design, each with the penalty that cross-validation finds best.

    Parameters
    ----------
    design : float64[rows, columns]
    responses : float64[rows, responses]
    weights : float64[rows]
        Not negative, and not all nought.
    """
    mass = weights / weights.sum()
    centre, level = mass @ design, mass @ responses
    spread = np.sqrt(mass @ (design - centre) ** 2)
    moving = spread > _TINY * (1.0 + np.abs(centre))
    slopes = np.zeros((design.shape[1], responses.shape[1]))
    if moving.any():
        root = np.sqrt(mass)[:, None]
        left, size, right = np.linalg.svd(root * (design - centre)[:, moving] / spread[moving], full_matrices=False)
        size = np.maximum(size, _TINY)
        seen = root * (responses - level)
        along = left.T @ seen
        outside = np.maximum((seen**2).sum(0) - (along**2).sum(0), 0.0)
        rows = 1.0 / float(np.sum(mass**2))
        best, least = np.zeros(responses.shape[1]), np.full(responses.shape[1], np.inf)
        for penalty in _PENALTIES:
            kept = size**2 / (size**2 + penalty)
            lost = outside + (((1.0 - kept)[:, None] * along) ** 2).sum(0)
            score = lost / max(1.0 - (1.0 + kept.sum()) / rows, 1e-3) ** 2
            best, least = np.where(score < least, penalty, best), np.minimum(score, least)
        shrunk = size[:, None] / (size[:, None] ** 2 + best)
        slopes[moving] = (right.T @ (shrunk * along)) / spread[moving][:, None]
    return Fit(level, centre, slopes)
