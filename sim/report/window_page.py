"""The page of a swept answer: until when it helps, under which assumed size of its effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.canvas import (
    CAMPAIGN,
    COUNTER,
    INK,
    PALE,
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
from sim.report.wording import duration, percent
from sim.study.answers.library import in_words
from sim.study.answers.outcomes import Judged, judged_by
from sim.study.answers.window_words import added, saved, told_difference

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_TICKS = (1, 2, 5, 10, 20, 40, 60, 120, 180, 360, 720, 1440, 2880, 4320)
_SIZES = {"low": "smallest", "central": "assumed", "high": "largest"}


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw what the answer saves, over the minute at which it is given."""
    judged = judged_by(summary["by"])
    window = tables["window"]
    title = heading(summary, window, judged)
    height = 4.0
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.52)
        axes = figure.add_axes((0.1, 0.66 / height, 0.88, top - 0.66 / height))
        _curves(axes, window, judged)
        _marks(axes, summary)
        _axes(axes, window, judged)
        figure.legend(loc="upper left", bbox_to_anchor=(0.09, top + 0.46 / height), ncols=3, columnspacing=1.2,
                      handlelength=1.6, borderaxespad=0)  # fmt: skip
        write_finding(figure, title)
        return [finished(figure, "window", title)]


def heading(summary: Mapping[str, Any], window: pd.DataFrame, judged: Judged) -> str:
    """State in a sentence until when it helps, for the head of the figure."""
    central = window[window["size"] == "central"].set_index("minute")
    reach = summary["reach"]["central"]
    sizes = " and ".join(f"{each['central']:.2g}" for each in summary["effects"])
    condition = f" (effect assumed {sizes})" if sizes else ""
    verb = "saves" if judged.sign > 0 else "wins"
    sizes_told, told = f"{summary['policy']}{condition}", -judged.sign * central["difference"]
    if reach["until"] is not None:
        best = told.idxmax()
        return (
            f"{sizes_told} {verb} {saved(central.loc[best], judged)} {_unit(judged)} at {in_words(best)} "
            f"and can be told to help until {in_words(reach['until'])}"
        )
    if reach["harms"]:
        worst = central.loc[told.idxmin()]
        loss = added(worst, judged)
        return f"{sizes_told} helps at no minute tried; at {in_words(told.idxmin())} it {loss} {_unit(judged)}"
    best = (judged.sign * central["outcome"]).min() * judged.sign
    what = judged.title.partition(",")[0]
    return (
        f"{sizes_told} {verb} nothing that can be told at any minute tried: {what} "
        f"{told_difference(summary['silent'], judged)} with silence, {told_difference(best, judged)} at best"
    )


def _unit(judged: Judged) -> str:
    """Return the unit of a difference, in words."""
    return "points" if judged.scale == 100.0 else judged.unit


def _curves(axes: Axes, window: pd.DataFrame, judged: Judged) -> None:
    """Draw the differences: the band of the interval, the range over the effect's span, the curve."""
    scale = -judged.sign * judged.scale
    sizes = dict(list(window.groupby("size")))
    central = sizes["central"]
    minutes = np.maximum(central["minute"].to_numpy(dtype=float), 1.0)
    axes.axhline(0.0, color=INK, linewidth=0.9)
    axes.fill_between(
        minutes, scale * central["difference_lo"], scale * central["difference_hi"], color=CAMPAIGN, alpha=0.18,
        linewidth=0, label="95 %, all minutes at once",
    )  # fmt: skip
    for name, dashes in (("low", (0, (1.2, 1.6))), ("high", (0, (4.5, 1.6)))):
        if name in sizes:
            axes.plot(minutes, scale * sizes[name]["difference"], color=SOFT, linewidth=1.2, linestyle=dashes,
                      label=f"effects at their {_SIZES[name]}")  # fmt: skip
    axes.plot(minutes, scale * central["difference"], color=CAMPAIGN, linewidth=1.8, label="as assumed")
    low, high = (judged.sign * central[name] for name in ("difference_lo", "difference_hi"))
    helps, harms = np.maximum(low, high) < 0, np.minimum(low, high) > 0
    looks: Sequence[tuple[Any, dict[str, Any]]] = (
        (helps, {"marker": "o", "color": CAMPAIGN, "label": "helps"}),
        (harms, {"marker": "s", "color": COUNTER, "label": "makes it worse"}),
        (~helps & ~harms, {"marker": "o", "color": CAMPAIGN, "markerfacecolor": "white", "label": "cannot be told"}),
    )
    for told, look in looks:
        if told.any():
            axes.plot(minutes[told], scale * central.loc[told, "difference"], markersize=5, linestyle="none", **look)


