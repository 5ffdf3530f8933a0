"""Worlds laid out for other processes: large arrays in files of a temporary folder, mapped and never copied.

An array is written once, however many worlds and jobs hold it, and its file goes when the array goes. One
that is mapped from a file already (a kept graph, say) is pointed to where it lies. All else is pickled.
"""

from __future__ import annotations

import io
import os
import pickle
import platform
import shutil
import tempfile
import weakref
from dataclasses import fields
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import StudyError
from sim.study.execution.job import Job
from sim.study.store.folder import left_behind

_PREFIX = "backfire-worlds-"
_SMALL = 1 << 15
"""Arrays of fewer bytes are pickled."""


class Handover:
    """A temporary folder of arrays, for the processes of one crew.

    Parameters
    ----------
    home : Path, optional
        The folder that it is made in, if not the one for temporary files.
    """

    def __init__(self, home: Path | None = None) -> None:
        home = Path(tempfile.gettempdir()) if home is None else home
        home.mkdir(parents=True, exist_ok=True)
        for old in home.glob(f"{_PREFIX}*"):
            if left_behind(old):
                shutil.rmtree(old, ignore_errors=True)
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=f"-{os.getpid()}", dir=home))
        (self.folder / ".owner").write_text(platform.node())
        self._numbers = count()
        self._paths: dict[int, Path] = {}

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def packed(self, value: Any) -> bytes:
        """Return a value as bytes that :func:`unpacked` reads in another process of this machine."""
        stream = io.BytesIO()
        _Packer(stream, self).dump(value)
        return stream.getvalue()

    def laid_down(self, value: Any) -> Path:
        """Return the file that holds a value, packed; it goes when the value goes."""
        return self._paths.get(id(value)) or self._kept(value, lambda path: path.write_bytes(self.packed(value)))

    def packed_job(self, job: Job) -> tuple[bytes, Path]:
        """Return a job as :func:`sim.study.execution.worker.answer` takes it, and the file of its world."""
        scene = self.laid_down(job.world.prepare())
        rest = {each.name: getattr(job, each.name) for each in fields(job) if each.name != "world"}
        return self.packed((str(scene), rest)), scene

    def place_of(self, array: np.ndarray) -> tuple[Any, ...]:
        """Return where other processes find an array."""
        mapped = _mapped(array)
        if mapped is not None:
            return mapped
        path = self._paths.get(id(array))
        if path is None:
            path = self._kept(array, lambda path: np.save(path, array, allow_pickle=False))
        return (array.flags.writeable, str(path))

    def _kept(self, value: Any, write: Any) -> Path:
        """Write a value into a new file, and remember it for as long as the value lives."""
        path = self.folder / f"{next(self._numbers)}.npy"
        try:
            write(path)
        except OSError as problem:
            raise StudyError(
                f"{str(self.folder)!r} cannot hold people and graph for the workers: {problem.strerror or problem}. "
                "Make room there, name another folder (TMPDIR=DIR in the environment), or take executor=threads."
            ) from problem
        self._paths[id(value)] = path
        weakref.finalize(value, self._forget, id(value), path).atexit = False
        return path

    def _forget(self, number: int, path: Path) -> None:
        """Remove the file of what has gone."""
        self._paths.pop(number, None)
        path.unlink(missing_ok=True)


def _mapped(array: np.ndarray) -> tuple[Any, ...] | None:
    """Return (writable, file, offset, type, shape) of an array that lies in a mapped file; None if it does not."""
    base: Any = array
    while base is not None and not isinstance(base, np.memmap):
        base = getattr(base, "base", None)
    while isinstance(base, np.memmap) and isinstance(base.base, np.memmap):
        base = base.base
    if base is None or base.filename is None or base.mode not in ("r", "c") or not array.flags.c_contiguous:
        return None
    offset = base.offset + array.__array_interface__["data"][0] - base.__array_interface__["data"][0]
    return (array.flags.writeable, str(base.filename), offset, array.dtype.str, array.shape)


class _Packer(pickle.Pickler):
    """Pickles all but large arrays."""

    def __init__(self, stream: io.BytesIO, handover: Handover) -> None:
        super().__init__(stream, protocol=pickle.HIGHEST_PROTOCOL)
        self._handover = handover

    def persistent_id(self, value: Any) -> tuple[Any, ...] | None:
        """Return where a large array lies; None for all else."""
        if isinstance(value, np.ndarray) and value.nbytes >= _SMALL and not value.dtype.hasobject:
            return self._handover.place_of(value)
        return None


class _Unpacker(pickle.Unpickler):
    """Maps arrays from where they lie."""

    def persistent_load(self, place: tuple[Any, ...]) -> np.ndarray:
        """Return an array, writable if it was: kernels are compiled for each kind (what is written stays here)."""
        writable, path, *lies = place
        if lies:
            offset, kind, shape = lies
            found = np.asarray(np.memmap(path, dtype=np.dtype(kind), mode="c", offset=offset, shape=shape))
        else:
            found = np.asarray(np.load(path, mmap_mode="c"))
        found.flags.writeable = writable
        return found


def unpacked(raw: bytes) -> Any:
    """Return a value from bytes; its large arrays are mapped, not read."""
    return _Unpacker(io.BytesIO(raw)).load()
