"""What moves an outcome: elementary effects against their spread, and shares of the variance with luck beside them."""

from __future__ import annotations

import textwrap
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
    new_figure,
    quiet,
    write_finding,
)
from sim.study.sensitivity.runs import scale_of, title_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ROW = 0.31  # inches
_NAMED = 8
_PARTS = ("total", "stands_out")
_LABELS = 0.385
"""Share of the width that names of inputs take."""
_LABEL = 32
"""Letters in one line of it."""
_DARK = 0.55
"""From this share on, a number is written in white."""


def draw_split(indices: pd.DataFrame, level: Mapping[str, Any], called: Mapping[str, str]) -> Drawing:
    """Draw total and first-order shares of one outcome's variance, ranked, with intervals and the noise floor.

    Parameters
    ----------
    indices : DataFrame
        Rows of one outcome.
    level : mapping
        Its row of the table ``outcomes``.
    called : mapping of input to words
    """
    rows = indices.sort_values("total").to_dict("records")
    title = split_title(indices, level, called)
    height = _ROW * len(rows) + 1.45
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.4)
    axes = figure.add_axes((_LABELS, 0.6 / height, 0.96 - _LABELS, top - 0.6 / height))
    for place, row in enumerate(rows):
        axes.barh(place, min(row["floor"], 1.02), height=0.86, color=PALE, linewidth=0, zorder=0)
        _bar(axes, place + 0.13, row, "total", COUNTER if row["stands_out"] else SOFT, filled=True)
        _bar(axes, place - 0.19, row, "first", CAMPAIGN, filled=False)
    axes.set(xlim=(0, 1.02), ylim=(-0.6, len(rows) - 0.4))
    axes.set_yticks(range(len(rows)), [_label(called[row["input"]]) for row in rows])
    axes.set_xticks(np.arange(0, 1.01, 0.2))
    axes.set_xlabel(f"share of the variance of {title_of(level['outcome'])}, with 95 % interval")
    quiet(axes, "x")
    _key(axes, top, height)
    write_finding(figure, title)
    return finished(figure, "indices", title)


