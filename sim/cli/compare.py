"""``backfire compare``: the same post under several choices, on the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.config.root import Configuration

FLAGS = ("--dry-run",)
HELP = """
usage: backfire compare case=ID policy=silent,acknowledge,withdraw [name=value ...] [--dry-run]

Runs the same post under several choices with the same luck, and tells of each the odds, the paired difference
against the first, which is better and how surely, and what it costs. One word names the choices, a group or any
parameter:
  policy=silent,acknowledge,withdraw
  post.openness=0.2,0.5,0.8
  case=my_nypd,police_twitter_day
Not posting, and listening for some months before the first, stand beside them.

  replicates=N              runs of each (20 to 200 by the audience's size)
  until=settled             go on until each difference of P(hijacked) against the first is settled: its sign is known,
                            or it is smaller than the margin; replicates=N is the most then (1000)
  margin=0.05               a smaller difference of P(hijacked) counts as none
  uncertainty=none|posterior    what intervals are over: luck alone (none), or also what calibration leaves open of the
                            universal parameters, each replicate with a draw of its own, the same for all choices
  workers=N  executor=threads|processes    how; results do not depend on it
  results=DIR  study=NAME   the folder is DIR/NAME
  fresh=true                start over; the old folder is kept aside as NAME.old-1
  --dry-run                 tell runs, expected time and disk, and stop

Ctrl-C saves what is finished; the same command goes on from there. Columns are explained in docs/studies.md.

The last line on standard output names the folder (report.html, figures, compare.parquet, pairs.parquet,
runs.parquet, summary.json, manifest.json).
"""


def carry_out(words: Sequence[str]) -> int:
    """Carry out a comparison, or what of it is missing, and print its table."""
    from sim.cli.compare_keys import comparison_keys
    from sim.cli.planned import carry_out_planned, foretell

    configurations, question, keys = comparison_keys([word for word in words if word not in FLAGS])
    if any(word in FLAGS for word in words):
        return foretell("compare", question, keys, lambda: _foretold(configurations, question, keys))
    return carry_out_planned("compare", question, keys, table_lines)


def _foretold(configurations: Mapping[str, Configuration], question: Mapping[str, Any], keys: StudyKeys) -> list[str]:
    """Return what a comparison would take, as lines."""
    from sim.cli.dry_run import foretold
    from sim.study.compare.compared import choices_beside
    from sim.study.design.points import Point
    from sim.study.sweep.study import Sweep

    simulated = {each.name: each.configuration for each in choices_beside(configurations) if each.configuration}
    sweep = Sweep({"kind": "compare"}, dict(configurations), [Point({}, each) for each in simulated.values()])
    names = f"{', '.join(simulated)}; not posting needs no run"
    most = ["until=settled: at most so many, and fewer if all is settled before"] if question["until"] else []
    return [names, *most, *foretold(sweep, question["replicates"], keys)]


def _points(row: Mapping[str, Any], name: str) -> str:
    """Return a paired difference of odds in percentage points."""
    if row[f"{name}_difference"] is None:
        return "-"
    from sim.study.compare.words import points

    mean, low, high = (points(row[f"{name}_difference{end}"], signed=True) for end in ("", "_lo", "_hi"))
    return f"{mean} ({low} to {high})"


def _odds(row: Mapping[str, Any], name: str) -> str:
    """Return odds in percent."""
    return "-" if row[name] is None else f"{100 * row[name]:.0f} %"


def _worth(row: Mapping[str, Any], name: str) -> str:
    """Return how many times the runs a difference would take on luck of its own."""
    ratio = row[f"{name}_variance_ratio"]
    if ratio is None:
        return "nothing that can be told"
    if ratio == 0.0:
        return "any number of runs"
    times = 1.0 / ratio
    return f"{times:,.0f} times the runs" if times >= 100.0 else f"{times:.2g} times the runs"


def pairing_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what sharing luck with the first choice is worth, a line for each that was simulated."""
    lines = []
    for row in rows[1:]:
        share, low, high = (row[f"same_messages{end}"] for end in ("", "_lo", "_hi"))
        same = "no messages to compare" if share is None else f"{100 * share:.0f} % of messages as in {rows[0]['name']}"
        if low is not None:
            same += f" ({100 * max(0.0, low):.0f} to {100 * min(1.0, high):.0f})"
        lines.append(
            f"{row['name']}: {same}; the same luck is worth {_worth(row, 'hijack_share')} for the hijack share, "
            f"{_worth(row, 'messages')} for messages"
        )
    return lines


def _settled(row: Mapping[str, Any]) -> str:
    """Return whether a difference is settled, and what would settle it."""
    if row["state"] is None:
        return ""
    if row["state"] != "open" or row["settle_replicates"] is None:
        return str(row["state"])
    from sim.study.compare.words import about

    return f"open, {about(row['settle_replicates'])} replicates"


def table_lines(summary: Mapping[str, Any]) -> list[str]:
    """Return odds, differences and costs of a comparison as lines, and the finding."""
    from sim.cli.planned import of_each
    from sim.study.compare.words import chance, in_hours

    rows = summary["rows"]
    width = max(len(summary["compares"]), *(len(row["name"]) for row in rows))
    until = ", until settled" if summary["until"] else ""
    lines = [
        f"{summary['case']}: {summary['followers']:,} followers, {of_each(summary['replicates'])}{until}; "
        f"seed {summary['seed']}; differences in points against {rows[0]['name']}, same luck, 95 %",
        f"{summary['compares']:<{width}}  hijacked   viral  fizzled   messages  hijacked, difference   lower?  "
        "run better/worse     hours  settled",
    ]  # fmt: skip
    for row in rows:
        better = "-" if row["better"] is None else f"{100 * row['better']:.0f}/{100 * row['worse']:.0f} in 100"
        cost = "-" if row["cost_hours"] is None else in_hours(row["cost_hours"])
        odds = f"{_odds(row, 'hijacked'):>8}  {_odds(row, 'viral_positive'):>6}  {_odds(row, 'fizzled'):>7}"
        against = f"{_points(row, 'hijacked'):>20}  {chance(row['chance_lower']):>7}  {better:>16}"
        told = f"{odds}  {row['messages'] or 0:>9,.0f}  {against}  {cost:>8}  {_settled(row)}"
        lines.append(f"{row['name']:<{width}}  {told}".rstrip())
    lines += pairing_lines([row for row in rows if row["name"] != "do_not_post"])
    return [*lines, summary["finding"]]
