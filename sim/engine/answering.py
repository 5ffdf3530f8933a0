"""What the agency does in a minute: call posts, rules, replies and boosts (``docs/model.md`` 6.3)."""

from __future__ import annotations

import numpy as np

from sim.agency.policies import (
    ACKNOWLEDGE,
    AMPLIFY,
    CHANGE_ASK,
    CLARIFY,
    DEFEND,
    ENGAGE,
    POST_ELSE,
    RULE_MOVE,
    RULE_WHEN,
    WITHDRAW,
    apply_move,
    rule_fires,
)
from sim.agency.signals import WINDOW_MINUTES, last_observable, observed_share
from sim.compiled import kernel
from sim.engine.book import float_rows, floats, half_rows, int_rows, ints, long_rows, longs, octets, shorts, words
from sim.engine.layout import (
    AMPLIFYING,
    ANSWER,
    BOOSTS,
    BUDGETS,
    CAMPAIGN_FRAME,
    COLD_HALF,
    COUNTER_FRAME,
    DELAY,
    EFFECTS,
    ENGAGING,
    FAULT,
    FIRED,
    FIRST_CALL,
    FIRST_OWN_POLICY,
    IS_LOCAL,
    LEVELS,
    MARKS,
    MESSAGE_AUTHOR,
    MESSAGE_FRAME,
    MESSAGE_KEYS,
    MESSAGE_KIND,
    MESSAGE_SHARES,
    MINUTE_START,
    MINUTES,
    NO,
    NONE,
    NUMBERS,
    OWN,
    PUT_OUT,
    REPLIED,
    REPLIES,
    REPLY_RATE,
    ROLE,
    RULES,
    S_AMPLIFY,
    S_ENGAGE,
    SCHEDULE_ACCOUNT,
    SCHEDULE_MINUTE,
    SCHEDULED,
    SIZES,
    SKILL,
    SOOTHE,
    STATEMENTS,
    STREAMS,
    TRENDING,
    WITHDRAWN,
    YES,
)
from sim.engine.own_calls import POLICY_FAILED, call_policy
from sim.engine.record import Kind
from sim.engine.speaking import BOOST, OBSERVED, ORIGINAL, POST, observed_as, speak_as_account
from sim.extensions.entries import FAILED
from sim.mathx import log
from sim.rng import fold, uniform

STATEMENT, ACKNOWLEDGEMENT = np.int64(Kind.STATEMENT), np.int64(Kind.ACKNOWLEDGEMENT)
REPLY = np.int64(Kind.REPLY)


@kernel(inner=True)
def observed_counts(book, minute):
    """Return campaign and counter messages of the last hour that the agency can see, as it reads them."""
    sizes = longs(book, SIZES)
    timeline = int_rows(book, MINUTES)
    last = last_observable(minute, sizes[DELAY])
    campaign = 0
    counter = 0
    for earlier in range(max(0, last - WINDOW_MINUTES + 1), last + 1):
        campaign += timeline[OBSERVED, earlier]
        counter += timeline[OBSERVED + 1, earlier]
    return campaign, counter


@kernel(inner=True)
def post_calls(book, minute):
    """Put out the call posts of this minute."""
    marks = longs(book, MARKS)
    schedule_minute = ints(book, SCHEDULE_MINUTE)
    schedule_account = ints(book, SCHEDULE_ACCOUNT)
    at = marks[SCHEDULED]
    while at < schedule_minute.shape[0] and schedule_minute[at] <= minute:
        if marks[WITHDRAWN] == 0 and schedule_minute[at] == minute:
            number = speak_as_account(book, minute, np.int64(schedule_account[at]), CAMPAIGN_FRAME, POST, NONE, YES)
            if marks[FIRST_CALL] < 0:
                marks[FIRST_CALL] = number
        at += 1
    marks[SCHEDULED] = at


