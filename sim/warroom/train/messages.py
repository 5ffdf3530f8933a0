"""What browsers may say in a training session, by who they are."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.config.agency import Move
from sim.warroom.train.deck import InjectKind
from sim.warroom.train.events import Note, Percent, Reasons, Sentence, TeamNumber
from sim.warroom.words import Mark, MemberName, Name, Word, vocabulary


class Decks(Word):
    """List decks and open sessions."""

    t: Literal["decks"]


class Open(Word):
    """Open a session of a deck."""

    t: Literal["open"]
    deck: Mark
    teams: Annotated[int, Field(ge=1, le=100)]
    laptop: bool = False


class Enter(Word):
    """Give a new facilitator's link for an open session."""

    t: Literal["enter"]
    session: Mark


class Join(Word):
    """Take a seat in a team, under a name that fits the tables on which it stands."""

    t: Literal["join"]
    team: Annotated[int, Field(ge=1, le=100)]
    name: MemberName


class Draft(Word):
    """Share what our team is about to submit."""

    t: Literal["draft"]
    decision: Mark
    sentence: Sentence = ""
    move: Move | None = None
    argument: Reasons = ""
    confidence: Percent | None = None
    team: TeamNumber | None = None


class Decide(Word):
    """Submit our team's decision."""

    t: Literal["decide"]
    decision: Mark
    sentence: Sentence = ""
    move: Move
    argument: Reasons = ""
    confidence: Percent
    team: TeamNumber | None = None


class Take(Word):
    """Take the laptop, as the team whose turn it is."""

    t: Literal["take"]
    team: TeamNumber


class Pass(Word):
    """Hand the laptop over to the next team."""

    t: Literal["pass"]
    team: TeamNumber


class Plain(Word):
    """A control without settings."""

    t: Literal["start", "pause", "resume", "skip", "close", "settle", "end", "reveal", "laptop", "wall", "sheets"]


class Extend(Word):
    """Give more time for the open decision."""

    t: Literal["extend"]
    seconds: Annotated[int, Field(ge=10, le=900)]


class Confirm(Word):
    """Say which move a team's sentence is."""

    t: Literal["confirm"]
    team: TeamNumber
    move: Move


class Tell(Word):
    """Tell all teams something: an inject of the deck, or one's own words."""

    t: Literal["inject"]
    inject: Mark | None = None
    what: InjectKind = "staff"
    sender: Name = "A colleague"
    text: Note | None = None


class Show(Word):
    """Show the room what all teams chose, or take it off the wall."""

    t: Literal["show"]
    decision: Mark
    on: bool = True


class Free(Word):
    """Free a seat."""

    t: Literal["free"]
    member: Mark


HOST = vocabulary(Decks, Open, Enter)
JOINER = vocabulary(Join)
MEMBER = vocabulary(Draft, Decide, Take, Pass)
FACILITATOR = vocabulary(Plain, Extend, Confirm, Tell, Show, Free)
