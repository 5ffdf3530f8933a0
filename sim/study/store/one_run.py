"""What a study of one configuration leaves in its folder, and how it is read again.

``manifest.json``, ``summary.json``, ``findings.json`` (small tables for the report), ``runs.parquet``,
``timeline.parquet``, and where they exist ``draws.parquet``, ``options.parquet``, ``cascade.parquet``,
``bands.parquet`` and ``log.parquet``. Everything but the manifest's times and machine is content: the manifest
holds its hashes, and those of the files' bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.root import Configuration, validated
from sim.errors import StudyError
from sim.study.planned import KINDS, identity_of
from sim.study.run.campaign import CampaignStudy
from sim.study.store.folder import MANIFEST, SUMMARY, read_json, whole, write_json
from sim.study.store.provenance import (
    MANIFEST_SCHEMA,
    commit,
    configuration_hash,
    content_hash,
    file_hash,
    plain_content_hash,
    plain_hash,
    versions,
)

if TYPE_CHECKING:
    import pandas as pd

FINDINGS = "findings.json"
_OPTIONAL = ("draws", "options", "cascade")
_PARTS = {"kind": str, "study": str, "command": str, "identity": dict, "keys": dict, "versions": dict, "content": dict,
          "files": dict}  # fmt: skip
_PARTS_OF_KIND = {
    "run": {"configuration": dict, "plan": dict},
}
_PARTS_OF_PLANNED = {"question": dict, "units": dict}
_BESIDE = {"schema", "seed", "commit", "dirty", "machine", "started", "seconds"}
_BESIDE_OF_KIND = {"run": {"shapes_only"}}
_BESIDE_PLANNED = {"failed", "carried_out"}
_CONFIGURED = {"run": "configuration"}
"""The part of a manifest that says what was simulated."""
_IDENTITY = {"configuration_hash", "settings_hash", "backfire", "code"}


def tables_of(study: CampaignStudy) -> dict[str, pd.DataFrame]:
    """Return every table of a study by the name of its file."""
    return {**study.frames, "bands": study.bands}


def content_of(study: CampaignStudy) -> dict[str, str]:
    """Return the content hash of everything that a study has found."""
    tables = {name: content_hash(frame) for name, frame in tables_of(study).items()}
    plain = {"summary": plain_content_hash(study.summary), "findings": plain_content_hash(study.findings)}
    return tables | plain


def file_hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every table and plain part in a study's folder, by file name."""
    found = sorted(path for path in folder.iterdir() if path.suffix in (".parquet", ".json") and path.name != MANIFEST)
    return {path.name: file_hash(path) for path in found}


def keep(
    folder: Path,
    study: CampaignStudy,
    *,
    name: str,
    command: str,
    identity: Mapping[str, Any],
    keys: Mapping[str, Any],
    machine: Mapping[str, Any],
    started: str,
    sources: Mapping[str, str],
    shapes_only: bool = False,
    log: str | None = None,
) -> None:
    """Write a study into a folder.

    Parameters
    ----------
    name, command : str
        Name of the study, and the command that repeats it.
    identity : mapping
        From :func:`sim.study.store.provenance.identity`.
    keys : mapping
        The study's keys as asked for (replicates, graphs, uncertainty, record).
    machine : mapping
        From :func:`sim.study.store.provenance.machine`.
    started : str
        When it began, UTC.
    sources : mapping
        Content hashes of people and graph.
    shapes_only : bool
        The small preset was chosen.
    log : str, optional
        Content hash of ``log.parquet``, if there is one.
    """
    for kind, frame in tables_of(study).items():
        frame.to_parquet(folder / f"{kind}.parquet", index=False)
    write_json(folder / SUMMARY, study.summary)
    write_json(folder / FINDINGS, study.findings)
    content = dict(sources) | content_of(study) | ({} if log is None else {"log": log})
    write_json(folder / MANIFEST, {
        "schema": MANIFEST_SCHEMA, "kind": "run", "study": name, "command": command,
        "identity": dict(identity), "seed": study.configuration.seed,
        "configuration": study.configuration.model_dump(mode="json"), "keys": dict(keys),
        "plan": study.plan.settings(), "versions": versions(), **commit(), "machine": dict(machine),
        "shapes_only": shapes_only, "started": started, "seconds": study.summary["seconds"], "content": content,
        "files": file_hashes(folder),
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
    parts = {**_PARTS, **_parts_of(str(manifest.get("kind")))}
    missing = [name for name, kind in parts.items() if not isinstance(manifest.get(name), kind)]
    if missing:
        raise StudyError(
            f"{str(folder / MANIFEST)!r} was edited or damaged since it was written: {', '.join(missing)} is not as it "
            "was. Carry the study out again, with fresh=true."
        )
    _as_written(folder / MANIFEST, manifest)
    return manifest


def _parts_of(kind: str) -> Mapping[str, type]:
    """Return the parts that a kind's manifest has beside those of all."""
    return _PARTS_OF_PLANNED if kind in KINDS else _PARTS_OF_KIND.get(kind, {})


def _as_written(path: Path, manifest: Mapping[str, Any]) -> None:
    """Check that a manifest holds nothing unknown, and that what it describes is what it was made from.

    Raises
    ------
    StudyError
        A field that this version does not know, or a configuration or keys that were edited.
    """
    kind = manifest["kind"]
    beside = _BESIDE | (_BESIDE_PLANNED if kind in KINDS else _BESIDE_OF_KIND.get(kind, set()))
    known = set(_PARTS) | beside | set(_parts_of(kind))
    unknown = sorted(set(manifest) - known) if _parts_of(kind) else []
    unknown += sorted(f"identity.{name}" for name in set(manifest["identity"]) - _IDENTITY)
    if unknown:
        raise StudyError(
            f"{str(path)!r} has a field that this version does not know: {', '.join(unknown)}; another version wrote "
            "it, or it was edited. Take the version that it names, or carry the study out again, with fresh=true."
        )
    for name, (part, now) in _described(path, manifest).items():
        if now != manifest["identity"].get(name):
            raise StudyError(
                f"{str(path)!r} was edited since it was written: {part} does not have the hash that identity.{name} "
                "says. Carry the study out again, with fresh=true."
            )


def _described(path: Path, manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the part of a manifest that each hash of its identity is made from, and the hash of that part now."""
    kind = manifest["kind"]
    if kind in KINDS:
        with whole(path.parent):
            now = identity_of(manifest["question"], manifest["keys"]["files"])
        return {name: ("question", now[name]) for name in ("configuration_hash", "settings_hash")}
    if kind not in _CONFIGURED:
        return {}
    part = _CONFIGURED[kind]
    return {
        "configuration_hash": (part, configuration_hash(manifest[part])),
        "settings_hash": ("keys", plain_hash(manifest["keys"])),
    }


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
            frames[kind] = frame_of(path)
        elif kind not in _OPTIONAL:
            raise StudyError(f"{str(folder)!r} is not whole: {path.name} is missing.")
    with whole(folder):
        return Kept(
            folder, manifest, read_json(folder / SUMMARY), read_json(folder / FINDINGS),
            validated(manifest["configuration"]), frames,
        )  # fmt: skip


def frame_of(path: Path) -> pd.DataFrame:
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
