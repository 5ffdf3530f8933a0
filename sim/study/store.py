"""What a study of one configuration leaves in its folder, and how it is read again.

``manifest.json``, ``summary.json``, ``findings.json`` (small tables for the report), ``runs.parquet``,
``timeline.parquet``, and where they exist ``draws.parquet``, ``options.parquet``, ``cascade.parquet``,
``bands.parquet`` and ``log.parquet``. Everything but the manifest's times and machine is content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.root import Configuration, validated
from sim.errors import StudyError
from sim.outcome.log import content_hash as log_hash
from sim.study.campaign import CampaignStudy
from sim.study.folder import MANIFEST, SUMMARY, read_json, whole, write_json
from sim.study.provenance import MANIFEST_SCHEMA, commit, content_hash, machine, versions

if TYPE_CHECKING:
    import pandas as pd

FINDINGS = "findings.json"
_OPTIONAL = ("draws", "options", "cascade")
_PARTS = {"kind": str, "study": str, "command": str, "identity": dict, "keys": dict, "versions": dict, "content": dict}
_PARTS_OF_KIND = {"run": {"configuration": dict, "plan": dict}, "compare": {"configurations": dict}}


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
    """The event logs of a study, written run by run, so that memory holds only those in flight.

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


def content_of(study: CampaignStudy) -> dict[str, str]:
    """Return the content hash of every frame of a study."""
    return {name: content_hash(frame) for name, frame in study.frames.items()}


def keep(
    folder: Path,
    study: CampaignStudy,
    *,
    name: str,
    command: str,
    identity: Mapping[str, Any],
    keys: Mapping[str, Any],
    workers: int,
    started: str,
    shapes_only: bool = False,
    log: str | None = None,
) -> None:
    """Write a study into a folder.

    Parameters
    ----------
    name, command : str
        Name of the study, and the command that repeats it.
    identity : mapping
        From :func:`sim.study.provenance.identity`.
    keys : mapping
        The study's keys as asked for (replicates, graphs, uncertainty, record).
    started : str
        When it began, UTC.
    shapes_only : bool
        The small preset was chosen.
    log : str, optional
        Content hash of ``log.parquet``, if there is one.
    """
    for kind, frame in {**study.frames, "bands": study.bands}.items():
        frame.to_parquet(folder / f"{kind}.parquet", index=False)
    write_json(folder / SUMMARY, study.summary)
    write_json(folder / FINDINGS, study.findings)
    content = content_of(study) | ({} if log is None else {"log": log})
    write_json(folder / MANIFEST, {
        "schema": MANIFEST_SCHEMA, "kind": "run", "study": name, "command": command,
        "identity": dict(identity), "seed": study.configuration.seed,
        "configuration": study.configuration.model_dump(mode="json"), "keys": dict(keys),
        "plan": study.plan.settings(), "versions": versions(), **commit(), "machine": machine(workers),
        "shapes_only": shapes_only, "started": started, "seconds": study.summary["seconds"], "content": content,
    })  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A study read again from its folder.

    Attributes
    ----------
    folder : Path
    manifest, summary, findings : dict
    configuration : Configuration
    frames : dict of str to DataFrame
        ``runs``, ``timeline``, ``bands``, and those of ``draws``, ``options``, ``cascade`` that exist.
    """

    folder: Path
    manifest: dict[str, Any]
    summary: dict[str, Any]
    findings: dict[str, Any]
    configuration: Configuration
    frames: dict[str, pd.DataFrame]


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return a study's manifest.

    Raises
    ------
    StudyError
        The folder is no study, or one of another kind of format.
    """
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("schema") != MANIFEST_SCHEMA:
        seen = manifest.get("schema") if isinstance(manifest, dict) else manifest
        raise StudyError(f"{str(folder)!r} has a manifest of schema {seen!r}; this version reads {MANIFEST_SCHEMA}.")
    parts = _PARTS | _PARTS_OF_KIND.get(str(manifest.get("kind")), {})
    missing = [name for name, kind in parts.items() if not isinstance(manifest.get(name), kind)]
    if missing:
        raise StudyError(
            f"{str(folder / MANIFEST)!r} was edited or damaged since it was written: {', '.join(missing)} is not as it "
            "was. Carry the study out again, with fresh=true."
        )
    return manifest


def read(folder: Path) -> Kept:
    """Return the study of one configuration that a folder holds.

    Raises
    ------
    StudyError
        The folder is no such study, or files are missing.
    """
    manifest = manifest_of(folder)
    if manifest.get("kind") != "run":
        raise StudyError(
            f"{str(folder)!r} holds a study of kind {manifest.get('kind')!r}; this needs one of backfire run."
        )
    frames = {}
    for kind in ("runs", "timeline", "bands", *_OPTIONAL):
        path = folder / f"{kind}.parquet"
        if path.is_file():
            frames[kind] = _frame(path)
        elif kind not in _OPTIONAL:
            raise StudyError(f"{str(folder)!r} is not whole: {path.name} is missing.")
    with whole(folder):
        return Kept(
            folder, manifest, read_json(folder / SUMMARY), read_json(folder / FINDINGS),
            validated(manifest["configuration"]), frames,
        )  # fmt: skip


def _frame(path: Path) -> pd.DataFrame:
    """Return the table of a Parquet file.

    Raises
    ------
    StudyError
        It cannot be read.
    """
    import pandas as pd
    import pyarrow

    try:
        return pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError) as problem:
        reason = str(problem).partition("\n")[0].rstrip(".")
        raise StudyError(
            f"{str(path)!r} cannot be read: {reason}. Carry the study out again, with fresh=true."
        ) from None
