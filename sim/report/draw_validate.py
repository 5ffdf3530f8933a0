"""A back-test drawn: each case's odds beside how it ended, and each documented value beside its predicted interval."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.canvas import (
    CAMPAIGN,
    COUNTER,
    INK,
    PALE,
    SOFT,
    VERDICT_COLOUR,
    Drawing,
    drawable,
    finished,
    head_room,
    house_style,
    new_figure,
    write_finding,
)
from sim.report.sweep_look import VERDICT_WORDS
from sim.report.wording import count
from sim.study.validation.predictions import NEVER
from sim.study.validation.scores import HIT, MISS
from sim.study.validation.words import quantity_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _TALL = 0.27, 0.33
_FOOT = 0.62
_LETTER, _LEAST = 0.0108, 0.26
"""Width of a letter of a row's name, and of all names at least, as parts of the figure's."""
_LONGEST = 36
"""Letters of a row's name that stand in one line."""
SCALES = ("share", "minutes since the post", "number, each quantity in its own unit")
_ORDER = ("hijacked", "contested", "viral_positive", "fizzled")
_HATCH = {"hijacked": "", "contested": "xxx", "viral_positive": "///", "fizzled": "..."}
_NAMED_FROM = 0.14
"""A part of a bar that is at least so wide carries its percentage."""
_MARK = {HIT: "hit", MISS: "miss", None: ""}


def draw_verdicts(rows: Sequence[Mapping[str, Any]], title: str) -> Drawing:
    """Draw the odds of each predicted case as a bar in four parts; how it ended is framed, and named beside it.

    Parameters
    ----------
    rows : sequence of mapping
        Of :func:`sim.study.validation.scoring.case_row`, in order.
    """
    shown = _with_heads([row for row in rows if row["hijacked"] is not None])
    height = 1.55 + _ROW * len(shown)
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.32)
        left = _room(str(row["case"]) for row in rows)
        axes = figure.add_axes((left, 0.5 / height, 0.98 - left - 0.2, top - 0.5 / height))
        for place, row in enumerate(shown):
            if isinstance(row, str):
                axes.text(-0.02, place, row, ha="right", va="center", fontweight="bold", fontsize=8.5)
                continue
            _bar(axes, place, row)
            axes.text(-0.02, place, drawable(str(row["case"])), ha="right", va="center", fontsize=8)
            axes.text(1.02, place, _ended(row), ha="left", va="center", fontsize=8, color=_ink(row["hit"]))
        _frame(axes, len(shown), "share of the draws that end so")
        axes.set(xlim=(0, 1))
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        _legend(figure, top + 0.27 / height)
        write_finding(figure, title)
        return finished(figure, "verdicts", title)


def _bar(axes: Axes, place: int, row: Mapping[str, Any]) -> None:
    """Draw one case's odds."""
    from matplotlib.patches import Rectangle

    left, framed = 0.0, None
    for name in _ORDER:
        width = float(row[name])
        axes.barh(
            place, width, left=left, height=0.72, color=VERDICT_COLOUR[name], alpha=0.45, hatch=_HATCH[name],
            edgecolor="white", linewidth=0,
        )  # fmt: skip
        if width >= _NAMED_FROM:
            axes.text(
                left + width / 2, place, f"{100 * width:.0f} %", ha="center", va="center", fontsize=7.5, color=INK,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
            )  # fmt: skip
        framed = (left, width) if name == row["observed"] else framed
        left += width
    if framed is not None:
        axes.add_patch(
            Rectangle((framed[0], place - 0.36), max(framed[1], 0.004), 0.72, fill=False, edgecolor=INK, lw=1.8,
                      clip_on=False, zorder=5)
        )  # fmt: skip


def _ended(row: Mapping[str, Any]) -> str:
    """Return what stands beside a case's bar."""
    if row["shape_only"]:
        return "shape only"
    if row["observed"] is None:
        return "no verdict"
    return f"{VERDICT_WORDS[row['observed']]}: {_MARK[row['hit']]}"


def _ink(hit: str | None) -> str:
    """Return the colour of a hit or a miss, which is said in words, too."""
    return {HIT: CAMPAIGN, MISS: COUNTER}.get(str(hit), SOFT)


def _legend(figure: Any, top: float) -> None:
    """Name the four parts of a bar, and the frame."""
    from matplotlib.patches import Patch

    parts = [
        Patch(facecolor=VERDICT_COLOUR[name], alpha=0.45, hatch=_HATCH[name], edgecolor="white", label=words)
        for name, words in VERDICT_WORDS.items()
    ]
    parts.append(Patch(facecolor="none", edgecolor=INK, linewidth=1.8, label="how it ended"))
    figure.legend(
        handles=parts, loc="upper left", bbox_to_anchor=(0.02, top), ncols=5, borderaxespad=0, columnspacing=1.1,
        handletextpad=0.4, handlelength=1.5,
    )  # fmt: skip


