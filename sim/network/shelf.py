"""Where generated people and graphs are kept between starts: one builds, others wait, none reads half a file.

A folder ``graphs`` of the user's cache folder, ``BACKFIRE_CACHE_GB`` gigabytes at most (10; 0 keeps nothing), what was
used longest ago goes first. A name says all that its content follows from, the code included. What is written
stands under ``NAME.part`` until it is whole and is then renamed; whoever writes or removes NAME holds
``NAME.lock``, which the system frees when its holder dies. Files that others have mapped may be removed: on Linux
they stay readable until unmapped.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.compiled import cache_home
from sim.errors import ConfigError
from sim.network.kept import CONTENTS, Damaged, Kept, read_kept, read_only, write_kept

LEAST_ROWS = 200_000
"""Smaller audiences are built in about a second and not kept."""
MOST_GB = 10.0
_MAKERS = ("rng.py", "mathx.py", "compiled.py", "config", "people", "network")


def code_fingerprint() -> str:
    """Return the sha256 (hex) over all code that makes people and graphs, the libraries' versions included."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(" ".join(version(name) for name in ("numba", "numpy", "scipy")).encode())
    for name in _MAKERS:
        place = root / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _most_bytes() -> float:
    """Return how much may be kept, from ``BACKFIRE_CACHE_GB``.

    Raises
    ------
    ConfigError
        It is not a number of at least 0.
    """
    given = os.environ.get("BACKFIRE_CACHE_GB", "")
    try:
        most = float(given) if given.strip() else MOST_GB
    except ValueError:
        most = -1.0
    if not most >= 0.0:
        raise ConfigError(
            f"BACKFIRE_CACHE_GB must be a number of gigabytes of at least 0 (0 keeps nothing); got {given!r}."
        )
    return most * 1e9


