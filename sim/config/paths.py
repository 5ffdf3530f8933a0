"""Paths as a person writes them: ``~`` is the home folder, which shells leave alone behind a ``=``."""

from __future__ import annotations

from pathlib import Path


def path_of(text: str | Path) -> Path:
    """Return the path that a text means.

    ``~`` and ``~/...`` lie in the home folder, unless there is no home folder or a file of just that name;
    everything else (``~x``, ``$HOME``) is taken as it stands.
    """
    path = Path(text)
    if path.parts[:1] != ("~",) or path.exists():
        return path
    try:
        return path.expanduser()
    except RuntimeError:  # nobody's home
        return path
