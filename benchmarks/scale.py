"""How time, memory and the odds change with the size of the audience: my_nypd from ten thousand rows to a city.

    python -m benchmarks.scale [--rows 1e4 1e5 ...] [--into docs] [--drawn-only]

Each size has two processes of its own, so that peaks of memory are its own: one builds people and graph from nothing
and keeps them, one opens them, runs, and counts verdicts. Prints a table, keeps the figures in ``INTO/scale.json`` and
draws ``INTO/scale.png``. Takes about five minutes on two quiet cores; seconds hold for one machine, slopes travel.
Runs are spread over several seeds (people and graph) where building is cheap. Times of runs are those in which at
least one row in a hundred acted, where there are any: a fizzle takes next to nothing at any size.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.memory import peak_mb

ROWS = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 8_405_837)
SPEND = 40_000_000
LEAST_RUNS, MOST_RUNS = 12, 400
CAUGHT_ON = 0.01
MOST_SEEDS, ROWS_OF_SEEDS = 10, 1_000_000


def runs_of(rows: int) -> int:
    """Return how many runs a size gets: as many as a number of simulated rows allows."""
    return max(LEAST_RUNS, min(MOST_RUNS, SPEND // rows))


def seeds_of(rows: int) -> int:
    """Return over how many draws of people and graph they are spread."""
    return max(1, min(MOST_SEEDS, ROWS_OF_SEEDS // rows))


def world_of(rows: int, seed: int, folder: str) -> Any:
    """Return people and graph of my_nypd at a size, kept in a folder."""
    from sim.catalogue.registry import load_case
    from sim.config.root import changed
    from sim.engine.world import build_world
    from sim.network.shelf import Shelf

    config = changed(load_case("my_nypd"), {"people.n_followers": rows, "seed": seed})
    return build_world(config, shelf=Shelf(Path(folder), least_rows=1, most_bytes=1e11))


def build(rows: int, folder: str) -> dict[str, Any]:
    """Build and keep the people and graph of the first seed; return what it took."""
    world_of(1000, 0, folder)  # compiles
    before = os.times()
    begin = time.perf_counter()
    world = world_of(rows, 0, folder)
    after = os.times()
    return {
        "rows": world.n, "edges": world.graph.m, "build_seconds": time.perf_counter() - begin,
        "build_cpu": after.user + after.system - before.user - before.system, "build_peak_mb": peak_mb(),
    }  # fmt: skip


def run(rows: int, folder: str) -> dict[str, Any]:
    """Open what was built, run one after another on one thread, and count; other seeds are built first."""
    from sim.engine.run import run_campaign
    from sim.outcome.measures import measure
    from sim.outcome.verdict import odds_interval

    small = world_of(1000, 0, folder)
    measure(run_campaign(small, replicate=0))  # compiles, for opened arrays
    opening = []
    for _ in range(3):
        begin = time.perf_counter()
        world = world_of(rows, 0, folder)
        opening.append(time.perf_counter() - begin)
    world.prepare()
    seeds = seeds_of(rows)
    each = -(-runs_of(rows) // seeds)
    seconds: list[float] = []
    cpu: list[float] = []
    acting: list[float] = []
    shares: list[float] = []
    verdicts: list[str] = []
    timed: list[tuple[bool, bool]] = []
    peak = 0.0
    for seed in range(seeds):
        here = world if seed == 0 else world_of(rows, seed, folder)
        for replicate in range(each):
            begin, begin_cpu = time.perf_counter(), time.process_time()
            record = run_campaign(here, replicate=replicate)
            seconds.append(time.perf_counter() - begin)
            cpu.append(time.process_time() - begin_cpu)
            outcome = measure(record)
            acting.append(float(outcome["participants"] or 0) / here.n)
            verdicts.append(str(outcome["verdict"]))
            timed.append((replicate > 0, acting[-1] >= CAUGHT_ON))  # the first one touches new memory
            if outcome["hijack_share"] is not None:
                shares.append(float(outcome["hijack_share"]))
        peak = peak or peak_mb()  # of one world
    caught_on = [k for k, state in enumerate(timed) if state == (True, True)]
    told = caught_on or [k for k, (warm, _) in enumerate(timed) if warm]
    seconds, cpu = [seconds[k] for k in told], [cpu[k] for k in told]
    hijacked = sum(verdict == "hijacked" for verdict in verdicts)
    low, high = odds_interval(hijacked, len(verdicts))
    return {
        "open_seconds": min(opening[1:]), "run_seconds": statistics.median(seconds), "run_fastest": min(seconds),
        "run_slowest": max(seconds), "run_cpu": statistics.median(cpu), "run_peak_mb": peak,
        "acting": statistics.fmean(acting), "hijack_share": statistics.fmean(shares), "runs": len(verdicts),
        "runs_timed": len(seconds), "seeds": seeds,
        "hijacked": hijacked / len(verdicts), "hijacked_lo": low, "hijacked_hi": high,
        "fizzled": sum(verdict == "fizzled" for verdict in verdicts) / len(verdicts), "load": os.getloadavg()[0],
    }  # fmt: skip


def child(step: str, rows: int, folder: str) -> dict[str, Any]:
    """Carry out a step in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.scale", "--step", step, "--rows", str(rows)]
    done = subprocess.run([*command, "--folder", folder], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


HEAD = (
    "     rows        edges  build s  (CPU)   MB  open s  run s    (CPU)   MB   acting   runs  seeds  "
    "P(hijacked)          load"
)


def line(size: dict[str, Any]) -> str:
    """Return one line of the table."""
    return (
        f"{size['rows']:9,}  {size['edges']:11,}  {size['build_seconds']:7.1f}  {size['build_cpu']:5.1f}  "
        f"{size['build_peak_mb']:5.0f}  {size['open_seconds']:5.2f}  {size['run_seconds']:6.3f}  "
        f"{size['run_cpu']:6.3f}  {size['run_peak_mb']:5.0f}  {size['acting']:6.1%}  {size['runs']:4}  "
        f"{size['seeds']:3}  {size['hijacked']:.2f} [{size['hijacked_lo']:.2f}, {size['hijacked_hi']:.2f}]  "
        f"{size['load']:.1f}"
    )


def main() -> None:
    """Measure every size, print the table, draw the figure."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rows", type=float, nargs="+", default=list(ROWS))
    words.add_argument("--into", type=Path, default=Path("docs"))
    words.add_argument("--drawn-only", action="store_true", help="draw what INTO/scale.json holds")
    words.add_argument("--step", choices=("build", "run"), help=argparse.SUPPRESS)
    words.add_argument("--folder", help=argparse.SUPPRESS)
    given = words.parse_args()
    sizes = [int(rows) for rows in given.rows]
    if given.step:
        step = build if given.step == "build" else run
        print(json.dumps(step(sizes[0], given.folder)))
        return
    from benchmarks.scale_figure import FITTED_FROM, draw

    kept = given.into / "scale.json"
    measured: list[dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else []
    if not given.drawn_only:
        print(HEAD, flush=True)
        for rows in sizes:
            with tempfile.TemporaryDirectory() as folder:
                found = child("build", rows, folder) | child("run", rows, folder)
            print(line(found), flush=True)
            measured = sorted([m for m in measured if m["rows"] != rows] + [found], key=lambda m: m["rows"])
            kept.write_text(json.dumps(measured, indent=1) + "\n")
    if sum(size["rows"] >= FITTED_FROM for size in measured) < 2:
        print(f"Slopes and the figure want two sizes from {FITTED_FROM:,} rows on.")
        return
    slopes, picture = draw(measured)
    (given.into / "scale.png").write_bytes(picture)
    for name, slope in slopes.items():
        print(f"{name}: grows as rows^{slope:.2f} from {FITTED_FROM:,} rows on")


if __name__ == "__main__":
    main()
