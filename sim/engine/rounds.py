"""What a run under the rules in rounds reads, and what it changes (``docs/model.md`` 6.7).

A run costs what it touches: what the last one has left is wiped by what it
touched, so that a run that dies at once costs the same on a large graph as on a small one (only ``initial=random``
asks all rows).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.config.root import Configuration
from sim.engine.bench import PLACE
from sim.engine.book import create_book, open_book, write_place
from sim.engine.layout import MARK_COUNT, MESSAGES, PLACES, SIGHTS
from sim.engine.rounds_layout import BY_THRESHOLD, DUE_ROWS, EXTRA, HORIZON, SHOWN_ROWS, TOLD_COLUMNS
from sim.engine.rounds_start import begin_rounds, draws_below, fresh_lines
from sim.network.csr import relabel
from sim.network.graph import FollowerGraph
from sim.rng import SETUP, Stream, stream_state

_PLACE = PLACE | {name: PLACES + j for j, name in enumerate(EXTRA)}
STORE = ("message_minute", "message_author", "message_parent", "message_root", "message_shares")
"""Columns of what is put out, int32; they are the rows of one array, so that a record copies them at once."""
SIGHTS_KEPT = {"sight_minute": "i4", "sight_row": "i4", "sight_message": "i4", "sight_frame": "i1",
           "sight_impressions": "i4", "sight_first": "i1"}  # fmt: skip
_SPARE = 4096


@dataclass(frozen=True, eq=False)
class Rounds:
    """What runs in rounds read: rows are put into the order of their keys, if they are in another one.

    Attributes
    ----------
    start : int64[n + 1]
    follower : int32[m]
    keys : uint64[n] or uint64[0]
        Ascending; empty where the key is the row.
    row_of : int32[n] or None
        The world's own rows, in the order of their keys; None if that is theirs.
    rule : float64[1]
        Transmission.
    fresh_lines : int32[n, 2] or None
        The rows' lines before minute 0 (linear threshold).
    widest : int32[k] or None
        The initial adopters, if they are those with most followers.
    largest : int
        The largest number of followers of any row.
    zeros : int32[minutes]
        A column of the timeline in which nothing ever happens (read-only).
    """

    start: np.ndarray
    follower: np.ndarray
    keys: np.ndarray
    row_of: np.ndarray | None
    rule: np.ndarray
    fresh_lines: np.ndarray | None
    widest: np.ndarray | None
    largest: int
    zeros: np.ndarray


def lay_out(config: Configuration, graph: FollowerGraph, keys: np.ndarray, followed: np.ndarray) -> Rounds:
    """Return what the runs of a world read.

    Parameters
    ----------
    config : Configuration
    graph : FollowerGraph
    keys : uint64[n] or uint64[0]
        Empty where the key is the row.
    followed : int32[n]
        How many rows each row follows.
    """
    reaction = config.reaction
    start, follower, row_of = graph.start, graph.follower, None
    if (keys[1:] < keys[:-1]).any():
        row_of = np.argsort(keys).astype(np.int32)
        place = np.empty(graph.n, dtype=np.int64)
        place[row_of] = np.arange(graph.n)
        start, follower = relabel(start, follower, place)
        keys, followed = keys[row_of], followed[row_of]
    in_degree = np.diff(start)
    lines = None
    if reaction.rule == "linear_threshold":
        state = np.uint64(stream_state(config.seed, SETUP, int(Stream.THRESHOLD)))
        lines = fresh_lines(followed, keys, state, float(reaction.threshold), reaction.threshold_spread == "uniform")
    zeros = np.zeros(config.minutes, dtype=np.int32)
    zeros.flags.writeable = False
    return Rounds(
        start=start,
        follower=follower,
        keys=keys,
        row_of=row_of,
        rule=np.array([reaction.transmission], dtype=np.float64),
        fresh_lines=lines,
        widest=_widest(in_degree, reaction.initial_adopters) if reaction.initial == "widest" else None,
        largest=int(in_degree.max(initial=0)),
        zeros=zeros,
    )


def _widest(in_degree: np.ndarray, count: int) -> np.ndarray:
    """Return the rows with most followers, ties by row: int32[at most count]."""
    if count >= in_degree.size:
        return np.arange(in_degree.size, dtype=np.int32)
    least = np.partition(in_degree, in_degree.size - count)[in_degree.size - count]
    rows = np.flatnonzero(in_degree >= least)
    return rows[np.argsort(-in_degree[rows], kind="stable")][:count].astype(np.int32)


def _luckiest(state: np.uint64, keys: np.ndarray, n: int, count: int) -> np.ndarray:
    """Return the rows with the smallest draws, ties by row: int32[at most count]."""
    count = min(count, n)
    expected = count + 8.0 * math.sqrt(count) + 8.0  # more than enough of them lie below this share, nearly always
    while True:
        room = min(n, int(2.0 * expected) + 16)
        rows, draws = np.empty(room, dtype=np.int32), np.empty(room)
        found = int(draws_below(state, keys, n, min(1.0, expected / max(n, 1)), rows, draws))
        if count <= found <= room:
            return rows[np.argsort(draws[:found], kind="stable")][:count]
        expected *= 2.0 if found < count else 0.75


class RoundsBench:
    """The arrays of one run in rounds at a time, and the book that leads compiled code to them.

    Parameters
    ----------
    n : int
        Rows.
    largest : int
        The largest number of followers of any row.
    minutes : int
        Minutes of a run.
    by_threshold : bool
    """

    def __init__(self, n: int, largest: int, minutes: int, by_threshold: bool) -> None:
        self.book = np.concatenate((create_book(), np.zeros((len(EXTRA), 3), dtype=np.int64)))
        self.opened = open_book(self.book)
        self.arrays: dict[str, np.ndarray] = {}
        self._read: Rounds | None = None
        self._tells = False
        lines = (n + 63) // 64
        arrays: dict[str, np.ndarray] = {
            "marks": np.zeros(MARK_COUNT, dtype=np.int64),
            "minutes": np.zeros((len(TOLD_COLUMNS), minutes), dtype=np.int32),
            "flags": np.zeros((lines, 4), dtype=np.uint64),
            "upper": np.zeros(((lines + 63) // 64, 2), dtype=np.uint64),
            "lines": np.zeros((n, 2), dtype=np.int32),
            "hits": np.zeros(largest + _SPARE, dtype=np.uint64),
            "lucky_words": np.zeros((largest + 7) // 8, dtype=np.uint64),
            "rounds": np.zeros(5, dtype=np.int64),
            "seen_state": np.zeros(1, dtype=np.uint64),
            "shown": np.zeros((n, 3), dtype=np.int32),
        }
        arrays["lucky"] = arrays["lucky_words"].view(np.uint8)
        for name, array in arrays.items():
            self.place(name, array)
        self.marks, self.told = arrays["marks"], arrays["minutes"]
        self._open_store(np.zeros((len(STORE), 1024), dtype=np.int32), np.zeros(1024, dtype=np.uint64))
        self.arrays["rounds"][HORIZON] = minutes
        self.arrays["rounds"][BY_THRESHOLD] = by_threshold

    def place(self, name: str, array: np.ndarray) -> None:
        """Keep an array and note where it lies."""
        self.arrays[name] = array
        write_place(self.book, _PLACE[name], array)

    def begin(self, rounds: Rounds, config: Configuration, replicate: int, *, tells: bool) -> None:
        """Set the bench to the start of minute 0 of a run; ``tells``: keep what is seen."""
        if self._read is not rounds:
            self._read = rounds
            for name in ("start", "follower", "keys", "rule"):
                self.place(name, getattr(rounds, name))
            if rounds.widest is not None:
                self.place("adopters", rounds.widest)
            if rounds.fresh_lines is not None:
                self.place("fresh_lines", rounds.fresh_lines)
                np.copyto(self.arrays["lines"], rounds.fresh_lines)
        if tells or self._tells:
            for name, kind in SIGHTS_KEPT.items():
                if tells and not self._tells:
                    self.place(name, self.arrays.get(name, np.zeros(1024, dtype=kind)))
                elif not tells:
                    self.book[_PLACE[name]] = 0
            self._tells = tells
        if rounds.widest is None:
            state = np.uint64(stream_state(config.seed, replicate, int(Stream.INITIAL)))
            self.place(
                "adopters", _luckiest(state, rounds.keys, rounds.start.size - 1, config.reaction.initial_adopters)
            )
        begin_rounds(self.opened, config.seed, replicate)

    def _open_store(self, store: np.ndarray, keys: np.ndarray) -> None:
        """Keep what is put out in these arrays: int32[len(STORE), k], uint64[k]."""
        self.store = store
        for name, column in zip(STORE, store, strict=True):
            self.place(name, column)
        self.place("message_keys", keys)

    def grow_stores(self) -> None:
        """Make room for the next round, at least double. Nothing is dropped."""
        counts, marks = self.arrays["rounds"], self.arrays["marks"]
        used, more = int(marks[MESSAGES]), int(counts[DUE_ROWS])
        if used + more > self.store.shape[1]:
            store, keys = np.zeros((len(STORE), 2 * (used + more)), dtype=np.int32), self.arrays["message_keys"]
            store[:, :used] = self.store[:, :used]
            self._open_store(store, np.concatenate((keys[:used], np.zeros(used + 2 * more, dtype=np.uint64))))
        used, more = int(marks[SIGHTS]), int(counts[SHOWN_ROWS])
        for name in SIGHTS_KEPT if self._tells else ():
            old = self.arrays[name]
            if used + more > old.size:
                new = np.zeros(2 * (used + more), dtype=old.dtype)
                new[:used] = old[:used]
                self.place(name, new)
