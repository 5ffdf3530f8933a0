"""The tipping line: a map of the odds with the line, its band, where runs were spent, and theory's lines beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import logit, ndtri

from sim.report.canvas import (
    CAMPAIGN,
    COUNTER,
    INK,
    SOFT,
    VERDICT_COLOUR,
    Drawing,
    finished,
    head_room,
    house_style,
    new_figure,
    quiet,
    write_finding,
)
from sim.report.sweep_look import axis_label
from sim.report.wording import count
from sim.study.boundary.box import Box, Side
from sim.study.boundary.theory import CUTS
from sim.study.boundary.words import VERDICT_WORDS, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_Z = 1.959963984540054
_OPEN = (0.025, 0.975)
_SMALL = 1e-6
_THEORY = "#5B2A86"
"""Theory's lines: told from the odds' orange or blue, and from black, by lightness too."""
_FIRST, _EIGEN = (0, (5, 1.6)), (0, (1.2, 1.4))


def draw_maps(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any], box: Box) -> Drawing:
    """Draw the map over the first two parameters; three of them, the third held low, middle and high, if need be."""
    shown, points = tables["map"], tables["points"]
    planes = [part for _, part in shown.groupby("plane")]
    title, single = summary["finding"], len(planes) == 1
    height = 5.4 if single else 3.9
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.72 if single else 0.92)
        bottom = 0.62 / height
        left, wide = 0.135, 0.71 if single else 0.2215
        for place, part in enumerate(planes):
            axes = figure.add_axes((left + place * (wide + 0.022), bottom, wide, top - bottom))
            here = points if single else points.iloc[:0]
            mesh = _panel(axes, part, here, summary, box)
            if place:
                axes.set_yticklabels([])
            else:
                axes.set_ylabel(axis_label(box.sides[1].name))
            if not single:
                third = box.sides[2]
                _few_ticks(axes)
                axes.set_title(f"{third.short} {number(third, part[third.name].iloc[0])}", fontsize=8.5, color=INK)
        figure.text(left + (len(planes) * (wide + 0.022) - 0.022) / 2, 0.08 / height, _label(box.sides[0]),
                    ha="center", va="bottom", fontsize=9)  # fmt: skip
        _scale(figure, mesh, summary, (0.862, bottom, 0.016, top - bottom))
        _legend(figure, summary, box, shown, top + (0.08 if single else 0.3) / height, with_points=single)
        write_finding(figure, title)
        return finished(figure, "map", title)


def _panel(axes: Axes, part: pd.DataFrame, points: pd.DataFrame, summary: Mapping[str, Any], box: Box) -> Any:
    """Draw one map."""
    from matplotlib.colors import LinearSegmentedColormap

    one, other = box.sides[:2]
    many = round(len(part) ** 0.5)
    x, y, odds, above = (part[name].to_numpy(float).reshape(many, many).T
                         for name in (one.name, other.name, "odds", "above"))  # fmt: skip
    colours = LinearSegmentedColormap.from_list("odds", ["#ffffff", VERDICT_COLOUR[summary["verdict"]]])
    mesh = axes.pcolormesh(x, y, odds, cmap=colours, vmin=0.0, vmax=1.0, shading="gouraud", rasterized=True)
    sure = ndtri(np.clip(above, _SMALL, 1.0 - _SMALL))
    if sure.min() < _Z and sure.max() > -_Z:
        axes.contourf(x, y, sure, levels=[-_Z, _Z], colors=[INK], alpha=0.16)
        axes.contour(x, y, sure, levels=[-_Z, _Z], colors=[INK], linewidths=0.6, linestyles=":")
    heights = logit(np.clip(odds, _SMALL, 1.0 - _SMALL))
    _contour(axes, x, y, heights, float(logit(summary["level"])), color=INK, width=1.9, dashes="-")
    if "first_response" in part:
        first, eigenvalue = (
            part[name].to_numpy(float).reshape(many, many).T for name in ("first_response", "eigenvalue")
        )
        for cut in CUTS[summary["verdict"]]:
            _contour(axes, x, y, first, cut, color=_THEORY, width=1.5, dashes=_FIRST)
        _contour(axes, x, y, eigenvalue, 1.0, color=_THEORY, width=1.7, dashes=_EIGEN)
    if len(points):
        axes.scatter(points[one.name], points[other.name], s=0.42 * points["trials"], facecolors="none",
                     edgecolors=INK, linewidths=0.55, alpha=0.6, clip_on=False)  # fmt: skip
    if _holds_the_post(part, box):
        axes.plot([one.central], [other.central], marker="*", markersize=13, color="white", markeredgecolor=INK,
                  markeredgewidth=1.1, linestyle="", clip_on=False, zorder=5)  # fmt: skip
    axes.set(xlim=(one.low, one.high), ylim=(other.low, other.high))
    if one.whole or other.whole:
        from matplotlib.ticker import MaxNLocator

        for axis in [axes.xaxis] * one.whole + [axes.yaxis] * other.whole:
            axis.set_major_locator(MaxNLocator(integer=True))
    return mesh


def _holds_the_post(part: pd.DataFrame, box: Box) -> bool:
    """Tell whether the post as it is lies in a map."""
    inside = all(side.low <= side.central <= side.high for side in box.sides)
    return inside and all(
        abs(part[side.name].iloc[0] - side.central) < 0.01 * (side.high - side.low) for side in box.sides[2:]
    )


def _few_ticks(axes: Axes) -> None:
    """Leave room between the numbers of neighbouring maps."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(nbins=3, prune="both"))


