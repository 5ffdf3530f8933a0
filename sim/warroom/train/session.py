"""Where a training session stands: its teams, its clocks, what was decided and told.

It holds no clock, socket or chance: the same events give the same session (``sim.warroom.train.rules``), so a restarted
server, the debrief and the export all read one thing.

**What the record holds**, for whoever reads it (``sim.warroom.train.store.Store.session(id)``):

- ``session.deck``: the deck as it was when the session was opened, with ``seed`` and ``replicate``: with
  ``configuration_of(session.deck)`` they give crowd and luck, the same for every team;
- ``session.teams``: each with ``number``, ``name``, ``members`` and ``answers``, one :class:`Answer` for each decision
  that was closed: ``decision`` (id), ``minute``, ``sentence``, ``move`` (the team's pick, None: nothing was submitted),
  ``confirmed`` (what was played; None until the facilitator has settled it), ``argument``, ``confidence`` (0 to 100:
  chance that the campaign does not end hijacked), ``late`` (submitted after the close: silence was played), ``draft``
  (a :class:`Draft` that the team had written and not submitted until the moves were settled: silence was played);
- ``team.history``: the moves made so far, ``((minute, move), ...)`` without silences; teams of one history lived
  through the same campaign;
- ``team.policy``: the same as a policy, ``{"name": ..., "rules": [{"move": ..., "at_minute": ...}]}``: a run of the
  deck's configuration with it is the team's campaign bit for bit;
- ``session.told``: injects with the minute in which they were told; ``session.phase``, ``session.revealed``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sim.errors import BackfireError
from sim.warroom.train.deck import Decision, Deck, InjectKind
from sim.warroom.train.events import Opened

Phase = Literal["lobby", "running", "deciding", "confirming", "ended"]
SILENT, WITHDRAW = "silent", "withdraw"
ABOUT_THE_CALL = frozenset({"clarify", "amplify", "defend", WITHDRAW})
"""Moves that make no sense where a call never went out."""
MOST_TOLD = 100


class Refused(BackfireError):
    """What the rules of a session do not allow now; the message is a sentence for the person who asked."""


@dataclass(frozen=True)
class Member:
    """Somebody in a team; the name need not be real."""

    id: str
    name: str


@dataclass(frozen=True)
class Draft:
    """What a team is about to submit, and who touched it last."""

    decision: str
    sentence: str = ""
    move: str | None = None
    argument: str = ""
    confidence: int | None = None
    by: str = ""

    @property
    def begun(self) -> bool:
        """Whether anything was written or picked; a confidence alone says nothing."""
        return bool(self.sentence or self.argument or self.move)


@dataclass(frozen=True)
class Answer:
    """What a team submitted at a decision, and what was played (the module says what each field holds)."""

    decision: str
    minute: int
    sentence: str = ""
    move: str | None = None
    argument: str = ""
    confidence: int | None = None
    late: bool = False
    confirmed: str | None = None
    by: str = ""
    at: float | None = None
    draft: Draft | None = None


@dataclass(frozen=True)
class Team:
    """One team."""

    number: int
    members: tuple[Member, ...] = ()
    draft: Draft | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def name(self) -> str:
        """What it is called."""
        return f"Team {self.number}"

    @property
    def history(self) -> tuple[tuple[int, str], ...]:
        """The moves made so far: minute and move, silences left out."""
        return tuple((a.minute, a.confirmed) for a in self.answers if a.confirmed not in (None, SILENT) and a.confirmed)

    @property
    def unposted(self) -> bool:
        """Whether it did not let the call go out: it was withdrawn before anybody had seen it."""
        return (0, WITHDRAW) in self.history

    def choices(self, decision: Decision) -> tuple[str, ...]:
        """Return which moves of a decision make sense for it: nothing is taken back twice, or that never went out."""
        before = {(minute, move) for minute, move in self.history if minute < decision.minute}
        idle = ABOUT_THE_CALL if (0, WITHDRAW) in before else {WITHDRAW} & {move for _, move in before}
        return tuple(move for move in decision.moves if move not in idle)

    @property
    def policy(self) -> dict[str, Any]:
        """The same moves as a policy's mapping."""
        return {"name": self.name, "rules": [{"move": move, "at_minute": minute} for minute, move in self.history]}

    def answer(self, decision: str) -> Answer | None:
        """Return its answer to a decision, None if there is none yet."""
        return next((answer for answer in self.answers if answer.decision == decision), None)

    def having(self, answer: Answer) -> Team:
        """Return the team with this answer instead of the one to the same decision."""
        kept = tuple(each for each in self.answers if each.decision != answer.decision)
        return replace(self, answers=(*kept, answer))


