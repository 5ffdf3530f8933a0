"""One tree of what provoked what, drawn from its root outwards: time runs along the radius.

Only of generated audiences: on a loaded graph a node would be a real account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.canvas import (
    CAMPAIGN,
    COLOUR,
    COUNTER,
    PALE,
    SOFT,
    Drawing,
    finished,
    head_room,
    new_figure,
    write_finding,
)
from sim.report.wording import count, duration, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_NODES = 4000
SMALLEST = 5
_RINGS = ((10, "10 min"), (60, "1 h"), (360, "6 h"), (1440, "1 day"), (4320, "3 days"), (14400, "10 days"))


def _radius(minutes: np.ndarray) -> np.ndarray:
    """Return the distance from the centre: logarithmic, so that the beginning has room."""
    return np.log1p(np.asarray(minutes, float) / 4.0)


def _angles(parent: np.ndarray) -> np.ndarray:
    """Return an angle a node, so that no two branches cross.

    Parameters
    ----------
    parent : int64[k]
        Position of each node's parent, always before it; -1 at the root.

    Returns
    -------
    float64[k], radians
        Each subtree has a sector as wide as its number of leaves.
    """
    k = parent.shape[0]
    leaves = np.zeros(k)
    has_child = np.zeros(k, bool)
    has_child[parent[parent >= 0]] = True
    leaves[~has_child] = 1.0
    for node in range(k - 1, 0, -1):
        leaves[parent[node]] += leaves[node]
    start, used = np.zeros(k), np.zeros(k)
    for node in range(1, k):
        above = parent[node]
        start[node] = start[above] + used[above]
        used[above] += leaves[node]
    return 2 * np.pi * (start + leaves / 2) / leaves[0]


def finding(cascade: pd.DataFrame) -> str:
    """State in a sentence what the drawn tree shows."""
    minutes = cascade["minute"].max() - cascade["minute"].min()
    counter = float((cascade["frame"] == "counter").mean())
    turned = cascade["frame"] == "counter"
    by_node = cascade.set_index("node")["frame"]
    above = cascade["parent"].map(by_node)
    crossing = int((turned & (above == "campaign")).sum())
    return (
        f"One run's largest tree: {count(len(cascade))} messages in {duration(minutes)}, "
        f"{percent(counter)} of them counter; {count(crossing)} of these answer or pass on a campaign message"
    )


def _links(
    axes: Axes,
    x: np.ndarray,
    y: np.ndarray,
    parent: np.ndarray,
    radius: np.ndarray,
    angle: np.ndarray,
    colour: str,
    which: np.ndarray,
    raster: bool,
) -> None:
    """Draw the links to parents as curves that leave along the parent's ring."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    child = np.nonzero(which & (parent >= 0))[0]
    if child.size == 0:
        return
    above = parent[child]
    middle = (radius[above] + radius[child]) / 2
    points = np.empty((child.size, 4, 2))
    points[:, 0] = np.column_stack([x[above], y[above]])
    points[:, 1] = np.column_stack([middle * np.cos(angle[above]), middle * np.sin(angle[above])])
    points[:, 2] = np.column_stack([middle * np.cos(angle[child]), middle * np.sin(angle[child])])
    points[:, 3] = np.column_stack([x[child], y[child]])
    # from the centre every direction is open: a straight spoke
    spoke = radius[above] == 0
    points[spoke, 1] = points[spoke, 0]
    width = 0.35 if child.size > 800 else 0.6
    # many spokes run side by side: paler, or they would hide each other's colour
    for links, alpha in ((points[spoke], 0.2), (points[~spoke], 0.45)):
        if len(links):
            codes = np.tile([Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4], len(links))
            axes.add_patch(
                PathPatch(
                    Path(links.reshape(-1, 2), codes),
                    fill=False,
                    edgecolor=colour,
                    linewidth=width,
                    alpha=alpha,
                    rasterized=raster,
                )
            )


