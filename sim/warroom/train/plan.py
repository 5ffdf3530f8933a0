"""``python -m sim.warroom.train.plan FOLDER [DECK ...]``: write each deck's plan and its hand-outs to print.

FOLDER/decks gets ``<id>.md``, the plan of 90 minutes, and ``<id>.html``, the sheets to print. Every fact stands in the
deck; what answers come to stands in ``tried.json`` beside the pages (``benchmarks.decks``), if the deck was tried. A
test holds the pages in ``docs/decks`` against what is written here, so that they cannot drift.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import BackfireError
from sim.warroom.train.deck import Deck, configuration_of, deck_names, read_deck
from sim.warroom.train.handouts import handouts, minutes_told
from sim.warroom.train.moves import label_of

if TYPE_CHECKING:
    from jinja2 import Environment

TRIED = "tried.json"
_FOLDER = "decks"
_BESIDE = {
    "silent": "silence throughout",
    "best_known": "the best known policy",
    "listen_first": "silence, after months of listening",
}


def clock_at(hour: float, minute: float) -> str:
    """Return the time of day, and the day if it is a later one, so many minutes after a post at an hour."""
    whole = round(60 * hour + minute)
    day, rest = divmod(whole, 24 * 60)
    return f"{rest // 60}:{rest % 60:02d}" + (f", day {day + 1}" if day else "")


def named(moves: Sequence[str], minute: int) -> str:
    """Return moves that are made in a minute by their names."""
    return ", ".join(label_of(move, minute).lower() for move in moves)


def hour_told(hour: float) -> str:
    """Return a simulated hour for the clock table: minutes below one, else hours."""
    return f"{60 * hour:.0f} min" if 0 < hour < 1 else f"{hour:g} h" if hour else "0"


def answer_rows(deck: Deck, answers: Mapping[str, Any]) -> list[list[str]]:
    """Return the table of what each answer came to, as texts."""
    numbers = {decision.id: number for number, decision in enumerate(deck.decisions, start=1)}
    minutes = {decision.id: decision.minute for decision in deck.decisions}

    def called(name: str) -> str:
        decision, _, move = name.partition(":")
        return f"{numbers[decision]}: {named([move], minutes[decision])}" if move else _BESIDE[name]

    def apart(row: Mapping[str, Any], name: str) -> str:
        low, mean, high = (1000 * value for value in row[f"{name}_against_silence"])
        return f"{mean:+.1f} ({low:+.1f} to {high:+.1f})" if low or high else "as silence"

    return [
        [
            called(name),
            f"{100 * row['odds'].get('hijacked', 0.0):.0f} %",
            f"{100 * row['trends']:.0f} %",
            f"{row['messages'][1]:,.0f} ({row['messages'][0]:,.0f} to {row['messages'][2]:,.0f})",
            "–" if row["hijack_share"] is None else f"{100 * row['hijack_share'][1]:.0f} %",
            "" if name == "silent" else apart(row, "trust"),
            "" if name == "silent" else apart(row, "grievance"),
            f"{row['followers_lost']:.0f}",
            f"{row['replies']:.0f}",
            f"{row['hours']:.1f}",
        ]
        for name, row in answers.items()
    ]


def plan_of(deck: Deck, tried: Mapping[str, Any] | None = None) -> str:
    """Return the plan of a deck as Markdown.

    Parameters
    ----------
    tried : mapping, optional
        What its answers came to, as ``benchmarks.decks`` writes it.
    """
    configuration = configuration_of(deck)
    case = f"`case={deck.case}`" if deck.case else "a post of its own"
    words = " ".join(deck.overrides)
    return _pages(escaped=False).get_template("plan.md.j2").render(
        deck=deck, tried=tried, sheets=handouts(deck), spell=minutes_told, named=named, hour=hour_told,
        clock=lambda minute: clock_at(configuration.post.hour, minute),
        campaign=f"{case}, `{words}`" if words else case,
        rows=answer_rows(deck, tried["answers"]) if tried else [], lived=tried["lived"] if tried else {},
    )  # fmt: skip


def printable(deck: Deck) -> str:
    """Return the hand-outs of a deck as one HTML file to print; everything in it is escaped."""
    return _pages(escaped=True).get_template("handouts.html.j2").render(deck=deck, sheets=handouts(deck))


@cache
def _pages(escaped: bool) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = Environment(
        loader=PackageLoader("sim.warroom.train"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, autoescape=escaped,
    )  # fmt: skip
    pages.filters["cell"] = lambda text: str(text).replace("|", "\\|")
    return pages


def pages_of(deck: Deck, folder: Path) -> dict[Path, str]:
    """Return what belongs into a folder for one deck, by path."""
    kept = folder / TRIED
    tried = json.loads(kept.read_text(encoding="utf-8")).get(deck.id) if kept.is_file() else None
    return {folder / f"{deck.id}.md": plan_of(deck, tried), folder / f"{deck.id}.html": printable(deck)}


def main(words: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` name those that differ; 1 where one does."""
    check, places = "--check" in words, [word for word in words if word != "--check"]
    if not places:
        print("usage: python -m sim.warroom.train.plan FOLDER [DECK ...] [--check]")
        return 2
    folder = Path(places[0]) / _FOLDER
    try:
        pages = {path: text for name in places[1:] or deck_names()
                 for path, text in pages_of(read_deck(name), folder).items()}  # fmt: skip
    except BackfireError as problem:
        print(problem)
        return problem.exit_code
    stale = [path for path, text in pages.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{path} {'differs' if check else 'written'}")
        if not check:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
