"""Where the time of a small study goes, imports included: ``python -m benchmarks.startup``.

Prints CPU seconds and wall-clock seconds of ``backfire --help`` and of each stage of a warm ``backfire run`` with
10,000 followers and 50 replicates, with its report. Kernels are compiled by a first run that is not counted. On
a machine that others use, wall-clock time says little: take the CPU time, of the quickest of several tries.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

WORDS = ("run", "case=my_nypd", "people.n_followers=10000", "replicates=50")
_STAGES = """
import json, resource, sys, time
marks = [("python", 0.0, time.process_time())]
begun = time.perf_counter()
def mark(title):
    marks.append((title, time.perf_counter() - begun, time.process_time()))
mark("imports and configuration")
from sim.cli.entry import main
from sim.cli.progress import Told
stage = Told.stage
def told(self, title, runs=None):
    mark(title)
    stage(self, title, runs)
Told.stage = told
code = main()
mark("end")
beside = resource.getrusage(resource.RUSAGE_CHILDREN)
marks.append(("beside", 0.0, beside.ru_utime + beside.ru_stime))
print(json.dumps(marks), file=sys.stderr)
sys.exit(code)
"""


def help_time() -> tuple[float, float]:
    """Return CPU and wall-clock seconds of ``backfire --help``."""
    before, begun = os.times(), time.perf_counter()
    subprocess.run([sys.executable, "-m", "sim.cli.main", "--help"], check=True, capture_output=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, time.perf_counter() - begun


def _as_installed() -> dict[str, str]:
    """Return the environment in which Python keeps what it has compiled, as where the package is installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def stages(words: tuple[str, ...]) -> list[tuple[str, float, float]]:
    """Return the stages of one warm study: title, CPU seconds, wall-clock seconds.

    Parameters
    ----------
    words : tuple of str
        The command's, without the folder of results.
    """
    with tempfile.TemporaryDirectory() as results:
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _STAGES, *words, f"results={results}", "study=s"],
            check=True, capture_output=True, text=True, env=_as_installed(),
        )  # fmt: skip
        wall = time.perf_counter() - begun
    *marks, beside = json.loads(done.stderr.splitlines()[-1])
    told = [("Python itself", marks[0][2], wall - marks[-1][1])]
    for (title, at, cpu), (_, until, cpu_until) in zip(marks[1:], marks[2:], strict=False):
        told.append((title, cpu_until - cpu, until - at))
    told.append(("drawing, in a process beside", beside[2], 0.0))
    return told


def main() -> None:
    """Print the table of the quickest of some tries, by CPU time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=3)
    tries = parser.parse_args().tries
    stages(WORDS)
    cpu, wall = min(help_time() for _ in range(tries))
    print(f"backfire --help: {cpu:.2f} s CPU, {wall:.2f} s")
    found = min((stages(WORDS) for _ in range(tries)), key=lambda rows: sum(row[1] for row in rows))
    print(f"backfire {' '.join(WORDS)} (load of the machine: {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors)")
    print(f"{'':<50} {'CPU s':>6} {'wall s':>7}")
    for title, used, took in [*found, ("together", sum(row[1] for row in found), sum(row[2] for row in found))]:
        print(f"{title:<50} {used:>6.2f} {took:>7.2f}")


if __name__ == "__main__":
    main()
