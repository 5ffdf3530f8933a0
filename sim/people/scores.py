"""Normal scores of the draws that make people: what no parameter moves, so that a world may keep them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.mathx import normal_quantile_all
from sim.rng import Stream, setup_uniform


@dataclass(frozen=True)
class Scores:
    """Standard normal scores of each row's draws.

    Attributes
    ----------
    grievance, support, sessions : float64[n]
        Of streams GRIEVANCE, SUPPORT and SESSION_RATE.
    """

    grievance: np.ndarray
    support: np.ndarray
    sessions: np.ndarray


def draw_scores(seed: int, keys: np.ndarray) -> Scores:
    """Return the scores of some rows.

    Parameters
    ----------
    seed : int
    keys : uint64[n]
    """
    streams = (Stream.GRIEVANCE, Stream.SUPPORT, Stream.SESSION_RATE)
    return Scores(*(normal_quantile_all(setup_uniform(seed, stream, keys)) for stream in streams))
