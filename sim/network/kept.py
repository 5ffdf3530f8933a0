"""Arrays kept in a folder that is whole or not there: written beside, checked block by block, opened read-only.

Each array is a plain ``.npy`` file; ``contents.json`` beside them says what they are, with a checksum for every
block of 8 MiB. CRC-32 is taken since it finds every flipped bit and is the quickest of those that Python brings
(740 MB in 0.22 s on one core of the machine of ``docs/scale.md``, SHA-256 in 0.50 s, BLAKE2b in 0.89 s).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.network.parts import threads

FORMAT = 1
BLOCK = 8 << 20
CONTENTS = "contents.json"
Arrays = Mapping[str, npt.NDArray[Any]]


class Damaged(Exception):
    """A kept folder that is not what was written; the message says what is wrong with it."""


@dataclass(frozen=True)
class Kept:
    """Some arrays, and plain values that belong to them.

    Attributes
    ----------
    arrays : mapping of name to array
    facts : mapping of name to a value that JSON can hold
    """

    arrays: Arrays
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays.values())


def read_only(kept: Kept) -> Kept:
    """Return the same arrays as views that nothing can be written to."""
    views = {}
    for name, array in kept.arrays.items():
        views[name] = np.asarray(array)[...]
        views[name].flags.writeable = False
    return Kept(views, kept.facts)


def _blocks(array: npt.NDArray[Any]) -> list[memoryview]:
    """Return the bytes of a contiguous array, block by block."""
    if array.size == 0:
        return []
    whole = array.reshape(-1).view(np.uint8).data
    return [whole[first : first + BLOCK] for first in range(0, len(whole), BLOCK)]


def _described(kept: Kept, code: str, sums: Mapping[str, list[int]]) -> dict[str, Any]:
    """Return what ``contents.json`` holds."""
    body = {
        "format": FORMAT,
        "code": code,
        "facts": dict(kept.facts),
        "arrays": {
            name: {"dtype": array.dtype.str, "shape": list(array.shape), "sums": sums[name]}
            for name, array in kept.arrays.items()
        },
    }
    return {**body, "sum": _sum_of(body)}


def _sum_of(body: Mapping[str, Any]) -> int:
    """Return the checksum of plain values."""
    return zlib.crc32(json.dumps(body, sort_keys=True).encode())


def write_kept(folder: Path, kept: Kept, *, code: str) -> None:
    """Write arrays into an empty folder, ``contents.json`` last.

    Parameters
    ----------
    code : str
        Names the version that made the arrays.

    Raises
    ------
    OSError
        The disk is full, or the folder cannot be written.
    """
    sums: dict[str, list[int]] = {}
    for name, array in kept.arrays.items():
        sums[name] = []
        with (folder / f"{name}.npy").open("wb") as stream:
            np.lib.format.write_array_header_1_0(stream, np.lib.format.header_data_from_array_1_0(array))
            for block in _blocks(np.ascontiguousarray(array)):
                sums[name].append(zlib.crc32(block))
                stream.write(block)
    text = json.dumps(_described(kept, code, sums))
    (folder / CONTENTS).write_text(text, encoding="utf-8")


def read_kept(folder: Path, *, code: str) -> Kept:
    """Open what :func:`write_kept` wrote, memory-mapped and read-only, every block checked.

    Raises
    ------
    Damaged
        Something is missing, cut off, changed, or of another version.
    """
    contents = _contents(folder, code)
    arrays: dict[str, npt.NDArray[Any]] = {}
    checks: list[tuple[str, memoryview, int]] = []
    for name, about in contents["arrays"].items():
        arrays[name] = _mapped(folder / f"{name}.npy", about)
        blocks = _blocks(arrays[name])
        if len(blocks) != len(about["sums"]):
            raise Damaged(f"{name}.npy has {len(blocks)} blocks instead of {len(about['sums'])}")
        checks += [(name, block, given) for block, given in zip(blocks, about["sums"], strict=True)]
    with ThreadPoolExecutor(threads()) as pool:
        found = pool.map(lambda check: zlib.crc32(check[1]) == check[2], checks)
        for (name, _, _), sound in zip(checks, found, strict=True):
            if not sound:
                raise Damaged(f"{name}.npy does not hold what was written")
    return Kept(arrays, contents["facts"])


def _contents(folder: Path, code: str) -> dict[str, Any]:
    """Return ``contents.json``, checked."""
    try:
        contents = json.loads((folder / CONTENTS).read_text(encoding="utf-8"))
        body = {name: contents[name] for name in contents if name != "sum"}
        sound = contents["sum"] == _sum_of(body)
        version = (contents["format"], contents["code"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Damaged(f"{CONTENTS} cannot be read ({type(problem).__name__})") from None
    if version != (FORMAT, code):
        raise Damaged("it is of another version")
    if not sound:
        raise Damaged(f"{CONTENTS} does not hold what was written")
    return dict(contents)


def _mapped(path: Path, about: Mapping[str, Any]) -> npt.NDArray[Any]:
    """Return the array of a file, as it was described."""
    shape, kind = tuple(about["shape"]), np.dtype(about["dtype"])
    try:
        if 0 in shape:  # nothing to map
            array = np.load(path, allow_pickle=False)
            array.flags.writeable = False
        else:
            array = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise Damaged(f"{path.name} is missing") from None
    except (OSError, ValueError, EOFError):
        raise Damaged(f"{path.name} is cut off or not an array") from None
    if array.shape != shape or array.dtype != kind:
        raise Damaged(f"{path.name} is {array.dtype}{array.shape} instead of {kind}{shape}")
    return np.asarray(array)
