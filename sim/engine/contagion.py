"""One round after another: speak, land, note who joins (``docs/model.md`` 6.7).

The rules in rounds need no feeds and no calendar: who is due next is a set of bits, and a run touches nothing but
the rows that its messages reach. Rows come out of the set in ascending order, so memory can be asked for
them in time; it is that of their keys (``sim.engine.rounds`` sees to it), so nothing is sorted. The draw comes
before anything of the follower is looked at.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.bits import lowest_bit, prefetch_element
from sim.engine.book import floats, int_rows, ints, is_given, longs, octets, shorts, word_rows, words
from sim.engine.landing import key_of
from sim.engine.layout import (
    FOLLOWER,
    KEYS,
    MARKS,
    MESSAGE_AUTHOR,
    MESSAGE_KEYS,
    MESSAGE_MINUTE,
    MESSAGE_PARENT,
    MESSAGE_ROOT,
    MESSAGE_SHARES,
    MESSAGES,
    MINUTES,
    SIGHT_FIRST,
    SIGHT_FRAME,
    SIGHT_IMPRESSIONS,
    SIGHT_MESSAGE,
    SIGHT_MINUTE,
    SIGHT_ROW,
    SIGHTS,
    START,
)
from sim.engine.prefetch import prefetch_row
from sim.engine.rounds_layout import (
    BEST,
    BY_THRESHOLD,
    CAUSE,
    COUNTS,
    DUE,
    DUE_ROWS,
    FIRST,
    FLAGS,
    HITS,
    HORIZON,
    HOW_MANY,
    IMPRESSIONS,
    IN_WORD,
    KNOWN,
    LEFT,
    LINES,
    LUCKY_ROWS,
    LUCKY_WORDS,
    MET,
    NO_BITS,
    ONE,
    ORIGINALS,
    REACHED,
    RULE,
    SEEN_STATE,
    SHARES,
    SHOWN,
    SHOWN_LINES,
    SHOWN_ROWS,
    STIRRED,
    TOLD,
    TOUCHED,
    UPPER,
)
from sim.engine.rounds_start import make_due
from sim.engine.speaking import message_key
from sim.reaction.contagion import is_passed
from sim.rng import fold, uniform

AHEAD = 12
_ROW = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)


@kernel(inline=True, inner=True)
def tell_sight(book, minute, row):
    """Write down what a row sees in this minute."""
    marks = longs(book, MARKS)
    shown = int_rows(book, SHOWN_LINES)
    at = marks[SIGHTS]
    ints(book, SIGHT_MINUTE)[at] = minute
    ints(book, SIGHT_ROW)[at] = row
    ints(book, SIGHT_MESSAGE)[at] = shown[row, BEST]
    shorts(book, SIGHT_FRAME)[at] = 0
    ints(book, SIGHT_IMPRESSIONS)[at] = shown[row, HOW_MANY]
    shorts(book, SIGHT_FIRST)[at] = shown[row, FIRST]
    marks[SIGHTS] = at + 1


@kernel(inner=True)
def call_up(book, minute, number):
    """Take the due rows out of the set, in order, as authors from ``number`` on; tell what rows are shown."""
    flags = word_rows(book, FLAGS)
    upper = word_rows(book, UPPER)
    author = ints(book, MESSAGE_AUTHOR)
    tells = is_given(book, SIGHT_MINUTE)
    for top in range(upper.shape[0]):
        stirred = upper[top, STIRRED]
        upper[top, STIRRED] = NO_BITS
        while stirred != NO_BITS:
            line = top * 64 + lowest_bit(stirred)
            stirred &= stirred - ONE
            due = flags[line, DUE]
            flags[line, DUE] = NO_BITS
            while due != NO_BITS:
                author[number] = 64 * line + lowest_bit(due)
                due &= due - ONE
                number += 1
            if tells:
                shown = flags[line, SHOWN]
                flags[line, SHOWN] = NO_BITS
                while shown != NO_BITS:
                    tell_sight(book, minute, 64 * line + lowest_bit(shown))
                    shown &= shown - ONE
    return number


@kernel(inner=True)
def speak(book, minute):
    """Let all due rows put something out; return the number after the minute's last message."""
    marks = longs(book, MARKS)
    counts = longs(book, COUNTS)
    keys = words(book, KEYS)
    lines = int_rows(book, LINES)
    author = ints(book, MESSAGE_AUTHOR)
    message_minute = ints(book, MESSAGE_MINUTE)
    parent = ints(book, MESSAGE_PARENT)
    root = ints(book, MESSAGE_ROOT)
    shares = ints(book, MESSAGE_SHARES)
    message_keys = words(book, MESSAGE_KEYS)
    first = marks[MESSAGES]
    last = call_up(book, minute, first)
    for number in range(first, last):
        if number + AHEAD < last:
            prefetch_row(lines, np.intp(author[number + AHEAD]))
        row = np.int64(author[number])
        cause = lines[row, CAUSE]
        message_minute[number] = minute
        parent[number] = cause
        shares[number] = 0
        message_keys[number] = message_key(key_of(keys, row), np.uint64(minute))
        if cause < 0:
            root[number] = number
        else:
            root[number] = root[cause]
            shares[root[cause]] += 1
    int_rows(book, MINUTES)[ORIGINALS if minute == 0 else SHARES, minute] = last - first
    marks[MESSAGES] = last
    counts[DUE_ROWS] = 0
    counts[SHOWN_ROWS] = 0
    return last


