"""When the tag trends (``docs/model.md`` 6.1): a rate relative to the audience, with hysteresis.

Most large peaks are exogenous (Lehmann et al. 2012), so this channel matters more than long chains.
"""

from __future__ import annotations

import math

from sim.compiled import kernel
from sim.mathx import exp

WINDOW_MINUTES = 60
_LN2 = 0.6931471805599453


@kernel
def trend_rate(threshold, min_messages, n):
    """Return the messages (whole) of the last hour from which the tag of an audience of n rows trends."""
    return max(float(min_messages), math.floor(threshold * float(n) + 0.5))


@kernel(inline=True)
def needed_now(needed, minutes_since_first, novelty_hours):
    """Return the rate needed now: what trended before must be busier, since lists show what is new.

    Parameters
    ----------
    needed : float, messages an hour
        The rate needed by a tag that has never trended.
    minutes_since_first : int
        Minutes since the tag first trended; 0 if it never did.
    novelty_hours : float
        Hours in which the needed rate doubles.
    """
    return needed * exp(_LN2 * float(minutes_since_first) / (60.0 * novelty_hours))


@kernel(inline=True)
def trends(trending, rate, needed):
    """Tell whether the tag trends now: it begins at the needed rate and ends below half of it."""
    if trending:
        return rate >= 0.5 * needed
    return rate >= needed
