"""Rows see, react, and what they do is noted: at their sessions, and at looks at the list (``docs/model.md`` 6.4)."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import floats, half_rows, int_rows, ints, longs, shorts, words
from sim.engine.calendar import gather
from sim.engine.landing import key_of
from sim.engine.layout import (
    ACKNOWLEDGED,
    ACT_OF,
    ACTORS,
    BATCH,
    BY_LOCALS,
    CAUSE_OF,
    CHANGE_GAINED,
    CHANGE_MINUTE,
    CHANGE_ROW,
    COLD,
    COLD_HALF,
    DUE,
    ENTRY,
    FOLLOWS,
    FOLLOWS_CENTRAL,
    FOLLOWS_LOCAL,
    FROM_START,
    GAINED_ROWS,
    HOT,
    JOINED,
    JOINED_ACCOUNT,
    JOINED_ROW,
    KEYS,
    LAST_MESSAGE,
    LIST_LENGTH,
    LOCALITY,
    LOOKER,
    LOOKERS,
    MARKS,
    MESSAGE_FRAME,
    MESSAGE_KIND,
    MESSAGE_ROOT,
    MINUTES,
    PICK_DRAW,
    PICK_KEY,
    ROLE,
    S_REACTION,
    SESSION_CALENDAR,
    SIZES,
    SOURCE_LIST,
    STREAMS,
    WAKES,
)
from sim.engine.looking import BLOCK, is_own, pick_for_all, pick_listed, picked
from sim.engine.prefetch import prefetch_row
from sim.engine.record import TIMELINE, Kind
from sim.engine.sights import count_sight
from sim.engine.waking import passed_on_before, react, remember, wake
from sim.reaction.actions import FOLLOW, IGNORE, UNFOLLOW
from sim.rng import fold, uniform

FOLLOWED, UNFOLLOWED = TIMELINE.index("followed"), TIMELINE.index("unfollowed")
ACKNOWLEDGEMENT = int(Kind.ACKNOWLEDGEMENT)
AHEAD, FAR_AHEAD = 12, 24
"""Rows asked of memory ahead of their turn: at sessions (two lines each), at looks (half a line)."""


@kernel(inner=True)
def note_follow(book, minute, row, gained):
    """Begin or end following the sender, and write it down."""
    marks = longs(book, MARKS)
    change_minute = ints(book, CHANGE_MINUTE)
    change_row = ints(book, CHANGE_ROW)
    change_gained = shorts(book, CHANGE_GAINED)
    timeline = int_rows(book, MINUTES)
    sizes = longs(book, SIZES)
    cold_half = half_rows(book, COLD_HALF)
    joined_row = ints(book, JOINED_ROW)
    joined_account = ints(book, JOINED_ACCOUNT)
    locality = ints(book, LOCALITY)
    at = marks[FOLLOWS]
    change_minute[at] = minute
    change_row[at] = row
    change_gained[at] = gained
    marks[FOLLOWS] = at + 1
    if not gained:
        cold_half[row, ROLE] &= np.uint16(65_535 - FOLLOWS_CENTRAL - FOLLOWS_LOCAL)
        timeline[UNFOLLOWED, minute] += 1
        return
    by_locals = sizes[BY_LOCALS] == 1
    cold_half[row, ROLE] |= np.uint16(FOLLOWS_LOCAL if by_locals else FOLLOWS_CENTRAL)
    timeline[FOLLOWED, minute] += 1
    if cold_half[row, ROLE] & (FROM_START | JOINED) == 0:
        cold_half[row, ROLE] |= JOINED
        at = marks[GAINED_ROWS]
        joined_row[at] = row
        joined_account[at] = locality[row] if by_locals else 0
        marks[GAINED_ROWS] = at + 1


@kernel(inline=True, inner=True)
def note_action(book, minute, row, action, cause):
    """Note what a row does; messages wait until the minute's are put out."""
    if action == IGNORE:
        return
    if action == UNFOLLOW or action == FOLLOW:
        note_follow(book, minute, row, action == FOLLOW)
        return
    marks = longs(book, MARKS)
    at = marks[BATCH]
    ints(book, ACTORS)[at] = row
    shorts(book, ACT_OF)[at] = action
    ints(book, CAUSE_OF)[at] = cause
    marks[BATCH] = at + 1


