"""How much was learned of each parameter: one less the posterior's variance over the prior's.

Nought means that nothing was learned, one that it is known; below a fifth a parameter counts as not identified
(Schad, Betancourt & Vasishth 2021, doi:10.1037/met0000275). It may be negative: posteriors can be wider than priors.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.study.calibration.rejection import Reference
from sim.study.calibration.weighted import Floats, Posterior

IDENTIFIED = 0.2
APART = 0.5
"""Two posteriors disagree if their means are further apart than this part of the wider one's standard deviation, or
one is wider than the other by more than half."""


def contraction(reference: Reference, posterior: Posterior) -> Floats:
    """Return the contraction of each parameter: float64[parameters]."""
    return 1.0 - posterior.variance() / reference.values.var(0)


def disagree(one: Posterior, other: Posterior) -> npt.NDArray[np.bool_]:
    """Return which parameters two posteriors say different things of: bool[parameters]."""
    first, second = np.sqrt(one.variance()), np.sqrt(other.variance())
    wider, narrower = np.maximum(first, second), np.minimum(first, second)
    return (np.abs(one.mean() - other.mean()) > APART * wider) | (wider > 1.5 * narrower)


def shift(one: Posterior, other: Posterior) -> Floats:
    """Return how far the mean of each parameter moves from one posterior to another, in deviations of the first."""
    return (other.mean() - one.mean()) / np.sqrt(np.maximum(one.variance(), 1e-300))
