"""How a run's state lies in memory.

What a landing touches fits one cache line of 64 bytes a row (``hot``), what a waking touches besides
fits half a line (``cold``), which is all that a look at the trending list touches. Both are two-dimensional
arrays seen through several widths, so that one line holds numbers of different kinds. Columns are counted in
elements of their own width.
"""

from __future__ import annotations

import numpy as np

# Constants that are passed as arguments are NumPy scalars: a literal would be compiled in as a case of its own.
YES, NO, NONE = np.bool_(True), np.bool_(False), np.int64(-1)
CAMPAIGN_FRAME, COUNTER_FRAME = np.int64(0), np.int64(1)

# hot, int32 columns
SESSION, ENTRY, CANDIDATE = 0, 1, 2  # CANDIDATE + class: 2, 3, 4
# hot, float32 columns
RATE, SINK, SCORE = 5, 6, 7  # SCORE + class: 7, 8, 9
# hot, uint16 columns (from byte 40 on)
WAITING, NEW_SOURCES, FLAGS, AGENCY_WAITING, CALLS_WAITING = 20, 23, 26, 27, 28  # the first two + class
FIRST_UNIT = 29  # of the row's sessions under the present luck (sim.engine.luck)
HOT_BYTES = 64

# classes of waiting messages
CLASS_CAMPAIGN, CLASS_COUNTER, CLASS_CALL = np.int64(0), np.int64(1), np.int64(2)

# flags; bit f or k of a pair stands for frame campaign or counter
SOURCE_AGENCY, SOURCE_NEWS = np.int64(4), np.int64(16)  # shifted left by the frame
ACK_WAITING, REPLY_WAITING = 256, 512

# cold, int32 columns; grievance and support are float32 in columns 2 and 3
WAKES, LAST_MESSAGE, GRIEVANCE, SUPPORT = 0, 1, 2, 3  # WAKES: the minute of a session, or -2 - minute with a look
# cold, uint16 columns (from byte 16 on)
SEEN, SOURCES, ACTS, DAY, TODAY, ROLE = 8, 10, 12, 13, 14, 15  # the first two + frame
COLD_BYTES = 32

# state bits live beside the role: role in the lowest two bits, state above
FOLLOWS_CENTRAL, FOLLOWS_LOCAL = 4, 8
SOURCE_LIST = np.int64(16)  # shifted left by the frame
REACHED, ACKNOWLEDGED, ANSWERED, FROM_START, JOINED, REPLIED = 256, 512, 1024, 2048, 4096, 8192
ROLE_MASK = 3
ACTIVIST, ALLY, JOURNALIST = 1, 2, 3

SATURATED = 65_535
NEVER = 2_147_483_647

# marks: int64 scalars of a run
(
    MESSAGES,
    TRENDING,
    FIRST_TREND,
    NOTICED,
    JOURNALIST_SAW,
    WITHDRAWN,
    ENGAGING,
    AMPLIFYING,
    SIGHTS,
    FOLLOWS,
    GAINED_ROWS,
    LIST_LENGTH,
    REPLIES,
    BOOSTS,
    STATEMENTS,
    SCHEDULED,
    FIRST_CALL,
    BATCH,
    LOOK_UNIT,
    LOOK_FIRST,
    LOOK_LAST,
    LOOKERS_AT,
    LOOKERS,
    FAULT,
) = range(24)
MARK_COUNT = 24

# levels: float64 scalars of a run, after the six of the ask
SOOTHE, ANSWER, BEGUN, LEVEL_COUNT = 6, 7, 8, 9  # BEGUN: days of activity until the next minute

# numbers: float64 parameters
(
    DETECTION_ERROR,
    NOTIFY,
    REPLY_RATE,
    LIFT_SHARES,
    LIFT_AROUSAL,
    LIST_HALF_LIFE,
    LOOK_RATE,
    TREND_NEEDED,
    WIRE,
    PICK_UP,
    LAG_MEDIAN,
    LAG_SIGMA,
    NEWS_REACH,
    SALIENCE_LIFT,
    LOCAL_TRUST,
    SKILL,
    NOVELTY,
) = range(17)
# rows of `own`: where the user's own rules lie, and their parameters (0: the built-in rule)
OWN_REACTION, OWN_NEWSROOM, FIRST_OWN_POLICY = 0, 1, 2
# sizes: int64 parameters
HORIZON, DELAY, LIST_SIZE, NEWSROOMS, CLOCK, TREND_ON, RANKED, BY_LOCALS = range(8)

