"""How a run in rounds begins: thresholds, who begins, a bench wiped by what was touched (``docs/model.md`` 6.7)."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.bits import lowest_bit
from sim.engine.book import int_rows, ints, is_given, longs, word_rows, words
from sim.engine.landing import key_of
from sim.engine.layout import MARKS, MESSAGES, MINUTES, SIGHTS
from sim.engine.rounds_layout import (
    ADOPTERS,
    CAUSE,
    COUNTS,
    DUE,
    DUE_ROWS,
    FLAGS,
    FRESH_LINES,
    IN_WORD,
    KNOWN,
    LEFT,
    LINES,
    NEVER,
    NO_BITS,
    ONE,
    SEEN_STATE,
    SHOWN_ROWS,
    STIRRED,
    TOLD,
    TOUCHED,
    UPPER,
)
from sim.reaction.contagion import is_moved, own_threshold
from sim.rng import Stream, fold, stream_state, uniform

SEEN = np.int64(Stream.SEEN)


@kernel
def fresh_lines(followed, keys, state, threshold, is_uniform):
    """Return the rows' lines before minute 0 under the linear threshold, int32[n, 2].

    Parameters
    ----------
    followed : int32[n]
        How many rows each row follows.
    keys : uint64[n] or uint64[0]
    state : uint64
        Of stream THRESHOLD.
    threshold : float in [0, 1]
    is_uniform : bool
    """
    lines = np.empty((followed.shape[0], 2), dtype=np.int32)
    for row in range(followed.shape[0]):
        draw = uniform(fold(fold(state, key_of(keys, row)), np.uint64(0)))
        own = own_threshold(threshold, is_uniform, draw)
        needed = max(1, int(own * followed[row]))  # one less can never do, rounding or not
        while needed <= followed[row] and not is_moved(needed, followed[row], own):
            needed += 1
        lines[row, LEFT] = needed if needed <= followed[row] else NEVER
        lines[row, CAUSE] = -1
    return lines


@kernel
def draws_below(state, keys, rows, limit, found_rows, found_draws):
    """Gather the rows (of ``rows`` in all) whose draw lies below a limit; return how many there are.

    Only as many as there is room for are kept.
    """
    found = 0
    for row in range(rows):
        draw = uniform(fold(state, key_of(keys, row)))
        if draw < limit:
            if found < found_rows.shape[0]:
                found_rows[found] = row
                found_draws[found] = draw
            found += 1
    return found


@kernel(inline=True, inner=True)
def make_due(flags, upper, row):
    """Let a row put something out in the next round."""
    line = row >> 6
    bit = ONE << (np.uint64(row) & IN_WORD)
    flags[line, KNOWN] |= bit
    flags[line, DUE] |= bit
    above = ONE << (np.uint64(line) & IN_WORD)
    upper[line >> 6, STIRRED] |= above
    upper[line >> 6, TOUCHED] |= above


@kernel
def begin_rounds(book, seed, replicate):
    """Wipe what the last run has left, and let the adopters put something out in minute 0.

    ``seed`` and ``replicate`` fix the luck.
    """
    adopters = ints(book, ADOPTERS)
    words(book, SEEN_STATE)[0] = stream_state(seed, replicate, SEEN)
    flags = word_rows(book, FLAGS)
    upper = word_rows(book, UPPER)
    lines = int_rows(book, LINES)
    counts = longs(book, COUNTS)
    marks = longs(book, MARKS)
    fresh = int_rows(book, FRESH_LINES)
    for top in range(upper.shape[0]):
        touched = upper[top, TOUCHED]
        while touched != NO_BITS:
            line = top * 64 + lowest_bit(touched)
            touched &= touched - ONE
            for column in range(4):
                flags[line, column] = NO_BITS
            if is_given(book, FRESH_LINES):
                for row in range(64 * line, min(64 * (line + 1), lines.shape[0])):
                    lines[row, LEFT] = fresh[row, LEFT]
                    lines[row, CAUSE] = -1
        upper[top, STIRRED] = NO_BITS
        upper[top, TOUCHED] = NO_BITS
    timeline = int_rows(book, MINUTES)
    for column in range(timeline.shape[0]):
        for minute in range(counts[TOLD]):
            timeline[column, minute] = 0
    counts[TOLD] = 0
    counts[SHOWN_ROWS] = 0
    counts[DUE_ROWS] = adopters.shape[0]
    marks[MESSAGES] = 0
    marks[SIGHTS] = 0
    for j in range(adopters.shape[0]):
        make_due(flags, upper, np.int64(adopters[j]))
        lines[adopters[j], CAUSE] = -1
