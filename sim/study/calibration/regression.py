"""ABC by regression: accepted rows moved to where they would lie had they given just what was observed.

Within the accepted rows each parameter, as log-odds of its place in the prior, is taken as linear in the summaries,
with Epanechnikov weights by distance and a ridge penalty (Beaumont, Zhang & Balding 2002,
doi:10.1093/genetics/162.4.2025; Blum & Francois 2010, doi:10.1007/s11222-009-9116-0: what is left over may spread
differently at different places, and is scaled to the spread at the observed one).
"""

from __future__ import annotations

import numpy as np

from sim.study.calibration.bounded import bound, free
from sim.study.calibration.rejection import Accepted, Reference
from sim.study.calibration.ridge import fitted
from sim.study.calibration.weighted import Floats, Posterior

_LEAST = 1e-4
_MOST = 2.0
"""A residual is at most so many times wider or narrower."""


def regression(reference: Reference, accepted: Accepted, *, spreading: bool = True) -> Posterior:
    """Return the accepted rows, adjusted and weighted.

    Parameters
    ----------
    spreading : bool
        Whether the residuals' spread follows the summaries too.
    """
    weights = np.maximum(1.0 - accepted.distance**2, 0.0)
    weights = weights + (1.0 if not weights.any() else 0.0)
    places = free(reference.values[accepted.rows], reference.low, reference.high)
    here = np.zeros((1, accepted.away.shape[1]))
    model = fitted(accepted.away, places, weights)
    residual = places - model.at(accepted.away)
    if spreading:
        size = fitted(accepted.away, np.log(residual**2 + _LEAST), weights)
        residual = residual * np.exp(np.clip(0.5 * (size.at(here) - size.at(accepted.away)), -_limit(), _limit()))
    values: Floats = bound(model.at(here) + residual, reference.low, reference.high)
    return Posterior(values, weights / weights.sum(), accepted.rows)


def _limit() -> float:
    """Return the log of how much wider or narrower a residual may become."""
    return float(np.log(_MOST))
