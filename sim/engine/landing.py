"""How messages land in feeds (``docs/model.md`` 5): the engine's hottest loop.

Landing is order-free: it counts, keeps minima and sets marks, so a minute's messages may land in any
order. The draw comes first: it needs nothing but the two keys, and rules most rows out before their
memory is touched.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import floats, half_rows, int_rows, ints, longs, octets, real_rows, shorts, words
from sim.engine.calendar import enter
from sim.engine.layout import (
    ACK_WAITING,
    AGENCY_WAITING,
    BEGUN,
    CALLS_WAITING,
    CANDIDATE,
    CLASS_CALL,
    CLASS_CAMPAIGN,
    CLASS_COUNTER,
    EDGE_SEEN,
    ENTRY,
    FIRST_UNIT,
    FLAGS,
    FOLLOWER,
    HORIZON,
    HOT,
    HOT_HALF,
    HOT_REAL,
    KEYS,
    LEVELS,
    LIFT_AROUSAL,
    LIFT_SHARES,
    LUCKY,
    LUCKY_DRAW,
    LUCKY_EDGE,
    MESSAGE_AUTHOR,
    MESSAGE_CALL,
    MESSAGE_FRAME,
    MESSAGE_KEYS,
    MESSAGE_KIND,
    MESSAGE_ROOT,
    MESSAGE_SHARES,
    NEW_SOURCES,
    NUMBERS,
    PROFILE,
    RANKED,
    RATE,
    S_PICK,
    S_SEEN,
    S_SESSION,
    SATURATED,
    SCORE,
    SESSION,
    SESSION_CALENDAR,
    SINK,
    SIZES,
    START,
    STREAMS,
    VISIBLE,
    WAITING,
)
from sim.engine.prefetch import prefetch_row
from sim.engine.record import Kind
from sim.feed.exposure import feed_age
from sim.feed.ranking import pick_score, rank_weight
from sim.people.sessions import session_after
from sim.reaction.actions import AROUSAL, COUNTER, MEDIA
from sim.rng import fold, uniform

ACKNOWLEDGEMENT = int(Kind.ACKNOWLEDGEMENT)
AHEAD = 12
"""Rows asked of memory ahead of their turn."""


@kernel(inline=True, inner=True)
def key_of(keys, row):
    """Return the key (uint64) of a row; ``keys`` is empty where the key is the row."""
    if keys.shape[0] == 0:
        return np.uint64(row)
    return keys[row]


@kernel(inline=True, inner=True)
def class_of(book, message):
    """Return the class in which a message waits: campaign, counter, or rooted in the call."""
    message_frame = shorts(book, MESSAGE_FRAME)
    message_call = shorts(book, MESSAGE_CALL)
    if message_frame[message] == COUNTER:
        return CLASS_COUNTER
    if message_call[message] == 1:
        return CLASS_CALL
    return CLASS_CAMPAIGN


@kernel(inline=True, inner=True)
def weight_now(book, message):
    """Return the rank weight (float32) of a message as things stand."""
    levels = floats(book, LEVELS)
    message_frame = shorts(book, MESSAGE_FRAME)
    sizes = longs(book, SIZES)
    message_shares = ints(book, MESSAGE_SHARES)
    message_root = ints(book, MESSAGE_ROOT)
    numbers = floats(book, NUMBERS)
    stirring = levels[AROUSAL] if message_frame[message] == COUNTER else levels[MEDIA]
    return rank_weight(
        sizes[RANKED] == 1, message_shares[message_root[message]], stirring,
        numbers[LIFT_SHARES], numbers[LIFT_AROUSAL],
    )  # fmt: skip


@kernel(inline=True, inner=True)
def waking_minute(book, row, key, minute):
    """Return the minute in which a row next looks at its feed: its live entry, or its next session."""
    hot = int_rows(book, HOT)
    profile = floats(book, PROFILE)
    streams = words(book, STREAMS)
    hot_real = real_rows(book, HOT_REAL)
    levels = floats(book, LEVELS)
    entry = hot[row, ENTRY]
    if entry > minute:
        return np.int64(entry)
    session = hot[row, SESSION]
    if session <= minute:
        session = np.int32(
            session_after(
                profile,
                streams[S_SESSION],
                key,
                float(hot_real[row, RATE]),
                minute,
                levels[BEGUN],
                np.int64(half_rows(book, HOT_HALF)[row, FIRST_UNIT]),
            )  # fmt: skip
        )
        hot[row, SESSION] = session
    return np.int64(session)


@kernel(inline=True, inner=True)
def wait_in_feed(book, message, kind_of_class, score, row):
    """Let a message that will be seen wait for a row: count it, keep the best candidate."""
    hot_half = half_rows(book, HOT_HALF)
    hot_real = real_rows(book, HOT_REAL)
    message_keys = words(book, MESSAGE_KEYS)
    hot = int_rows(book, HOT)
    message_kind = shorts(book, MESSAGE_KIND)
    message_root = ints(book, MESSAGE_ROOT)
    count = hot_half[row, WAITING + kind_of_class]
    better = True
    if count > 0:
        best = hot_real[row, SCORE + kind_of_class]
        better = score < best
        if score == best:
            better = message_keys[message] < message_keys[hot[row, CANDIDATE + kind_of_class]]
    if better:
        hot_real[row, SCORE + kind_of_class] = score
        hot[row, CANDIDATE + kind_of_class] = message
    if count < SATURATED:
        hot_half[row, WAITING + kind_of_class] = count + 1
    if message_kind[message_root[message]] == ACKNOWLEDGEMENT:
        hot_half[row, FLAGS] |= ACK_WAITING


@kernel(inline=True, inner=True)
def note_new_source(book, row, kind_of_class):
    """Count one more distinct source of a class for a row."""
    hot_half = half_rows(book, HOT_HALF)
    count = hot_half[row, NEW_SOURCES + kind_of_class]
    if count < SATURATED:
        hot_half[row, NEW_SOURCES + kind_of_class] = count + 1


@kernel(inline=True, inner=True)
def note_shared_source(book, row, kind_of_class, source_bit, frame):
    """Count agency, newsrooms or list as one source of a frame, once."""
    hot_half = half_rows(book, HOT_HALF)
    bit = np.uint16(source_bit << frame)
    if hot_half[row, FLAGS] & bit == 0:
        hot_half[row, FLAGS] |= bit
        note_new_source(book, row, kind_of_class)


@kernel(inline=True, inner=True)
def note_agency_impression(book, row, kind_of_class):
    """Count one more impression of an account's message that waits; of calls apart, since they can be withdrawn."""
    hot_half = half_rows(book, HOT_HALF)
    column = CALLS_WAITING if kind_of_class == CLASS_CALL else AGENCY_WAITING
    count = hot_half[row, column]
    if count < SATURATED:
        hot_half[row, column] = count + 1


