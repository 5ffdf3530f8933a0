"""What must be run so that a session can be debriefed: from which states, with which moves afterwards.

A **course** is a tuple of moves, ``((minute, move), ...)``, silences left out. A **start** is a state: a campaign, the
minute at which it is left, and the moves made before. Teams with the same past share starts and courses, so that
nothing is run twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

SILENT = "silent"
Course = tuple[tuple[int, str], ...]
Variant = Literal["plain", "listening", "best"]
"""The deck's campaign; after listening beforehand; under the best policy known."""
NOTHING: Course = ()


@dataclass(frozen=True)
class Made:
    """One decision of a team.

    Attributes
    ----------
    decision : str
        Its id in the deck.
    minute : int, simulated minutes since the post
    move : str
        What was played.
    confidence : int or None, percent
        The team's odds that the campaign does not end hijacked.
    late : bool
        Submitted after the close: silence was played.
    picked : str or None
        The team's own pick; None: nothing was submitted.
    sentence, argument : str
    """

    decision: str
    minute: int
    move: str = SILENT
    confidence: int | None = None
    late: bool = False
    picked: str | None = None
    sentence: str = ""
    argument: str = ""


@dataclass(frozen=True)
class Side:
    """A team, and what it decided."""

    number: int
    name: str
    made: tuple[Made, ...]

    @property
    def course(self) -> Course:
        """Its moves."""
        return tuple((made.minute, made.move) for made in self.made if made.move != SILENT)


@dataclass(frozen=True)
class Start:
    """A state that courses begin in: a campaign lived with the session's luck up to a minute."""

    variant: Variant
    minute: int
    past: Course


FROM_THE_POST = Start("plain", 0, NOTHING)
LISTENED = Start("listening", 0, NOTHING)
BEST_KNOWN = Start("best", 0, NOTHING)


@dataclass(frozen=True)
class Fork:
    """A decision as two courses from one state: as it was made, and with silence in its place."""

    start: Start
    made: Course
    silent: Course


def fork_of(course: Course, minute: int) -> Fork:
    """Return the fork at a decision's minute; later moves stay as they were made in both courses."""
    before = tuple(each for each in course if each[0] < minute)
    after = tuple(each for each in course if each[0] >= minute)
    return Fork(Start("plain", minute, before), after, tuple(each for each in after if each[0] > minute))


Wanted = dict[Start, tuple[Course, ...]]


def beforehand(*, best: bool) -> Wanted:
    """Return what can be run before anybody has decided anything."""
    known: Wanted = {FROM_THE_POST: (NOTHING,), LISTENED: (NOTHING,)}
    return known | {BEST_KNOWN: (NOTHING,)} if best else known


def wanted(sides: Iterable[Side], *, best: bool) -> Wanted:
    """Return every course from every start that the debrief of these teams needs, each once, in a fixed order."""
    found: dict[Start, dict[Course, None]] = {
        start: dict.fromkeys(courses) for start, courses in beforehand(best=best).items()
    }
    for side in sides:
        found[FROM_THE_POST][side.course] = None
        for made in side.made:
            fork = fork_of(side.course, made.minute)
            found.setdefault(fork.start, {}).update(dict.fromkeys((fork.made, fork.silent)))
    return {start: tuple(courses) for start, courses in found.items()}


def lucks(replicate: int, count: int) -> list[int]:
    """Return the replicates of so many futures: the first ones but the session's own."""
    return [luck for luck in range(count + 1) if luck != replicate][:count]


def runs_of(needed: Wanted, count: int) -> int:
    """Return how many campaigns are lived to their end: each course on each luck, and those from the post as lived."""
    whole = sum(len(courses) for courses in needed.values())
    return whole * count + sum(len(courses) for start, courses in needed.items() if start.minute == 0)
