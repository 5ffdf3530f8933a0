"""Files that a configuration names, and the hash of what they hold."""

from __future__ import annotations

import hashlib

from sim.config.paths import path_of
from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.extensions.files import place_of

_CHUNK = 1 << 20


def _file_hash(path: str, name: str) -> str:
    """Return the sha256 (hex) of a file that the configuration names."""
    digest = hashlib.sha256()
    place = place_of(path) if name.startswith("extensions=") else path_of(path)
    # read twice, here and by its reader: a pipe would be empty by then
    if place.exists() and not place.is_file() and not place.is_dir():
        raise ConfigError(f"{name} must name a file, got {path!r}, a pipe or device; save what it gives in a file.")
    try:
        with place.open("rb") as stream:
            while part := stream.read(_CHUNK):
                digest.update(part)
    except OSError as problem:
        raise ConfigError(f"{name} must name a file that can be read, got {path!r}: {problem.strerror}.") from None
    return digest.hexdigest()


def files_of(configuration: Configuration, known: dict[str, str] | None = None) -> dict[str, str]:
    """Return the content hash of every file that a configuration names, by dotted name.

    Parameters
    ----------
    known : dict of path to hash, optional
        Files that were read before; added to.

    Raises
    ------
    ConfigError
        A file cannot be read.
    """
    named = {
        "network.path": configuration.network.path,
        "network.attributes": configuration.network.attributes,
        "people.table": configuration.people.table,
    }
    named |= {f"extensions={path}": path for path in configuration.extensions}
    found = {} if known is None else known
    for name, path in named.items():
        if path is not None and path not in found:
            found[path] = _file_hash(path, name)
    return {name: found[path] for name, path in named.items() if path is not None}