@dataclass(frozen=True)
class Told:
    """Something that was told to all teams in a simulated minute."""

    minute: int
    what: InjectKind
    sender: str
    text: str
    inject: str | None = None


@dataclass(frozen=True)
class Session:
    """Where a session stands.

    Attributes
    ----------
    minute, since : float
        The simulated clock stood at ``minute`` at time ``since``; it runs in phase ``running`` unless paused.
    left, ticking : float, float or None, seconds
        Time left for the open decision at time ``ticking``; None: that clock stands.
    started : float or None
        When the post went out.
    hour : float or None, hour of day
        At which the post goes out in the simulation; None in sessions of an older file.
    asked : int
        Decisions asked so far; the last of them is the present one.
    turn, waiting : int or None, bool
        One laptop: number of the team whose turn it is, and whether it has yet to take the laptop.
    """

    deck: Deck
    laptop: bool
    teams: tuple[Team, ...]
    opened: float
    hour: float | None = None
    phase: Phase = "lobby"
    paused: bool = False
    started: float | None = None
    minute: float = 0.0
    since: float = 0.0
    left: float = 0.0
    ticking: float | None = None
    asked: int = 0
    turn: int | None = None
    waiting: bool = False
    told: tuple[Told, ...] = ()
    shown: frozenset[str] = field(default_factory=frozenset)
    revealed: bool = False

    @classmethod
    def opened_by(cls, event: Opened) -> Session:
        """Return a session in which nothing has happened yet."""
        teams = tuple(Team(number) for number in range(1, event.teams + 1))
        return cls(
            deck=event.deck, laptop=event.laptop, teams=teams, opened=event.at, hour=event.hour, since=event.at,
        )  # fmt: skip

    @property
    def decision(self) -> Decision | None:
        """The decision that was asked last."""
        return self.deck.decisions[self.asked - 1] if self.asked else None

    @property
    def posted(self) -> bool:
        """Whether the post was due: a deck may ask something before it, at minute 0; some teams then do not post."""
        if self.phase == "lobby" or self.deck.decisions[0].minute > 0:
            return self.phase != "lobby"
        return self.asked > 1 or (self.asked == 1 and self.phase not in ("deciding", "confirming"))

    @property
    def next_stop(self) -> int:
        """The simulated minute at which the clock stops next."""
        return self.deck.decisions[self.asked].minute if self.asked < len(self.deck.decisions) else self.deck.minutes

    def team(self, number: int) -> Team:
        """Return a team by its number.

        Raises
        ------
        Refused
            There is none of that number.
        """
        if not 1 <= number <= len(self.teams):
            raise Refused(f"There is no team {number}: this session has {len(self.teams)}.")
        return self.teams[number - 1]

    def seat(self, member: str) -> tuple[Team, Member] | None:
        """Return where somebody sits, None if nowhere."""
        return next(((t, m) for t in self.teams for m in t.members if m.id == member), None)

    def minute_at(self, now: float) -> float:
        """Return where the simulated clock stands."""
        if self.phase != "running" or self.paused:
            return self.minute
        gone = max(0.0, now - self.since) * 60.0 / self.deck.seconds_per_hour
        return min(self.minute + gone, float(self.next_stop))

    def seconds_left(self, now: float) -> float | None:
        """Return the time left for the open decision; None if none is open."""
        if self.phase != "deciding":
            return None
        return max(0.0, self.left - (0.0 if self.ticking is None else max(0.0, now - self.ticking)))

    def with_team(self, team: Team) -> Session:
        """Return the session with one team changed."""
        return replace(self, teams=tuple(team if each.number == team.number else each for each in self.teams))
