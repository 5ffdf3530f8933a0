"""Other luck from a minute on: what was drawn ahead is drawn anew, what has happened stays (``docs/model.md`` 6.3).

Three things are drawn ahead of their time: the session at which a row sees what waits, the looks at the trending list,
and the states of listed messages. What somebody has already decided stays: which messages wait, when a newsroom
reports, by when an answered person has been called.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import floats, int_rows, longs, real_rows, words
from sim.engine.calendar import enter
from sim.engine.landing import key_of
from sim.engine.layout import (
    ENTRY,
    HORIZON,
    HOT,
    HOT_REAL,
    KEYS,
    LIST_LENGTH,
    LISTED,
    LISTED_STATE,
    LOOK_LAST,
    LOOK_UNIT,
    LOOKERS_AT,
    MARKS,
    MESSAGE_KEYS,
    PROFILE,
    RATE,
    S_LISTED,
    S_SESSION,
    SESSION,
    SESSION_CALENDAR,
    SIZES,
    STREAMS,
)
from sim.people.sessions import days_of_activity, session_after
from sim.rng import fold


@kernel(inner=True)
def draw_sessions(book, minute):
    """Enter all rows for whom something waits into the calendar, which is empty, at their next sessions."""
    hot = int_rows(book, HOT)
    hot_real = real_rows(book, HOT_REAL)
    keys = words(book, KEYS)
    profile = floats(book, PROFILE)
    stream = words(book, STREAMS)[S_SESSION]
    horizon = longs(book, SIZES)[HORIZON]
    begun = days_of_activity(profile, np.int64(minute))
    for row in range(hot.shape[0]):
        entry = np.int64(hot[row, ENTRY])
        if entry < minute:
            hot[row, SESSION] = -1  # it is found when something lands
            continue
        called = entry < hot[row, SESSION]
        session = np.int64(
            session_after(profile, stream, key_of(keys, row), float(hot_real[row, RATE]), minute - 1, begun)
        )
        hot[row, SESSION] = session
        waking = min(entry, session) if called else session
        if waking < horizon:
            hot[row, ENTRY] = waking
            enter(book, SESSION_CALENDAR, waking, row)
        else:
            hot[row, ENTRY] = -1


@kernel
def draw_anew(book, minute):
    """Draw anew what was drawn ahead of ``minute``, from the streams that the book leads to.

    Needs an empty calendar of sessions. Under the luck that the run has had, nothing changes.
    """
    marks = longs(book, MARKS)
    draw_sessions(book, np.int64(minute))
    marks[LOOK_UNIT] = -1
    marks[LOOK_LAST] = -1
    marks[LOOKERS_AT] = -1
    stream = words(book, STREAMS)[S_LISTED]
    message_keys = words(book, MESSAGE_KEYS)
    listed = longs(book, LISTED)
    listed_state = words(book, LISTED_STATE)
    for j in range(marks[LIST_LENGTH]):
        listed_state[j] = fold(stream, message_keys[listed[j]])
