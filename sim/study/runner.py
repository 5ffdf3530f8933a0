"""How many runs are done side by side, in an order that no number of workers can change.

Runs are nogil threads of one process (the graph is shared, nothing is pickled). Work is handed out in
chunks, at most two chunks a worker are in flight, and results come back in the order of the tasks, so
that a study's memory does not grow with its number of runs unless the caller keeps what it gets.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar

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
    """Another run failed, or the user stopped: what is left of a chunk is not begun."""


def _named(problem: Exception, name: str) -> BaseException:
    """Return the error to raise for a run's error, with the run's name in it."""
    if isinstance(problem, BackfireError):
        return type(problem)(f"{problem} (in {name})")
    if isinstance(problem, (MemoryError, OSError)):
        return problem
    failure = RunFailure(f"{name} failed: {type(problem).__name__}: {problem}")
    failure.__cause__ = problem
    return failure


def run_in_order(
    tasks: Sequence[Task],
    work: Callable[[Task], Result],
    *,
    workers: int,
    name: Callable[[Task], str] = str,
    done: Callable[[int], Any] | None = None,
    chunk: int = 1,
) -> Iterator[Result]:
    """Yield ``work(task)`` for every task, in the order of the tasks.

    Parameters
    ----------
    work : callable
        Called in threads; must not depend on call order.
    workers : int
        Threads side by side.
    name : callable
        How a task is called in an error message, for example ``"replicate 7"``.
    done : callable, optional
        Told the number of runs finished since it was last told (from the calling thread).
    chunk : int
        Tasks handed out at a time; more than one pays only where a run takes well under a millisecond.

    Raises
    ------
    RunFailure
        The first run (in order) that failed. Runs under way are finished, no other is begun; the same
        holds for KeyboardInterrupt.
    """
    stop = Event()

    def carry_out(part: Sequence[Task]) -> list[Result]:
        results = []
        for task in part:
            if stop.is_set():
                raise _Stopped
            try:
                results.append(work(task))
            except Exception as problem:
                stop.set()
                raise _named(problem, name(task)) from problem
        return results

    parts = (tasks[first : first + chunk] for first in range(0, len(tasks), chunk))
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="run")
    flying: deque[Future[list[Result]]] = deque()
    try:
        for part in parts:
            flying.append(pool.submit(carry_out, part))
            if len(flying) >= 2 * workers:
                yield from _landed(flying, done)
        while flying:
            yield from _landed(flying, done)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _landed(flying: deque[Future[list[Result]]], done: Callable[[int], Any] | None) -> list[Result]:
    """Wait for the oldest chunk; if it was stopped by a failure elsewhere, raise that failure."""
    oldest = flying.popleft()
    try:
        results = oldest.result()
    except _Stopped:
        for other in flying:
            problem = other.exception()
            if problem is not None and not isinstance(problem, _Stopped):
                raise problem from problem.__cause__
        raise
    if done is not None:
        done(len(results))
    return results
