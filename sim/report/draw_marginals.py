"""The odds of a sweep over many factors: P(hijacked) along each of them, counted together over the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.canvas import (
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
from sim.report.sweep_look import axis_label, word
from sim.report.wording import percent
from sim.study.sweep.marginals import along, reach

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_COLUMNS, _PANEL, _GAP, _WORDS_GAP = 3, 1.3, 0.6, 0.95
_MOST = 24
_TURNED = 3
"""Words below a panel are turned where there are more of them."""


def draw_marginals(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any], axes: Sequence[str]) -> Drawing:
    """Draw P(hijacked) along each factor, those that move it most first."""
    alone = summary["design"] == "one_at_a_time"
    lines = {name: along(tables["points"], name, summary["factors"], one_at_a_time=alone) for name in axes}
    order = sorted(lines, key=lambda name: -reach(lines[name]))[:_MOST]
    columns = min(_COLUMNS, len(order))
    rows = [order[begin : begin + columns] for begin in range(0, len(order), columns)]
    gaps = [_WORDS_GAP if any(_turned(lines[name], name) for name in row) else _GAP for row in rows]
    title = summary["finding"].rstrip(".")
    highest = max(float(line["hijacked_hi"].max()) for line in lines.values())
    limit = next(limit for limit in (0.1, 0.2, 0.5, 1.0) if highest <= limit or limit == 1.0)
    with house_style():
        height = 1.05 + _PANEL * len(rows) + sum(gaps)
        figure = new_figure(height)
        at = head_room(figure, title, extra=0.12)
        for row, gap in zip(rows, gaps, strict=True):
            for column, name in enumerate(row):
                panel = figure.add_axes(
                    (0.1 + 0.9 * column / columns, at - _PANEL / height, 0.9 / columns - 0.04, _PANEL / height)
                )
                _panel(panel, lines[name], name, limit, first=column == 0)
                _own(panel, summary["centre"].get(name))
            at -= (_PANEL + gap) / height
        write_finding(figure, title)
        return finished(figure, "marginals", title)


def _turned(line: pd.DataFrame, name: str) -> bool:
    """Tell whether a factor's words are turned below its panel."""
    return line[name].dtype.kind not in "if" and len(line) > _TURNED


def _own(axes: Axes, value: Any) -> None:
    """Mark the value that a factor has where it does not vary."""
    if isinstance(value, (int, float)) and axes.get_xlim()[0] <= value <= axes.get_xlim()[1]:
        axes.axvline(value, color=SOFT, linewidth=0.9, linestyle=(0, (2, 2)))


def _panel(axes: Axes, line: pd.DataFrame, name: str, limit: float, *, first: bool) -> None:
    """Draw one factor."""
    words = line[name].dtype.kind not in "if"
    across = np.arange(len(line), dtype=float) if words else line[name].to_numpy(float)
    centre = line["hijacked"].to_numpy(float)
    ends = [centre - line["hijacked_lo"].to_numpy(float), line["hijacked_hi"].to_numpy(float) - centre]
    axes.errorbar(
        across, centre, yerr=np.clip(ends, 0, None), color=COUNTER, ecolor=COUNTER, elinewidth=1.0, marker="s",
        markersize=3.5, linewidth=0 if words else 1.2,
    )  # fmt: skip
    if words:
        turned: dict[str, Any] = (
            {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if _turned(line, name) else {}
        )
        axes.set_xticks(across, [word(value) for value in line[name]], **turned)
        axes.set_xlim(-0.5, len(line) - 0.5)
    axes.set_ylim(-0.02 * limit, 1.02 * limit)
    ticks = [0.0, limit / 2, limit]
    axes.set_yticks(ticks, ["0", *(percent(tick) for tick in ticks[1:])] if first else [])
    if first:
        axes.set_ylabel("hijacked", fontsize=8)
    label = axis_label(name) if len(axis_label(name)) <= 30 else name
    axes.set_xlabel(label, fontsize=7.5, color=INK)
    axes.tick_params(labelsize=7)
    quiet(axes, "y")
