"""A deck: everything a training session needs besides its people, in one YAML file.

A deck names the campaign (a case, or words as on the command line), says when teams are asked to decide and what is
told to them meanwhile, and holds what is revealed only at the end. Shipped decks stand in ``conf/deck``; one's own is
named by its path. A file is checked whole before anything is run, and every mistake is told in a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, field_validator, model_validator

from sim.catalogue.case import is_file
from sim.catalogue.compose import compose
from sim.catalogue.groups import choices, folder
from sim.catalogue.reading import read_yaml
from sim.config.agency import Move
from sim.config.fields import Real, Section, Whole
from sim.config.paths import path_of
from sim.config.root import Configuration, validated
from sim.errors import ConfigError, unknown_name

MOST_FOLLOWERS = 100_000
"""Up to twelve audiences live at once, each on arrays of its own: larger ones would not keep up with the clock."""
GROUP = "deck"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
"""How ids are written: they stand in messages and files."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
InjectKind = Literal["press", "phone", "boss", "rumour", "staff"]


class Decision(Section):
    """One moment at which every team decides.

    Attributes
    ----------
    minute : int, simulated minutes since the post
        The clock stops here; the chosen move is made in this minute. At 0 it is made as the post goes out, before
        anybody has seen it: withdrawing then means not posting.
    seconds : int, seconds
        How long teams have.
    situation, question : str
        What is told, and what is asked.
    moves : tuple of str
        Which of the moves can be chosen; ``silent`` is always among them.
    hint : str
        Shown on request; empty for none.
    """

    id: Name
    minute: Whole = Field(ge=0, le=43_200)
    seconds: Whole = Field(ge=10, le=3600)
    situation: Text
    question: Line
    moves: tuple[Move, ...] = Field(min_length=2, max_length=9)
    hint: Text | None = None

    @field_validator("moves")
    @classmethod
    def _can_stay_silent(cls, moves: tuple[Move, ...]) -> tuple[Move, ...]:
        if len(set(moves)) < len(moves):
            raise ValueError("moves names one move twice; take one out")
        if "silent" not in moves:
            raise ValueError("moves must hold silent: saying nothing is always a choice, and what a late team plays")
        return moves


class Inject(Section):
    """Something that happens to the teams from outside: a press call, a rumour, the boss at the door.

    Attributes
    ----------
    minute : int or None, simulated minutes since the post
        When it comes by itself; None: when the facilitator sends it.
    sender : str
        Written ``from`` in the file: who calls, writes or says it. Made up, never a real person.
    """

    model_config = ConfigDict(populate_by_name=True)

    id: Name
    minute: Whole | None = Field(None, ge=0, le=43_200)
    kind: InjectKind
    sender: Line = Field(alias="from")
    text: Text


class Hidden(Section):
    """A fact that teams are told only when the facilitator reveals it at the end."""

    id: Name
    title: Line
    text: Text


class Role(Section):
    """One seat in a team, and what the person in it looks after."""

    name: Line
    task: Text


class Row(Section):
    """One row of the clock table.

    Attributes
    ----------
    at : int, session minutes
    hour : float or None, simulated hours since the post
        Where the simulated clock stands then; None where it does not run (arrival, debrief).
    what : str
    """

    at: Whole = Field(ge=0, le=480)
    hour: Real | None = Field(None, ge=0, le=720)
    what: Line


class Handout(Section):
    """A page to print; ``to`` says for whom, ``lines`` how many empty lines to write on it has."""

    title: Line
    to: Line = "every team"
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=6000)]
    lines: Whole = Field(0, ge=0, le=30)


class BestKnown(Section):
    """The best policy known for this campaign, and where that is known from.

    Attributes
    ----------
    words : tuple of str
        As on the command line: ``("policy=acknowledge_when_loud",)``.
    study : str
        The command whose result names it.
    """

    words: tuple[Line, ...] = Field(min_length=1, max_length=8)
    study: Line
    note: Text | None = None


