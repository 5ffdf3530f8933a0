"""What a team's judgement was worth: five parts, their weights, and why each is there.

Trust and grievance are judged against silence on the same luck, over all futures: a team is not paid for its luck, and
the volume of critics alone earns nothing, nor does silencing them. Weights are a convention of ours; they stand here
alone, and the page tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from sim.config.root import Configuration
from sim.study.compare.cost import accounts_of
from sim.warroom.debrief.courses import Made
from sim.warroom.debrief.endings import Ending
from sim.warroom.debrief.tally import HIJACKED

WHOLE_BRIER = 0.25
"""The Brier score that earns nothing: that of always saying 50 %."""


@dataclass(frozen=True)
class Part:
    """One part of the score, ``weight`` points at most."""

    name: str
    title: str
    weight: int
    why: str


PARTS = (
    Part("trust", "Trust", 30,
         "In how many of 100 campaigns on the same luck followers think better of the sender a week later than if "
         "nothing had been said; those less than 0.01 points of 100 apart count half, so that silence itself earns "
         "half."),
    Part("grievance", "Grievance", 30,
         "In how many of 100 campaigns on the same luck followers hold less against the sender a week later than if "
         "nothing had been said; those less than 0.01 points of 100 apart count half."),
    Part("answered", "Questions answered", 15,
         "Critics answered in person by the campaign's end, out of those whom the staff could have answered from the "
         "first decision on."),
    Part("calibration", "Stated chances", 15,
         "How near the chances that the team stated came to the share of futures that do not end hijacked, and to the "
         "end that was lived: knowing how sure one can be, not being sure. Large misses weigh more; always saying 50 % "
         "of what turns out certain earns nothing."),
    Part("hours", "Working hours", 10,
         "What is left of the deck's budget of working hours when the play ends, as the room counted them."),
)  # fmt: skip


@dataclass(frozen=True)
class Stated:
    """A stated confidence, and what it is held against.

    Attributes
    ----------
    confidence, futures : float, probability
        That the campaign does not end hijacked: as stated, and over the futures.
    lived : bool
        Whether it did not.
    """

    confidence: float
    futures: float
    lived: bool


def brier(stated: Sequence[Stated]) -> dict[str, float] | None:
    """Return the mean squared distance of stated confidence to futures and to the lived end; None if none was stated.

    Returns
    -------
    dict
        ``futures``, ``lived``, and their mean ``both``.
    """
    if not stated:
        return None
    futures = sum((each.confidence - each.futures) ** 2 for each in stated) / len(stated)
    lived = sum((each.confidence - each.lived) ** 2 for each in stated) / len(stated)
    return {"futures": futures, "lived": lived, "both": (futures + lived) / 2}


def off_by(found: dict[str, float] | None) -> dict[str, float] | None:
    """Return how far stated chances lie from futures and from the lived end: roots of mean squares, points of 100."""
    return None if found is None else {name: 100 * sqrt(found[name]) for name in ("futures", "lived")}


def answered_share(configuration: Configuration, made: Iterable[Made], endings: Sequence[Ending]) -> float | None:
    """Return critics answered out of those who could be: as many as there are, or as the staff can write to.

    The staff's time counts from the first decision on. None where there is hardly a critic to answer.
    """
    first = min((each.minute for each in made), default=None)
    if first is None or not endings:
        return None
    agency = configuration.agency
    most = accounts_of(agency) * agency.replies_an_hour * (configuration.minutes - first) / 60
    could = sum(min(float(each.critics), most) for each in endings)
    return min(1.0, sum(each.replies for each in endings) / could) if could >= len(endings) else None


def hours_left(hours: float, budget: float) -> float:
    """Return which share of a budget is left, at least 0."""
    if budget <= 0.0:
        return 1.0 if hours <= 0.0 else 0.0
    return max(0.0, 1.0 - hours / budget)


def calibration_part(found: dict[str, float] | None) -> float:
    """Return what calibration earns, 0 to 1; nothing where no confidence was stated."""
    return 0.0 if found is None else max(0.0, 1.0 - found["both"] / WHOLE_BRIER)


def score(parts: dict[str, float | None]) -> dict[str, object]:
    """Return the points of each part, and all of them out of 100; a part that cannot be judged is left out.

    Parameters
    ----------
    parts : dict of str to float or None
        Each in [0, 1].
    """
    counted = [part for part in PARTS if parts[part.name] is not None]
    whole = sum(part.weight for part in counted)
    points = {part.name: (parts[part.name] or 0.0) * part.weight for part in counted}
    total = 100 * sum(points.values()) / whole if whole else None
    return {"total": total, "points": {part.name: points.get(part.name) for part in PARTS}}


def not_hijacked(endings: Iterable[Ending]) -> float | None:
    """Return the share of endings that are not hijacked."""
    ends = [each.verdict != HIJACKED for each in endings]
    return sum(ends) / len(ends) if ends else None
