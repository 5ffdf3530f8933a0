"""What is known of real accounts: a table (CSV or Parquet) joined to the rows of a graph by id.

Commas, semicolons or tabs separate; with semicolons or tabs, numbers may have decimal commas. Legal columns:
``id`` (required), ``cohort``, ``community``, ``grievance``, ``support``, ``sessions_a_day``, ``role``,
``follows_sender``, ``key``. A blank cell leaves that value unknown (``id`` and ``key`` may not be blank). The ids
go no further, and no message shows one.
"""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt

from sim.config.paths import path_of
from sim.config.people import COHORTS, ROLES
from sim.errors import GraphError, unknown_name
from sim.rng import MAX_FOLLOWER_KEY

if TYPE_CHECKING:
    import pandas

Check = Callable[["_Table", Any], npt.NDArray[Any]]
TRUTH = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
COLUMNS = ("id", "cohort", "community", "grievance", "support", "sessions_a_day", "role", "follows_sender", "key")


class _Table:
    """A table as text, with the words for where a row stands in its file."""

    def __init__(
        self, path: Path, frame: pandas.DataFrame, place: npt.NDArray[np.int64], unit: str, separator: str = ","
    ) -> None:
        self.path, self.frame, self.place, self.unit = path, frame, place, unit
        self.decimal_comma = separator != ","

    def refuse(self, row: int, column: str, rule: str) -> NoReturn:
        """Raise the error for one value; an id is not shown."""
        seen = "" if column in ("id", "key") else f", got {self.frame[column].iloc[row]!r}"
        raise GraphError(f"{self.path}, {self.unit} {self.place[row]}, column {column}: {rule}{seen}.")

    def require(self, good: npt.NDArray[np.bool_], column: str, rule: str) -> None:
        """Refuse the first row that is not good."""
        bad = np.flatnonzero(~good)
        if bad.size:
            self.refuse(int(bad[0]), column, rule)


def read_attributes(path: str | Path, ids: npt.NDArray[Any]) -> pandas.DataFrame:
    """Return the attributes of the accounts of a graph, in the order of its rows, without the ids.

    Parameters
    ----------
    path : path
        ``.csv`` (also ``.gz``) or ``.parquet``.
    ids : int64[n] or str[n]
        The id of each row of the graph.

    Returns
    -------
    DataFrame of n rows
        Any of ``cohort``, ``community``, ``role`` (text, missing if unknown), ``grievance``, ``support``,
        ``sessions_a_day`` (float64, nan if unknown), ``follows_sender`` (True, False or missing), ``key`` (uint64).

    Raises
    ------
    GraphError
        The file cannot be read, a value breaks its rule, or its ids are not those of the graph.
    """
    import pandas

    path = path_of(path)
    table = _read_table(path)
    _check_columns(path, [str(name) for name in table.frame.columns])
    order = _match(table, np.asarray(ids))
    columns = {
        name: _CHECKS[name](table, table.frame[name].str.strip()).take(order)
        for name in table.frame.columns
        if name != "id"
    }
    return pandas.DataFrame(columns, index=pandas.RangeIndex(order.shape[0]))


def _read_table(path: Path) -> _Table:
    """Return a table of text; blank lines are left out."""
    import pandas
    import pyarrow

    try:
        if path.suffix.lower() == ".parquet":
            frame = pandas.read_parquet(path, engine="pyarrow")
            missing = frame.isna()
            frame = frame.astype(str).mask(missing, "")
            return _Table(path, frame, np.arange(1, len(frame) + 1), "row")
        with warnings.catch_warnings():
            warnings.simplefilter("error", pandas.errors.ParserWarning)  # a line that is too long is cut with a warning
            separator = _separator(path)
            frame = pandas.read_csv(
                path, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False,
                skipinitialspace=True, index_col=False,
            )  # fmt: skip
    except FileNotFoundError:
        raise GraphError(f"{path} does not exist; network.attributes must name a CSV or Parquet file.") from None
    except UnicodeDecodeError as error:
        raise GraphError(f"{path} must be a text file in UTF-8: byte {error.start} is not.") from error
    except (
        pandas.errors.ParserError,
        pandas.errors.EmptyDataError,
        pyarrow.ArrowException,
        OSError,
        EOFError,
    ) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise GraphError(f"{path} must be a CSV or Parquet file that can be read: {reason}.") from error
    except pandas.errors.ParserWarning as error:
        raise GraphError(
            f"{path}: every line must have as many fields as the header has names, with {_SEPARATORS[separator]} "
            "between them."
        ) from error
    frame.columns = [str(name).strip() for name in frame.columns]
    frame = frame.fillna("")
    filled = (frame != "").any(axis=1).to_numpy()
    return _Table(path, frame[filled], np.flatnonzero(filled) + 2, "line", separator)


