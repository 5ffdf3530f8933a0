"""The page of a nowcast: how it may go on from here, the odds now, what an answer still changes, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import Drawing
from sim.report.draw_nowcast import draw_answers, draw_fan, draw_verdicts
from sim.report.parts import Section, Table
from sim.report.sweep_look import VERDICT_WORDS
from sim.report.wording import count, duration, number, percent, percent_range
from sim.study.nowcast.words import benefit, messages, points, sampled, share, takeover

if TYPE_CHECKING:
    import pandas as pd


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw the odds, the fan and what an answer changes."""
    return [
        each for each in (draw_verdicts(summary), draw_fan(tables, summary), draw_answers(tables, summary))
        if each is not None
    ]  # fmt: skip


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the figures with how to read them, the counts, and what is known of the post."""
    first, *rest = sampled(summary)
    note = [f"Effective sample: {first}.", *(f"{line[:1].upper()}{line[1:]}." for line in [*rest, *summary["notes"]])]
    return [
        Section("How does it end?", ["verdicts"], notes=note, table=_odds(summary)),
        Section(
            "How may it go on?", ["fan"],
            notes=[
                f"Messages at the end: {messages(summary)}. Hijack share: {share(summary)}.",
                f"Takeover: {takeover(summary)}.",
                "Bands hold the luck still to come and what is not known of post and behaviour; totals since the post.",
            ],
        ),
        Section(
            "How long does an answer help?", ["answers"], notes=_answer_notes(summary),
            table=_answers(tables["answers"]),
        ),
        Section("What was counted", table=_counts(summary)),
        Section("What is known of the post", table=_ranges(summary)) if summary["ranges"] else
        Section("What is known of the post", notes=["Nothing was said of it: it may be any post of the table's."]),
    ]  # fmt: skip


def limits(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what a nowcast cannot tell."""
    told = [
        "It knows campaigns of the model alone: what the model does not hold (a second post, another platform, a real "
        "event on the day) it cannot foresee.",
        f"The table's campaigns have an audience of {count(summary['followers'])} and one sender. Larger audiences "
        "ignite more easily: for them the odds of a fizzle are too high, before the counts above all.",
        "How far tools' counts err is assumed: shares and growth as those of 40 messages, levels by a factor of 2.",
    ]
    coefficients = {
        "posterior": "Coefficients are drawn from the posterior that ships: what few documented campaigns leave open.",
        "prior": "Coefficients are as wide as before any fit.",
    }
    return [*told, coefficients[summary["uncertainty"]]]


def _odds(summary: Mapping[str, Any]) -> Table:
    """Return the odds before and now, and at other cut-offs."""
    rows = []
    for name, words in VERDICT_WORDS.items():
        before, now = (
            f"{percent(summary[key][name])} ({percent_range(*summary[f'{key}_interval'][name])})"
            for key in ("verdict_before", "verdict")
        )
        rows.append(
            [words, before, now, *(percent(summary["verdict_at"][cutoff][name]) for cutoff in ("0.55", "0.75"))]
        )
    return Table(
        ["", "before the counts", "now", "now, cut-off 0.55", "0.75"],
        rows,
        "Odds with 95 % intervals (Wilson's, at the effective sample)",
    )


def _answer_notes(summary: Mapping[str, Any]) -> list[str]:
    """Return how to read the answer's figure."""
    told = [f"{line[:1].upper()}{line[1:]}." for line in benefit(summary)]
    return [
        *told,
        "Pairs of campaigns on the same luck, silent and acknowledging once; those answered within a third of that "
        "minute weigh most. Nobody knows how much an answer changes: sizes are drawn over their assumed spans. Not "
        "answering, listening and answering people one by one are choices beside it.",
    ]  # fmt: skip


def _answers(rows: pd.DataFrame) -> Table:
    """Return what an answer changes, a row a delay."""
    lines = [
        [duration(row["delay"]), points(row, "hijacked"), points(row, "hijack_share"), count(row["sample"])]
        for row in rows.to_dict("records")
    ]
    head = ["from now", "P(hijacked), points", "hijack share, points", "effective pairs"]
    return Table(head, lines, "Change against silence; 95 % intervals hold for all rows at once")


def _counts(summary: Mapping[str, Any]) -> Table:
    """Return what was counted."""
    rows = [
        [duration(row["minute"]), *(count(row[name]) for name in ("campaign", "counter", "messages"))]
        for row in summary["counts"]
    ]
    return Table(
        ["after the post", "campaign", "counter", "all, split not known"], rows, "Running totals since the post"
    )


def _ranges(summary: Mapping[str, Any]) -> Table:
    """Return the ranges that narrowed the table."""
    rows = [
        [name, number(low) if low == high else f"{number(low)} to {number(high)}"]
        for name, (low, high) in summary["ranges"].items()
    ]
    return Table(["input", "range"], rows, "Everything else is as wide as the table")
