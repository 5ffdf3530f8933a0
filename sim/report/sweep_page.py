"""The page of a sweep: how the odds hang on what varies, and the odds of each verdict at each point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import Drawing
from sim.report.draw_curves import draw_curves
from sim.report.draw_dots import draw_dots
from sim.report.draw_map import draw_map
from sim.report.draw_marginals import draw_marginals
from sim.report.parts import Section, Table
from sim.report.sweep_look import VERDICT_WORDS, look_of, word
from sim.report.wording import percent, percent_range

if TYPE_CHECKING:
    import pandas as pd

_MOST_ROWS = 500
_DRAW = {"map": draw_map, "curves": draw_curves, "dots": draw_dots, "marginals": draw_marginals}
_READ = {
    "map": "Each field is a point of the design. Along the thick line half of the runs are hijacked; between the "
    "dashed lines the 95 % interval of the odds holds one half, point by point. All points share their luck, so that "
    "the map is smooth and its line moves as a whole from one set of replicates to another.",
    "curves": "Bands are 95 % intervals over luck, point by point; all points share their luck.",
    "dots": "Bars are 95 % intervals over luck; all rows share their luck.",
    "marginals": "Each panel counts together all points with about the same value of one factor, whatever the others "
    "are; of a design that varies one at a time, the points at which all others are as they stand. Bars are 95 % "
    "intervals that take runs for independent, and the dashed line is the factor's own value. A flat panel says that "
    "the factor alone moves little over the span shown, not that it does nothing in company.",
}


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw a sweep, as it was asked for or as what varies suggests."""
    if not (tables["points"]["runs"] > 0).any():
        return []
    look = look_of(tables["points"], summary)
    return [_DRAW[look.kind](tables, summary, look.axes)]


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return how to read the figure, and the table of points."""
    points, factors = tables["points"], summary["factors"]
    rows = [
        [*(word(row[name]) for name in factors),
         *(f"{percent(row[verdict])} ({percent_range(row[f'{verdict}_lo'], row[f'{verdict}_hi'])})"
           for verdict in VERDICT_WORDS)]
        for row in points.head(_MOST_ROWS).to_dict("records")
    ]  # fmt: skip
    look = look_of(points, summary)
    others = [name for name in factors if name not in look.axes]
    notes = [_READ[look.kind]]
    if others:
        notes.append(f"Runs are counted together over {', '.join(others)}.")
    if "theory" in tables and look.kind in ("map", "curves"):
        notes.append(
            "Theory is computed from the configuration alone, without a run: the first response is the counter share "
            "expected among direct answers to the post, 0.65 being the verdict's cut-off; the other line is where each "
            "early message causes one more. A line that does not cross the figure is left out. Theory says what the "
            "first answers are like, not whether enough people answer: where it lies far off, runs fizzle. It knows no "
            "trending and no news."
        )
    more = [] if len(points) <= _MOST_ROWS else [f"The other {len(points) - _MOST_ROWS} points are in points.parquet."]
    caption = f"Odds of each verdict (95 % interval over the luck of {summary['replicates']} replicates)"
    return [
        Section("How the odds hang on what varies", [look.kind], notes),
        Section("The odds at each point", notes=more, table=Table([*factors, *VERDICT_WORDS.values()], rows, caption)),
    ]
