"""See and react: what a row sees when it wakes, and the one action that follows (``docs/model.md`` 6.4)."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.engine.book import floats, half_rows, int_rows, ints, long_rows, longs, real_rows, words
from sim.engine.layout import (
    ACK_WAITING,
    ACKNOWLEDGED,
    ACTIVIST,
    ACTS,
    AGENCY_WAITING,
    ALLY,
    ANSWER,
    ANSWERED,
    CALLS_WAITING,
    CAMPAIGN_FRAME,
    CANDIDATE,
    CLASS_CALL,
    CLASS_CAMPAIGN,
    CLASS_COUNTER,
    CLOCK,
    COEF,
    COLD,
    COLD_HALF,
    COLD_REAL,
    COUNTER_FRAME,
    DAY,
    ENTRY,
    FLAGS,
    FOLLOWS_CENTRAL,
    FOLLOWS_LOCAL,
    GRIEVANCE,
    HOT,
    HOT_HALF,
    HOT_REAL,
    JOURNALIST,
    JOURNALIST_SAW,
    LAST_MESSAGE,
    LEVELS,
    LOCAL_TRUST,
    MARKS,
    MESSAGE_AUTHOR,
    MESSAGE_KEYS,
    MESSAGE_PREVIOUS,
    MESSAGE_ROOT,
    MINUTES,
    NEW_SOURCES,
    NONE,
    NUMBERS,
    OWN,
    OWN_REACTION,
    REACHED,
    REPLY_WAITING,
    ROLE,
    ROLE_MASK,
    S_REACTION,
    SATURATED,
    SCORE,
    SEEN,
    SIZES,
    SOOTHE,
    SOURCES,
    STREAMS,
    SUPPORT,
    TODAY,
    WAITING,
    WITHDRAWN,
)
from sim.engine.looking import look_at_list
from sim.engine.own_calls import choose_own
from sim.engine.record import TIMELINE
from sim.engine.sights import count_sight
from sim.reaction.actions import CAMPAIGN, COUNTER, SHARE_CAMPAIGN, SHARE_COUNTER
from sim.reaction.choice import choose
from sim.rng import fold, uniform

IMPRESSIONS = TIMELINE.index("impressions_campaign")
REACHED_ROWS = TIMELINE.index("reached")
DAY_MINUTES = 1440


@kernel(inline=True, inner=True)
def _grown(count, more):
    """Return a counter grown, held at its largest value."""
    return min(np.int64(SATURATED), np.int64(count) + np.int64(more))


@kernel(inner=True)
def drop_withdrawn(book, row):
    """Forget what waits of a call that was withdrawn, its sources included."""
    hot_half = half_rows(book, HOT_HALF)
    hot_half[row, WAITING + CLASS_CALL] = 0
    hot_half[row, NEW_SOURCES + CLASS_CALL] = 0
    hot_half[row, CALLS_WAITING] = 0


@kernel(inline=True, inner=True)
def better_candidate(book, row, one, other):
    """Return the class, of two, with the better candidate; -1 if nothing waits in either."""
    hot_half = half_rows(book, HOT_HALF)
    hot_real = real_rows(book, HOT_REAL)
    message_keys = words(book, MESSAGE_KEYS)
    hot = int_rows(book, HOT)
    has_one = one >= 0 and hot_half[row, WAITING + one] > 0
    has_other = other >= 0 and hot_half[row, WAITING + other] > 0
    if has_one and has_other:
        score_one = hot_real[row, SCORE + one]
        score_other = hot_real[row, SCORE + other]
        if score_one != score_other:
            return one if score_one < score_other else other
        key_one = message_keys[hot[row, CANDIDATE + one]]
        return one if key_one < message_keys[hot[row, CANDIDATE + other]] else other
    if has_one:
        return one
    return other if has_other else -1


@kernel(inline=True, inner=True)
def passed_on_before(book, row, root):
    """Tell whether a row has written or passed on this root."""
    message_author = ints(book, MESSAGE_AUTHOR)
    cold = int_rows(book, COLD)
    message_root = ints(book, MESSAGE_ROOT)
    message_previous = ints(book, MESSAGE_PREVIOUS)
    if message_author[root] == row:
        return True
    message = cold[row, LAST_MESSAGE]
    while message >= 0:
        if message_root[message] == root:
            return True
        message = message_previous[message]
    return False


@kernel(inline=True, inner=True)
def remember(book, minute, row, campaign, counter, sources_campaign, sources_counter, agency, marked):
    """Add what is seen now to the row's memory; tell whether it holds the row's first impression of all.

    Parameters
    ----------
    campaign, counter, sources_campaign, sources_counter, agency : int
        Impressions and new sources by frame; impressions of the agency's messages.
    marked : uint16
        State bits to set.
    """
    cold_half = half_rows(book, COLD_HALF)
    timeline = int_rows(book, MINUTES)
    marks = longs(book, MARKS)
    state = cold_half[row, ROLE]
    first = state & REACHED == 0
    timeline[REACHED_ROWS, minute] += 1 if first else 0
    timeline[IMPRESSIONS + CAMPAIGN, minute] += campaign
    timeline[IMPRESSIONS + COUNTER, minute] += counter
    cold_half[row, SEEN + CAMPAIGN] = _grown(cold_half[row, SEEN + CAMPAIGN], campaign)
    cold_half[row, SEEN + COUNTER] = _grown(cold_half[row, SEEN + COUNTER], counter)
    cold_half[row, SOURCES + CAMPAIGN] = _grown(cold_half[row, SOURCES + CAMPAIGN], sources_campaign)
    cold_half[row, SOURCES + COUNTER] = _grown(cold_half[row, SOURCES + COUNTER], sources_counter)
    day = (minute + longs(book, SIZES)[CLOCK]) // DAY_MINUTES
    today = np.int64(cold_half[row, TODAY]) if cold_half[row, DAY] == day else np.int64(0)
    cold_half[row, DAY] = day
    cold_half[row, TODAY] = _grown(today, agency)
    cold_half[row, ROLE] = state | np.uint16(REACHED) | marked
    if state & ROLE_MASK == JOURNALIST:
        marks[JOURNALIST_SAW] = 1
    return first


@kernel(inline=True, inner=True)
def take_in(book, minute, row, campaign_class):
    """Add what waits to the row's memory."""
    hot_half = half_rows(book, HOT_HALF)
    hot = int_rows(book, HOT)
    campaign = np.int64(hot_half[row, WAITING + CLASS_CAMPAIGN]) + np.int64(hot_half[row, WAITING + CLASS_CALL])
    counter = np.int64(hot_half[row, WAITING + CLASS_COUNTER])
    sources = np.int64(hot_half[row, NEW_SOURCES + CLASS_CAMPAIGN]) + np.int64(hot_half[row, NEW_SOURCES + CLASS_CALL])
    agency = np.int64(hot_half[row, AGENCY_WAITING]) + np.int64(hot_half[row, CALLS_WAITING])
    flags = hot_half[row, FLAGS]
    marked = np.uint16(ACKNOWLEDGED if flags & ACK_WAITING != 0 else 0)
    marked |= np.uint16(ANSWERED if flags & REPLY_WAITING != 0 else 0)
    first = remember(
        book, minute, row, campaign, counter, sources, np.int64(hot_half[row, NEW_SOURCES + CLASS_COUNTER]),
        agency, marked,
    )  # fmt: skip
    if campaign > 0:
        count_sight(book, minute, row, CAMPAIGN_FRAME, hot[row, CANDIDATE + campaign_class], campaign, first)
    if counter > 0:
        # a row's first impression is noted once, with the campaign frame if it saw both
        count_sight(book, minute, row, COUNTER_FRAME, hot[row, CANDIDATE + CLASS_COUNTER], counter,
                    first and campaign == 0)  # fmt: skip


