"""Which message of the trending list a row looks at (``docs/model.md`` 6.4)."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import floats, half_rows, ints, longs, shorts, words
from sim.engine.landing import class_of, note_new_source, wait_in_feed, weight_now
from sim.engine.layout import (
    COLD_HALF,
    LIST_LENGTH,
    LISTED,
    LISTED_STATE,
    MARKS,
    MESSAGE_AUTHOR,
    MESSAGE_FRAME,
    MESSAGE_KEYS,
    MESSAGE_ROOT,
    MESSAGE_SHARES,
    NONE,
    PICK_KEY,
    PICK_SCORE,
    PICKED,
    RANKED,
    ROLE,
    S_PICK,
    SIZES,
    SOURCE_LIST,
    STREAMS,
)
from sim.feed.ranking import listed_score, pick_score
from sim.rng import fold, uniform

BLOCK = 256
"""Rows whose picks are made at once: their scratch and their half lines fit the nearest cache."""
ALL_BITS, PLACE_BITS = np.uint64(2**64 - 1), np.uint64(2**11 - 1)


@kernel(inline=True, inner=True)
def is_own(book, message, row):
    """Tell whether a row wrote a message, or the head of its cascade."""
    message_author = ints(book, MESSAGE_AUTHOR)
    return message_author[message] == row or message_author[ints(book, MESSAGE_ROOT)[message]] == row


@kernel(inner=True)
def pick_listed(book, row, key):
    """Return the listed message that a row looks at; own ones are left out, NONE if there is no other."""
    ranked = longs(book, SIZES)[RANKED] == 1
    listed = longs(book, LISTED)
    listed_state = words(book, LISTED_STATE)
    message_shares = ints(book, MESSAGE_SHARES)
    message_keys = words(book, MESSAGE_KEYS)
    best = NONE
    best_score = 0.0
    for j in range(longs(book, MARKS)[LIST_LENGTH]):
        draw = uniform(fold(listed_state[j], key))
        score = draw
        if ranked:
            score = listed_score(ranked, draw, 1.0 + float(message_shares[listed[j]]))
        if best >= 0 and score > best_score:
            continue
        message = listed[j]
        if is_own(book, message, row):
            continue
        if best < 0 or score < best_score or message_keys[message] < message_keys[best]:
            best = message
            best_score = score
    return best


@kernel(inner=True)
def pick_for_all(book, count):
    """Pick for the first ``count`` keys of a block what :func:`pick_listed` picks, own messages not left out.

    Needs the list in the order of message keys, so that the first of level ones is the right one. In a
    chronological list the smallest draw wins: its 53 bits, followed by the place on the list, are one whole number.
    """
    listed = longs(book, LISTED)
    listed_state = words(book, LISTED_STATE)
    message_shares = ints(book, MESSAGE_SHARES)
    keys = words(book, PICK_KEY)
    lowest = words(book, PICKED)
    score = floats(book, PICK_SCORE)
    ranked = longs(book, SIZES)[RANKED] == 1
    for r in range(count):
        lowest[r] = ALL_BITS
        score[r] = np.inf
    for j in range(longs(book, MARKS)[LIST_LENGTH]):
        state = listed_state[j]
        place = np.uint64(j)
        if ranked:
            weight = 1.0 + float(message_shares[listed[j]])
            for r in range(count):
                one = listed_score(ranked, uniform(fold(state, keys[r])), weight)
                lowest[r] = place if one < score[r] else lowest[r]
                score[r] = min(one, score[r])
        else:
            for r in range(count):
                lowest[r] = min(fold(state, keys[r]) & ~PLACE_BITS | place, lowest[r])


@kernel(inline=True, inner=True)
def picked(book, r):
    """Return the message that :func:`pick_for_all` picked for key ``r`` of a block."""
    return longs(book, LISTED)[np.int64(words(book, PICKED)[r] & PLACE_BITS)]


@kernel(inner=True)
def look_at_list(book, row, key):
    """Show one message of the trending list to a row that has a session now: it joins what waits."""
    ranked = longs(book, SIZES)[RANKED] == 1
    cold_half = half_rows(book, COLD_HALF)
    best = pick_listed(book, row, key)
    if best < 0:
        return
    kind_of_class = class_of(book, best)
    state = fold(words(book, STREAMS)[S_PICK], words(book, MESSAGE_KEYS)[best])
    score = pick_score(ranked, uniform(fold(state, key)), weight_now(book, best))
    wait_in_feed(book, best, kind_of_class, score, row)
    bit = np.uint16(SOURCE_LIST << shorts(book, MESSAGE_FRAME)[best])
    if cold_half[row, ROLE] & bit == 0:
        cold_half[row, ROLE] |= bit
        note_new_source(book, row, kind_of_class)