@kernel(inner=True)
def say_by_all(book, minute, kind):
    """Put one message of the campaign frame out by every account."""
    is_local = octets(book, IS_LOCAL)
    marks = longs(book, MARKS)
    for account in range(is_local.shape[0]):
        speak_as_account(book, minute, account, CAMPAIGN_FRAME, kind, NONE, NO)
        marks[STATEMENTS] += 1


@kernel(inner=True)
def make_move(book, minute, move, observed):
    """Carry out one move of a policy."""
    marks = longs(book, MARKS)
    levels = floats(book, LEVELS)
    effects = floats(book, EFFECTS)
    numbers = floats(book, NUMBERS)
    trending = marks[TRENDING] == 1
    size = apply_move(move, levels, effects, numbers[SKILL], trending, observed)
    if move == CLARIFY or move == DEFEND:
        say_by_all(book, minute, STATEMENT)
    elif move == ACKNOWLEDGE:
        levels[SOOTHE] = max(levels[SOOTHE], size)
        say_by_all(book, minute, ACKNOWLEDGEMENT)
    elif move == ENGAGE:
        marks[ENGAGING] = 1
        levels[ANSWER] = max(levels[ANSWER], size)
    elif move == AMPLIFY:
        marks[AMPLIFYING] = 1
    elif move == CHANGE_ASK or move == POST_ELSE:
        say_by_all(book, minute, POST)
    elif move == WITHDRAW:
        marks[WITHDRAWN] = 1
        if trending:
            say_by_all(book, minute, STATEMENT)


@kernel(inner=True)
def decides(book, rule, minute, campaign, counter):
    """Tell whether the user's policy, if the rule names one, makes the rule's move now."""
    rules = float_rows(book, RULES)
    fired = ints(book, FIRED)
    if rules[rule, RULE_WHEN] < 0.0:
        return True
    moves_made, last_move = np.int64(0), np.int64(-1)
    for j in range(fired.shape[0]):
        if rules[j, RULE_WHEN] == rules[rule, RULE_WHEN] and fired[j] >= 0:
            moves_made += 1
            last_move = max(last_move, np.int64(fired[j]))
    own = long_rows(book, OWN)[FIRST_OWN_POLICY + int(rules[rule, RULE_WHEN])]
    trending = longs(book, MARKS)[TRENDING] == 1
    move = call_policy(own[0], own[1], minute, campaign, counter, trending, moves_made, last_move)
    if move == FAILED:
        longs(book, MARKS)[FAULT] = POLICY_FAILED
    return move == int(rules[rule, RULE_MOVE])


@kernel(inner=True)
def apply_rules(book, minute):
    """Fire the rules whose triggers hold, in their order."""
    rules = float_rows(book, RULES)
    fired = ints(book, FIRED)
    if rules.shape[0] == 0:
        return
    campaign, counter = observed_counts(book, minute)
    observed = observed_share(campaign, counter)
    for j in range(rules.shape[0]):
        fires = fired[j] < 0 and rule_fires(rules[j], minute, campaign, counter)
        if fires and decides(book, j, minute, campaign, counter):
            fired[j] = minute
            make_move(book, minute, int(rules[j, RULE_MOVE]), observed)


@kernel(inner=True)
def has_capacity(budgets):
    """Tell whether any account has a whole unit left."""
    for account in range(budgets.shape[0]):
        if budgets[account] >= 1.0:
            return True
    return False


@kernel(inner=True)
def take_turns(budgets, turn):
    """Return the next account from ``turn`` on with a whole unit left (taken), -1 if there is none."""
    accounts = budgets.shape[0]
    for step in range(accounts):
        account = (turn + step) % accounts
        if budgets[account] >= 1.0:
            budgets[account] -= 1.0
            return account
    return -1


@kernel(inner=True)
def fill_budgets(budgets, rate):
    """Add a minute's capacity to each account's budget, held at an hour's."""
    for account in range(budgets.shape[0]):
        budgets[account] = min(budgets[account] + rate / 60.0, rate)


