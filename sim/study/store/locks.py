"""Locks that end with the process that holds them, however it ends: ``flock`` on files of a study's folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, which is made if it is not there; wait for whoever holds it."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
        except FileNotFoundError:  # removed meanwhile
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # whoever held it may have removed the folder: the lock must be the one that others find
            if _is_at(descriptor, folder / "lock"):
                yield
                return
        finally:
            os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    """Tell whether a path leads to an open file."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def held_for_life(path: Path) -> int:
    """Make a file, lock it, and return its descriptor: while it is open, :func:`held` says yes."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def held(path: Path) -> bool:
    """Tell whether somebody alive holds the lock of a file."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        # shared: two that ask at once do not take each other for the holder
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