# streams, in the order of the book's streams
(
    S_SESSION,
    S_LOOK,
    S_SEEN,
    S_PICK,
    S_REACTION,
    S_LISTED,
    S_NEWS_PICKUP,
    S_NEWS_LAG,
    S_DETECT,
    S_ENGAGE,
    S_NOTIFY,
    S_AMPLIFY,
    S_NEWS_READER,
) = range(13)


# places of the book (sim.engine.book), in the order of SCENE, BENCH, STORE, CHANGES, SIGHTS_KEPT
SCENE = (
    "start",
    "follower",
    "keys",
    "profile",
    "list_users",
    "visible",
    "audience_start",
    "audience",
    "is_local",
    "locality",
    "schedule_minute",
    "schedule_account",
    "coef",
    "effects",
    "numbers",
    "sizes",
    "streams",
    "paid_start",
    "paid",
    "own",
)
"""What a run reads: graph (int64[n + 1], int32[m]), keys (uint64[n]; empty where the key is the row), profiles,
rows that use trending lists, visibility by feed age, audiences by account, places of rows among local accounts,
call posts, parameters, stream states, paid impressions by minute, addresses of the user's own rules."""
BENCH = (
    "hot",
    "hot_real",
    "hot_half",
    "cold",
    "cold_real",
    "cold_half",
    "edge_seen",
    "marks",
    "levels",
    "minutes",
    "budgets",
    "put_out",
    "news_due",
    "rules",
    "fired",
    "minute_start",
    "listed",
    "listed_score",
    "listed_state",
    "actors",
    "act_of",
    "cause_of",
    "lucky",
    "lucky_draw",
    "lucky_edge",
    "due",
    "look_minute",
    "look_start",
    "look_rows",
    "looker",
    "pick_key",
    "pick_draw",
    "pick_score",
    "picked",
)
"""What a run changes: hot and cold lines in three widths each, edges counted as sources (bit = frame), scalars,
minutes, budgets (replies, boosts), the agency's and newsrooms' state, the list, those who act in a minute, and
scratch of a landing and of a minute's wakings, and who looks at the list when."""
STORE = (
    "message_minute",
    "message_author",
    "message_frame",
    "message_kind",
    "message_call",
    "message_parent",
    "message_root",
    "message_shares",
    "message_keys",
    "message_previous",
)
CHANGES = ("change_minute", "change_row", "change_gained", "joined_row", "joined_account")
SIGHTS_KEPT = (
    "sight_minute",
    "sight_row",
    "sight_message",
    "sight_frame",
    "sight_impressions",
    "sight_first",
)
(START, FOLLOWER, KEYS, PROFILE, LIST_USERS, VISIBLE, AUDIENCE_START, AUDIENCE, IS_LOCAL, LOCALITY, SCHEDULE_MINUTE,
 SCHEDULE_ACCOUNT, COEF, EFFECTS, NUMBERS, SIZES, STREAMS, PAID_START, PAID, OWN, HOT, HOT_REAL, HOT_HALF, COLD,
 COLD_REAL, COLD_HALF, EDGE_SEEN, MARKS, LEVELS, MINUTES, BUDGETS, PUT_OUT, NEWS_DUE, RULES, FIRED, MINUTE_START,
 LISTED, LISTED_SCORE, LISTED_STATE, ACTORS, ACT_OF, CAUSE_OF, LUCKY, LUCKY_DRAW, LUCKY_EDGE, DUE, LOOK_MINUTE,
 LOOK_START, LOOK_ROWS, LOOKER, PICK_KEY, PICK_DRAW, PICK_SCORE, PICKED, MESSAGE_MINUTE, MESSAGE_AUTHOR, MESSAGE_FRAME,
 MESSAGE_KIND, MESSAGE_CALL, MESSAGE_PARENT, MESSAGE_ROOT, MESSAGE_SHARES, MESSAGE_KEYS, MESSAGE_PREVIOUS,
 CHANGE_MINUTE, CHANGE_ROW, CHANGE_GAINED, JOINED_ROW, JOINED_ACCOUNT, SIGHT_MINUTE, SIGHT_ROW, SIGHT_MESSAGE,
 SIGHT_FRAME, SIGHT_IMPRESSIONS, SIGHT_FIRST) = range(75)  # fmt: skip
SESSION_CALENDAR, PLACES = np.int64(75), 80
