"""How likely a message is to be seen at all, on average over when it lands.

A row has one session in each unit of operational time, at a uniform place in it. A message that lands at a
uniform moment waits D units for the next session; D has density 1 - d²/2 on [0, 1] and (2 - d)²/2 on [1, 2]
(mean 7/12), so that E[exp(-s D)] = 1/s - (1 - exp(-s))²/s³. Approximations: a unit lasts 1440 / sessions a
day minutes at any hour (the day's profile is flat), the run does not end, and feed age is not rounded down.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.config.root import Configuration
from sim.mathx import exp
from sim.people.population import Population
from sim.reaction.actions import CAMPAIGN

_LN2 = 0.6931471805599453
_MINUTES_A_DAY = 1440.0
_SMALL = 0.05


@kernel
def waiting_factor(s):
    """Return E[exp(-s D)] for s >= 0, D the wait in units of operational time."""
    if s < _SMALL:
        # the closed form cancels near 0: its series, (-1)^k (2^(k+3) - 2) / (k+3)! s^k
        return 1.0 - s * (
            7.0 / 12.0 - s * (0.25 - s * (31.0 / 360.0 - s * (1.0 / 40.0 - s * (127.0 / 20160.0 - s * 17.0 / 12096.0))))
        )
    left = 1.0 - exp(-s)
    return 1.0 / s - left * left / (s * s * s)


@kernel
def seen_probability(attention, half_life_minutes, sessions_a_day, sink, weight):
    """Return the probability that a message landing at a random moment is seen at the next session.

    Parameters
    ----------
    attention : float in [0, 1]
    half_life_minutes : float > 0
    sessions_a_day : float >= 0
    sink : float > 0
        Sinking speed of the row's feed.
    weight : float > 0
        Rank weight of the message.
    """
    if sessions_a_day <= 0.0:
        return 0.0
    return attention * waiting_factor(_LN2 * sink * _MINUTES_A_DAY / (weight * half_life_minutes * sessions_a_day))


@kernel
def _seen_by_row(attention, half_life_minutes, sessions_a_day, sink, weight):
    out = np.empty(sessions_a_day.shape[0])
    for row in range(out.shape[0]):
        out[row] = seen_probability(attention, half_life_minutes, float(sessions_a_day[row]), float(sink[row]), weight)
    return out


def seen_by_row(
    config: Configuration, population: Population, sink: npt.NDArray[np.float32], frame: int
) -> npt.NDArray[np.float64]:
    """Return each row's probability of seeing a fresh, unshared message of a frame: float64[n].

    Parameters
    ----------
    sink : float32[n]
        Sinking speeds of the rows' feeds.
    frame : int
        0 campaign, 1 counter; it matters in a ranked feed alone.
    """
    feed = config.feed
    lift = 0.0
    if feed.ranking == "engagement":
        lift = (
            feed.rank_strength * feed.lift_arousal * (config.post.media if frame == CAMPAIGN else config.post.arousal)
        )
    return _seen_by_row(
        float(feed.attention), float(feed.half_life_minutes), population.sessions_a_day, sink, float(exp(lift))
    )
