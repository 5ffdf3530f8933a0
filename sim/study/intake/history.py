"""One's own last posts: a table with counts a post, and nothing else of it is read.

Columns: ``ask, hour, impressions, shares, replies, critical_replies``, and, if wished, ``closeness`` and ``openness``
(codes of ``conf/intake/questions.yaml``). What other columns hold (texts, names, links) is passed over: it is neither
kept nor told nor written. Commas, semicolons or tabs separate.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.config.paths import path_of
from sim.errors import ConfigError, unknown_name
from sim.study.intake.questions import ordinary

Counts = npt.NDArray[np.int64]
COLUMNS = ("ask", "hour", "impressions", "shares", "replies", "critical_replies")
CODES = ("closeness", "openness")
LEAST, FEW, MOST = 3, 10, 1000
_LARGEST_FILE = 1 << 22
_WHOLE = re.compile(r"\d+|\d{1,3}(,\d{3})+")
_HOUR = re.compile(r"(\d{1,2})(?::([0-5]\d)|(\.\d+))?")
_MOST_IMPRESSIONS = 10**10


@dataclass(frozen=True)
class History:
    """Counts of past posts, an element a post.

    Attributes
    ----------
    ask : tuple of str
        What was asked.
    closeness, openness : tuple of str
        Codes; empty where none is given.
    hour : float64[posts]
    impressions, shares, replies, critical : int64[posts]
    passed_over : int
        How many further columns the table has.
    """

    ask: tuple[str, ...]
    closeness: tuple[str, ...]
    openness: tuple[str, ...]
    hour: npt.NDArray[np.float64]
    impressions: Counts
    shares: Counts
    replies: Counts
    critical: Counts
    passed_over: int = 0

    @property
    def posts(self) -> int:
        """How many posts."""
        return len(self.ask)

    @property
    def kinds(self) -> tuple[tuple[str, str, str], ...]:
        """The different kinds of posts: ask, closeness and openness, in the order of their first post."""
        return tuple(dict.fromkeys(zip(self.ask, self.closeness, self.openness, strict=True)))


def read_history(path: str | Path) -> History:
    """Read the table of past posts.

    Raises
    ------
    ConfigError
        It cannot be read, lacks a column, has fewer than three posts, or a line breaks a rule.
    """
    place = path_of(path)
    lines = _lines_of(place)
    if not lines:
        raise ConfigError(f"people.history: {place} is empty; it needs the columns {', '.join(COLUMNS)}.")
    head = [_name(cell) for cell in lines[0][1]]
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        raise ConfigError(
            f"people.history: {place} has no column {', '.join(missing)}; its first line must name "
            f"{', '.join(COLUMNS)} (and may name {' and '.join(CODES)})."
        )
    places = {name: head.index(name) for name in (*COLUMNS, *CODES) if name in head}
    for name in places:
        if head.count(name) > 1:
            raise ConfigError(f"people.history: {place} has {head.count(name)} columns {name}; one is needed.")
    rows = [_post(place, number, cells, places) for number, cells in lines[1:]]
    if len(rows) < LEAST:
        raise ConfigError(
            f"people.history needs at least {LEAST} posts, better {FEW} to 50; {place} has {len(rows)}. So few cannot "
            "tell what is usual for you from what was chance; leave the history out."
        )
    if len(rows) > MOST:
        raise ConfigError(f"people.history takes your last 10 to 50 posts, {MOST} at most; {place} has {len(rows)}.")
    counts = {name: np.array([row[name] for row in rows], np.int64) for name in COLUMNS[2:]}
    return History(
        tuple(str(row["ask"]) for row in rows), tuple(str(row["closeness"]) for row in rows),
        tuple(str(row["openness"]) for row in rows), np.array([float(row["hour"]) for row in rows]),
        counts["impressions"], counts["shares"], counts["replies"], counts["critical_replies"],
        len(head) - len(places),
    )  # fmt: skip


def _name(cell: str) -> str:
    """Return a column's name as the rules have it: ``Critical replies`` is ``critical_replies``."""
    return re.sub(r"[\s_-]+", "_", cell.strip().lower().replace("&", " and "))


def _lines_of(place: Path) -> list[tuple[int, list[str]]]:
    """Return the table's lines that are not empty, with their numbers."""
    try:
        if place.stat().st_size > _LARGEST_FILE:
            raise ConfigError(
                f"people.history must name a table with a line a post; {place} has {place.stat().st_size:,} bytes, "
                f"more than {_LARGEST_FILE:,}."
            )
        raw = place.read_bytes()
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise ConfigError(f"people.history must name a file that can be read; got {str(place)!r}: {reason}.") from None
    if raw.startswith(b"PK") or b"\0" in raw:
        raise ConfigError(f"people.history must name a CSV file; {place} is none: save the sheet as CSV (UTF-8).")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as problem:
        raise ConfigError(f"people.history: {place} cannot be read as a table: {problem}.") from None
    return [(number, cells) for number, cells in enumerate(read, 1) if any(cell.strip() for cell in cells)]


def _post(place: Path, number: int, cells: list[str], places: dict[str, int]) -> dict[str, str | int | float]:
    """Return one post, checked."""
    where = f"people.history: {place}, line {number}"
    text = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
    row: dict[str, str | int | float] = {name: _whole(where, name, text[name]) for name in COLUMNS[2:]}
    row["hour"] = _hour(where, text["hour"])
    row["ask"] = _code(where, "ask", text["ask"], tuple(ordinary().asks))
    for name in CODES:
        known = tuple(getattr(ordinary(), name))
        row[name] = _code(where, name, text[name], known) if text.get(name) else ""
    impressions, shares, replies, critical = (int(row[name]) for name in COLUMNS[2:])
    if critical > replies:
        raise ConfigError(
            f"{where}: critical_replies must not be more than replies, of which they are a part; got {critical:,} of "
            f"{replies:,}."
        )
    if impressions < 1 or impressions < shares + replies:
        raise ConfigError(
            f"{where}: impressions must be at least 1, and no fewer than shares and replies together; got "
            f"{impressions:,} impressions, {shares:,} shares and {replies:,} replies."
        )
    return row


def _whole(where: str, column: str, text: str) -> int:
    """Return a count."""
    plain = text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    plain = plain.removesuffix(".0")
    if not _WHOLE.fullmatch(plain) or int(plain.replace(",", "")) > _MOST_IMPRESSIONS:
        raise ConfigError(f"{where}: {column} must be a whole number, 0 or more; got {text[:40]!r}.")
    return int(plain.replace(",", ""))


def _hour(where: str, text: str) -> float:
    """Return an hour of the day: ``14``, ``14:30`` or ``14.5``."""
    found = _HOUR.fullmatch(text)
    hour = -1.0
    if found:
        hour = float(found[1]) + float(found[2] or 0) / 60.0 + float(found[3] or 0)
    if not 0.0 <= hour <= 24.0:
        raise ConfigError(f"{where}: hour must be an hour of the day, as 14, 14:30 or 14.5; got {text[:40]!r}.")
    return hour % 24.0


def _code(where: str, column: str, text: str, known: tuple[str, ...]) -> str:
    """Return a word that is one of those known."""
    name = _name(text)
    if name not in known:
        problem = unknown_name(f"{where}: {column}", text[:40], known)
        raise ConfigError(str(problem))
    return name
