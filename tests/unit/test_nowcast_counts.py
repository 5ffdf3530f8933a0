"""First counts of a campaign, as they are read and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.errors import ConfigError
from sim.study.nowcast.counts import Count, checked_counts, read_counts, typed_counts

LAST = 4320


def of_file(place: Path, text: str) -> list[Count]:
    path = place / "früh zählt.csv"
    path.write_text(text, encoding="utf-8")
    return checked_counts(read_counts(str(path)), LAST)


def test_typed_rows_and_a_file_are_the_same_counts(tmp_path: Path) -> None:
    typed = checked_counts(typed_counts([[60, 120, 15], [30, 40, 2]]), LAST)
    assert typed == of_file(tmp_path, "\ufeffMinute, campaign ,counter,who\n30,40,2,me\n\n60,120,15,\n")
    assert [(each.minute, each.total, each.split, each.mixed) for each in typed] == [
        (30, 42, True, False), (60, 135, True, False)
    ]  # fmt: skip


def test_what_is_not_known_stays_unknown(tmp_path: Path) -> None:
    first, second, third = of_file(tmp_path, "minute,campaign,counter,messages\n15,,2,\n60,,,70\n90,,8,90\n")
    assert (first.total, first.split, first.counter) == (None, False, 2)
    assert (second.total, second.split, second.mixed) == (70, False, True)
    assert (third.total, third.split, third.mixed) == (90, True, True)
    assert checked_counts(typed_counts([[600, 70000]]), LAST) == [Count(600, messages=70000)]


@pytest.mark.parametrize(
    "rows, said",
    [
        ([], "a row at least"),
        ([[30, 40, 2], [60, 39, 15]], "go backwards: campaign 40 at minute 30, 39 at minute 60"),
        ([[30, 40, 2], [60, 50, 1]], "go backwards: counter 2"),
        ([[30, 100], [60, 50]], "go backwards: messages 100"),
        ([[-5, 4, 2]], "minute -5 lies before the post"),
        ([[0, 4, 2]], "minute 0 lies before the post"),
        ([[30, 4, 2], [30, 5, 2]], "minute 30 stands there twice"),
        ([[4321, 4, 2]], "beyond the last minute"),
        ([[30, -4, 2]], "must not be negative"),
        ([[30, 4.5, 2]], "campaign must be a whole number; got 4.5"),
        ([[30.5, 4, 2]], "minute must be a whole number"),
        ([[30, True, 2]], "must be a whole number; got True"),
        ([[30, "many", 2]], "must be a whole number; got 'many'"),
        ([[30, float("nan"), 2]], "must be a whole number"),
        ([[30, float("inf"), 2]], "must be a whole number"),
        ([[30, 10**14, 2]], "larger than any campaign"),
        ([[30, None, None]], "has no count"),
        ([[None, 3, 1]], "every row has a minute"),
        ([[30, 4, 2, 1]], "a row is"),
        ([30, 4, 2], "must be rows"),
        ("early", "must be rows"),
    ],
)
def test_what_cannot_be_is_one_sentence(rows: Any, said: str) -> None:
    with pytest.raises(ConfigError, match="^counts") as problem:
        checked_counts(typed_counts(rows), LAST)
    assert said in str(problem.value)


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "is empty"),
        ("minute,campaign,counter\n", "a row at least"),
        ("campaign,counter\n4,2\n", "lacks the column minute; it has campaign, counter"),
        ("minute,tweets\n4,2\n", "lacks the column campaign, counter or messages"),
        ("minute,campaign,counter\n30,4.5,2\n", "must be a whole number; got 4.5"),
        ("minute,campaign,counter\n30,1 000,2\n", "must be a whole number; got '1 000'"),
        ("minute,counter,messages\n30,9,4\n", "fewer than the 9"),
        ("minute,campaign,counter,messages\n30,9,4,12\n", "fewer than the 13"),
    ],
)
def test_a_file_that_cannot_be_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as problem:
        of_file(tmp_path, text)
    assert said in str(problem.value)


def test_a_file_that_is_no_text_or_not_there_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "table.xlsx").write_bytes(b"PK\x03\x04\xff\xfe\x00")
    with pytest.raises(ConfigError, match="is no CSV file"):
        read_counts(str(tmp_path / "table.xlsx"))
    with pytest.raises(ConfigError, match="can be read"):
        read_counts(str(tmp_path / "nothing.csv"))
    with pytest.raises(ConfigError, match="can be read"):
        read_counts(str(tmp_path))
