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

FITTED_FROM = 1_000_000
TIMES = (
    ("build_cpu", "build, once (CPU, all threads)", COUNTER, "s", "-"),
    ("run_cpu", "one run of 72 hours (CPU)", CAMPAIGN, "o", (0, (4.5, 1.6))),
    ("open_seconds", "open again (elapsed)", SOFT, "^", (0, (1, 1.4))),
)
MEMORY = (
    ("build_peak_mb", "building", COUNTER, "s", "-"),
    ("run_peak_mb", "running", CAMPAIGN, "o", (0, (4.5, 1.6))),
)


def slope(rows: np.ndarray, values: np.ndarray) -> float:
    """Return the slope of a straight line through logarithms, from ``FITTED_FROM`` rows on."""
    big = rows >= FITTED_FROM
    return float(np.polyfit(np.log(rows[big]), np.log(values[big]), 1)[0])


def plain(value: float, place: object = None) -> str:
    """Return a number as people write it: 0.01, 10, 1,000,000."""
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def draw(sizes: list[dict[str, Any]]) -> tuple[dict[str, float], bytes]:
    """Return the slopes by name, and the figure as PNG."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    rows = np.array([size["rows"] for size in sizes], dtype=float)
    column = {name: np.array([size[name] for size in sizes], dtype=float) for name in sizes[0]}
    slopes = {name: slope(rows, column[name]) for name, *_ in TIMES + MEMORY}
    first, last = sizes[0], sizes[-1]
    steep = [slopes[name] for name in ("build_cpu", "run_cpu", "build_peak_mb", "run_peak_mb")]
    finding = (
        f"From a million rows on, time and memory grow as rows to the {min(steep):.1f} to {max(steep):.1f}; "
        f"P(hijacked) goes from {first['hijacked']:.2f} at {first['rows']:,} rows to {last['hijacked']:.2f} "
        f"at {last['rows']:,}"
    )
    with house_style():
        figure = new_figure(8.2)
        write_finding(figure, finding)
        time, memory, odds = figure.subplots(
            3, 1, sharex=True, gridspec_kw={"top": head_room(figure, finding), "bottom": 0.065, "left": 0.14,
                                            "right": 0.93, "hspace": 0.14}
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
            axes.yaxis.set_major_locator(LogLocator(subs=(1.0,) if axes is time else (1.0, 2.0, 5.0)))
            axes.yaxis.set_major_formatter(FuncFormatter(plain))
            axes.yaxis.set_minor_formatter(NullFormatter())
        reach = [column["hijacked"] - column["hijacked_lo"], column["hijacked_hi"] - column["hijacked"]]
        odds.errorbar(rows, column["hijacked"], yerr=reach, color=INK, marker="D", markersize=4, linewidth=1.2,
                      capsize=3)  # fmt: skip
        for size in sizes:
            # below, and beside the line where it falls steeply to the left
            beside, where = (4, "left") if size["hijacked"] > 0.5 else (0, "center")
            odds.annotate(f"{size['runs']} runs", (size["rows"], size["hijacked_lo"]), (beside, -11),
                          textcoords="offset points", ha=where, fontsize=7.5, color=SOFT)  # fmt: skip
        odds.set_ylim(-0.15, 1.08)
        odds.set_yticks([0, 0.25, 0.5, 0.75, 1])
        odds.set_ylabel("P(hijacked), 95 % interval")
        odds.set_xlabel("rows of the audience, one to one")
        odds.set_xscale("log")
        odds.set_xlim(0.6 * rows[0], 2.2 * rows[-1])
        odds.xaxis.set_major_formatter(FuncFormatter(plain))
        odds.grid(axis="y")
        return slopes, finished(figure, "scale", finding).png