@kernel(inline=True, inner=True)
def clear_waiting(book, row):
    """Empty the row's feed."""
    hot_half = half_rows(book, HOT_HALF)
    for j in range(3):
        hot_half[row, WAITING + j] = 0
        hot_half[row, NEW_SOURCES + j] = 0
    hot_half[row, AGENCY_WAITING] = 0
    hot_half[row, CALLS_WAITING] = 0
    hot_half[row, FLAGS] &= np.uint16(65_535 - ACK_WAITING - REPLY_WAITING)


@kernel(inner=True)
def react(book, row, can_campaign, can_counter, draw):
    """Return the action of a row that has just taken in what it saw.

    Parameters
    ----------
    can_campaign, can_counter : bool
        Whether there is a message of that frame which the row can pass on.
    draw : float in [0, 1)
        The draw of stream ``REACTION``.
    """
    cold_half = half_rows(book, COLD_HALF)
    levels = floats(book, LEVELS)
    cold_real = real_rows(book, COLD_REAL)
    state = cold_half[row, ROLE]
    role = state & ROLE_MASK
    follows = state & (FOLLOWS_CENTRAL | FOLLOWS_LOCAL) != 0
    trust = floats(book, NUMBERS)[LOCAL_TRUST] if state & FOLLOWS_LOCAL != 0 else 0.0
    hold = 1.0
    if state & ACKNOWLEDGED != 0:
        hold = hold * (1.0 - levels[SOOTHE])
    if state & ANSWERED != 0:
        hold = hold * (1.0 - levels[ANSWER])
    grievance, support = float(cold_real[row, GRIEVANCE]), float(cold_real[row, SUPPORT])
    committed = role == ACTIVIST or role == ALLY
    sources_campaign, sources_counter = cold_half[row, SOURCES + CAMPAIGN], cold_half[row, SOURCES + COUNTER]
    seen_campaign, seen_counter = cold_half[row, SEEN + CAMPAIGN], cold_half[row, SEEN + COUNTER]
    own = long_rows(book, OWN)[OWN_REACTION]
    if own[0] != 0:
        return choose_own(
            book, own, grievance, support, trust, hold, committed, np.int64(sources_campaign),
            np.int64(sources_counter), np.int64(seen_campaign), np.int64(seen_counter), np.int64(cold_half[row, ACTS]),
            np.int64(cold_half[row, TODAY]), can_campaign, can_counter, follows, draw,
        )  # fmt: skip
    return choose(
        floats(book, COEF), levels, grievance, support, trust, hold, committed, np.int64(sources_campaign),
        np.int64(sources_counter), np.int64(seen_campaign), np.int64(seen_counter), np.int64(cold_half[row, ACTS]),
        np.int64(cold_half[row, TODAY]), can_campaign, can_counter, follows, draw,
    )  # fmt: skip