def _marks(axes: Axes, summary: Mapping[str, Any]) -> None:
    """Mark the median minutes of what happens where nobody answers."""
    known = [(name, mark["median"]) for name, mark in summary["marks"].items() if mark["median"] is not None]
    for place, (name, minute) in enumerate(sorted(known, key=lambda each: each[1])):
        axes.axvline(max(minute, 1.0), color=SOFT, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0)
        axes.annotate(
            f"{name}, {in_words(round(minute))}", (max(minute, 1.0), 0), xytext=(3, 4 + 11 * place),
            xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=7.5, color=SOFT,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip


def _axes(axes: Axes, window: pd.DataFrame, judged: Judged) -> None:
    """Set axes and their words."""
    from matplotlib.ticker import FixedLocator, NullLocator

    minutes = np.maximum(window["minute"].to_numpy(dtype=float), 1.0)
    axes.set_xscale("log")
    axes.set_xlim(minutes.min() / 1.12, minutes.max() * 1.12)
    ticks = [tick for tick in _TICKS if minutes.min() / 1.12 <= tick <= minutes.max() * 1.12]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([in_words(tick) for tick in ticks], fontsize=8)
    axes.set_xlabel(
        "when the answer is given, after the post (log scale)\ndotted: medians of the runs without an answer"
    )
    verb, what = "saved" if judged.sign > 0 else "won", judged.title.partition(",")[0]
    unit = what if what == _unit(judged) else f"{_unit(judged)} of {what}"
    axes.set_ylabel(f"{unit} {verb} against silence")
    quiet(axes, "y")
    axes.spines["bottom"].set_color(PALE)


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the table of minutes, what is assumed, and how to read it."""
    judged, window = judged_by(summary["by"]), tables["window"]
    sizes = {str(name): rows.set_index("minute") for name, rows in window.groupby("size")}
    names = [name for name in _SIZES if name in sizes]
    heads = [f"effects {'as' if name == 'central' else 'at their'} {_SIZES[name]}" for name in names]
    rows = [
        [duration(minute), *(saved(sizes[name].loc[minute], judged) for name in names)]
        for minute in sizes["central"].index
    ]
    caption = (
        f"What {summary['policy']} {'saves' if judged.sign > 0 else 'wins'} against silence, in {_unit(judged)} "
        f"({summary['pairs']} pairs with the same luck; 95 % intervals hold for all minutes at once)"
    )
    return [
        Section("Until when does it help?", ["window"], notes=_reading(summary, judged)),
        Section("Minute by minute", table=Table(["answered after", *heads], rows, caption)),
        Section("What is assumed", table=_assumed(summary["effects"])) if summary["effects"] else
        Section("What is assumed", notes=["No size of an effect: none of the moves has one."]),
    ]  # fmt: skip


def _reading(summary: Mapping[str, Any], judged: Judged) -> list[str]:
    """Return how to read the figure."""
    silent = told_difference(summary["silent"], judged)
    told = [
        f"Without an answer: {silent} ({judged.title}). Filled points: the interval excludes no effect; "
        "open points: it does not, so that nothing can be told there."
    ]
    happened = [
        f"{name} after {in_words(round(mark['median']))} (median; in {percent(mark['share'])} of runs)"
        if mark["median"] is not None else f"{name} in no run"
        for name, mark in summary["marks"].items()
    ]  # fmt: skip
    told.append(f"Without an answer: {', '.join(happened)}.")
    told.append(
        "The moves are made at the minute in question, whatever is seen by then; the same crowd has the same luck with "
        "and without. The grey lines repeat the sweep at both ends of the effects' spans."
    )
    return told


def _assumed(effects: Sequence[Mapping[str, Any]]) -> Table:
    """Return the sizes that are assumed."""
    rows = [
        [each["title"], f"{each['central']:.2g}", f"{each['low']:.2g} to {each['high']:.2g}", each["name"]]
        for each in effects
    ]
    return Table(["what an answer changes", "assumed", "span", "parameter"], rows, "No documented case identifies them")
