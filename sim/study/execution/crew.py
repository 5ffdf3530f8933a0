"""Who carries out jobs: threads of this process, processes of their own, or Dask's workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sim.study.execution.executors import Executor, checked_executor
from sim.study.execution.job import Crew, Job, Progress, ahead, carry_out
from sim.study.execution.reduced import Reduced
from sim.study.execution.runner import run_in_order


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
        """Yield the runs of each job, in the order of the jobs; see :class:`sim.study.execution.job.Crew`."""
        for runs in run_in_order(jobs, carry_out, workers=self.workers, name=lambda job: job.name, ahead=ahead):
            progress.done(len(runs))
            yield runs


@contextmanager
def hired(workers: int, executor: str | Executor) -> Iterator[Crew]:
    """Give a crew; it is dismissed at the end, whatever happens.

    Parameters
    ----------
    workers : int
        Runs side by side.
    executor : {"threads", "processes", "dask"} or Executor

    Raises
    ------
    BackfireError
        An executor that cannot be, or Dask workers that cannot be found or started.
    """
    by = checked_executor(executor)
    if by.kind == "threads":
        yield Threads(workers)
    elif by.kind == "processes":
        from sim.study.execution.processes import Processes

        with Processes(workers) as processes:
            yield processes
    else:
        from sim.study.execution.dask_crew import Dask

        with Dask(workers, by.dask) as dask:
            yield dask
