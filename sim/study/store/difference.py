"""The first place in which a study's content and the same computed again differ, in words.

Tables are read row by row and within a row column by column; what stands in JSON is read key by key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.store.provenance import NOT_CONTENT, plain_hash

if TYPE_CHECKING:
    import pandas as pd

_KEYS = ("name", "option", "point", "draw", "graph", "replicate", "minute", "node")
"""Columns that tell which row is meant."""


def in_tables(then: pd.DataFrame, now: pd.DataFrame) -> str | None:
    """Return the first difference of two tables in words; None if their content is the same."""
    columns = [name for name in then.columns if name not in NOT_CONTENT]
    others = [name for name in now.columns if name not in NOT_CONTENT]
    if columns != others:
        return f"columns: {_of_lists(columns, others)}"
    rows = min(len(then), len(now))
    first, where = rows, ""
    for name in columns:
        place = _first_unlike(then[name].iloc[:rows], now[name].iloc[:rows])
        if place < first:
            first, where = place, name
    if where:
        told = f"{shown(then[where].iloc[first])} then, {shown(now[where].iloc[first])} now"
        return f"row {first}{_which(then, first)}, column {where}: {told}"
    if len(then) != len(now):
        return f"{len(then)} rows then, {len(now)} now"
    kinds = [name for name in columns if then[name].dtype.kind != now[name].dtype.kind]
    return f"column {kinds[0]}: {then[kinds[0]].dtype} then, {now[kinds[0]].dtype} now" if kinds else None


def in_plain(then: Any, now: Any, name: str = "") -> str | None:
    """Return the first difference of two plain values in words; None if they are the same."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for key in [*then, *(key for key in now if key not in then)]:
            if not name and key in NOT_CONTENT:
                continue
            if key not in then or key not in now:
                return f"{name}{key}: {'only then' if key in then else 'only now'}"
            found = in_plain(then[key], now[key], f"{name}{key}.")
            if found is not None:
                return found
        return None
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        parts = (in_plain(old, new, f"{name}{place}.") for place, (old, new) in enumerate(zip(then, now, strict=True)))
        return next((part for part in parts if part is not None), None)
    if plain_hash(then) == plain_hash(now):
        return None
    return f"{name.removesuffix('.')}: {shown(then)} then, {shown(now)} now"


def shown(value: Any) -> str:
    """Return a value as it is told: numbers in full, long texts cut."""
    if isinstance(value, (float, np.floating)):
        return "undefined" if value != value else repr(float(value))
    text = "undefined" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _first_unlike(then: pd.Series, now: pd.Series) -> int:
    """Return the first row in which two columns of the same length differ; their length if they do not."""
    undefined = then.isna().to_numpy(), now.isna().to_numpy()
    old, new = then.to_numpy(dtype=object), now.to_numpy(dtype=object)
    if then.dtype.kind in "biuf" and now.dtype.kind in "biuf":
        old, new = then.to_numpy(), now.to_numpy()
    unlike = np.asarray(old != new, dtype=bool) & ~(undefined[0] & undefined[1])
    places = np.flatnonzero(unlike | (undefined[0] != undefined[1]))
    return int(places[0]) if places.size else len(then)


def _which(table: pd.DataFrame, row: int) -> str:
    """Return what tells a row apart, in brackets."""
    told = [f"{name} {shown(table[name].iloc[row])}" for name in _KEYS if name in table.columns]
    return f" ({', '.join(told)})" if told else ""


def _of_lists(then: Sequence[str], now: Sequence[str]) -> str:
    """Return in what two lists of names differ."""
    gone, new = [name for name in then if name not in now], [name for name in now if name not in then]
    parts = [f"{', '.join(names)} {what}" for names, what in ((gone, "only then"), (new, "only now")) if names]
    return "; ".join(parts) or "in another order"
