"""A table that comes in parts: hashed and written while it is read, so that memory does not grow with its rows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.store.provenance import content_hash

if TYPE_CHECKING:
    import pandas as pd


class PartsDigest:
    """The content hash of a table that comes in parts."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def take(self, part: pd.DataFrame) -> None:
        """Take the next part."""
        self._digest.update(content_hash(part).encode())

    def close(self) -> str:
        """Return the sha256 (hex)."""
        return self._digest.hexdigest()


class Parted:
    """One table in parts; pass its parts through, then move it to its place or drop it.

    Parameters
    ----------
    folder : Path or None
        Where it is written beside its place; None keeps it in memory.

    Attributes
    ----------
    rows : int
    content : str
        Content hash; empty until all parts have gone through.
    """

    def __init__(self, folder: Path | None, name: str = "runs.parquet") -> None:
        self._beside = None if folder is None else folder.absolute() / f".{name}.part-{os.getpid()}"
        self._kept: list[pd.DataFrame] = []
        self.rows = 0
        self.content = ""

    def through(self, parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Yield the parts, each written and hashed; an incomplete file is removed."""
        import pyarrow as pa
        from pyarrow import parquet

        digest = PartsDigest()
        writer: parquet.ParquetWriter | None = None
        try:
            for part in parts:
                digest.take(part)
                self.rows += len(part)
                if self._beside is None:
                    self._kept.append(part)
                else:
                    schema = None if writer is None else writer.schema
                    table = pa.Table.from_pandas(part, preserve_index=False, schema=schema)
                    if writer is None:
                        writer = parquet.ParquetWriter(self._beside, table.schema)
                    writer.write_table(table, row_group_size=max(1, len(part)))
                yield part
            self.content = digest.close()
        finally:
            if writer is not None:
                writer.close()
            if not self.content:
                self.drop()

    def frame(self) -> pd.DataFrame:
        """Return the whole table, if it was kept in memory."""
        import pandas as pd

        return pd.concat(self._kept, ignore_index=True) if self._kept else pd.DataFrame()

    def into(self, path: Path) -> None:
        """Move the finished file to its place, and remove what killed processes left beside it."""
        if self._beside is not None and self.rows:
            os.replace(self._beside, path)
            for left in path.parent.glob(f".{path.name}.part-*"):
                left.unlink(missing_ok=True)

    def drop(self) -> None:
        """Remove what was written."""
        if self._beside is not None:
            self._beside.unlink(missing_ok=True)


def stored_parts(path: Path) -> Iterator[pd.DataFrame]:
    """Yield the parts in which a table was written."""
    from pyarrow import parquet

    with parquet.ParquetFile(path) as stored:
        for part in range(stored.num_row_groups):
            yield stored.read_row_group(part).to_pandas()


def parts_hash(path: Path) -> str:
    """Return the content hash of a table that was written in parts."""
    digest = PartsDigest()
    for part in stored_parts(path):
        digest.take(part)
    return digest.close()