def _separator(path: Path) -> str:
    """Return what separates the names of the first line."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
        header = stream.readline()
    return max(_SEPARATORS, key=lambda mark: header.count(mark.encode()))


def _check_columns(path: Path, names: list[str]) -> None:
    """Check that the columns are legal, named once, and the id is among them."""
    for name in names:
        if name not in COLUMNS:
            raise GraphError(f"{path}: {unknown_name('a column', name, COLUMNS)}")
        if names.count(name) > 1:
            raise GraphError(f"{path}: each column must be there once, got {name} {names.count(name)} times.")
    if "id" not in names:
        raise GraphError(f"{path} must have the column id; it has {', '.join(names)}.")


def _match(table: _Table, ids: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return which row of the table belongs to each row of the graph."""
    import pandas

    text = table.frame["id"].str.strip()
    if ids.dtype.kind == "i":
        # ids of GraphML may be written n0, n1, ...
        digits = text.str.fullmatch(r"n?[0-9]{1,19}").to_numpy(dtype=bool)
        table.require(digits, "id", "an id must be a whole number from 0 on")
        numbers = text.str.removeprefix("n").astype("uint64").to_numpy()
        table.require(numbers < 2**63, "id", "an id must be below 2**63")
        index = pandas.Index(numbers.astype(np.int64))
    else:
        index = pandas.Index(text)
    table.require(~index.duplicated(), "id", "each account must have one line, this id was there before")
    order = np.asarray(index.get_indexer(pandas.Index(ids)), np.int64)
    lacking = int((order < 0).sum())
    if lacking:
        raise GraphError(
            f"{table.path} must have a {table.unit} for each account of the graph: "
            f"{lacking:,} of {ids.shape[0]:,} have none."
        )
    foreign = np.ones(len(index), bool)
    foreign[order] = False
    if foreign.any():
        first = table.place[np.flatnonzero(foreign)[0]]
        raise GraphError(
            f"{table.path} must name accounts of the graph only: {int(foreign.sum()):,} of {len(index):,} ids are not "
            f"in it, the first in {table.unit} {first}. Leave them out, or add their edges to the graph."
        )
    return order


def _or_none(blank: Any, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return values with None where a cell was blank."""
    known = values.astype(object)
    known[np.asarray(blank, bool)] = None
    return known


def _chosen_from(name: str, allowed: tuple[str, ...]) -> Check:
    """Return the check for one of a few names."""

    def check(table: _Table, text: pandas.Series[Any]) -> npt.NDArray[Any]:
        blank = (text == "").to_numpy(dtype=bool)
        table.require(blank | text.isin(allowed).to_numpy(), name, f"must be one of {', '.join(allowed)}")
        return _or_none(blank, text.to_numpy(dtype=object))

    return check


def _number_in(name: str, low: float, high: float, rule: str) -> Check:
    """Return the check for a number from ``low`` to ``high``."""

    def check(table: _Table, text: pandas.Series[Any]) -> npt.NDArray[Any]:
        import pandas

        plain = text.str.replace(",", ".") if table.decimal_comma else text
        numbers = np.asarray(pandas.to_numeric(plain, errors="coerce"), np.float64)
        blank = (text == "").to_numpy(dtype=bool)
        table.require(blank | ((numbers >= low) & (numbers <= high)), name, rule)
        return numbers

    return check


def _community(_table: _Table, text: pandas.Series[Any]) -> npt.NDArray[Any]:
    return _or_none(text == "", text.to_numpy(dtype=object))


def _follows_sender(table: _Table, text: pandas.Series[Any]) -> npt.NDArray[Any]:
    lowered = text.str.lower()
    blank = (text == "").to_numpy(dtype=bool)
    table.require(blank | lowered.isin(TRUTH).to_numpy(), "follows_sender", "must be true or false (or 1 or 0)")
    return _or_none(blank, lowered.map(TRUTH).to_numpy(dtype=object))


def _key(table: _Table, text: pandas.Series[Any]) -> npt.NDArray[Any]:
    rule = f"must be a whole number from 0 to {MAX_FOLLOWER_KEY}"
    table.require(text.str.fullmatch(r"[0-9]{1,19}").to_numpy(dtype=bool), "key", rule)
    numbers = text.astype("uint64")
    table.require((numbers <= MAX_FOLLOWER_KEY).to_numpy(), "key", rule)
    table.require(~numbers.duplicated().to_numpy(), "key", "each account must have its own, this one was there before")
    return numbers.to_numpy()


_CHECKS: dict[str, Check] = {
    "cohort": _chosen_from("cohort", COHORTS),
    "community": _community,
    "grievance": _number_in("grievance", 0.0, 1.0, "must be a number from 0 to 1"),
    "support": _number_in("support", 0.0, 1.0, "must be a number from 0 to 1"),
    "sessions_a_day": _number_in("sessions_a_day", 1e-9, 200.0, "must be a number above 0, at most 200"),
    "role": _chosen_from("role", ROLES),
    "follows_sender": _follows_sender,
    "key": _key,
}
