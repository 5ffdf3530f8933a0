"""What a sweep of an answer's minute comes to, in sentences; each carries the sizes that it assumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.study.answers.library import in_words
from sim.study.answers.outcomes import Judged, judged_by

if TYPE_CHECKING:
    import pandas as pd


def assumed(summary: Mapping[str, Any]) -> str:
    """Return the sizes that are assumed, in words."""
    told = [f"{each['name'].rpartition('.')[2]} {each['central']:.2g}" for each in summary["effects"]]
    return " and ".join(told)


def told_difference(value: float, judged: Judged) -> str:
    """Return a difference in the outcome's own words."""
    points = round(value * judged.scale, 1) + 0.0  # no -0
    return f"{points:.0f}" if abs(points) >= 0.95 or points == 0.0 else f"{points:.1f}"


def finding(summary: Mapping[str, Any], window: pd.DataFrame) -> str:
    """Return until when it helps, in a sentence or two, with what that rests on."""
    judged = judged_by(summary["by"])
    rows = window[window["size"] == "central"].set_index("minute")
    reach = summary["reach"]["central"]
    condition = f"If the effect is as assumed ({assumed(summary)})" if summary["effects"] else "As configured"
    doing, unit = summary["policy"], _unit(judged)
    shown = _two_minutes(rows, judged, reach["until"])
    told = [f"{saved(rows.loc[at], judged)} {unit if not place else ''}".strip() + f" at {in_words(at)}"
            for place, at in enumerate(shown)]  # fmt: skip
    if reach["until"] is None:
        sentence = f"{condition}, {doing} cannot be told to help at any minute tried"
        if not reach["harms"]:
            low, high = (told_difference(float(end(rows["outcome"])), judged) for end in (min, max))
            silent, much = told_difference(summary["silent"], judged), saved(rows.loc[shown[0]], judged)
            sentence += (
                f": {_what(judged)} is {silent} with silence and {low if low == high else f'{low} to {high}'} with it; "
                f"{much} {unit} {'saved' if judged.sign > 0 else 'won'} at {in_words(shown[0])}"
            )
    else:
        sentence = f"{condition}, {doing} {'saves' if judged.sign > 0 else 'wins'} {' and '.join(told)}; "
        sentence += _until(reach, list(rows.index))
    if reach["harms"]:
        worst = max(reach["harms"], key=lambda at: judged.sign * rows.loc[at, "difference"])
        which = ", ".join(in_words(at) for at in reach["harms"])
        sentence += (
            f"; it makes things worse at {which}: at {in_words(worst)} it {added(rows.loc[worst], judged)} {unit}"
        )
    return f"{sentence}.{_over_span(summary)}"


def _what(judged: Judged) -> str:
    """Return what is judged, in words."""
    return judged.title.partition(",")[0]


def _unit(judged: Judged) -> str:
    """Return what is saved, in words."""
    return "points of P(hijacked)" if judged.name == "hijacked" else (
        "points of P(viral positive)" if judged.name == "viral_positive" else
        "points of hijack share" if judged.name == "hijack_share" else judged.unit
    )  # fmt: skip


def saved(row: Mapping[Any, Any] | pd.Series, judged: Judged) -> str:
    """Return what an answer saves at a minute, with its interval: ``31 (20 to 42)``."""
    ends = sorted(-judged.sign * row[name] for name in ("difference_lo", "difference_hi"))
    low, high = (told_difference(end, judged) for end in ends)
    return f"{told_difference(-judged.sign * row['difference'], judged)} ({low} to {high})"


def added(row: Mapping[Any, Any] | pd.Series, judged: Judged) -> str:
    """Return what an answer does where it makes things worse: ``adds 20 (8 to 32)``."""
    ends = sorted(judged.sign * row[name] for name in ("difference_lo", "difference_hi"))
    low, high = (told_difference(end, judged) for end in ends)
    mean = told_difference(judged.sign * row["difference"], judged)
    return f"{'adds' if judged.sign > 0 else 'loses'} {mean} ({low} to {high})"


def _two_minutes(rows: pd.DataFrame, judged: Judged, until: float | None) -> list[int]:
    """Return an early and a late minute: the best of the first hour, and three hours or the next later one."""
    minutes = [int(at) for at in rows.index]
    early = [at for at in minutes if at <= 60] or minutes[:1]
    best = 20 if 20 in early else min(early, key=lambda at: judged.sign * rows.loc[at, "difference"])
    late = next((at for at in minutes if at >= 180 and at > best), minutes[-1])
    return [best] if late == best else [best, late]


def _until(reach: Mapping[str, Any], minutes: Sequence[int]) -> str:
    """Return until when it helps."""
    if reach["not_at"] is None:
        return f"it still helps at {in_words(reach['until'])}, the latest minute tried"
    return f"it can be told to help until {in_words(reach['until'])}, no longer at {in_words(reach['not_at'])}"


def _over_span(summary: Mapping[str, Any]) -> str:
    """Return what holds at both ends of the spans."""
    if not summary["effects"]:
        return ""
    sizes = {size: " and ".join(f"{each[size]:.2g}" for each in summary["effects"]) for size in ("low", "high")}
    until = {size: summary["reach"][size]["until"] for size in sizes}
    if not any(until.values()) and summary["reach"]["central"]["until"] is None:
        return f" The size is assumed; nor does it help with {sizes['low']} or {sizes['high']}."
    told = [
        f"with {sizes[size]} " + ("at no minute" if until[size] is None else f"until {in_words(until[size])}")
        for size in sizes
    ]
    return f" The size is assumed: {' and '.join(told)}."
