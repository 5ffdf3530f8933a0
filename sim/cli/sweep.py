"""``backfire sweep``: many configurations, the odds at each of them; what was finished is never run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.sweep.study import Sweep

FLAGS = ("--dry-run", "--multirun", "-m")
HELP = """
usage: backfire sweep [case=ID] name=value,value,... [vary=[name,...]] [design=NAME] [name=value ...] [--dry-run]
       backfire sweep +experiment=NAME [name=value ...]

Runs the points of a design, each with the same luck, and writes the odds of each verdict at each point. What
varies, groups or parameters:
  policy=silent,acknowledge,withdraw              the values listed
  people.grievance_mean=range(0.05,0.6,0.05)      from 0.05 in steps of 0.05, 0.6 left out
  post.openness=interval(0.2,0.8)                 an interval
  vary=[post.openness,people.grievance_mean]      each one's span in the parameter table
All other words hold for every point, as for backfire run. In a shell, quote words with brackets.

  design=grid               every combination (if none is named); intervals in design.levels=5 steps
  design=one_at_a_time      each factor alone, from the configuration as it stands; design.levels=5
  design=latin_hypercube    points that fill the space: design.points=100
  design=sobol              the same, most evenly at powers of two: design.points=128
  design=from_file          design.path=FILE.csv, a column a factor, a row a point
  figure=curves|map|dots|marginals  axes=[name,name]    how it is drawn, if not as what varies suggests

  replicates=N              runs of each point (50)
  workers=N  executor=threads|processes|dask    how; results do not depend on it
  results=DIR  study=NAME   the folder is DIR/NAME
  fresh=true                start over; the old folder is kept aside as NAME.old-1
  --multirun                each point is a job of Hydra's launcher (hydra/launcher=joblib ...); the same study
  --dry-run                 tell points, runs, expected time and disk, and stop; some points are tried for that

Ctrl-C finishes the runs under way and saves them; the same command goes on from there, and so it does after a
crash. Started twice at once, the two share the work. Runs that fail are counted and named at the end (exit
code 1), and tried again by the same command.

The last line on standard output names the folder (report.html, figures, runs.parquet, points.parquet,
summary.json, manifest.json).
"""
_TOLD_POINTS = 30


def carry_out(words: Sequence[str]) -> int:
    """Carry out a sweep, or what of it is missing, and print the odds."""
    from sim.cli.multirun import hand_out, is_hydras
    from sim.cli.planned import carry_out_planned, foretell
    from sim.cli.sweep_keys import sweep_keys

    own = [word for word in words if word not in FLAGS and not is_hydras(word)]
    sweep, question, keys = sweep_keys(own)
    if "--dry-run" in words:
        from sim.cli.dry_run import foretold

        return foretell("sweep", question, keys, lambda: foretold(sweep, question["replicates"], keys))
    if "--multirun" in words or "-m" in words:
        hand_out(question, keys, [word for word in words if is_hydras(word)])
        keys = replace(keys, fresh=False)
    return carry_out_planned("sweep", question, keys, lambda summary: table_lines(sweep, summary))


def table_lines(sweep: Sweep, summary: dict[str, Any]) -> list[str]:
    """Return the odds at each point as lines if there are few of them, and the finding."""
    from sim.cli.planned import of_each

    points = summary["points"]
    many = summary["n_points"]
    lines = [
        f"{summary['case']}: {many} point{'s' if many != 1 else ''}, {of_each(summary['replicates'])}, "
        f"seed {summary['seed']}"
    ]
    if many <= _TOLD_POINTS:
        width = max(len(str(point)) for point in sweep.points)
        lines.append(f"{'':<{width}}  hijacked (95 %)     viral  contested  fizzled")
        for point, row in zip(sweep.points, points, strict=True):
            odds = {name: "-" if row[name] is None else f"{100 * row[name]:.0f} %" for name in row if name in _SHOWN}
            ends = [row[f"hijacked_{end}"] for end in ("lo", "hi")]
            between = "" if None in ends else "-".join(f"{100 * end:.0f}" for end in ends)
            lines.append(
                f"{str(point):<{width}}  {odds['hijacked']:>8} {between:<9}  {odds['viral_positive']:>6}  "
                f"{odds['contested']:>9}  {odds['fizzled']:>7}"
            )
    return [*lines, summary["finding"]]


_SHOWN = ("hijacked", "viral_positive", "contested", "fizzled")
