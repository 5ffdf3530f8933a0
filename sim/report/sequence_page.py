"""The page of a sequence: where each campaign starts and how it ends, against itself as if none had come before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.canvas import (
    CAMPAIGN,
    COUNTER,
    INK,
    SOFT,
    Drawing,
    finished,
    head_room,
    house_style,
    new_figure,
    quiet,
    write_finding,
)
from sim.report.parts import Section, Table
from sim.report.wording import number
from sim.study.sequence.words import (
    RESPONSE,
    WEEKS,
    interval,
    more_or_less,
    of_campaign,
    told_first,
    value_in_words,
    weeks_later,
    which,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LOOKS = ((COUNTER, "-", "o"), (CAMPAIGN, (0, (4.5, 1.6)), "s"), ("#009E73", (0, (1.2, 1.6)), "D"), (SOFT, "-.", "^"))
_PANELS = (
    ("start_first_response", 100.0, "criticism in the first response\nto an ordinary post, points"),
    ("start_grievance", 100.0, "mean grievance,\npoints of 100"),
    ("start_support", 100.0, "mean support,\npoints of 100"),
)


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw the differences of the last campaign's start against itself alone, over weeks or what else varies."""
    last = of_campaign(summary["rows"], len(summary["campaigns"]) - 1)
    along, apart = _axes_of(summary)
    title = heading(summary)
    height = 1.6 + 1.5 * len(_PANELS)
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.3 if apart else 0.08)
        room = (top * height - 0.55) / len(_PANELS)
        handles: list[Any] = []
        for place, (name, scale, label) in enumerate(_PANELS):
            bottom = (0.55 + (len(_PANELS) - 1 - place) * room) / height
            axes = figure.add_axes((0.15, bottom, 0.83, (room - 0.2) / height))
            drawn = _lines(axes, last, f"{name}_difference", scale, along, apart)
            handles = handles or drawn
            _dress(axes, last, along, label, lowest=place == len(_PANELS) - 1)
        if apart:
            figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.13, top + 0.3 / height), ncols=4,
                          borderaxespad=0, columnspacing=1.2)  # fmt: skip
        write_finding(figure, title)
        return [finished(figure, "sequence", title)]


def heading(summary: Mapping[str, Any]) -> str:
    """State in a sentence what the first campaign costs the next ordinary post, soon and long after."""
    first, shown = of_campaign(summary["rows"], 0)[0], told_first(summary)
    sizes = [
        f"{more_or_less(row, RESPONSE, 'criticism', scale=100, digits=2, unit=' points')} {weeks_later(row)}"
        for row in (shown[0], shown[-1])
    ]
    others = which(shown[0], [name for name in summary["varying"] if name != WEEKS])
    return (
        f"After {summary['campaigns'][0]}, hijacked in {100 * first['hijacked']:.0f} % of {first['pairs']} runs, an "
        f"ordinary post meets {', '.join(dict.fromkeys(sizes))}{f' ({others})' if others else ''}"
    )


