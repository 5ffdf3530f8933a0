"""Whether a message that landed in a feed is still seen at the next session (``docs/model.md`` 5).

Attention to a message halves every ``half_life_minutes`` of feed age; a full feed ages faster, what a
ranked feed lifts ages more slowly. Decided once, when the message lands.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.config.feed import FeedConfig
from sim.mathx import exp, log

OLDEST = 65_535
_LN2 = 0.6931471805599453


@kernel
def _fill_visibility(attention, half_life_minutes):
    table = np.empty(OLDEST + 1)
    for age in range(OLDEST + 1):
        table[age] = attention * exp(-_LN2 * float(age) / half_life_minutes)
    return table


def visibility_table(feed: FeedConfig) -> np.ndarray:
    """Return the probability of being seen by whole feed age in minutes: float64[65536]."""
    return _fill_visibility(float(feed.attention), float(feed.half_life_minutes))


@kernel(inline=True)
def feed_age(wait, sink, weight):
    """Return the feed age (whole, at most ``OLDEST``) after ``wait`` minutes.

    Parameters
    ----------
    wait : int, minutes
    sink : float32
        Sinking speed of the feed, 1 for a feed of usual length.
    weight : float32
        Rank weight of the message.
    """
    age = (np.float32(wait) * sink) / weight
    if age >= np.float32(OLDEST):
        return OLDEST
    return int(age)


@kernel
def sinking_speed(followees, usual, crowding):
    """Return the sinking speed (float32) of a feed with that many followees."""
    return np.float32(exp(crowding * log((float(followees) + 1.0) / (float(usual) + 1.0))))


@kernel
def usual_followees(followees):
    """Return the mean of int[n] as a whole number (halves up), 0 for no rows: one row more seldom moves it."""
    n = max(followees.shape[0], 1)
    total = 0
    for i in range(followees.shape[0]):
        total += followees[i]
    return (2 * total + n) // (2 * n)


@kernel
def _speeds(followees, crowding, usual):
    n = followees.shape[0]
    out = np.empty(n, dtype=np.float32)
    highest = 0
    for i in range(n):
        highest = max(highest, followees[i])
    table = np.empty(highest + 1, dtype=np.float32)
    for degree in range(highest + 1):
        table[degree] = sinking_speed(degree, usual, crowding)
    for i in range(n):
        out[i] = table[followees[i]]
    return out


def sinking_speeds(followees: np.ndarray, crowding: float, usual: int | None = None) -> np.ndarray:
    """Return the sinking speed of each row's feed: float32[n].

    Parameters
    ----------
    followees : int[n]
        How many rows each row follows.
    usual : int, optional
        That of a feed of speed 1; the rows' own mean, rounded, if left out.
    """
    speeds: np.ndarray = _speeds(followees, crowding, usual_followees(followees) if usual is None else usual)
    return speeds
