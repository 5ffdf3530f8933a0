"""The odds of a sweep over words (policies, cases, switches): a row each, with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.canvas import (
    PALE,
    VERDICT_COLOUR,
    VERDICT_MARKER,
    Drawing,
    finished,
    head_room,
    house_style,
    new_figure,
    write_finding,
)
from sim.report.sweep_look import VERDICT_WORDS, word
from sim.study.sweep.marginals import counted

if TYPE_CHECKING:
    import pandas as pd

_MOST = 40
_OFFSET = {"hijacked": -0.24, "contested": -0.08, "viral_positive": 0.08, "fizzled": 0.24}


def draw_dots(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any], axes: Sequence[str]) -> Drawing:
    """Draw the odds of each verdict, a row a combination."""
    odds = counted(tables["points"], axes).head(_MOST)
    title = summary["finding"].rstrip(".")
    names = [", ".join(word(row[name]) for name in axes) for row in odds.to_dict("records")]
    height = 1.75 + 0.36 * len(odds)
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.34)
        left = min(0.42, 0.05 + 0.0125 * max(len(name) for name in names))
        panel = figure.add_axes((left, 0.5 / height, 0.96 - left, top - 0.5 / height))
        rows = np.arange(len(odds), dtype=float)
        for place in rows[::2]:
            panel.axhspan(place - 0.5, place + 0.5, color=PALE, alpha=0.35, linewidth=0)
        for verdict, title_of in VERDICT_WORDS.items():
            centre = odds[verdict].to_numpy(float)
            low, high = odds[f"{verdict}_lo"].to_numpy(float), odds[f"{verdict}_hi"].to_numpy(float)
            panel.errorbar(
                centre, rows + _OFFSET[verdict], xerr=np.clip([centre - low, high - centre], 0, None), linestyle="none",
                marker=VERDICT_MARKER[verdict], markersize=4.5, color=VERDICT_COLOUR[verdict], elinewidth=1.2,
                markerfacecolor="white" if verdict in ("viral_positive", "contested") else VERDICT_COLOUR[verdict],
                label=title_of,
            )  # fmt: skip
        panel.set(xlim=(-0.02, 1.02), ylim=(len(odds) - 0.5, -0.5), xlabel="runs that end so (95 % interval)")
        panel.set_yticks(rows, names)
        panel.set_xticks(np.arange(0, 1.01, 0.25), ["0", "25 %", "50 %", "75 %", "100 %"])
        panel.grid(axis="x")
        panel.tick_params(axis="y", length=0)
        figure.legend(
            *panel.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.02, top + 0.27 / height), ncols=4,
            borderaxespad=0, columnspacing=1.2, handletextpad=0.4,
        )  # fmt: skip
        write_finding(figure, title)
        return finished(figure, "dots", summary["finding"])
