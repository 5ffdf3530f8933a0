"""The timeline: messages an hour by frame, its band over replicates, and when things happened.

The first hours decide and the days after carry the volume, so both are drawn, one above the other; what happened
stands in lanes below the stretch in which it happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.report.canvas import (
    COLOUR,
    DASHES,
    INK,
    SOFT,
    Drawing,
    drawable,
    finished,
    head_room,
    new_figure,
    quiet,
    write_finding,
)
from sim.report.run_study import Mark, Pictured
from sim.report.wording import between, clock, count, duration, known, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LANE = 0.19  # inches
_LETTER = 0.0127  # width of a letter of 8 points, as a share of the panel's


def finding(study: Pictured) -> str:
    """State in a sentence what the timeline shows."""
    takeover = next((mark for mark in study.marks if mark.title == "takeover"), None)
    counter = float(study.timeline["counter_mid"].max()) * study.configuration.people.represents
    campaign = float(study.timeline["campaign_mid"].max()) * study.configuration.people.represents
    if takeover is not None and takeover.share >= 0.5 and known(takeover.minute) is not None:
        runs = "every run" if takeover.share == 1 else f"{percent(takeover.share)} of runs"
        return f"The counter-frame takes over in {runs}, typically after {duration(takeover.minute)}"
    if takeover is not None and takeover.share > 0:
        return f"The campaign mostly holds: the counter-frame takes over in {percent(takeover.share)} of runs"
    ahead = "campaign" if campaign >= counter else "counter"
    peak = count(max(campaign, counter))
    return f"No takeover: {ahead} messages lead, with up to {peak} an hour in the typical run"


def _first_hours(study: Pictured, end: float) -> float:
    """Return the minutes that the upper panel covers; 0 if one panel says it all."""
    minutes = [minute for mark in study.marks if (minute := known(mark.minute)) is not None]
    for stretch in (180.0, 360.0):
        beyond = any(stretch < minute <= 360.0 for minute in minutes)
        bins = int((study.timeline["minute"] < stretch).sum())
        if end > 3 * stretch and bins >= 8 and not beyond:
            return stretch
    return 0.0


def _lines(axes: Axes, timeline: pd.DataFrame, scale: float) -> None:
    """Draw both frames: the median as a line, eight runs of ten as a band."""
    hours = (timeline["minute"] + timeline["minutes"] / 2).to_numpy(float) / 60
    words = {"counter": "counter", "campaign": "campaign"}
    for frame, word in words.items():
        low, mid, high = (scale * timeline[f"{frame}_{end}"].to_numpy(float) for end in ("lo", "mid", "hi"))
        axes.fill_between(hours, low, high, color=COLOUR[frame], alpha=0.22, linewidth=0)
        axes.plot(hours, mid, color=COLOUR[frame], linestyle=DASHES[frame], linewidth=1.8, label=word)


def _nights(axes: Axes, hour: float, end: float) -> None:
    """Shade the hours from midnight to six at the sender's clock."""
    midnight = 24.0 - hour if hour >= 6 else -hour
    label = "night (0 to 6 h)"
    while midnight < end:
        axes.axvspan(max(midnight, 0), min(midnight + 6, end), color="#eef0f3", linewidth=0, zorder=0, label=label)
        midnight, label = midnight + 24, "_"


