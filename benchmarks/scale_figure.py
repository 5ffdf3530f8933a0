"""The figure of docs/scale.md: time, memory and P(hijacked) against the size of the audience."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.report.canvas import (
    CAMPAIGN,
    COUNTER,
    INK,
    SOFT,
    finished,
    head_room,
    house_style,
    new_figure,
    write_finding,
)

FITTED_FROM = 100_000
TIMES = (
    ("build_seconds", "build, once", COUNTER, "s", "-"),
    ("run_seconds", "one run of 72 hours", CAMPAIGN, "o", (0, (4.5, 1.6))),
    ("open_seconds", "open again", SOFT, "^", (0, (1, 1.4))),
)
MEMORY = (
    ("build_peak_mb", "building", COUNTER, "s", "-"),
    ("run_peak_mb", "running", CAMPAIGN, "o", (0, (4.5, 1.6))),
)


def slope(rows: np.ndarray, values: np.ndarray) -> float:
    """Return the slope of a straight line through logarithms, from ``FITTED_FROM`` rows on."""
    big = rows >= FITTED_FROM
    return float(np.polyfit(np.log(rows[big]), np.log(values[big]), 1)[0])


def draw(sizes: list[dict[str, Any]]) -> tuple[dict[str, float], bytes]:
    """Return the slopes by name, and the figure as PNG."""
    rows = np.array([size["rows"] for size in sizes], dtype=float)
    column = {name: np.array([size[name] for size in sizes], dtype=float) for name in sizes[0]}
    slopes = {name: slope(rows, column[name]) for name, *_ in TIMES + MEMORY}
    first, last = sizes[0], sizes[-1]
    finding = (
        f"Time and memory grow about in proportion to the audience; P(hijacked) goes from {first['hijacked']:.2f} at "
        f"{first['rows']:,} rows to {last['hijacked']:.2f} at {last['rows']:,}"
    )
    with house_style():
        figure = new_figure(8.2)
        write_finding(figure, finding)
        time, memory, odds = figure.subplots(
            3, 1, sharex=True, gridspec_kw={"top": head_room(figure, finding), "bottom": 0.065, "left": 0.14,
                                            "right": 0.97, "hspace": 0.14}
        )  # fmt: skip
        for axes, lines, unit in ((time, TIMES, "seconds"), (memory, MEMORY, "peak memory, MB")):
            for name, label, colour, marker, dashes in lines:
                axes.plot(
                    rows, column[name], color=colour, marker=marker, markersize=4, linestyle=dashes, linewidth=1.4,
                    label=f"{label} (slope {slopes[name]:.2f})",
                )  # fmt: skip
            axes.set_yscale("log")
            axes.set_ylabel(unit)
            axes.grid(axis="y")
            axes.legend(loc="upper left")
        time.fill_between(rows, column["run_fastest"], column["run_slowest"], color=CAMPAIGN, alpha=0.18, linewidth=0)
        reach = [column["hijacked"] - column["hijacked_lo"], column["hijacked_hi"] - column["hijacked"]]
        odds.errorbar(rows, column["hijacked"], yerr=reach, color=INK, marker="D", markersize=4, linewidth=1.2,
                      capsize=3)  # fmt: skip
        for size in sizes:
            odds.annotate(f"{size['runs']} runs", (size["rows"], size["hijacked_lo"]), (0, -11),
                          textcoords="offset points", ha="center", fontsize=7.5, color=SOFT)  # fmt: skip
        odds.set_ylim(-0.16, 1.08)
        odds.set_yticks([0, 0.25, 0.5, 0.75, 1])
        odds.set_ylabel("P(hijacked), 95 % interval")
        odds.set_xlabel("rows of the audience, one to one")
        odds.set_xscale("log")
        odds.grid(axis="y")
        return slopes, finished(figure, "scale", finding).png
