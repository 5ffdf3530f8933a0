"""What can happen in a training session: one frozen record each, as it is kept and read again.

Every event carries its time (``at``, seconds since 1970 by the server's clock); nothing else does. None holds a
secret: codes and tokens are kept apart (``sim.warroom.train.store``), so that a log can be exported as it is.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from sim.config.agency import Move
from sim.config.fields import Section
from sim.warroom.train.deck import Deck, InjectKind
from sim.warroom.words import Argument, Name, at_most

MOST_TEAMS, MOST_MEMBERS = 12, 5


def _written(text: str) -> str:
    """Return a text that says something."""
    if not text:
        raise ValueError("must hold at least one letter")
    return text


Sentence = Annotated[Argument, at_most(280)]
Reasons = Annotated[Argument, at_most(500)]
Note = Annotated[Argument, AfterValidator(_written), at_most(400)]
TeamNumber = Annotated[int, Field(ge=1, le=MOST_TEAMS, strict=True)]
MemberId = Annotated[str, Field(min_length=1, max_length=16)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]


class Event(Section):
    """Something that happened at a time."""

    at: float


class Opened(Event):
    """The facilitator opened a session; ``hour`` is the hour of day at which the deck's post goes out."""

    kind: Literal["opened"] = "opened"
    deck: Deck
    teams: TeamNumber
    laptop: bool = False
    hour: float | None = Field(None, ge=0, le=24)


class Joined(Event):
    """Somebody took a seat in a team."""

    kind: Literal["joined"] = "joined"
    team: TeamNumber
    member: MemberId
    name: Name


class Left(Event):
    """The facilitator freed a seat."""

    kind: Literal["left"] = "left"
    member: MemberId


class Started(Event):
    """The post went out: the simulated clock runs."""

    kind: Literal["started"] = "started"


class Paused(Event):
    """All clocks stand still."""

    kind: Literal["paused"] = "paused"


class Resumed(Event):
    """They go on."""

    kind: Literal["resumed"] = "resumed"


class Skipped(Event):
    """The simulated clock jumps to the next decision, or to the end of the play."""

    kind: Literal["skipped"] = "skipped"


class Asked(Event):
    """The clock came to a decision: every team is asked."""

    kind: Literal["asked"] = "asked"


class Drafted(Event):
    """A team's draft changed; confidence and move may still be open."""

    kind: Literal["drafted"] = "drafted"
    team: TeamNumber
    member: MemberId
    decision: str = Field(max_length=40)
    sentence: Sentence = ""
    move: Move | None = None
    argument: Reasons = ""
    confidence: Percent | None = None


class Decided(Event):
    """A team submitted, or changed, its decision."""

    kind: Literal["decided"] = "decided"
    team: TeamNumber
    member: MemberId
    decision: str = Field(max_length=40)
    sentence: Sentence
    move: Move
    argument: Reasons
    confidence: Percent


class Taken(Event):
    """One laptop: the team whose turn it is has taken it; its time runs."""

    kind: Literal["taken"] = "taken"
    team: TeamNumber


class Passed(Event):
    """One laptop: that team's turn is over."""

    kind: Literal["passed"] = "passed"
    team: TeamNumber


class Extended(Event):
    """The teams were given more time for this decision."""

    kind: Literal["extended"] = "extended"
    seconds: Annotated[int, Field(ge=10, le=900, strict=True)]


class Closed(Event):
    """The decision closed: who has not submitted says nothing."""

    kind: Literal["closed"] = "closed"


class Confirmed(Event):
    """The facilitator said which move a team's sentence is."""

    kind: Literal["confirmed"] = "confirmed"
    team: TeamNumber
    move: Move


class Settled(Event):
    """All moves stand as confirmed, the rest as the teams picked them; the clock runs on."""

    kind: Literal["settled"] = "settled"


class Injected(Event):
    """Something was told to all teams: an inject of the deck by its id, or the facilitator's own words."""

    kind: Literal["injected"] = "injected"
    inject: str | None = Field(None, max_length=40)
    what: InjectKind = "staff"
    sender: Name = "A colleague"
    text: Note | None = None


class Shown(Event):
    """The facilitator showed the room what all teams chose at a decision, or took that off the wall again."""

    kind: Literal["shown"] = "shown"
    decision: str = Field(max_length=40)
    on: bool = True


class Ended(Event):
    """The play is over."""

    kind: Literal["ended"] = "ended"


class Revealed(Event):
    """Hidden facts, and everybody's doings, may be seen by all."""

    kind: Literal["revealed"] = "revealed"


AnyEvent = Annotated[
    Opened | Joined | Left | Started | Paused | Resumed | Skipped | Asked | Drafted | Decided | Taken | Passed
    | Extended | Closed | Confirmed | Settled | Injected | Shown | Ended | Revealed,
    Field(discriminator="kind"),
]  # fmt: skip
_ANY: TypeAdapter[Any] = TypeAdapter(AnyEvent)


def written(event: Event) -> str:
    """Return an event as a line of JSON."""
    return event.model_dump_json(by_alias=True)


def read_event(line: str) -> Event:
    """Return the event of a line of JSON."""
    event: Event = _ANY.validate_json(line)
    return event
