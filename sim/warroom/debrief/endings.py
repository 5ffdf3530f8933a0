"""What one course came to: the end of a run as few plain numbers, and how many courses are lived at once.

Trust is the mean support of those who followed the sender before the post, a week after the campaign, and grievance
theirs likewise; both are told against what they were before (and before any listening).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.aftermath.state import Standing, left_behind
from sim.engine.layout import ACTS, BOOSTS, REPLIES
from sim.engine.record import RunRecord
from sim.engine.run import Run
from sim.outcome.measures import share_of
from sim.outcome.verdict import takeover_minute, verdict
from sim.people.population import Population
from sim.warroom.debrief.courses import Course

WEEKS_AFTER = 1.0
Curves = dict[str, list[int]]
"""A campaign as it was lived, minute by minute: :func:`curves_of`."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How one run ended.

    Attributes
    ----------
    verdict : str
    hijack_share : float or None
    messages, participants, followers_lost, replies, boosts, critics : int
        ``critics``: originals by rows against the sender, which could be answered. Messages, participants and
        followers lost are of people, where a row stands for several (``people.represents``).
    takeover : int or None, minutes
    trust, grievance : float, 0 to 1 scale
        Changes of the followers' means.
    trended : bool
        Whether the tag ever trended.
    fired : int[rules]
        Minute in which each rule and move was made, -1 if never; how a run ended does not hang on it.
    """

    verdict: str
    hijack_share: float | None
    messages: int
    participants: int
    followers_lost: int
    replies: int
    boosts: int
    critics: int
    takeover: int | None
    trust: float
    grievance: float
    trended: bool
    fired: tuple[int, ...] = field(compare=False)


NOT_POSTED = Ending("not_posted", None, 0, 0, 0, 0, 0, 0, None, 0.0, 0.0, False, ())
"""Nothing is posted: nothing happens, which is known without a run."""


@dataclass(frozen=True)
class Before:
    """Those who followed the sender before the post, and what they felt."""

    rows: npt.NDArray[np.int64]
    support: float
    grievance: float

    @classmethod
    def of(cls, people: Population) -> Before:
        """Return the followers of an audience; everybody, where nobody follows."""
        rows = np.flatnonzero(people.follows_sender)
        rows = rows if rows.size else np.arange(people.n)
        return cls(rows, _mean(people.support, rows), _mean(people.grievance, rows))


def _mean(feeling: npt.NDArray[np.float32], rows: npt.NDArray[np.int64]) -> float:
    return float(feeling[rows].mean(dtype=np.float64)) if rows.size else 0.0


def ending_of(run: Run, standing: Standing, before: Before) -> Ending:
    """Return how a run ended that has come to its horizon."""
    record = run.record(seen=True)
    campaign, counter = volumes(record)
    total, against = int(campaign.sum() + counter.sum()), int(counter.sum())
    participants = int(np.count_nonzero(run.bench.arrays["cold_half"][: run.world.rows, ACTS]))
    share = share_of(against, total)
    later = left_behind(standing, record).later(WEEKS_AFTER)
    lost = int(np.count_nonzero(~record.follows.gained))
    represents = run.world.config.people.represents
    return Ending(
        verdict=verdict(participants, record.n, share),
        hijack_share=share,
        messages=round(total * represents),
        participants=round(participants * represents),
        followers_lost=round(lost * represents),
        replies=record.replies,
        boosts=record.boosts,
        critics=int(record.timeline["originals_counter"].sum(dtype=np.int64)),
        takeover=takeover_minute(counter, campaign + counter, record.n),
        trust=_mean(later.support, before.rows) - before.support,
        grievance=_mean(later.grievance, before.rows) - before.grievance,
        trended=bool(record.timeline["trending"].any()),
        fired=tuple(int(minute) for minute in record.fired),
    )


def volumes(record: RunRecord) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return participants' messages of each minute by frame: int64[minutes], campaign and counter."""
    timeline = record.timeline
    campaign, counter = (
        timeline[f"originals_{frame}"].astype(np.int64) + timeline[f"shares_{frame}"]
        for frame in ("campaign", "counter")
    )
    return campaign, counter


def curves_of(run: Run, course: Course) -> Curves:
    """Live a course from its post to its end, and return it minute by minute.

    Parameters
    ----------
    run : Run
        At minute 0.

    Returns
    -------
    dict of str to int[minutes]
        ``campaign``, ``counter``: messages, of people; ``trending``: 1 where the tag trended; ``replies``,
        ``boosts``: how many were put out up to the minute's end.
    """
    moves, whole = dict(course), run.world.config.minutes
    replies, boosts = [], []
    for minute in range(whole):
        if minute in moves:
            run.act(moves[minute])
        run.advance(minute + 1)
        marks = run.bench.arrays["marks"]
        replies.append(int(marks[REPLIES]))
        boosts.append(int(marks[BOOSTS]))
    record = run.record()
    campaign, counter = (
        np.rint(each * run.world.config.people.represents).astype(np.int64) for each in volumes(record)
    )
    lines = {"campaign": campaign, "counter": counter, "trending": record.timeline["trending"]}
    return {name: line.tolist() for name, line in lines.items()} | {"replies": replies, "boosts": boosts}


def live_all(run: Run, courses: Sequence[Course], end: Callable[[Run], Ending]) -> Mapping[Course, Ending]:
    """Return how each course ends from a run's state on; minutes that courses share are lived once.

    The run is used up.

    Parameters
    ----------
    courses : sequence of Course
        Distinct; their moves lie at the run's minute or later.
    end : callable
        What an ended run is taken down as.
    """
    found: dict[Course, Ending] = {}
    _live(run, {course: course for course in courses}, end, found)
    return {course: found[course] for course in courses}


def _live(run: Run, left: Mapping[Course, Course], end: Callable[[Run], Ending], found: dict[Course, Ending]) -> None:
    """Live through what is left of each course (by the whole of it)."""
    minute = min((rest[0][0] for rest in left.values() if rest), default=None)
    if minute is None:
        run.advance(run.world.config.minutes)
        ended = end(run)
        run.close()
        found.update(dict.fromkeys(left, ended))
        return
    run.advance(minute)
    parts: dict[str | None, dict[Course, Course]] = {}
    for course, rest in left.items():
        now = rest and rest[0][0] == minute
        parts.setdefault(rest[0][1] if now else None, {})[course] = rest[1:] if now else rest
    *others, last = parts.items()
    for (move, part), own in [*((each, run.twin()) for each in others), (last, run)]:
        if move is not None:
            own.act(move)
        _live(own, part, end, found)
