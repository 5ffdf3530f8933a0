"""The page of a sweep: the odds of each verdict at each point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import Drawing
from sim.report.parts import Section, Table
from sim.report.wording import percent, percent_range
from sim.study.points import shown

if TYPE_CHECKING:
    import pandas as pd

_VERDICTS = {"hijacked": "hijacked", "contested": "contested", "viral_positive": "viral positive", "fizzled": "fizzled"}
_MOST_ROWS = 100


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw a sweep."""
    return []


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the table of points."""
    points, factors = tables["points"], summary["factors"]
    rows = [
        [*(_word(row[name]) for name in factors),
         *(f"{percent(row[verdict])} ({percent_range(row[f'{verdict}_lo'], row[f'{verdict}_hi'])})"
           for verdict in _VERDICTS)]
        for row in points.head(_MOST_ROWS).to_dict("records")
    ]  # fmt: skip
    more = [] if len(points) <= _MOST_ROWS else [f"The other {len(points) - _MOST_ROWS} points are in points.parquet."]
    caption = f"Odds of each verdict (95 % interval over the luck of {summary['replicates']} replicates)"
    return [Section("The odds at each point", notes=more, table=Table([*factors, *_VERDICTS.values()], rows, caption))]


def _word(value: Any) -> str:
    """Return a design value as text."""
    return f"{value:g}" if isinstance(value, float) else shown(value)
