"""What an intake found, drawn: odds with what they may be, what past posts told, and what would tell most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.report.canvas import (
    CAMPAIGN,
    COUNTER,
    INK,
    PALE,
    SOFT,
    VERDICT_COLOUR,
    VERDICT_MARKER,
    Drawing,
    finished,
    head_room,
    house_style,
    new_figure,
    quiet,
    write_finding,
)
from sim.report.intake_words import INPUTS, SUBJECTS, VERDICT_NAMES, tell_rows
from sim.report.wording import percent, percent_range
from sim.study.calibration.contraction import IDENTIFIED

_ROW = 0.34  # inches
_LEFT = 0.4
_LITTLE = 0.03


def draw_odds(summary: Mapping[str, Any]) -> Drawing:
    """Draw each verdict's odds, with luck's interval and the range over what is not known."""
    hijacked = summary["verdict"]["hijacked"]
    title = (
        f"Hijacked in {percent(hijacked['mean'])} of runs like it; what is not known allows "
        f"{percent_range(hijacked['range_lo'], hijacked['range_hi'])}"
    )
    names = list(VERDICT_NAMES)
    height = _ROW * len(names) + 1.5
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.4)
        axes = figure.add_axes((0.24, 0.55 / height, 0.72, top - 0.55 / height))
        for place, name in enumerate(names):
            each = summary["verdict"][name]
            axes.plot([each["range_lo"], each["range_hi"]], [place] * 2, color=PALE, linewidth=9, solid_capstyle="butt")
            axes.plot([each["lo"], each["hi"]], [place] * 2, color=VERDICT_COLOUR[name], linewidth=1.8)
            axes.plot([each["mean"]], [place], VERDICT_MARKER[name], color=VERDICT_COLOUR[name], markersize=6)
            axes.plot([each["answered"]], [place], "|", color=INK, markersize=11, markeredgewidth=1.6)
        axes.set(xlim=(-0.02, 1.02), ylim=(len(names) - 0.5, -0.5), xlabel="share of runs that end so")
        axes.set_yticks(range(len(names)), [VERDICT_NAMES[name] for name in names])
        axes.set_xticks(np.arange(0, 1.01, 0.25), ["0", "25 %", "50 %", "75 %", "100 %"])
        quiet(axes, "x")
        _key(figure, top, height, [
            (PALE, 9.0, "", "5 to 95 % over what is not known"), (SOFT, 1.8, "o", "odds, 95 % by luck"),
            (INK, 0.0, "|", "if you acknowledge"),
        ])  # fmt: skip
        write_finding(figure, title)
        return finished(figure, "odds", title)


def _key(figure: Any, top: float, height: float, lines: list[tuple[str, float, str, str]]) -> None:
    """Say what is what, above the axes."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colour, linewidth=width, marker=marker, markersize=9 if marker == "|" else 5, label=label)
        for colour, width, marker, label in lines
    ]
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.02, top + 0.31 / height), ncols=len(lines),
        borderaxespad=0, columnspacing=1.3, handlelength=1.5,
    )  # fmt: skip


def draw_learned(summary: Mapping[str, Any]) -> Drawing | None:
    """Draw what was known of the audience before and after past posts; None without any."""
    if not summary["inputs"]:
        return None
    rows = sorted(summary["inputs"], key=lambda each: -each["contraction"])
    told = [each for each in rows if each["contraction"] >= IDENTIFIED]
    if told:
        first = told[0]
        title = (
            f"Your posts told most of {INPUTS.get(first['name'], first['name'])}: "
            f"{first['before'][0]:.2g} to {first['before'][2]:.2g} before, {first['after'][0]:.2g} to "
            f"{first['after'][2]:.2g} after"
        )
    else:
        title = "Your posts told nothing to speak of about any one input of the audience"
    height = _ROW * len(rows) + 1.5
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.4)
        axes = figure.add_axes((_LEFT, 0.55 / height, 0.82 - _LEFT, top - 0.55 / height))
        for place, each in enumerate(rows):
            low, high = each["before"][0], each["before"][2]
            scaled = [(end - low) / max(high - low, 1e-12) for end in each["after"]]
            colour = CAMPAIGN if each["contraction"] >= IDENTIFIED else SOFT
            axes.plot([0, 1], [place] * 2, color=PALE, linewidth=9, solid_capstyle="butt")
            axes.plot([scaled[0], scaled[2]], [place] * 2, color=colour, linewidth=2.2)
            axes.plot([scaled[1]], [place], "o", color=colour, markersize=5)
            axes.annotate(f"{each['contraction']:.2f}", (1.13, place), va="center", ha="right", color=colour,
                          annotation_clip=False, xycoords=("axes fraction", "data"))  # fmt: skip
        axes.annotate("contraction", (1.13, -0.6), va="bottom", ha="right", color=SOFT, fontsize=8.0,
                      annotation_clip=False, xycoords=("axes fraction", "data"))  # fmt: skip
        axes.set(xlim=(-0.06, 1.06), ylim=(len(rows) - 0.5, -0.5), xlabel="place in what your answers allow")
        axes.set_yticks(range(len(rows)), [INPUTS.get(each["name"], each["name"]) for each in rows])
        axes.set_xticks([0, 0.5, 1], ["lowest", "middle", "highest"])
        quiet(axes, "x")
        _key(
            figure, top, height, [(PALE, 9.0, "", "your answers, 90 %"), (CAMPAIGN, 2.2, "o", "with your posts, 90 %")]
        )
        write_finding(figure, title)
        return finished(figure, "learned", title)


def draw_tell(summary: Mapping[str, Any]) -> Drawing | None:
    """Draw which answer would tell most about P(hijacked); None if none tells anything by itself."""
    rows = [each for each in summary["tell"] if each["share"] >= _LITTLE]
    if not rows or not tell_rows(summary):
        return None
    title = (
        f"Knowing {SUBJECTS[rows[0]['question']]} would take away {percent(rows[0]['share'])} of what is not known of "
        "P(hijacked)"
    )
    height = _ROW * len(rows) + 1.25
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.12)
        axes = figure.add_axes((_LEFT, 0.55 / height, 0.95 - _LEFT, top - 0.55 / height))
        for place, each in enumerate(rows):
            axes.barh(place, each["share"], height=0.6, color=COUNTER if place == 0 else SOFT, linewidth=0)
            axes.annotate(percent(each["share"]), (each["share"], place), xytext=(4, 0), textcoords="offset points",
                          va="center")  # fmt: skip
        axes.set(xlim=(0, max(0.2, rows[0]["share"] * 1.18)), ylim=(len(rows) - 0.5, -0.5),
                 xlabel="expected fall of the variance if it were known")  # fmt: skip
        axes.set_yticks(range(len(rows)), [SUBJECTS[each["question"]] for each in rows])
        axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        quiet(axes, "x")
        write_finding(figure, title)
        return finished(figure, "tell", title)
