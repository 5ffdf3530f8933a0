"""When the tag trends (``docs/model.md`` 6.1): a rate relative to the audience, with hysteresis.

Most large peaks are exogenous (Lehmann et al. 2012), so this channel matters more than long chains.
"""

from __future__ import annotations

from sim.compiled import kernel

WINDOW_MINUTES = 60


@kernel
def trend_rate(threshold, min_messages, n):
    """Return the messages of the last hour from which the tag of an audience of n rows trends."""
    return max(float(min_messages), threshold * float(n))


@kernel(inline=True)
def trends(trending, rate, needed):
    """Tell whether the tag trends now: it begins at the needed rate and ends below half of it."""
    if trending:
        return rate >= 0.5 * needed
    return rate >= needed
