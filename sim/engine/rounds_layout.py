"""How the state of a run in rounds lies in memory (``docs/model.md`` 6.7)."""

from __future__ import annotations

import numpy as np

from sim.engine.layout import PLACES

EXTRA = (
    "flags", "upper", "lines", "hits", "rounds", "rule", "seen_state", "shown", "fresh_lines", "lucky", "lucky_words",
    "adopters",
)  # fmt: skip
"""Places of the book after those of ``sim.engine.layout``: what the rules in rounds need besides."""
FLAGS, UPPER, LINES, HITS, COUNTS, RULE, SEEN_STATE, SHOWN_LINES, FRESH_LINES, LUCKY_ROWS, LUCKY_WORDS, ADOPTERS = (
    range(PLACES, PLACES + len(EXTRA))
)

# columns of flags, uint64[rows / 64, 4]: has put something out or will, has seen something, is due, is shown something
KNOWN, MET, DUE, SHOWN = range(4)
# columns of upper, uint64[rows / 4096, 2], a bit for each line of flags: somebody is due or shown, something changed
STIRRED, TOUCHED = 0, 1
# columns of lines, int32[rows, 2]: landings until the row joins (linear threshold), the message it would pass on
LEFT, CAUSE = 0, 1
# columns of shown, int32[rows, 3] (record=log): messages seen, the one that it would pass on, first of all
HOW_MANY, BEST, FIRST = 0, 1, 2
# rounds, int64: rows due, rows shown something, minutes that may hold something, minutes of the run, the rule
DUE_ROWS, SHOWN_ROWS, TOLD, HORIZON, BY_THRESHOLD = range(5)
# minutes, int32[4, minutes]: those columns of the timeline in which something can happen
ORIGINALS, SHARES, IMPRESSIONS, REACHED = range(4)
TOLD_COLUMNS = ("originals_campaign", "shares_campaign", "impressions_campaign", "reached")


ONE, NO_BITS = np.uint64(1), np.uint64(0)
IN_WORD = np.uint64(63)
NEVER = np.int32(2_147_483_647)
