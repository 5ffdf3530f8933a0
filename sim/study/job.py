"""What is handed out to whoever carries out runs: a job, and what a crew must do with jobs.

A job is some replicates of one world, or of that world under another configuration. A crew yields the runs
of each job in the order of the jobs, so that no number of workers and no kind of executor can be told from
the result. Jobs are drawn as they are needed; few are under way at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sim.config.root import Configuration
from sim.engine.record import RunRecord
from sim.engine.run import Record, run_campaign
from sim.engine.world import World
from sim.study.reduced import Reduced, reduce, without_timeline

Extra = Callable[[World, RunRecord], Any]


class Progress(Protocol):
    """Who is told how far a study is."""

    def stage(self, title: str, runs: int | None = None) -> None:
        """Begin a stage with so many runs."""

    def done(self, runs: int) -> None:
        """Count finished runs."""

    def note(self, sentence: str) -> None:
        """Tell something beside."""


@dataclass(frozen=True)
class Job:
    """Replicates of one world, carried out one after another.

    Attributes
    ----------
    world : World
    replicates : sequence of int
        Numbers of the luck.
    name : str
        How the job is called in an error message, for example ``"replicate 7"``.
    configuration : Configuration, optional
        Under which the world's graph and people are run, if not under the world's own.
    extra : callable, optional
        What else to keep of each record; for processes, something that can be pickled.
    record : {"summary", "log"}
    timeline : bool
        Whether to keep timelines.
    """

    world: World
    replicates: Sequence[int]
    name: str
    configuration: Configuration | None = None
    extra: Extra | None = None
    record: Record = "summary"
    timeline: bool = True


class Crew(Protocol):
    """Workers that carry out jobs."""

    def run(self, jobs: Iterable[Job], progress: Progress) -> Iterator[list[Reduced]]:
        """Yield the runs of each job, in the order of the jobs.

        Raises
        ------
        BackfireError
            A job failed; its name is in the message. No other is begun.
        """


def carry_out(job: Job) -> list[Reduced]:
    """Return the runs of a job."""
    world = job.world if job.configuration is None else job.world.with_config(job.configuration)
    runs = []
    for replicate in job.replicates:
        begun = time.perf_counter()
        left = run_campaign(world, replicate=replicate, record=job.record)
        seconds = time.perf_counter() - begun
        run = reduce(left, seconds, None if job.extra is None else job.extra(world, left))
        runs.append(run if job.timeline else without_timeline(run))
    return runs
