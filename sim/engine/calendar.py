"""The calendar: which rows wake in which minute, in chunks of one pool.

A row has at most one live entry; an entry left behind by an early wake-up is recognised as stale,
because the row's own entry no longer names that minute. Rows of a minute lie side by side, so that
the engine can ask memory for the next ones while it works on the first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import kernel
from sim.engine.book import int_rows, ints, longs

CHUNK = 31
FREE, FRESH = 0, 1
CHUNKS, HEADS, FILLS, COUNTS, POOL = range(5)
"""Places of a calendar's arrays, from its first place in the book on."""


CALENDAR = ("chunks", "heads", "fills", "counts", "pool")


class Calendar(NamedTuple):
    """Buckets of rows by minute.

    Attributes
    ----------
    chunks : int32[chunks, 32]
        Rows; the last element of each chunk links to the next chunk of the same minute, -1 at the end.
    heads, fills, counts : int32[minutes]
        First chunk of a minute (-1: none), rows in that first chunk, rows in all.
    pool : int64[2]
        Head of the chain of freed chunks (-1: none) and the first chunk never used.
    """

    chunks: np.ndarray
    heads: np.ndarray
    fills: np.ndarray
    counts: np.ndarray
    pool: np.ndarray


def create_calendar(rows: int, minutes: int) -> Calendar:
    """Return an empty calendar with room for ``rows`` entries at any one time."""
    chunks = rows // CHUNK + 2 * min(minutes, rows) + 2
    return Calendar(
        chunks=np.zeros((chunks, CHUNK + 1), dtype=np.int32),
        heads=np.full(minutes, -1, dtype=np.int32),
        fills=np.zeros(minutes, dtype=np.int32),
        counts=np.zeros(minutes, dtype=np.int32),
        pool=np.array([-1, 0], dtype=np.int64),
    )


def clear_calendar(calendar: Calendar) -> None:
    """Take all entries out."""
    calendar.heads.fill(-1)
    calendar.fills.fill(0)
    calendar.counts.fill(0)
    calendar.pool[:] = (-1, 0)


@kernel(inline=True, inner=True)
def enter(book, calendar, minute, row):
    """Note that ``row`` wakes in ``minute``; ``calendar`` is the first place of a calendar in the book."""
    chunks = int_rows(book, calendar + CHUNKS)
    heads = ints(book, calendar + HEADS)
    fills = ints(book, calendar + FILLS)
    counts = ints(book, calendar + COUNTS)
    pool = longs(book, calendar + POOL)
    head = np.int64(heads[minute])
    fill = np.int64(fills[minute])
    if head < 0 or fill == CHUNK:
        free = pool[FREE]
        if free >= 0:
            pool[FREE] = chunks[free, CHUNK]
        else:
            free = pool[FRESH]
            pool[FRESH] = free + 1
        chunks[free, CHUNK] = head
        heads[minute] = free
        head = free
        fill = np.int64(0)
    chunks[head, fill] = row
    fills[minute] = fill + 1
    counts[minute] += 1


@kernel(inner=True)
def gather(book, calendar, minute, due):
    """Take all rows of a minute out of a calendar, in no order, into ``due`` (int32); return their number."""
    chunks = int_rows(book, calendar + CHUNKS)
    pool = longs(book, calendar + POOL)
    heads = ints(book, calendar + HEADS)
    fill = np.int64(ints(book, calendar + FILLS)[minute])
    chunk = np.int64(heads[minute])
    found = np.int64(0)
    while chunk >= 0:
        for j in range(fill):
            due[found] = chunks[chunk, j]
            found += 1
        fill = np.int64(CHUNK)  # only the first chunk of a minute is partly filled
        following = np.int64(chunks[chunk, CHUNK])
        chunks[chunk, CHUNK] = pool[FREE]
        pool[FREE] = chunk
        chunk = following
    heads[minute] = -1
    ints(book, calendar + FILLS)[minute] = 0
    ints(book, calendar + COUNTS)[minute] = 0
    return found