def _contour(axes: Axes, x: Any, y: Any, heights: Any, at: float, *, color: str, width: float, dashes: Any) -> None:
    """Draw where heights equal a value, if they do anywhere."""
    if np.isfinite(heights).all() and heights.min() < at < heights.max():
        axes.contour(x, y, heights, levels=[at], colors=[color], linewidths=width, linestyles=[dashes])


def _crosses(values: pd.Series, at: float) -> bool:
    """Tell whether values lie on both sides of one."""
    return bool(values.notna().all() and values.min() < at < values.max())


def _scale(figure: Figure, mesh: Any, summary: Mapping[str, Any], place: tuple[float, float, float, float]) -> None:
    """Draw the scale of the odds."""
    bar = figure.colorbar(mesh, cax=figure.add_axes(place))
    bar.set_label(f"share of runs that end {VERDICT_WORDS[summary['verdict']]}")
    bar.set_ticks([0.0, 0.25, 0.5, 0.75, 1.0], labels=["0", "25 %", "50 %", "75 %", "100 %"])
    bar.outline.set_visible(False)
    bar.ax.axhline(summary["level"], color=INK, linewidth=1.6)


def _legend(
    figure: Figure, summary: Mapping[str, Any], box: Box, shown: pd.DataFrame, above: float, *, with_points: bool
) -> None:
    """Draw the legend above the map."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: list[Any] = []
    if summary["crosses"]:
        share = "half" if summary["level"] == 0.5 else f"{100 * summary['level']:g} %"
        entries.append(Line2D([], [], color=INK, linewidth=1.9, label=f"{share} of the runs"))
    if shown["above"].between(*_OPEN).any():
        entries.append(Patch(facecolor=INK, alpha=0.16, label="side not known (95 %)"))
    if with_points:
        entries.append(Line2D([], [], marker="o", linestyle="", markersize=3.2, markerfacecolor="none",
                              markeredgecolor=INK, label="runs were spent here"))  # fmt: skip
    if "first_response" in shown:
        cuts = [cut for cut in CUTS[summary["verdict"]] if _crosses(shown["first_response"], cut)]
        if cuts:
            told = " or ".join(f"{100 * cut:.0f} %" for cut in cuts)
            entries.append(Line2D([], [], color=_THEORY, linewidth=1.5, linestyle=_FIRST,
                                  label=f"theory: first responses {told} counter"))  # fmt: skip
        if _crosses(shown["eigenvalue"], 1.0):
            entries.append(Line2D([], [], color=_THEORY, linewidth=1.7, linestyle=_EIGEN,
                                  label="theory: a message causes one"))  # fmt: skip
    if any(_holds_the_post(part, box) for _, part in shown.groupby("plane")):
        entries.append(Line2D([], [], marker="*", linestyle="", markersize=10, markerfacecolor="white",
                              markeredgecolor=INK, label="the post as it is"))  # fmt: skip
    figure.legend(handles=entries, loc="lower left", bbox_to_anchor=(0.1, above), ncols=2, borderaxespad=0,
                  columnspacing=1.1, handlelength=2.0, handletextpad=0.5, fontsize=8, labelspacing=0.3)  # fmt: skip


def _label(side: Side, letters: int = 72) -> str:
    """Return an axis label from the parameter table, in as many lines as it needs."""
    return "\n".join(textwrap.wrap(f"{side.title} ({side.unit})", letters))


def draw_single(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any], box: Box) -> Drawing:
    """Draw the odds over one parameter, with the tipping point and its interval."""
    shown, points, side = tables["map"], tables["points"], box.sides[0]
    title, height = summary["finding"], 3.9
    colour = VERDICT_COLOUR[summary["verdict"]]
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.5)
        axes = figure.add_axes((0.115, 0.55 / height, 0.86, top - 0.55 / height))
        x = shown[side.name]
        axes.fill_between(x, shown["odds_lo"], shown["odds_hi"], color=colour, alpha=0.2, linewidth=0)
        axes.plot(x, shown["odds"], color=colour, linewidth=1.9, label="odds, with their 95 % band")
        axes.scatter(points[side.name], points["hits"] / points["trials"].clip(lower=1), s=0.6 * points["trials"],
                     facecolors="none", edgecolors=SOFT, linewidths=0.6, label="runs were spent here",
                     clip_on=False)  # fmt: skip
        axes.axhline(summary["level"], color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)))
        row = summary["tipping"][0]
        if row["at"] is not None:
            low, high = side.low if row["lo"] is None else row["lo"], side.high if row["hi"] is None else row["hi"]
            axes.axvspan(low, high, color=INK, alpha=0.16, linewidth=0)
            axes.axvline(row["at"], color=INK, linewidth=1.6, label="tipping point, with its 95 % interval")
        _theory_marks(axes, shown, side, summary)
        if side.low <= side.central <= side.high:
            axes.plot([side.central], [summary["as_it_is"]["odds"]], marker="*", markersize=13, color="white",
                      markeredgecolor=INK, linestyle="", zorder=5, label="the post as it is")  # fmt: skip
        axes.set(xlim=(side.low, side.high), ylim=(-0.03, 1.03), xlabel=_label(side))
        axes.set_ylabel(f"share of runs that end {VERDICT_WORDS[summary['verdict']]}")
        axes.set_yticks(np.arange(0, 1.01, 0.25), [f"{value:.0f} %" for value in np.arange(0, 101, 25)])
        quiet(axes, "y")
        figure.legend(loc="lower left", bbox_to_anchor=(0.1, top + 0.05 / height), ncols=2, borderaxespad=0, fontsize=8,
                      columnspacing=1.1, labelspacing=0.3)  # fmt: skip
        write_finding(figure, title)
        return finished(figure, "map", title)


def _theory_marks(axes: Axes, shown: pd.DataFrame, side: Side, summary: Mapping[str, Any]) -> None:
    """Mark where theory's numbers pass their cuts."""
    if "first_response" not in shown:
        return
    wanted: list[tuple[str, float, Any, str]] = []
    for cut in CUTS[summary["verdict"]]:
        wanted.append(("first_response", cut, _FIRST, f"theory: first responses {100 * cut:.0f} % counter"))
    wanted.append(("eigenvalue", 1.0, _EIGEN, "theory: a message causes one"))
    for name, cut, dashes, label in wanted:
        for at in _passed(shown[side.name].to_numpy(float), shown[name].to_numpy(float), cut)[:1]:
            axes.axvline(at, color=_THEORY, linewidth=1.6, linestyle=dashes, label=label)


