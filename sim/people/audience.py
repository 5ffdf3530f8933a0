"""Who one's own public is: a table with one line a group, as a spreadsheet saves it.

Columns: ``cohort, community, share, grievance, support, sessions_a_day``. ``share`` is the group's share of the
audience, ``grievance`` and ``support`` are its means, ``sessions_a_day`` its median. Commas, semicolons or tabs
separate; with semicolons or tabs, numbers may have decimal commas.
"""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.config.paths import path_of
from sim.config.people import COHORTS
from sim.errors import ConfigError

COLUMNS = ("cohort", "community", "share", "grievance", "support", "sessions_a_day")
OTHER = "other"
MAX_COMMUNITIES = 16
_LIMITS = {"share": (0.0, 1.0), "grievance": (0.0, 1.0), "support": (0.0, 1.0), "sessions_a_day": (0.0, 200.0)}
_TOLERANCE = 1e-3
_LARGEST_FILE = 1 << 20
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"})


@dataclass(frozen=True)
class AudienceTable:
    """The groups of a public, one element each, by cohort, then community.

    Attributes
    ----------
    communities : tuple of str
        Their names: ``other`` first, if there is one, then by alphabet.
    cohort, community : int8[groups]
        Index in ``COHORTS`` and in ``communities``.
    share : float64[groups]
        Share of the audience; they sum to 1.
    grievance, support : float64[groups]
        Means, in [0, 1].
    sessions_a_day : float64[groups]
        Medians, in sessions a day.
    """

    communities: tuple[str, ...]
    cohort: np.ndarray
    community: np.ndarray
    share: np.ndarray
    grievance: np.ndarray
    support: np.ndarray
    sessions_a_day: np.ndarray


def ordered_names(names: set[str]) -> tuple[str, ...]:
    """Return names of communities in their order: ``other`` first, if it is one of them, then by alphabet."""
    return tuple(sorted(names, key=lambda name: (name != OTHER, name)))


def plain_cohort(text: str) -> str:
    """Return the name of an age band with the plain hyphen and without spaces (``18 \u2013 24`` is ``18-24``)."""
    return "".join(text.translate(_DASHES).split())


def read_audience(path: str | Path) -> AudienceTable:
    """Read an audience table.

    Parameters
    ----------
    path : str or Path
        A CSV file; UTF-8 (with or without a mark), UTF-16 with a mark, or Windows-1252.

    Raises
    ------
    ConfigError
        If the file cannot be read, or a line breaks a rule: file, line, column, rule, value seen.
    """
    path = path_of(path)
    lines, decimal_comma = _rows_of(_text_of(path), path)
    rows = [_group_of(path, number, cells, decimal_comma) for number, cells in lines]
    if not rows:
        raise ConfigError(f"people.table must hold at least one group; {path} has none below its header.")
    first_line: dict[tuple[str, str], int] = {}
    for (number, _), row in zip(lines, rows, strict=True):
        group = (str(row["cohort"]), str(row["community"]))
        if group in first_line:
            raise ConfigError(
                f"people.table: {path}, line {number}: each cohort and community must come once; "
                f"{group[0]}, {group[1]} is on line {first_line[group]} already."
            )
        first_line[group] = number
    total = math.fsum(float(row["share"]) for row in rows)
    if not abs(total - 1.0) <= _TOLERANCE:
        hint = " Are they per cent? Divide them by 100." if abs(total - 100.0) <= 1.0 else ""
        raise ConfigError(f"people.table: {path}, column share: shares must sum to 1; they sum to {total:.6g}.{hint}")
    return _table_of(rows, total, path)


