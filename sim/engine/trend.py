"""Trending and newsrooms in a minute (``docs/model.md`` 6.1 and 6.2)."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import floats, int_rows, ints, long_rows, longs, shorts, words
from sim.engine.layout import (
    FAULT,
    FIRST_TREND,
    JOURNALIST_SAW,
    LAG_MEDIAN,
    LAG_SIGMA,
    LIST_HALF_LIFE,
    LIST_LENGTH,
    LIST_SIZE,
    LISTED,
    LISTED_SCORE,
    LISTED_STATE,
    MARKS,
    MESSAGE_CALL,
    MESSAGE_KEYS,
    MESSAGE_KIND,
    MESSAGE_MINUTE,
    MESSAGE_SHARES,
    MESSAGES,
    MINUTES,
    NEVER,
    NEWS_DUE,
    NEWSROOMS,
    NOTICED,
    NOVELTY,
    NUMBERS,
    OWN,
    OWN_NEWSROOM,
    PICK_UP,
    RANKED,
    S_LISTED,
    S_NEWS_LAG,
    S_NEWS_PICKUP,
    SIZES,
    STREAMS,
    TREND_NEEDED,
    TREND_ON,
    TRENDING,
    WIRE,
    WITHDRAWN,
)
from sim.engine.own_calls import NEWSROOM_FAILED, call_newsroom
from sim.engine.record import TIMELINE, Kind
from sim.extensions.entries import FAILED
from sim.feed.ranking import list_score
from sim.feed.trending import WINDOW_MINUTES, needed_now, trends
from sim.newsroom.pickup import notices, report_minute
from sim.rng import NEWSROOM_KEYS, fold, uniform

SHARE = int(Kind.SHARE)
PEOPLE_COLUMNS = 4
"""The first columns of the timeline: originals and shares of either frame."""
TRENDING_COLUMN = TIMELINE.index("trending")


@kernel(inline=True, inner=True)
def messages_between(book, first, last):
    """Return campaign and counter messages by people in minutes ``first`` to ``last`` (inclusive)."""
    timeline = int_rows(book, MINUTES)
    campaign = 0
    counter = 0
    for minute in range(max(first, 0), last + 1):
        campaign += timeline[0, minute] + timeline[2, minute]
        counter += timeline[1, minute] + timeline[3, minute]
    return campaign, counter


@kernel(inner=True)
def update_trend(book, minute):
    """Begin or end trending; while it lasts, rows that use lists look at them."""
    sizes = longs(book, SIZES)
    marks = longs(book, MARKS)
    numbers = floats(book, NUMBERS)
    timeline = int_rows(book, MINUTES)
    if sizes[TREND_ON] == 0:
        return
    campaign, counter = messages_between(book, minute - WINDOW_MINUTES, minute - 1)
    before = marks[TRENDING] == 1
    since = minute - marks[FIRST_TREND] if marks[FIRST_TREND] >= 0 else 0
    needed = needed_now(numbers[TREND_NEEDED], since, numbers[NOVELTY])
    now = trends(before, float(campaign + counter), needed)
    marks[TRENDING] = 1 if now else 0
    if now:
        timeline[TRENDING_COLUMN, minute] = 1
        if marks[FIRST_TREND] < 0:
            marks[FIRST_TREND] = minute


@kernel(inner=True)
def stand_on_list(book, original):
    """Give an original its place on the ranked list, if its standing earns one."""
    message_shares = ints(book, MESSAGE_SHARES)
    message_minute = ints(book, MESSAGE_MINUTE)
    numbers = floats(book, NUMBERS)
    marks = longs(book, MARKS)
    listed = longs(book, LISTED)
    listed_score = floats(book, LISTED_SCORE)
    message_keys = words(book, MESSAGE_KEYS)
    sizes = longs(book, SIZES)
    listed_state = words(book, LISTED_STATE)
    streams = words(book, STREAMS)
    score = list_score(message_shares[original], message_minute[original], numbers[LIST_HALF_LIFE])
    count = marks[LIST_LENGTH]
    worst = 0
    for j in range(count):
        if listed[j] == original:
            listed_score[j] = score
            return
        lower = listed_score[j] < listed_score[worst]
        level = listed_score[j] == listed_score[worst]
        if lower or (level and message_keys[listed[j]] > message_keys[listed[worst]]):
            worst = j
    if count < sizes[LIST_SIZE]:
        marks[LIST_LENGTH] = count + 1
        worst = count
    else:
        better = score > listed_score[worst]
        level = score == listed_score[worst]
        if not (better or (level and message_keys[original] < message_keys[listed[worst]])):
            return
    listed[worst] = original
    listed_score[worst] = score
    listed_state[worst] = fold(streams[S_LISTED], message_keys[original])


@kernel(inner=True)
def list_latest(book):
    """Fill a chronological list: the latest messages by people that are not withdrawn."""
    marks = longs(book, MARKS)
    sizes = longs(book, SIZES)
    message_call = shorts(book, MESSAGE_CALL)
    message_kind = shorts(book, MESSAGE_KIND)
    listed = longs(book, LISTED)
    listed_state = words(book, LISTED_STATE)
    streams = words(book, STREAMS)
    message_keys = words(book, MESSAGE_KEYS)
    count = 0
    message = marks[MESSAGES] - 1
    while message >= 0 and count < sizes[LIST_SIZE]:
        gone = marks[WITHDRAWN] == 1 and message_call[message] == 1
        if message_kind[message] <= SHARE and not gone:
            listed[count] = message
            listed_state[count] = fold(streams[S_LISTED], message_keys[message])
            count += 1
        message -= 1
    marks[LIST_LENGTH] = count


@kernel(inner=True)
def notice_and_decide(book, minute):
    """Let newsrooms notice a trending story, and fix when each of them reports."""
    marks = longs(book, MARKS)
    sizes = longs(book, SIZES)
    numbers = floats(book, NUMBERS)
    news_due = longs(book, NEWS_DUE)
    streams = words(book, STREAMS)
    if marks[NOTICED] >= 0 or sizes[NEWSROOMS] == 0:
        return
    if notices(marks[TRENDING] == 1, minute, marks[JOURNALIST_SAW] == 1, marks[FIRST_TREND],
               numbers[WIRE]):  # fmt: skip
        marks[NOTICED] = minute
        own = long_rows(book, OWN)[OWN_NEWSROOM]
        campaign, counter = messages_between(book, minute - WINDOW_MINUTES, minute - 1)
        for newsroom in range(sizes[NEWSROOMS]):
            key = np.uint64(NEWSROOM_KEYS) + np.uint64(newsroom)
            pick_draw = uniform(fold(streams[S_NEWS_PICKUP], key))
            lag_draw = uniform(fold(streams[S_NEWS_LAG], key))
            if own[0] != 0:
                report = call_newsroom(
                    own[0], own[1], minute, newsroom, campaign, counter, marks[FIRST_TREND], marks[JOURNALIST_SAW],
                    pick_draw, lag_draw, numbers[PICK_UP], numbers[LAG_MEDIAN], numbers[LAG_SIGMA],
                )  # fmt: skip
                if report == FAILED:
                    marks[FAULT] = NEWSROOM_FAILED
                news_due[newsroom] = report if minute <= report < NEVER else NEVER
            else:
                news_due[newsroom] = report_minute(
                    minute, pick_draw, lag_draw, numbers[PICK_UP], numbers[LAG_MEDIAN], numbers[LAG_SIGMA]
                )


@kernel(inner=True)
def order_list(book):
    """Bring the list into the order of message keys, in which the first of level messages is the one looked at."""
    listed = longs(book, LISTED)
    listed_score = floats(book, LISTED_SCORE)
    listed_state = words(book, LISTED_STATE)
    message_keys = words(book, MESSAGE_KEYS)
    for end in range(1, longs(book, MARKS)[LIST_LENGTH]):
        message, score, state = listed[end], listed_score[end], listed_state[end]
        j = end
        while j > 0 and message_keys[listed[j - 1]] > message_keys[message]:
            listed[j], listed_score[j], listed_state[j] = listed[j - 1], listed_score[j - 1], listed_state[j - 1]
            j -= 1
        listed[j], listed_score[j], listed_state[j] = message, score, state


@kernel(inner=True)
def prepare_list(book):
    """Bring the list up to date; a ranked one is kept as messages come."""
    if longs(book, MARKS)[TRENDING] == 1:
        if longs(book, SIZES)[RANKED] == 0:
            list_latest(book)
        order_list(book)
