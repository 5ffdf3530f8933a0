"""Figures of a fit: posteriors against their priors, what was observed against what is foretold, coverage, growth."""

from __future__ import annotations

from collections.abc import Mapping
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
    write_finding,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LOOK = {"rejection": (SOFT, "s", -0.16), "regression": (CAMPAIGN, "o", 0.16)}
_ROW, _FOOT, _LEGEND = 0.34, 0.55, 0.28
_SHORT = 34


def draw_posteriors(parameters: pd.DataFrame, summary: Mapping[str, Any]) -> Drawing:
    """Draw both posteriors of each parameter between the ends of its prior."""
    default = summary["fit"]["default"]
    own = parameters[parameters["method"] == default]
    names = own.sort_values("contraction", ascending=False, kind="stable")["parameter"].tolist()
    learned = int(own["identified"].sum())
    title = f"What is documented tells of {learned} of {len(names)} universal parameters; of the rest the prior is left"
    figure, axes = _rows(names, title, left=0.36, right=0.86)
    axes.axvspan(0.025, 0.975, color=PALE, alpha=0.55, linewidth=0, label="prior, central 95 %")
    for method, (colour, marker, shift) in LOOK.items():
        rows = parameters[parameters["method"] == method].set_index("parameter").loc[names]
        low, wide = rows["prior_low"].to_numpy(), (rows["prior_high"] - rows["prior_low"]).to_numpy()
        place = {each: (rows[each].to_numpy() - low) / wide for each in ("lo", "low_50", "mean", "high_50", "hi")}
        at = np.arange(len(names)) + shift
        axes.hlines(at, place["lo"], place["hi"], color=colour, linewidth=1.1)
        axes.hlines(at, place["low_50"], place["high_50"], color=colour, linewidth=3.4)
        usual = f"{method}{' (default)' if method == default else ''}"
        axes.plot(place["mean"], at, marker, color=colour, markersize=4.4, markerfacecolor="white", label=usual)
    for row, each in enumerate(own.set_index("parameter").loc[names].to_dict("records")):
        weak = "" if each["identified"] else ", no"
        axes.text(1.03, row, f"{each['contraction']:.2f}{weak}", va="center", fontsize=8.5,
                  color=INK if each["identified"] else SOFT, transform=axes.get_yaxis_transform())  # fmt: skip
        for end, value, side in ((0.0, each["prior_low"], "left"), (1.0, each["prior_high"], "right")):
            axes.text(end, row + 0.44, f"{value:.3g}", fontsize=6.5, color=SOFT, ha=side, va="center")
    axes.text(1.03, -0.85, "contraction", fontsize=8.5, color=SOFT, transform=axes.get_yaxis_transform())
    axes.set(xlim=(0, 1), xlabel="place between the ends of the prior (thick: 50 %, thin: 95 %)")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["low end", "", "middle", "", "high end"])
    _legend(figure, axes)
    write_finding(figure, title)
    return finished(figure, "posteriors", title)


def draw_predictive(targets: pd.DataFrame) -> Drawing:
    """Draw each fitted number against what prior and posterior foretell of it."""
    own = targets[targets["fitted"]].reset_index(drop=True)
    inside, after = int(own["inside"].sum()), int(own["posterior_inside"].sum())
    title = (
        f"{inside} of {len(own)} observed numbers lie within the central 95 % of the prior predictive, {after} within "
        "that of the posterior"
    )
    figure, axes = _rows([_short(name) for name in own["target"]], title, left=0.42, right=0.83)
    axes.tick_params(axis="y", labelsize=7.5)
    for row, each in enumerate(own.to_dict("records")):
        ends = [each[name] for name in ("prior_lo", "prior_hi", "posterior_lo", "posterior_hi", "low", "high")]
        known = [value for value in ends if np.isfinite(value)]
        low, high = min(known), max(known)
        wide = (high - low) or 1.0

        def place(name: str, each: Mapping[str, Any] = each, low: float = low, wide: float = wide) -> float:
            return float((each[name] - low) / wide)

        axes.hlines(row - 0.16, place("prior_lo"), place("prior_hi"), color=SOFT, linewidth=3.4, alpha=0.55)
        axes.hlines(row + 0.16, place("posterior_lo"), place("posterior_hi"), color=CAMPAIGN, linewidth=3.4)
        if each["side"] == "within":
            axes.hlines(row, place("low"), place("high"), color=COUNTER, linewidth=1.2)
            axes.plot(place("observed"), row, "D", color=COUNTER, markersize=4)
        else:
            axes.plot(place("observed"), row, ">" if each["side"] == "at_least" else "<", color=COUNTER, markersize=6)
        sign = {"at_least": "≥ ", "at_most": "≤ "}.get(each["side"], "")
        told = f"{sign}{each['observed']:.3g}{'' if each['inside'] else ' outside'}"
        axes.text(1.03, row, told, va="center", fontsize=8, color=INK if each["inside"] else COUNTER,
                  transform=axes.get_yaxis_transform())  # fmt: skip
    axes.plot([], [], color=SOFT, linewidth=3.4, alpha=0.55, label="prior predictive, 95 %")
    axes.plot([], [], color=CAMPAIGN, linewidth=3.4, label="posterior predictive, 95 %")
    axes.plot([], [], "D-", color=COUNTER, markersize=4, linewidth=1.2, label="observed, with its band")
    axes.set(xlim=(-0.03, 1.03), xlabel="each row on its own scale, end to end")
    axes.set_xticks([])
    _legend(figure, axes, columns=2)
    write_finding(figure, title)
    return finished(figure, "predictive", title)


