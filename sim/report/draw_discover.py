"""A box among the points that it was found in, and what a smaller box gains in density and loses in coverage."""

from __future__ import annotations

import textwrap
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
from sim.study.discovery.words import ENDED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_SHADES = "cividis"


def axes_of(limits: pd.DataFrame, points: pd.DataFrame, features: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the two features to draw: those that the first box limits most surely, then those nearest to the rate."""
    first = limits[limits["box"] == 1].sort_values("chance")["feature"].tolist()
    names = [feature["name"] for feature in features]
    varying = [name for name in names if points[name].nunique() > 1]
    near = sorted(varying, key=lambda name: -abs(points[name].corr(points["rate"]) or 0.0))
    return list(dict.fromkeys([*first, *near]))[:2]


def draw_box(
    points: pd.DataFrame, limits: pd.DataFrame, summary: Mapping[str, Any], features: Sequence[Mapping[str, Any]]
) -> Drawing | None:
    """Draw the points over the two features that the first box limits most, and the box; None with one feature."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    shown = axes_of(limits, points, features)
    if len(shown) < 2:
        return None
    words = {feature["name"]: feature["words"] for feature in features}
    title = box_title(summary)
    height = 4.5
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.3)
    axes = figure.add_axes((0.125, 0.55 / height, 0.71, top - 0.55 / height))
    own = limits[limits["box"] == 1]
    others = [row for row in own.to_dict("records") if row["feature"] not in shown]
    inside = np.ones(len(points), dtype=bool)
    for row in others:
        inside &= ((points[row["feature"]] > row["low"]) & (points[row["feature"]] <= row["high"])).to_numpy()
    shades = ScalarMappable(Normalize(0, 1), _SHADES)  # its own, since signs are see-through
    for kept, size, alpha in ((~inside, 7, 0.3), (inside, 20, 0.95)):
        axes.scatter(
            points[shown[0]][kept], points[shown[1]][kept], c=points["rate"][kept], cmap=_SHADES, vmin=0, vmax=1,
            s=size, alpha=alpha, linewidths=0.35, edgecolors=INK, zorder=2 if kept is inside else 1,
        )  # fmt: skip
    for place, feature in enumerate(shown):
        low, high = points[feature].min(), points[feature].max()
        margin = 0.02 * (high - low)
        (axes.set_xlim if place == 0 else axes.set_ylim)(low - margin, high + margin)
    if len(own):
        _outline(axes, own, shown)
    axes.set(xlabel=words[shown[0]], ylabel=words[shown[1]])
    bar = figure.colorbar(shades, cax=figure.add_axes((0.86, 0.55 / height, 0.022, top - 0.55 / height)))
    bar.set_ticks([0, 0.25, 0.5, 0.75, 1], labels=[f"{share} %" for share in (0, 25, 50, 75, 100)])
    bar.set_label(f"share of a point's runs that ended {ENDED[summary['verdict']]}")
    figure.text(0.02, top + 0.07 / height, _key(summary, others, words), fontsize=8.5, color=SOFT, va="bottom")
    write_finding(figure, title)
    return finished(figure, "box", title)


