"""How often a row looks at its feed, and other habits that follow from its key alone."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.config.root import Configuration
from sim.mathx import exp, log
from sim.people.roles import JOURNALIST
from sim.rng import Stream, setup_uniform

FEWEST, MOST = 0.02, 200.0
"""Sessions a day are held within these."""
JOURNALIST_FACTOR = 3.0
"""How much more often journalists look."""
NO_BEAT = -1


@kernel
def _rates(log_medians, group, role, scores, sigma):
    """Return each row's sessions a day: float32[n]."""
    out = np.empty(scores.shape[0], np.float32)
    for i in range(scores.shape[0]):
        rate = exp(log_medians[group[i]] + sigma * scores[i])
        if role[i] == JOURNALIST:
            rate *= JOURNALIST_FACTOR
        out[i] = np.float32(min(MOST, max(FEWEST, rate)))
    return out


@kernel
def _logs(values):
    """Return the logarithm of each element (float64, one dimension)."""
    out = np.empty(values.shape[0])
    for i in range(values.shape[0]):
        out[i] = log(values[i])
    return out


def draw_session_rates(
    sigma: float, medians: np.ndarray, group: np.ndarray, role: np.ndarray, scores: np.ndarray
) -> np.ndarray:
    """Return each row's sessions a day: float32[n] (``docs/model.md`` 1.4).

    Parameters
    ----------
    sigma : float, log units
    medians : float64[groups], sessions a day
    group : int64[n]
        The row's group.
    role : int8[n]
    scores : float64[n]
        Normal scores of the draws.
    """
    return _rates(_logs(medians), group, role, scores, sigma)


def draw_localities(configuration: Configuration, seed: int, keys: np.ndarray) -> np.ndarray:
    """Return the local account whose area each row lives in: int32[n], from 0."""
    draws = setup_uniform(seed, Stream.LOCALITY, keys)
    return (draws * configuration.agency.local_accounts).astype(np.int32)


def draw_list_lookers(configuration: Configuration, seed: int, keys: np.ndarray) -> np.ndarray:
    """Return whether each row ever looks at trending lists: bool[n]."""
    return setup_uniform(seed, Stream.TREND_USER, keys) < configuration.feed.trending.users_share


def draw_beats(configuration: Configuration, seed: int, keys: np.ndarray, role: np.ndarray) -> np.ndarray:
    """Return the newsroom of each journalist: int16[n], ``NO_BEAT`` for everybody else, or without newsrooms."""
    beat = np.full(keys.shape[0], NO_BEAT, np.int16)
    newsrooms = configuration.newsroom.newsrooms
    who = np.flatnonzero(role == JOURNALIST)
    if newsrooms and who.size:
        beat[who] = (setup_uniform(seed, Stream.BEAT, keys[who]) * newsrooms).astype(np.int16)
    return beat
