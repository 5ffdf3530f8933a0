"""Where two runs on the same luck first part: by row, by author, and in all, whatever the messages' numbers are."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.record import RunRecord
from sim.network.graph import FollowerGraph

ENDLESS = 10**9
Lines = dict[int, dict[int, list[Any]]]


def named(record: RunRecord, message: int) -> tuple[int, ...] | None:
    """Return what a message is in any run: minute, key of the row (or code of the account), kind, frame."""
    if message < 0:
        return None
    m = record.messages
    author = int(m.author[message])
    key = int(record.keys[author]) if author >= 0 else author
    return int(m.minute[message]), key, int(m.kind[message]), int(m.frame[message])


def put_out(record: RunRecord) -> Lines:
    """Return what each author (key of a row, or code) put out, by minute."""
    lines: Lines = {}
    m = record.messages
    for message in range(m.minute.size):
        minute, author, *_ = names = named(record, message)
        told = (names, named(record, int(m.parent[message])), named(record, int(m.root[message])))
        lines.setdefault(author, {}).setdefault(minute, []).append(told)
    return lines


def lived(record: RunRecord) -> Lines:
    """Return what each row (by key) saw and did, by minute."""
    lines: Lines = {key: days for key, days in put_out(record).items() if key >= 0}
    s, f = record.sights, record.follows
    for i in range(s.minute.size):
        seen = ("saw", named(record, int(s.message[i])), int(s.frame[i]), int(s.impressions[i]), int(s.first[i]))
        lines.setdefault(int(record.keys[s.follower[i]]), {}).setdefault(int(s.minute[i]), []).append(seen)
    for i in range(f.minute.size):
        change = ("follows" if f.gained[i] else "unfollows",)
        lines.setdefault(int(record.keys[f.follower[i]]), {}).setdefault(int(f.minute[i]), []).append(change)
    return lines


def parting(one: Lines, other: Lines) -> dict[int, int]:
    """Return the first minute in which each author or row differs, of those that do."""
    first = {}
    for who in one.keys() | other.keys():
        left, right = one.get(who, {}), other.get(who, {})
        minutes = [m for m in left.keys() | right.keys() if left.get(m) != right.get(m)]
        if minutes:
            first[who] = min(minutes)
    return first


def parted(one: RunRecord, other: RunRecord, *, but: tuple[int, ...] = ()) -> int:
    """Return the first minute in which what is seen, done or put out differs, rows of some keys left out."""
    differ = {**parting(put_out(one), put_out(other)), **parting(lived(one), lived(other))}
    both = [minute for who, minute in differ.items() if who not in but]
    return min(both, default=ENDLESS)


def unprovoked(one: RunRecord, other: RunRecord, graph: FollowerGraph, *, but: tuple[int, ...] = ()) -> list[str]:
    """Return the rows that part from their own luck though nobody whom they can hear has put out anything else.

    ``graph`` is that of the run with more rows, if one has.
    For campaigns with plain feeds, without lists and newsrooms, in which no rule or ask changes for all at once.
    Messages put out in a minute can be seen in a later one alone.
    """
    authors = parting(put_out(one), put_out(other))
    agency = min((minute for author, minute in authors.items() if author < 0), default=ENDLESS)
    start, followed = graph.followees()
    keys = [int(key) for key in max((one.keys, other.keys), key=len)]
    row_of = {key: row for row, key in enumerate(keys)}
    wrong = []
    for key, minute in parting(lived(one), lived(other)).items():
        if key in but:
            continue
        row = row_of[key]
        heard = (keys[each] for each in followed[start[row] : start[row + 1]])
        cause = min(agency, min((authors.get(each, ENDLESS) for each in heard), default=ENDLESS))
        if not cause < minute:
            wrong.append(f"key {key} parts in minute {minute}; what it can hear parts in minute {cause}")
    return wrong


def lines_before(record: RunRecord, minute: int) -> int:
    """Return how many messages and sights a run has before a minute, besides the call."""
    return int(np.count_nonzero(record.messages.minute < minute) + np.count_nonzero(record.sights.minute < minute)) - 1
