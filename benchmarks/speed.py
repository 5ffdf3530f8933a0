"""How long Backfire takes: figures, each with the target it is held against; nothing fails here.

Run ``python benchmarks/speed.py`` from the checkout (several minutes; the machine should be quiet).
Each figure is the minimum and the median of its repetitions; CPU seconds where the target says CPU.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKERS = len(os.sched_getaffinity(0))


def show(name: str, seconds: list[float], target: str) -> None:
    """Print one line of the table."""
    print(f"{name:<58} {min(seconds):9.3f} {statistics.median(seconds):9.3f}   {target}", flush=True)


def timed(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the seconds that ``action`` takes."""
    begin = clock()
    action()
    return clock() - begin


def child_cpu(arguments: list[str], **environment: str) -> float:
    """Return the CPU seconds of a command, its children included."""
    before = os.times()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, **environment})
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def start_up() -> None:
    """Time the command line and the first compilation."""
    help_seconds = [child_cpu([sys.executable, "-m", "sim.cli.main", "--help"]) for _ in range(5)]
    show("backfire --help, CPU", help_seconds, "0.5 s of CPU")
    code = (
        "import time; from sim.config.root import Configuration, changed; from sim.engine.world import build_world\n"
        "from sim.engine.run import run_campaign\n"
        "world = build_world(changed(Configuration(), {'people.n_followers': 500})).prepare()\n"
        "begin = time.process_time(); run_campaign(world, replicate=0); print(time.process_time() - begin)"
    )
    for label, repeat in (("first compilation of the engine, CPU", False), ("the same, from the cache", True)):
        with tempfile.TemporaryDirectory() as cache:
            command = [sys.executable, "-W", "ignore", "-c", code]
            environment = {**os.environ, "BACKFIRE_CACHE": cache, "PYTHONPATH": str(ROOT)}
            for _ in range(1 + repeat):
                out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment)
            show(label, [float(out.stdout)], "15 s" if not repeat else "")


def campaigns() -> None:
    """Time single runs and sets of replicates, on one thread and on all."""
    from sim.catalogue.registry import load_case
    from sim.config.root import changed
    from sim.engine.run import run_campaign
    from sim.engine.world import build_world
    from sim.outcome.measures import measure

    big = build_world(load_case("my_nypd")).prepare()
    record = run_campaign(big, replicate=0)
    acting = measure(record)["participants"] / big.n
    single = [timed(lambda r=r: run_campaign(big, replicate=r)) for r in range(1, 6)]
    show(f"one run, my_nypd at 1,000,000, {acting:.0%} acting", single, "1 s when 10 % act")

    def replicates(world: object, count: int) -> None:
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(lambda r: measure(run_campaign(world, replicate=r)), range(count)))

    show(f"60 replicates of it on {WORKERS} threads", [timed(partial(replicates, big, 60))], "60 s on two cores")
    for case in ("my_nypd", "nypd_boots_photo", "ask_jpm"):
        middle = build_world(changed(load_case(case), {"people.n_followers": 100_000})).prepare()
        acting = measure(run_campaign(middle, replicate=0))["participants"] / middle.n
        replicates(middle, 4)
        seconds = timed(partial(replicates, middle, 200))
        show(f"200 replicates, {case} at 100,000, {acting:.1%} acting", [seconds], "10 s")
    quiet = build_world(load_case("station_bulletin")).prepare()
    run_campaign(quiet, replicate=0)
    fizzles = [timed(lambda r=r: run_campaign(quiet, replicate=r)) for r in range(1, 21)]
    show("one fizzling run at 100,000", fizzles, "milliseconds")


def readme_command() -> None:
    """Time the README's command at its defaults, everything included."""
    with tempfile.TemporaryDirectory() as results:
        command = [sys.executable, "-W", "ignore", "-m", "sim.cli.main", "run", "case=my_nypd", f"results={results}"]
        seconds = timed(lambda: subprocess.run(command, check=True, capture_output=True, cwd=ROOT))
        show("backfire run case=my_nypd, everything", [seconds], "120 s on two cores")


def main() -> None:
    """Print the table."""
    sys.path.insert(0, str(ROOT))
    print(f"{'figure':<58} {'minimum':>9} {'median':>9}   target (load now {os.getloadavg()[0]:.1f})")
    start_up()
    campaigns()
    readme_command()


if __name__ == "__main__":
    main()
