"""The event logs of a study: hashed run by run, written run by run, compared run by run.

Memory holds only the logs of the runs in flight, however many there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.record import LOG_SCHEMA
from sim.outcome.log import ACTIONS
from sim.outcome.log import content_hash as log_hash
from sim.study.store.difference import in_tables

if TYPE_CHECKING:
    import pandas as pd

LOG = "log.parquet"


class LogDigest:
    """The content hash of a study's event logs, run by run."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def take(self, graph: int, replicate: int, log: pd.DataFrame) -> None:
        """Add the log of one run."""
        self._digest.update(f"{graph},{replicate},{log_hash(log)};".encode())

    def close(self) -> str:
        """Return the sha256 (hex) over the logs' content."""
        return self._digest.hexdigest()


class LogFile(LogDigest):
    """The event logs of a study, written into one file.

    Parameters
    ----------
    path : Path
        ``log.parquet``; a row group a run, with columns ``graph`` and ``replicate`` before the log's own.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._writer: Any = None

    def take(self, graph: int, replicate: int, log: pd.DataFrame) -> None:
        """Append the log of one run."""
        import pyarrow
        from pyarrow import parquet

        super().take(graph, replicate, log)
        told = log.copy(deep=False)
        told.insert(0, "graph", graph)
        told.insert(1, "replicate", replicate)
        table = pyarrow.Table.from_pandas(told, preserve_index=False)
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table)

    def close(self) -> str:
        """Finish the file and return the sha256 (hex) over the logs' content."""
        if self._writer is not None:
            self._writer.close()
        return super().close()


class LogCheck(LogDigest):
    """The event logs of a study computed again, held against those in a file.

    Parameters
    ----------
    path : Path
        ``log.parquet``; it may be missing or damaged.

    Attributes
    ----------
    difference : str or None
        Where the first run that differs does so first.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._stored = stored_logs(path)
        self._next: tuple[int, int, pd.DataFrame] | None = None
        self.difference: str | None = None

    def take(self, graph: int, replicate: int, log: pd.DataFrame) -> None:
        """Add the log of one run, and hold it against the file's."""
        super().take(graph, replicate, log)
        if self.difference is not None:
            return
        try:
            self._next = next(self._stored, None) if self._next is None else self._next
        except Exception:  # noqa: BLE001 - damaged bytes may raise anything where they are read
            self.difference = "the file cannot be read"
            return
        then = log.iloc[:0]
        if self._next is not None and self._next[:2] == (graph, replicate):
            then, self._next = self._next[2], None
        # hashed first: to look for the place takes longer
        if log_hash(then) != log_hash(log):
            found = in_tables(then, log) or "another order or type"
            self.difference = f"graph {graph}, replicate {replicate}, {found}"


def stored_logs(path: Path) -> Iterator[tuple[int, int, pd.DataFrame]]:
    """Yield graph, replicate and log of each run in a file that has any event, in order."""
    import pandas as pd
    from pyarrow import parquet

    held: tuple[int, int, pd.DataFrame] | None = None
    with parquet.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            rows = file.read_row_group(number).to_pandas()
            for (graph, replicate), part in rows.groupby(["graph", "replicate"], sort=False):
                log = part.drop(columns=["graph", "replicate"]).reset_index(drop=True)
                if held is not None and held[:2] == (graph, replicate):
                    held = (*held[:2], pd.concat([held[2], log], ignore_index=True))
                    continue
                if held is not None:
                    yield (*held[:2], _as_logged(held[2]))
                held = (int(graph), int(replicate), log)
    if held is not None:
        yield (*held[:2], _as_logged(held[2]))


def _as_logged(log: pd.DataFrame) -> pd.DataFrame:
    """Return a log from a file with the categories and the schema that it was made with."""
    import pandas as pd

    log["action"] = pd.Categorical(log["action"], categories=list(ACTIONS))
    log.attrs["schema"] = LOG_SCHEMA
    return log


def stored_digest(path: Path, runs: Sequence[tuple[int, int]]) -> str:
    """Return the content hash of the logs in a file.

    Parameters
    ----------
    runs : sequence of (int, int)
        Graph and replicate of every run, those without any event included.
    """
    from pyarrow import parquet

    empty = _as_logged(parquet.read_schema(path).empty_table().to_pandas().drop(columns=["graph", "replicate"]))
    digest = LogDigest()
    stored = stored_logs(path)
    following = next(stored, None)
    for graph, replicate in runs:
        if following is not None and following[:2] == (graph, replicate):
            digest.take(*following)
            following = next(stored, None)
        else:
            digest.take(graph, replicate, empty)
    # what is left is of no run of this study
    return digest.close() if following is None else ""