def _passed(x: np.ndarray, heights: np.ndarray, at: float) -> Sequence[float]:
    """Return where heights pass a value."""
    above = heights > at
    return [
        float(x[i] + (at - heights[i]) / (heights[i + 1] - heights[i]) * (x[i + 1] - x[i]))
        for i in np.flatnonzero(above[1:] != above[:-1])
    ]


def draw_course(summary: Mapping[str, Any]) -> Drawing:
    """Draw how the line became known with the runs."""
    course = summary["course"]
    runs = np.array([each["runs"] for each in course], float)
    shares = 100 * np.maximum([each["misplaced"] for each in course], 1e-5)
    title = (
        f"After {count(runs[-1])} runs {shares[-1]:.1f} % of the box is expected on the wrong side of the line, "
        f"after the first {count(runs[0])} it was {shares[0]:.1f} %"
    )
    height = 2.6
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title)
        axes = figure.add_axes((0.115, 0.45 / height, 0.86, top - 0.45 / height))
        axes.plot(runs, shares, color=COUNTER, marker="o", markersize=3.5, linewidth=1.4)
        asked = 100 * summary["misplaced_asked"]
        if asked > 0:
            axes.axhline(asked, color=CAMPAIGN, linewidth=1.1, linestyle=(0, (4, 2)))
            axes.annotate("as sure as was asked for", (1.0, asked), xycoords=("axes fraction", "data"), xytext=(0, 3),
                          textcoords="offset points", ha="right", fontsize=8, color=CAMPAIGN)  # fmt: skip
        axes.set(xscale="log", xlabel="runs spent", ylabel="misplaced, % of the box", ylim=(0, None))
        some = sorted({runs[0], runs[len(runs) // 2], runs[-1]})
        axes.set_xticks(some, [count(each) for each in some])
        axes.set_xticks([], minor=True)
        quiet(axes, "y")
        write_finding(figure, title)
        return finished(figure, "course", title)
