"""Whether two records of a run are the same, bit for bit, and if not, in words, where they first differ."""

from __future__ import annotations

import numpy as np

from sim.engine.record import FRAMES, NEWSROOM_AUTHOR, TIMELINE, Kind, RunRecord

TABLES = {
    "messages": ("minute", "author", "frame", "kind", "parent", "root"),
    "sights": ("minute", "follower", "message", "frame", "impressions", "first"),
    "follows": ("minute", "follower", "gained"),
}
WHOLE = ("n", "minutes", "replies", "boosts", "statements")


def author_words(author: int) -> str:
    """Say who an author code is."""
    if author >= 0:
        return f"row {author}"
    return f"account {-1 - author}" if author > NEWSROOM_AUTHOR else f"newsroom {NEWSROOM_AUTHOR - author}"


def line_words(table: str, line: dict[str, int]) -> str:
    """Say what one line of a table tells."""
    when = f"in minute {line['minute']}"
    if table == "messages":
        what = f"{FRAMES[line['frame']]} {Kind(line['kind']).name.lower()} by {author_words(line['author'])}"
        return f"{when} a {what}, parent {line['parent']}, root {line['root']}"
    if table == "sights":
        what = f"row {line['follower']} sees {line['impressions']} {FRAMES[line['frame']]} message(s)"
        return f"{when} {what}, best {line['message']}{', its first' if line['first'] else ''}"
    return f"{when} row {line['follower']} {'begins to follow' if line['gained'] else 'unfollows'}"


def columns_of(record: RunRecord, table: str) -> dict[str, np.ndarray]:
    """Return a table's columns by name."""
    return {name: np.asarray(getattr(getattr(record, table), name)) for name in TABLES[table]}


def first_difference(table: str, one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> tuple[int, int] | None:
    """Return line and minute of the first line in which two tables differ; None if they are the same."""
    lengths = [len(columns["minute"]) for columns in (one, other)]
    shared = min(lengths)
    differs = np.zeros(shared, dtype=bool)
    for name in TABLES[table]:
        differs |= one[name][:shared] != other[name][:shared]
    if differs.any():
        line = int(np.argmax(differs))
    elif lengths[0] != lengths[1]:
        line = shared
    else:
        return None
    minutes = [int(columns["minute"][line]) for columns in (one, other) if line < len(columns["minute"])]
    return line, min(minutes)


def difference(one: RunRecord, other: RunRecord, names: tuple[str, str] = ("engine", "reference")) -> str | None:
    """Return what first differs between two records, in words; None if nothing does.

    Of all that differs, what happened in the earliest minute is told, since the rest follows from it.
    """
    found: list[tuple[int, str]] = []
    for table in TABLES:
        both = columns_of(one, table), columns_of(other, table)
        for name in TABLES[table]:
            kinds = [columns[name].dtype for columns in both]
            if kinds[0] != kinds[1]:
                return f"{table}.{name} is {kinds[0]} in the {names[0]} and {kinds[1]} in the {names[1]}"
        place = first_difference(table, *both)
        if place is not None:
            said = []
            for who, columns in zip(names, both, strict=True):
                there = place[0] < len(columns["minute"])
                line = {name: int(column[place[0]]) for name, column in columns.items()} if there else {}
                said.append(f"{who}: {line_words(table, line) if there else 'no such line'}")
            found.append((place[1], f"{table}[{place[0]}] differs; " + "; ".join(said)))
    for name in TIMELINE:
        columns = [np.asarray(record.timeline[name]) for record in (one, other)]
        if columns[0].shape != columns[1].shape or columns[0].dtype != columns[1].dtype:
            return f"timeline.{name} differs in shape or type: {[(c.shape, c.dtype) for c in columns]}"
        where = np.flatnonzero(columns[0] != columns[1])
        if where.size:
            minute = int(where[0])
            values = "; ".join(f"{who}: {column[minute]}" for who, column in zip(names, columns, strict=True))
            found.append((minute, f"timeline.{name} differs in minute {minute}; {values}"))
    for rule, (a, b) in enumerate(zip(one.fired, other.fired, strict=True)):
        if a != b:
            minute = min((int(m) for m in (a, b) if m >= 0), default=0)
            found.append((minute, f"rule {rule} fired in minute {a} in the {names[0]}, {b} in the {names[1]}"))
    if found:
        return min(found, key=lambda pair: pair[0])[1]
    shares = [np.asarray(record.messages.shares) for record in (one, other)]
    if shares[0].dtype != shares[1].dtype or not np.array_equal(*shares):
        number = int(np.argmax(shares[0] != shares[1]))
        times = [f"{column[number]} times in the {who}" for who, column in zip(names, shares, strict=True)]
        return f"message {number} is shared {' and '.join(times)}"
    for name in WHOLE:
        if getattr(one, name) != getattr(other, name):
            return f"{name} is {getattr(one, name)} in the {names[0]} and {getattr(other, name)} in the {names[1]}"
    return None if np.array_equal(one.keys, other.keys) else "the keys of the rows differ"
