"""Where the messages of a minute land: accounts' audiences, readers, addressees, followers (``docs/model.md`` 6.5)."""

from __future__ import annotations

import numpy as np

from sim.agency.signals import wake_minute
from sim.compiled import kernel
from sim.engine.book import floats, half_rows, int_rows, ints, longs, octets, shorts, words
from sim.engine.calendar import enter
from sim.engine.landing import key_of, land_at, land_at_followers, waking_minute
from sim.engine.layout import (
    AUDIENCE,
    AUDIENCE_START,
    COLD_HALF,
    ENTRY,
    FIRST_CALL,
    FLAGS,
    FOLLOWS_CENTRAL,
    FOLLOWS_LOCAL,
    GAINED_ROWS,
    HORIZON,
    HOT,
    HOT_HALF,
    IS_LOCAL,
    JOINED_ACCOUNT,
    JOINED_ROW,
    KEYS,
    MARKS,
    MESSAGE_AUTHOR,
    MESSAGE_CALL,
    MESSAGE_KEYS,
    MESSAGE_KIND,
    MESSAGE_PARENT,
    NEWS_REACH,
    NO,
    NOTIFY,
    NUMBERS,
    PAID,
    PAID_START,
    REPLY_WAITING,
    ROLE,
    S_NEWS_READER,
    S_NOTIFY,
    SESSION_CALENDAR,
    SIZES,
    SOURCE_AGENCY,
    SOURCE_NEWS,
    STREAMS,
    WITHDRAWN,
    YES,
)
from sim.engine.record import NEWSROOM_AUTHOR, Kind
from sim.rng import NEWSROOM_KEYS, fold, uniform

REPLY, STORY = int(Kind.REPLY), int(Kind.STORY)


@kernel(inner=True)
def land_at_audience(book, message, minute):
    """Let an account's message land at all who follow that account now."""
    message_author = ints(book, MESSAGE_AUTHOR)
    is_local = octets(book, IS_LOCAL)
    audience_start = longs(book, AUDIENCE_START)
    audience = ints(book, AUDIENCE)
    cold_half = half_rows(book, COLD_HALF)
    keys = words(book, KEYS)
    marks = longs(book, MARKS)
    joined_row = ints(book, JOINED_ROW)
    joined_account = ints(book, JOINED_ACCOUNT)
    account = -1 - message_author[message]
    bit = FOLLOWS_LOCAL if is_local[account] else FOLLOWS_CENTRAL
    for j in range(audience_start[account], audience_start[account + 1]):
        row = np.int64(audience[j])
        if cold_half[row, ROLE] & bit != 0:
            waking = waking_minute(book, row, key_of(keys, row), minute)
            land_at(book, message, row, minute, NO, waking, SOURCE_AGENCY, YES)
    for j in range(marks[GAINED_ROWS]):
        row = np.int64(joined_row[j])
        if joined_account[j] == account and cold_half[row, ROLE] & bit != 0:
            waking = waking_minute(book, row, key_of(keys, row), minute)
            land_at(book, message, row, minute, NO, waking, SOURCE_AGENCY, YES)


@kernel(inner=True)
def land_at_readers(book, message, minute):
    """Let a story land at all rows that read its newsroom."""
    message_author = ints(book, MESSAGE_AUTHOR)
    streams = words(book, STREAMS)
    hot = int_rows(book, HOT)
    keys = words(book, KEYS)
    numbers = floats(book, NUMBERS)
    newsroom = NEWSROOM_AUTHOR - message_author[message]
    state = fold(streams[S_NEWS_READER], np.uint64(NEWSROOM_KEYS) + np.uint64(newsroom))
    for row in range(hot.shape[0]):
        key = key_of(keys, row)
        if uniform(fold(state, key)) < numbers[NEWS_REACH]:
            waking = waking_minute(book, row, key, minute)
            land_at(book, message, row, minute, NO, waking, SOURCE_NEWS, NO)


@kernel(inner=True)
def land_at_addressee(book, message, minute):
    """Let a reply land at the author of what it answers, who looks early."""
    message_parent = ints(book, MESSAGE_PARENT)
    message_author = ints(book, MESSAGE_AUTHOR)
    keys = words(book, KEYS)
    streams = words(book, STREAMS)
    message_keys = words(book, MESSAGE_KEYS)
    numbers = floats(book, NUMBERS)
    sizes = longs(book, SIZES)
    hot = int_rows(book, HOT)
    hot_half = half_rows(book, HOT_HALF)
    answered = message_parent[message]
    row = np.int64(message_author[answered])
    usual = waking_minute(book, row, key_of(keys, row), minute)
    draw = uniform(fold(streams[S_NOTIFY], message_keys[answered]))
    waking = min(np.int64(usual), np.int64(wake_minute(minute, draw, numbers[NOTIFY])))
    if waking >= sizes[HORIZON]:
        return
    if hot[row, ENTRY] > minute and waking < hot[row, ENTRY]:
        # the earlier entry holds; the one left behind is known as stale when its minute comes
        hot[row, ENTRY] = waking
        enter(book, SESSION_CALENDAR, waking, row)
    land_at(book, message, row, minute, YES, waking, SOURCE_AGENCY, YES)
    hot_half[row, FLAGS] |= REPLY_WAITING


@kernel(inner=True)
def land_paid(book, minute):
    """Let the paid impressions of this minute land."""
    paid_start = longs(book, PAID_START)
    marks = longs(book, MARKS)
    paid = ints(book, PAID)
    keys = words(book, KEYS)
    if minute + 1 >= paid_start.shape[0] or marks[WITHDRAWN] == 1 or marks[FIRST_CALL] < 0:
        return
    for j in range(paid_start[minute], paid_start[minute + 1]):
        row = np.int64(paid[j])
        waking = waking_minute(book, row, key_of(keys, row), minute)
        land_at(book, marks[FIRST_CALL], row, minute, YES, waking, SOURCE_AGENCY, YES)


@kernel(inner=True)
def land_all(book, first, last, minute):
    """Let all messages of the minute land: replies last, since they move addressees' entries."""
    marks = longs(book, MARKS)
    message_call = shorts(book, MESSAGE_CALL)
    message_author = ints(book, MESSAGE_AUTHOR)
    message_kind = shorts(book, MESSAGE_KIND)
    replies = False
    for message in range(first, last):
        if marks[WITHDRAWN] == 1 and message_call[message] == 1:
            continue
        author = message_author[message]
        if author >= 0:
            land_at_followers(book, message, minute)
        elif message_kind[message] == STORY:
            land_at_readers(book, message, minute)
        elif message_kind[message] == REPLY:
            replies = True
        else:
            land_at_audience(book, message, minute)
    land_paid(book, minute)
    if replies:
        for message in range(first, last):
            if message_kind[message] == REPLY:
                land_at_addressee(book, message, minute)
