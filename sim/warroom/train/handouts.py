"""What a trainer prints for a deck: briefing, role cards, a card of the moves, a decision sheet; as plain content.

A sheet is a title and parts (words, a table, lines to write on), so that a page, a printable file and a test read one
thing. Deck and parameter table give every fact: prices of moves, minutes, confidence.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sim.config.agency import MOVES, Move
from sim.config.root import Configuration
from sim.study.compare.cost import STATEMENTS, accounts_of, price_of
from sim.warroom.train.deck import Deck, configuration_of
from sim.warroom.train.moves import BEFORE, TOLD, label_of

FACILITATOR = "the facilitator"
ASSUMED = "How much a move changes is not known from any documented case: directions are sourced, sizes are assumed."


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    kind: str = "words"


@dataclass(frozen=True)
class Table:
    """A table; a cell left empty is to be written in."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "table"


@dataclass(frozen=True)
class Lines:
    """A label, and so many empty lines to write on."""

    label: str
    count: int
    kind: str = "lines"


@dataclass(frozen=True)
class Cards:
    """Cards to cut apart: a heading and a text each."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "cards"


Part = Words | Table | Lines | Cards


@dataclass(frozen=True)
class Sheet:
    """A page to print.

    Attributes
    ----------
    to : str
        For whom it is, and so how many copies.
    """

    title: str
    to: str
    parts: tuple[Part, ...]


def handouts(deck: Deck) -> tuple[Sheet, ...]:
    """Return the sheets of a deck: its own, then role cards, the card of the moves, the decision sheets."""
    own = tuple(
        Sheet(each.title, each.to, (Words(each.text), *[Lines("", each.lines)] * bool(each.lines)))
        for each in deck.handouts
    )
    of_all = (*own, role_cards(deck), move_card(deck), *decision_sheets(deck))
    return tuple(
        sorted(of_all, key=lambda sheet: sheet.to == FACILITATOR)
    )  # so that it is not handed out with the rest


def plain(sheets: tuple[Sheet, ...]) -> list[dict[str, Any]]:
    """Return sheets as mappings and lists, as a page receives them."""
    return [asdict(sheet) for sheet in sheets]


def role_cards(deck: Deck) -> Sheet:
    """Return one card a role, to be cut apart."""
    note = Words("Cut apart, one card a person. With fewer people, one takes two cards; the listener takes no other.")
    return Sheet("Role cards", "every team", (note, Cards(tuple((role.name, role.task) for role in deck.roles))))


def cost_told(configuration: Configuration, move: Move) -> str:
    """Return what a move costs, in words."""
    agency = configuration.agency
    each = {"engage": (agency.costs.reply, "an answer"), "amplify": (agency.costs.share, "a message")}.get(move)
    if each is not None:
        return f"{60 * each[0]:g} min {each[1]}"
    hours, accounts = price_of(agency, move), accounts_of(agency)
    if not hours:
        return "nothing"
    return f"{hours:g} h" + (f" ({accounts} accounts)" if move in STATEMENTS and accounts > 1 else "")


def move_card(deck: Deck) -> Sheet:
    """Return the card that tells what each move of the deck does and costs."""
    configuration = configuration_of(deck)
    used = [move for move in MOVES if any(move in decision.moves for decision in deck.decisions)]
    rows = tuple(
        (TOLD[move]["label"], TOLD[move]["what"], TOLD[move]["assumed"], cost_told(configuration, move))  # type: ignore[arg-type]
        for move in used
    )
    early = [move for move in MOVES if any(not each.minute and move in each.moves for each in deck.decisions)]
    before = tuple((BEFORE[move]["label"], BEFORE[move]["what"], BEFORE[move]["assumed"]) for move in early)
    told = f"You have {deck.budget_hours:g} working hours for the whole play. {ASSUMED}"
    return Sheet(
        "The moves",
        "every team",
        (
            Table(("Move", "What you do", "What is assumed to follow", "Costs"), rows),
            *[Table(("Before the post", "What you do", "What is assumed to follow"), before)] * bool(before),
            Words(told),
        ),
    )


def decision_sheets(deck: Deck) -> tuple[Sheet, ...]:
    """Return a sheet for each decision, without what is told only when it is asked."""
    many = len(deck.decisions)
    return tuple(
        Sheet(
            f"Decision {number} of {many}",
            "every team, when it comes",
            (
                Words(f"{decision.question} You have {minutes_told(decision.seconds)}."),
                Table(("Our move: one", ""), tuple((label_of(move, decision.minute), "") for move in decision.moves)),
                Lines("Our sentence, as it would go out", 3),
                Lines("Our argument: what have we seen, and what do we guess?", 3),
                Lines("How sure are we, from 0 to 100, that this does not end hijacked?", 1),
                Lines("Who saw it otherwise, and why?", 2),
            ),
        )
        for number, decision in enumerate(deck.decisions, start=1)
    )


def minutes_told(seconds: int) -> str:
    """Return a time as a person would say it."""
    minutes, rest = divmod(seconds, 60)
    told = [f"{minutes} minute{'s' * (minutes != 1)}"] * bool(minutes) + [f"{rest} seconds"] * bool(rest)
    return " and ".join(told)
