"""Figures of a nowcast: courses that are left, odds before and after the counts, what an answer changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

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
from sim.report.sweep_look import VERDICT_WORDS
from sim.report.wording import count, duration, percent, percent_range
from sim.study.nowcast.words import helps, points, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_TICKS = (5, 15, 30, 60, 120, 240, 480, 1440, 2880, 4320)
_WIDE, _NARROW = 0.16, 0.3
"""How dark the bands of 95 and 80 % are."""


def draw_fan(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> Drawing | None:
    """Draw counter share and messages over the time after the post.

    None where the table has no such campaign, and where nothing was counted yet: messages are told by those of now.
    """
    share, growth = summary["hijack_share"], summary["growth"]
    if share["mid"] is None or growth["mid"] is None or summary["messages_now"] == 0:
        return None
    title = (
        f"Counter share at the end {percent(share['mid'])} ({percent_range(share['lo'], share['hi'])}), messages "
        f"{times(growth['mid'])} those of now ({times(growth['lo'])} to {times(growth['hi'])}, 95 %)"
    )
    height = 5.6
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.42)
        low = 0.6 / height
        room = (top - low - 0.2 / height) / 2
        panels = [figure.add_axes((0.13, low + place * (room + 0.2 / height), 0.85, room)) for place in (1, 0)]
        fan, now = tables["fan"], float(summary["now"])
        after = fan[fan["minute"] >= now]
        for axes, name, colour in ((panels[0], "share", COUNTER), (panels[1], "relative", CAMPAIGN)):
            minutes = after["minute"].to_numpy(float)
            axes.fill_between(minutes, after[f"{name}_lo"], after[f"{name}_hi"], color=colour, alpha=_WIDE, linewidth=0,
                              label="95 of 100 campaigns")  # fmt: skip
            axes.fill_between(minutes, after[f"{name}_lo_80"], after[f"{name}_hi_80"], color=colour, alpha=_NARROW,
                              linewidth=0, label="80 of 100")  # fmt: skip
            axes.plot(minutes, after[f"{name}_mid"], color=colour, linewidth=1.8, label="median")
            axes.axvline(now, color=INK, linewidth=0.8, linestyle=":")
        _observed(panels, tables["counts"], summary)
        _time_axis(panels, tables["counts"], fan)
        panels[0].set(ylim=(-0.02, 1.02), ylabel="counter share of all so far")
        panels[0].yaxis.set_major_formatter(lambda value, _: percent(value))
        panels[1].set_yscale("log")
        panels[1].yaxis.set_major_formatter(lambda value, _: f"×{value:g}")
        panels[1].set_ylabel("messages so far, by those of now")
        panels[1].set_xlabel("time after the post (log scale); dotted: now")
        handles, words = panels[0].get_legend_handles_labels()
        figure.legend(handles, words, loc="upper left", bbox_to_anchor=(0.12, top + 0.34 / height), ncols=4,
                      borderaxespad=0, columnspacing=1.3, handlelength=1.6)  # fmt: skip
        write_finding(figure, title)
        return finished(figure, "fan", title)


def _observed(panels: Sequence[Axes], counts: pd.DataFrame, summary: Mapping[str, Any]) -> None:
    """Draw what was counted."""
    look: dict[str, Any] = {"color": INK, "marker": "o", "markersize": 4.5, "linestyle": "-", "linewidth": 0.9}
    split = counts[counts["counter"].notna() & (counts["total"] > 0)]
    panels[0].plot(split["minute"], split["counter"] / split["total"], label="counted", **look)
    if summary["messages_now"]:
        known = counts[counts["total"] > 0]
        panels[1].plot(known["minute"], known["total"] / summary["messages_now"], **look)


def _time_axis(panels: Sequence[Axes], counts: pd.DataFrame, fan: pd.DataFrame) -> None:
    """Set the common axis of time."""
    from matplotlib.ticker import FixedLocator, NullLocator

    first = min(float(counts["minute"].min()), 15.0)
    last = float(fan["minute"].max())
    for axes in panels:
        axes.set_xscale("log")
        axes.set_xlim(first / 1.15, last * 1.04)
        shown = [tick for tick in _TICKS if first / 1.15 <= tick <= last]
        axes.xaxis.set_major_locator(FixedLocator(shown))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticklabels([duration(tick) for tick in shown] if axes is panels[-1] else [])
        quiet(axes, "y")


def draw_verdicts(summary: Mapping[str, Any]) -> Drawing:
    """Draw the odds of each verdict, before the counts and now."""
    title = summary["finding"].rstrip(".")
    height = 2.9
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.3)
        axes = figure.add_axes((0.19, 0.5 / height, 0.78, top - 0.5 / height))
        for place, name in enumerate(VERDICT_WORDS):
            for key, shift, filled in (("verdict_before", -0.17, False), ("verdict", 0.17, True)):
                value, (low, high) = summary[key][name], summary[f"{key}_interval"][name]
                colour = VERDICT_COLOUR[name] if filled else SOFT
                axes.plot([low, high], [place + shift] * 2, color=colour, linewidth=2.2 if filled else 1.2)
                axes.plot([value], [place + shift], color=colour, marker=VERDICT_MARKER[name] if filled else "o",
                          markersize=6.5 if filled else 4.5, markerfacecolor=colour if filled else "white")  # fmt: skip
                right = high < 0.9
                axes.text(high + 0.015 if right else low - 0.015, place + shift, percent(value), va="center",
                          ha="left" if right else "right", fontsize=8, color=INK if filled else SOFT)  # fmt: skip
        axes.set(xlim=(-0.01, 1.01), ylim=(3.55, -0.55), xlabel="campaigns of the table that end so (95 % intervals)")
        axes.set_yticks(range(len(VERDICT_WORDS)), list(VERDICT_WORDS.values()))
        axes.xaxis.set_major_formatter(lambda value, _: percent(value))
        quiet(axes, "x")
        figure.text(
            0.19, top + 0.1 / height, "filled: with the counts    open, grey: before them", fontsize=8.5, color=SOFT
        )
        write_finding(figure, title)
        return finished(figure, "verdicts", title)


def draw_answers(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> Drawing | None:
    """Draw what an acknowledgement changes, over the minutes from now; None where the table has no later answer."""
    rows = tables["answers"]
    if rows.empty:
        return None
    title = heading(summary, rows)
    height = 3.9
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.42)
        axes = figure.add_axes((0.13, 0.6 / height, 0.85, top - 0.6 / height))
        looks = (
            ("hijacked", COUNTER, "s", "-", "P(hijacked)"),
            ("hijack_share", CAMPAIGN, "o", (0, (4.5, 1.6)), "hijack share"),
        )
        axes.axhline(0.0, color=INK, linewidth=0.9)
        minutes = rows["delay"].to_numpy(float)
        for name, colour, marker, dashes, label in looks:
            axes.fill_between(
                minutes, 100 * rows[f"{name}_lo"], 100 * rows[f"{name}_hi"], color=colour, alpha=_WIDE, linewidth=0
            )
            axes.plot(minutes, 100 * rows[name], color=colour, marker=marker, markersize=4.5, linestyle=dashes,
                      linewidth=1.7, label=label)  # fmt: skip
        _delay_axis(axes, minutes)
        axes.set_ylabel("change against silence, points")
        axes.set_xlabel("the answer comes so long from now (log scale); bands: 95 %")
        figure.legend(loc="upper left", bbox_to_anchor=(0.12, top + 0.34 / height), ncols=2, borderaxespad=0)
        write_finding(figure, title)
        return finished(figure, "answers", title)


def _delay_axis(axes: Axes, minutes: Any) -> None:
    """Set the axis of an answer's delay."""
    from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(list(minutes)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([duration(minute) for minute in minutes])
    axes.yaxis.set_major_formatter(lambda value, _: signed(value))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    quiet(axes, "y")


def heading(summary: Mapping[str, Any], rows: pd.DataFrame) -> str:
    """Return until when an answer helps, as a heading."""
    first = rows.iloc[0].to_dict()
    told = helps(summary)
    return f"{told[:1].upper()}{told[1:]}: {duration(first['delay'])} from now {points(first, 'hijacked')} points"


def times(factor: object) -> str:
    """Return a factor as ``×12``."""
    return f"×{count(factor)}"