def draw_cascade(cascade: pd.DataFrame | None) -> Drawing | None:
    """Draw one replicate's largest tree; None where there is none or it is too small to show a shape."""
    if cascade is None or len(cascade) < SMALLEST:
        return None
    title = finding(cascade)
    ordered = cascade.sort_values(["minute", "node"], kind="stable")
    position = {node: place for place, node in enumerate(ordered["node"].tolist())}
    parent = np.array([position.get(node, -1) for node in ordered["parent"].tolist()], dtype=np.int64)
    whole, k = len(ordered), min(len(ordered), MOST_NODES)
    # a parent of the same minute may come later in this order: hang such a node on the root
    parent = np.where((parent < np.arange(whole)) & (parent >= 0), parent, 0)[:k]
    parent[0] = -1
    minute = ordered["minute"].to_numpy(float)[:k] - float(ordered["minute"].iloc[0])
    frame = (ordered["frame"] == "counter").to_numpy()[:k]
    radius, angle = _radius(minute), _angles(parent)
    radius[1:] = np.maximum(radius[1:], _radius(np.array([1.0]))[0])
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    height = 6.15
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.3)
    axes = figure.add_axes((0.02, 0.02, 0.96, top - 0.02))
    raster = k > 700
    _rings(axes, float(minute.max()))
    for which, colour in ((~frame, CAMPAIGN), (frame, COUNTER)):
        _links(axes, x, y, parent, radius, angle, colour, which, raster)
    size = 3.0 if k > 1500 else (7.0 if k > 300 else 16.0)
    axes.scatter(
        x[~frame],
        y[~frame],
        s=1.6 * size,
        marker="o",
        facecolors="white",
        edgecolors=COLOUR["campaign"],
        linewidths=0.7,
        zorder=3,
        rasterized=raster,
    )
    axes.scatter(
        x[frame], y[frame], s=size, marker="s", color=COLOUR["counter"], linewidths=0, zorder=3, rasterized=raster
    )
    axes.plot([0], [0], marker="*", markersize=12, color="black", zorder=4)
    _signs(figure, top + 0.27 / height, whole, k)
    write_finding(figure, title)
    return finished(figure, "cascade", title)


def _rings(axes: Axes, last: float) -> None:
    """Draw circles of equal time and name them."""
    edge = float(_radius(np.array([last]))[0]) * 1.04
    turn = np.linspace(0, 2 * np.pi, 181)
    for minutes, name in _RINGS:
        ring = float(_radius(np.array([minutes]))[0])
        if ring <= edge * 1.02:
            axes.plot(ring * np.cos(turn), ring * np.sin(turn), color=PALE, linewidth=0.8, zorder=0)
            axes.annotate(
                name,
                (0, ring),
                ha="center",
                va="center",
                fontsize=8,
                color=SOFT,
                zorder=5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
            )
    axes.set(xlim=(-edge, edge), ylim=(-edge, edge), aspect="equal")
    axes.axis("off")


def _signs(figure, top: float, whole: int, drawn: int) -> None:  # type: ignore[no-untyped-def]
    """Name the signs, and say so if only the beginning is drawn."""
    from matplotlib.lines import Line2D

    signs = [
        Line2D([], [], marker="*", color="black", markersize=9, linestyle="none"),
        Line2D([], [], marker="s", color=COUNTER, markersize=4, linewidth=1),
        Line2D([], [], marker="o", color=CAMPAIGN, markerfacecolor="white", markersize=4.5, linewidth=1),
    ]
    figure.legend(
        signs,
        ["the root", "counter", "campaign"],
        loc="upper left",
        ncols=3,
        borderaxespad=0,
        bbox_to_anchor=(0.01, top),
        columnspacing=1.2,
    )
    figure.text(0.98, top - 0.012, "distance from the centre: time", ha="right", va="center", fontsize=8, color=SOFT)
    if drawn < whole:
        figure.text(
            0.98, 0.012, f"drawn: the first {count(drawn)} of {count(whole)}", ha="right", fontsize=8, color=SOFT
        )