@kernel(inline=True, inner=True)
def show(book, row, message, is_first):
    """Note for the log that a row sees a message in the next minute."""
    flags = word_rows(book, FLAGS)
    upper = word_rows(book, UPPER)
    shown = int_rows(book, SHOWN_LINES)
    message_keys = words(book, MESSAGE_KEYS)
    line = row >> 6
    bit = ONE << (np.uint64(row) & IN_WORD)
    if flags[line, SHOWN] & bit == NO_BITS:
        flags[line, SHOWN] |= bit
        upper[line >> 6, STIRRED] |= ONE << (np.uint64(line) & IN_WORD)
        shown[row, HOW_MANY] = 1
        shown[row, BEST] = message
        shown[row, FIRST] = is_first
        longs(book, COUNTS)[SHOWN_ROWS] += 1
        return
    shown[row, HOW_MANY] += 1
    if message_keys[message] < message_keys[shown[row, BEST]]:
        shown[row, BEST] = message


@kernel(inner=True)
def take_hits(book, minute, first, found):
    """Let rows see what landed at them and was seen: ``hits`` holds message and row of each.

    ``first`` is the number of the minute's first message.
    """
    hits = words(book, HITS)
    flags = word_rows(book, FLAGS)
    upper = word_rows(book, UPPER)
    lines = int_rows(book, LINES)
    message_keys = words(book, MESSAGE_KEYS)
    counts = longs(book, COUNTS)
    by_threshold = counts[BY_THRESHOLD] == 1
    tells = is_given(book, SIGHT_MINUTE)
    reached = 0
    due = 0
    for j in range(found + AHEAD):
        if j < found:
            coming = np.intp(hits[j] & _ROW)
            prefetch_row(lines, coming)
            prefetch_row(flags, coming >> 6)
        if j < AHEAD:
            continue
        hit = hits[j - AHEAD]
        row = np.int64(hit & _ROW)
        message = np.int64(hit >> _HALF)
        line = row >> 6
        bit = ONE << (np.uint64(row) & IN_WORD)
        is_first = flags[line, MET] & bit == NO_BITS
        if is_first:
            flags[line, MET] |= bit
            upper[line >> 6, TOUCHED] |= ONE << (np.uint64(line) & IN_WORD)
            reached += 1
        if tells:
            show(book, row, message, is_first)
        is_new = flags[line, KNOWN] & bit == NO_BITS
        cause = lines[row, CAUSE]
        if by_threshold:
            left = lines[row, LEFT] - 1
            lines[row, LEFT] = left
            if cause < first or message_keys[message] < message_keys[cause]:
                lines[row, CAUSE] = message
            is_new = is_new and left == 0
        elif is_new or (flags[line, DUE] & bit != NO_BITS and message_keys[message] < message_keys[cause]):
            lines[row, CAUSE] = message
        if is_new:
            make_due(flags, upper, row)
            due += 1
    counts[DUE_ROWS] += due
    timeline = int_rows(book, MINUTES)
    timeline[REACHED, minute + 1] += reached
    timeline[IMPRESSIONS, minute + 1] += found


