"""``backfire sweep``: many configurations, the odds at each of them; what was finished is never run again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.study.sweeping import OpenStudy
    from sim.study.swept import Finished, Sweep

FLAGS = ("--dry-run",)
HELP = """
usage: backfire sweep case=ID name=value,value,... [name=value ...] [--dry-run]

Runs every combination of the values that the words name, each with the same luck, and writes the odds of each
verdict at each point. Words with several values are those that vary, groups or parameters:
  policy=silent,acknowledge,withdraw
  post.openness=0,0.2,0.5
  people.grievance_mean=range(0.05,0.6,0.05)      from 0.05 in steps of 0.05, 0.6 left out
All other words hold for every point, as for backfire run. In a shell, quote words with brackets.

  replicates=N              runs of each point (50)
  workers=N  executor=threads|processes    how; results do not depend on it
  results=DIR  study=NAME   the folder is DIR/NAME
  fresh=true                start over; the old folder is kept aside as NAME.old-1
  --dry-run                 tell points, runs, expected time and disk, and stop; three points are tried for that

Ctrl-C finishes the runs under way and saves them; the same command goes on from there, and so it does after a
crash. Started twice at once, the two share the work. Runs that fail are counted and named at the end (exit
code 1), and tried again by the same command.

The last line on standard output names the folder (runs.parquet, points.parquet, summary.json, manifest.json).
"""
_TOLD_POINTS, _TOLD_FAILURES = 30, 3


def carry_out(words: Sequence[str]) -> int:
    """Carry out a sweep, or what of it is missing, and print the odds."""
    from sim.cli.main import say
    from sim.cli.streams import tell
    from sim.cli.sweep_keys import sweep_keys
    from sim.study.contents import standing
    from sim.study.folder import SUMMARY, read_json, whole
    from sim.study.ledger import FinishedMeanwhile, unfinished
    from sim.study.provenance import identity

    sweep, keys = sweep_keys([word for word in words if word not in FLAGS])
    if any(word in FLAGS for word in words):
        from sim.cli.dry_run import foretold

        tell("\n".join(foretold(sweep, keys)))
        return 0
    own = identity(sweep.plain(), keys.settings)
    if not keys.fresh and not unfinished(keys.place) and standing(keys.place, own, fresh=False):
        say("This sweep stands there already, from the same configurations and version; fresh=true repeats it.")
    else:
        try:
            _carried_out(sweep, keys, own)
        except FinishedMeanwhile as problem:
            say(str(problem))
    with whole(keys.place):
        summary = read_json(keys.place / SUMMARY)
        tell("\n".join(table_lines(sweep, summary)))
    if keys.shapes_only:
        say("Note: this small audience shows shapes, not odds: fewer people are fewer sparks.")
    for sentence in failure_lines(sweep, keys, summary):
        say(sentence)
    tell(str(keys.place))
    return 1 if summary["failed"] else 0


def _carried_out(sweep: Sweep, keys: StudyKeys, own: dict[str, Any]) -> None:
    """Carry out what is missing, and write the folder's files."""
    from sim.cli.main import say
    from sim.cli.progress import Told
    from sim.study.folder import cannot_write
    from sim.study.sweeping import complete, open_study

    begun, started = time.perf_counter(), datetime.now(UTC).isoformat(timespec="seconds")
    with (
        Told() as progress,
        open_study(
            keys.place, own, executor=keys.executor, workers=keys.workers, fresh=keys.fresh, progress=progress
        ) as study,
    ):
        points = complete(study, sweep.configurations, keys.settings["replicates"])
        try:
            with study.ledger.finishing() as ours:
                if ours:
                    _written(sweep, keys, own, study, points, begun, started)
        except OSError as problem:
            raise cannot_write(keys.place, problem) from problem
    say(f"{study.carried_out} runs were carried out here.")


def _written(
    sweep: Sweep,
    keys: StudyKeys,
    own: dict[str, Any],
    study: OpenStudy,
    points: Sequence[bytes],
    begun: float,
    started: str,
) -> None:
    """Write tables, summary and manifest, and take the ledger away unless runs failed."""
    from sim.study.folder import MANIFEST, SUMMARY, write_json
    from sim.study.provenance import MANIFEST_SCHEMA, commit, machine, versions
    from sim.study.store import file_hashes
    from sim.study.swept import POINTS, RUNS, as_written, concluded, run_tables

    replicates, seconds = keys.settings["replicates"], time.perf_counter() - begun
    runs = as_written(run_tables(study, sweep, points, replicates), keys.place / RUNS)
    found: Finished = concluded(sweep, runs, replicates, seconds)
    found.points.to_parquet(keys.place.absolute() / POINTS, index=False)
    write_json(keys.place / SUMMARY, found.summary)
    beside = keys.place / f".{MANIFEST}.part"
    write_json(beside, {
        "schema": MANIFEST_SCHEMA, "kind": "sweep", "study": keys.place.name, "command": keys.command,
        "identity": own, "seed": found.summary["seed"], "design": sweep.plain(), "keys": keys.settings,
        "versions": versions(), **commit(), "machine": machine(keys.workers, keys.executor), "started": started,
        "seconds": seconds, "failed": found.summary["failed"], "carried_out": study.carried_out,
        "content": found.content, "files": file_hashes(keys.place),
    })  # fmt: skip
    beside.replace(keys.place / MANIFEST)
    if not found.summary["failed"]:
        study.ledger.remove()


def failure_lines(sweep: Sweep, keys: StudyKeys, summary: dict[str, Any]) -> list[str]:
    """Return what is told of runs that failed."""
    from sim.study.swept import RUNS, first_failures, stored_parts

    if not summary["failed"]:
        return []
    lines = first_failures(stored_parts(keys.place / RUNS), sweep.points, _TOLD_FAILURES)
    total = summary["failed"] + summary["runs"]
    return [
        f"{summary['failed']} of {total} runs failed; the others are whole. The first of them:", *lines,
        "All are in runs.parquet, column failed; the same command tries them again.",
    ]  # fmt: skip


def table_lines(sweep: Sweep, summary: dict[str, Any]) -> list[str]:
    """Return the odds at each point as lines if there are few of them, and the finding."""
    points = summary["points"]
    lines = [
        f"{summary['case']}: {len(points)} point{'s' if len(points) != 1 else ''}, {summary['replicates']} replicates "
        f"of each, seed {summary['seed']}"
    ]
    if len(points) <= _TOLD_POINTS:
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
