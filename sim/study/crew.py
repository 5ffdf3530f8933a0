"""Who carries out jobs: threads of this process, or processes of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sim.errors import unknown_name
from sim.study.job import Crew, Job, Progress, carry_out
from sim.study.reduced import Reduced
from sim.study.runner import run_in_order

EXECUTORS = ("threads", "processes")


@dataclass(frozen=True)
class Threads:
    """Threads of this process; the compiled engine runs without the interpreter's lock.

    Attributes
    ----------
    workers : int
        Threads side by side.
    """

    workers: int

    def run(self, jobs: Iterable[Job], progress: Progress) -> Iterator[list[Reduced]]:
        """Yield the runs of each job, in the order of the jobs; see :class:`sim.study.job.Crew`."""
        for runs in run_in_order(jobs, carry_out, workers=self.workers, name=lambda job: job.name):
            progress.done(len(runs))
            yield runs


def checked_executor(executor: object) -> str:
    """Return the name of an executor: threads if None.

    Raises
    ------
    ConfigError
        There is none of that name.
    """
    if executor is None:
        return EXECUTORS[0]
    if executor not in EXECUTORS:
        raise unknown_name("executor", executor, EXECUTORS)
    return str(executor)


@contextmanager
def hired(workers: int, executor: str) -> Iterator[Crew]:
    """Give a crew; it is dismissed at the end, whatever happens.

    Parameters
    ----------
    workers : int
        Runs side by side.
    executor : {"threads", "processes"}
    """
    if executor == "threads":
        yield Threads(workers)
        return
    from sim.study.processes import Processes

    with Processes(workers) as crew:
        yield crew
