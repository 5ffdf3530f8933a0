"""Which values the uncertain inputs take together: a Latin hypercube of keyed draws.

Each input's range is cut into as many strata as there are draws, and each stratum is used once. Order and
place come from stream DESIGN, keyed by the input's name and the draw's number, so that another input in
the table does not move the draws of the rest (McKay, Beckman & Conover 1979, doi:10.2307/1268522).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.rng import SETUP, Stream, fill_uniform, stream_state
from sim.study.run.inputs import Input


def key_of(name: str) -> int:
    """Return the key of a named input, in [0, 2**62)."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little") >> 2


def strata(name: str, draws: int, seed: int) -> npt.NDArray[np.float64]:
    """Return one input's places in [0, 1): float64[draws], one in each of as many equal strata."""
    state = np.uint64(stream_state(seed, SETUP, int(Stream.DESIGN)))
    about = np.uint64(key_of(name))
    uniform = fill_uniform(state, np.arange(2 * draws, dtype=np.uint64), about)
    order = np.argsort(np.argsort(uniform[:draws], kind="stable"), kind="stable")
    return (order + uniform[draws:]) / draws


def latin_hypercube(inputs: Sequence[Input], draws: int, graphs: int, seed: int) -> npt.NDArray[np.float64]:
    """Return the values of the inputs: float64[draws, inputs].

    Parameters
    ----------
    draws : int
    graphs : int
        Draws come in as many blocks of neighbours; inputs that the graph depends on keep one value within
        a block (their hypercube has as many strata as there are blocks), so that a graph serves its block.
    seed : int
    """
    values = np.empty((draws, len(inputs)))
    block = np.arange(draws) * graphs // max(draws, 1)
    for column, item in enumerate(inputs):
        if item.of_graph:
            place = strata(item.name, graphs, seed)[block]
        else:
            place = strata(item.name, draws, seed)
        values[:, column] = item.low + (item.high - item.low) * place
    return values


def other_seed(seed: int, number: int) -> int:
    """Return the seed of the number-th set of people and graph, in [0, 2**63); number 0 is the seed itself."""
    if number == 0:
        return seed
    return int(stream_state(seed, number, int(Stream.DESIGN))) >> 1