@kernel(inner=True)
def look(book, minute, row, key, message, draw):
    """Let a row that has no session now see one message of the list, and react; what waits goes on waiting."""
    cold = int_rows(book, COLD)
    cold_half = half_rows(book, COLD_HALF)
    if cold[row, LAST_MESSAGE] >= 0 and is_own(book, message, row):
        message = pick_listed(book, row, key)
        if message < 0:
            return
    frame = np.int64(shorts(book, MESSAGE_FRAME)[message])
    root = np.int64(ints(book, MESSAGE_ROOT)[message])
    bit = np.uint16(SOURCE_LIST << frame)
    fresh = np.int64(1 if cold_half[row, ROLE] & bit == 0 else 0)
    if shorts(book, MESSAGE_KIND)[root] == ACKNOWLEDGEMENT:
        bit |= np.uint16(ACKNOWLEDGED)
    first = remember(
        book, minute, row, 1 - frame, frame, (1 - frame) * fresh, frame * fresh, np.int64(0), bit,
    )  # fmt: skip
    count_sight(book, minute, row, frame, message, 1, first)
    fresh_root = cold[row, LAST_MESSAGE] < 0 or not passed_on_before(book, row, root)
    action = react(book, row, frame == 0 and fresh_root, frame == 1 and fresh_root, draw)
    note_action(book, minute, row, action, message)


@kernel(inner=True)
def look_all(book, minute):
    """Let all who look at the list in this minute look; those who have a session now too are left to it."""
    marks = longs(book, MARKS)
    cold = int_rows(book, COLD)
    looker = ints(book, LOOKER)
    row_keys = words(book, KEYS)
    keys = words(book, PICK_KEY)
    draws = floats(book, PICK_DRAW)
    stream = words(book, STREAMS)[S_REACTION]
    lookers = marks[LOOKERS]
    for r in range(min(FAR_AHEAD, lookers)):
        prefetch_row(cold, np.intp(looker[r]))
    for block in range(0, lookers, BLOCK):
        count = min(BLOCK, lookers - block)
        for r in range(count):
            keys[r] = key_of(row_keys, np.int64(looker[block + r]))
        for r in range(count):
            draws[r] = uniform(fold(fold(stream, keys[r]), np.uint64(minute)))
        pick_for_all(book, count)
        for r in range(count):
            if block + r + FAR_AHEAD < lookers:
                prefetch_row(cold, np.intp(looker[block + r + FAR_AHEAD]))
            row = np.int64(looker[block + r])
            if cold[row, WAKES] == minute:
                cold[row, WAKES] = -2 - minute
            else:
                look(book, minute, row, keys[r], picked(book, r), draws[r])


@kernel(inner=True)
def wake_rows(book, minute):
    """Let every row with an entry or a look in this minute see and react, once."""
    hot = int_rows(book, HOT)
    cold = int_rows(book, COLD)
    marks = longs(book, MARKS)
    due = ints(book, DUE)
    keys = words(book, KEYS)
    count = gather(book, SESSION_CALENDAR, minute, due)
    looks = marks[LOOKERS] > 0 and marks[LIST_LENGTH] > 0
    if looks:
        for j in range(count + AHEAD):
            if j < count:
                prefetch_row(hot, np.intp(due[j]))
                prefetch_row(cold, np.intp(due[j]))
            if j >= AHEAD and hot[due[j - AHEAD], ENTRY] == minute:
                cold[due[j - AHEAD], WAKES] = minute
        look_all(book, minute)
    for j in range(count + AHEAD):
        if j < count:
            prefetch_row(hot, np.intp(due[j]))
            prefetch_row(cold, np.intp(due[j]))
        if j < AHEAD:
            continue
        row = np.int64(due[j - AHEAD])
        if hot[row, ENTRY] == minute:
            action, cause = wake(book, minute, row, key_of(keys, row), looks and cold[row, WAKES] == -2 - minute)
            note_action(book, minute, row, action, cause)
