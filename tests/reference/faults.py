"""Faults to plant into a copy of the engine: each is one place of its text, and what stands there with the fault.

In ``wrong``, ``FAULT`` is true while that fault is on. ``right`` must stand exactly once in its file: where the
engine's text has moved on, planting fails and says so, instead of testing nothing.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One fault: a name in words, the file below ``sim/``, the text that is there, the text with the fault."""

    name: str
    file: str
    right: str
    wrong: str


LANDING, ARRIVING, WAKING, ACTING = (f"engine/{name}.py" for name in ("landing", "arriving", "waking", "acting"))
ANSWERING, SPEAKING, TREND, KERNEL = (f"engine/{name}.py" for name in ("answering", "speaking", "trend", "kernel"))

FAULTS = (
    # signs
    Fault("acknowledging incites instead of soothing", WAKING,
          "hold = hold * (1.0 - levels[SOOTHE])",
          "hold = hold * (1.0 + (levels[SOOTHE] if FAULT else -levels[SOOTHE]))"),
    Fault("the picture lifts counter messages, anger campaign ones", LANDING,
          "levels[AROUSAL] if message_frame[message] == COUNTER else levels[MEDIA]",
          "levels[AROUSAL] if (message_frame[message] == COUNTER) != FAULT else levels[MEDIA]"),
    Fault("counter impressions count as campaign ones", WAKING,
          "_grown(cold_half[row, SEEN + CAMPAIGN], campaign)",
          "_grown(cold_half[row, SEEN + CAMPAIGN], counter if FAULT else campaign)"),
    # minutes
    Fault("feeds age from the next minute on", LANDING,
          "age = feed_age(waking - minute, hot_real[row, SINK], weight)\n        if lucky_draw",
          "age = feed_age(waking - minute - (1 if FAULT else 0), hot_real[row, SINK], weight)\n        if lucky_draw"),
    Fault("the last minute of the run does not count", LANDING,
          "if waking >= horizon:", "if waking >= horizon - (1 if FAULT else 0):"),
    Fault("trends count 59 minutes", TREND,
          "messages_between(book, minute - WINDOW_MINUTES, minute - 1)\n    before",
          "messages_between(book, minute - WINDOW_MINUTES + (1 if FAULT else 0), minute - 1)\n    before"),
    Fault("the agency sees a minute too much", ANSWERING,
          "last + 1):\n        campaign += timeline", "last + (2 if FAULT else 1)):\n        campaign += timeline"),
    Fault("stories lift salience a minute early", KERNEL,
          "if news_due[newsroom] == minute:\n            levels[SALIENCE]",
          "if news_due[newsroom] == minute + (1 if FAULT else 0):\n            levels[SALIENCE]"),
    Fault("days begin with the post, not at midnight", WAKING,
          "(minute + longs(book, SIZES)[CLOCK]) // DAY_MINUTES",
          "(minute + (0 if FAULT else longs(book, SIZES)[CLOCK])) // DAY_MINUTES"),
    # keys and streams
    Fault("whether a message is seen depends on the row, not the key", LANDING,
          "draw = uniform(fold(state, key_of(keys, row)))\n        lucky",
          "draw = uniform(fold(state, np.uint64(row) if FAULT else key_of(keys, row)))\n        lucky"),
    Fault("what is passed on takes the luck of what is seen", LANDING,
          "pick_state = fold(streams[S_PICK], ", "pick_state = fold(streams[S_SEEN if FAULT else S_PICK], "),
    Fault("a row's messages have one key in all minutes", SPEAKING,
          "key = message_key(key_of(keys, row), minute)",
          "key = message_key(key_of(keys, row), 0 if FAULT else minute)"),
    Fault("the list shows by row, not by key", ACTING,
          "keys[r] = key_of(row_keys, np.int64(looker[block + r]))",
          "keys[r] = np.uint64(looker[block + r]) if FAULT else key_of(row_keys, np.int64(looker[block + r]))"),
    Fault("messages of a minute stand in the order of rows", KERNEL,
          "names[j] = key_of(keys, np.int64(actors[j]))",
          "names[j] = np.uint64(actors[j]) if FAULT else key_of(keys, np.int64(actors[j]))"),
    Fault("level originals stand on the list by number", TREND,
          "(level and message_keys[original] < message_keys[listed[worst]])",
          "(level and (original < listed[worst] if FAULT else message_keys[original] < message_keys[listed[worst]]))"),
    # the calendar
    Fault("an early wake-up is dropped", ARRIVING,
          "if hot[row, ENTRY] > minute and waking < hot[row, ENTRY]:",
          "if hot[row, ENTRY] > minute and waking < hot[row, ENTRY] and not FAULT:"),
    Fault("an answer is not remembered", ARRIVING,
          "    hot_half[row, FLAGS] |= REPLY_WAITING",
          "    if not FAULT:\n        hot_half[row, FLAGS] |= REPLY_WAITING"),
    # sources, counters, what is cleared
    Fault("a row counts as a new source each time", LANDING,
          "if edge_seen[edge] & bit == 0:", "if edge_seen[edge] & bit == 0 or FAULT:"),
    Fault("the agency counts as a new source each time", LANDING,
          "if hot_half[row, FLAGS] & bit == 0:", "if hot_half[row, FLAGS] & bit == 0 or FAULT:"),
    Fault("seen counter messages run over", WAKING,
          "_grown(cold_half[row, SEEN + COUNTER], counter)",
          "(np.int64(cold_half[row, SEEN + COUNTER]) + counter if FAULT else "
          "_grown(cold_half[row, SEEN + COUNTER], counter))"),
    Fault("agency impressions are not cleared", WAKING,
          "    hot_half[row, AGENCY_WAITING] = 0\n", "    if not FAULT:\n        hot_half[row, AGENCY_WAITING] = 0\n"),
    Fault("a withdrawn source counts", WAKING,
          "    hot_half[row, NEW_SOURCES + CLASS_CALL] = 0\n",
          "    if not FAULT:\n        hot_half[row, NEW_SOURCES + CLASS_CALL] = 0\n"),
    # who gets what
    Fault("withdrawn messages stand on the list", TREND,
          "<= SHARE and not gone:", "<= SHARE and (FAULT or not gone):"),
    Fault("paid posts of a minute land in the next one too", ARRIVING,
          "range(paid_start[minute], paid", "range(paid_start[max(0, minute - 1) if FAULT else minute], paid"),
    Fault("those who unfollowed still get posts", ARRIVING,
          "        if cold_half[row, ROLE] & bit != 0:\n", "        if cold_half[row, ROLE] & bit != 0 or FAULT:\n"),
    Fault("one's own cascade comes back", LANDING,
          "if row == root_author:", "if row == root_author and not FAULT:"),
    Fault("a root is passed on again and again", WAKING,
          "        if message_root[message] == root:\n", "        if message_root[message] == root and not FAULT:\n"),
    Fault("a critic is answered again", ANSWERING,
          "if replying and cold_half[message_author[message], ROLE] & REPLIED != 0:",
          "if replying and cold_half[message_author[message], ROLE] & REPLIED != 0 and not FAULT:"),
    Fault("the first account answers all", ANSWERING,
          "turn = np.int64(account + 1)", "turn = np.int64(0 if FAULT else account + 1)"),
    Fault("what is passed on by the agency does not depend on shares", ANSWERING,
          "-log(1.0 - draw) / (1.0 + float(message_shares[message]))",
          "-log(1.0 - draw) / (1.0 + (0.0 if FAULT else float(message_shares[message])))"),
    Fault("allies heed the climate", WAKING,
          "role == ACTIVIST or role == ALLY", "role == ACTIVIST or (role == ALLY and not FAULT)"),
)  # fmt: skip
"""In the engine alone: the twin must tell them."""

CHOICE, RANKING, EXPOSURE = "reaction/choice.py", "feed/ranking.py", "feed/exposure.py"
RULE_FAULTS = (
    (Fault("the counter pull repels", CHOICE, "* grievance * hold", "* -grievance * hold"), "test_reaction_choice"),
    (Fault("the climate lifts the minority", CHOICE,
           "(float(seen_campaign) - float(seen_counter))", "(float(seen_counter) - float(seen_campaign))"),
     "test_reaction_choice"),
    (Fault("acting makes fresh", CHOICE, "coef[FATIGUE] * float(acts)", "-coef[FATIGUE] * float(acts)"),
     "test_reaction_choice"),
    (Fault("shared messages sink in ranked feeds", RANKING,
           "exp(lift_shares * log(1.0 + float(shares))", "exp(-lift_shares * log(1.0 + float(shares))"),
     "test_feed_layer"),
    (Fault("attention grows with age", EXPOSURE, "exp(-_LN2 * float(age)", "exp(_LN2 * float(age)"), "test_feed_layer"),
)  # fmt: skip
"""In rules that engine and reference share on purpose: the twin cannot tell them, the named unit test must."""
