"""The odds of a sweep along one number: a curve a verdict, or P(hijacked) for each value of a second factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcome.verdict import CUTOFF
from sim.report.canvas import (
    CAMPAIGN,
    COUNTER,
    INK,
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
from sim.report.sweep_look import VERDICT_WORDS, axis_label, word
from sim.study.sweep.finding import crossing, spoken
from sim.study.sweep.marginals import counted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_HEIGHT = 3.7
_LINES = ((COUNTER, "-", "s"), (CAMPAIGN, (0, (4.5, 1.6)), "o"), ("#B58900", "-", "D"), ("#009E73", (0, (1, 1.2)), "^"),
          ("#CC79A7", (0, (6, 1.5, 1, 1.5)), "v"), (INK, "-", "x"), ("#56B4E9", (0, (3, 1.5)), "P"))  # fmt: skip
_NEAR_END = 0.85
"""Share of the axis from which on a label stands left of its line."""
_FAR = 50.0
"""A largest value that is so many times the smallest one asks for a logarithmic axis."""


def draw_curves(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any], axes: Sequence[str]) -> Drawing:
    """Draw the odds along the first axis."""
    odds, name = counted(tables["points"], axes), axes[0]
    title = summary["finding"].rstrip(".")
    with house_style():
        figure = new_figure(_HEIGHT)
        top = head_room(figure, title, extra=0.5)
        panel = figure.add_axes((0.12, 0.55 / _HEIGHT, 0.85, top - 0.55 / _HEIGHT))
        if len(axes) > 1:
            _of_factor(panel, odds, axes)
            panel.set_ylabel("runs that end hijacked")
        else:
            for verdict in VERDICT_WORDS:
                _curve(panel, odds, name, verdict, (VERDICT_COLOUR[verdict], "-", VERDICT_MARKER[verdict]),
                       VERDICT_WORDS[verdict])  # fmt: skip
            panel.set_ylabel("runs that end so")
            _tips(panel, odds, name)
        _axes(panel, odds, name)
        if len(axes) == 1:
            _theory(panel, tables.get("theory"), name)
        figure.legend(
            *panel.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.105, top + 0.42 / _HEIGHT), ncols=4,
            borderaxespad=0, columnspacing=1.0, handlelength=1.8, handletextpad=0.5, fontsize=8,
            title=None if len(axes) == 1 else spoken(axes[1]), title_fontsize=8, alignment="left",
        )  # fmt: skip
        write_finding(figure, title)
        return finished(figure, "curves", summary["finding"])


def _curve(axes: Axes, odds: pd.DataFrame, name: str, verdict: str, look: tuple[Any, ...], label: str) -> None:
    """Draw one verdict's odds with their band."""
    colour, style, marker = look
    never = verdict != "hijacked" and float(odds[verdict].max()) == 0.0
    label = f"{label}: never" if never else label
    across = odds[name].to_numpy(float)
    if not never:
        ends = (odds[f"{verdict}_{end}"].to_numpy(float) for end in ("lo", "hi"))
        axes.fill_between(across, *ends, color=colour, alpha=0.16, linewidth=0)
    axes.plot(
        across, odds[verdict].to_numpy(float), color=colour, linestyle=style, marker=marker, markersize=4, label=label,
        markerfacecolor="white" if verdict in ("viral_positive", "contested") else colour,
    )  # fmt: skip


def _of_factor(axes: Axes, odds: pd.DataFrame, names: Sequence[str]) -> None:
    """Draw P(hijacked) along the first factor, a line for each value of the second."""
    values = list(dict.fromkeys(odds[names[1]]))
    chosen = values if len(values) <= len(_LINES) else [values[place] for place in _spread(len(values), len(_LINES))]
    for value, look in zip(chosen, _LINES, strict=False):
        part = odds[odds[names[1]] == value].sort_values(names[0])
        _curve(axes, part, names[0], "hijacked", look, word(value))


def _spread(many: int, few: int) -> list[int]:
    """Return a few places among many, first and last among them."""
    return [round(place * (many - 1) / (few - 1)) for place in range(few)]


def _tips(axes: Axes, odds: pd.DataFrame, name: str) -> None:
    """Mark where most runs begin to be hijacked."""
    found = crossing(odds[name].tolist(), odds)
    if found is not None:
        low = axes.get_xlim()[0] if found.low is None else found.low
        high = axes.get_xlim()[1] if found.high is None else found.high
        axes.plot([low, high], [0.5, 0.5], color=INK, linewidth=2.4, solid_capstyle="butt")
        axes.plot([found.at], [0.5], marker="|", markersize=11, markeredgewidth=1.6, color=INK)


def _theory(axes: Axes, table: pd.DataFrame | None, name: str) -> None:
    """Mark where the theory would have it tip, if it does on this axis."""
    if table is None or name not in table:
        return
    line = table.sort_values(name)
    across = line[name].to_numpy(float)
    for column, level, label in (
        ("first_response", CUTOFF, "first response\npasses 0.65 (theory)"),
        ("reproduction_eigenvalue", 1.0, "each message\ncauses one (theory)"),
    ):
        values = line[column].to_numpy(float)
        steps = np.flatnonzero((values[:-1] < level) != (values[1:] < level))
        if np.isnan(values).any() or steps.size != 1:
            continue
        left = int(steps[0])
        at = across[left] + (level - values[left]) / (values[left + 1] - values[left]) * (
            across[left + 1] - across[left]
        )
        axes.axvline(at, color=SOFT, linestyle=(0, (1, 1.5)), linewidth=1.1)
        place = axes.transAxes.inverted().transform(axes.transData.transform((at, 0.5)))[0]
        side, shift = ("right", -3) if place > _NEAR_END else ("left", 3)
        axes.annotate(
            label, (at, 0.5), xycoords=("data", "axes fraction"), xytext=(shift, 0), textcoords="offset points",
            va="center", ha=side, rotation=90, fontsize=7, color=SOFT,
        )  # fmt: skip


def _axes(axes: Axes, odds: pd.DataFrame, name: str) -> None:
    """Label both axes."""
    values = odds[name].to_numpy(float)
    if values.min() > 0 and values.max() / values.min() >= _FAR:
        axes.set_xscale("log")
    axes.set(ylim=(-0.02, 1.02), xlabel=axis_label(name))
    axes.set_yticks(np.arange(0, 1.01, 0.25), ["0", "25 %", "50 %", "75 %", "100 %"])
    if values.max() >= 1000 or axes.get_xscale() == "log":
        from sim.report.wording import count

        axes.xaxis.set_major_formatter(lambda value, _: count(value) if value >= 1 else f"{value:g}")
    quiet(axes, "y")
