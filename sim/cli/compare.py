"""``backfire compare``: the same post under several choices, on the same luck."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.config.root import Configuration
    from sim.study.compare import Comparison

HELP = """
usage: backfire compare case=ID policy=silent,acknowledge,withdraw [name=value ...]

Runs the same post under several choices with the same luck, and prints odds and paired differences against
the first. One word names the choices, a group or any parameter:
  policy=silent,acknowledge,withdraw
  post.openness=0.2,0.5,0.8
  case=my_nypd,police_twitter_day
Told beside them: the share of messages that are the same, follower, minute, action and frame, as in the first;
and what sharing luck is worth, the variance of unpaired differences over that of paired ones: how many times the
runs it would take without (compare.parquet and summary.json hold it as *_variance_ratio, paired over unpaired).
All other words hold for all of them, as for backfire run (replicates, seed, workers, results, study, fresh).

The last line on standard output names the folder (runs.parquet, compare.parquet, summary.json, manifest.json).
"""


def carry_out(words: Sequence[str]) -> int:
    """Carry out a comparison, or return the one that stands there, and print its table."""
    from sim.cli.choices import scenarios
    from sim.cli.keys import comparison_keys
    from sim.cli.main import say
    from sim.cli.streams import tell
    from sim.study.contents import standing
    from sim.study.folder import SUMMARY, read_json, whole
    from sim.study.provenance import identity

    swept, choices = scenarios(words)
    configurations, keys = comparison_keys(swept, choices, words)
    own = identity({name: each.model_dump(mode="json") for name, each in configurations.items()}, keys.settings)
    if standing(keys.place, own, fresh=keys.fresh):
        say("This comparison stands there already, from the same configurations and version; fresh=true repeats it.")
    else:
        _written(swept, configurations, keys, own)
    with whole(keys.place):
        lines = table_lines(read_json(keys.place / SUMMARY))
    tell("\n".join(lines))
    tell(str(keys.place))
    return 0


def _written(swept: str, configurations: Mapping[str, Configuration], keys: StudyKeys, own: dict[str, Any]) -> None:
    """Compare, and write the folder."""
    from sim.cli.progress import Told
    from sim.study.compare import compared
    from sim.study.crew import hired
    from sim.study.folder import MANIFEST, SUMMARY, write_json, written
    from sim.study.provenance import MANIFEST_SCHEMA, commit, machine, versions
    from sim.study.store import file_hashes

    begun = time.perf_counter()
    started = datetime.now(UTC).isoformat(timespec="seconds")
    with Told() as progress, written(keys.place, fresh=keys.fresh) as folder:
        with hired(keys.workers, keys.executor) as crew:
            found = compared(
                configurations, replicates=keys.settings["replicates"], crew=crew, progress=progress
            )  # fmt: skip
        _parquet(folder, {"compare": found.table, "runs": found.runs})
        seconds = time.perf_counter() - begun
        write_json(folder / SUMMARY, summary_of(found, configurations, swept, seconds))
        write_json(folder / MANIFEST, {
            "schema": MANIFEST_SCHEMA, "kind": "compare", "study": keys.place.name, "command": keys.command,
            "identity": own, "seed": next(iter(configurations.values())).seed, "compares": swept,
            "configurations": {name: each.model_dump(mode="json") for name, each in configurations.items()},
            "keys": keys.settings, "versions": versions(), **commit(), "machine": machine(keys.workers, keys.executor),
            "started": started, "seconds": seconds, "content": content_of(found, configurations, swept),
            "files": file_hashes(folder),
        })  # fmt: skip


def summary_of(
    found: Comparison, configurations: Mapping[str, Configuration], swept: str, seconds: float
) -> dict[str, Any]:
    """Return ``summary.json`` of a comparison."""
    first = next(iter(configurations.values()))
    rows = [{name: _plain(value) for name, value in row.items()} for row in found.table.to_dict("records")]
    return {
        "case": first.case.id, "seed": first.seed, "replicates": rows[0]["replicates"],
        "followers": found.followers, "compares": swept, "rows": rows, "seconds": seconds,
    }  # fmt: skip


def content_of(found: Comparison, configurations: Mapping[str, Configuration], swept: str) -> dict[str, str]:
    """Return the content hashes of a comparison."""
    from sim.study.provenance import content_hash, plain_content_hash

    tables = {"runs": content_hash(found.runs), "compare": content_hash(found.table)}
    return tables | {"summary": plain_content_hash(summary_of(found, configurations, swept, 0.0))}


def _parquet(folder: Path, frames: Mapping[str, Any]) -> None:
    """Write frames as Parquet files."""
    for name, frame in frames.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)


def _plain(value: Any) -> Any:
    """Return None for what is undefined."""
    return None if isinstance(value, float) and value != value else value


def _points(row: Mapping[str, Any], name: str) -> str:
    """Return a paired difference of odds in percentage points."""
    if row[f"{name}_difference"] is None:
        return "-"
    mean, low, high = (100 * row[f"{name}_difference{end}"] for end in ("", "_lo", "_hi"))
    return f"{mean:+.0f} ({low:+.0f} to {high:+.0f})"


def _worth(row: Mapping[str, Any], name: str) -> str:
    """Return how many times the runs a difference would take on luck of its own."""
    ratio = row[f"{name}_variance_ratio"]
    if ratio is None:
        return "nothing that can be told"
    return "any number of runs" if ratio == 0.0 else f"{1.0 / ratio:.2g} times the runs"


def pairing_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what sharing luck with the first configuration is worth, a line a configuration."""
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


def table_lines(summary: Mapping[str, Any]) -> list[str]:
    """Return odds and differences of a comparison as lines."""
    rows = summary["rows"]
    width = max(len(summary["compares"]), *(len(row["name"]) for row in rows))
    lines = [
        f"{summary['case']}: {summary['followers']:,} followers, {summary['replicates']} replicates of each, "
        f"seed {summary['seed']}; differences in points against {rows[0]['name']}, same luck, 95 %",
        f"{summary['compares']:<{width}}  hijacked   viral  fizzled   messages  hijacked, difference",
    ]  # fmt: skip
    for row in rows:
        lines.append(
            f"{row['name']:<{width}}  {100 * row['hijacked']:>6.0f} %  {100 * row['viral_positive']:>4.0f} %  "
            f"{100 * row['fizzled']:>5.0f} %  {row['messages'] or 0:>9,.0f}  {_points(row, 'hijacked')}"
        )
    return lines + pairing_lines(rows)
