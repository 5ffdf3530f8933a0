"""The calendar: rows enter a minute and are taken out of it again, and freed chunks are used once more."""

from __future__ import annotations

from collections import Counter, defaultdict

import numba
import numpy as np
import pytest

from sim.engine.book import create_book, open_book, write_place
from sim.engine.calendar import CALENDAR, CHUNK, FREE, FRESH, clear_calendar, create_calendar, enter, gather
from sim.engine.layout import SESSION_CALENDAR
from sim.rng import Stream, setup_uniform


@numba.njit
def enter_all(book, minutes, rows):
    for j in range(rows.shape[0]):
        enter(book, SESSION_CALENDAR, minutes[j], rows[j])


@numba.njit
def gather_one(book, minute, due):
    return gather(book, SESSION_CALENDAR, minute, due)


class Desk:
    """A calendar with its book, and a plain one beside it to compare with."""

    def __init__(self, rows: int, minutes: int) -> None:
        self.calendar = create_calendar(rows, minutes)
        self.book = create_book()
        for offset, part in enumerate(CALENDAR):
            write_place(self.book, int(SESSION_CALENDAR) + offset, getattr(self.calendar, part))
        self.due = np.full(rows + 1, -7, dtype=np.int32)
        self.plain: defaultdict[int, list[int]] = defaultdict(list)

    def enter(self, minutes: object, rows: object) -> None:
        minutes, rows = np.atleast_1d(minutes).astype(np.int64), np.atleast_1d(rows).astype(np.int64)
        enter_all(open_book(self.book), minutes, rows)
        for minute, row in zip(minutes.tolist(), rows.tolist(), strict=True):
            self.plain[minute].append(row)
        assert self.chunks_used <= self.calendar.chunks.shape[0]

    def gather(self, minute: int) -> Counter[int]:
        self.due.fill(-7)
        found = int(gather_one(open_book(self.book), minute, self.due))
        assert (self.due[found:] == -7).all()
        return Counter(self.due[:found].tolist())

    def takes_out_what_entered(self, minute: int) -> bool:
        return self.gather(minute) == Counter(self.plain.pop(minute, []))

    @property
    def chunks_used(self) -> int:
        """How many chunks were ever in use at once."""
        return int(self.calendar.pool[FRESH])


def test_rows_come_out_of_the_minute_that_they_entered():
    desk = Desk(10, 100)
    desk.enter([5, 9, 5, 0], [3, 4, 8, 1])
    assert desk.calendar.counts[[0, 5, 9]].tolist() == [1, 2, 1]
    assert desk.gather(5) == Counter([3, 8])
    assert desk.gather(9) == Counter([4])
    assert desk.gather(0) == Counter([1])
    assert not desk.calendar.counts.any()


def test_an_empty_minute_and_a_minute_asked_twice_give_nothing():
    desk = Desk(10, 100)
    assert desk.gather(7) == Counter()
    desk.enter(7, 2)
    assert desk.gather(7) == Counter([2])
    assert desk.gather(7) == Counter()
    desk.enter(7, 4)
    assert desk.gather(7) == Counter([4])


@pytest.mark.parametrize("rows", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 1000])
def test_more_rows_than_a_chunk_holds_share_a_minute(rows):
    desk = Desk(rows, 3)
    desk.enter(np.full(rows, 1), np.arange(rows))
    assert desk.calendar.counts[1] == rows
    assert desk.chunks_used == -(-rows // CHUNK)
    assert desk.takes_out_what_entered(1)


def test_a_row_can_stand_twice_in_a_minute():
    # an entry left behind by an early wake-up, and a new one that happens to fall in the same minute
    desk = Desk(4, 10)
    desk.enter([6, 6], [2, 2])
    assert desk.gather(6) == Counter([2, 2])


def test_freed_chunks_are_used_again_before_fresh_ones():
    desk = Desk(200, 1000)
    for minute in range(900):
        desk.enter(np.full(100, minute + 1), np.arange(100))
        assert desk.takes_out_what_entered(minute)
    assert desk.chunks_used <= 2 * -(-100 // CHUNK)
    assert desk.calendar.pool[FREE] >= 0


def test_a_full_calendar_with_one_row_in_each_minute_finds_room():
    for rows, minutes in ((50, 50), (50, 20), (20, 50), (1, 1), (1, 43_200)):
        desk = Desk(rows, minutes)
        desk.enter(np.arange(rows) % minutes, np.arange(rows))
        assert all(desk.takes_out_what_entered(minute) for minute in range(min(rows, minutes)))


@pytest.mark.parametrize("rows, minutes", [(1, 5), (31, 40), (32, 40), (500, 97), (97, 500), (3000, 60)])
def test_every_row_moving_on_after_each_waking_never_runs_out_of_chunks(rows, minutes):
    # each row always has one entry, at keyed distances, so that minutes fill in all possible ways
    horizon = 10 * minutes
    desk = Desk(rows, horizon)
    keys = np.arange(rows, dtype=np.uint64)
    desk.enter((minutes * setup_uniform(5, Stream.SESSION, keys)).astype(int), keys)
    for minute in range(horizon):
        waking = np.array(sorted(desk.plain[minute]), dtype=np.uint64)
        assert desk.takes_out_what_entered(minute)
        following = minute + 1 + (minutes * setup_uniform(5, Stream.LOOK, waking, about=minute)).astype(int)
        inside = following < horizon
        desk.enter(following[inside], waking[inside])


def test_a_cleared_calendar_is_as_new():
    desk = Desk(100, 50)
    desk.enter(np.arange(100) % 50, np.arange(100))
    desk.gather(3)
    clear_calendar(desk.calendar)
    desk.plain.clear()
    assert all(desk.takes_out_what_entered(minute) for minute in range(50))
    assert desk.chunks_used == 0
    desk.enter([49], [99])
    assert desk.takes_out_what_entered(49)


def test_an_empty_audience_has_a_calendar():
    desk = Desk(0, 10)
    assert all(desk.takes_out_what_entered(minute) for minute in range(10))
