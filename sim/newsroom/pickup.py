"""When newsrooms notice a trending story and report it, and what a report does (``docs/model.md`` 6.2)."""

from __future__ import annotations

import math

from sim.compiled import kernel
from sim.mathx import log, lognormal_quantile

NEVER = 2_147_483_647


@kernel
def notices(trending, minute, journalist_saw, first_trend, wire_minutes):
    """Tell whether newsrooms notice in this minute.

    Parameters
    ----------
    trending : bool
    minute : int
    journalist_saw : bool
        Whether a journalist had an impression in an earlier minute.
    first_trend : int
        Minute in which trending first began.
    wire_minutes : float
    """
    return trending and (journalist_saw or float(minute - first_trend) >= wire_minutes)


@kernel
def report_minute(notice, pick_draw, lag_draw, pick_up, lag_median_minutes, lag_sigma):
    """Return the minute in which a newsroom reports, ``NEVER`` if it does not."""
    if pick_draw >= pick_up:
        return NEVER
    lag = lognormal_quantile(max(lag_draw, 1e-300), log(lag_median_minutes), lag_sigma)
    if lag > 1e8:
        return NEVER
    return notice + 1 + int(math.floor(lag))


@kernel(inline=True)
def lifted(value, share_of_rest):
    """Return ``value`` moved by a share of what is left to 1."""
    return value + share_of_rest * (1.0 - value)