@kernel(inline=True, inner=True)
def enter_session(book, row, waking, minute):
    """Put a row into the calendar unless it has a live entry."""
    hot = int_rows(book, HOT)
    if hot[row, ENTRY] <= minute:
        hot[row, ENTRY] = waking
        enter(book, SESSION_CALENDAR, waking, row)


@kernel(inner=True)
def sift_followers(book, message, first, last):
    """Gather the followers whose draw may do: returns their number; rows, draws, edges in scratch."""
    streams = words(book, STREAMS)
    message_keys = words(book, MESSAGE_KEYS)
    visible = floats(book, VISIBLE)
    follower = ints(book, FOLLOWER)
    keys = words(book, KEYS)
    lucky = ints(book, LUCKY)
    lucky_draw = floats(book, LUCKY_DRAW)
    lucky_edge = longs(book, LUCKY_EDGE)
    state = fold(streams[S_SEEN], message_keys[message])
    most = visible[0]
    found = 0
    for edge in range(first, last):
        row = follower[edge]
        draw = uniform(fold(state, key_of(keys, row)))
        lucky[found] = row
        lucky_draw[found] = draw
        lucky_edge[found] = edge
        found += 1 if draw < most else 0
    return found


@kernel(inner=True)
def land_at_followers(book, message, minute):
    """Let a row's message land at all followers of its author."""
    message_author = ints(book, MESSAGE_AUTHOR)
    start = longs(book, START)
    sizes = longs(book, SIZES)
    message_frame = shorts(book, MESSAGE_FRAME)
    message_root = ints(book, MESSAGE_ROOT)
    streams = words(book, STREAMS)
    message_keys = words(book, MESSAGE_KEYS)
    hot = int_rows(book, HOT)
    lucky = ints(book, LUCKY)
    keys = words(book, KEYS)
    hot_real = real_rows(book, HOT_REAL)
    lucky_draw = floats(book, LUCKY_DRAW)
    visible = floats(book, VISIBLE)
    lucky_edge = longs(book, LUCKY_EDGE)
    edge_seen = octets(book, EDGE_SEEN)
    author = np.int64(message_author[message])
    found = sift_followers(book, message, start[author], start[author + 1])
    if found == 0:
        return
    ranked = sizes[RANKED] == 1
    horizon = sizes[HORIZON]
    weight = weight_now(book, message)
    kind_of_class = class_of(book, message)
    bit = np.uint8(1 << message_frame[message])
    root_author = message_author[message_root[message]]
    pick_state = fold(streams[S_PICK], message_keys[message])
    for j in range(min(AHEAD, found)):
        prefetch_row(hot, np.intp(lucky[j]))
    for j in range(found):
        if j + AHEAD < found:
            prefetch_row(hot, np.intp(lucky[j + AHEAD]))
        row = np.int64(lucky[j])
        if row == root_author:
            continue
        key = key_of(keys, row)
        waking = waking_minute(book, row, key, minute)
        if waking >= horizon:
            continue
        age = feed_age(waking - minute, hot_real[row, SINK], weight)
        if lucky_draw[j] >= visible[age]:
            continue
        enter_session(book, row, waking, minute)
        wait_in_feed(book, message, kind_of_class,
                     pick_score(ranked, uniform(fold(pick_state, key)), weight), row)  # fmt: skip
        edge = lucky_edge[j]
        if edge_seen[edge] & bit == 0:
            edge_seen[edge] |= bit
            note_new_source(book, row, kind_of_class)


