"""How a feed weighs messages against each other (``docs/model.md`` 5).

A chronological feed treats all alike; an engagement-ranked one lifts what is shared and what arouses
(milli.anger: ranking by engagement raises anger). The weight slows sinking and decides what is passed on.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.mathx import exp, log

_LN2 = 0.6931471805599453


@kernel(inline=True)
def rank_weight(ranked, shares, stirring, lift_shares, lift_arousal):
    """Return the rank weight (float32) of a message.

    Parameters
    ----------
    ranked : bool
        False in a chronological feed, where all weigh 1.
    shares : int
        Shares of its root so far.
    stirring : float in [0, 1]
        How much it stirs: arousal for counter messages, warmth of the picture for campaign ones.
    lift_shares, lift_arousal : float
    """
    if not ranked:
        return np.float32(1.0)
    return np.float32(exp(lift_shares * log(1.0 + float(shares)) + lift_arousal * stirring))


@kernel(inline=True)
def pick_score(ranked, draw, weight):
    """Return the score (float32; the smallest wins) of a seen message for being passed on."""
    if not ranked:
        return np.float32(1.0 - draw)
    return np.float32(-log(1.0 - draw) / float(weight))


@kernel(inline=True)
def list_score(shares, created, half_life_minutes):
    """Return the standing of an original on a ranked list: log weight that all lose at the same pace."""
    return log(1.0 + float(shares)) + float(created) * _LN2 / half_life_minutes


@kernel(inline=True)
def listed_score(ranked, draw, weight):
    """Return the score (float64; the smallest wins) of a listed message for being the one looked at."""
    if not ranked:
        return draw
    return -log(1.0 - draw) / weight
