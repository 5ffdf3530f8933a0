"""One minute after another: trend, report, answer, see and react, put out, record (``docs/model.md`` 6)."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.answering import act_as_agency, most_messages
from sim.engine.arriving import land_all
from sim.engine.book import float_rows, floats, half_rows, int_rows, ints, is_given, longs, shorts, words
from sim.engine.calendar import COUNTS, gather
from sim.engine.landing import key_of
from sim.engine.layout import (
    ACT_OF,
    ACTORS,
    BATCH,
    BEGUN,
    BY_LOCALS,
    CAMPAIGN_FRAME,
    CAUSE_OF,
    CHANGE_GAINED,
    CHANGE_MINUTE,
    CHANGE_ROW,
    COLD,
    COLD_HALF,
    COUNTER_FRAME,
    DUE,
    ENTRY,
    FLAGS,
    FOLLOWS,
    FOLLOWS_CENTRAL,
    FOLLOWS_LOCAL,
    FROM_START,
    GAINED_ROWS,
    HOT,
    HOT_HALF,
    JOINED,
    JOINED_ACCOUNT,
    JOINED_ROW,
    KEYS,
    LEVELS,
    LOCALITY,
    LOOK,
    LOOK_CALENDAR,
    MARKS,
    MESSAGE_MINUTE,
    MESSAGES,
    MINUTE_START,
    MINUTES,
    NEWS_DUE,
    NEWSROOMS,
    NO,
    NOTICED,
    NUMBERS,
    PROFILE,
    PUT_OUT,
    ROLE,
    RULES,
    SALIENCE_LIFT,
    SESSION_CALENDAR,
    SIGHT_MINUTE,
    SIGHTS,
    SIZES,
    TRENDING,
    YES,
)
from sim.engine.prefetch import prefetch_row
from sim.engine.record import TIMELINE
from sim.engine.speaking import count_shares, speak_as_newsroom, speak_as_row
from sim.engine.trend import enter_look, messages_between, notice_and_decide, prepare_list, update_trend
from sim.engine.waking import wake
from sim.feed.trending import WINDOW_MINUTES
from sim.newsroom.pickup import lifted
from sim.people.sessions import days_of_activity
from sim.reaction.actions import FOLLOW, IGNORE, SALIENCE, UNFOLLOW

FOLLOWED, UNFOLLOWED = TIMELINE.index("followed"), TIMELINE.index("unfollowed")
AHEAD = 12


@kernel(inner=True)
def lift_salience(book, minute):
    """Let the stories that are due lift the topic's salience."""
    marks = longs(book, MARKS)
    sizes = longs(book, SIZES)
    news_due = longs(book, NEWS_DUE)
    levels = floats(book, LEVELS)
    numbers = floats(book, NUMBERS)
    if marks[NOTICED] < 0:
        return
    for newsroom in range(sizes[NEWSROOMS]):
        if news_due[newsroom] == minute:
            levels[SALIENCE] = lifted(levels[SALIENCE], numbers[SALIENCE_LIFT])


@kernel(inner=True)
def report_news(book, minute):
    """Put out the stories that are due."""
    marks = longs(book, MARKS)
    sizes = longs(book, SIZES)
    news_due = longs(book, NEWS_DUE)
    if marks[NOTICED] < 0:
        return
    for newsroom in range(sizes[NEWSROOMS]):
        if news_due[newsroom] == minute:
            campaign, counter = messages_between(book, minute - WINDOW_MINUTES, minute - 1)
            speak_as_newsroom(book, minute, newsroom, COUNTER_FRAME if counter > campaign else CAMPAIGN_FRAME)


@kernel(inner=True)
def note_follow(book, minute, row, gained):
    """Begin or end following the sender, and write it down."""
    marks = longs(book, MARKS)
    change_minute = ints(book, CHANGE_MINUTE)
    change_row = ints(book, CHANGE_ROW)
    change_gained = shorts(book, CHANGE_GAINED)
    hot_half = half_rows(book, HOT_HALF)
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
        hot_half[row, FLAGS] &= np.uint16(65_535 - FOLLOWS_CENTRAL - FOLLOWS_LOCAL)
        timeline[UNFOLLOWED, minute] += 1
        return
    by_locals = sizes[BY_LOCALS] == 1
    hot_half[row, FLAGS] |= np.uint16(FOLLOWS_LOCAL if by_locals else FOLLOWS_CENTRAL)
    timeline[FOLLOWED, minute] += 1
    if cold_half[row, ROLE] & (FROM_START | JOINED) == 0:
        cold_half[row, ROLE] |= JOINED
        at = marks[GAINED_ROWS]
        joined_row[at] = row
        joined_account[at] = locality[row] if by_locals else 0
        marks[GAINED_ROWS] = at + 1


