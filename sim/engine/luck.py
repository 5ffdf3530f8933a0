"""Other luck from a minute on: what comes is drawn anew, what has happened stays (``docs/model.md`` 6.3).

The law of what comes is the model's own, given what has happened. A row has one session in each unit of its operational
time, and whether this unit's lies in the past is part of the past. What is already decided stays: the sessions at which
rows see what has landed (whether it is seen was decided by how long it waits), when a newsroom reports, who looks at
the list in the present unit, and which rows were paid for and when.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import floats, half_rows, int_rows, longs, real_rows, words
from sim.engine.landing import key_of
from sim.engine.layout import (
    FIRST_UNIT,
    HOT,
    HOT_HALF,
    HOT_REAL,
    KEYS,
    LIST_LENGTH,
    LISTED,
    LISTED_STATE,
    MARKS,
    MESSAGE_KEYS,
    PROFILE,
    RATE,
    S_LISTED,
    S_SESSION,
    SATURATED,
    SESSION,
    STREAMS,
)
from sim.people.sessions import days_of_activity, minute_of_place, place_passed, session_after
from sim.rng import fold, uniform


@kernel(inner=True)
def redrawn_session(profile, stream, key, rate, minute, past, unit):
    """Return a row's next session under other luck, that of the present unit still being to come: in the rest of it.

    It lies at the new draw if that lies there, else at a second draw, of the rest alone.

    Parameters
    ----------
    stream : uint64
        State of stream ``SESSION`` of the new luck.
    past : float
        Place in operational time before which all sessions lie in the past.
    unit : int
        The unit of that place.
    """
    draw = fold(fold(stream, key), np.uint64(unit))
    place = float(unit) + uniform(draw)
    if place < past or minute_of_place(profile, rate, place) < minute:
        place = past + uniform(fold(draw, np.uint64(1))) * (float(unit + 1) - past)
    return max(np.int64(minute), np.int64(minute_of_place(profile, rate, place)))


@kernel(inner=True)
def draw_sessions(book, before, minute):
    """Let each row's sessions go on under other luck: a known next session stays, an unknown one is drawn anew.

    Parameters
    ----------
    before : uint64
        State of stream ``SESSION`` of the luck so far.
    """
    hot = int_rows(book, HOT)
    hot_real = real_rows(book, HOT_REAL)
    first = half_rows(book, HOT_HALF)
    keys = words(book, KEYS)
    profile = floats(book, PROFILE)
    stream = words(book, STREAMS)[S_SESSION]
    begun = days_of_activity(profile, np.int64(minute))
    for row in range(hot.shape[0]):
        rate = float(hot_real[row, RATE])
        if not rate > 0.0:
            continue
        key = key_of(keys, row)
        past = place_passed(rate, begun)
        unit = np.int64(past)
        end = minute_of_place(profile, rate, float(unit + 1))
        lived = np.int64(hot[row, SESSION])
        if lived >= minute:  # something has landed, or not, by how long it would have waited
            first[row, FIRST_UNIT] = min(SATURATED, unit + (1 if lived < end else 2))
            continue
        lived = np.int64(session_after(profile, before, key, rate, minute - 1, begun, np.int64(first[row, FIRST_UNIT])))
        first[row, FIRST_UNIT] = min(SATURATED, unit + 1)
        if lived < end:
            hot[row, SESSION] = redrawn_session(profile, stream, key, rate, minute, past, unit)


@kernel
def draw_anew(book, before, minute):
    """Draw anew what was drawn ahead of ``minute``, from the streams that the book leads to.

    Parameters
    ----------
    before : uint64
        State of stream ``SESSION`` of the luck so far.
    minute : int
        At least 1: before the first minute nothing has been drawn.
    """
    marks = longs(book, MARKS)
    draw_sessions(book, before, np.int64(minute))
    stream = words(book, STREAMS)[S_LISTED]
    message_keys = words(book, MESSAGE_KEYS)
    listed = longs(book, LISTED)
    listed_state = words(book, LISTED_STATE)
    for j in range(marks[LIST_LENGTH]):
        listed_state[j] = fold(stream, message_keys[listed[j]])
