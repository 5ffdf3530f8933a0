"""The page of a tipping line: the map with its band and theory's lines, each parameter alone, how runs were spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import Drawing
from sim.report.draw_boundary import draw_course, draw_maps, draw_single
from sim.report.parts import Section, Table
from sim.study.boundary.box import Box, Side
from sim.study.boundary.words import number, out_of_100

if TYPE_CHECKING:
    import pandas as pd


def _box(summary: Mapping[str, Any]) -> Box:
    """Return the box of a study."""
    return Box(tuple(Side(**each) for each in summary["sides"]))


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw the line and how the search went; nothing where no run came to an end."""
    if "map" not in tables:
        return []
    box = _box(summary)
    draw = draw_single if len(box.sides) == 1 else draw_maps
    return [draw(tables, summary, box), draw_course(summary)]


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the line in words and numbers, the search, and how to read it."""
    box = _box(summary)
    if "map" not in tables:
        return []
    return [
        Section("Where it tips", notes=summary["sentences"], table=_tipping(box, summary)),
        Section("How the runs were spent", ["course"], [
            "Runs go where they narrow the line most. A run's luck is used once, so that luck averages out along the "
            "line instead of moving all of it. The band is the 95 % interval, at each place, of the side on which it "
            "lies; it holds if the probability changes as smoothly between points as it does at them.",
        ]),
    ]  # fmt: skip


def limits(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what a tipping line cannot tell."""
    return [
        "The line is that of these people and this graph (one seed); with others it lies elsewhere.",
        "An island of the verdict smaller than the gaps between the first points can be missed.",
    ]


def _tipping(box: Box, summary: Mapping[str, Any]) -> Table:
    """Return the table of the parameters, each alone."""
    rows = []
    for row in summary["tipping"]:
        side = next(each for each in box.sides if each.name == row["name"])
        ends = [f"{number(side, side.low)} to {number(side, side.high)}", number(side, side.central)]
        if row["at"] is None:
            rows.append([f"{side.title} ({side.name}, {side.unit})", *ends, "none in the box", "-", "-"])
            continue
        low, high = (row[end] for end in ("lo", "hi"))
        band = f"{'beyond' if low is None else number(side, low)} to {'beyond' if high is None else number(side, high)}"
        rows.append([f"{side.title} ({side.name}, {side.unit})", *ends,
                     f"{number(side, row['at'])} ({band})", "above" if row["rises"] else "below",
                     f"{row['distance']:+.3g}"])  # fmt: skip
    here = summary["as_it_is"]
    odds = f"{out_of_100(here['odds'])} ({out_of_100(here['odds_lo'])} to {out_of_100(here['odds_hi'])}) of 100 runs"
    inside = "" if summary["central_inside"] else ", or the place of the box nearest to it"
    caption = (
        f"Each parameter alone, all else as the post is{inside} (95 % band). There, {summary['verdict']} in {odds}."
    )
    head = ["parameter", "sought", "as it is", "tips at", "likelier", "as it is less tipping point"]
    return Table(head, rows, caption)