def _lanes(axes: Axes, marks: Sequence[Mark], end: float) -> None:
    """Draw a lane a mark: its median, the range of eight runs of ten, and its words beside."""
    axes.set(xlim=(0, end), ylim=(len(marks) - 0.45, -0.6))
    axes.axis("off")
    for lane, mark in enumerate(sorted(marks, key=lambda mark: mark.minute or 0.0)):
        minute = known(mark.minute) or 0.0
        low, high = known(mark.lo), known(mark.hi)
        if low is not None and high is not None:
            axes.plot(
                [low / 60, min(high / 60, end)],
                [lane, lane],
                color=SOFT,
                linewidth=3,
                alpha=0.55,
                solid_capstyle="butt",
            )
        axes.plot([minute / 60], [lane], marker="v", color=INK, markersize=5, clip_on=False)
        words = f"{mark.title}: {clock(minute)}"
        if low is not None and high is not None:
            words += f" ({between(low, high, clock)})"
        words = drawable(words + ("" if mark.share == 1 else f", {percent(mark.share)} of runs"))
        right = min(minute if high is None else high, 60 * end) / 60 + 0.018 * end
        left = (minute if low is None else low) / 60 - 0.018 * end
        width = _LETTER * len(words) * end
        if right + width <= end:
            axes.text(right, lane, words, va="center", ha="left", fontsize=8)
        elif left - width >= -0.1 * end:
            axes.text(left, lane, words, va="center", ha="right", fontsize=8)
        else:  # too wide for either side: over its own bar
            axes.text(
                end,
                lane,
                words,
                va="center",
                ha="right",
                fontsize=8,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
            )


def _panel(axes: Axes, study: Pictured, end: float, *, nights: bool) -> None:
    """Draw one stretch of time, ``end`` in hours."""
    inside = study.timeline[study.timeline["minute"] < 60 * end]
    _lines(axes, inside, study.configuration.people.represents)
    if nights:
        _nights(axes, study.configuration.post.hour, end)
    axes.set(xlim=(0, end), ylim=(0, None), ylabel="messages an hour")
    step = next(s for s in (0.25, 0.5, 1, 2, 4, 6, 12, 24, 48, 120) if end / s <= 9)
    ticks = np.arange(0, end + step / 2, step)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.yaxis.set_major_formatter(lambda value, _: count(value))
    quiet(axes, "y")
    for mark in study.marks:
        minute = known(mark.minute)
        if minute is not None and mark.share >= 0.5 and minute <= 60 * end:
            axes.axvline(minute / 60, color=INK, linewidth=0.7, linestyle=":", zorder=1)


def draw_timeline(study: Pictured) -> Drawing | None:
    """Draw the timeline; None where there is no message to draw."""
    timeline = study.timeline
    if timeline.empty or not (timeline[["campaign_hi", "counter_hi"]].to_numpy(float) > 0).any():
        return None
    title = finding(study)
    end = float((timeline["minute"] + timeline["minutes"]).max()) / 60
    first = _first_hours(study, 60 * end) / 60
    happened = [mark for mark in study.marks if known(mark.minute) is not None]
    stretches = [(first, [m for m in happened if (m.minute or 0) <= 60 * first]), (end, [])] if first else [(end, [])]
    stretches[-1] = (end, [m for m in happened if (m.minute or 0) > 60 * first])
    height = 0.62 + sum(2.2 + _LANE * len(marks) for _, marks in stretches)
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.34) * height
    room = (top - 0.02 + 0.1 - sum(0.44 + _LANE * len(marks) + 0.12 for _, marks in stretches)) / len(stretches)
    for number, (stretch, marks) in enumerate(stretches):
        axes = figure.add_axes((0.115, (top - room) / height, 0.865, room / height))
        _panel(axes, study, stretch, nights=stretch > 24)
        if number == 0:
            parts, words = axes.get_legend_handles_labels()
            figure.legend(
                parts[:2],
                words[:2],
                loc="upper left",
                ncols=2,
                bbox_to_anchor=(0.1, (top + 0.3) / height),
                borderaxespad=0,
                columnspacing=1.4,
            )
            figure.text(
                0.98,
                (top + 0.19) / height,
                "line: median; band: 8 of 10 runs",
                ha="right",
                va="center",
                fontsize=8,
                color=SOFT,
            )
        last = number == len(stretches) - 1
        note = "  (grey: midnight to 6 h)" if stretch > 24 else ""
        axes.set_xlabel(f"hours after the post{note if last else '  (the beginning, enlarged)'}", labelpad=2)
        top -= room + 0.44
        if marks:
            lanes = figure.add_axes((0.115, (top - _LANE * len(marks)) / height, 0.865, _LANE * len(marks) / height))
            _lanes(lanes, marks, stretch)
            top -= _LANE * len(marks)
        top -= 0.12
    write_finding(figure, title)
    return finished(figure, "timeline", title)
