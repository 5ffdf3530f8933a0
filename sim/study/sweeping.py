"""Runs of points, looked up where they are done already and carried out where they are not.

A study asks for runs by content: points and numbers of replicates. What its ledger holds is read, the rest is
carried out and committed; so to go on after a stop is to ask again.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.root import Configuration
from sim.errors import StudyError
from sim.outcome.units import UNITS
from sim.study.design.points import point_key
from sim.study.execution.batch import Untold
from sim.study.execution.crew import hired
from sim.study.execution.executors import Executor, checked_executor
from sim.study.execution.job import Crew, Job, Progress
from sim.study.execution.order import Order, OwnLuck, Portion, numbers_of
from sim.study.execution.reduced import Reduced
from sim.study.execution.runner import checked_workers
from sim.study.execution.stopping import CutShort, Stop, noted
from sim.study.execution.worlds import Worlds
from sim.study.store.folder import keep_aside
from sim.study.store.ledger import Chunk, Ledger, Row, at_work
from sim.study.store.named_files import files_of
from sim.study.store.rows import packed, rules_in, unpacked

if TYPE_CHECKING:
    import pandas as pd

_SOON, _MANY = 0.25, 500
"""Finished runs are committed after so many seconds, or as soon as there are so many."""
_IN_SIGHT = 16
"""Portions whose worlds are built before they are begun."""
_PATIENCE = 0.5
"""Seconds between looks at what another process does."""
PART_ROWS = 20_000
"""Rows of a table that are in memory at a time."""


@dataclass
class OpenStudy:
    """A study that runs can be asked of.

    Attributes
    ----------
    place : Path or None
    ledger : Ledger
    crew : Crew
    progress : Progress
    side_by_side : int
        Workers.
    worlds : Worlds
    stop : Stop
    fresh : bool
        Whether it was begun anew.
    carried_out : int
        Runs that this process has carried out.
    asked : dict of bytes to int
        Keys of the points that were asked for, and their numbers in the order of the first asking.
    """

    place: Path | None
    ledger: Ledger
    crew: Crew
    progress: Progress
    side_by_side: int = 1
    worlds: Worlds = field(default_factory=Worlds)
    stop: Stop = field(default_factory=Stop)
    fresh: bool = False
    carried_out: int = 0
    asked: dict[bytes, int] = field(default_factory=dict)
    _files: dict[str, str] = field(default_factory=dict)

    def key_of(self, configuration: Configuration) -> bytes:
        """Return a configuration's key; each file that it names is read once."""
        return point_key(configuration, files_of(configuration, self._files))


