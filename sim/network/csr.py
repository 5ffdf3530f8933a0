"""Compressed rows by counting: grouping, transposing and deduplicating edges in linear time.

A counting sort keeps the order of its input inside every row, so two of them in a row give rows that
are sorted, without a comparison sort (Knuth, The Art of Computer Programming 3, section 5.2).
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.network.parts import equal_parts, side_by_side


@kernel
def first_illegal(ids, n):
    """Return the place of the first id outside [0, n), or -1 (ids: integers, one dimension)."""
    for i in range(ids.shape[0]):
        if ids[i] < 0 or ids[i] >= n:
            return i
    return -1


@kernel
def starts(counts):
    """Return int64[n + 1] row starts for int64[n] row lengths."""
    start = np.empty(counts.shape[0] + 1, np.int64)
    total = 0
    for i in range(counts.shape[0]):
        start[i] = total
        total += counts[i]
    start[counts.shape[0]] = total
    return start


@kernel
def _count_named(value, counts, low, high):
    """Count each value from ``low`` to ``high`` - 1 into ``counts``."""
    for e in range(value.shape[0]):
        v = value[e]
        if low <= v < high:
            counts[v] += 1


def times_named(value, n):
    """Return how often each number below ``n`` stands in ``value`` (int32[m] in [0, n)): int64[n]."""
    counts = np.zeros(n, np.int64)
    side_by_side(lambda low, high: _count_named(value, counts, low, high), equal_parts(n))
    return counts


@kernel
def group(row, value, n):
    """Group values by row, keeping their order inside a row and leaving out self loops.

    Parameters
    ----------
    row, value : integers[m] in [0, n)

    Returns
    -------
    start : int64[n + 1]
    grouped : int32[start[n]]
    """
    counts = np.zeros(n, np.int64)
    for e in range(row.shape[0]):
        if row[e] != value[e]:
            counts[row[e]] += 1
    start = starts(counts)
    place = start[:n].copy()
    grouped = np.empty(start[n], np.int32)
    for e in range(row.shape[0]):
        i = row[e]
        if i != value[e]:
            grouped[place[i]] = value[e]
            place[i] += 1
    return start, grouped


@kernel
def _turn(start, value, place, turned, low, high):
    """Write, for values from ``low`` to ``high`` - 1, the rows that hold them; ``place`` is moved on."""
    for i in range(start.shape[0] - 1):
        for e in range(start[i], start[i + 1]):
            v = value[e]
            if low <= v < high:
                turned[place[v]] = i
                place[v] += 1


def transpose(start, value):
    """Turn rows into columns; every row of the result is in ascending order.

    Each thread reads all rows and writes columns of its own. Results lie in arrays of NumPy's, for which it asks the
    system for large pages; compiled code does not.

    Parameters
    ----------
    start : int64[n + 1]
    value : int32[m] in [0, n)

    Returns
    -------
    start : int64[n + 1]
    value : int32[m]
    """
    n = start.shape[0] - 1
    turned_start = starts(times_named(value, n))
    place = turned_start[:n].copy()
    turned = np.empty(value.shape[0], np.int32)
    side_by_side(lambda low, high: _turn(start, value, place, turned, low, high), equal_parts(n))
    return turned_start, turned


@kernel
def drop_repeats(start, value):
    """Squeeze repeated neighbours out of sorted rows, in place; return how many values are left.

    Parameters
    ----------
    start : int64[n + 1]
        Rewritten.
    value : int32[m]
        Rewritten; only its first ``start[n]`` values mean anything afterwards.
    """
    n = start.shape[0] - 1
    kept = 0
    row_start = start[0]
    for i in range(n):
        row_end = start[i + 1]
        start[i] = kept
        previous = np.int32(-1)
        for e in range(row_start, row_end):
            if value[e] != previous:
                previous = value[e]
                value[kept] = previous
                kept += 1
        row_start = row_end
    start[n] = kept
    return kept


@kernel
def first_unsound_row(start, value):
    """Return the first row that is unsorted, repeats, loops or leaves [0, n); -1 if all are sound."""
    n = start.shape[0] - 1
    if start[0] != 0 or start[n] != value.shape[0]:
        return 0
    for i in range(n):
        if start[i + 1] < start[i] or start[i + 1] > value.shape[0]:
            return i
        previous = np.int32(-1)
        for e in range(start[i], start[i + 1]):
            v = value[e]
            if v <= previous or v >= n or v == i:
                return i
            previous = v
    return -1


@kernel
def relabel(start, value, new_row):
    """Give every row and value its new number; rows of the result are unsorted.

    Parameters
    ----------
    start : int64[n + 1]
    value : int32[m]
    new_row : int64[n]
        A permutation: old row -> new row.
    """
    n = start.shape[0] - 1
    counts = np.empty(n, np.int64)
    for i in range(n):
        counts[new_row[i]] = start[i + 1] - start[i]
    moved_start = starts(counts)
    moved = np.empty(start[n], np.int32)
    for i in range(n):
        place = moved_start[new_row[i]]
        for e in range(start[i], start[i + 1]):
            moved[place] = new_row[value[e]]
            place += 1
    return moved_start, moved
