"""What the agency observes: late and imprecise counts (``docs/model.md`` 6.3)."""

from __future__ import annotations

import math

from sim.compiled import kernel
from sim.mathx import log

WINDOW_MINUTES = 60
LEAST_OBSERVED = 5


@kernel(inline=True)
def observed_frame(frame, draw, detection_error):
    """Return the frame that the agency reads: the other one if ``draw`` falls below the error."""
    if draw < detection_error:
        return 1 - frame
    return frame


@kernel(inline=True)
def last_observable(minute, delay):
    """Return the latest minute whose messages are known to the agency in ``minute``."""
    return minute - 1 - delay


@kernel
def observed_share(campaign, counter):
    """Return the observed counter share, 0 if nothing is observed."""
    if campaign + counter == 0:
        return 0.0
    return float(counter) / float(campaign + counter)


@kernel
def wake_minute(minute, draw, notify_minutes):
    """Return the minute in which an answered person looks."""
    wait = -log(1.0 - draw) * notify_minutes
    return minute + 1 + int(math.floor(min(wait, 1e8)))
