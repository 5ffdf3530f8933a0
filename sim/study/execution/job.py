"""What is handed out to whoever carries out runs: a job, and what a crew must do with jobs.

A job is some replicates of one world, or of that world under another configuration. A crew yields the runs
of each job in the order of the jobs, so that no number of workers and no kind of executor can be told from
the result. Jobs are drawn as they are needed; few are under way at a time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sim.aftermath.measured import left_by
from sim.aftermath.state import luck_of, standing_of
from sim.config.root import Configuration
from sim.engine.record import RunRecord
from sim.engine.run import Record, run_campaign
from sim.engine.world import World
from sim.outcome.own import measure_own
from sim.study.execution.reduced import Reduced, failed, reduce, without_timeline

Extra = Callable[[World, RunRecord], Any]
_SENTENCE = 300
"""Letters that are kept of what a run failed of."""


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
    forgiving : bool
        Whether a run that fails is handed back as such (``Reduced.failed``), and the others go on.
    watched : bool
        Whether records say what each row saw.
    """

    world: World
    replicates: Sequence[int]
    name: str
    configuration: Configuration | None = None
    extra: Extra | None = None
    record: Record = "summary"
    timeline: bool = True
    forgiving: bool = False
    watched: bool = False


def ahead(job: Job, workers: int) -> int:
    """Return how many jobs may be begun before the first that has not landed: logs are large, all else is small."""
    return (4 if job.record == "log" else 16) * workers


class Crew(Protocol):
    """Workers that carry out jobs."""

    def run(self, jobs: Iterable[Job], progress: Progress) -> Iterator[list[Reduced]]:
        """Yield the runs of each job, in the order of the jobs.

        Raises
        ------
        BackfireError
            A job failed; its name is in the message. No other is begun.
        """


_last = threading.local()
"""The last world that a thread made its own: the next portion is often of the same point."""


def _world_of(job: Job) -> World:
    """Return the world that a job's runs live in."""
    if job.configuration is None:
        return job.world
    kept: tuple[World, World] | None = getattr(_last, "kept", None)
    if kept is None or kept[0] is not job.world or kept[1].config != job.configuration:
        kept = _last.kept = (job.world, job.world.with_config(job.configuration))
    return kept[1]


def carry_out(job: Job) -> list[Reduced]:
    """Return the runs of a job."""
    world: World | None = None
    runs = []
    for replicate in job.replicates:
        try:
            if world is None:
                world = _world_of(job)
            runs.append(_run_of(job, world, replicate))
        except Exception as problem:
            if not job.forgiving:
                raise
            runs.append(failed(sentence_of(problem)))
    return runs


def sentence_of(problem: Exception) -> str:
    """Return what a run failed of, on one line."""
    said = "memory ran out" if isinstance(problem, MemoryError) else f"{type(problem).__name__}: {problem}"
    return " ".join(said.split())[:_SENTENCE]


def _run_of(job: Job, world: World, replicate: int) -> Reduced:
    """Carry out one run, and before it those of its earlier campaigns."""
    begun = time.perf_counter()
    measured = world.config.after.measured
    if world.config.earlier:
        standing = standing_of(world, replicate)
        world, replicate = standing.world, luck_of(replicate, standing.number)
    kept = {"seen": True} if job.watched or measured else {}
    left = run_campaign(world, replicate=replicate, record=job.record, **kept)
    seconds = time.perf_counter() - begun
    run = reduce(left, seconds, None if job.extra is None else job.extra(world, left))
    if world.config.outcomes:
        run = replace(run, outcome=run.outcome | measure_own(left, run.outcome, world.config))
    if measured and (behind := left_by(world, left)) is not None:
        run = replace(run, outcome={**run.outcome, **behind.outcome})
    return run if job.timeline else without_timeline(run)
