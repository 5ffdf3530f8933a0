"""A run's changing state: made once, cleared between runs, grown when room runs short."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.agency.accounts import Accounts
from sim.compiled import kernel
from sim.engine.book import create_book, write_place
from sim.engine.calendar import CALENDAR, clear_calendar, create_calendar
from sim.engine.layout import (
    BENCH,
    CHANGES,
    COLD_BYTES,
    DAY,
    ENTRY,
    FIRST_CALL,
    FIRST_TREND,
    FOLLOWS_CENTRAL,
    FOLLOWS_LOCAL,
    FROM_START,
    GRIEVANCE,
    HOT_BYTES,
    LAST_MESSAGE,
    LEVEL_COUNT,
    LOOK_LAST,
    LOOK_UNIT,
    LOOKERS_AT,
    MARK_COUNT,
    NEVER,
    NOTICED,
    RATE,
    ROLE,
    SATURATED,
    SCENE,
    SESSION,
    SESSION_CALENDAR,
    SIGHTS_KEPT,
    SINK,
    STORE,
    SUPPORT,
    WAKES,
)
from sim.engine.looking import BLOCK
from sim.engine.record import TIMELINE
from sim.people.population import Population

_STORE_TYPES = dict(zip(STORE, ("i4", "i4", "i1", "i1", "i1", "i4", "i4", "i4", "u8", "i4"), strict=True))
_CHANGE_TYPES = dict(zip(CHANGES, ("i4", "i4", "i1", "i4", "i4"), strict=True))
_SIGHT_TYPES = dict(zip(SIGHTS_KEPT, ("i4", "i4", "i4", "i1", "i4", "i1"), strict=True))
PLACE = {name: place for place, name in enumerate(SCENE + BENCH + STORE + CHANGES + SIGHTS_KEPT)}


def _lines(rows: int, width: int) -> np.ndarray:
    """Return zeroed int32[rows, width / 4] whose rows begin at whole cache lines."""
    memory = np.zeros(rows * width + 64, dtype=np.uint8)
    offset = -memory.ctypes.data % 64
    return memory[offset : offset + rows * width].view(np.int32).reshape(rows, width // 4)


@kernel
def _write_lines(hot, hot_real, cold, cold_real, cold_half, rates, sink, grievance, support, role, central, local, own):
    """Write what each row's lines hold before the first minute; ``own`` tells who follows the sender from the start."""
    for row in range(hot.shape[0]):
        hot[row, :] = 0
        hot[row, SESSION] = -1
        hot[row, ENTRY] = -1
        hot_real[row, RATE] = rates[row]
        hot_real[row, SINK] = sink[row]
        cold[row, :] = 0
        cold[row, WAKES] = -1
        cold[row, LAST_MESSAGE] = -1
        cold_real[row, GRIEVANCE] = grievance[row]
        cold_real[row, SUPPORT] = support[row]
        cold_half[row, DAY] = SATURATED
        state = np.int64(role[row])
        if central[row]:
            state += FOLLOWS_CENTRAL
        if local[row]:
            state += FOLLOWS_LOCAL
        if own[row]:
            state += FROM_START
        cold_half[row, ROLE] = state


def _read_only(column: np.ndarray) -> np.ndarray:
    """Return a view that cannot be written to: mapped people are such, and kernels then need one compilation."""
    view = column[:]
    view.flags.writeable = False
    return view


