"""What is put out in a minute: numbers, keys and kinds of messages (``docs/model.md`` 5 and 6.5)."""

from __future__ import annotations

import numpy as np

from sim.agency.signals import observed_frame
from sim.compiled import kernel
from sim.engine.book import floats, half_rows, int_rows, ints, longs, shorts, words
from sim.engine.landing import key_of
from sim.engine.layout import (
    ACTS,
    CAMPAIGN_FRAME,
    COLD,
    COLD_HALF,
    COUNTER_FRAME,
    DETECTION_ERROR,
    KEYS,
    LAST_MESSAGE,
    MARKS,
    MESSAGE_AUTHOR,
    MESSAGE_CALL,
    MESSAGE_FRAME,
    MESSAGE_KEYS,
    MESSAGE_KIND,
    MESSAGE_MINUTE,
    MESSAGE_PARENT,
    MESSAGE_PREVIOUS,
    MESSAGE_ROOT,
    MESSAGE_SHARES,
    MESSAGES,
    MINUTES,
    NONE,
    NUMBERS,
    PUT_OUT,
    RANKED,
    S_DETECT,
    SATURATED,
    SIZES,
    STREAMS,
    TREND_ON,
)
from sim.engine.record import NEWSROOM_AUTHOR, TIMELINE, Kind
from sim.engine.trend import stand_on_list
from sim.reaction.actions import SHARE_CAMPAIGN, SHARE_COUNTER, WRITE_COUNTER
from sim.rng import ACCOUNT_KEYS, NEWSROOM_KEYS, fold, uniform

ORIGINAL, SHARE, POST = np.int64(Kind.ORIGINAL), np.int64(Kind.SHARE), np.int64(Kind.POST)
BOOST, STORY = np.int64(Kind.BOOST), np.int64(Kind.STORY)
OBSERVED = TIMELINE.index("observed_campaign")
AGENCY_COLUMN = TIMELINE.index("agency_messages")
STORY_COLUMN = TIMELINE.index("stories")
ZERO = np.uint64(0)


@kernel(inline=True, inner=True)
def message_key(author_key, minute):
    """Return the hashed key of a message (uint64) of an author with ``author_key`` in ``minute``."""
    return fold(fold(ZERO, author_key), np.uint64(minute))


@kernel(inline=True, inner=True)
def append_message(book, minute, author, frame, kind, parent, key):
    """Write a message down and return its number; shares and boosts join the root of their parent."""
    marks = longs(book, MARKS)
    message_minute = ints(book, MESSAGE_MINUTE)
    message_author = ints(book, MESSAGE_AUTHOR)
    message_frame = shorts(book, MESSAGE_FRAME)
    message_kind = shorts(book, MESSAGE_KIND)
    message_parent = ints(book, MESSAGE_PARENT)
    message_shares = ints(book, MESSAGE_SHARES)
    message_keys = words(book, MESSAGE_KEYS)
    message_previous = ints(book, MESSAGE_PREVIOUS)
    message_call = shorts(book, MESSAGE_CALL)
    message_root = ints(book, MESSAGE_ROOT)
    number = marks[MESSAGES]
    message_minute[number] = minute
    message_author[number] = author
    message_frame[number] = frame
    message_kind[number] = kind
    message_parent[number] = parent
    message_shares[number] = 0
    message_keys[number] = key
    message_previous[number] = -1
    message_call[number] = 0
    message_root[number] = number
    if kind == SHARE or kind == BOOST:
        root = message_root[parent]
        message_root[number] = root
        message_call[number] = message_call[root]
    marks[MESSAGES] = number + 1
    return number


@kernel(inner=True)
def speak_as_account(book, minute, account, frame, kind, parent, is_call):
    """Put a message of an account out; returns its number."""
    put_out = longs(book, PUT_OUT)
    message_call = shorts(book, MESSAGE_CALL)
    timeline = int_rows(book, MINUTES)
    key = message_key(np.uint64(ACCOUNT_KEYS) + np.uint64(account), minute)
    if put_out[account] > 0:
        key = fold(key, np.uint64(put_out[account]))
    put_out[account] += 1
    number = append_message(book, minute, -1 - account, frame, kind, parent, key)
    if is_call:
        message_call[number] = 1
    timeline[AGENCY_COLUMN, minute] += 1
    return number


@kernel(inner=True)
def speak_as_newsroom(book, minute, newsroom, frame):
    """Put a newsroom's story out; returns its number."""
    timeline = int_rows(book, MINUTES)
    key = message_key(np.uint64(NEWSROOM_KEYS) + np.uint64(newsroom), minute)
    timeline[STORY_COLUMN, minute] += 1
    return append_message(book, minute, NEWSROOM_AUTHOR - newsroom, frame, STORY, NONE, key)


@kernel(inner=True)
def speak_as_row(book, minute, row, action, cause):
    """Put a row's message out; returns its number."""
    keys = words(book, KEYS)
    message_previous = ints(book, MESSAGE_PREVIOUS)
    cold = int_rows(book, COLD)
    cold_half = half_rows(book, COLD_HALF)
    timeline = int_rows(book, MINUTES)
    streams = words(book, STREAMS)
    numbers = floats(book, NUMBERS)
    shares = action == SHARE_CAMPAIGN or action == SHARE_COUNTER
    frame = COUNTER_FRAME if action == SHARE_COUNTER or action == WRITE_COUNTER else CAMPAIGN_FRAME
    key = message_key(key_of(keys, row), minute)
    number = append_message(book, minute, row, frame, SHARE if shares else ORIGINAL, cause, key)
    message_previous[number] = cold[row, LAST_MESSAGE]
    cold[row, LAST_MESSAGE] = number
    acts = cold_half[row, ACTS]
    if acts < SATURATED:
        cold_half[row, ACTS] = acts + 1
    timeline[(2 if shares else 0) + frame, minute] += 1
    read = observed_frame(frame, uniform(fold(streams[S_DETECT], key)), numbers[DETECTION_ERROR])
    timeline[OBSERVED + read, minute] += 1
    return number


@kernel(inner=True)
def count_shares(book, first, last):
    """Count this minute's shares and boosts at their roots, and let originals stand on a ranked list."""
    sizes = longs(book, SIZES)
    message_kind = shorts(book, MESSAGE_KIND)
    message_root = ints(book, MESSAGE_ROOT)
    message_shares = ints(book, MESSAGE_SHARES)
    ranked = sizes[RANKED] == 1 and sizes[TREND_ON] == 1
    for message in range(first, last):
        kind = message_kind[message]
        root = message_root[message]
        if kind == SHARE or kind == BOOST:
            message_shares[root] += 1
    if ranked:
        for message in range(first, last):
            root = message_root[message]
            if message_kind[root] == ORIGINAL:
                stand_on_list(book, root)


@kernel(inner=True)
def observed_as(book, message):
    """Return the frame as which the agency reads a message."""
    streams = words(book, STREAMS)
    message_keys = words(book, MESSAGE_KEYS)
    message_frame = shorts(book, MESSAGE_FRAME)
    numbers = floats(book, NUMBERS)
    draw = uniform(fold(streams[S_DETECT], message_keys[message]))
    return observed_frame(np.int64(message_frame[message]), draw, numbers[DETECTION_ERROR])
