"""When a row next looks at its feed, or at the trending list: an exogenous, circadian, keyed renewal process.

A row with rate rho has exactly one session in each unit of operational time rho * Lambda, at a keyed place in the
unit; Lambda is the integral of the hour-of-day profile in days (``docs/model.md`` 4). So the minutes of all sessions
are fixed by (seed, replicate, key) alone, and the next one after any minute is found without stepping through those
before it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.compiled import kernel
from sim.errors import ConfigError
from sim.rng import fold, uniform

NEVER = 2**31 - 1
"""What stands for a session that does not come (rate 0, or later than ``LAST_MINUTE``)."""
LAST_MINUTE = 2**30
HOURS = 24
_DAY = 1440
_GUIDES = 256

# places in the profile table
_OFFSET = 0  # minutes from local midnight to the post, whole
_PART = 1  # what is left of them, below one
_BEFORE = 2  # share of a day's activity before hour h, h = 0 .. 24
_SLOPE = _BEFORE + HOURS + 1  # minutes per unit of that share within hour h; 0 in hours without activity
_GUIDE = _SLOPE + HOURS  # the first hour in which the inverse of j / _GUIDES can lie
_SIZE = _GUIDE + _GUIDES

# How far before a computed place in operational time the search begins, relative to that place: far above the
# rounding of some ten operations, far below anything that costs a second step.
_SLACK = 1e-12


def profile_table(circadian: Sequence[float], hour: float) -> np.ndarray:
    """Return what :func:`next_session` needs to know of the day.

    Parameters
    ----------
    circadian : sequence of 24 floats
        Relative activity by hour of the day, midnight first; zeros are legal, all zeros are not.
    hour : float in [0, 24)
        Local time of the post.

    Returns
    -------
    float64 array, one dimension
        The posting time, the integral of the profile at whole hours, its inverse slopes, and a guide to the hour
        for 256 places of the inverse.

    Raises
    ------
    ConfigError
        If the weights or the hour are not as above.
    """
    weights = [float(weight) for weight in circadian]
    if len(weights) != HOURS or not all(math.isfinite(w) and w >= 0.0 for w in weights) or sum(weights) <= 0.0:
        raise ConfigError(
            f"people.circadian must hold 24 weights of at least 0, one of them above 0; got {list(circadian)!r}."
        )
    if not 0.0 <= hour < HOURS:
        raise ConfigError(f"post.hour must lie in [0, 24); got {hour!r}.")
    before = [0.0]
    for weight in weights:
        before.append(before[-1] + weight)
    before = [part / before[-1] for part in before]
    table = np.zeros(_SIZE)
    minutes = 60.0 * hour
    table[_OFFSET] = math.floor(minutes)
    table[_PART] = minutes - math.floor(minutes)
    table[_BEFORE : _BEFORE + HOURS + 1] = before
    for h in range(HOURS):
        width = before[h + 1] - before[h]
        table[_SLOPE + h] = 60.0 / width if width > 0.0 else 0.0
    table[_GUIDE:] = np.searchsorted(before[1:], np.arange(_GUIDES) / _GUIDES)
    return table


@kernel(inline=True)
def days_of_activity(profile, minute):
    """Return Lambda at the beginning of a minute since the post: days of mean activity since local midnight."""
    clock = minute + np.int64(profile[_OFFSET])
    if clock < 0:
        return 0.0
    day = clock // _DAY
    of_day = clock - day * _DAY
    h = of_day // 60
    share = profile[_BEFORE + h + 1] - profile[_BEFORE + h]
    inside = (float(of_day - h * 60) + profile[_PART]) * (1.0 / 60.0)
    return float(day) + (profile[_BEFORE + h] + inside * share)


@kernel(inline=True)
def _minute_of_activity(profile, days):
    """Return the minute since the post (float, whole) in which Lambda reaches ``days``: its inverse, rounded down.

    Never falls as ``days`` grows, rounding included: each step is monotone, and an hour's result is held at its end.
    """
    day = math.floor(days)
    share = days - day
    h = np.int64(profile[_GUIDE + np.int64(share * _GUIDES)])
    while profile[_BEFORE + h + 1] < share:
        h += 1
    inside = min(60.0, (share - profile[_BEFORE + h]) * profile[_SLOPE + h])
    clock = day * float(_DAY) + (float(h * 60) + inside)
    return math.floor((clock - profile[_OFFSET]) - profile[_PART])


@kernel(inline=True)
def minute_of_place(profile, rate, place):
    """Return the minute since the post (int64) of a place in operational time: never earlier for a later place.

    Parameters
    ----------
    profile : float64 array
        From :func:`profile_table`.
    rate : float, sessions a day
        Above 0.
    place : float, at least 0
        Units of operational time since local midnight of the day of the post.

    Returns
    -------
    int64
        ``NEVER`` if the minute lies beyond ``LAST_MINUTE``.
    """
    days = place / rate
    if not days * _DAY < LAST_MINUTE:
        return np.int64(NEVER)
    return np.int64(_minute_of_activity(profile, days))


@kernel
def session_minute(profile, stream, key, rate, k):
    """Return the minute since the post of session number ``k`` (int64; negative before the post).

    Parameters
    ----------
    profile : float64 array
        From :func:`profile_table`.
    stream : uint64
        State of stream ``SESSION`` or ``LOOK``.
    key : uint64
        The row's key.
    rate : float, sessions a day
    k : int
        Number of the session since local midnight of the day of the post, 0 or more.

    Returns
    -------
    int64
        ``NEVER`` if the rate is 0 or the minute lies beyond ``LAST_MINUTE``.
    """
    if not rate > 0.0:
        return np.int64(NEVER)
    place = uniform(fold(fold(np.uint64(stream), np.uint64(key)), np.uint64(k)))
    return minute_of_place(profile, rate, float(k) + place)


@kernel
def next_session(profile, stream, key, rate, minute):
    """Return the smallest session minute after ``minute`` (int64), in constant time.

    Parameters
    ----------
    profile : float64 array
        From :func:`profile_table`.
    stream : uint64
        State of stream ``SESSION`` or ``LOOK``.
    key : uint64
        The row's key.
    rate : float, sessions a day
    minute : int
        Minutes since the post; -1 asks for the first session from minute 0 on.

    Returns
    -------
    int64
        ``NEVER`` if the rate is 0 or the session lies beyond ``LAST_MINUTE``.
    """
    minute = np.int64(minute)
    begun = days_of_activity(profile, minute + np.int64(1))
    return session_after(profile, np.uint64(stream), np.uint64(key), float(rate), minute, begun)


@kernel(inline=True)
def place_passed(rate, begun):
    """Return a place in operational time before which all sessions lie in the past, after ``begun`` days of activity.

    The slack lets rounding never hide a session that does not.
    """
    passed = rate * begun
    return max(0.0, passed - _SLACK * (1.0 + passed))


@kernel
def session_after(profile, stream, key, rate, minute, begun, first=0):
    """Return what :func:`next_session` does, given ``begun`` = ``days_of_activity(profile, minute + 1)``.

    Parameters
    ----------
    first : int
        The first unit whose session counts.
    """
    if not rate > 0.0:
        return np.int64(NEVER)
    row = fold(stream, key)
    past = place_passed(rate, begun)
    k = max(np.int64(past), np.int64(first))
    while True:
        place = float(k) + uniform(fold(row, np.uint64(k)))
        if place < past:
            k += 1
            continue
        found = minute_of_place(profile, rate, place)
        if found > minute:
            return found
        k += 1
