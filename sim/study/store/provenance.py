"""What a result came from, and a hash that says whether two results are the same.

Content hashes are over columns, types and little-endian bytes in design x replicate order; times, machine
and figures are left out. Every undefined value hashes alike, and so do 0.0 and -0.0. The code's fingerprint
covers every module that can move a result.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from sim.config.case import without_what_came_after

if TYPE_CHECKING:
    import pandas as pd

MANIFEST_SCHEMA = 2
_SILENT = ("report", "cli", "agents", "warroom", "model")
"""Parts of ``sim`` that cannot move a number of a study."""
_LIBRARIES = ("numpy", "numba", "scipy", "pandas", "pyarrow", "pydantic", "hydra-core", "mesa", "matplotlib")
NOT_CONTENT = ("seconds",)
"""Columns and keys that two carrying-outs of the same study may differ in."""


def code_fingerprint() -> str:
    """Return the sha256 (hex) over the modules of ``sim`` that can move a result."""
    root = Path(sim.__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root)
        if name.parts[0].removesuffix(".py") in _SILENT:
            continue
        digest.update(name.as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def canonical(value: Any) -> str:
    """Return JSON of a plain value with sorted keys: the same text for the same content.

    Raises
    ------
    ValueError
        A float that is not finite.
    """
    return json.dumps(_one_nought(value), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _one_nought(value: Any) -> Any:
    """Return a plain value in which no number is -0.0."""
    if isinstance(value, float):
        return value + 0.0
    if isinstance(value, Mapping):
        return {name: _one_nought(part) for name, part in value.items()}
    return [_one_nought(part) for part in value] if isinstance(value, (list, tuple)) else value


def plain_hash(value: Any) -> str:
    """Return the sha256 (hex) of a plain value's canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def plain_content_hash(value: Mapping[str, Any]) -> str:
    """Return the sha256 (hex) of a study's plain part (``summary.json``, say); times are left out."""
    return plain_hash({name: part for name, part in value.items() if name not in NOT_CONTENT})


def file_hash(path: Path) -> str:
    """Return the sha256 (hex) of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _column_bytes(column: pd.Series) -> tuple[str, bytes]:
    """Return a type name and the little-endian bytes of one column."""
    import numpy as np

    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else "O"
    if kind == "f":
        values = column.to_numpy(dtype="<f8") + 0.0  # one nought
        values[np.isnan(values)] = np.nan  # one pattern for every undefined value
        return "<f8", values.tobytes()
    if kind in "iu":
        return "<i8", column.to_numpy(dtype="<i8").tobytes()
    if kind == "b":
        return "|b1", column.to_numpy(dtype="|b1").tobytes()
    return "text", canonical([None if item is None or item != item else str(item) for item in column]).encode()


def content_hash(frame: pd.DataFrame) -> str:
    """Return the sha256 (hex) over a frame's columns, types and values; times are left out."""
    digest = hashlib.sha256(f"rows={len(frame)}".encode())
    for name in frame.columns:
        if name in NOT_CONTENT:
            continue
        kind, raw = _column_bytes(frame[name])
        digest.update(f";{name}:{kind}:{len(raw)}:".encode())
        digest.update(raw)
    return digest.hexdigest()


def _git(root: Path, *words: str) -> str | None:
    """Return what git says, or None without git or without a checkout."""
    try:
        said = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip() if said.returncode == 0 else None


def commit() -> dict[str, Any]:
    """Return the commit of the checkout and whether it was changed since; None outside a checkout."""
    root = Path(sim.__file__).resolve().parents[1]
    if not (root / ".git").exists():
        return {"commit": None, "dirty": None}
    head = _git(root, "rev-parse", "HEAD")
    changes = _git(root, "status", "--porcelain", "--untracked-files=no")
    return {"commit": head, "dirty": None if changes is None else bool(changes)}


def versions() -> dict[str, str]:
    """Return the versions of Backfire, Python and the libraries that a result can depend on."""
    found = {"backfire": sim.__version__, "python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return found


def machine(workers: int, executor: object) -> dict[str, Any]:
    """Return what the study ran on and how (no names of people or hosts)."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processors": os.cpu_count(),
        "workers": workers,
        "executor": str(executor),
    }


def configuration_hash(configuration: Any) -> str:
    """Return the sha256 (hex) of plain configurations, without what their cases tell of what happened."""
    return plain_hash(without_what_came_after(configuration))


def identity(configuration: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes two studies the same one: configuration, settings, version and code.

    Parameters
    ----------
    configuration : mapping
        The resolved configuration, plain.
    settings : mapping
        What besides it moves the result (replicates, graphs, uncertainty, ...), plain.
    """
    return {
        "configuration_hash": configuration_hash(configuration),
        "settings_hash": plain_hash(settings),
        "backfire": sim.__version__,
        "code": code_fingerprint(),
    }
