"""A campaign of a million: a run against Part 1's, the log against the summary, and the memory an edge takes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import random_access
from benchmarks.line import Line, at_least, at_most
from benchmarks.rounds import Spread, ratios, take_turns
from sim.catalogue.registry import load_case
from sim.config.root import changed
from sim.engine.run import Run, run_campaign
from sim.engine.world import World, build_world

ROOT = Path(__file__).resolve().parents[1]
PART_ONE = "7483e5d1cccb49a1e35c6afe5bc0370cda8b6648"
CASE = "my_nypd"  # a tenth of a million acts

# what a process of either version does: build the world once, then a run for each line that it is sent
WORKER = """
import sys, time
import sim
assert sim.__file__.startswith(sys.argv[3]), (sim.__file__, sys.argv[3])
from sim.catalogue.registry import load_case
from sim.config.root import changed
from sim.engine.run import run_campaign
from sim.engine.world import build_world
world = build_world(changed(load_case(sys.argv[1]), {"people.n_followers": int(sys.argv[2]), "seed": 1})).prepare()
for line in sys.stdin:
    begin = time.process_time()
    record = run_campaign(world, replicate=int(line))
    print(time.process_time() - begin, record.messages.minute.size, flush=True)
"""


class Recorded:
    """The engine with one kind of record."""

    def __init__(self, world: World, record: str) -> None:
        self.world, self.record = world, record

    def run(self, replicate: int) -> None:
        run_campaign(self.world, replicate=1 + replicate, record=self.record)

    def work(self) -> float:
        return 1.0


def run_bytes(world: World) -> int:
    """Return the bytes of all that one run reads and changes, the graph included."""
    run = Run(world)
    arrays = [*run.bench.arrays.values(), *run.bench.sessions]
    found = {array.ctypes.data: array.nbytes for array in arrays if array.size}  # several views, one memory
    run.close()
    return sum(found.values())


def bytes_of_an_edge(rows: int) -> float:
    """Return what one more follow edge takes: two graphs of the same rows, one with three times the edges."""
    changes = {"people.n_followers": rows, "seed": 1}
    worlds = [build_world(changed(load_case(CASE), changes | {"network.mean_degree": d})) for d in (10.0, 30.0)]
    few, many = worlds
    return (run_bytes(many) - run_bytes(few)) / (many.graph.m - few.graph.m)


def log_and_memory(rows: int, *, rounds: int, seconds: float) -> list[Line]:
    """Return how far a run is from the bound of random access, what the log costs, and what memory it takes."""
    world = build_world(changed(load_case(CASE), {"people.n_followers": rows, "seed": 1})).prepare()
    whole = run_bytes(world)  # before a log is kept, whose sights stay on the bench
    costs = take_turns(
        {"summary": Recorded(world, "summary"), "log": Recorded(world, "log")}, rounds=rounds, seconds=seconds
    )
    bound = Spread.of([random_access.measure(world, replicate=1 + r, repeats=3)["ratio"] for r in range(rounds)])
    edge = bytes_of_an_edge(max(1000, rows // 10))
    return [
        at_most("the same against the random-access bound (`benchmarks/random_access.py`)", bound, None, "×"),
        at_most("the same with `record=log` against the summary", ratios(costs, "log", "summary"), 1.5, "×"),
        at_most("memory of one more follow edge", Spread(edge, edge, edge), 10.0, "bytes"),
        Line("memory of the graph and all arrays of a run", f"{whole / 2**20:,.0f} MB, {world.graph.m:,} follow edges"),
    ]


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """Lay an old commit out in a folder of its own."""
    archive = subprocess.run(["git", "archive", commit], check=True, capture_output=True, cwd=ROOT).stdout
    with tempfile.TemporaryDirectory() as folder:
        tarfile.open(fileobj=io.BytesIO(archive)).extractall(folder, filter="data")
        # the installed package finds its configuration here by other names
        for name in ("conf", "experiments"):
            (Path(folder) / "sim" / name).symlink_to(Path(folder) / name)
        yield Path(folder).resolve()


class Version:
    """A process that runs campaigns with the code of one folder."""

    def __init__(self, folder: Path, rows: int) -> None:
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}
        command = [sys.executable, "-W", "ignore", "-c", WORKER, CASE, str(rows), str(folder)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=folder
        )
        self.messages = 0

    def seconds(self, replicate: int) -> float:
        """Return the CPU seconds of a run."""
        self.process.stdin.write(f"{replicate}\n")
        self.process.stdin.flush()
        spent, messages = self.process.stdout.readline().split()
        self.messages = int(messages)
        return float(spent)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def against_part_one(rows: int, *, rounds: int) -> list[Line]:
    """Return how many times as fast a run is as with Part 1's last commit, the same replicates in turns."""
    spent: dict[str, list[float]] = {"then": [], "now": []}
    with checked_out(PART_ONE) as then:
        versions = {"then": Version(then, rows), "now": Version(ROOT, rows)}
        try:
            for replicate in range(rounds + 1):
                for name in sorted(versions, reverse=replicate % 2 == 1):
                    taken = versions[name].seconds(replicate)
                    if replicate > 0:  # the first one compiles, or reads what is compiled
                        spent[name].append(taken)
        finally:
            for version in versions.values():
                version.close()
    seconds = Spread.of(spent["now"])
    return [
        at_most(f"one run of 72 h, my_nypd, {rows:,} followers", seconds, None, "s"),
        at_least("the same against Part 1 (7483e5d)", ratios(spent, "then", "now"), 2.0),
    ]
