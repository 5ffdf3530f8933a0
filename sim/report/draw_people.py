"""Who took part, by age band and community, and who started the counter-frame, by role and size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import (
    COLOUR,
    COUNTER,
    MARKER,
    SOFT,
    Drawing,
    drawable,
    finished,
    head_room,
    new_figure,
    quiet,
    write_finding,
)
from sim.report.wording import count, known, number, rate

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ROW = 0.235  # inches
_DIMENSIONS = {"cohort": "age band", "community": "community", "role": "role"}


def _range(axes: Axes, place: float, line: Mapping[Any, Any] | pd.Series, frame: str, scale: float) -> None:
    """Draw one mean with its range over replicates."""
    if known(line["mean"]) is None:
        return
    low, high = known(line["lo"]), known(line["hi"])
    if low is not None and high is not None:
        axes.plot(
            [scale * low, scale * high],
            [place, place],
            color=COLOUR[frame],
            linewidth=2.2,
            alpha=0.5,
            solid_capstyle="butt",
        )
    face = COLOUR[frame] if frame == "counter" else "white"
    axes.plot(
        [scale * line["mean"]],
        [place],
        marker=MARKER[frame],
        color=COLOUR[frame],
        markerfacecolor=face,
        markeredgewidth=1.4,
        markersize=5.5,
        linestyle="none",
        clip_on=False,
    )


def participation_finding(participation: pd.DataFrame) -> str:
    """State in a sentence which group takes part most."""
    ages = participation[participation["dimension"] == "cohort"].dropna(subset=["mean"])
    counter, campaign = (ages[ages["frame"] == frame] for frame in ("counter", "campaign"))
    frame, lines = ("counter", counter) if counter["mean"].sum() >= campaign["mean"].sum() else ("campaign", campaign)
    if lines.empty or not lines["mean"].max() > 0:
        return "Hardly anybody takes part"
    most, least = lines.loc[lines["mean"].idxmax()], lines.loc[lines["mean"].idxmin()]
    side = "against the sender" if frame == "counter" else "with the sender"
    times = most["mean"] / least["mean"] if least["mean"] > 0 else None
    beside = f", {number(round(times, 1))} times the rate of {_name(least['group'])}" if times and times >= 1.3 else ""
    return f"Most active {side}: age {_name(most['group'])} ({rate(most['mean'])} of them post){beside}"


def _name(group: object) -> str:
    """Return a group's name as it is printed: age bands with an en dash."""
    return drawable(re.sub(r"(\d+)-(\d+)", "\\1\N{EN DASH}\\2", str(group)))


def draw_participation(participation: pd.DataFrame) -> Drawing | None:
    """Draw the share of each group that put out a message, by frame; None where nobody did."""
    shown = participation.dropna(subset=["mean"])
    if shown.empty or not shown["mean"].max() > 0:
        return None
    title = participation_finding(participation)
    places: dict[tuple[str, str], float] = {}
    headings, place = [], 0.0
    for dimension in dict.fromkeys(participation["dimension"]):
        headings.append((place, _DIMENSIONS.get(dimension, str(dimension))))
        for group in dict.fromkeys(participation.loc[participation["dimension"] == dimension, "group"]):
            place += 1
            places[dimension, group] = place
        place += 1.15
    height = 1.15 + _ROW * place
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.32)
    axes = figure.add_axes((0.215, 0.5 / height, 0.765, top - 0.5 / height))
    for line in participation.to_dict("records"):
        shift = -0.17 if line["frame"] == "counter" else 0.17
        _range(axes, places[line["dimension"], line["group"]] + shift, line, line["frame"], 100.0)
    axes.set(ylim=(place - 0.4, -0.55), xlabel="of 100 people, how many put out a message (bar: 8 of 10 runs)")
    axes.set_xlim(0, None)
    axes.set_yticks(list(places.values()), [_name(group) for _, group in places])
    for at, word in headings:
        axes.annotate(
            word,
            (0, at),
            xycoords=("axes fraction", "data"),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8.5,
            fontweight="bold",
            color=SOFT,
        )
    quiet(axes, "x")
    _legend(figure, axes, top + 0.3 / height)
    write_finding(figure, title)
    return finished(figure, "participation", title)