@kernel(inner=True)
def sift(book, message, rows, found):
    """Append those of ``rows`` who will see a message to ``hits``; return how many that holds then.

    Two passes: the first, without any dependence from row to row, is done eight rows at a time, and the second
    passes over eight rows at a time of whom nobody is lucky.
    """
    hits = words(book, HITS)
    lucky = octets(book, LUCKY_ROWS)
    keys = words(book, KEYS)
    tag = np.uint64(message) << _HALF
    if longs(book, COUNTS)[BY_THRESHOLD] == 1:
        for j in range(rows.shape[0]):
            hits[found + j] = tag | np.uint64(rows[j])
        return found + rows.shape[0]
    transmission = floats(book, RULE)[0]
    state = fold(words(book, SEEN_STATE)[0], key_of(keys, np.int64(ints(book, MESSAGE_AUTHOR)[message])))
    if keys.shape[0] == 0:
        for j in range(rows.shape[0]):
            lucky[j] = is_passed(uniform(fold(state, np.uint64(rows[j]))), transmission)
    else:
        for j in range(rows.shape[0]):
            lucky[j] = is_passed(uniform(fold(state, keys[np.uint64(rows[j])])), transmission)
    eights = words(book, LUCKY_WORDS)
    for j in range(rows.shape[0], (rows.shape[0] + 7) & -8):
        lucky[j] = 0
    for block in range((rows.shape[0] + 7) >> 3):
        eight = eights[block]
        while eight != NO_BITS:
            hits[found] = tag | np.uint64(rows[8 * block + (lowest_bit(eight) >> 3)])
            found += 1
            eight &= eight - ONE
    return found


@kernel(inner=True)
def land(book, minute, first, last):
    """Let the messages of a minute land at their authors' followers."""
    start = longs(book, START)
    follower = ints(book, FOLLOWER)
    author = ints(book, MESSAGE_AUTHOR)
    room = words(book, HITS).shape[0]
    found = 0
    for number in range(first, last):
        if number + 2 * AHEAD < last:
            prefetch_element(start, np.intp(author[number + 2 * AHEAD]))
        if number + AHEAD < last:
            coming = np.int64(author[number + AHEAD])
            for edge in range(start[coming], min(start[coming] + 64, start[coming + 1]), 16):
                prefetch_element(follower, np.intp(edge))
        begin, end = start[author[number]], start[author[number] + 1]
        if found + end - begin > room:
            take_hits(book, minute, first, found)
            found = 0
        found = sift(book, number, follower[begin:end], found)
    take_hits(book, minute, first, found)


@kernel(inner=True)
def round_has_room(book):
    """Tell whether the messages and sights of the next round find room."""
    marks = longs(book, MARKS)
    counts = longs(book, COUNTS)
    if marks[MESSAGES] + counts[DUE_ROWS] > ints(book, MESSAGE_AUTHOR).shape[0]:
        return False
    return not is_given(book, SIGHT_MINUTE) or marks[SIGHTS] + counts[SHOWN_ROWS] <= ints(book, SIGHT_MINUTE).shape[0]


@kernel
def advance_rounds(book, minute, until):
    """Live through minutes ``minute`` to ``until - 1``; where nobody is due any more, at once.

    Returns
    -------
    int
        The next minute to live through: ``until``, or an earlier one whose messages may not find room;
        then the caller makes room and calls again.
    """
    counts = longs(book, COUNTS)
    marks = longs(book, MARKS)
    while minute < until:
        if counts[DUE_ROWS] + counts[SHOWN_ROWS] == 0:
            return until
        if not round_has_room(book):
            return minute
        first = marks[MESSAGES]
        last = speak(book, minute)
        counts[TOLD] = min(minute + 2, counts[HORIZON])
        if minute + 1 < counts[HORIZON]:
            land(book, minute, first, last)
        minute += 1
    return minute
