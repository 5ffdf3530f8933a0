"""What a study's folder holds, and whether it is still what was written: every file against the manifest.

A file whose bytes are those of the manifest is whole. One with other bytes may still hold the same content
(a table that was packed anew, say); else it was damaged or edited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import StudyError
from sim.study.planned import KINDS
from sim.study.store.folder import MANIFEST, existing, read_json
from sim.study.store.logs import LOG, stored_digest
from sim.study.store.one_run import frame_of, manifest_of
from sim.study.store.parted import parts_hash
from sim.study.store.provenance import content_hash, file_hash, plain_content_hash

if TYPE_CHECKING:
    from sim.engine.world import World

ORDER = ("people", "graph", "log", "runs", "timeline", "draws", "options", "cascade", "bands", "compare", "points",
         "summary", "findings")  # fmt: skip
"""Contents in the order in which one follows from another."""
PLAIN = ("summary", "findings")
_SOURCES = ("people", "graph")


def world_hashes(world: World) -> dict[str, str]:
    """Return the content hashes of people and graph."""
    digest = hashlib.sha256()
    for field in fields(world.population):
        value = getattr(world.population, field.name)
        if isinstance(value, np.ndarray):
            kind = value.dtype.newbyteorder("<")
            digest.update(f";{field.name}:{kind.str}:{value.size}:".encode())
            digest.update(np.ascontiguousarray(value, dtype=kind).data)
        else:
            digest.update(f";{field.name}:{value!r}".encode())
    return {"people": digest.hexdigest(), "graph": world.graph.content_hash()}


def in_order(names: Iterable[str]) -> list[str]:
    """Return the names of contents, causes before effects; tables of one kind alone stand before the summary."""
    known = {name: place for place, name in enumerate(ORDER)}
    return sorted(names, key=lambda name: (known.get(name, known["summary"] - 0.5), name))


def file_of(name: str) -> str:
    """Return the file that holds a content."""
    return f"{name}.json" if name in PLAIN else f"{name}.parquet"


def damages(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the files of a study: ``{content: sentence}``, empty if all are whole.

    Raises
    ------
    StudyError
        The manifest has no hash of a file that it should have.
    """
    found = {}
    for name in in_order(manifest["content"]):
        if name in _SOURCES:
            continue
        wrong = _wrong_with(folder / file_of(name), name, manifest)
        if wrong is not None:
            found[name] = f"{file_of(name)} {wrong}"
    return found


def _wrong_with(path: Path, name: str, manifest: Mapping[str, Any]) -> str | None:
    """Return what is wrong with one file."""
    if not path.is_file():
        return "is missing"
    if file_hash(path) == manifest["files"].get(path.name):
        return None
    try:
        now = _content(path, name, manifest)
    except Exception as problem:  # noqa: BLE001 - damaged bytes may raise anything where they are read
        line = str(problem).partition("\n")[0].rstrip(".")
        return f"cannot be read ({line if len(line) <= 120 else f'{line[:117]}...'})"
    return None if now == manifest["content"][name] else "is not what was written"


def _content(path: Path, name: str, manifest: Mapping[str, Any]) -> str:
    """Return the content hash of what a file holds now."""
    if name in PLAIN:
        return plain_content_hash(read_json(path))
    if path.name == LOG:
        runs, graphs = manifest["plan"]["replicates"], manifest["plan"]["graphs"]
        return stored_digest(path, [(number * graphs // runs, number) for number in range(runs)])
    if name == "runs" and manifest["kind"] in KINDS:
        return parts_hash(path)
    return content_hash(frame_of(path))


def standing(place: Path, identity: Mapping[str, Any], *, fresh: bool) -> bool:
    """Tell whether a study stands whole at ``place`` with this identity.

    Raises
    ------
    StudyError
        Something else stands there, or a file of the study was damaged since, and ``fresh`` is false.
    """
    if not existing(place, identity, fresh=fresh):
        return False
    wrong = damages(place, manifest_of(place))
    if wrong:
        raise StudyError(
            f"{str(place)!r} holds this study, but {'; '.join(wrong.values())} (as {MANIFEST} says). "
            "Carry it out again with fresh=true; the damaged folder is kept aside."
        )
    return True
