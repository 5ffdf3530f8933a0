"""Files of real follower graphs: from text, GraphML, Parquet and SciPy files to edges between rows.

Ids of a file become rows in ascending order (text names of GraphML: in the order of the document). They
are kept only until attributes are joined, and messages never show one: they name lines and counts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.config.paths import path_of
from sim.errors import GraphError, unknown_name
from sim.network.edge_list import read_edge_list
from sim.network.graphml import numbers_of, read_graphml

SUFFIXES = {
    ".txt": "edge_list", ".tsv": "edge_list", ".csv": "edge_list", ".edges": "edge_list",
    ".graphml": "graphml", ".parquet": "parquet", ".npz": "scipy",
}  # fmt: skip
DIRECTIONS = ("follower_followed", "followed_follower")


class Edges(NamedTuple):
    """Edges between rows, and the ids that the rows had.

    Attributes
    ----------
    follower, followed : integers[m] in [0, n)
    n : int
    ids : int64[n] or str[n]
        The id of each row in the file: for joining attributes, not to be kept.
    """

    follower: npt.NDArray[Any]
    followed: npt.NDArray[Any]
    n: int
    ids: npt.NDArray[Any]


def read_edges(path: str | Path, *, kind: str | None = None, direction: str = "follower_followed") -> Edges:
    """Return the edges of a file.

    Parameters
    ----------
    path : path
    kind : {"edge_list", "graphml", "parquet", "scipy"}
        What the file is; by its suffix if left out.
    direction : {"follower_followed", "followed_follower"}
        What the columns mean (rows and columns of a matrix, source and target of an edge). A header or
        column names that say follower and followed win.

    Raises
    ------
    GraphError
        The file cannot be read, or breaks a rule.
    """
    if direction not in DIRECTIONS:
        raise GraphError(f"network.direction must be one of {', '.join(DIRECTIONS)}; got {direction!r}.")
    path = path_of(path)
    chosen = kind if kind is not None else _kind_of(path)
    if chosen not in _READERS:
        raise GraphError(str(unknown_name("network.kind", kind, _READERS)))
    _check_file(path)
    first, second, n, ids, named = _READERS[chosen](path)
    swapped = direction == "followed_follower" if named is None else named
    return Edges(second, first, n, ids) if swapped else Edges(first, second, n, ids)


def _kind_of(path: Path) -> str:
    """Return what kind of graph file a name promises."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
        plain = suffixes[-1] if suffixes and SUFFIXES.get(suffixes[-1]) in ("edge_list", "graphml") else None
    else:
        plain = suffixes[-1] if suffixes and suffixes[-1] in SUFFIXES else None
    if plain is None:
        raise GraphError(
            f"{path} must end in {', '.join(SUFFIXES)} (text and GraphML also with .gz), "
            "or be read with network=edge_list, graphml, parquet or scipy."
        )
    return SUFFIXES[plain]


def _check_file(path: Path) -> None:
    """Check that there is a file to read."""
    try:
        if path.is_dir():
            raise GraphError(f"{path} must be a file, and is a folder.")
        if not path.exists():
            raise GraphError(f"{path} does not exist; network.path must name a file.")
        with path.open("rb"):
            pass
    except OSError as error:
        raise GraphError(f"{path} cannot be read: {error.strerror or error}.") from error


Columns = tuple[npt.NDArray[Any], npt.NDArray[Any], int, npt.NDArray[Any], bool | None]


def _edge_list(path: Path) -> Columns:
    first, second, followed_first = read_edge_list(path)
    return (*_rows(first, second), followed_first)


def _graphml(path: Path) -> Columns:
    source, target, names = read_graphml(path)
    numbers = numbers_of(names)
    if numbers is None:
        return source, target, len(names), np.array(names, dtype=np.str_), None
    order = np.argsort(numbers, kind="stable")
    row = np.empty(order.shape[0], np.int64)
    row[order] = np.arange(order.shape[0])
    return row[source], row[target], len(names), numbers[order], None


def _parquet(path: Path) -> Columns:
    import pyarrow
    from pyarrow import parquet

    try:
        names = parquet.read_schema(path).names
        if "follower" in names and "followed" in names:
            wanted, named = ["follower", "followed"], False
        elif len(names) == 2:
            wanted, named = names, None
        else:
            raise GraphError(
                f"{path} must have the columns follower and followed; it has {', '.join(names) or 'none'}."
            )
        table = parquet.read_table(path, columns=wanted)
    except (pyarrow.ArrowException, OSError) as error:
        raise GraphError(f"{path} must be a Parquet file that can be read: {_first_line(error)}") from error
    columns = []
    for name, column in zip(wanted, table.columns, strict=True):
        if not pyarrow.types.is_integer(column.type):
            raise GraphError(f"{path}, column {name}: ids must be whole numbers, the column holds {column.type}.")
        if column.null_count:
            raise GraphError(
                f"{path}, column {name}: every edge must have both ids, {column.null_count:,} are missing."
            )
        values = column.to_numpy()
        bad = np.flatnonzero((values < 0) | (values > np.iinfo(np.int64).max))
        if bad.size:
            raise GraphError(
                f"{path}, row {bad[0] + 1}, column {name}: an id must be a whole number from 0 to 2**63 - 1."
            )
        columns.append(values.astype(np.int64, copy=False))
    return (*_rows(*columns), named)


def _scipy(path: Path) -> Columns:
    import zipfile

    from scipy import sparse

    try:
        matrix = sparse.load_npz(path)
        if hasattr(matrix, "check_format"):  # a damaged row pointer would write past the end of an array below
            matrix.check_format(full_check=True)
        pairs = matrix.tocoo()  # finds indices outside the shape
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, EOFError, AttributeError, NotImplementedError) as error:
        raise GraphError(
            f"{path} must be a whole file with a sparse matrix, saved by scipy.sparse.save_npz; it is damaged, or "
            "another kind of file."
        ) from error
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise GraphError(
            f"{path} must hold a square matrix, a row and a column per account; its shape is {matrix.shape}."
        )
    stored = pairs.data != 0
    n = int(matrix.shape[0])
    return pairs.row[stored], pairs.col[stored], n, np.arange(n, dtype=np.int64), None


_READERS: dict[str, Callable[[Path], Columns]] = {
    "edge_list": _edge_list, "graphml": _graphml, "parquet": _parquet, "scipy": _scipy,
}  # fmt: skip


def _rows(
    first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], int, npt.NDArray[np.int64]]:
    """Replace ids by their place among all ids, ascending."""
    largest = int(max(first.max(initial=-1), second.max(initial=-1)))
    if largest < 8 * first.shape[0] + 1024:  # ids are dense enough for a table
        row = np.zeros(largest + 1, np.int32)
        row[first] = 1
        row[second] = 1
        ids = np.flatnonzero(row)
        row[ids] = np.arange(ids.shape[0], dtype=np.int32)
        return row[first], row[second], ids.shape[0], ids.astype(np.int64, copy=False)
    ids = np.union1d(_distinct(first), _distinct(second))
    return np.searchsorted(ids, first), np.searchsorted(ids, second), ids.shape[0], ids


def _distinct(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the distinct ids (hashing: much faster than sorting where they repeat)."""
    import pandas

    return np.asarray(pandas.unique(ids))


def _first_line(error: Exception) -> str:
    """Return the first line of a library's message, as a sentence."""
    text = str(error).strip().splitlines()
    return (text[0].rstrip(".") if text else type(error).__name__) + "."
