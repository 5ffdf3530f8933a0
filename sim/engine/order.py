"""In which order to take rows of one minute: by key, whatever order they came in."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel

DIGIT = np.uint64(8)
DIGITS = 2**8


@kernel(inner=True)
def order_of(values):
    """Return the order (int64) that sorts distinct uint64 ``values``: by one digit after another, the lowest first."""
    count = values.shape[0]
    order = np.empty(count, dtype=np.int64)
    before = np.empty(count, dtype=np.int64)
    start = np.empty(DIGITS + 1, dtype=np.int64)
    highest = np.uint64(0)
    for j in range(count):
        order[j] = j
        highest = max(highest, values[j])
    shift = np.uint64(0)
    while shift < np.uint64(64) and highest >> shift > np.uint64(0):
        order, before = before, order
        for digit in range(DIGITS + 1):
            start[digit] = 0
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
