"""Who looks at the trending list in a minute (``docs/model.md`` 4 and 6.1).

Looks are exogenous and all have the same rate, so every row that uses lists looks once in each unit of the same
operational time. When the first minute of a unit comes, the minutes of all its looks are found in one pass and its
rows are sorted by minute, ascending within each: nothing need be kept of a row between its looks.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import floats, ints, longs, words
from sim.engine.landing import key_of
from sim.engine.layout import (
    HORIZON,
    KEYS,
    LIST_USERS,
    LOOK_FIRST,
    LOOK_LAST,
    LOOK_MINUTE,
    LOOK_RATE,
    LOOK_ROWS,
    LOOK_START,
    LOOK_UNIT,
    LOOKER,
    LOOKERS,
    LOOKERS_AT,
    MARKS,
    NUMBERS,
    PROFILE,
    S_LOOK,
    SIZES,
    STREAMS,
    TRENDING,
)
from sim.people.sessions import days_of_activity, minute_of_place, place_passed, session_minute
from sim.rng import fold, uniform

BLOCK = 512
BINS = 4096
"""Parts of a unit: nearly all lie within one minute, which is then known without computing it for each row."""
MIXED, NO_MINUTE = np.int32(-1), np.int32(-2)


@kernel(inner=True)
def draw_minutes(book, unit, first, last):
    """Note the minute of each list user's look number ``unit``, as an offset from ``first``; beyond ``last``: none."""
    profile = floats(book, PROFILE)
    users = ints(book, LIST_USERS)
    keys = words(book, KEYS)
    found = ints(book, LOOK_MINUTE)
    rate = floats(book, NUMBERS)[LOOK_RATE]
    stream = words(book, STREAMS)[S_LOOK]
    begin = float(unit)
    of_bin = np.empty(BINS, dtype=np.int32)
    lowest = minute_of_place(profile, rate, begin)
    earliest = lowest
    for j in range(BINS):
        highest = minute_of_place(profile, rate, begin + (float(j) + 1.0) / BINS)
        of_bin[j] = MIXED if highest != lowest else (lowest - first if first <= lowest <= last else NO_MINUTE)
        if lowest == earliest:
            of_bin[j] = MIXED  # a row whose last look fell in this minute too looks but once
        lowest = highest
    draws = np.empty(BLOCK)
    for block in range(0, users.shape[0], BLOCK):
        count = min(BLOCK, users.shape[0] - block)
        for j in range(count):
            draws[j] = uniform(fold(fold(stream, key_of(keys, np.int64(users[block + j]))), np.uint64(unit)))
        for j in range(count):
            found[block + j] = of_bin[np.int64(draws[j] * BINS)]
        for j in range(count):
            if found[block + j] == MIXED:
                minute = minute_of_place(profile, rate, begin + draws[j])
                counts = first <= minute <= last
                if counts and minute == earliest and unit > 0:
                    key = key_of(keys, np.int64(users[block + j]))
                    counts = session_minute(profile, stream, key, rate, unit - 1) < minute
                found[block + j] = minute - first if counts else NO_MINUTE


@kernel(inner=True)
def schedule_unit(book, unit, minute):
    """Sort the looks number ``unit`` of all rows by their minutes, from ``minute`` on."""
    marks = longs(book, MARKS)
    profile = floats(book, PROFILE)
    users = ints(book, LIST_USERS)
    minute_of = ints(book, LOOK_MINUTE)
    start = longs(book, LOOK_START)
    rows = ints(book, LOOK_ROWS)
    rate = floats(book, NUMBERS)[LOOK_RATE]
    first = max(minute, minute_of_place(profile, rate, float(unit)))
    end = minute_of_place(profile, rate, float(unit + 1))
    last = min(end, longs(book, SIZES)[HORIZON] - 1)
    marks[LOOK_UNIT] = unit
    marks[LOOK_FIRST] = first
    marks[LOOK_LAST] = end
    if first > last:
        return
    draw_minutes(book, unit, first, last)
    width = last - first + 1
    for j in range(width + 1):
        start[j] = 0
    for j in range(users.shape[0]):
        if minute_of[j] >= 0:
            start[minute_of[j] + 1] += 1
    for j in range(width):
        start[j + 1] += start[j]
    for j in range(users.shape[0]):
        if minute_of[j] >= 0:
            rows[start[minute_of[j]]] = users[j]
            start[minute_of[j]] += 1
    for j in range(width, 0, -1):
        start[j] = start[j - 1]
    start[0] = 0


@kernel(inner=True)
def find_lookers(book, minute):
    """Gather the rows that look at the list in this minute, each once; asked again, they stay."""
    marks = longs(book, MARKS)
    start = longs(book, LOOK_START)
    rows = ints(book, LOOK_ROWS)
    looker = ints(book, LOOKER)
    if marks[LOOKERS_AT] == minute:
        return
    marks[LOOKERS_AT] = minute
    marks[LOOKERS] = 0
    if marks[TRENDING] == 0:
        return
    if marks[LOOK_LAST] < minute:
        begun = days_of_activity(floats(book, PROFILE), minute)
        passed = np.int64(place_passed(floats(book, NUMBERS)[LOOK_RATE], begun))
        schedule_unit(book, max(marks[LOOK_UNIT] + 1, passed), minute)
    count = 0
    while marks[LOOK_FIRST] <= minute:
        if minute <= marks[LOOK_LAST]:
            at = minute - marks[LOOK_FIRST]
            for j in range(start[at], start[at + 1]):
                looker[count] = rows[j]
                count += 1
        if marks[LOOK_LAST] > minute:
            break
        schedule_unit(book, marks[LOOK_UNIT] + 1, minute)
    marks[LOOKERS] = count
