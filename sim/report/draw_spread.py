"""How far the replicates lie apart: volume against hijack share, one sign a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.canvas import (
    SOFT,
    VERDICT_COLOUR,
    VERDICT_MARKER,
    Drawing,
    finished,
    head_room,
    new_figure,
    quiet,
    write_finding,
)
from sim.report.run_study import VERDICTS
from sim.report.wording import between, count, percent, percent_range

if TYPE_CHECKING:
    import pandas as pd

_WORDS = {"hijacked": "hijacked", "contested": "contested", "viral_positive": "viral positive", "fizzled": "fizzled"}


def _drawn(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs that have messages."""
    return runs[(runs["messages"] > 0) & runs["hijack_share"].notna()]


def finding(runs: pd.DataFrame, represents: float) -> str:
    """State in a sentence how far the replicates lie apart."""
    drawn = _drawn(runs)
    share = drawn["hijack_share"].astype(float).quantile([0.1, 0.9])
    volume = represents * drawn["messages"].astype(float).quantile([0.1, 0.9])
    if len(drawn) == 1 and len(runs) > 1:
        share_of_one, volume_of_one = percent(drawn["hijack_share"].iloc[0]), represents * drawn["messages"].iloc[0]
        messages = f"{count(volume_of_one)} message{'' if volume_of_one == 1 else 's'}"
        return f"Only 1 of {count(len(runs))} runs had a message: {messages}, {share_of_one} of them counter"
    if len(drawn) == 1:
        lone = drawn.iloc[0]
        share_of_one = percent(lone["hijack_share"])
        return f"The one run: {count(represents * lone['messages'])} messages, {share_of_one} of them counter"
    volumes, shares = between(volume[0.1], volume[0.9], count), percent_range(share[0.1], share[0.9])
    return f"Same post, same people, other luck: 8 of 10 runs end with {volumes} messages, {shares} of them counter"


def draw_spread(runs: pd.DataFrame, represents: float) -> Drawing | None:
    """Draw each replicate's volume against its hijack share; None where no run had a message."""
    drawn = _drawn(runs)
    if drawn.empty:
        return None
    title = finding(runs, represents)
    height = 3.75
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.42)
    axes = figure.add_axes((0.135, 0.5 / height, 0.83, top - 0.5 / height))
    for low, high, word in ((0, 0.35, "campaign's"), (0.35, 0.65, "contested"), (0.65, 1, "counter-frame's")):
        axes.text(
            (low + high) / 2, 1.015, word, transform=axes.get_xaxis_transform(), ha="center", fontsize=8, color=SOFT
        )
        if low:
            axes.axvline(low, color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)))
    for verdict in VERDICTS:
        lines = drawn[drawn["verdict"] == verdict]
        if lines.empty:
            continue
        hollow = verdict in ("viral_positive", "contested")
        marker, colour = VERDICT_MARKER[verdict], VERDICT_COLOUR[verdict]
        looks: dict[str, Any] = (
            {"color": colour} if marker == "x" else {"facecolors": "none" if hollow else colour, "edgecolors": colour}
        )
        axes.scatter(
            lines["hijack_share"].astype(float),
            represents * lines["messages"].astype(float),
            s=15,
            marker=marker,
            linewidths=1.0,
            alpha=0.6,
            label=f"{_WORDS[verdict]} ({len(lines)})",
            **looks,
        )
    axes.set(xlim=(-0.015, 1.015), yscale="log", xlabel="hijack share: counter messages / all messages on the tag")
    axes.set_ylabel("messages in the run")
    _volume_axis(axes, represents * drawn["messages"].to_numpy(float))
    axes.set_xticks(np.arange(0, 1.01, 0.2), [f"{value:.0f} %" for value in np.arange(0, 101, 20)])
    quiet(axes, "y")
    figure.legend(
        loc="upper left",
        bbox_to_anchor=(0.115, top + 0.4 / height),
        ncols=4,
        borderaxespad=0,
        columnspacing=0.9,
        handletextpad=0.1,
    )
    write_finding(figure, title)
    return finished(figure, "spread", title)


def _volume_axis(axes, volumes: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    """Set limits and round ticks of the logarithmic axis of volume."""
    from matplotlib.ticker import FixedLocator, NullLocator

    low, high = volumes.min() / 1.5, volumes.max() * 1.5
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    steps = (1, 2, 5) if high / low < 200 else (1,) if high / low > 5000 else (1, 3)
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(
        FixedLocator([s * 10.0**p for p in powers for s in steps if low <= s * 10.0**p <= high])
    )
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _: count(value))
