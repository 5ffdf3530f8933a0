"""One minute after another: trend, report, answer, see and react, put out, record (``docs/model.md`` 6)."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.acting import wake_rows
from sim.engine.answering import act_as_agency, most_messages
from sim.engine.arriving import land_all
from sim.engine.book import float_rows, floats, ints, is_given, longs, shorts, words
from sim.engine.calendar import COUNTS
from sim.engine.landing import key_of
from sim.engine.layout import (
    ACT_OF,
    ACTORS,
    BATCH,
    BEGUN,
    CAMPAIGN_FRAME,
    CAUSE_OF,
    CHANGE_MINUTE,
    COUNTER_FRAME,
    FOLLOWS,
    GAINED_ROWS,
    JOINED_ROW,
    KEYS,
    LEVELS,
    LOOKERS,
    MARKS,
    MESSAGE_MINUTE,
    MESSAGES,
    MINUTE_START,
    NEWS_DUE,
    NEWSROOMS,
    NOTICED,
    NUMBERS,
    PROFILE,
    PUT_OUT,
    RULES,
    SALIENCE_LIFT,
    SESSION_CALENDAR,
    SIGHT_MINUTE,
    SIGHTS,
    SIZES,
)
from sim.engine.order import order_of
from sim.engine.schedule import find_lookers
from sim.engine.sights import order_sights
from sim.engine.speaking import count_shares, speak_as_newsroom, speak_as_row
from sim.engine.trend import messages_between, notice_and_decide, prepare_list, update_trend
from sim.feed.trending import WINDOW_MINUTES
from sim.newsroom.pickup import lifted
from sim.people.sessions import days_of_activity
from sim.reaction.actions import SALIENCE


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
    order = order_of(names)
    for i in range(count):
        j = order[i]
        speak_as_row(book, minute, np.int64(actors[j]), np.int64(act_of[j]), np.int64(cause_of[j]))


@kernel(inner=True)
def has_room(book, minute):
    """Tell whether this minute's messages, changes and sights find room whatever happens."""
    marks = longs(book, MARKS)
    accounts = longs(book, PUT_OUT).shape[0]
    due = ints(book, SESSION_CALENDAR + COUNTS)[minute] + marks[LOOKERS]
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
    sights = marks[SIGHTS]
    wake_rows(book, minute)
    order_sights(book, sights)
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
        update_trend(book, minute)  # before the check, for who looks; doing it twice changes nothing
        find_lookers(book, minute)
        if not has_room(book, minute):
            return minute
        live_minute(book, minute)
        minute += 1
    return minute