@kernel(inner=True)
def land_at(book, message, row, minute, certain, waking, source_bit, by_agency):
    """Let a message of an account or newsroom land at one row.

    Parameters
    ----------
    certain : bool
        Seen for certain (a reply to its addressee, a paid impression).
    waking : int
        The minute in which it is seen, at least ``minute + 1``.
    source_bit : int
        The shared source that it counts as.
    by_agency : bool

    Returns
    -------
    bool
        Whether it will be seen.
    """
    sizes = longs(book, SIZES)
    message_author = ints(book, MESSAGE_AUTHOR)
    message_root = ints(book, MESSAGE_ROOT)
    keys = words(book, KEYS)
    hot_real = real_rows(book, HOT_REAL)
    streams = words(book, STREAMS)
    message_keys = words(book, MESSAGE_KEYS)
    visible = floats(book, VISIBLE)
    message_frame = shorts(book, MESSAGE_FRAME)
    if waking >= sizes[HORIZON] or row == message_author[message_root[message]]:
        return False
    key = key_of(keys, row)
    weight = weight_now(book, message)
    if not certain:
        age = feed_age(waking - minute, hot_real[row, SINK], weight)
        if uniform(fold(fold(streams[S_SEEN], message_keys[message]), key)) >= visible[age]:
            return False
    kind_of_class = class_of(book, message)
    enter_session(book, row, waking, minute)
    draw = uniform(fold(fold(streams[S_PICK], message_keys[message]), key))
    score = pick_score(sizes[RANKED] == 1, draw, weight)
    wait_in_feed(book, message, kind_of_class, score, row)
    note_shared_source(book, row, kind_of_class, source_bit, message_frame[message])
    if by_agency:
        note_agency_impression(book, row, kind_of_class)
    return True
