"""A second process that draws a study's figures while the study goes on.

A short study spends a third of its time on importing what draws and on drawing, on one processor, while another
stands idle. The painter is started first of all and imports while this process does; it is given what there is to
draw as soon as the runs at central values are done, long before the study ends. It draws as this process would,
byte for byte; figures of anything else than what the study's folder holds, or none at all, are passed over.

Like a worker it is a fresh interpreter in a session of its own, tied to this one by a socket: Ctrl-C reaches this
process alone, and the painter ends when the socket closes.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import TYPE_CHECKING

import sim
from sim.study.execution.runner import available_cpus

if TYPE_CHECKING:
    from sim.report.canvas import Drawing
    from sim.report.run_study import Pictured

_START = "import sys; sys.path[:0] = [sys.argv[1]]; from sim.report.painter import main; main(int(sys.argv[2]))"
_PATIENCE = 30.0
"""Seconds after which figures that have not come are drawn by the process that waits for them."""


class Painter:
    """The other process, as this one sees it; :func:`painter` starts and ends it."""

    def __init__(self) -> None:
        root = str(Path(sim.__file__).resolve().parents[1])
        self._asked: Pictured | None = None
        self._line, other = Pipe()
        with other:
            self._popen = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, root, str(other.fileno())],
                pass_fds=[other.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def ask(self, study: Pictured) -> None:
        """Hand out what there is to draw; :meth:`drawn` returns its figures."""
        from sim.report.privacy import as_aggregates

        told = as_aggregates(study)
        try:
            self._line.send_bytes(pickle.dumps(told))
        except OSError:
            return  # it has died, and whoever wants the figures draws them
        self._asked = told

    def drawn(self, study: Pictured) -> dict[str, Drawing] | None:
        """Return the figures by name; None if they are not of this study (as it may be told), or the painter failed."""
        if self._asked is None or not _same(self._asked, study):
            return None
        try:
            if not self._line.poll(_PATIENCE):
                return None
            figures: dict[str, Drawing] = pickle.loads(self._line.recv_bytes())
        except (EOFError, OSError):
            return None
        return figures

    def end(self) -> None:
        """End the process."""
        self._line.close()
        self._popen.kill()
        self._popen.wait()


@contextmanager
def painter() -> Iterator[Painter | None]:
    """Give a painter for the time of a command, or None where one would not help.

    It does not where a single processor is to be had, or where this process has imported what draws already.
    """
    if available_cpus() < 2 or "matplotlib" in sys.modules:
        yield None
        return
    try:
        other = Painter()
    except OSError:  # no process more is to be had
        yield None
        return
    try:
        yield other
    finally:
        other.end()


def _same(asked: Pictured, study: Pictured) -> bool:
    """Tell whether what was handed out is all that the study's figures are drawn from."""
    import pandas as pd

    for part in fields(asked):
        one, other = getattr(asked, part.name), getattr(study, part.name)
        if isinstance(one, pd.DataFrame):
            if not one.equals(other):
                return False
        elif other is not one and (isinstance(other, pd.DataFrame) or one != other):
            return False
    return True


def main(descriptor: int) -> None:
    """Import what draws, then draw what comes over the socket."""
    import pandas  # noqa: F401 - tables are handed over

    from sim.report.canvas import finished, house_style, new_figure, write_finding
    from sim.report.figures import drawings

    line = Connection(descriptor)
    with house_style():
        figure = new_figure(1.0)
        figure.subplots()
        write_finding(figure, "ready")
        finished(figure, "ready", "ready")  # what is read and built at the first figure is there then
    try:
        line.send_bytes(pickle.dumps(drawings(pickle.loads(line.recv_bytes()))))
    except (EOFError, OSError):
        pass  # not wanted any more
    os._exit(0)  # nothing is left to tidy