class Deck(Section):
    """One exercise.

    Attributes
    ----------
    case : str or None
        A case of the catalogue; None: the overrides build the post.
    overrides : tuple of str
        Words as on the command line (``post.openness=0.4``, ``horizon_hours=48``).
    seed, replicate : int
        Which crowd, and which luck: every team has the same.
    tag : str
        The campaign's tag, for the made-up messages; empty for none.
    followers : int
        Size of the simulated audience.
    hours : float, simulated hours
        How long teams play; the campaign itself goes on to the end of ``horizon_hours``.
    seconds_per_hour : float, seconds
        How long a simulated hour takes between decisions.
    budget_hours : float, working hours
    listening_months : float, months
        What "listened first" means in the debrief.
    """

    id: Name
    title: Line
    summary: Text
    objectives: tuple[Line, ...] = Field(min_length=1, max_length=8)
    case: str | None = Field(None, max_length=200)
    overrides: tuple[Line, ...] = Field((), max_length=40)
    seed: Whole = Field(1, ge=0, le=2**63 - 1)
    replicate: Whole = Field(0, ge=0, le=2**32 - 1)
    tag: str = Field("", max_length=40)
    followers: Whole = Field(5000, ge=500, le=MOST_FOLLOWERS)
    hours: Real = Field(ge=1, le=720)
    seconds_per_hour: Real = Field(60.0, gt=0, le=3600)
    budget_hours: Real = Field(ge=0, le=1e6)
    listening_months: Real = Field(6.0, gt=0, le=120)
    roles: tuple[Role, ...] = Field(min_length=1, max_length=6)
    decisions: tuple[Decision, ...] = Field(min_length=1, max_length=12)
    injects: tuple[Inject, ...] = Field((), max_length=40)
    hidden: tuple[Hidden, ...] = Field(min_length=1, max_length=10)
    plan: tuple[Row, ...] = Field(min_length=1, max_length=40)
    handouts: tuple[Handout, ...] = Field((), max_length=12)
    hot_wash: tuple[Line, ...] = Field(min_length=1, max_length=12)
    best_known: BestKnown | None = None

    @property
    def minutes(self) -> int:
        """Simulated minutes played."""
        return round(self.hours * 60)

    @property
    def words(self) -> tuple[str, ...]:
        """What ``backfire run`` would be told for this campaign."""
        case = (f"case={self.case}",) if self.case else ()
        return (*case, *self.overrides, f"people.n_followers={self.followers}", f"seed={self.seed}")

    @model_validator(mode="after")
    def _names_each_once(self) -> Deck:
        for what in ("decisions", "injects", "hidden"):
            ids = [each.id for each in getattr(self, what)]
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise ValueError(f"{what} must have an id each; {twice[0]!r} stands twice")
        return self

    @model_validator(mode="after")
    def _in_time(self) -> Deck:
        minutes = [decision.minute for decision in self.decisions]
        if any(later <= earlier for earlier, later in zip(minutes, minutes[1:], strict=False)):
            raise ValueError(f"decisions must come in order, each in a later minute; got the minutes {minutes}")
        for what, last in (
            ("decisions", max(minutes)),
            ("injects", max((inject.minute or 0 for inject in self.injects), default=0)),
        ):
            if last >= self.minutes:
                raise ValueError(
                    f"{what} must come before the end of the play, minute {self.minutes}; got minute {last}: "
                    "move it, or raise hours"
                )
        rows = [row.at for row in self.plan]
        if rows != sorted(rows):
            raise ValueError(f"plan must be in the order of the session's minutes; got {rows}")
        return self

    @field_validator("overrides")
    @classmethod
    def _leaves_the_rest_to_the_deck(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        own = {"people.n_followers": "followers", "seed": "seed", "case": "case", "policy": "the teams' moves"}
        for word in words:
            name = word.lstrip("+~").partition("=")[0].strip()
            if name in own or name.startswith("policy."):
                raise ValueError(f"overrides must leave {name} out: it is given by {own.get(name, own['policy'])}")
        return words


def deck_names() -> tuple[str, ...]:
    """Return the shipped decks, in alphabetical order."""
    return tuple(name for name in choices(GROUP) if name != "sentences")


def read_deck(name: str) -> Deck:
    """Return a checked deck.

    Parameters
    ----------
    name : str
        Of a shipped deck, or the path of a YAML file.

    Raises
    ------
    ConfigError
        There is no such deck (it lists those that exist), or what is wrong in its file.
    """
    if is_file(name):
        try:
            text = path_of(name).read_text(encoding="utf-8")
        except OSError as problem:
            raise ConfigError(f"deck must name a file that can be read, got {name!r}: {problem.strerror}.") from None
        except UnicodeDecodeError:
            raise ConfigError(f"{name} must be text in UTF-8; save it so.") from None
    elif name in deck_names():
        text = (folder(GROUP) / f"{name}.yaml").read_text(encoding="utf-8")
    else:
        raise unknown_name("deck", name, deck_names())
    content = read_yaml(text, name)
    if not isinstance(content, dict):
        raise ConfigError(f"{name}: must be a group of values (id, title, decisions ...); see conf/deck.")
    try:
        deck: Deck = validated({str(key): value for key, value in content.items()}, Deck)
    except ConfigError as problem:
        raise ConfigError("\n".join(f"{name}: {line}" for line in str(problem).splitlines())) from None
    return deck


def configuration_of(deck: Deck, also: Sequence[str] = ()) -> Configuration:
    """Return the campaign of a deck, before anybody answers it.

    Parameters
    ----------
    also : sequence of str
        Words said after the deck's own, such as those of its best known policy.

    Raises
    ------
    ConfigError
        The case or an override is wrong, or the campaign is over before the play is.
    """
    configuration, _ = compose([*deck.words, *also])
    if configuration.minutes < deck.minutes:
        raise ConfigError(
            f"hours must be at most horizon_hours={configuration.horizon_hours:g}, the length of the campaign; "
            f"got {deck.hours:g}."
        )
    if configuration.reaction.in_rounds:
        raise ConfigError(f"reaction.rule must be logit in a deck; got {configuration.reaction.rule}.")
    return configuration
