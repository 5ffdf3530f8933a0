"""Which luck a decision gets (docs/model.md 0 and 8): ``u(STREAM; k1, k2, ...)``, one plain function."""

from __future__ import annotations

import numpy as np

from sim.rng import SETUP, Stream, fold, stream_state, uniform


def state_of(seed: int, replicate: int, stream: Stream) -> np.uint64:
    """Return the state of a stream; numpy's own type, so that no key is ever taken for a signed number."""
    return np.uint64(stream_state(np.uint64(seed), np.int64(replicate), np.int64(stream)))


def folded(state: np.uint64, *keys: int | np.uint64) -> np.uint64:
    """Return the state after folding in each key in turn."""
    for key in keys:
        state = np.uint64(fold(state, np.uint64(key)))
    return state


def u(state: np.uint64, *keys: int | np.uint64) -> float:
    """Return the draw in [0, 1) of a stream's state for some keys."""
    return float(uniform(folded(state, *keys)))


class Draws:
    """The draws of one run: ``luck`` changes with the replicate, ``setup`` with the seed alone."""

    def __init__(self, seed: int, replicate: int) -> None:
        self._luck = {stream: state_of(seed, replicate, stream) for stream in Stream}
        self._setup = {stream: state_of(seed, SETUP, stream) for stream in Stream}

    def luck(self, stream: Stream, *keys: int | np.uint64) -> float:
        return u(self._luck[stream], *keys)

    def setup(self, stream: Stream, key: int | np.uint64, about: int | np.uint64 = 0) -> float:
        """Return a draw that fixes people or accounts; it always has two keys, as in ``setup_uniform``."""
        return u(self._setup[stream], key, about)

    def state(self, stream: Stream) -> np.uint64:
        """Return a luck stream's state, for rules that fold in keys themselves (sessions)."""
        return self._luck[stream]