def _key(summary: Mapping[str, Any], others: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> str:
    """Say what the signs are."""
    frame = "frame: the box" if summary["boxes"] else "no box"
    if not others:
        return frame
    beyond = textwrap.shorten(", ".join(words[row["feature"]] for row in others), 70, placeholder=" ...")
    return f"{frame}; small and pale: points outside it in {beyond}"


def _outline(axes: Axes, own: pd.DataFrame, shown: Sequence[str]) -> None:
    """Draw the box's limits."""
    from matplotlib.patches import Rectangle

    ends = []
    for feature, whole in zip(shown, (axes.get_xlim(), axes.get_ylim()), strict=True):
        rows = own[own["feature"] == feature]
        low, high = (float(rows[end].iloc[0]) if len(rows) else np.inf for end in ("low", "high"))
        ends.append((low if np.isfinite(low) else whole[0], high if np.isfinite(high) else whole[1]))
    (left, right), (bottom, upper) = ends
    for colour, width in (("white", 3.6), (COUNTER, 2.0)):
        axes.add_patch(
            Rectangle((left, bottom), right - left, upper - bottom, fill=False, edgecolor=colour, linewidth=width,
                      zorder=3, clip_on=False)
        )  # fmt: skip


def box_title(summary: Mapping[str, Any]) -> str:
    """State the first box."""
    ended, overall = ENDED[summary["verdict"]], summary["overall"]
    base = f"{100 * overall['rate']:.0f} of 100" if overall else "no run known"
    if not summary["boxes"]:
        return f"No box: nowhere surely {ended} more often than elsewhere ({base})"
    box = summary["boxes"][0]
    words = box["words"][:1].upper() + box["words"][1:]
    return f"{words}: {ended} in {100 * box['density']:.0f} of 100 runs, against {base} over all"


def draw_trade_off(trade_off: pd.DataFrame, boxes: pd.DataFrame, summary: Mapping[str, Any]) -> Drawing:
    """Draw density against coverage of each box of the first peeling, on both parts of the points, and the one told."""
    rows = trade_off[trade_off["density_held_out"].notna()]
    title = trade_off_title(summary, boxes)
    height = 3.6
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.4)
    axes = figure.add_axes((0.125, 0.55 / height, 0.84, top - 0.55 / height))
    axes.fill_between(
        rows["coverage_held_out"], rows["density_held_out_lo"], rows["density_held_out_hi"], color=COUNTER, alpha=0.18,
        linewidth=0,
    )  # fmt: skip
    axes.plot(
        rows["coverage_held_out"], rows["density_held_out"], color=COUNTER, linewidth=1.8, label="points held out"
    )
    axes.plot(
        trade_off["coverage_found"], trade_off["density_found"], color=CAMPAIGN, linewidth=1.4, linestyle=(0, (4, 2)),
        label="points that it was found on",
    )  # fmt: skip
    overall = summary["overall"]["rate"]
    axes.axhline(overall, color=SOFT, linewidth=0.9, linestyle=":")
    axes.text(0.01, overall, f"over all {100 * overall:.0f} %", fontsize=8, color=SOFT, va="bottom")
    if len(boxes):
        first = boxes.iloc[0]
        axes.plot([first["coverage"]] * 2, [first["density_lo"], first["density_hi"]], color=INK, linewidth=1.2)
        axes.plot(
            [first["coverage"]], [first["density"]], marker="D", color=INK, markersize=6, linestyle="none",
            label="the box that is told, held out",
        )  # fmt: skip
    axes.set(xlim=(0, 1.02), ylim=(0, 1.03), ylabel="density: share of runs inside")
    axes.set_xlabel(f"coverage: share of all runs that ended {ENDED[summary['verdict']]} that lie inside")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(np.arange(0, 1.01, 0.2), labels=[f"{share:.0f} %" for share in np.arange(0, 101, 20)])
    quiet(axes, "y")
    figure.legend(
        loc="upper left", bbox_to_anchor=(0.02, top + 0.36 / height), ncols=3, borderaxespad=0, columnspacing=1.0,
        handlelength=1.7, handletextpad=0.5,
    )  # fmt: skip
    write_finding(figure, title)
    return finished(figure, "trade_off", title)


def trade_off_title(summary: Mapping[str, Any], boxes: pd.DataFrame) -> str:
    """State what the box gains and loses."""
    if not len(boxes):
        return "Smaller boxes gain density on the points that they were found on, and none on those held out"
    first, base = boxes.iloc[0], summary["overall"]["rate"]
    return (
        f"The box holds {100 * first['mass']:.0f} of 100 points and {100 * first['coverage']:.0f} of 100 "
        f"{'hijacks' if summary['verdict'] == 'hijacked' else 'such runs'}: "
        f"density {100 * first['density']:.0f} % instead of {100 * base:.0f} %"
    )
