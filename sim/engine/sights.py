"""What was seen, kept for the event log in its canonical order: minute, key of the row, frame."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import ints, is_given, longs, shorts, words
from sim.engine.landing import key_of
from sim.engine.layout import (
    KEYS,
    MARKS,
    SIGHT_FIRST,
    SIGHT_FRAME,
    SIGHT_IMPRESSIONS,
    SIGHT_MESSAGE,
    SIGHT_MINUTE,
    SIGHT_ROW,
    SIGHTS,
)

DIGIT = np.uint64(11)
DIGITS = 2**11


@kernel(inline=True, inner=True)
def count_sight(book, minute, row, frame, message, impressions, first):
    """Keep what was seen, where the log is asked for."""
    marks = longs(book, MARKS)
    sight_minute = ints(book, SIGHT_MINUTE)
    sight_row = ints(book, SIGHT_ROW)
    sight_frame = shorts(book, SIGHT_FRAME)
    sight_message = ints(book, SIGHT_MESSAGE)
    sight_impressions = ints(book, SIGHT_IMPRESSIONS)
    sight_first = shorts(book, SIGHT_FIRST)
    if is_given(book, SIGHT_MINUTE):
        at = marks[SIGHTS]
        sight_minute[at] = minute
        sight_row[at] = row
        sight_frame[at] = frame
        sight_message[at] = message
        sight_impressions[at] = impressions
        sight_first[at] = first
        marks[SIGHTS] = at + 1


@kernel(inner=True)
def order_of(values):
    """Return the order (int64) that sorts distinct uint64 ``values``: by one digit after another, the lowest first."""
    count = values.shape[0]
    order = np.arange(count)
    before = np.empty(count, dtype=np.int64)
    start = np.empty(DIGITS + 1, dtype=np.int64)
    highest = np.uint64(0)
    for j in range(count):
        highest = max(highest, values[j])
    shift = np.uint64(0)
    while shift < np.uint64(64) and highest >> shift > np.uint64(0):
        order, before = before, order
        start[:] = 0
        for j in range(count):
            start[np.int64(values[j] >> shift & np.uint64(DIGITS - 1)) + 1] += 1
        for digit in range(DIGITS):
            start[digit + 1] += start[digit]
        for j in range(count):
            place = np.int64(values[before[j]] >> shift & np.uint64(DIGITS - 1))
            order[start[place]] = before[j]
            start[place] += 1
        shift += DIGIT
    return order


@kernel(inline=True, inner=True)
def rearrange(column, order, first):
    """Bring the last elements of a column, from ``first`` on, into an order."""
    before = column[first : first + order.shape[0]].copy()
    for j in range(order.shape[0]):
        column[first + j] = before[order[j]]


@kernel(inner=True)
def order_sights(book, first):
    """Bring a minute's sights, number ``first`` and all after it, into the order of keys, then frames."""
    if not is_given(book, SIGHT_MINUTE):
        return
    keys = words(book, KEYS)
    rows = ints(book, SIGHT_ROW)
    frames = shorts(book, SIGHT_FRAME)
    count = longs(book, MARKS)[SIGHTS] - first
    if count < 2:
        return
    values = np.empty(count, dtype=np.uint64)
    for j in range(count):
        key = key_of(keys, np.int64(rows[first + j]))
        values[j] = np.uint64(2) * key + np.uint64(frames[first + j])  # keys lie below 2**62
    order = order_of(values)
    rearrange(rows, order, first)
    rearrange(ints(book, SIGHT_MESSAGE), order, first)
    rearrange(ints(book, SIGHT_IMPRESSIONS), order, first)
    rearrange(frames, order, first)
    rearrange(shorts(book, SIGHT_FIRST), order, first)
