"""Figures of a ranking of answers: expected outcome and worst case, cost, regret, break-even."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.canvas import (
    CAMPAIGN,
    COUNTER,
    INK,
    SOFT,
    Drawing,
    finished,
    head_room,
    new_figure,
    quiet,
    write_finding,
)
from sim.study.answers.library import SILENT
from sim.study.answers.outcomes import Judged
from sim.study.answers.words import effect_name, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ROW = 0.19  # inches of a row of a dot plot
_FOOT = 0.62
MOST_PANELS = 3
_LABEL_WIDTH, _LABEL_HEIGHT = 0.3, 0.055
"""Of a name in a figure, as shares of its axes."""


def spoken(name: str) -> str:
    """Return a choice's name as it stands in a figure."""
    return re.sub(r"(\d)(min|h)\b", r"\1 \2", name.replace("_", " "))


def hours_told(value: float) -> str:
    """Return working hours in few letters."""
    return f"{value:.0f}" if value >= 9.5 or value == 0 else f"{value:.1f}"


def draw_ranking(ranked: pd.DataFrame, judged: Judged, title: str) -> Drawing:
    """Draw expected outcome with its interval and worst case of each choice, with what each costs; not posting too."""
    height = len(ranked) * _ROW + 1.65
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.56)
    axes = figure.add_axes((0.32, _FOOT / height, 0.45, top - _FOOT / height))
    at = np.arange(len(ranked))
    scale = judged.scale
    axes.hlines(at, scale * ranked["expected_lo"], scale * ranked["expected_hi"], color=CAMPAIGN, linewidth=1.6)
    axes.plot(scale * ranked["expected"], at, "o", color=CAMPAIGN, markersize=4.5, label="expected (95 %)")
    axes.plot(scale * ranked["worst"], at, "D", color=COUNTER, markerfacecolor="white", markersize=4,
              label="worst tenth of draws")  # fmt: skip
    _rows(axes, ranked)
    axes.set_xlabel(judged.title)
    sides = (("working\nhours", 1.1, [hours_told(value) for value in ranked["hours"]]),
             ("viral\npositive", 1.35, [f"{100 * value:.0f} %" for value in ranked["viral_positive"]]))  # fmt: skip
    for head, place, texts in sides:
        axes.text(
            place, -1.1, head, transform=axes.get_yaxis_transform(), ha="center", va="bottom", fontsize=8, color=SOFT
        )
        for row, text in enumerate(texts):
            axes.text(place, row, text, transform=axes.get_yaxis_transform(), ha="center", va="center", fontsize=8)
    figure.legend(loc="upper left", bbox_to_anchor=(0.02, top + 0.44 / height), ncols=2, columnspacing=1.0,
                  handletextpad=0.3, borderaxespad=0)  # fmt: skip
    write_finding(figure, title)
    return finished(figure, "ranking", title)


def _rows(axes: Axes, ranked: pd.DataFrame) -> None:
    """Name the rows, silence in bold, those that can be told apart from the best one in grey."""
    axes.set_yticks(range(len(ranked)), [spoken(name) for name in ranked["choice"]])
    grey = ranked["apart"] | (ranked["rank"] == 0)
    for label, name, soft in zip(axes.get_yticklabels(), ranked["choice"], grey, strict=True):
        label.set_fontsize(8)
        label.set_color(SOFT if soft else INK)
        label.set_fontweight("bold" if name == SILENT else "normal")
    axes.set_ylim(len(ranked) - 0.4, -0.8)
    quiet(axes, "x")
    axes.tick_params(axis="y", length=0)


def draw_regret(ranked: pd.DataFrame, judged: Judged, title: str) -> Drawing:
    """Draw mean regret with its interval, and the largest, of each choice."""
    height = len(ranked) * _ROW + 1.65
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.36)
    axes = figure.add_axes((0.32, (_FOOT + 0.15) / height, 0.65, top - (_FOOT + 0.15) / height))
    at, scale = np.arange(len(ranked)), judged.scale
    axes.hlines(at, scale * ranked["regret_lo"], scale * ranked["regret_hi"], color=CAMPAIGN, linewidth=1.6)
    axes.plot(scale * ranked["regret"], at, "o", color=CAMPAIGN, markersize=4.5, label="mean over draws (95 %)")
    axes.plot(scale * ranked["regret_most"], at, "D", color=COUNTER, markerfacecolor="white", markersize=4,
              label="largest of all draws")  # fmt: skip
    _rows(axes, ranked)
    axes.set_xlabel(f"regret: what is lost to the best answer of the same draw\n({judged.title})")
    figure.legend(loc="upper left", bbox_to_anchor=(0.31, top + 0.3 / height), ncols=2, columnspacing=1.0,
                  handletextpad=0.3, borderaxespad=0)  # fmt: skip
    write_finding(figure, title)
    return finished(figure, "regret", title)


def frontier(ranked: pd.DataFrame, sign: float) -> list[str]:
    """Return the choices that no other is at least as good and as cheap as, the cheapest first."""
    names: list[str] = []
    best = np.inf
    for row in ranked.assign(lost=sign * ranked["expected"]).sort_values(["hours", "lost"]).to_dict("records"):
        if row["lost"] < best:
            best = row["lost"]
            names.append(row["choice"])
    return names


