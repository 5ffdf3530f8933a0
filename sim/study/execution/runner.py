"""How many runs are done side by side in threads, in an order that no number of workers can change.

At most two tasks a worker wait or are under way, and results come back in the order of the tasks. So many may be
held back by a task that takes long, and no more: a study's memory does not grow with its number of runs.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

from sim.errors import BackfireError, ConfigError

Task = TypeVar("Task")
Result = TypeVar("Result")


class RunFailure(BackfireError):
    """A run ended in an error that is not the user's: the run is named, the cause is chained."""

    exit_code = 1


def available_cpus() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def checked_workers(workers: object) -> int:
    """Return the number of workers: the processors available if None.

    Raises
    ------
    ConfigError
        Not a whole number from 1 on.
    """
    if workers is None:
        return available_cpus()
    if isinstance(workers, bool) or not isinstance(workers, int):
        raise ConfigError(f"workers must be a whole number; got {workers!r}.")
    if not 1 <= workers <= 4096:
        raise ConfigError(f"workers must lie in [1, 4096]; got {workers}. Leave it out to use all processors.")
    return workers


class _Stopped(Exception):
    """Another run failed, or the user stopped: this one is not begun."""


def named(problem: Exception, name: str) -> BaseException:
    """Return the error to raise for a run's error, with the run's name in it."""
    if isinstance(problem, BackfireError):
        return type(problem)(f"{problem} (in {name})")
    if isinstance(problem, (MemoryError, OSError)):
        return problem
    failure = RunFailure(f"{name} failed: {type(problem).__name__}: {problem}")
    failure.__cause__ = problem
    return failure


def run_in_order(
    tasks: Iterable[Task],
    work: Callable[[Task], Result],
    *,
    workers: int,
    name: Callable[[Task], str] = str,
    ahead: Callable[[Task, int], int] = lambda task, workers: 4 * workers,
) -> Iterator[Result]:
    """Yield ``work(task)`` for every task, in the order of the tasks.

    Parameters
    ----------
    tasks : iterable
        Drawn in the calling thread, as they are needed.
    work : callable
        Called in threads; must not depend on call order.
    workers : int
        Threads side by side.
    name : callable
        How a task is called in an error message, for example ``"replicate 7"``.
    ahead : callable
        How many tasks may be begun before the first that has not landed, of the newest task and ``workers``.

    Raises
    ------
    RunFailure
        The first run (in order) that failed. Runs under way are finished, no other is begun; the same
        holds for KeyboardInterrupt.
    """
    stop = Event()

    def carry_out(task: Task) -> Result:
        if stop.is_set():
            raise _Stopped
        try:
            return work(task)
        except Exception as problem:
            stop.set()
            raise named(problem, name(task)) from problem

    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="run")
    flying: deque[Future[Result]] = deque()
    try:
        for task in tasks:
            flying.append(pool.submit(carry_out, task))
            while flying and (flying[0].done() or len(flying) >= ahead(task, workers)):
                yield _landed(flying)
            under_way = [each for each in flying if not each.done()]
            while len(under_way) >= 2 * workers:
                under_way = list(wait(under_way, return_when=FIRST_COMPLETED).not_done)
            if stop.is_set():
                break
        while flying:
            yield _landed(flying)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _landed(flying: deque[Future[Result]]) -> Result:
    """Wait for the oldest task; if it was stopped by a failure elsewhere, raise that failure."""
    oldest = flying.popleft()
    try:
        return oldest.result()
    except _Stopped:
        for other in flying:
            problem = other.exception()
            if problem is not None and not isinstance(problem, _Stopped):
                raise problem from problem.__cause__
        raise