@kernel(inner=True)
def wake(book, minute, row, key, looks):
    """Let a row see what waits, and one message of the list if it ``looks`` there now, and react.

    Returns
    -------
    (int, int)
        The action and the message that is passed on or that provoked it (-1 if nothing was seen).
    """
    hot = int_rows(book, HOT)
    message_root = ints(book, MESSAGE_ROOT)
    hot[row, ENTRY] = -1
    if longs(book, MARKS)[WITHDRAWN] == 1:
        drop_withdrawn(book, row)
    if looks:
        look_at_list(book, row, key)
    campaign_class = better_candidate(book, row, CLASS_CAMPAIGN, CLASS_CALL)
    counter_class = better_candidate(book, row, CLASS_COUNTER, NONE)
    action = 0
    cause = -1
    if campaign_class >= 0 or counter_class >= 0:
        take_in(book, minute, row, campaign_class)
        can_campaign = campaign_class >= 0
        can_counter = counter_class >= 0
        if int_rows(book, COLD)[row, LAST_MESSAGE] >= 0:  # who has said nothing has passed nothing on
            if can_campaign:
                can_campaign = not passed_on_before(book, row, message_root[hot[row, CANDIDATE + campaign_class]])
            if can_counter:
                can_counter = not passed_on_before(book, row, message_root[hot[row, CANDIDATE + CLASS_COUNTER]])
        draw = uniform(fold(fold(words(book, STREAMS)[S_REACTION], key), np.uint64(minute)))
        action = react(book, row, can_campaign, can_counter, draw)
        best = better_candidate(book, row, campaign_class, counter_class)
        cause = hot[row, CANDIDATE + best]
        if action == SHARE_CAMPAIGN:
            cause = hot[row, CANDIDATE + campaign_class]
        elif action == SHARE_COUNTER:
            cause = hot[row, CANDIDATE + CLASS_COUNTER]
    clear_waiting(book, row)
    return action, cause
