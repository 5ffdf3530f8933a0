"""A look at the trending list: which of its messages a row sees (``docs/model.md`` 6.4)."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import ints, longs, shorts, words
from sim.engine.landing import class_of, note_shared_source, wait_in_feed, weight_now
from sim.engine.layout import (
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
    RANKED,
    S_PICK,
    SIZES,
    SOURCE_LIST,
    STREAMS,
)
from sim.feed.ranking import listed_score, pick_score
from sim.rng import fold, uniform

ALL_BITS, DRAW_SHIFT = np.uint64(2**64 - 1), np.uint64(11)


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
def pick_latest(book, key):
    """Return the message of a chronological list that a row looks at, as :func:`pick_listed`, without branches.

    The smallest draw wins, so that whole numbers can be compared instead of draws. NONE also if two
    draws are level, for :func:`pick_listed` to decide.
    """
    listed = longs(book, LISTED)
    listed_state = words(book, LISTED_STATE)
    best = NONE
    lowest = ALL_BITS
    level = False
    for j in range(longs(book, MARKS)[LIST_LENGTH]):
        bits = fold(listed_state[j], key) >> DRAW_SHIFT
        level = (level and bits >= lowest) or bits == lowest
        best = np.int64(j) if bits < lowest else best
        lowest = min(bits, lowest)
    if level or best < 0:
        return NONE
    return listed[best]


@kernel(inner=True)
def look_at_list(book, row, key):
    """Show one message of the trending list to a row: it joins what waits."""
    ranked = longs(book, SIZES)[RANKED] == 1
    best = NONE if ranked else pick_latest(book, key)
    if best < 0 or is_own(book, best, row):
        best = pick_listed(book, row, key)
    if best < 0:
        return
    kind_of_class = class_of(book, best)
    state = fold(words(book, STREAMS)[S_PICK], words(book, MESSAGE_KEYS)[best])
    score = pick_score(ranked, uniform(fold(state, key)), weight_now(book, best))
    wait_in_feed(book, best, kind_of_class, score, row)
    note_shared_source(book, row, kind_of_class, SOURCE_LIST, shorts(book, MESSAGE_FRAME)[best])
