"""What the page is told of the runs so far: odds with their intervals, the course over time, what stands beside it.

Odds, intervals and paired differences are those of the study layer; sentences are made here, so that the page holds no
second way of writing a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.config.root import Configuration
from sim.outcome.aggregate import mean_interval
from sim.outcome.verdict import VERDICTS, odds_interval, verdict_odds
from sim.report.wording import between, count, duration, percent, percent_range
from sim.study.execution.reduced import Reduced, rate_bands
from sim.study.run.beside import as_it_is, not_posting, option_row
from sim.study.run.options import Option

ENDS = {
    "hijacked": "hijacked", "viral_positive": "viral positively", "contested": "contested", "fizzled": "fizzled",
}  # fmt: skip
SMALL_ROWS = 50_000
"""Smaller audiences are said to show shapes, not odds."""
SHAPES = "A small audience shows shapes, not odds: fewer people are fewer sparks."
NOT_POSTED = "Nothing is posted: nothing can be turned against you, and nothing is won."
LIMITS = (
    "What this cannot tell: whether your public is like these settings, and how large an answer’s effect is (sizes are "
    "assumed). The interval is luck alone; the command’s report adds what is not known."
)


def odds(runs: Sequence[Reduced], rows: int) -> dict[str, Any]:
    """Return the odds of each end over some runs: ``{end: {p, lo, hi}}``."""
    outcomes = [run.outcome for run in runs]
    found = verdict_odds(
        [int(each["participants"] or 0) for each in outcomes], rows,
        [None if each["hijack_share"] is None else float(each["hijack_share"]) for each in outcomes],
    )  # fmt: skip
    ends = {}
    for name in VERDICTS:
        low, high = found["verdict_interval"][name]
        ends[name] = {
            "p": found["verdict"][name], "lo": low, "hi": high, "title": ENDS[name],
            "said": percent(found["verdict"][name]), "interval": percent_range(low, high),
        }  # fmt: skip
    return ends


def headline(ends: dict[str, Any], runs: int, goal: int, rows: int, *, stand_in: bool) -> str:
    """Return the finding as a sentence."""
    hijacked = ends["hijacked"]
    odds_said = f"{hijacked['said']} of runs end hijacked (95 % interval {hijacked['interval']})"
    if stand_in:
        return f"A first look on a stand-in of {rows:,} people: {odds_said}, {runs} runs."
    likeliest = max(VERDICTS, key=lambda name: ends[name]["p"])
    other = (
        ""
        if likeliest == "hijacked"
        else f" The likeliest end is {ends[likeliest]['title']}, {ends[likeliest]['said']}."
    )
    return f"{odds_said}: {runs} of {goal} runs, {rows:,} people.{other}"


def volumes(runs: Sequence[Reduced], configuration: Configuration) -> list[str]:
    """Return sentences on takeover, peak and share over some runs."""
    outcomes = [run.outcome for run in runs]
    took = [float(each["takeover_minutes"] or 0.0) for each in outcomes if each["takeover"]]
    scale = configuration.people.represents
    peak = mean_interval(float(each["peak_messages_per_hour"] or 0.0) * scale for each in outcomes)
    messages = mean_interval(float(each["messages"] or 0.0) * scale for each in outcomes)
    low, high = odds_interval(len(took), len(outcomes))
    told = []
    if took:
        first, middle, last = np.quantile(took, (0.1, 0.5, 0.9))
        told.append(
            f"Critics take the tag over in {percent(len(took) / len(outcomes))} of runs ({percent_range(low, high)}), "
            f"typically {duration(middle)} after the post (8 in 10 of those runs: {between(first, last, duration)})."
        )
    else:
        told.append(
            f"Critics take the tag over in none of {len(outcomes)} runs (95 % interval {percent_range(low, high)})."
        )
    told.append(
        f"At its peak {_mean(peak)} messages an hour; {_mean(messages)} messages in "
        f"{configuration.horizon_hours:g} hours."
    )
    return told


def _mean(value: dict[str, float | int | None]) -> str:
    """Return a mean with its interval, in few letters."""
    if value["lo"] is None or value["hi"] is None:
        return count(value["mean"])
    return f"{count(value['mean'])} ({between(max(0.0, value['lo']), value['hi'], count)})"


def timeline(runs: Sequence[Reduced], configuration: Configuration) -> dict[str, Any]:
    """Return messages an hour by frame over time: median and the band of 8 in 10 runs, a value a bin."""
    bands = rate_bands(runs, configuration.minutes)
    scale = configuration.people.represents
    hours = (bands["minute"] + bands["minutes"] / 2) / 60.0
    told: dict[str, Any] = {"runs": len(runs), "hours": np.round(hours, 4).tolist()}
    for frame in ("campaign", "counter"):
        told[frame] = {
            part: np.round(bands[f"{frame}_{part}"] * scale, 2).tolist() for part in ("lo", "mid", "hi")
        }  # fmt: skip
    return told


def verdicts(runs: Sequence[Reduced]) -> list[str]:
    """Return the verdict of each run."""
    return [str(run.outcome["verdict"]) for run in runs]


def beside(own: Sequence[Reduced], others: Sequence[tuple[Option, Sequence[Reduced]]]) -> list[dict[str, Any]]:
    """Return what stands beside the choice, on the same luck: as it is, not posting, listening first.

    Parameters
    ----------
    own : runs of the choice
    others : option and its runs, of each option; none for one that needs none
    """
    if not own:
        return []
    mine = verdicts(own)
    rows = [as_it_is(mine)]
    for option, runs in others:
        if not option.changes:
            rows.append(not_posting(option, mine))
        elif runs:
            pairs = min(len(runs), len(mine))
            rows.append(option_row(option, mine[:pairs], verdicts(runs[:pairs])))
        else:
            rows.append({"option": option.name, "title": option.title, "note": option.note, "runs": None})
    return [_told(row) for row in rows]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its numbers in words."""
    if row["runs"] is None:
        return {**row, "said": "soon", "interval": "", "change": ""}
    change = ""
    if row["difference"] is not None:
        points = round(100 * row["difference"])
        low, high = round(100 * row["difference_lo"]), round(100 * row["difference_hi"])
        change = f"{_signed(points)} points ({_signed(low)} to {_signed(high)})"
    return {
        **row, "said": percent(row["hijacked"]), "interval": percent_range(row["hijacked_lo"], row["hijacked_hi"]),
        "change": change,
    }  # fmt: skip


def _signed(points: int) -> str:
    """Return percentage points with their sign."""
    return f"+{points}" if points > 0 else f"\N{MINUS SIGN}{-points}" if points < 0 else "0"


def map_note(told: dict[str, Any], own: Sequence[Reduced], rows: int) -> str:
    """Return what is to be known of a phase diagram.

    Parameters
    ----------
    told : dict
        From :meth:`sim.warroom.explore.phase.Phase.told`.
    own : runs of the choice on the whole audience, where the diagram is drawn on a stand-in
    rows : int
        Of the whole audience.
    """
    least, most = told["least"], told["most"]
    runs = f"{least}" if least == most else f"{least} to {most}"
    note = f"Percent of runs that end hijacked, {runs} runs a point, "
    if told["rows"] == rows:
        return f"{note}on all {rows:,} people."
    note += f"on {told['rows']:,} people: the shape of the line. More people are more sparks, and the line moves"
    if not own:
        return f"{note} with them."
    share = sum(verdict == "hijacked" for verdict in verdicts(own)) / len(own)
    return f"{note}: on all {rows:,}, where you stand is hijacked in {percent(share)} of runs."