def _axes_of(summary: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return what stands along the axis, and what tells lines apart; None where nothing is left."""
    names = list(summary["varying"])
    along = WEEKS if WEEKS in names else (names[0] if names else None)
    rest = [name for name in names if name != along]
    return along, rest[0] if rest else None


def _lines(
    axes: Axes, rows: Sequence[Mapping[str, Any]], name: str, scale: float, along: str | None, apart: str | None
) -> list[Any]:
    """Draw a measure's differences with their bands, a line for each value of what tells lines apart."""
    axes.axhline(0.0, color=INK, linewidth=0.8)
    values = list(dict.fromkeys(row[apart] for row in rows)) if apart else [None]
    handles = []
    for place, value in enumerate(values):
        colour, dashes, marker = _LOOKS[place % len(_LOOKS)]
        ours = [row for row in rows if (apart is None or row[apart] == value) and row[name] is not None]
        at = np.array([_place(row, along, number) for number, row in enumerate(ours)])
        mean, low, high = (
            scale * np.array([row[f"{name}{end}"] if row[f"{name}{end}"] is not None else np.nan for row in ours])
            for end in ("", "_lo", "_hi")
        )
        label = None if apart is None else f"{apart.removeprefix('after.')} {value_in_words(value)}"
        if len(ours) > 1:
            axes.fill_between(at, low, high, color=colour, alpha=0.18, linewidth=0)
        else:
            axes.errorbar(at, mean, yerr=[mean - low, high - mean], color=colour, linewidth=1.2, capsize=3)
        handles += axes.plot(at, mean, color=colour, linestyle=dashes, marker=marker, markersize=4.5, linewidth=1.5,
                             label=label)  # fmt: skip
    return handles


def _place(row: Mapping[str, Any], along: str | None, place: int) -> float:
    """Return where a row stands along the axis: its value, or its place if that is no number."""
    value = None if along is None else row[along]
    return float(value) if isinstance(value, (int, float)) else float(place)


def _dress(axes: Axes, rows: Sequence[Mapping[str, Any]], along: str | None, label: str, *, lowest: bool) -> None:
    """Set a panel's words and ticks."""
    from matplotlib.ticker import FixedLocator, NullLocator

    quiet(axes, "y")
    axes.set_ylabel(label, fontsize=8)
    axes.yaxis.set_label_coords(-0.115, 0.5)
    at = sorted({_place(row, along, place) for place, row in enumerate(rows)})
    if along == WEEKS and len(at) > 1 and at[-1] / at[0] > 4:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlim(at[0] / 1.12, at[-1] * 1.12)
    axes.xaxis.set_major_locator(FixedLocator(at))
    axes.set_xticklabels([f"{value:g}" for value in at] if lowest and along else [])
    if lowest:
        unit = "weeks between the two posts" if along == WEEKS else (along or "")
        axes.set_xlabel(f"{unit}\nbands: 95 % over replicates; 0: as if nothing had come before, same luck")


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the tables: where each campaign starts, and how it ends."""
    later = [row for row in summary["rows"] if row["campaign"]]
    others = [name for name in summary["varying"] if name != WEEKS]
    starts = [
        [_called(row, others), interval(row, "start_grievance_difference", digits=4, signed=True),
         interval(row, "start_support_difference", digits=4, signed=True),
         interval(row, "start_followers_difference", digits=0, signed=True),
         interval(row, "start_first_response_alone", scale=100, digits=1).partition(" ")[0],
         interval(row, "start_first_response_difference", scale=100, digits=2, signed=True)]
        for row in later
    ]  # fmt: skip
    ends = [
        [_called(row, others), f"{100 * row['hijacked']:.0f} %",
         interval(row, "hijacked_difference", scale=100, digits=0, signed=True),
         interval(row, "hijack_share_difference", scale=100, digits=1, signed=True),
         number(row["messages"]), interval(row, "messages_difference", digits=1, signed=True)]
        for row in later
    ]  # fmt: skip
    first = of_campaign(summary["rows"], 0)[0]
    return [
        Section("What is left for the next post?", ["sequence"], [
            f"The first campaign, {summary['titles'][0]}: hijacked in {100 * first['hijacked']:.0f} % of "
            f"{first['pairs']} runs. Every campaign after it has the luck that it would have had without.",
            "The ordinary post is the parameter table's own: a statement of middling appeal. Its first response is the "
            "counter share expected among direct answers of the sender's followers.",
            "Two things pull against each other: criticism seen adds grievance, and the aggrieved are the likelier to "
            "leave, so that those who still follow may be milder.",
        ]),
        Section("Where each campaign starts", table=Table(
            ["campaign", "grievance", "support", "followers", "first response alone, %", "first response, points"],
            starts, "Differences against the same campaign as if none had come before; 95 % over pairs",
        )),
        Section("How each campaign ends", table=Table(
            ["campaign", "hijacked", "hijacked, points", "hijack share, points", "messages", "messages, difference"],
            ends, "Differences as above, on the same luck",
        )),
    ]  # fmt: skip


def _called(row: Mapping[str, Any], others: Sequence[str]) -> str:
    """Return what a row is called."""
    values = which(row, others)
    return f"{row['case']}, {weeks_later(row)}{f', {values}' if values else ''}"


def limits(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what a sequence cannot tell."""
    return [
        f"Sizes of drift are assumed (factor {summary['drift']:g}, half forgotten in {summary['half_life_weeks']:g} "
        "weeks, unless varied); their signs have sources. What else happens in those weeks is not simulated.",
        "People neither come nor go, the graph stays as it is, and nobody remembers a tag but by how they feel.",
    ]