@kernel(inner=True)
def urgency(book, message, replying):
    """Return what decides who comes first (the smallest): a draw, or one that shares make smaller."""
    streams = words(book, STREAMS)
    message_keys = words(book, MESSAGE_KEYS)
    message_shares = ints(book, MESSAGE_SHARES)
    if replying:
        return uniform(fold(streams[S_ENGAGE], message_keys[message]))
    draw = uniform(fold(streams[S_AMPLIFY], message_keys[message]))
    return -log(1.0 - draw) / (1.0 + float(message_shares[message]))


@kernel(inner=True)
def most_urgent(book, first, last, replying, taken):
    """Return the candidate with the smallest urgency in messages ``first`` to ``last``, -1 if none is left."""
    message_kind = shorts(book, MESSAGE_KIND)
    cold_half = half_rows(book, COLD_HALF)
    message_author = ints(book, MESSAGE_AUTHOR)
    message_keys = words(book, MESSAGE_KEYS)
    best = NONE
    best_urgency = 0.0
    wanted = COUNTER_FRAME if replying else CAMPAIGN_FRAME
    for message in range(first, last):
        if message_kind[message] != ORIGINAL or taken[message - first] == 1:
            continue
        if observed_as(book, message) != wanted:
            continue
        if replying and cold_half[message_author[message], ROLE] & REPLIED != 0:
            continue
        score = urgency(book, message, replying)
        if best < 0 or score < best_urgency or (score == best_urgency and message_keys[message] < message_keys[best]):
            best = np.int64(message)
            best_urgency = score
    return best


@kernel(inner=True)
def standing_move(book, minute, replying):
    """Answer critics, or pass on supporters, as far as staff and eyes allow."""
    budgets = float_rows(book, BUDGETS)
    numbers = floats(book, NUMBERS)
    sizes = longs(book, SIZES)
    minute_start = longs(book, MINUTE_START)
    cold_half = half_rows(book, COLD_HALF)
    message_author = ints(book, MESSAGE_AUTHOR)
    marks = longs(book, MARKS)
    message_frame = shorts(book, MESSAGE_FRAME)
    budgets = budgets[0] if replying else budgets[1]
    fill_budgets(budgets, numbers[REPLY_RATE])
    seen = last_observable(minute, sizes[DELAY])
    if seen < 0:
        return
    first = minute_start[seen]
    last = minute_start[seen + 1]
    if first == last:
        return
    taken = np.zeros(last - first, dtype=np.int8)
    turn = np.int64(0)
    while has_capacity(budgets):
        message = most_urgent(book, first, last, replying, taken)
        if message < 0:
            return
        account = take_turns(budgets, turn)
        turn = np.int64(account + 1)
        taken[message - first] = 1
        if replying:
            speak_as_account(book, minute, account, CAMPAIGN_FRAME, REPLY, message, NO)
            cold_half[message_author[message], ROLE] |= REPLIED
            marks[REPLIES] += 1
        else:
            speak_as_account(book, minute, account, np.int64(message_frame[message]), BOOST, message, NO)
            marks[BOOSTS] += 1


@kernel(inner=True)
def most_messages(book, minute):
    """Return how many replies and boosts this minute can hold at most: each answers or passes on another candidate."""
    minute_start = longs(book, MINUTE_START)
    seen = last_observable(minute, longs(book, SIZES)[DELAY])
    if seen < 0:
        return np.int64(0)
    return minute_start[seen + 1] - minute_start[seen]


@kernel(inner=True)
def act_as_agency(book, minute):
    """Do what the agency does in this minute."""
    put_out = longs(book, PUT_OUT)
    marks = longs(book, MARKS)
    for account in range(put_out.shape[0]):
        put_out[account] = 0
    post_calls(book, minute)
    apply_rules(book, minute)
    if marks[ENGAGING] == 1:
        standing_move(book, minute, YES)
    if marks[AMPLIFYING] == 1:
        standing_move(book, minute, NO)
