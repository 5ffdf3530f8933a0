"""The phase diagram of a sweep: the odds over two numbers, where most runs are hijacked, and what theory expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcome.verdict import CUTOFF
from sim.report.canvas import (
    INK,
    SOFT,
    VERDICT_COLOUR,
    Drawing,
    finished,
    head_room,
    house_style,
    new_figure,
    write_finding,
)
from sim.report.sweep_look import VERDICT_WORDS, axis_label
from sim.report.wording import percent
from sim.study.sweep.marginals import counted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEIGHT, _MAIN, _SMALL = 6.6, 3.35, 1.12
_LONG_TITLE, _TWO_LINES = 0.25, 115
"""Inches more for a title of so many letters."""
_DARK = {"hijacked": "#5c2500", "contested": "#4d3a00", "viral_positive": "#00253d", "fizzled": "#23272c"}
_THEORY: tuple[tuple[str, float, str, Any], ...] = (
    ("first_response", CUTOFF, f"theory: first response {CUTOFF:g}", (0, (1, 1.4))),
    ("reproduction_eigenvalue", 1.0, "theory: reproduction number 1", (0, (6, 1.5, 1, 1.5))),
)


def draw_map(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any], axes: Sequence[str]) -> Drawing:
    """Draw P(hijacked) over two factors, with the odds of the other verdicts in small."""
    odds = counted(tables["points"], axes)
    title = summary["finding"].rstrip(".")
    with house_style():
        figure = new_figure(_HEIGHT + _LONG_TITLE * (len(title) > _TWO_LINES))
        height = figure.get_figheight()
        top = head_room(figure, title, extra=0.26)
        main = figure.add_axes((0.12, top - _MAIN / height, 0.71, _MAIN / height))
        mesh = _shade(main, odds, axes, "hijacked")
        entries = _tipping(main, odds, axes) + _theory(main, tables.get("theory"), axes)
        entries += _centre(main, summary, axes)
        main.set(xlabel=axis_label(axes[0]), ylabel=axis_label(axes[1]))
        _scale(figure, mesh, (0.86, top - _MAIN / height, 0.025, _MAIN / height))
        below = top - (_MAIN + 0.48) / height
        figure.legend(
            handles=entries, loc="upper left", bbox_to_anchor=(0.11, below), ncols=2, borderaxespad=0, fontsize=8,
            columnspacing=1.4, handlelength=2.4, labelspacing=0.35,
        )  # fmt: skip
        for place, verdict in enumerate(("contested", "viral_positive", "fizzled")):
            small = figure.add_axes((0.12 + 0.295 * place, 0.28 / height, 0.235, _SMALL / height))
            _shade(small, odds, axes, verdict)
            most = float(odds[verdict].max())
            up_to = f"up to {percent(most)}" if most > 0 else "never"
            small.set_title(f"{VERDICT_WORDS[verdict]}: {up_to}", fontsize=8.5, loc="left", pad=3)
            small.tick_params(labelsize=7)
            if place:
                small.set_yticklabels([])
        write_finding(figure, title)
        return finished(figure, "map", summary["finding"])


def _levels(odds: pd.DataFrame, axes: Sequence[str], name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the levels of both axes and a column over them, rows by the second axis."""
    grid = odds.pivot(index=axes[1], columns=axes[0], values=name)
    return grid.columns.to_numpy(float), grid.index.to_numpy(float), grid.to_numpy(float)


def _shade(axes: Axes, odds: pd.DataFrame, names: Sequence[str], verdict: str) -> Any:
    """Shade the odds of one verdict, white for never, dark for always."""
    from matplotlib.colors import LinearSegmentedColormap

    across, up, values = _levels(odds, names, verdict)
    colours = ["#ffffff", VERDICT_COLOUR[verdict], _DARK[verdict]]
    shades = LinearSegmentedColormap.from_list(verdict, colours).with_extremes(bad="#f0f0f0")
    mesh = axes.pcolormesh(
        across, up, np.ma.masked_invalid(values), cmap=shades, vmin=0.0, vmax=1.0, shading="nearest", rasterized=True
    )
    axes.spines[["top", "right"]].set_visible(True)
    return mesh


def _tipping(axes: Axes, odds: pd.DataFrame, names: Sequence[str]) -> list[Any]:
    """Draw where P(hijacked) is one half, and where its interval passes one half."""
    from matplotlib.lines import Line2D

    made = []
    for column, style, width, label in (
        ("hijacked", "-", 2.0, "hijacked in half of the runs"),
        ("hijacked_lo", (0, (3, 1.5)), 0.9, "the same for the ends of the 95 % interval"),
        ("hijacked_hi", (0, (3, 1.5)), 0.9, ""),
    ):
        if _contour(axes, odds, names, column, 0.5, INK, style, width) and label:
            made.append(Line2D([], [], color=INK, linestyle=style, linewidth=width, label=label))  # type: ignore[arg-type]
    return made


def _theory(axes: Axes, table: pd.DataFrame | None, names: Sequence[str]) -> list[Any]:
    """Draw where the theory would have it tip; a line that does not cross the map is left out."""
    from matplotlib.lines import Line2D

    made: list[Any] = []
    if table is None or not set(names) <= set(table.columns):
        return made
    for column, level, label, style in _THEORY:
        if _contour(axes, table, names, column, level, VERDICT_COLOUR["viral_positive"], style, 1.5):
            colour = VERDICT_COLOUR["viral_positive"]
            made.append(Line2D([], [], color=colour, linestyle=style, linewidth=1.5, label=label))
    return made


def _contour(
    axes: Axes, table: pd.DataFrame, names: Sequence[str], column: str, level: float, colour: str, style: Any,
    width: float,
) -> bool:  # fmt: skip
    """Draw one level's line, if it is on the map and the map has two levels a side."""
    across, up, values = _levels(table, names, column)
    if min(values.shape) < 2 or np.isnan(values).any() or not values.min() < level < values.max():
        return False
    axes.contour(across, up, values, levels=[level], colors=[colour], linestyles=[style], linewidths=[width])
    return True


def _centre(axes: Axes, summary: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    """Mark where the case itself stands."""
    own = [summary["centre"].get(name) for name in names]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    if not all(isinstance(value, (int, float)) for value in own):
        return []
    if not (left <= own[0] <= right and low <= own[1] <= high):
        return []
    mark = axes.plot(*own, linestyle="none", marker="X", markersize=8, color="white", markeredgecolor=INK,
                     markeredgewidth=1.1, label="the post as configured")  # fmt: skip
    axes.set(xlim=(left, right), ylim=(low, high))
    return list(mark)


def _scale(figure: Figure, mesh: Any, place: tuple[float, float, float, float]) -> None:
    """Draw the scale of the shades."""
    beside = figure.add_axes(place)
    bar = figure.colorbar(mesh, cax=beside, ticks=[0, 0.25, 0.5, 0.75, 1.0])
    bar.ax.set_yticklabels(["0", "25 %", "50 %", "75 %", "100 %"])
    bar.ax.set_title("hijacked", fontsize=8, pad=5, color=SOFT)
    bar.outline.set_linewidth(0.6)
