"""The page of a reference table: what draws foretell of each campaign, what was fitted, and what was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.outcome.verdict import VERDICTS
from sim.report import fit_page
from sim.report.canvas import (
    INK,
    VERDICT_COLOUR,
    Drawing,
    finished,
    head_room,
    house_style,
    new_figure,
    quiet,
    write_finding,
)
from sim.report.parts import Section, Table
from sim.report.wording import count

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ROW, _FOOT, _LEGEND = 0.26, 0.5, 0.3
_SHOWN = {"hijacked": "hijacked", "contested": "contested", "viral_positive": "viral positive", "fizzled": "fizzled"}
_HATCH = {"hijacked": "", "contested": "///", "viral_positive": "", "fizzled": "..."}
_QUANTITIES = {
    "messages": ("messages", 0), "hijack_share": ("hijack share", 2), "retweet_share": ("share passed on", 2),
    "takeover_minutes": ("takeover, min", 0), "acts_once": ("act once", 2), "tree_virality": ("virality", 1),
}  # fmt: skip


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw the share of draws that end with each verdict, a bar a campaign."""
    fitted = fit_page.drawings(tables, summary) if summary["fit"] is not None else []
    campaigns = {name: each for name, each in summary["predictive"].items() if each["verdict"]["hijacked"] is not None}
    if not campaigns:
        return fitted
    title = summary["finding"].rstrip(".")
    with house_style():
        figure = new_figure(_ROW * len(campaigns) + _FOOT + _LEGEND + 0.75)
        height = figure.get_figheight()
        top = head_room(figure, title) - _LEGEND / height
        axes = figure.add_axes((0.27, _FOOT / height, 0.69, top - _FOOT / height))
        _bars(axes, campaigns)
        write_finding(figure, title)
        return [finished(figure, "prior", title), *fitted]


def _bars(axes: Axes, campaigns: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw one bar a campaign, the first on top."""
    names = list(campaigns)
    left = [0.0] * len(names)
    for verdict in sorted(VERDICTS, key=list(_SHOWN).index):
        shares = [100 * campaigns[name]["verdict"][verdict] for name in names]
        axes.barh(
            names, shares, left=left, height=0.72, color=VERDICT_COLOUR[verdict], edgecolor="white", linewidth=0.6,
            hatch=_HATCH[verdict], label=_SHOWN[verdict],
        )  # fmt: skip
        left = [begin + share for begin, share in zip(left, shares, strict=True)]
    axes.set(xlim=(0, 100), xlabel="share of the draws, %")
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelcolor=INK)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=4, borderaxespad=0.2, handlelength=1.4)
    quiet(axes, "x")


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return what the draws foretell, in numbers, and what is drawn."""
    told = [
        [name, *(_range(each.get(quantity), digits) for quantity, (_, digits) in _QUANTITIES.items())]
        for name, each in summary["predictive"].items()
    ]
    drawn = [[each["name"], f"{each['low']:.4g}", f"{each['high']:.4g}", each["unit"], each["title"]]
             for each in summary["universal"]]  # fmt: skip
    audiences = ", ".join(f"{name} {count(each['rows'])}" for name, each in summary["campaigns"].items())
    fitted = fit_page.sections(tables, summary) if summary["fit"] is not None else []
    return [
        *fitted,
        Section("What the draws foretell", notes=[
            "Medians, and 5 % to 95 % points, over the draws in which there is a value. An observation outside "
            "of these could be met by no fit.",
            f"Rows of the audience: {audiences}. Volumes are those of so many rows, not of a case's real public.",
        ], table=Table(["campaign", *(title for title, _ in _QUANTITIES.values())], told)),
        Section("What is drawn", notes=[
            "Every draw takes one value of each of these, the same for all campaigns, and for each campaign one of "
            "each of its own inputs; all independent of one another. People and graphs are those of "
            f"{summary['graphs']} seeds by turns, luck is another one in each draw.",
        ], table=Table(["parameter", "from", "to", "unit", "what it is"], drawn)),
    ]  # fmt: skip


def _range(told: Mapping[str, Any] | None, digits: int) -> str:
    """Return three points of a quantity as text."""
    if told is None or told["mid"] is None:
        return "–"
    return f"{told['mid']:,.{digits}f} ({told['lo']:,.{digits}f} to {told['hi']:,.{digits}f})"