class Bench:
    """The arrays of one run at a time, and the book that leads compiled code to them.

    Parameters
    ----------
    n : int
        Rows.
    edges : int
        Follow edges.
    widest : int
        The largest number of followers of any row.
    accounts, minutes, listed, newsrooms : int
        Accounts of the sender, minutes of a run, messages on a trending list, newsrooms.
    replies : int
        Most replies of an account in an hour (each can leave one stale entry in the calendar).
    """

    def __init__(
        self, n: int, edges: int, widest: int, accounts: int, minutes: int, listed: int, newsrooms: int, replies: int
    ) -> None:
        hot, cold = _lines(n, HOT_BYTES), _lines(n, COLD_BYTES)
        answered = min(n, int(replies * accounts * (minutes / 60 + 1)) + 1)
        self.book = create_book()
        self.holds: Callable[[], object] | None = None  # the world whose arrays the book names, while it lives
        self.arrays: dict[str, np.ndarray] = {
            "hot": hot, "hot_real": hot.view(np.float32), "hot_half": hot.view(np.uint16),
            "cold": cold, "cold_real": cold.view(np.float32), "cold_half": cold.view(np.uint16),
            "edge_seen": np.zeros(edges, dtype=np.uint8),
            "marks": np.zeros(MARK_COUNT, dtype=np.int64),
            "levels": np.zeros(LEVEL_COUNT),
            "minutes": np.zeros((len(TIMELINE), minutes), dtype=np.int32),
            "budgets": np.zeros((2, accounts)),
            "put_out": np.zeros(accounts, dtype=np.int64),
            "news_due": np.zeros(newsrooms, dtype=np.int64),
            "minute_start": np.zeros(minutes + 1, dtype=np.int64),
            "listed": np.zeros(listed, dtype=np.int64),
            "listed_score": np.zeros(listed),
            "listed_state": np.zeros(listed, dtype=np.uint64),
            "actors": np.zeros(n, dtype=np.int32),
            "act_of": np.zeros(n, dtype=np.int8),
            "cause_of": np.zeros(n, dtype=np.int32),
            "lucky": np.zeros(widest + 2, dtype=np.int32),
            "lucky_draw": np.zeros(widest + 2),
            "lucky_edge": np.zeros(widest + 2, dtype=np.int64),
            "due": np.zeros(n + answered + 1, dtype=np.int32),
            "look_minute": np.zeros(n, dtype=np.int32),
            "look_start": np.zeros(minutes + 1, dtype=np.int64),
            "look_rows": np.zeros(n, dtype=np.int32),
            "looker": np.zeros(n, dtype=np.int32),
            "pick_key": np.zeros(BLOCK, dtype=np.uint64),
            "pick_draw": np.zeros(BLOCK),
            "pick_score": np.zeros(BLOCK),
            "picked": np.zeros(BLOCK, dtype=np.uint64),
        }  # fmt: skip
        self.sessions = create_calendar(n + answered, minutes)
        for name, array in self.arrays.items():
            write_place(self.book, PLACE[name], array)
        for offset, part in enumerate(CALENDAR):
            write_place(self.book, int(SESSION_CALENDAR) + offset, getattr(self.sessions, part))

    def clear(self, population: Population, accounts: Accounts, sink: np.ndarray, ask: np.ndarray) -> None:
        """Set the bench to the start of minute 0, and make new, empty stores.

        Parameters
        ----------
        population : Population
        accounts : Accounts
        sink : float32[n]
            Sinking speed of each row's feed.
        ask : float64[6]
            What the post asks.
        """
        arrays = self.arrays
        columns = (
            population.sessions_a_day, sink, population.grievance, population.support, population.role,
            accounts.follows_central, accounts.follows_local, population.follows_sender,
        )  # fmt: skip
        lines = (arrays[name] for name in ("hot", "hot_real", "cold", "cold_real", "cold_half"))
        _write_lines(*lines, *(_read_only(column) for column in columns))
        for name in ("edge_seen", "marks", "levels", "minutes", "budgets", "minute_start"):
            arrays[name].fill(0)
        arrays["marks"][[FIRST_TREND, NOTICED, FIRST_CALL, LOOK_UNIT, LOOK_LAST, LOOKERS_AT]] = -1
        arrays["levels"][: ask.size] = ask
        arrays["news_due"].fill(NEVER)
        clear_calendar(self.sessions)

    def place(self, name: str, array: np.ndarray) -> None:
        """Keep an array and note where it lies."""
        self.arrays[name] = array
        write_place(self.book, PLACE[name], array)

    def place_policy(self, rules: np.ndarray) -> None:
        """Put a policy (float64[rules, 4]) in force; none of its rules has fired."""
        self.place("rules", rules)
        self.place("fired", np.full(rules.shape[0], -1, dtype=np.int32))

    def open_stores(self, record: str) -> None:
        """Make empty stores of messages, changes and (``record="log"``) sights; those of the last run serve again."""
        for types, size in ((_STORE_TYPES, 4096), (_CHANGE_TYPES, 1024), (_SIGHT_TYPES, 4096)):
            for name, kind in types.items():
                old = self.arrays.get(name)
                if types is _SIGHT_TYPES and record != "log":
                    self.book[PLACE[name]] = 0
                elif old is None:
                    self.place(name, np.zeros(size, dtype=kind))
                elif types is _SIGHT_TYPES:
                    self.place(name, old)

    def grow_stores(self, due: int) -> None:
        """Make room: at least double, and enough for ``due`` more rows that wake. Nothing is dropped."""
        for types, more in ((_STORE_TYPES, 2), (_CHANGE_TYPES, 1), (_SIGHT_TYPES, 4)):
            for name in types:
                if self.book[PLACE[name], 0] != 0:
                    old = self.arrays[name]
                    new = np.zeros(2 * old.size + more * due, dtype=old.dtype)
                    new[: old.size] = old
                    self.place(name, new)
