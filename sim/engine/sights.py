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
from sim.engine.order import order_of


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


@kernel(inline=True, inner=True)
def rearrange(column, order, first, scratch):
    """Bring the last elements of a column, from ``first`` on, into an order."""
    for j in range(order.shape[0]):
        scratch[j] = column[first + order[j]]
    for j in range(order.shape[0]):
        column[first + j] = scratch[j]


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
    scratch = np.empty(count, dtype=np.int64)
    rearrange(rows, order, first, scratch)
    rearrange(ints(book, SIGHT_MESSAGE), order, first, scratch)
    rearrange(ints(book, SIGHT_IMPRESSIONS), order, first, scratch)
    rearrange(frames, order, first, scratch)
    rearrange(shorts(book, SIGHT_FIRST), order, first, scratch)
