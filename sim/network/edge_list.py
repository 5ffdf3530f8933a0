"""Edge lists as text, in the SNAP habit: two whole numbers a line, ``#`` or ``%`` comments, plain or gzip.

Separators are spaces, tabs, commas or semicolons. Numbers are parsed by a compiled scanner, block by
block, so the first bad line is known by its number and the file is read once.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.errors import GraphError

BLOCK = 1 << 24
LONGEST_LINE = 1 << 16
_GOOD, _NOT_A_NUMBER, _TOO_LARGE, _TOO_FEW, _TOO_MANY = 0, 1, 2, 3, 4
_RULES = {
    _NOT_A_NUMBER: "an id must be a whole number from 0 on, written in digits",
    _TOO_LARGE: "an id must be below 2**63",
    _TOO_FEW: "a line must hold two ids, and holds one",
    _TOO_MANY: "a line must hold two ids and nothing else, and holds more",
}
_HEADERS = {
    "follower": 0, "source": 0, "from": 0, "fromnodeid": 0,
    "followed": 1, "followee": 1, "target": 1, "to": 1, "tonodeid": 1,
}  # fmt: skip


@kernel
def scan(block, first, second):
    """Parse complete lines of two ids.

    Parameters
    ----------
    block : uint8[b]
        Ends with a line feed.
    first, second : int64[k]
        Written; ``k`` must be at least the number of line feeds.

    Returns
    -------
    edges : int
    lines : int
        Line feeds passed before the end, or before the bad line.
    fault : int
        0, or the number of the rule that the line after ``lines`` breaks.
    at : int
        Where in the block that was seen.
    """
    edges, lines, at, size = 0, 0, 0, block.shape[0]
    limit = np.int64(922337203685477580)
    while at < size:
        fields = 0
        while True:
            c = block[at]
            while c == 32 or c == 9 or c == 44 or c == 59 or c == 13:
                at += 1
                c = block[at]
            if c == 10:
                break
            if fields == 0 and (c == 35 or c == 37):
                while block[at] != 10:
                    at += 1
                break
            if fields == 2:
                return edges, lines, _TOO_MANY, at
            if c < 48 or c > 57:
                return edges, lines, _NOT_A_NUMBER, at
            number = np.int64(0)
            while 48 <= c <= 57:
                digit = np.int64(c) - 48
                if number > limit or (number == limit and digit > 7):
                    return edges, lines, _TOO_LARGE, at
                number = number * 10 + digit
                at += 1
                c = block[at]
            if not (c == 10 or c == 13 or c == 32 or c == 9 or c == 44 or c == 59):
                return edges, lines, _NOT_A_NUMBER, at
            if fields == 0:
                first[edges] = number
            else:
                second[edges] = number
            fields += 1
        if fields == 1:
            return edges, lines, _TOO_FEW, at
        edges += fields == 2
        lines += 1
        at += 1
    return edges, lines, _GOOD, at


def read_edge_list(path: Path) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], bool | None]:
    """Return both columns of an edge list, int64[m] each, and whether a header names the followed first.

    Raises
    ------
    GraphError
        The file cannot be read, or a line breaks a rule (its number is in the message).
    """
    firsts, seconds = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    lines, at_start = 0, True
    followed_first: bool | None = None
    for block in _whole_lines(path):
        if at_start:
            block = block.removeprefix(b"\xef\xbb\xbf")
            block, followed_first = _without_header(path, block)
            at_start = False
        codes = np.frombuffer(block, np.uint8)
        room = block.count(b"\n")
        first, second = np.empty(room, np.int64), np.empty(room, np.int64)
        edges, passed, fault, at = scan(codes, first, second)
        if fault:
            raise _bad_line(path, lines + passed + 1, fault, block, at)
        lines += passed
        firsts.append(first[:edges].copy() if edges < room else first)
        seconds.append(second[:edges].copy() if edges < room else second)
    return np.concatenate(firsts), np.concatenate(seconds), followed_first


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Yield the file's text in blocks that end with a line feed."""
    rest = b""
    try:
        with _open(path) as stream:
            while block := stream.read(BLOCK):
                cut = block.rfind(b"\n") + 1
                if cut:
                    yield rest + block[:cut]
                    rest = block[cut:]
                else:
                    rest += block
                if len(rest) > LONGEST_LINE:
                    raise GraphError(
                        f"{path} must be an edge list, a text file of two ids a line; a line of it is longer "
                        f"than {LONGEST_LINE:,} characters. Is it another kind of file?"
                    )
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise GraphError(f"{path} must be a whole gzip file; it is cut off or damaged ({error}).") from error
    except OSError as error:
        raise GraphError(f"{path} cannot be read: {error.strerror or error}.") from error
    if rest:
        yield rest + b"\n"


def _open(path: Path) -> IO[bytes]:
    """Open a file, through gzip if its first two bytes are gzip's (whatever its name)."""
    stream = path.open("rb")
    magic = stream.read(2)
    stream.seek(0)
    if magic == b"\x1f\x8b":
        stream.close()
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if path.suffix == ".gz" and magic:
        stream.close()
        raise gzip.BadGzipFile("its first bytes are not gzip's")
    return stream


def _without_header(path: Path, block: bytes) -> tuple[bytes, bool | None]:
    """Turn a header line into a comment; tell whether it names the followed first (None: no header)."""
    at = 0
    while at < len(block):
        end = block.index(b"\n", at)
        line = block[at:end].strip()
        if line and line[:1] not in b"#%":
            break
        at = end + 1
    else:
        return block, None
    words = [word.strip().strip('"').lower() for word in _fields(line)]
    if not words or not all(word in _HEADERS for word in words):
        return block, None
    sides = [_HEADERS[word] for word in words]
    if sorted(sides) != [0, 1]:
        number = block.count(b"\n", 0, at) + 1
        raise GraphError(f"{path}, line {number}: a header must name a follower and a followed column, got {words}.")
    return block[:at] + b"#" + block[at:], sides == [1, 0]


def _fields(line: bytes) -> list[str]:
    """Return the fields of a line of text."""
    return line.translate(bytes.maketrans(b",;\t", b"   ")).decode("utf-8", "replace").split()


def _bad_line(path: Path, number: int, fault: int, block: bytes, at: int) -> GraphError:
    """Return the error that names the line and the rule, and shows no id."""
    seen = ""
    if fault == _NOT_A_NUMBER:
        character = chr(block[at])
        column = at - block.rfind(b"\n", 0, at)
        shown = repr(character) if character.isascii() and character.isprintable() else f"byte {block[at]}"
        seen = f"; got {shown} at place {column} of the line"
        if not character.isprintable():
            seen += " (is it another kind of file?)"
    return GraphError(f"{path}, line {number}: {_RULES[fault]}{seen}.")
