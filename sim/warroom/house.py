"""What the desks of one server share: where things are kept, the limits, and the threads that compute.

The event loop never computes. ``stage`` is one thread for the steps of live models, which must be short; ``pool`` has
two for replicates and futures, in small tasks. Both are left in the lurch when the server ends: a task must not be
needed to finish.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from sim.warroom.doors import Doors, Limits, admit, digest
from sim.warroom.faults import note_fault
from sim.warroom.lines import Line
from sim.warroom.words import Hello, Vocabulary


class Desk(Protocol):
    """What a slice does with the browsers that come to it.

    What ``opened`` and ``said`` return is the body of the answer ``done`` to that message; a
    :class:`~sim.errors.BackfireError` that they raise is answered with ``sorry`` and its sentence (a line whose
    ``opened`` raises is closed). Messages of one line come one after another, and the next waits for this one: what
    takes long is started here and told later. Once ``opened`` has returned, ``closed`` comes exactly once.

    Attributes
    ----------
    words : mapping
        The messages that it understands (:func:`sim.warroom.words.vocabulary`).
    """

    words: Vocabulary

    async def opened(self, line: Line, hello: Hello) -> Mapping[str, Any] | None:
        """Take a browser that says who it is, or refuse it."""

    async def said(self, line: Line, message: Any) -> Mapping[str, Any] | None:
        """Do what a browser asks."""

    async def closed(self, line: Line) -> None:
        """Forget a browser that has gone."""


class House:
    """One server.

    Attributes
    ----------
    token_digest : str
        Of the token of whoever started the server: it opens Explore, and lets sessions be opened.
    results, sessions : Path
        Folder of studies; SQLite file of training sessions (made by the first of them).
    deck : Path or None
        A deck of one's own.
    address : str or None
        Under which others reach the page, once it is served.
    limits : Limits
    doors : Doors
    stage, pool : ThreadPoolExecutor
    ending : threading.Event
        Set when the server ends: what takes more than a second looks at it now and then.
    """

    def __init__(
        self,
        token: str,
        *,
        results: Path = Path("results"),
        sessions: Path = Path("results") / "sessions.sqlite",
        deck: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.token_digest = digest(token)
        self.results, self.sessions, self.deck = results, sessions, deck
        self.address: str | None = None
        self.limits = limits or Limits()
        self.doors = Doors(self.limits)
        self._own = f"house-{id(self):x}"  # what its threads are called by
        self.stage = ThreadPoolExecutor(1, thread_name_prefix=f"{self._own}-stage")
        self.pool = ThreadPoolExecutor(2, thread_name_prefix=f"{self._own}-pool")
        self.ending = threading.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ends: list[Callable[[], None]] = []

    def admit_owner(self, token: str | None) -> None:
        """Let in whoever holds the house link.

        Raises
        ------
        Refused
            It is not of this house.
        """
        admit(token, self.token_digest, "This is not the link that backfire serve printed last; open that one.")

    def start(self, work: Any) -> asyncio.Task[Any]:
        """Run a coroutine beside the conversation, and keep it from being collected before it ends."""
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            note_fault("a task", task.exception())

    def when_ending(self, end: Callable[[], None]) -> None:
        """Call something when the server ends, before the threads are gone."""
        self._ends.append(end)

    def end(self) -> None:
        """Stop what still computes or waits."""
        self.ending.set()
        for end in self._ends:
            try:
                end()
            except Exception as problem:  # noqa: BLE001 - the others end all the same
                note_fault("the end", problem)
        for task in list(self._tasks):
            task.cancel()
        for executor in (self.stage, self.pool):
            executor.shutdown(wait=False, cancel_futures=True)

    def computes(self, seconds: float) -> bool:
        """Wait at most some seconds for the threads of a house that has ended; tell whether one still computes."""
        until = time.monotonic() + seconds
        threads = [thread for thread in threading.enumerate() if thread.name.startswith(self._own)]
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        return any(thread.is_alive() for thread in threads)
