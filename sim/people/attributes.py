"""What is known of the accounts of a real graph: columns that override what would be drawn.

Columns may be any of ``COLUMNS``; a missing value leaves what is drawn. Rows are named by their number, never by an
account's name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.config.people import COHORTS, ROLES
from sim.errors import GraphError
from sim.people.audience import MAX_COMMUNITIES, ordered_names, plain_cohort
from sim.rng import MAX_FOLLOWER_KEY

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("cohort", "community", "grievance", "support", "sessions_a_day", "role", "follows_sender", "key")
UNKNOWN = -1
_YES = ("true", "yes", "1", "1.0")
_NO = ("false", "no", "0", "0.0")


@dataclass(frozen=True)
class Given:
    """Attributes that are given; None for a column that is not.

    Attributes
    ----------
    key : uint64[n] or None
    cohort, community, role, follows_sender : int8[n] or None
        Indices (of a community: in ``communities``); ``UNKNOWN`` where a value is missing.
    grievance, support, sessions_a_day : float64[n] or None
        nan where a value is missing.
    communities : tuple of str
        Names of the communities that the attributes mention.
    """

    key: np.ndarray | None = None
    cohort: np.ndarray | None = None
    community: np.ndarray | None = None
    grievance: np.ndarray | None = None
    support: np.ndarray | None = None
    sessions_a_day: np.ndarray | None = None
    role: np.ndarray | None = None
    follows_sender: np.ndarray | None = None
    communities: tuple[str, ...] = ()


def _refusal(row: int, column: str, rule: str, seen: object) -> GraphError:
    """Return the error for one value."""
    return GraphError(f"network.attributes: row {row} (from 0), column {column}: {rule}; got {seen!r}.")


def _codes(column: pd.Series, code_of: Callable[[str], int], rule: str) -> np.ndarray:
    """Return ``code_of`` each value's text: int8[n]; ``UNKNOWN`` for missing and blank ones."""
    import pandas as pd

    place, distinct = pd.factorize(column)
    codes = np.full(len(distinct) + 1, UNKNOWN, np.int8)  # the last one is that of missing values
    for i, value in enumerate(distinct):
        whole = isinstance(value, float) and value.is_integer()  # numbers beside missing ones are read as floats
        text = str(int(value) if whole else value).strip()
        if text:
            try:
                codes[i] = code_of(text)
            except ValueError:
                raise _refusal(int(np.flatnonzero(place == i)[0]), str(column.name), rule, value) from None
    return codes[place]


def _numbers(column: pd.Series, low: float, high: float) -> np.ndarray:
    """Return values within [low, high]: float64[n], nan where one is missing."""
    import pandas as pd

    blank = column.isna().to_numpy()
    if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
        blank = blank | (column.astype("string").str.strip() == "").fillna(True).to_numpy(dtype=bool)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~blank & ~((numbers >= low) & (numbers <= high))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise _refusal(row, str(column.name), f"must be a number from {low:g} to {high:g}", column.iloc[row])
    return np.where(blank, np.nan, numbers)


def checked_keys(keys: np.ndarray | Sequence[int], name: str) -> np.ndarray:
    """Return keys as uint64[n].

    Raises
    ------
    GraphError
        If one is no whole number in [0, 2**62), or comes twice.
    """
    array = np.asarray(keys)
    rule = f"{name} must hold distinct whole numbers from 0 to 2**62 - 1"
    if array.size and (array.ndim != 1 or array.dtype.kind not in "iu"):
        raise GraphError(f"{rule}; got an array of {array.ndim} dimensions of {array.dtype}.")
    # a key can stand for an account, so it is never shown: rows are
    wrong = np.flatnonzero((array < 0) | (array > MAX_FOLLOWER_KEY)) if array.size else array
    if wrong.size:
        raise GraphError(f"{rule}; that of row {wrong[0]} (from 0) is none.")
    array = np.ascontiguousarray(array, dtype=np.uint64)
    order = np.argsort(array, kind="stable")
    twice = np.flatnonzero(array[order][1:] == array[order][:-1])
    if twice.size:
        raise GraphError(f"{rule}; rows {order[twice[0]]} and {order[twice[0] + 1]} (from 0) have the same.")
    return array


def _yes_or_no(text: str) -> int:
    """Return 1 for yes, 0 for no."""
    if text.lower() in _YES:
        return 1
    if text.lower() in _NO:
        return 0
    raise ValueError


def read_given(attributes: pd.DataFrame, n: int) -> Given:
    """Return the attributes of a table, checked.

    Parameters
    ----------
    attributes : DataFrame
        One row an account, in the order of rows, with any of ``COLUMNS``.
    n : int
        Rows of the audience.

    Raises
    ------
    GraphError
        If it has another number of rows, an unknown column, or a value that breaks its rule.
    """
    if len(attributes) != n:
        raise GraphError(f"network.attributes must have one row for each of the {n} rows; got {len(attributes)}.")
    unknown = [str(name) for name in attributes.columns if name not in COLUMNS]
    if unknown or attributes.columns.has_duplicates:
        what = f"got {', '.join(unknown)}" if unknown else "one comes twice"
        raise GraphError(f"network.attributes may have the columns {', '.join(COLUMNS)}; {what}.")
    given: dict[str, np.ndarray] = {}
    communities: tuple[str, ...] = ()
    for name in attributes.columns:
        column = attributes[name]
        if name == "cohort":
            rule = f"must be one of {', '.join(COHORTS)}"
            given[name] = _codes(column, lambda text: COHORTS.index(plain_cohort(text)), rule)
        elif name == "role":
            given[name] = _codes(column, lambda text: ROLES.index(text.lower()), f"must be one of {', '.join(ROLES)}")
        elif name == "follows_sender":
            given[name] = _codes(column, _yes_or_no, "must be true or false")
        elif name == "community":
            given[name], communities = _communities(column)
        elif name == "key":
            given[name] = checked_keys(column.to_numpy(), "network.attributes, column key")
        else:
            given[name] = _numbers(column, 0.0, 200.0 if name == "sessions_a_day" else 1.0)
    return Given(**given, communities=communities)


def _communities(column: pd.Series) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return each row's community and the names, in their order."""
    names: list[str] = []

    def code(text: str) -> int:
        if text not in names:
            names.append(text)
        if len(names) > MAX_COMMUNITIES:
            raise ValueError
        return names.index(text)

    codes = _codes(column, code, f"at most {MAX_COMMUNITIES} communities are possible")
    ordered = ordered_names(set(names))
    place = np.array([ordered.index(name) for name in names] + [UNKNOWN], np.int8)
    return place[codes], ordered
