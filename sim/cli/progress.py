"""How a long command says where it is: a bar on a terminal, a plain line a stage when piped.

Everything goes to standard error; standard output belongs to results.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from sim.cli.streams import put

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Told:
    """Stages told one by one; use it as a context.

    Parameters
    ----------
    stream : text stream, optional
        Standard error if left out. A bar is drawn if it is a terminal.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._begun = time.monotonic()

    def __enter__(self) -> Told:
        if self._stream.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                console=Console(file=self._stream), transient=True,
            )  # fmt: skip
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def stage(self, title: str, runs: int | None = None) -> None:
        """Begin a stage.

        Parameters
        ----------
        title : str
            What is done, in a few words.
        runs : int, optional
            How many runs it has.
        """
        if self._bar is not None:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(title, total=runs)
            return
        many = f": {runs} run{'s' if runs != 1 else ''}" if runs is not None else ""
        put(f"[{time.monotonic() - self._begun:5.1f} s] {title}{many}", self._stream)

    def done(self, runs: int) -> None:
        """Count finished runs of the stage."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, runs)

    def note(self, sentence: str) -> None:
        """Print a line beside the bar (a warning, say)."""
        if self._bar is not None:
            self._bar.console.print(sentence, markup=False, highlight=False)
        else:
            put(sentence, self._stream)


class Silent:
    """The same without a word, for callers from Python."""

    def stage(self, title: str, runs: int | None = None) -> None:
        """Do nothing."""

    def done(self, runs: int) -> None:
        """Do nothing."""

    def note(self, sentence: str) -> None:
        """Do nothing."""

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *problem: Any) -> None:
        return None
