"""What the source looks like: its files, its modules and who imports whom. Read with ``ast``, never imported."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def python_files(*folders: str) -> list[Path]:
    """Return all Python files below the named folders of the checkout, in order."""
    return sorted(path for folder in folders for path in (CHECKOUT / folder).rglob("*.py"))


def label(path: Path) -> str:
    """Return a path as the reader of a failure knows it."""
    return path.relative_to(CHECKOUT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed source of ``path``."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_name(path: Path) -> str:
    """Return the dotted name of a file below ``sim``; a package's ``__init__`` bears the package's name."""
    parts = list(path.relative_to(CHECKOUT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sim_modules() -> dict[str, Path]:
    """Return every module of ``sim`` by its dotted name."""
    return {module_name(path): path for path in python_files("sim")}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each imported dotted name with its line, wherever in the file it stands.

    ``from a.b import c`` yields ``a.b.c`` if that is a module of ours, else ``a.b``, and for ``from sim
    import X`` always ``sim.X``: the package's lazy names would otherwise hide what is imported.
    """
    known = sim_modules()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            home = "." * node.level + (node.module or "")
            for alias in node.names:
                full = f"{home}.{alias.name}"
                yield (full if full in known or home == "sim" else home), node.lineno


def tracked_files() -> list[Path]:
    """Return the files that git holds; skip the test outside a git checkout."""
    try:
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [CHECKOUT / name for name in listing.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]
