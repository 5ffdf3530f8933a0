"""Runs in processes of their own, which map people and graph from files; a process that dies is replaced.

Each process is a fresh interpreter, tied to this one by a socket: it ends when the socket closes, so that
none is left behind however this one ends. It stands in a session of its own, so that Ctrl-C reaches this
process alone, which then ends the others. A job whose process died is handed out again.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import Any

import sim
from sim.compiled import KERNEL_CACHE
from sim.errors import BackfireError
from sim.study.execution.handover import Handover
from sim.study.execution.job import Job, Progress, ahead, sentence_of
from sim.study.execution.reduced import Reduced, failed

_AHEAD = 2
"""Jobs a process is given at a time, so that it does not wait for the next."""
_TRIES = 3
_PATIENCE = 2.0
"""Seconds in which a process ends by itself once its socket is closed."""
_START = "import sys; sys.path[:0] = [sys.argv[1]]; from sim.study.execution.worker import main; main(int(sys.argv[2]))"


class ProcessLost(BackfireError):
    """A job's processes were ended from outside, again and again."""


class _Process:
    """One process, and the jobs that it has been given."""

    def __init__(self) -> None:
        root = str(Path(sim.__file__).resolve().parents[1])
        environment = dict(os.environ)
        if KERNEL_CACHE is not None:
            environment["BACKFIRE_CACHE"] = str(KERNEL_CACHE.parent)
        self.line, other = Pipe()
        with other:
            self._popen = subprocess.Popen(
                [sys.executable, "-c", _START, root, str(other.fileno())],
                pass_fds=[other.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment,
                start_new_session=True,
            )  # fmt: skip
        self.jobs: deque[tuple[int, Job]] = deque()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._popen.pid

    def end(self) -> int:
        """End the process, and return how it ended (negative: the signal)."""
        self.line.close()
        try:
            return self._popen.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            return self._popen.wait()


class Processes:
    """A crew of processes; use it as a context."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._processes: list[_Process] = []
        self._handover: Handover | None = None

    @property
    def pids(self) -> list[int]:
        """Numbers of the processes that are alive."""
        return [process.pid for process in self._processes]

    def __enter__(self) -> Processes:
        self._handover = Handover()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(self._processes)
        if self._handover is not None:
            self._handover.close()

    def _end(self, processes: Iterable[_Process]) -> None:
        """End processes, all of them told before any is waited for."""
        leaving = list(processes)
        for process in leaving:
            process.line.close()
        for process in leaving:
            process.end()
        self._processes = [process for process in self._processes if process not in leaving]

    def run(self, jobs: Iterable[Job], progress: Progress) -> Iterator[list[Reduced]]:
        """Yield the runs of each job, in the order of the jobs; see :class:`sim.study.execution.job.Crew`."""
        coming = enumerate(jobs)
        again: deque[tuple[int, Job]] = deque()
        landed: dict[int, list[Reduced] | BaseException] = {}
        tries: dict[int, int] = {}
        following, out, most = 0, 0, 2 * self._workers
        more = True
        try:
            while True:
                while again or (more and out - following < most):
                    free = self._free()
                    if free is None:
                        break
                    task = again.popleft() if again else next(coming, None)
                    if task is None:
                        more = False
                        break
                    out, most = max(out, task[0] + 1), ahead(task[1], self._workers)
                    self._hand(free, task, again)
                busy = {process.line: process for process in self._processes if process.jobs}
                if not busy and not again:
                    return
                for line in wait(list(busy)) if busy else []:
                    self._take(busy[line], landed, again, tries, progress)  # type: ignore[index]
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
            self._end([process for process in self._processes if process.jobs])

    def _free(self) -> _Process | None:
        """Return a process that can be given a job: an idle one, a new one, one with room, or None."""
        least = min(self._processes, key=lambda process: len(process.jobs), default=None)
        if least is not None and not least.jobs:
            return least
        if len(self._processes) < self._workers:
            self._processes.append(_Process())
            return self._processes[-1]
        return least if least is not None and len(least.jobs) < _AHEAD else None

    def _hand(self, process: _Process, task: tuple[int, Job], again: deque[tuple[int, Job]]) -> None:
        """Give a job to a process."""
        assert self._handover is not None, "hand out jobs inside the context"
        process.jobs.append(task)
        try:
            process.line.send_bytes(self._handover.packed_job(task[1])[0])
        except OSError:
            return  # it has died; whoever waits for its answer finds out

    def _take(
        self,
        process: _Process,
        landed: dict[int, list[Reduced] | BaseException],
        again: deque[tuple[int, Job]],
        tries: dict[int, int],
        progress: Progress,
    ) -> None:
        """Take a process's answer, or replace it if it has died."""
        try:
            answer: Any = pickle.loads(process.line.recv_bytes())
        except (EOFError, OSError):
            lost = list(process.jobs)
            ended = process.end()
            self._processes.remove(process)
            number, job = lost[0]
            tries[number] = tries.get(number, 0) + 1
            if tries[number] == _TRIES:
                ended_again = ProcessLost(
                    f"{job.name} was begun {_TRIES} times, and each time its process was ended ({_how(ended)}). Mostly "
                    "memory has run out: try fewer workers, fewer rows, or executor=threads."
                )
                if not job.forgiving:
                    raise ended_again from None
                landed[number] = [failed(sentence_of(ended_again))] * len(job.replicates)
                again.extend(lost[1:])
                return
            progress.note(f"A process was ended ({_how(ended)}); what it had begun is begun again.")
            again.extend(lost)
            return
        number, _ = process.jobs.popleft()
        landed[number] = answer


def _how(code: int) -> str:
    """Return how a process ended, in words."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"