def draw_coverage(coverage: pd.DataFrame, summary: Mapping[str, Any]) -> Drawing:
    """Draw found against nominal coverage on held-out rows."""
    told = summary["fit"]
    found = told["coverage"][told["default"]]["found"]
    title = (
        f"Central intervals of 50, 80 and 95 % hold {100 * found[0]:.0f}, {100 * found[1]:.0f} and "
        f"{100 * found[2]:.0f} % of the truths of {told['held_out']} held-out draws ({told['default']})"
    )
    figure = new_figure(3.7)
    top = head_room(figure, title, extra=0.45)
    axes = figure.add_axes((0.12, 0.14, 0.85, top - 0.14))
    levels = sorted(coverage["level"].unique())
    error = coverage.drop_duplicates("level").set_index("level")["error"]
    for place, level in enumerate(levels):
        ends = 100 * (level - error[level]), 100 * min(1.0, level + error[level])
        axes.fill_between([place - 0.4, place + 0.4], *ends, color=PALE, linewidth=0)
        axes.hlines(100 * level, place - 0.4, place + 0.4, color=INK, linewidth=0.9)
    for method, (colour, marker, shift) in LOOK.items():
        own = coverage[coverage["method"] == method]
        for place, level in enumerate(levels):
            at = own[own["level"] == level]
            single = np.sort(at.loc[at["parameter"] != "", "found"].to_numpy())
            spread = np.linspace(-0.11, 0.11, len(single)) if len(single) > 1 else np.zeros(len(single))
            axes.plot(place + 1.1 * shift + spread, 100 * single, marker, color=colour, markersize=2.6, alpha=0.6)
            axes.plot(place + 1.1 * shift, 100 * at.loc[at["parameter"] == "", "found"], marker, color=colour,
                      markersize=8, markerfacecolor="white", markeredgewidth=1.6,
                      label=f"{method}, all parameters" if place == 0 else None)  # fmt: skip
    axes.fill_between([], [], [], color=PALE, label="nominal, with the error of one parameter")
    axes.set_xticks(range(len(levels)), [f"{100 * level:.0f} % intervals" for level in levels])
    axes.set(ylabel="truths held, %", ylim=(None, 101), xlim=(-0.5, len(levels) - 0.5))
    axes.grid(axis="y")
    _legend(figure, axes, columns=2)
    write_finding(figure, title)
    return finished(figure, "coverage", title)


def draw_growth(growth: pd.DataFrame, parameters: pd.DataFrame, method: str) -> Drawing | None:
    """Draw how posterior means move with the number of draws; None if there is one number alone."""
    own = growth[growth["method"] == method]
    sizes = sorted(own["draws"].unique())
    if len(sizes) < 2:
        return None
    whole = own[own["draws"] == sizes[-1]].set_index("parameter")
    moved = {
        name: (part.set_index("draws")["mean"].reindex(sizes) - whole.loc[name, "mean"]) / whole.loc[name, "sd"]
        for name, part in own.groupby("parameter", sort=False)
    }
    known = set(parameters.loc[(parameters["method"] == method) & parameters["identified"], "parameter"])
    half = max(abs(float(each.iloc[-2])) for name, each in moved.items() if name in known or not known)
    what = "posterior mean of an identified parameter" if known else "posterior mean"
    title = f"Half of the draws ({sizes[-2]:,}) move no {what} by more than {half:.2f} of its deviation"
    figure = new_figure(3.2)
    top = head_room(figure, title, extra=0.42)
    axes = figure.add_axes((0.12, 0.17, 0.85, top - 0.17))
    axes.axhspan(-0.25, 0.25, color=PALE, alpha=0.7, linewidth=0, label="within a quarter of a deviation")
    for name, each in moved.items():
        sure = name in known
        axes.plot(sizes, each, "o-", color=CAMPAIGN if sure else SOFT, linewidth=1.4 if sure else 0.8, markersize=3,
                  alpha=1.0 if sure else 0.55)  # fmt: skip
    axes.plot([], [], "o-", color=CAMPAIGN, markersize=3, label="identified")
    axes.plot([], [], "o-", color=SOFT, markersize=3, alpha=0.55, label="not identified")
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.set(xlabel="draws of the table", ylabel="shift of the mean, deviations")
    axes.grid(axis="y")
    _legend(figure, axes, columns=3)
    write_finding(figure, title)
    return finished(figure, "growth", title)


def _rows(names: list[str], title: str, *, left: float, right: float) -> tuple[Any, Axes]:
    """Return a figure with one row a name, the first on top."""
    figure = new_figure(_ROW * len(names) + _FOOT + _LEGEND + 1.0)
    height = figure.get_figheight()
    top = head_room(figure, title, extra=0.6)
    axes = figure.add_axes((left, _FOOT / height, right - left, top - _FOOT / height))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    for row in range(0, len(names), 2):
        axes.axhspan(row - 0.5, row + 0.5, color=PALE, alpha=0.18, linewidth=0)
    return figure, axes


def _legend(figure: Any, axes: Axes, columns: int = 3) -> None:
    """Write the legend above the panel."""
    where = axes.get_position()
    lift = 0.3 if axes.get_ylim()[0] > axes.get_ylim()[1] else 0.06
    figure.legend(
        *axes.get_legend_handles_labels(), loc="lower left", ncols=columns, borderaxespad=0, columnspacing=1.2,
        handletextpad=0.5, bbox_to_anchor=(0.02, where.y1 + lift / figure.get_figheight() * 0.6),
    )  # fmt: skip


def _short(name: str) -> str:
    """Return a target's name in at most two short lines."""
    source, _, rest = name.partition(".")
    rest = rest.replace("messages_by_", "by min ").replace("_messages_per_hour", " an hour").replace("_by_", " by min ")
    return f"{source}:\n{rest}" if len(name) > _SHORT else f"{source}: {rest}"
