"""Measure everything that the README says of speed, and rewrite its table: ``python -m benchmarks.table``.

``--only start-up,studies`` measures these sections anew and leaves the others' lines as they were found.

The full form takes an hour or so on a quiet machine and about 6 GB. ``--quick`` goes through the same steps at tiny
sizes, to see that they work: its numbers mean nothing and are printed, not written. What is claimed, and held by
``pytest -m bench benchmarks``, has a target; ratios are compared within a round, in which the engines take turns.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import campaign_mesa, campaign_speed, cascade_lines, studies, waiting
from benchmarks.cascade import SETTINGS, Comparison, compare
from benchmarks.cascade_peers import missing
from benchmarks.line import Line
from sim.report.between import put_between

README = Path(__file__).resolve().parents[1] / "README.md"
KEPT = Path(__file__).with_name("measured.json")
"""What each section found last; the README's block is written from it."""
BEGIN, END = "<!-- benchmarks: written by `make bench` -->", "<!-- end of benchmarks -->"
PACKAGES = ("numpy", "numba", "mesa", "networkx", "cynetdiff", "ndlib", "EoN")


@dataclass(frozen=True)
class Form:
    """How large and how often."""

    cascade_rows: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    mesa_rows: tuple[int, ...] = (10_000, 100_000)
    rows: int = 1_000_000
    rounds: int = 7
    seconds: float = 1.0
    study_rows: int = 150_000


FULL = Form()
QUICK = Form(cascade_rows=(500,), mesa_rows=(500,), rows=2_000, rounds=2, seconds=0.0, study_rows=1_000)


@cache
def cascades(form: Form) -> list[Comparison]:
    """Return the cascade's comparisons, one a size and setting."""
    return [
        compare(rows, setting, rounds=form.rounds, seconds=form.seconds)
        for rows in form.cascade_rows
        for setting in SETTINGS
    ]


def cascade(form: Form) -> list[Line]:
    return cascade_lines.lines(cascades(form))


def mesa(form: Form) -> list[Line]:
    return [
        line
        for rows in form.mesa_rows
        for line in campaign_mesa.measure(rows, rounds=min(form.rounds, 5), seconds=form.seconds)
    ]


def campaign(form: Form) -> list[Line]:
    return [
        *campaign_speed.against_part_one(form.rows, rounds=form.rounds),
        *campaign_speed.log_and_memory(form.rows, rounds=form.rounds, seconds=form.seconds),
    ]


def start_up(form: Form) -> list[Line]:
    return waiting.measure(rounds=min(form.rounds, 3))


def studying(form: Form) -> list[Line]:
    if form.study_rows < FULL.study_rows:
        return studies.quick(rows=form.study_rows, replicates=2, rounds=2)
    return studies.measure(rows=form.study_rows, replicates=25, rounds=min(form.rounds, 5))


SECTIONS: dict[str, Callable[[Form], list[Line]]] = {
    "cascade": cascade,
    "mesa": mesa,
    "campaign": campaign,
    "start-up": start_up,
    "studies": studying,
}


@dataclass(frozen=True)
class Measured:
    """What a section found, and under which load: what is kept of it beside the code.

    Attributes
    ----------
    lines : tuple of Line
    load : (float, float)
        Of the last minute, at the section's beginning and end.
    under : str
        Processor, cores and versions.
    table : str
        The section's own table, empty if it has none.
    """

    lines: tuple[Line, ...]
    load: tuple[float, float]
    under: str
    table: str = ""


def measured(name: str, form: Form) -> Measured:
    """Measure a section."""
    load = os.getloadavg()[0]
    print(f"measuring: {name} (load {load:.1f})", file=sys.stderr, flush=True)
    lines = tuple(SECTIONS[name](form))
    table = cascade_lines.table(cascades(form)) if name == "cascade" else ""
    under = f"{processor()}, {len(os.sched_getaffinity(0))} cores; {versions()}"
    return Measured(lines, (load, os.getloadavg()[0]), under, table)


def kept() -> dict[str, Measured]:
    """Return what the sections found last, in their order."""
    raw = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    return {
        name: Measured(
            tuple(Line(**line) for line in raw[name]["lines"]), tuple(raw[name]["load"]), raw[name]["under"],
            raw[name]["table"],
        )
        for name in SECTIONS
        if name in raw
    }  # fmt: skip


def lines_table(sections: Iterable[Measured]) -> str:
    """Return the Markdown table of claims."""
    rows = ["| | measured | target | | load |", "|---|---|---|---|---|"]
    for section in sections:
        load = f"{section.load[0]:.1f} to {section.load[1]:.1f}"
        for line in section.lines:
            verdict = {None: "", True: "met", False: "**missed**"}[line.holds]
            rows.append(f"| {line.what} | {line.measured} | {line.target} | {verdict} | {load} |")
    return "\n".join(rows)


def processor() -> str:
    """Return what the processor calls itself."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in told.splitlines() if line.startswith("model name")), "")


def versions() -> str:
    """Return what was measured with what."""
    found = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} not installed")
    return ", ".join(found)


def text(sections: Mapping[str, Measured]) -> str:
    """Return what stands between the marks."""
    parts = []
    if "cascade" in sections:
        parts += [
            "Independent cascade from one hub of a follow graph, mean degree 20: CPU time per follow edge of an active "
            "row; the others as multiples of ours, median (lowest to highest) over rounds in which engines take turns.",
            sections["cascade"].table,
        ]
    parts += [
        "What is claimed, and what was found (load: of the machine, before and after, one process of ours included):",
        lines_table(sections.values()),
        ".\n\n".join(dict.fromkeys(section.under for section in sections.values())) + ".",
    ]
    return "\n\n".join(parts)


def main(words: list[str] | None = None) -> None:
    """Measure, print, and rewrite the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it works; nothing is written")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas; others stay")
    parser.add_argument("--rounds", type=int, help="rounds in which the engines take turns")
    parser.add_argument("--largest", type=int, help="no more rows than this; prints alone")
    given = parser.parse_args(words)
    form = QUICK if given.quick else FULL
    if given.rounds:
        form = replace(form, rounds=given.rounds)
    if given.largest:
        form = replace(
            form,
            cascade_rows=tuple(n for n in form.cascade_rows if n <= given.largest),
            mesa_rows=tuple(n for n in form.mesa_rows if n <= given.largest),
            rows=min(form.rows, given.largest),
        )
    chosen = given.only.split(",")
    if unknown := [name for name in chosen if name not in SECTIONS]:
        sys.exit(f"--only names {', '.join(unknown)}; sections are {', '.join(SECTIONS)}")
    found = {name: measured(name, form) for name in chosen}
    print(text(found))
    if given.quick or given.largest:
        return
    if "cascade" in chosen and missing():
        sys.exit(f"not written: {', '.join(missing())} not installed (requirements/bench.txt)")
    write(found)


def write(found: Mapping[str, Measured]) -> None:
    """Keep what was found, beside what other sections found last, and write all of it into the README."""
    before = kept()
    together = {name: found.get(name) or before[name] for name in SECTIONS if name in found or name in before}
    plain = {name: asdict(section) for name, section in together.items()}
    KEPT.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    README.write_text(put_between(README.read_text(encoding="utf-8"), text(together), BEGIN, END), encoding="utf-8")


if __name__ == "__main__":
    main()
