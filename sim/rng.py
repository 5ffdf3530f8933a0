"""Which luck a decision gets: every draw is a pure function of what the decision is about.

A draw is ``uniform(fold(fold(stream, key), about))``. A stream's state folds seed, replicate and stream
number; ``fold`` is one step of SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195) used as
a counter-based hash. There is no generator and no call order. The table of draws is in ``docs/model.md``.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from sim.compiled import kernel

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_ONE = np.uint64(1)
_SCALE = 2.0**-53

ACCOUNT_KEYS = 1 << 62
NEWSROOM_KEYS = (1 << 62) + (1 << 61)
MAX_FOLLOWER_KEY = ACCOUNT_KEYS - 1


class Stream(IntEnum):
    """The streams of draws; numbers are part of the results and never change."""

    # set-up: seed alone
    COHORT = 1
    COMMUNITY = 2
    GRIEVANCE = 3
    SUPPORT = 4
    SESSION_RATE = 5
    FOLLOWS_SENDER = 6
    ROLE = 7
    LOCALITY = 8
    TREND_USER = 9
    NEWS_READER = 10
    OUT_DEGREE = 11
    IN_WEIGHT = 12
    LINK = 13
    RECIPROCATE = 14
    CLOSE = 15
    BEAT = 16
    THRESHOLD = 17
    OWN_GRAPH = 18
    # luck: seed and replicate
    SESSION = 32
    LOOK = 33
    SEEN = 34
    PICK = 35
    REACTION = 36
    LISTED = 37
    NEWS_PICKUP = 38
    NEWS_LAG = 39
    NEWS_SEEN = 40
    PAID = 41
    DETECT = 42
    ENGAGE = 43
    NOTIFY = 44
    AMPLIFY = 45
    INITIAL = 46
    COPYCAT = 47
    # studies: design and uncertainty
    DESIGN = 64


SETUP = -1
"""The replicate number of draws that fix people and graph (seed alone)."""


@kernel(inline=True)
def fold(state, key):
    """Return the state after folding in one key (both uint64; a bijection of either alone)."""
    z = state + (key + _ONE) * _GOLDEN
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@kernel(inline=True)
def uniform(state):
    """Return the draw in [0, 1) of a folded state."""
    return float(state >> _S11) * _SCALE


@kernel(inline=True)
def draw(stream, key, about):
    """Return the draw in [0, 1) of a stream state for two keys (uint64, uint64)."""
    return uniform(fold(fold(stream, key), about))


@kernel
def stream_state(seed, replicate, stream):
    """Return the uint64 state of a stream.

    Parameters
    ----------
    seed : int in [0, 2**63)
    replicate : int
        Non-negative, or ``SETUP`` for what the seed alone fixes.
    stream : int
        A number of :class:`Stream`.
    """
    state = fold(np.uint64(0), np.uint64(seed))
    state = fold(state, np.uint64(np.int64(replicate)))
    return fold(state, np.uint64(stream))


@kernel
def fill_uniform(stream, keys, about):
    """Return one draw for each key: float64, shape of ``keys`` (uint64, one dimension)."""
    out = np.empty(keys.shape[0])
    for i in range(keys.shape[0]):
        out[i] = uniform(fold(fold(stream, keys[i]), np.uint64(about)))
    return out


def setup_uniform(seed: int, stream: Stream, keys: np.ndarray, about: int = 0) -> np.ndarray:
    """Return set-up draws in [0, 1), one for each key (people, graph: the seed alone)."""
    state = np.uint64(stream_state(seed, SETUP, int(stream)))
    return fill_uniform(state, np.ascontiguousarray(keys, dtype=np.uint64), about)
