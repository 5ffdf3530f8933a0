"""What a run keeps in memory, counted from its arrays."""

from __future__ import annotations

import numpy as np

from sim.config.root import Configuration, changed
from sim.engine.layout import COLD_BYTES, HOT_BYTES
from sim.engine.run import Run
from sim.engine.world import build_world


def kept(mean_degree: float) -> tuple[int, int]:
    """Return edges of a generated graph of 5,000 rows, and the bytes of all that a run of it reads and changes."""
    configuration = changed(
        Configuration(), {"people.n_followers": 5_000, "network.mean_degree": mean_degree, "horizon_hours": 24}
    )
    world = build_world(configuration)
    run = Run(world)
    arrays = [*run.bench.arrays.values(), *run.bench.sessions]
    memory = {array.ctypes.data: array.nbytes for array in arrays if array.size}  # several views, one memory
    run.close()
    return world.graph.follower.size, sum(memory.values())


def test_an_edge_takes_at_most_ten_bytes():
    few, little = kept(8.0)
    many, much = kept(40.0)
    assert many > 4 * few
    assert 5.0 <= (much - little) / (many - few) <= 10.0


def test_a_row_takes_a_line_and_a_half_besides_what_is_shared_out_among_minutes():
    run = Run(build_world(changed(Configuration(), {"people.n_followers": 500})))
    hot, cold = run.bench.arrays["hot"], run.bench.arrays["cold"]
    assert (hot.nbytes, cold.nbytes) == (500 * HOT_BYTES, 500 * COLD_BYTES)
    assert hot.ctypes.data % HOT_BYTES == cold.ctypes.data % HOT_BYTES == 0  # no line of memory holds parts of three
    assert np.shares_memory(hot, run.bench.arrays["hot_half"])
    run.close()
