"""The page of a search for boxes: where a verdict is likelier than elsewhere, how surely, and what a box misses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import Drawing, house_style
from sim.report.draw_discover import draw_box, draw_trade_off
from sim.report.parts import Section, Table
from sim.report.wording import number, percent, percent_range
from sim.study.discovery.words import ENDED

if TYPE_CHECKING:
    import pandas as pd

_READ = (
    "Density is the share of the runs inside that end so, coverage the share of all such runs that lie inside, mass "
    "the share of the points. All three are of the held-out points; a box is told only if these bear it out."
)
_SHARES = ("density", "density_lo", "density_hi", "coverage")
_READ_LIMITS = (
    "Chance: how often the held-out points would look like this without the input's limits. Support: in how many of 20 "
    "resamples of the other points the search limits the input too; a low one says that another box would do as well."
)
_READ_TRADE_OFF = (
    "Each step of the search takes a slice away. To the left boxes are smaller and purer, and miss more; where the two "
    "lines part, the search has begun to follow luck."
)


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw the first box among its points, and the trade-off."""
    if summary["overall"] is None:
        return []
    with house_style():
        drawn = [
            draw_box(tables["points"], tables["limits"], summary, summary["features"]),
            draw_trade_off(tables["trade_off"], tables["boxes"], summary),
        ]
    return [drawing for drawing in drawn if drawing is not None]


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the parts of the page."""
    ended = ENDED[summary["verdict"]]
    found = [Section(f"Where runs are {ended} more often than elsewhere", ["box"], [_READ], _boxes(tables["boxes"]))]
    if len(tables["limits"]):
        found.append(Section("How sure each limit is", notes=[_READ_LIMITS], table=_limits(tables["limits"], summary)))
    found.append(Section("What a smaller box would gain and miss", ["trade_off"], [_READ_TRADE_OFF, *_purer(summary)]))
    found.append(Section("What was varied", table=_features(summary)))
    return found


def _purer(summary: Mapping[str, Any]) -> list[str]:
    """Return the sentence on a purer box."""
    box = summary["purer"]
    if box is None:
        return []
    density, low, high, coverage = (f"{100 * box[name]:.0f}" for name in _SHARES)
    return [
        f"Purer, and smaller: {box['words']}: {ENDED[summary['verdict']]} in {density} of 100 runs ({low} to {high}, "
        f"held out); {coverage} of 100 such runs lie there."
    ]


def _boxes(boxes: pd.DataFrame) -> Table | None:
    """Return a row a box; a later one is of the points that no earlier one holds."""
    if not len(boxes):
        return None
    return Table(
        ["box", "density", "coverage", "mass", "density where it was found"],
        [[row["words"], f"{percent(row['density'])} ({percent_range(row['density_lo'], row['density_hi'])})",
          percent(row["coverage"]), percent(row["mass"]), percent(row["found_density"])]
         for row in boxes.to_dict("records")],
        "Intervals are 95 %; runs of one point, or of one luck, do not count as independent. The density where a box "
        "was found is too good by the search itself.",
    )  # fmt: skip


def _limits(limits: pd.DataFrame, summary: Mapping[str, Any]) -> Table:
    """Return a row a box and limited input."""
    words = {feature["name"]: feature for feature in summary["features"]}
    rows = []
    for row in limits.to_dict("records"):
        feature = words[row["feature"]]
        rows.append([
            str(row["box"]), f"{feature['words']} ({row['feature']})", number(_end(row["low"])),
            number(_end(row["high"])),
            f"{number(feature['low'])} to {number(feature['high'])}", _chance(row["chance"]), percent(row["support"]),
        ])  # fmt: skip
    return Table(["box", "input", "above", "up to", "span", "chance", "support"], rows)


def _end(value: float) -> float | None:
    """Return a limit, None where there is none."""
    return value if abs(value) != float("inf") else None


def _chance(value: float) -> str:
    """Return a small probability."""
    return f"{value:.1g}" if value >= 0.0001 else "below 0.0001"


def _features(summary: Mapping[str, Any]) -> Table:
    """Return what was varied."""
    return Table(
        ["input", "in words", "unit", "span"],
        [[each["name"], each["words"], each["unit"], f"{number(each['low'])} to {number(each['high'])}"]
         for each in summary["features"]],
        f"{summary['points']} points, {summary['held_out']} of them held out, {summary['replicates']} runs of each.",
    )  # fmt: skip


def limits(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what this study cannot tell."""
    told = [
        "A box says where, among these points, not why; inputs that it does not name may matter too.",
        "Shares are over these spans, each value counting alike; another span makes another box.",
        "It tells a sender what to beware of or to hope for. Not posting, listening first and answering stand beside "
        "every tactic.",
    ]
    if summary["shared_luck"]:
        told.append("All points share the same luck; intervals count that, but other luck may move the limits.")
    return told
