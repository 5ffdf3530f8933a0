"""What a study says: to the report as its contract wants it, and to the terminal as a short table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.config.root import Configuration
from sim.report.run_study import Assumption, Hinge, Mark, Pictured, RunStudy
from sim.study.run.campaign import Shown
from sim.study.run.summary import VOLUMES
from sim.study.store.one_run import Kept

if TYPE_CHECKING:
    import pandas as pd

_TABLES = {
    "participation": ("dimension", "group", "frame", "people", "mean", "lo", "hi"),
    "starters": ("role", "followers", "people", "mean", "lo", "hi"),
}
_VERDICTS = ("hijacked", "contested", "viral_positive", "fizzled")


def _of_rows(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return the summary as the report reads it: volumes of rows (it scales them itself)."""
    told = dict(summary)
    scale = summary["represents"]
    if scale != 1.0:
        for name in VOLUMES:
            told[name] = {
                part: value / scale if part != "n" and value is not None else value
                for part, value in summary[name].items()
            }
    return told


def as_pictured(configuration: Configuration, shown: Shown) -> Pictured:
    """Return what the runs at central values show, as what draws it wants it."""
    return Pictured(**_pictured(configuration, shown.findings, shown.runs, shown.bands, shown.cascade))


def _pictured(
    configuration: Configuration,
    found: Mapping[str, Any],
    runs: pd.DataFrame,
    bands: pd.DataFrame,
    cascade: pd.DataFrame | None,
) -> dict[str, Any]:
    """Return the parts from which figures are drawn, by name."""
    import pandas as pd

    tables = {name: pd.DataFrame(found[name], columns=list(columns)) for name, columns in _TABLES.items()}
    marks = [Mark(**mark) for mark in found["marks"]]
    of_tables = {"runs": runs, "timeline": bands, "cascade": cascade, **tables}
    return {"configuration": configuration, "marks": marks, **of_tables}


def as_told(kept: Kept) -> RunStudy:
    """Return a study from its folder, as the report's contract wants it."""
    import pandas as pd

    found, frames = kept.findings, kept.frames
    return RunStudy(
        **_pictured(kept.configuration, found, frames["runs"], frames["bands"], frames.get("cascade")),
        command=kept.manifest["command"],
        study=kept.manifest["study"],
        summary=_of_rows(kept.summary),
        theory=found["theory"],
        options=pd.DataFrame(found["options"]),
        hinges=[Hinge(**hinge) for hinge in found["hinges"]],
        tripwires=pd.DataFrame(found["tripwires"]),
        assumptions=[Assumption(**assumption) for assumption in found["assumptions"]],
        manifest=kept.manifest,
        shapes_only=bool(kept.manifest.get("shapes_only", False)),
        after=found["after"],
    )


def _percent(value: float | None) -> str:
    """Return a share as a whole percentage, never rounded to a certainty that it is not."""
    if value is None:
        return "-"
    if 0.0 < value and round(100 * value) == 0:
        return "<1 %"
    if value < 1.0 and round(100 * value) == 100:
        return ">99 %"
    return f"{100 * value:.0f} %"


def _between(ends: Sequence[float | None] | None) -> str:
    """Return two shares as ``88 to 96 %``, or one where they read the same."""
    if ends is None or ends[0] is None or ends[1] is None:
        return "-"
    low, high = _percent(ends[0]), _percent(ends[1])
    return high if low == high else f"{low.removesuffix(' %')} to {high}"


def verdict_table(summary: Mapping[str, Any]) -> list[str]:
    """Return the odds of each verdict as lines: luck with its interval, and the range over what is not known."""
    runs = summary["replicates"]
    size = f"{summary['followers']:,} followers, {runs} replicate{'s' if runs != 1 else ''}, seed {summary['seed']}"
    lines = [f"{summary['case']}: {size}", f"{'':<15} {'odds':>6}  {'luck (95 %)':<14} with what is not known (5-95 %)"]
    for name in _VERDICTS:
        over = None if summary["verdict_range"] is None else summary["verdict_range"][name]
        odds, luck = _percent(summary["verdict"][name]), _between(summary["verdict_interval"][name])
        lines.append(f"{name:<15} {odds:>6}  {luck:<14} {_between(over)}")
    if summary["verdict"]["fizzled"] > 0 and summary["fizzled_frame"]:
        lines.append(f"what fizzled was mostly {summary['fizzled_frame']}")
    return lines


def warnings(summary: Mapping[str, Any], *, shapes_only: bool) -> list[str]:
    """Return what the reader of the odds must be told beside them."""
    told = []
    quarter = summary["at_quarter_size"]
    if summary["depends_on_sample_size"] and quarter is not None:
        here, there = summary["verdict_interval"]["hijacked"], quarter["verdict_interval"]["hijacked"]
        span = [min(here[0], there[0]), max(here[1], there[1])]
        told.append(
            f"Warning: the odds depend on sample size: hijacked {_percent(summary['verdict']['hijacked'])} at "
            f"{summary['followers']:,} followers, {_percent(quarter['verdict']['hijacked'])} at {quarter['n']:,}; "
            f"read them as a range, {_between(span)}."
        )
    if shapes_only:
        told.append("Note: this small audience shows shapes, not odds: fewer people are fewer sparks.")
    if summary["represents"] != 1.0:
        told.append(f"Note: one row stands for {summary['represents']:g} people; volumes in the summary are scaled.")
    return told
