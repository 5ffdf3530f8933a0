"""Parameters between the ends of their priors, as log-odds of their place there: no adjustment leaves the prior."""

from __future__ import annotations

import numpy as np

from sim.study.calibration.weighted import Floats

_EDGE = 1e-6


def free(values: Floats, low: Floats, high: Floats) -> Floats:
    """Return log-odds of the place of values between the ends of their priors: float64[rows, parameters]."""
    place = np.clip((values - low) / (high - low), _EDGE, 1.0 - _EDGE)
    return np.log(place / (1.0 - place))


def bound(log_odds: Floats, low: Floats, high: Floats) -> Floats:
    """Return the values that :func:`free` takes to these log-odds."""
    return low + (high - low) / (1.0 + np.exp(-np.clip(log_odds, -40.0, 40.0)))
