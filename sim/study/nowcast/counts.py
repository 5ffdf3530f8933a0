"""The first counts of a real campaign: running totals since the post, as a tool or a person has counted them.

A row holds a minute and what is known of it: campaign and counter messages, or all messages without their split, or
one of them alone. Totals may hold messages that are neither (news, unrelated talk); counted apart, they do not.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sim.config.paths import path_of
from sim.errors import ConfigError

SERIES = ("campaign", "counter", "messages")
"""What can be counted; ``messages`` are all messages on the tag, the sender's own left out."""
FORM = "write counts=FILE.csv with columns minute,campaign,counter, or counts=[[30,40,2],[60,120,15]]"
"""How counts are given, for sentences."""
_MOST = 10**12


@dataclass(frozen=True)
class Count:
    """What was counted until the end of one minute; None where it is not known.

    Attributes
    ----------
    minute : int
        Minutes since the post, from 1 on.
    campaign, counter : int or None
    messages : int or None
        All messages, where they were counted without their split or beside it.
    """

    minute: int
    campaign: int | None = None
    counter: int | None = None
    messages: int | None = None

    @property
    def total(self) -> int | None:
        """All messages that were counted, or None where a part of them is not known."""
        if self.messages is not None:
            return self.messages
        return None if self.campaign is None or self.counter is None else self.campaign + self.counter

    @property
    def split(self) -> bool:
        """Whether the counter share is known."""
        return self.counter is not None and self.total is not None

    @property
    def mixed(self) -> bool:
        """Whether the total may hold messages of neither frame."""
        return self.messages is not None

    def plain(self) -> dict[str, int | None]:
        """Return the row as plain JSON."""
        return asdict(self)


def read_counts(path: str) -> list[dict[str, Any]]:
    """Return the rows of a CSV file of counts, unchecked; cells left empty are not known.

    Raises
    ------
    ConfigError
        The file cannot be read, is empty, or lacks a column.
    """
    try:
        with path_of(path).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, skipinitialspace=True)
            head = [str(name).strip().lower() for name in reader.fieldnames or ()]
            rows = [list(row.values()) for row in reader]
    except OSError as problem:
        raise ConfigError(f"counts must name a file that can be read, got {path!r}: {problem.strerror}.") from None
    except (UnicodeDecodeError, csv.Error) as problem:
        raise ConfigError(f"counts: {path!r} is no CSV file in UTF-8 ({problem}); {FORM}.") from None
    if not head:
        raise ConfigError(f"counts: {path!r} is empty; {FORM}.")
    if "minute" not in head or not set(SERIES) & set(head):
        lacks = "minute" if "minute" not in head else "campaign, counter or messages"
        raise ConfigError(
            f"counts: {path!r} lacks the column {lacks}; it has {', '.join(head)}. It takes minute, and campaign and "
            "counter, or messages for all of them."
        )
    named = [(place, name) for place, name in enumerate(head) if name in ("minute", *SERIES)]
    found = []
    for row in rows:
        cells = [str(cell).strip() if isinstance(cell, str) else "" for cell in row]
        if any(cells):
            found.append({name: cells[place] or None for place, name in named if place < len(cells)})
    return found


def typed_counts(value: Any) -> list[dict[str, Any]]:
    """Return the rows of ``[[minute, campaign, counter], ...]`` or ``[[minute, messages], ...]``, unchecked.

    Raises
    ------
    ConfigError
        Another form.
    """
    if not isinstance(value, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in value):
        raise ConfigError(f"counts must be rows of numbers, got {value!r}; {FORM}.")
    names = {2: ("minute", "messages"), 3: ("minute", "campaign", "counter")}
    for row in value:
        if len(row) not in names:
            raise ConfigError(
                f"counts: a row is [minute, campaign, counter], or [minute, messages] where the split is not known; "
                f"got {list(row)!r}."
            )
    return [dict(zip(names[len(row)], row, strict=True)) for row in value]


def checked_counts(rows: Sequence[Mapping[str, Any]], last: int) -> list[Count]:
    """Return counts in the order of their minutes, checked.

    Parameters
    ----------
    rows : sequence of mapping
        With ``minute`` and some of :data:`SERIES`; numbers, or their text.
    last : int
        The last minute that can be looked up.

    Raises
    ------
    ConfigError
        The first mistake: no rows, no whole numbers, minutes before the post, twice, or beyond the last one, totals
        that go backwards or are smaller than their parts.
    """
    if not rows:
        raise ConfigError(f"counts must hold a row at least, got none; {FORM}.")
    found = [_row(row) for row in rows]
    found.sort(key=lambda each: each.minute)
    for each in found:
        if not 1 <= each.minute <= last:
            when = "before the post" if each.minute < 1 else "beyond the last minute of the reference table"
            raise ConfigError(f"counts: minute {each.minute} lies {when}; minutes lie in [1, {last}] after the post.")
    for before, after in zip(found, found[1:], strict=False):
        if before.minute == after.minute:
            raise ConfigError(f"counts: minute {after.minute} stands there twice; give one row a minute.")
    for name in (*SERIES, "total"):
        known = [each for each in found if getattr(each, name) is not None]
        for before, after in zip(known, known[1:], strict=False):
            if getattr(after, name) < getattr(before, name):
                raise ConfigError(
                    f"counts go backwards: {name} {getattr(before, name)} at minute {before.minute}, "
                    f"{getattr(after, name)} at minute {after.minute}; counts are running totals since the post."
                )
    return found


def _row(row: Mapping[str, Any]) -> Count:
    """Return one row, its numbers checked one by one."""
    numbers = {name: _whole(name, row.get(name)) for name in ("minute", *SERIES)}
    minute = numbers.pop("minute")
    if minute is None:
        raise ConfigError(f"counts: every row has a minute; got {dict(row)!r}.")
    for name, value in numbers.items():
        if value is not None and value < 0:
            raise ConfigError(f"counts: {name} must not be negative; got {value} at minute {minute}.")
    count = Count(minute, **numbers)
    if all(value is None for value in numbers.values()):
        raise ConfigError(f"counts: minute {minute} has no count; give campaign and counter, or messages.")
    parts = (count.campaign or 0) + (count.counter or 0)
    if count.messages is not None and count.messages < parts:
        raise ConfigError(
            f"counts: messages are all messages; got {count.messages} at minute {minute}, fewer than the {parts} of "
            "campaign and counter."
        )
    return count


def _whole(name: str, value: Any) -> int | None:
    """Return a whole number, or None where nothing is said."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = float(value) if not value.lstrip("+-").isdigit() else int(value)
        except ValueError:
            value = str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MOST:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConfigError(f"counts: {name} must be a whole number; got {value!r}.")
    if abs(value) > _MOST:
        raise ConfigError(f"counts: {name} is larger than any campaign; got {value}.")
    return value