def _key(axes: Axes, top: float, height: float) -> None:
    """Say which bar is which, above the axes."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [
        Patch(color=COUNTER, alpha=0.85, label="total"),
        Line2D([], [], color=CAMPAIGN, marker="o", markerfacecolor="white", markersize=5, label="first-order, alone"),
        Patch(color=PALE, label="what luck could make of a total"),
    ]
    assert axes.figure is not None
    axes.figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.02, top + 0.33 / height), ncols=3, borderaxespad=0,
        columnspacing=1.4, handlelength=1.6,
    )  # fmt: skip


def _label(words: str) -> str:
    """Return an input in words, in two lines if need be."""
    return textwrap.fill(words, _LABEL)


def _bar(axes: Axes, place: float, row: Mapping[str, Any], name: str, colour: str, *, filled: bool) -> None:
    """Draw one share with its interval; what chance brought below 0 or above 1 is drawn at the end."""
    value, low, high = (min(max(float(row[f"{name}{end}"]), 0.0), 1.0) for end in ("", "_lo", "_hi"))
    if filled:
        axes.barh(place, value, height=0.36, color=colour, alpha=0.85, linewidth=0)
        axes.plot([low, high], [place, place], color=INK, linewidth=1.1)
        return
    axes.plot([low, high], [place, place], color=colour, linewidth=1.3)
    axes.plot([value], [place], marker="o", color=colour, markerfacecolor="white", markersize=4.2, clip_on=False)


def split_title(indices: pd.DataFrame, level: Mapping[str, Any], called: Mapping[str, str]) -> str:
    """State what moves an outcome most."""
    name, luck = title_of(level["outcome"]), f"luck is {level['luck']:.0%} of one run's variance"
    if not level["moves"]:
        return f"{name} moves too little over these spans to be split; {luck}"
    first = indices.loc[indices["total"].idxmax()]
    if not first["stands_out"]:
        return f"No input alone moves {name} by more than luck could feign; {luck}"
    return (
        f"{_capital(called[first['input']])} moves {name} most (total {first['total']:.2f}, "
        f"{max(first['total_lo'], 0):.2f} to {min(first['total_hi'], 1):.2f}); {luck}"
    )


def _capital(text: str) -> str:
    """Return a text with its first letter large."""
    return text[:1].upper() + text[1:]


def draw_screening(screening: pd.DataFrame, outcome: str, called: Mapping[str, str]) -> Drawing:
    """Draw mean size of the elementary effects against their spread, one sign an input.

    Parameters
    ----------
    screening : DataFrame
        Rows of one outcome.
    """
    odds = scale_of(outcome) == "probability"
    scale, unit = (100.0, "points") if odds else (1.0, scale_of(outcome))
    rows = screening.sort_values("mu_star", ascending=False).to_dict("records")
    title = screening_title(rows, outcome, called)
    height = 4.1
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.32)
    axes = figure.add_axes((0.115, 0.55 / height, 0.86, top - 0.55 / height))
    for row in rows:
        seen = row["stands_out"]
        x, y = scale * row["mu_star"], scale * row["sigma"]
        axes.plot(scale * np.array([row["mu_star_lo"], row["mu_star_hi"]]), [y, y], color=PALE, linewidth=1.4, zorder=1)
        axes.plot([x, x], scale * np.array([row["sigma_lo"], row["sigma_hi"]]), color=PALE, linewidth=1.4, zorder=1)
        axes.plot(
            [x], [y], marker="^" if row["mu"] > 0 else "v", markersize=6, linestyle="none", clip_on=False, zorder=2,
            color=COUNTER if row["mu"] > 0 else CAMPAIGN, markerfacecolor=None if seen else "white",
        )  # fmt: skip
    widest = scale * max(max(row["mu_star_hi"] for row in rows), 1e-9)
    highest = scale * max(max(row["sigma_hi"] for row in rows), 1e-9)
    axes.set(xlim=(0, 1.05 * widest), ylim=(0, 1.05 * highest))
    named = [row for row in rows if row["mu_star"] > 0][:_NAMED]
    _name(axes, [(scale * row["mu_star"], scale * row["sigma"], called[row["input"]]) for row in named])
    axes.set_xlabel(f"mu*: mean size of what two thirds of the span do to {title_of(outcome)}, {unit}")
    axes.set_ylabel(f"sigma: spread of that, {unit}")
    figure.text(
        0.02, top + 0.05 / height, "\N{BLACK UP-POINTING TRIANGLE} raises   \N{BLACK DOWN-POINTING TRIANGLE} lowers   "
        "hollow: luck could feign it   pale lines: 95 % intervals", ha="left", va="bottom", fontsize=8.5, color=SOFT,
    )  # fmt: skip
    axes.grid(axis="both")
    write_finding(figure, title)
    return finished(figure, "screening", title)


def screening_title(rows: Sequence[Mapping[str, Any]], outcome: str, called: Mapping[str, str]) -> str:
    """State how many inputs move an outcome, and which does most."""
    seen = [row for row in rows if row["stands_out"]]
    if not seen:
        return f"None of {len(rows)} inputs moves {title_of(outcome)} by more than luck could feign"
    size = (
        f"{100 * seen[0]['mu_star']:.0f} points" if scale_of(outcome) == "probability" else f"{seen[0]['mu_star']:.2g}"
    )
    return (
        f"{len(seen)} of {len(rows)} inputs move {title_of(outcome)} by more than luck could feign; "
        f"most of all {called[seen[0]['input']]}, by {size} on average"
    )


def _name(axes: Axes, signs: Sequence[tuple[float, float, str]]) -> None:
    """Write names beside signs, moved up or down until no two overlap."""
    left, right = axes.get_xlim()
    low, high = axes.get_ylim()
    line = 0.045 * (high - low)
    taken: list[tuple[float, float, float]] = []
    for x, y, words in sorted(signs, key=lambda sign: -sign[1]):
        width = 0.0145 * (right - left) * len(words)
        to_left = x + width + 0.02 * (right - left) > right
        begin = x - width - 0.015 * (right - left) if to_left else x + 0.015 * (right - left)
        steps = [step * sign * line / 2 for step in range(14) for sign in (1, -1)]
        for step in steps:
            at = y + step
            free = all(abs(at - other) >= line or begin > last or begin + width < first for first, last, other in taken)
            if free and low + line <= at <= high - line / 2:
                break
        taken.append((begin, begin + width, at))
        axes.text(
            begin + width if to_left else begin, at, words, fontsize=8, va="center", ha="right" if to_left else "left"
        )


def draw_outcomes(indices: pd.DataFrame, levels: pd.DataFrame, called: Mapping[str, str]) -> Drawing | None:
    """Draw the totals of every input and outcome as a table of shades; None with a single outcome."""
    known = levels[levels["moves"]]
    if len(known) < 2:
        return None
    names = list(known["outcome"])
    wide, clear = (indices.pivot(index="input", columns="outcome", values=part)[names] for part in _PARTS)
    ranked = wide.iloc[:, 0].sort_values(ascending=False).index
    wide, clear = wide.loc[ranked], clear.loc[ranked].astype(bool)
    values = np.vstack([wide.to_numpy().clip(0, 1), known["luck"].to_numpy().clip(0, 1)])
    title = outcomes_title(wide, clear, called)
    height = _ROW * len(values) + 1.6
    figure = new_figure(height)
    top = head_room(figure, title)
    axes = figure.add_axes((_LABELS, 0.95 / height, 0.97 - _LABELS, top - 0.95 / height))
    plain = np.vstack([~clear.to_numpy(), np.ones(len(names), dtype=bool)])
    axes.imshow(np.ma.masked_array(values, mask=plain), cmap="Oranges", vmin=0, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        luck = row == len(values) - 1
        colour = (INK if luck else SOFT) if plain[row, column] else "white" if value > _DARK else INK
        axes.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(
        range(len(names)), [title_of(name) for name in names], rotation=30, ha="right", rotation_mode="anchor"
    )
    axes.set_yticks(range(len(values)), [*(_label(called[name]) for name in wide.index), "luck, of one run's variance"])
    axes.axhline(len(values) - 1.5, color=INK, linewidth=0.8)
    axes.tick_params(length=0)
    figure.text(
        0.02,
        0.1 / height,
        "total shares of the variance; white: does not stand out from luck",
        fontsize=8.5,
        color=SOFT,
    )
    for spine in axes.spines.values():
        spine.set_visible(False)
    write_finding(figure, title)
    return finished(figure, "outcomes", title)


def outcomes_title(wide: pd.DataFrame, clear: pd.DataFrame, called: Mapping[str, str]) -> str:
    """State which input moves each outcome most."""
    first: dict[str, list[str]] = {}
    for outcome in wide.columns:
        most = wide[outcome].idxmax()
        first.setdefault(called[most] if clear.loc[most, outcome] else "", []).append(title_of(str(outcome)))
    hidden = first.pop("", [])
    parts = [f"{name} ({', '.join(outcomes)})" for name, outcomes in first.items()]
    told = f"What moves each outcome most: {'; '.join(parts)}" if parts else "No input alone stands out from luck"
    return f"{told}; for {', '.join(hidden)} luck hides it" if hidden and parts else told