def say(sentence: str) -> None:
    """Print one sentence on standard error."""
    print(sentence, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Shelf:
    """A folder of kept arrays.

    Attributes
    ----------
    folder : Path
    least_rows : int
        Audiences below this are not kept.
    most_bytes : float
        Room for all that is kept.
    tell : callable
        Takes one sentence for the user.
    """

    folder: Path
    least_rows: int = LEAST_ROWS
    most_bytes: float = MOST_GB * 1e9
    tell: Callable[[str], None] = say
    _said: set[str] = field(default_factory=set, repr=False)

    def keeps(self, rows: int) -> bool:
        """Tell whether audiences of so many rows are kept at all."""
        return rows >= self.least_rows and self.most_bytes > 0

    def take(self, kind: str, fixed_by: Mapping[str, Any], make: Callable[[], Kept]) -> Kept:
        """Return what is kept under a name, or make it and keep it.

        Parameters
        ----------
        kind : str
            What it is, in the user's words: ``people``, ``graph``.
        fixed_by : mapping
            Plain values: all that the result follows from, besides the code.
        make : callable

        Returns
        -------
        Kept
            Its arrays cannot be written to.
        """
        code = code_fingerprint()
        text = json.dumps({"kind": kind, "code": code, **fixed_by}, sort_keys=True)
        place = self.folder / f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"
        found = self._opened(place, code)
        if found is not None:
            return found
        try:
            with self._locked(place, kind):
                # while this process waited, another may have built it
                return self._opened(place, code) or self._made(place, code, make)
        except _CannotKeepError as problem:
            self._say_once(
                f"Generated people and graphs cannot be kept in {self.folder} ({problem}), so each start builds them "
                "anew; name a writable folder with room in BACKFIRE_CACHE."
            )
            return read_only(problem.made or make())

    def _opened(self, place: Path, code: str) -> Kept | None:
        """Return what stands there, if it is whole; say so if it is not."""
        try:
            if not place.is_dir():
                return None
            found = read_kept(place, code=code)
        except (Damaged, OSError) as problem:
            self._say_once(f"The {place.name.split('-')[0]} kept in {place} cannot be used: {problem}; built anew.")
            return None
        with suppress(OSError):
            os.utime(place / CONTENTS)
        return found

    def _made(self, place: Path, code: str, make: Callable[[], Kept]) -> Kept:
        """Make it and put it in its place (the lock is held)."""
        made = read_only(make())
        part = part_of(place)
        try:
            remove(part)
            remove(place)
            self.make_room(made.size)
            if made.size > self.most_bytes:
                return made
            part.mkdir()
            write_kept(part, made, code=code)
            part.rename(place)
        except OSError as problem:
            with suppress(OSError):
                remove(part)
            raise _CannotKeepError(problem, made) from None
        return made

    @contextmanager
    def _locked(self, place: Path, kind: str) -> Iterator[None]:
        """Hold the lock of a place, waiting for another holder."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = _lock(place, wait=False)
            if lock is None:
                self.tell(f"Another process builds the same {kind}; waiting for it.")
                lock = _lock(place, wait=True)
        except OSError as problem:
            raise _CannotKeepError(problem) from None
        assert lock is not None
        try:
            yield
        finally:
            _unlock(place, lock)

    def make_room(self, size: float) -> None:
        """Remove what dead builders left, and what was used longest ago until ``size`` more bytes fit."""
        entries = []
        for path in self.folder.iterdir():
            if path.suffix == ".part":
                _remove_if_free(path.with_suffix(""))
            elif path.is_dir():
                with suppress(OSError):
                    entries.append((_last_used(path), _size(path), path))
        room = self.most_bytes - size - sum(held for _, held, _ in entries)
        for _, held, path in sorted(entries):
            if room >= 0:
                break
            if _remove_if_free(path):
                room += held

    def _say_once(self, sentence: str) -> None:
        """Tell a sentence that was not told before."""
        if sentence not in self._said:
            self._said.add(sentence)
            self.tell(sentence)


class _CannotKeepError(Exception):
    """The folder cannot be used; what was made all the same comes along."""

    def __init__(self, problem: OSError, made: Kept | None = None) -> None:
        super().__init__(problem.strerror or type(problem).__name__)
        self.made = made


def part_of(place: Path) -> Path:
    """Return where a place is written before it is whole."""
    return place.with_name(place.name + ".part")


def remove(path: Path) -> None:
    """Remove a folder, if it is there."""
    with suppress(FileNotFoundError):
        shutil.rmtree(path)


def _lock(place: Path, *, wait: bool) -> int | None:
    """Return the descriptor of a place's lock, now held; None if another holds it and ``wait`` is false."""
    path = place.with_name(place.name + ".lock")
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            # its last holder removed the file while this process waited: what is held is no one's lock
            current = path.stat().st_ino == os.fstat(descriptor).st_ino
        except BlockingIOError:
            os.close(descriptor)
            return None
        except FileNotFoundError:
            current = False
        except BaseException:
            os.close(descriptor)
            raise
        if current:
            return descriptor
        os.close(descriptor)


def _unlock(place: Path, descriptor: int) -> None:
    """Give a lock back, and remove its file."""
    with suppress(OSError):
        place.with_name(place.name + ".lock").unlink()
    os.close(descriptor)


def _remove_if_free(place: Path) -> bool:
    """Remove a place and what stands for it half written, unless somebody works on it; tell whether it is gone."""
    lock = _lock(place, wait=False)
    if lock is None:
        return False
    try:
        remove(part_of(place))
        if place.exists():
            # first out of sight in one step: nobody finds half of it
            place.rename(part_of(place))
            remove(part_of(place))
        return True
    finally:
        _unlock(place, lock)


def _size(folder: Path) -> int:
    """Return the bytes of a folder's files."""
    return sum(path.stat().st_size for path in folder.iterdir())


def _last_used(folder: Path) -> float:
    """Return when a place was last opened (seconds); long ago if it is not whole."""
    contents = folder / CONTENTS
    return contents.stat().st_mtime if contents.exists() else 0.0


NO_SHELF = Shelf(Path(), most_bytes=0)
"""Keeps nothing."""


def user_shelf() -> Shelf:
    """Return the shelf in the user's cache folder."""
    return Shelf(cache_home() / "graphs", most_bytes=_most_bytes())
