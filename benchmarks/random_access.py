"""How near a run comes to the machine's random-access bound: the cost of touching the memory that it must touch.

A run of a campaign has to read or change, in no order that memory likes, one line of ``hot`` for each message that
lands where it will be seen and for each session, half a line of ``cold`` for each waking, and one mark for each edge
along which something is seen; everything else it can read in order. The bound is the number of those touches, each
taken to be a cached line, times the time of one independent read-modify-write of a line, asked of memory ahead of its
turn, over arrays of the same size on the same machine. Reading the followers' lists in order comes on top.

Run ``python benchmarks/random_access.py [followers]`` from the checkout, or call :func:`measure`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sim.engine.layout import COLD_BYTES, HOT_BYTES  # noqa: E402
from sim.engine.prefetch import prefetch_row  # noqa: E402
from sim.engine.record import RunRecord  # noqa: E402
from sim.engine.run import run_campaign  # noqa: E402
from sim.engine.world import World  # noqa: E402
from sim.people.sessions import next_session  # noqa: E402
from sim.rng import Stream, stream_state  # noqa: E402

AHEAD = 24
TOUCHES = 2_000_000


@numba.njit(nogil=True)
def touch(lines: np.ndarray, rows: np.ndarray) -> None:
    """Read and change one element of each of many rows, asking for each ahead of its turn."""
    for j in range(rows.shape[0] + AHEAD):
        if j < rows.shape[0]:
            prefetch_row(lines, np.intp(rows[j]))
        if j >= AHEAD:
            lines[rows[j - AHEAD], 0] += 1


@numba.njit(nogil=True)
def read_in_order(elements: np.ndarray) -> int:
    """Return the sum of all elements, read one after another."""
    total = 0
    for j in range(elements.shape[0]):
        total += elements[j]
    return total


def quickest(action: Callable[[], object], repeats: int = 5) -> float:
    """Return the shortest time of several calls, in seconds of this thread (the machine may be shared)."""
    times = []
    for _ in range(repeats):
        begin = time.thread_time()
        action()
        times.append(time.thread_time() - begin)
    return min(times)


def touch_seconds(rows: int, width: int) -> float:
    """Return the seconds that one touch of a random row takes, in an array of ``rows`` rows of ``width`` bytes."""
    lines = np.ones((rows, max(1, width // 4)), dtype=np.int32)  # written once: untouched zeros are all one page
    places = np.random.default_rng(1).integers(0, rows, TOUCHES).astype(np.int32)
    touch(lines, places[:10])
    return quickest(lambda: touch(lines, places)) / TOUCHES


@numba.njit(nogil=True)
def count_looks(profile, stream, rate, keys, rows, minutes):  # type: ignore[no-untyped-def]
    """Return how many of the wakings (int64 rows and minutes) hold a look."""
    looks = 0
    for j in range(rows.shape[0]):
        looks += next_session(profile, stream, keys[rows[j]], rate, minutes[j] - 1) == minutes[j]
    return looks


def needed_touches(world: World, record: RunRecord, replicate: int) -> dict[str, int]:
    """Return how many rows of each array a run must touch, from what it recorded with ``record="log"``.

    An impression at a look touched nothing when it was put out; all others landed. What was lost on the way (a lucky
    draw that did not lead to an impression) is left out: the bound is a lower one.
    """
    sights = record.sights
    if sights is None:
        raise ValueError("touches can be counted in a record with sights alone")
    wakings = np.unique(sights.minute.astype(np.int64) * world.n + sights.follower)
    minutes, rows = wakings // world.n, wakings % world.n
    may_look = (record.timeline["trending"][minutes] == 1) & world.population.looks_at_lists[rows]
    looks = int(count_looks(
        world.profile, np.uint64(stream_state(world.config.seed, replicate, int(Stream.LOOK))),
        float(world.config.feed.trending.looks_a_day), world.population.key, rows[may_look], minutes[may_look],
    ))  # fmt: skip
    landed = int(sights.impressions.sum()) - looks
    return {"cold": wakings.size, "hot": landed + wakings.size - looks, "edge_seen": landed}


def measure(world: World, *, replicate: int = 0, repeats: int = 5) -> dict[str, float]:
    """Return the bound and the time of a run, in seconds, and their ratio.

    Returns
    -------
    dict
        ``bound`` (touches times their cost, and the lists of those who wrote, read once in order), ``run`` (the
        shortest of ``repeats``), ``ratio`` (run / bound), ``touches``, ``touch`` (mean seconds of one).
    """
    record = run_campaign(world, replicate=replicate, record="log")
    touches = needed_touches(world, record, replicate)
    sizes = {"cold": (world.n, COLD_BYTES), "hot": (world.n, HOT_BYTES), "edge_seen": (world.graph.follower.size, 1)}
    bound = sum(count * touch_seconds(*_as_lines(*sizes[name])) for name, count in touches.items())
    authors = record.messages.author[record.messages.author >= 0]
    edges = int(world.graph.in_degree[authors].sum())
    bound += edges * quickest(lambda: read_in_order(world.graph.follower)) / max(1, world.graph.follower.size)
    run = quickest(lambda: run_campaign(world, replicate=replicate), repeats)
    total = sum(touches.values())
    return {"bound": bound, "run": run, "ratio": run / bound, "touches": float(total), "touch": bound / max(1, total)}


def _as_lines(rows: int, width: int) -> tuple[int, int]:
    """Return rows of at least four bytes over the same memory."""
    return (rows, width) if width >= 4 else (max(1, rows * width // 4), 4)


def main() -> None:
    """Print the bound, the run and their ratio for the founding case."""
    from sim.catalogue.registry import load_case
    from sim.config.root import changed
    from sim.engine.world import build_world

    followers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    world = build_world(changed(load_case("my_nypd"), {"people.n_followers": followers})).prepare()
    found = measure(world)
    print(
        f"my_nypd at {followers:,}: bound {found['bound']:.3f} s ({found['touches']:,.0f} touches of "
        f"{1e9 * found['touch']:.1f} ns), run {found['run']:.3f} s, {found['ratio']:.1f} times the bound"
    )


if __name__ == "__main__":
    main()
