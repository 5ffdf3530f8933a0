"""The follower graph: two arrays that say to whom each account's posts travel.

An edge (u, v) means that u follows v; posts travel from v to u. Rows are authors, values their followers,
so in-degree is the number of followers. Ids of a file are replaced by row numbers and are not kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from sim.errors import GraphError
from sim.network import csr

if TYPE_CHECKING:
    import networkx
    import scipy.sparse

Origin = Literal["generated", "loaded"]
MAX_ROWS = 2**31 - 1


@dataclass(frozen=True, eq=False)
class FollowerGraph:
    """Followers of every account, as compressed rows.

    Parameters
    ----------
    start : int64[n + 1]
        ``follower[start[v]:start[v + 1]]`` are the followers of v.
    follower : int32[m]
        Ascending inside a row, without repeats and without v itself. Memory-mapped arrays will do.
    origin : {"generated", "loaded"}
        Loaded graphs may show real people: they leave the program only as aggregates.
    keys : uint64[n]
        What ties an account to its luck; row numbers if left out.
    """

    start: npt.NDArray[np.int64]
    follower: npt.NDArray[np.int32]
    origin: Origin = "loaded"
    keys: npt.NDArray[np.uint64] = field(default=None)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        start = np.asarray(self.start)
        follower = np.asarray(self.follower)
        if start.dtype != np.int64 or start.ndim != 1 or start.shape[0] < 1:
            raise GraphError(f"graph.start must be int64 of shape (n + 1,), got {start.dtype}{start.shape}.")
        if follower.dtype != np.int32 or follower.ndim != 1:
            raise GraphError(f"graph.follower must be int32 of shape (m,), got {follower.dtype}{follower.shape}.")
        if start[0] != 0 or start[-1] != follower.shape[0]:
            raise GraphError(
                f"graph.start must run from 0 to {follower.shape[0]:,}, the number of edges; "
                f"it runs from {start[0]:,} to {start[-1]:,}."
            )
        keys = np.arange(start.shape[0] - 1, dtype=np.uint64) if self.keys is None else np.asarray(self.keys)
        if keys.dtype != np.uint64 or keys.shape != (start.shape[0] - 1,):
            raise GraphError(
                f"graph.keys must be uint64 of shape ({start.shape[0] - 1},), got {keys.dtype}{keys.shape}."
            )
        for name, column in (("start", start), ("follower", follower), ("keys", keys)):
            view = column[:]
            view.flags.writeable = False  # all runs read it; compiled code that would write to it is refused
            object.__setattr__(self, name, view)

    @property
    def n(self) -> int:
        """The number of accounts."""
        return int(self.start.shape[0] - 1)

    @property
    def m(self) -> int:
        """The number of follow edges."""
        return int(self.follower.shape[0])

    @property
    def in_degree(self) -> npt.NDArray[np.int64]:
        """The number of followers of each account, int64[n]."""
        return np.diff(self.start)

    @property
    def out_degree(self) -> npt.NDArray[np.int64]:
        """The number of accounts that each account follows, int64[n]."""
        counted: npt.NDArray[np.int64] = csr.times_named(self.follower, self.n)
        return counted

    def followers(self, row: int) -> npt.NDArray[np.int32]:
        """Return the followers of one account, ascending (a view)."""
        return self.follower[self.start[row] : self.start[row + 1]]

    def followees(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Return the other direction: int64[n + 1] starts and int32[m] followed accounts, ascending."""
        start, followed = csr.transpose(self.start, self.follower)
        return start, followed

    def reversed(self) -> FollowerGraph:
        """Return the graph with every edge turned round."""
        start, followed = self.followees()
        return FollowerGraph(start, followed, self.origin, self.keys)

    def check(self) -> None:
        """Check every row (linear time).

        Raises
        ------
        GraphError
            A row is unsorted, has a repeat or a self loop, or names a row that does not exist.
        """
        row = csr.first_unsound_row(self.start, self.follower)
        if row >= 0:
            raise GraphError(
                f"graph.follower must hold ascending rows without repeats, self loops or numbers "
                f"outside 0 to {self.n - 1}; row {row} breaks this. Build it with FollowerGraph.from_edges."
            )

    def content_hash(self) -> str:
        """Return the sha256 (hex) over n, the types and the little-endian bytes of the arrays."""
        digest = hashlib.sha256(f"follower graph 1, n={self.n}".encode())
        for name, column, kind in (
            ("start", self.start, "<i8"),
            ("follower", self.follower, "<i4"),
            ("keys", self.keys, "<u8"),
        ):
            digest.update(f", {name} {kind} {column.shape[0]}:".encode())
            digest.update(np.ascontiguousarray(column, dtype=kind).data)
        return digest.hexdigest()

    @classmethod
    def from_edges(
        cls,
        follower: npt.ArrayLike,
        followed: npt.ArrayLike,
        n: int,
        *,
        origin: Origin = "loaded",
        keys: npt.NDArray[np.uint64] | None = None,
    ) -> FollowerGraph:
        """Build a graph from pairs; repeats and self loops are left out.

        Parameters
        ----------
        follower, followed : integers[m] in [0, n)
            ``follower[e]`` follows ``followed[e]``.
        n : int
            The number of accounts, those without edges included.

        Raises
        ------
        GraphError
            The columns differ in length, are not integers, or name a row outside [0, n).
        """
        if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or not 0 <= n <= MAX_ROWS:
            raise GraphError(f"n must be a whole number from 0 to {MAX_ROWS:,}, got {n!r}.")
        columns = [_row_numbers(name, ids, int(n)) for name, ids in (("follower", follower), ("followed", followed))]
        if columns[0].shape != columns[1].shape:
            raise GraphError(
                f"follower and followed must have one entry per edge each, got {columns[0].shape[0]:,} "
                f"and {columns[1].shape[0]:,}."
            )
        by_follower = csr.group(columns[0], columns[1], int(n))
        start, grouped = csr.transpose(*by_follower)
        del by_follower
        left = csr.drop_repeats(start, grouped)
        if left < grouped.shape[0]:
            grouped = grouped[:left].copy()
        return cls(start, grouped, origin, keys)  # type: ignore[arg-type]

    @classmethod
    def from_scipy(cls, matrix: scipy.sparse.sparray | scipy.sparse.spmatrix) -> FollowerGraph:
        """Build a graph from a square sparse matrix: ``matrix[u, v] != 0`` means that u follows v.

        Raises
        ------
        GraphError
            It is not a sparse matrix, or not square.
        """
        from scipy import sparse

        if not sparse.issparse(matrix):
            raise GraphError(f"matrix must be a SciPy sparse matrix, got {type(matrix).__name__}.")
        untyped: Any = matrix
        pairs: Any = sparse.coo_array(untyped)
        if len(pairs.shape) != 2 or pairs.shape[0] != pairs.shape[1]:
            raise GraphError(f"matrix must be square, one row and one column per account; its shape is {pairs.shape}.")
        stored = pairs.data != 0
        return cls.from_edges(pairs.row[stored], pairs.col[stored], int(pairs.shape[0]))

    @classmethod
    def from_networkx(cls, graph: networkx.DiGraph[Any]) -> FollowerGraph:
        """Build a graph from a directed NetworkX graph; an edge (u, v) means that u follows v.

        Rows are in the order of ``graph.nodes``.

        Raises
        ------
        GraphError
            It is not a NetworkX graph, or it is undirected.
        """
        if not hasattr(graph, "is_directed") or not hasattr(graph, "edges"):
            raise GraphError(f"graph must be a NetworkX graph, got {type(graph).__name__}.")
        if not graph.is_directed():
            raise GraphError("graph must be directed, u -> v for 'u follows v'; if all follow back, use to_directed().")
        row = {node: i for i, node in enumerate(graph.nodes)}
        pairs = np.fromiter((row[node] for edge in graph.edges() for node in edge), np.int64).reshape(-1, 2)
        return cls.from_edges(pairs[:, 0], pairs[:, 1], len(row))

    @classmethod
    def read(cls, path: str | Path, *, kind: str | None = None, direction: str = "follower_followed") -> FollowerGraph:
        """Read a graph from a file; its ids become rows in ascending order.

        Parameters
        ----------
        path : path
            ``.txt .tsv .csv .edges`` (plain or ``.gz``), ``.graphml`` (plain or ``.gz``), ``.parquet``
            or ``.npz``.
        kind : {"edge_list", "graphml", "parquet", "scipy"}
            Read it as this, whatever its suffix.
        direction : {"follower_followed", "followed_follower"}
            What the two columns mean.

        Raises
        ------
        GraphError
            The file cannot be read; the message names the file, the line and the rule.
        """
        from sim.network.files import read_edges

        edges = read_edges(path, kind=kind, direction=direction)
        return cls.from_edges(edges.follower, edges.followed, edges.n)


def _row_numbers(name: str, ids: npt.ArrayLike, n: int) -> npt.NDArray[Any]:
    """Return a column of row numbers as a plain integer array, or say what is wrong with it."""
    column = np.asarray(ids)
    if column.size == 0:
        return np.empty(0, np.int32)
    if column.ndim != 1 or column.dtype.kind not in "iu":
        raise GraphError(f"{name} must be a column of whole numbers, got {column.dtype} of shape {column.shape}.")
    place = csr.first_illegal(column, n)
    if place >= 0:
        raise GraphError(f"{name}[{place}] must lie in [0, {n}), the rows of the graph, got {column[place]}.")
    return column
