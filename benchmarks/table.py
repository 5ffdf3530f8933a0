"""Measure everything that the README says of speed, and rewrite its table: ``python -m benchmarks.table``.

The full form takes an hour or so on a quiet machine and about 6 GB. ``--quick`` goes through the same steps at tiny
sizes, to see that they work: its numbers mean nothing and are printed, not written. What is claimed, and held by
``pytest -m bench benchmarks``, has a target; ratios are compared within a round, in which the engines take turns.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import campaign_mesa, campaign_speed, cascade_lines, studies, waiting
from benchmarks.cascade import SETTINGS, Comparison, compare
from benchmarks.cascade_peers import missing
from benchmarks.line import Line
from sim.report.between import put_between

README = Path(__file__).resolve().parents[1] / "README.md"
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
    return studies.measure(rows=form.study_rows, replicates=8, rounds=min(form.rounds, 5))


SECTIONS: dict[str, Callable[[Form], list[Line]]] = {
    "cascade": cascade,
    "mesa": mesa,
    "campaign": campaign,
    "start-up": start_up,
    "studies": studying,
}


def lines_table(lines: list[Line]) -> str:
    """Return the Markdown table of claims."""
    rows = ["| | measured | target | |", "|---|---|---|---|"]
    for line in lines:
        verdict = {None: "", True: "met", False: "**missed**"}[line.holds]
        rows.append(f"| {line.what} | {line.measured} | {line.target} | {verdict} |")
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


def text(chosen: list[str], form: Form) -> str:
    """Measure, and return what stands between the marks."""
    load = os.getloadavg()[0]
    lines = []
    for name in chosen:
        print(f"measuring: {name} (load {os.getloadavg()[0]:.1f})", file=sys.stderr, flush=True)
        lines += SECTIONS[name](form)
    parts = []
    if "cascade" in chosen:
        parts += [
            "Independent cascade from one hub of a follow graph, mean degree 20: CPU time per follow edge of an active "
            "row; the others as multiples of ours, median (lowest to highest) over rounds in which engines take turns.",
            cascade_lines.table(cascades(form)),
        ]
    parts += ["What is claimed, and what was found:", lines_table(lines)]
    parts.append(
        f"{processor()}, {len(os.sched_getaffinity(0))} cores, load {load:.1f} at the beginning and "
        f"{os.getloadavg()[0]:.1f} at the end; {versions()}."
    )
    return "\n\n".join(parts)


def main(words: list[str] | None = None) -> None:
    """Measure, print, and rewrite the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it works; nothing is written")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas; prints alone")
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
    block = text(chosen, form)
    print(block)
    if given.quick or given.largest or chosen != list(SECTIONS):
        return
    if missing():
        sys.exit(f"not written: {', '.join(missing())} not installed (requirements/bench.txt)")
    README.write_text(put_between(README.read_text(encoding="utf-8"), block, BEGIN, END), encoding="utf-8")


if __name__ == "__main__":
    main()