@contextmanager
def open_study(
    place: Path | None,
    identity: Mapping[str, Any],
    *,
    executor: str | Mapping[str, Any] | Executor | None = None,
    workers: int | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Iterator[OpenStudy]:
    """Open a study: its ledger is joined, its workers are hired, and Ctrl-C lets what is under way finish.

    Parameters
    ----------
    place : Path or None
        The study's folder, made if need be; None keeps runs in memory.
    identity : mapping
        From :func:`sim.study.store.provenance.identity`: what is asked, with which settings, of which code.
    executor : {"threads", "processes", "dask"}, mapping or Executor, optional
    workers : int, optional
    fresh : bool
        Keep what stands at the place aside and begin anew.
    progress : optional

    Raises
    ------
    StudyError
        Another study stands there, another process is at work on what is to be kept aside, or it cannot be written.
    """
    told = Untold() if progress is None else progress
    side_by_side, carried_out_by = checked_workers(workers), checked_executor(executor)
    with ExitStack() as stack:
        crew = stack.enter_context(hired(side_by_side, carried_out_by))  # before anything is written
        if fresh and place is not None and place.exists():
            if at_work(place):
                raise StudyError(
                    f"{str(place)!r} is being worked on by another process; end it, or leave fresh=true out."
                )
            told.note(f"What stood there is kept as {keep_aside(place)}.")
        ledger = stack.enter_context(Ledger(place, identity))
        study = OpenStudy(place, ledger, crew, told, side_by_side, Worlds(side_by_side), fresh=fresh)
        stack.callback(study.worlds.close)
        stack.enter_context(noted(study.stop, told.note))
        yield study


def complete(study: OpenStudy, points: Sequence[Configuration], replicates: int | Sequence[int]) -> list[bytes]:
    """Carry out every run that is not done yet, and return the points' keys.

    Raises
    ------
    CutShort
        The study was asked to stop; what was finished is committed.
    BackfireError
        The study cannot go on: its folder is gone or full, or a graph cannot be built.
    """
    return _completed(study, points, Order(points, study.key_of, numbers_of(replicates)))


def complete_each(
    study: OpenStudy,
    points: Sequence[Configuration],
    replicates: Sequence[Sequence[int]],
    living_on: Sequence[Configuration] | None = None,
) -> list[bytes]:
    """Do as :func:`complete` does, with replicates of each point's own; the points are of different content.

    Parameters
    ----------
    living_on : sequence of Configuration, optional
        For each point, the configuration whose follower graph it runs on, if not its own: who people are may then
        change from point to point (the share of the affected community, say), and whom they follow does not.
    """
    own = [numbers_of(each) for each in replicates]
    return _completed(study, points, OwnLuck(points, study.key_of, own, living_on))


def _completed(study: OpenStudy, points: Sequence[Configuration], order: Order) -> list[bytes]:
    """Carry out every run of an order that is not done yet, and return the points' keys."""
    for key in order.keys:
        study.asked.setdefault(key, len(study.asked))
    total, done = _many(order.wanted()), _done(study, order)
    if done == total:
        return order.keys
    if done and not study.carried_out:  # what this command has carried out itself is no news
        study.progress.note(f"{done} of {total} runs are there already; {total - done} to go.")
    study.progress.stage("runs", total - done)
    waiting = False
    todo = order.portions(study.side_by_side)
    while True:
        elsewhere: list[Portion] = []
        _carry_out(study, points, order, todo, elsewhere)
        if study.stop.number is not None:
            again = "the same command, without fresh=true," if study.fresh else "the same command"
            where = "" if study.place is None else f" in {study.place}; {again} goes on from there"
            raise CutShort(f"Stopped: {_done(study, order)} of {total} runs are saved{where}.", study.stop.number)
        if not elsewhere:
            return order.keys
        if not waiting:
            study.progress.note(f"Waiting for another process, which is at work on {_many(elsewhere)} of the runs.")
        waiting = True
        time.sleep(_PATIENCE)
        todo = iter(elsewhere)


def _done(study: OpenStudy, order: Order) -> int:
    """Return how many runs are finished."""
    return sum(study.ledger.done(order.keys[place], numbers) for place, numbers in order.wanted())


def _many(portions: Iterable[Portion]) -> int:
    """Return how many runs are in portions."""
    return sum(len(numbers) for _, numbers in portions)


def _carry_out(
    study: OpenStudy,
    points: Sequence[Configuration],
    order: Order,
    todo: Iterator[Portion],
    elsewhere: list[Portion],
) -> None:
    """Carry out what of some portions is free; note what others are at work on."""
    flying: deque[Chunk] = deque()
    landed: list[Row] = []
    names: list[str] | None = None
    since = time.monotonic()

    def jobs() -> Iterator[Job]:
        for coming in _claimed(study, order, todo, elsewhere):
            place, ours = coming[0]
            study.worlds.expect(((order.graphs[each], each) for each, _ in coming), order.living_on)
            configuration = points[place]
            flying.append((order.keys[place], ours))
            yield Job(
                study.worlds.of(order.graphs[place], order.living_on[place]), ours,
                f"point {place}, replicates {ours[0]} to {ours[-1]}", configuration, timeline=False, forgiving=True,
            )  # fmt: skip

    try:
        for runs in study.crew.run(jobs(), study.progress):
            key, numbers = flying.popleft()
            landed += [_row(key, number, run) for number, run in zip(numbers, runs, strict=True)]
            names = names or next((list(run.outcome) for run in runs if run.failed is None), None)
            if len(landed) >= _MANY or time.monotonic() - since > _SOON:
                written, landed = landed, []
                study.ledger.commit(written, names)
                study.carried_out += len(written)
                since = time.monotonic()
    finally:
        if landed:
            study.ledger.commit(landed, names)
            study.carried_out += len(landed)


def _row(key: bytes, number: int, run: Reduced) -> Row:
    """Return a run as the ledger keeps it."""
    if run.failed is not None:
        return Row(key, number, None, run.failed, None)
    return Row(key, number, run.seconds, None, packed(run))


def _claimed(
    study: OpenStudy, order: Order, todo: Iterator[Portion], elsewhere: list[Portion]
) -> Iterator[list[tuple[int, list[int]]]]:
    """Claim some portions at a time, and yield what is ours: each portion with those behind it; end when asked to."""
    while study.stop.number is None:
        batch = order.claimed_together(todo)
        if not batch:
            return
        shares = study.ledger.claim([(order.keys[place], numbers) for place, numbers in batch])
        taken = [(place, share) for (place, _), share in zip(batch, shares, strict=True)]
        elsewhere += [(place, share.elsewhere) for place, share in taken if share.elsewhere]
        ours = [(place, share.ours) for place, share in taken if share.ours]
        for first in range(len(ours)):
            if study.stop.number is not None:
                return
            yield ours[first : first + _IN_SIGHT]


def frames_of(
    study: OpenStudy, keys: Sequence[bytes], replicates: int | Sequence[int], part_rows: int = PART_ROWS
) -> Iterator[pd.DataFrame]:
    """Yield finished runs as tidy frames of at most ``part_rows`` rows: points in order, then replicates.

    Columns: ``point`` (its place in ``keys``), ``replicate``, the outcomes of ``runs.parquet``, ``failed`` (the
    sentence that the run ended in, else empty), ``seconds``. Where a run failed its numbers are nan; counts and
    yes-or-no are floats then.
    """
    numbers = numbers_of(replicates)
    yield from frames_each(study, keys, [numbers] * len(keys), part_rows)


def frames_each(
    study: OpenStudy, keys: Sequence[bytes], replicates: Sequence[Sequence[int]], part_rows: int = PART_ROWS
) -> Iterator[pd.DataFrame]:
    """Do as :func:`frames_of` does, with replicates of each point's own."""
    # where every run has failed, nobody has seen an outcome yet
    names, gaps = study.ledger.outcomes() or list(UNITS), study.ledger.failures() > 0
    fired = rules_in(study.ledger.longest(), names)
    places: list[int] = []
    rows: list[Row] = []
    for place, (key, numbers) in enumerate(zip(keys, replicates, strict=True)):
        for begin in range(0, len(numbers), part_rows):
            found = study.ledger.rows(key, numbers[begin : begin + part_rows])
            if rows and len(rows) + len(found) > part_rows:
                yield _frame(places, rows, names, fired, gaps=gaps)
                places, rows = [], []
            rows += found
            places += [place] * len(found)
    if rows:
        yield _frame(places, rows, names, fired, gaps=gaps)


def _frame(places: list[int], rows: list[Row], names: Sequence[str], fired: int, *, gaps: bool) -> pd.DataFrame:
    """Return runs as a tidy frame."""
    import pandas as pd

    columns: dict[str, Any] = {"point": places, "replicate": [row.replicate for row in rows]}
    columns |= unpacked([row.outcome for row in rows], names, fired, gaps=gaps)
    columns["failed"] = pd.array([row.failed or "" for row in rows], dtype="str")
    columns["seconds"] = [float("nan") if row.seconds is None else row.seconds for row in rows]
    return pd.DataFrame(columns)


def runs_of(points: Sequence[Configuration], replicates: int | Sequence[int], *, study: OpenStudy) -> pd.DataFrame:
    """Return the runs of points, carrying out those that are not done yet.

    Parameters
    ----------
    points : sequence of Configuration
        The same content may stand in several places; it is run once.
    replicates : int or sequence of int
        How many, or which luck.
    study : OpenStudy

    Returns
    -------
    DataFrame
        One row a (point, replicate), points in order; see :func:`frames_of`.

    Raises
    ------
    CutShort, BackfireError
        As :func:`complete` does.
    """
    import pandas as pd

    return pd.concat(list(frames_of(study, complete(study, points, replicates), replicates)), ignore_index=True)