def draw_cost(ranked: pd.DataFrame, judged: Judged, title: str) -> Drawing:
    """Draw expected outcome over working hours; those that none is as good and as cheap as are joined and named."""
    from matplotlib.ticker import FixedLocator, NullLocator

    height = 3.7
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.36)
    axes = figure.add_axes((0.115, 0.56 / height, 0.86, top - 0.56 / height))
    scale, rows = judged.scale, ranked.set_index("choice")
    front = rows.loc[frontier(ranked, judged.sign)]
    axes.plot(ranked["hours"], scale * ranked["expected"], "o", color=SOFT, markersize=4, linestyle="none")
    axes.vlines(front["hours"], scale * front["expected_lo"], scale * front["expected_hi"], color=CAMPAIGN, alpha=0.35)
    axes.plot(front["hours"], scale * front["expected"], "o-", color=CAMPAIGN, markersize=5.5, linewidth=1.2,
              label="expected (95 %)")  # fmt: skip
    axes.plot(front["hours"], scale * front["worst"], "D--", color=COUNTER, markerfacecolor="white", markersize=4.5,
              linewidth=0.9, label="worst tenth of draws")  # fmt: skip
    high = float(ranked["hours"].max())
    axes.set_xscale("symlog", linthresh=1.0, linscale=0.5)
    axes.set_xlim(-0.12, max(2.0, high) * 1.6)
    ticks = [tick for tick in (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000) if tick <= max(2.0, high) * 1.6]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{tick:,}" for tick in ticks])
    axes.margins(y=0.12)
    _names(axes, rows, front, scale)
    figure.legend(loc="upper left", bbox_to_anchor=(0.1, top + 0.3 / height), ncols=2, columnspacing=1.0,
                  handletextpad=0.4, borderaxespad=0)  # fmt: skip
    axes.set_xlabel("what it costs: working hours (log scale above 1), mean over draws")
    axes.set_ylabel(judged.title)
    quiet(axes, "y")
    write_finding(figure, title)
    return finished(figure, "cost", title)


def _names(axes: Axes, rows: pd.DataFrame, front: pd.DataFrame, scale: float) -> None:
    """Name silence, the best and the dearest choice, and what of the frontier finds room beside them."""
    dearest = rows["hours"].idxmax()
    taken: list[tuple[float, float]] = []
    for name in dict.fromkeys([SILENT, front.index[-1], dearest, *reversed(front.index)]):
        x, y = rows.loc[name, "hours"], scale * rows.loc[name, "expected"]
        across, up = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))
        if any(abs(across - other) < _LABEL_WIDTH and abs(up - level) < _LABEL_HEIGHT for other, level in taken):
            continue
        taken.append((across, up))
        left = across > 1.0 - _LABEL_WIDTH
        axes.annotate(
            spoken(name), (x, y), xytext=(-6 if left else 6, 6), textcoords="offset points", fontsize=8,
            ha="right" if left else "left", color=CAMPAIGN if name in front.index else INK,
        )  # fmt: skip


def draw_break_even(
    curves: pd.DataFrame, evens: Sequence[Mapping[str, Any]], judged: Judged, title: str
) -> Drawing | None:
    """Draw the winner's lead over the runner-up against the size of each effect; None where nothing was varied."""
    shown = list(evens)[:MOST_PANELS]
    if not shown:
        return None
    height = 3.3
    figure = new_figure(height)
    top = head_room(figure, title)
    width = 0.88 / len(shown)
    first: Axes | None = None
    for place, even in enumerate(shown):
        box = (0.115 + place * width, 0.58 / height, width - 0.03, top - 0.58 / height)
        axes = figure.add_axes(box, sharey=first)
        rows = curves[(curves["criterion"] == even["criterion"]) & (curves["effect"] == even["effect"])]
        scale = judged.scale
        axes.axhline(0.0, color=INK, linewidth=0.9)
        axes.fill_between(rows["size"], scale * rows["lead_lo"], scale * rows["lead_hi"], color=CAMPAIGN, alpha=0.18,
                          linewidth=0)  # fmt: skip
        axes.plot(rows["size"], scale * rows["lead"], "o-", color=CAMPAIGN, linewidth=1.6, markersize=4)
        axes.axvline(even["central"], color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.annotate("assumed", (even["central"], 1), xycoords=("data", "axes fraction"), xytext=(2, -8),
                      textcoords="offset points", fontsize=7.5, color=SOFT)  # fmt: skip
        if even["at"] is not None:
            axes.plot([even["at"]], [0.0], "D", color=COUNTER, markersize=6)
            axes.annotate(f"{even['at']:.2f}", (even["at"], 0.0), xytext=(4, 5), textcoords="offset points",
                          fontsize=8, color=COUNTER)  # fmt: skip
        axes.set_xlabel(f"effect of {spoken(effect_name(even))}")
        quiet(axes, "y")
        if first is None:
            first = axes
            axes.set_ylabel(f"lead: {judged.title}")
        else:
            axes.tick_params(labelleft=False)
    write_finding(figure, title)
    return finished(figure, "breakeven", title)


def least_most(ranked: pd.DataFrame, judged: Judged) -> tuple[str, str]:
    """Return the lowest and the highest expected outcome, in words."""
    return number(float(ranked["expected"].min()), judged), number(float(ranked["expected"].max()), judged)
