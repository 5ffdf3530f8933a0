"""Runs by Dask workers, which map people and graph from files; what a worker began that died is begun again.

Runs come back as files too: what a worker has written is there, whatever becomes of the worker. A job that was
under way where a worker died is a suspect: it is tried once more with nothing beside it, so that the one that is
named in the end is the one that does it.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sim.compiled import cache_home
from sim.errors import BackfireError, StudyError
from sim.study.execution.cluster import TRIES, client_of
from sim.study.execution.elsewhere import answer_elsewhere, own_code
from sim.study.execution.executors import DaskSettings
from sim.study.execution.handover import Handover
from sim.study.execution.job import Job, Progress, ahead, sentence_of
from sim.study.execution.processes import ProcessLost
from sim.study.execution.reduced import Reduced, failed

if TYPE_CHECKING:
    from distributed import Client, Future

_LOOK = 1.0
"""Seconds between looks at who is there."""
_LONG = 15.0
"""Seconds without a worker after which that is told."""
_LATE = 30.0
"""Seconds in which what a worker has written must be seen here."""
_ENDED = ("finished", "error", "cancelled", "lost")


@dataclass
class _Flight:
    """A job that is handed out.

    Attributes
    ----------
    number : int
    job : Job
    alone : bool
        Nothing else is under way.
    begun : int
        How often it was begun and its worker was lost.
    answer : Path
        Where its worker writes what it came to.
    future : Future
    """

    number: int
    job: Job
    alone: bool = False
    begun: int = 0
    answer: Path = field(init=False)
    future: Future = field(init=False)


def _lost(how: str) -> StudyError:
    """Return the sentence for a scheduler that went away."""
    return StudyError(
        f"the Dask scheduler was lost ({' '.join(how.split())[:120]}); what was finished is saved. Start the same "
        "command again once there is one."
    )


class Dask:
    """A crew of Dask workers; use it as a context.

    Parameters
    ----------
    workers : int
        Of a cluster of the study's own; others have as many as they have.
    settings : DaskSettings
    """

    def __init__(self, workers: int, settings: DaskSettings) -> None:
        self._workers, self._settings = workers, settings
        self._stack = ExitStack()
        self._numbers = count()
        self._gone: SimpleQueue[str] = SimpleQueue()
        self._finished: SimpleQueue[int] = SimpleQueue()
        self._looked, self._seen, self._threads = float("-inf"), time.monotonic(), 0
        self._client: Client
        self._mend: Callable[[], object] | None
        self._handover: Handover

    def __enter__(self) -> Dask:
        settings = self._settings
        own = settings.scheduler is None and settings.queue is None
        home = None if own else settings.folder or cache_home() / "worlds"
        with ExitStack() as stack:
            self._handover = Handover(home)
            stack.callback(self._handover.close)
            self._client, self._mend = stack.enter_context(client_of(self._workers, settings, self._handover.folder))
            self._client.subscribe_topic("all", self._hear)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, problem, trace)

    def _hear(self, event: Any) -> None:
        """Note a worker that went without being asked to."""
        told = event[1] if isinstance(event, tuple) else event
        if isinstance(told, dict) and told.get("action") == "remove-worker" and not told.get("expected", True):
            self._gone.put(str(told.get("worker", "")))

    def run(self, jobs: Iterable[Job], progress: Progress) -> Iterator[list[Reduced]]:
        """Yield the runs of each job, in the order of the jobs; see :class:`sim.study.execution.job.Crew`."""
        self._finished = SimpleQueue()  # what an earlier call left under way does not concern this one
        coming = enumerate(jobs)
        flying: dict[int, _Flight] = {}
        suspects: deque[_Flight] = deque()
        landed: dict[int, list[Reduced] | BaseException] = {}
        following, out, most, more = 0, 0, 1, True
        try:
            while True:
                side_by_side = self._side_by_side(progress)
                while more and not suspects and len(flying) < 2 * side_by_side and out - following < most:
                    task = next(coming, None)
                    if task is None:
                        more = False
                        break
                    out, most = task[0] + 1, ahead(task[1], side_by_side)
                    flying[task[0]] = self._handed(_Flight(*task))
                if suspects and not flying:
                    flight = suspects.popleft()
                    flight.alone = True
                    flying[flight.number] = self._handed(flight)
                if not flying and not more:
                    return
                for number in self._finished_now(flying, progress):
                    flight = flying.pop(number)
                    answer = self._answer_of(flight)
                    if answer is None:
                        suspects.append(flight)
                    else:
                        landed[number] = answer
                # after a failure what was handed out before it is awaited, so that the first in order is told
                more = more and not any(isinstance(answer, BaseException) for answer in landed.values())
                while following in landed:
                    runs = landed.pop(following)
                    if isinstance(runs, BaseException):
                        raise runs
                    following += 1
                    progress.done(len(runs))
                    yield runs
        finally:
            if flying:
                self._client.cancel([flight.future for flight in flying.values()], force=True)

    def _side_by_side(self, progress: Progress) -> int:
        """Return how many jobs the workers that are there can carry out at once; tell if nobody comes."""
        now = time.monotonic()
        if now - self._looked >= _LOOK:
            self._looked = now
            try:
                self._threads = sum(self._client.nthreads().values())
            except OSError as problem:
                raise _lost(str(problem)) from problem
            if self._mend is not None and self._threads < self._workers:
                self._mend()
            if self._threads:
                self._seen = now
            elif now - self._seen > _LONG:
                self._seen = float("inf")
                progress.note("No Dask worker is there yet; waiting for the first (Ctrl-C ends it).")
        return max(1, self._threads)

    def _handed(self, flight: _Flight) -> _Flight:
        """Hand a job to whichever worker is free."""
        raw, scene = self._handover.packed_job(flight.job)
        flight.answer = self._handover.folder / f"{next(self._numbers)}.answer"
        flight.future = self._client.submit(
            answer_elsewhere, raw, str(scene), str(flight.answer), own_code(), pure=False
        )
        finished, number = self._finished, flight.number
        flight.future.add_done_callback(lambda _: finished.put(number))
        return flight

    def _finished_now(self, flying: dict[int, _Flight], progress: Progress) -> list[int]:
        """Wait a moment for jobs to finish, and return those that have."""
        found: set[int] = set()
        try:
            found.add(self._finished.get(timeout=_LOOK))
            while True:
                found.add(self._finished.get_nowait())
        except Empty:
            pass
        if not found:  # nothing comes of one that Dask has lost sight of
            found = {number for number, flight in flying.items() if flight.future.status in _ENDED}
        while not self._gone.empty():
            progress.note(f"A Dask worker ({self._gone.get()}) was lost; what it had begun is begun again.")
        return sorted(found & set(flying))

    def _answer_of(self, flight: _Flight) -> list[Reduced] | BaseException | None:
        """Return what a job ended in; None if it must be begun again, with nothing beside it."""
        from distributed import KilledWorker

        job, status = flight.job, flight.future.status
        if status == "finished" or flight.answer.exists():
            answer: list[Reduced] | BaseException = pickle.loads(self._read(flight.answer))
            return answer
        if status != "error":  # cancelled, or lost with the worker that had it
            flight.begun += 1
            if flight.alone:
                raise StudyError(
                    "the Dask scheduler was lost, or gave the study's jobs up; start the same command again."
                )
            return None
        problem = flight.future.exception(timeout=_LATE)
        if not isinstance(problem, KilledWorker):  # whatever a worker elsewhere met before it could begin
            said = f"{type(problem).__name__}: {problem}; is Backfire installed there, in the same version?"
            said = str(problem) if isinstance(problem, BackfireError) else " ".join(said.split())
            return StudyError(f"a Dask worker could not begin {job.name}: {said}")
        flight.begun += problem.allowed_failures + 1
        if not flight.alone or flight.begun < TRIES:
            return None
        lost = ProcessLost(
            f"{job.name} was begun {flight.begun} times, at last with nothing beside it, and each time its Dask worker "
            "was lost. Mostly memory has run out: try fewer workers or rows, or more memory for each."
        )
        return [failed(sentence_of(lost))] * len(job.replicates) if job.forgiving else lost

    @staticmethod
    def _read(answer: Path) -> bytes:
        """Return what a worker wrote; on a shared file system it may be seen late."""
        until = time.monotonic() + _LATE
        while not answer.exists() and time.monotonic() < until:
            time.sleep(0.05)
        try:
            raw = answer.read_bytes()
        except FileNotFoundError:
            raise StudyError(
                f"what a Dask worker wrote into {str(answer.parent)!r} is not seen here; name a folder that all "
                "machines share with executor.folder=DIR."
            ) from None
        answer.unlink()
        return raw
