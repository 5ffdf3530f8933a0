"""Ctrl-C and a polite request to end: noted, so that runs under way are finished and saved."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from sim.errors import BackfireError


class CutShort(BackfireError):
    """The study was asked to stop; what was finished is saved.

    Parameters
    ----------
    number : int
        The signal that asked for it.
    """

    def __init__(self, sentence: str, number: int) -> None:
        super().__init__(sentence)
        self.exit_code = 128 + number


@dataclass
class Stop:
    """Whether an end was asked for.

    Attributes
    ----------
    number : int or None
        The signal that asked.
    """

    number: int | None = None


@contextmanager
def noted(stop: Stop, tell: Callable[[str], None]) -> Iterator[None]:
    """Note the first request to end; a second one ends at once (in the main thread only, whose signals they are)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def note(number: int, frame: FrameType | None) -> None:
        if stop.number is None:
            stop.number = number
            tell("Finishing the runs that are under way; once more ends at once.")
            return
        then = before[signal.Signals(number)]
        if callable(then):
            then(number, frame)
        raise KeyboardInterrupt

    for number in before:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, then in before.items():
            signal.signal(number, then)
