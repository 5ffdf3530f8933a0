"""The page of an intake: the odds of the post described, what past posts told, what to find out, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.report.draw_intake import draw_learned, draw_odds, draw_tell
from sim.report.html import environment, source_of, stylesheet, write_file
from sim.report.intake_words import (
    ODDS_HEAD,
    caveats,
    learned_rows,
    next_steps,
    odds_rows,
    posts_line,
    tell_rows,
)
from sim.report.parts import Section, Table
from sim.report.sections import flat_rows
from sim.report.wording import count
from sim.study.intake.questions import questions

_LIMITS = (
    "Odds are odds among posts like the documented ones, 2011 to 2018; they are no rate for all posts.",
    "Past posts are ordinary ones: what they were like is assumed as ranges, and how far those of one kind differ too.",
    "Impressions of a platform are not those of the model: the level of shares and replies is left free within a "
    "factor of five, so past posts tell of the balance of replies, not of their number.",
    "Replies are taken as answers to the post, at first sight of it, by those who follow you.",
    "Critical replies are speech, not noise: the page says how many there may be, not who is right.",
)


def render_intake(folder: Path, summary: Mapping[str, Any], *, name: str) -> None:
    """Write ``report.html`` and ``figures/`` of an intake.

    Parameters
    ----------
    folder : Path
        It exists.
    summary : mapping
        What ``summary.json`` holds.
    name : str
        What the study is called.
    """
    drawn = (draw_odds(summary), draw_tell(summary), draw_learned(summary))
    figures = {each.name: each for each in drawn if each is not None}
    place = folder / "figures"
    place.mkdir(exist_ok=True)
    for key, drawing in figures.items():
        write_file(place / f"{key}.png", drawing.png)
        write_file(place / f"{key}.svg", drawing.svg)
    text = environment().get_template("study.html.j2").render(
        look=stylesheet(), finding=summary["finding"], kind="intake", study=name, command=summary["command"],
        facts=_facts(summary), first=[], sections=_sections(summary, name), limits=_LIMITS,
        summary={"shapes_only": False, "failed": 0},
        figures={key: {"source": source_of(each), "finding": each.finding} for key, each in figures.items()},
        provenance=[("seed", str(summary["seed"])), *flat_rows({"versions": summary["versions"]})],
    )  # fmt: skip
    write_file(folder / "report.html", text.encode("utf-8"))


def _facts(summary: Mapping[str, Any]) -> list[str]:
    """Return the line below the title."""
    answered = sum(said not in ("", "dont_know") for said in summary["answers"].values())
    facts = [f"{answered} of {len(summary['answers'])} questions answered"]
    if summary["posts"] is not None:
        facts.append(f"{summary['posts']['posts']} posts of your own")
    return [*facts, f"{count(summary['effective_rows'])} runs like it", "no run of its own yet"]


def _sections(summary: Mapping[str, Any], name: str) -> list[Section]:
    """Return the parts of the page."""
    parts = [
        Section(
            "How may it end?", ("odds",), caveats(summary),
            Table(ODDS_HEAD, odds_rows(summary), "95 % is luck; “may be” is what is not known."),
        ),
        Section("What should you find out first?", ("tell",), [
            "If a question were answered exactly, the variance of P(hijacked) over what is not known would be expected "
            "to fall by this share. Questions that you have answered count with what the answer leaves open."
        ], Table(("what", "where", "would take away"), tell_rows(summary))),
    ]  # fmt: skip
    if summary["posts"] is not None:
        parts.append(Section(
            "What did your posts tell?", ("learned",), [posts_line(summary), *summary["doubts"]],
            Table(("of your audience", "your answers", "with your posts", "contraction"), learned_rows(summary),
                  "5 to 95 %; a contraction of 0 is nothing learned, 1 is known."),
        ))  # fmt: skip
    parts.append(Section("What next?", (), [
        "Not posting ends in nothing, at no cost. Listening first, and answering, stand beside every tactic.",
    ], Table(("what for", "command"), [
        (what, command) for what, command in next_steps(f"results/{name}/case.yaml")
    ])))  # fmt: skip
    said = [(str(each.number), each.asks, summary["answers"][each.id] or "don't know") for each in questions()]
    parts.append(Section("What you answered", table=Table(("", "question", "answer"), said)))
    return parts