def draw_targets(rows: Sequence[Mapping[str, Any]], title: str, interval: float) -> Drawing:
    """Draw the predicted interval of each documented value, and where it is documented to lie.

    Shares, minutes and counts each have a panel and a scale of their own. A hit is a full circle, a miss a cross.
    """
    panels = [(name, _with_heads(own)) for name in SCALES if (own := [row for row in rows if scale_of(row) == name])]
    left = _room(line for row in rows for line in _named(row).splitlines())
    height = 0.75 + sum(_TALL * len(shown) + _FOOT for _, shown in panels)
    with house_style():
        figure = new_figure(height)
        at = top = head_room(figure, title, extra=0.32)
        for name, shown in panels:
            tall = _TALL * len(shown) / height
            axes = figure.add_axes((left, at - tall, 0.91 - left, tall))
            low, high = _ends(shown, name)
            for place, row in enumerate(shown):
                _interval(axes, place, row, low, high)
            _frame(axes, len(shown), name)
            if name != SCALES[0]:
                _logarithmic(axes)
            axes.set_xlim(low, high)
            at -= tall + _FOOT / height
        _target_legend(figure, top + 0.27 / height, interval)
        write_finding(figure, title)
        return finished(figure, "targets", title)


def _ends(shown: Sequence[Mapping[str, Any] | str], scale: str) -> tuple[float, float]:
    """Return the ends of a panel's axis."""
    if scale == SCALES[0]:
        return 0.0, 1.0
    ends = [row[end] for row in shown if not isinstance(row, str) for end in ("low", "high", "lo", "mid", "hi")]
    known = [float(end) for end in ends if end is not None and end > 0]
    return min(known, default=1.0) / 1.6, max(known, default=10.0) * 1.6


def _interval(axes: Axes, place: int, row: Mapping[str, Any] | str, low: float, high: float) -> None:
    """Draw a target's row, or the standing above some."""
    beside = axes.get_yaxis_transform()
    if isinstance(row, str):
        axes.text(-0.02, place, row, ha="right", va="center", fontweight="bold", fontsize=8.5, transform=beside)
        return
    band = _held(row["low"], low, high, low), _held(row["high"], low, high, high)
    axes.barh(
        place, band[1] - band[0] or (high - low) * 0.004, left=band[0], height=0.66, color=PALE, edgecolor=SOFT, lw=0.6
    )
    never = row["target"] in NEVER and row["hi"] is None
    otherwise = high if never else math.nan
    begin, mid, end = (_held(row[each], low, high, otherwise) for each in ("lo", "mid", "hi"))
    ink, hit = _ink(row["hit"]), row["hit"] == HIT
    axes.plot([begin, end], [place, place], color=ink, lw=1.8, solid_capstyle="butt", clip_on=False, zorder=4)
    marker, size = ("o", 5) if hit else ("X", 7)
    axes.plot([mid], [place], marker=marker, color=ink, markersize=size, clip_on=False, zorder=5)
    if never:
        axes.plot([high], [place], marker=">", color=ink, markersize=5, clip_on=False, zorder=5)
    axes.text(-0.02, place, _named(row), ha="right", va="center", fontsize=7.5, linespacing=1.15, transform=beside)
    axes.text(1.06, place, _MARK[row["hit"]], ha="left", va="center", fontsize=8, color=ink, transform=beside)


def _logarithmic(axes: Axes) -> None:
    """Set a logarithmic axis with plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(10.0, subs=(1.0, 3.0), numticks=7))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: count(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _held(value: float | None, low: float, high: float, otherwise: float) -> float:
    """Return a value within an axis; ``otherwise`` where there is none."""
    return otherwise if value is None else min(max(float(value), low), high)


def _named(row: Mapping[str, Any]) -> str:
    """Return a target's row in words."""
    case, quantity = drawable(str(row["case"])), quantity_words(row["target"])
    one_line = f"{case}: {quantity}"
    return one_line if len(one_line) <= _LONGEST else f"{case}:\n{quantity}"


def scale_of(row: Mapping[str, Any]) -> str:
    """Return on which of :data:`SCALES` a target is drawn."""
    if row["target"] in NEVER:
        return SCALES[1]
    ends = [row[name] for name in ("low", "high", "lo", "hi") if row[name] is not None]
    return SCALES[0] if all(0.0 <= end <= 1.0 for end in ends) else SCALES[2]


def _target_legend(figure: Any, top: float, interval: float) -> None:
    """Name what is drawn."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    words = f"{100 * interval:.0f} % interval and median"
    parts = [
        Line2D([], [], color=CAMPAIGN, marker="o", markersize=5, lw=1.8, label=f"{words}, a hit"),
        Line2D([], [], color=COUNTER, marker="X", markersize=6.5, lw=1.8, label="a miss"),
        Patch(facecolor=PALE, edgecolor=SOFT, linewidth=0.6, label="documented"),
        Line2D([], [], color=SOFT, marker=">", markersize=5, lw=0, label="never"),
    ]
    figure.legend(
        handles=parts, loc="upper left", bbox_to_anchor=(0.02, top), ncols=4, borderaxespad=0, columnspacing=1.2
    )


def _with_heads(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any] | str]:
    """Return rows with their standing above the first of each."""
    found: list[Mapping[str, Any] | str] = []
    before = ""
    for row in rows:
        if row["standing"] != before:
            before = row["standing"]
            found.append(before)
        found.append(row)
    return found


def _room(names: Iterable[str]) -> float:
    """Return the width that names of rows take, as a part of the figure's."""
    return max(_LEAST, 0.03 + _LETTER * max(len(name) for name in names))


def _frame(axes: Axes, rows: int, label: str) -> None:
    """Set rows from the top, and leave a light grid."""
    axes.set(ylim=(rows - 0.5, -0.5), xlabel=label)
    axes.set_yticks([])
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