@kernel(inner=True)
def wake_one(book, minute, row, by_session, by_look, look_list):
    """Let one row see and react, note what it does, and enter its next look."""
    cold = int_rows(book, COLD)
    levels = floats(book, LEVELS)
    marks = longs(book, MARKS)
    actors = ints(book, ACTORS)
    act_of = shorts(book, ACT_OF)
    cause_of = ints(book, CAUSE_OF)
    action, cause = wake(book, minute, row, by_session, by_look and look_list)
    if by_look:
        if look_list_open(book):
            enter_look(book, row, minute, levels[BEGUN])
        else:
            cold[row, LOOK] = -1
    if action == UNFOLLOW or action == FOLLOW:
        note_follow(book, minute, row, action == FOLLOW)
    elif action != IGNORE:
        at = marks[BATCH]
        actors[at] = row
        act_of[at] = action
        cause_of[at] = cause
        marks[BATCH] = at + 1


@kernel(inline=True, inner=True)
def look_list_open(book):
    """Tell whether the tag trends now."""
    marks = longs(book, MARKS)
    return marks[TRENDING] == 1


@kernel(inner=True)
def wake_rows(book, minute, by_look):
    """Let every row with a look (or else an entry) in this minute see and react, unless it has done so already."""
    hot = int_rows(book, HOT)
    cold = int_rows(book, COLD)
    due = ints(book, DUE)
    look_list = look_list_open(book)
    count = gather(book, LOOK_CALENDAR if by_look else SESSION_CALENDAR, minute, due)
    for j in range(count + AHEAD):
        if j < count:
            prefetch_row(hot, np.intp(due[j]))
            prefetch_row(cold, np.intp(due[j]))
        if j < AHEAD:
            continue
        row = np.int64(due[j - AHEAD])
        looks_now = cold[row, LOOK] == minute
        if by_look:
            if looks_now:
                wake_one(book, minute, row, NO, YES, look_list)
        elif hot[row, ENTRY] == minute:
            wake_one(book, minute, row, YES, looks_now, look_list)


@kernel(inner=True)
def put_out_rows(book, minute):
    """Write the rows' messages of this minute down, in the order of their keys."""
    count = longs(book, MARKS)[BATCH]
    if count == 0:
        return
    keys = words(book, KEYS)
    actors = ints(book, ACTORS)
    act_of = shorts(book, ACT_OF)
    cause_of = ints(book, CAUSE_OF)
    names = np.empty(count, dtype=np.uint64)
    for j in range(count):
        names[j] = key_of(keys, np.int64(actors[j]))
    for j in np.argsort(names):
        speak_as_row(book, minute, np.int64(actors[j]), np.int64(act_of[j]), np.int64(cause_of[j]))


@kernel(inner=True)
def has_room(book, minute):
    """Tell whether this minute's messages, changes and sights find room whatever happens."""
    marks = longs(book, MARKS)
    accounts = longs(book, PUT_OUT).shape[0]
    due = ints(book, SESSION_CALENDAR + COUNTS)[minute] + ints(book, LOOK_CALENDAR + COUNTS)[minute]
    moves = (float_rows(book, RULES).shape[0] + 2) * accounts
    spare = due + most_messages(book, minute) + moves + longs(book, NEWS_DUE).shape[0]
    if marks[MESSAGES] + spare > ints(book, MESSAGE_MINUTE).shape[0]:
        return False
    if marks[FOLLOWS] + due > ints(book, CHANGE_MINUTE).shape[0]:
        return False
    if marks[GAINED_ROWS] + due > ints(book, JOINED_ROW).shape[0]:
        return False
    if is_given(book, SIGHT_MINUTE):
        return marks[SIGHTS] + 2 * due <= ints(book, SIGHT_MINUTE).shape[0]
    return True


@kernel(inner=True)
def live_minute(book, minute):
    """Live through one minute, after its trend is known."""
    marks = longs(book, MARKS)
    minute_start = longs(book, MINUTE_START)
    first = marks[MESSAGES]
    minute_start[minute] = first
    marks[BATCH] = 0
    floats(book, LEVELS)[BEGUN] = days_of_activity(floats(book, PROFILE), np.int64(minute + 1))
    notice_and_decide(book, minute)
    lift_salience(book, minute)
    act_as_agency(book, minute)
    report_news(book, minute)
    prepare_list(book)
    wake_rows(book, minute, NO)
    wake_rows(book, minute, YES)
    put_out_rows(book, minute)
    last = marks[MESSAGES]
    minute_start[minute + 1] = last
    if last > first:
        count_shares(book, first, last)
    land_all(book, first, last, minute)


@kernel
def advance(book, minute, until):
    """Live through minutes ``minute`` to ``until - 1``.

    Returns
    -------
    int
        The next minute to live through: ``until``, or an earlier one whose messages may not find room;
        then the caller makes room and calls again.
    """
    while minute < until:
        update_trend(book, minute)  # before the check: it can wake more rows; doing it twice changes nothing
        if not has_room(book, minute):
            return minute
        live_minute(book, minute)
        minute += 1
    return minute