def _table_of(rows: list[dict[str, str | float]], total: float, path: Path) -> AudienceTable:
    """Return the table of checked rows, ordered and with shares that sum to 1."""
    communities = ordered_names({str(row["community"]) for row in rows})
    if len(communities) > MAX_COMMUNITIES:
        raise ConfigError(
            f"people.table: {path}, column community: at most {MAX_COMMUNITIES} communities are possible; "
            f"got {len(communities)}."
        )
    rows = sorted(rows, key=lambda row: (COHORTS.index(str(row["cohort"])), communities.index(str(row["community"]))))
    numbers = {name: np.array([float(row[name]) for row in rows]) for name in _LIMITS}
    return AudienceTable(
        communities=communities,
        cohort=np.array([COHORTS.index(str(row["cohort"])) for row in rows], np.int8),
        community=np.array([communities.index(str(row["community"])) for row in rows], np.int8),
        share=numbers["share"] / total,
        grievance=numbers["grievance"],
        support=numbers["support"],
        sessions_a_day=numbers["sessions_a_day"],
    )


def _text_of(path: Path) -> str:
    """Return the text of a file in any of the encodings in which spreadsheets save tables."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ConfigError(
                f"people.table must name a table with a line a group; {path} has {path.stat().st_size} bytes, "
                f"more than {_LARGEST_FILE}."
            )
        raw = path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise ConfigError(f"people.table must name a file that can be read; got {str(path)!r}: {reason}.") from None
    if raw.startswith(b"PK"):
        raise ConfigError(f"people.table must name a CSV file; {path} is a workbook: save its sheet as CSV (UTF-8).")
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ConfigError(f"people.table must name a text file; {path} is none: save the table as CSV (UTF-8).")


def _rows_of(text: str, path: Path) -> tuple[list[tuple[int, dict[str, str]]], bool]:
    """Return (line number, cell by column) of each line that is not blank, and whether commas may be decimal."""
    lines = text.splitlines()
    skipped = 0
    if lines and lines[0].strip().lower().startswith("sep="):  # a hint that spreadsheets write for themselves
        skipped = 1
    if len(lines) <= skipped or not lines[skipped].strip():
        raise ConfigError(f"people.table must begin with the columns {', '.join(COLUMNS)}; {path} has no header.")
    separator = max(",;\t", key=lines[skipped].count)
    reader = csv.reader(io.StringIO("\n".join(lines[skipped:])), delimiter=separator, skipinitialspace=True)
    try:
        table = [(reader.line_num + skipped, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as problem:
        raise ConfigError(f"people.table must be a CSV file; {path} is none: {problem}.") from None
    header = [name.lower().replace(" ", "_") for name in table[0][1]]
    while header and not header[-1]:
        header.pop()
    missing = [name for name in COLUMNS if name not in header]
    if missing or len(header) != len(COLUMNS):
        what = f"lacks {', '.join(missing)}" if missing else "has more, or one twice"
        raise ConfigError(
            f"people.table must have the columns {', '.join(COLUMNS)} and no others; {path} has "
            f"{', '.join(header)}: it {what}."
        )
    rows = []
    for number, cells in table[1:]:
        if not any(cells):
            continue
        if len(cells) < len(header) or any(cells[len(header) :]):
            raise ConfigError(
                f"people.table: {path}, line {number}: a line must have {len(header)} values; got {len(cells)}."
            )
        rows.append((number, dict(zip(header, cells, strict=False))))
    return rows, separator != ","


def _group_of(path: Path, line: int, cells: dict[str, str], decimal_comma: bool) -> dict[str, str | float]:
    """Return one checked line: names and numbers by column."""

    def refuse(column: str, rule: str) -> ConfigError:
        return ConfigError(f"people.table: {path}, line {line}, column {column}: {rule}; got {cells[column]!r}.")

    cohort = plain_cohort(cells["cohort"])
    if cohort not in COHORTS:
        raise refuse("cohort", f"must be one of {', '.join(COHORTS)}")
    if not cells["community"]:
        raise refuse("community", f"must be a name, {OTHER} for all that need none")
    row: dict[str, str | float] = {"cohort": cohort, "community": cells["community"]}
    for column, (low, high) in _LIMITS.items():
        text = cells[column].replace(",", ".") if decimal_comma else cells[column]
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not low <= number <= high:
            raise refuse(column, f"must be a number from {low:g} to {high:g}")
        row[column] = number
    return row