def _legend(figure, axes: Axes, top: float) -> None:  # type: ignore[no-untyped-def]
    """Name both frames' signs above the axes."""
    from matplotlib.lines import Line2D

    signs = [
        Line2D(
            [],
            [],
            marker=MARKER[f],
            color=COLOUR[f],
            markerfacecolor=COLOUR[f] if f == "counter" else "white",
            markeredgewidth=1.4,
            markersize=5.5,
            linewidth=2.2,
        )
        for f in ("counter", "campaign")
    ]
    figure.legend(
        signs,
        ["counter messages", "campaign messages"],
        loc="upper left",
        ncols=2,
        borderaxespad=0,
        bbox_to_anchor=(axes.get_position().x0 - 0.01, top),
        columnspacing=1.4,
    )


def starters_finding(starters: pd.DataFrame) -> str:
    """State in a sentence who wrote the first counter messages."""
    by_role = starters.groupby("role", sort=False)["mean"].sum().sort_values(ascending=False, kind="stable")
    total = float(by_role.sum())
    if not total > 0:
        return "There was no counter message"
    sizes = starters[starters["role"] == by_role.index[0]]
    most = sizes.loc[sizes["mean"].idxmax()]
    lead = f"Of the first {count(round(total))} counter messages {count(round(by_role.iloc[0]))} come from "
    lead += _many(by_role.index[0])
    second = ""
    if len(by_role) > 1 and round(by_role.iloc[1]) >= 1:
        second = f", {count(round(by_role.iloc[1]))} from {_many(by_role.index[1])}"
    return f"{lead} ({count(round(most['mean']))} of these with {most['followers']} followers){second}"


def _many(role: object) -> str:
    """Return a role's plural."""
    return {"ally": "allies"}.get(str(role), f"{role}s")


def draw_starters(starters: pd.DataFrame) -> Drawing | None:
    """Draw who wrote the first 50 counter messages: by role and size, never by name; None if there was none."""
    shown = starters.dropna(subset=["mean"])
    total = float(shown["mean"].sum())
    if shown.empty or not total > 0:
        return None
    title = starters_finding(shown)
    by_role = shown.groupby("role", sort=False)["mean"].sum().sort_values(ascending=False, kind="stable")
    place, labels, headings, few = 0.0, {}, [], []
    for role in by_role.index:
        if by_role[role] < 0.1:
            few.append(str(role))
            continue
        headings.append((place, str(role)))
        for _, line in shown[shown["role"] == role].iterrows():
            place += 1
            labels[place] = line
        place += 1.15
    low = 0.52 if not few else 0.67
    height = 1.0 + low - 0.4 + _ROW * place
    figure = new_figure(height)
    top = head_room(figure, title, extra=0.3)
    axes = figure.add_axes((0.235, low / height, 0.745, top - low / height))
    figure.text(
        0.02,
        top + 0.16 / height,
        "rows: role, and number of followers in the audience",
        va="center",
        fontsize=8,
        color=SOFT,
    )
    for at, line in labels.items():
        _range(axes, at, line, "counter", 1.0)
        axes.barh(at, line["mean"], height=0.62, color=COUNTER, alpha=0.16, linewidth=0)
    axes.set(ylim=(place - 0.4, -0.55), xlabel=_starters_axis(few))
    axes.set_xlim(0, None)
    axes.set_yticks(list(labels), [drawable(str(line["followers"])) for line in labels.values()])
    for at, role in headings:
        axes.annotate(
            drawable(_many(role)),
            (0, at),
            xycoords=("axes fraction", "data"),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8.5,
            fontweight="bold",
            color=SOFT,
        )
    quiet(axes, "x")
    write_finding(figure, title)
    return finished(figure, "starters", title)


def _starters_axis(few: list[str]) -> str:
    """Return the words below the axis; roles that wrote next to nothing are named there."""
    words = "of the first 50 counter messages (mean; bar: 8 of 10 runs)"
    return words + (f"\nleft out, below 0.1 in all: {', '.join(few)}" if few else "")
