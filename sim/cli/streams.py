"""Standard output and standard error, whatever they are: closed, full, or of an alphabet that lacks letters."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from sim.errors import BackfireError


class Terminated(BaseException):
    """The process was asked to end (SIGTERM): what is half-written is taken away first."""


class OutputError(BackfireError):
    """Standard output cannot be written."""


def open_streams() -> None:
    """Give a closed stream nowhere to write to, and write letters that a stream's alphabet lacks as escapes."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def mute(stream: TextIO) -> None:
    """Let what is left in a stream that cannot be written go nowhere, so that leaving raises no second error."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return  # no file behind the stream: nothing is left in it either


def put(line: str, stream: TextIO) -> None:
    """Print a line that nobody needs to read: a stream that cannot be written is no reason to stop."""
    try:
        print(line, file=stream, flush=True)
    except OSError:
        mute(stream)


def tell(text: str = "") -> None:
    """Print what was asked for on standard output.

    Raises
    ------
    BrokenPipeError
        Whoever read it has left.
    OutputError
        It cannot be written.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as problem:
        mute(sys.stdout)
        raise OutputError(
            f"Standard output cannot be written: {problem.strerror or type(problem).__name__}. "
            "A study that was finished stands in its folder; name another file or pipe for the output."
        ) from None
