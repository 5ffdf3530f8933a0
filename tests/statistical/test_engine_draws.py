"""Draws are uniform, and independent between keys, streams, replicates and seeds (fixed seeds, alpha 1e-4)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rng import SETUP, Stream, fill_uniform, stream_state

ALPHA = 1e-4
N = 200_000
CELLS = 16
KEYS = np.arange(N, dtype=np.uint64)
KINDS = {
    "neighbouring rows": KEYS,
    "every millionth": KEYS * np.uint64(1_000_003),
    "the highest": np.uint64(2**62 - 1) - KEYS,
    "low bits alike": KEYS << np.uint64(40),
}


def drawn(seed: int = 0, replicate: int = 0, stream: Stream = Stream.SEEN, about: int = 0, keys=KEYS) -> np.ndarray:
    return fill_uniform(np.uint64(stream_state(seed, replicate, int(stream))), keys, about)


def chance_of_counts(counts: np.ndarray) -> float:
    from scipy.stats import chisquare

    return float(chisquare(counts.ravel()).pvalue)


@pytest.mark.parametrize("keys", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("replicate", [SETUP, 0, 1])
def test_draws_are_uniform_for_any_pattern_of_keys(keys, replicate):
    from scipy.stats import kstest

    u = drawn(replicate=replicate, keys=keys)
    assert 0.0 <= u.min() and u.max() < 1.0
    assert ALPHA < kstest(u, "uniform").pvalue < 1.0 - ALPHA
    low_bits = (u * 2.0**53).astype(np.uint64) & np.uint64(255)
    assert chance_of_counts(np.bincount(low_bits, minlength=256)) > ALPHA


PAIRS = {
    "row and next row": (drawn(keys=KEYS[:-1]), drawn(keys=KEYS[1:])),
    "row and the row 64 on": (drawn(keys=KEYS[:-64]), drawn(keys=KEYS[64:])),
    "minute and next minute": (drawn(about=0), drawn(about=1)),
    "replicate and next": (drawn(replicate=0), drawn(replicate=1)),
    "people and luck": (drawn(replicate=SETUP), drawn(replicate=0)),
    "seed and next": (drawn(seed=0), drawn(seed=1)),
    "seed and replicate exchanged": (drawn(seed=0, replicate=1), drawn(seed=1, replicate=0)),
    **{
        f"{a.name} and {b.name}": (drawn(stream=a), drawn(stream=b))
        for a, b in ((Stream.SEEN, Stream.PICK), (Stream.SESSION, Stream.LOOK), (Stream.REACTION, Stream.SEEN),
                     (Stream.GRIEVANCE, Stream.SUPPORT), (Stream.ENGAGE, Stream.NOTIFY))
    },
}  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_two_draws_about_different_things_are_independent(pair):
    a, b = pair
    cells = (a * CELLS).astype(np.int64) * CELLS + (b * CELLS).astype(np.int64)
    assert chance_of_counts(np.bincount(cells, minlength=CELLS * CELLS)) > ALPHA
    # z of a correlation of independent draws is normal; 3.9 is the two-sided point of 1e-4
    assert abs(np.corrcoef(a, b)[0, 1]) * np.sqrt(a.size) < 3.9


def test_one_draw_shows_no_pattern_in_pairs_of_bits():
    u = (drawn() * 2.0**53).astype(np.uint64)
    bits = np.array([(u >> np.uint64(j)) & np.uint64(1) for j in range(0, 53, 4)], dtype=np.float64)
    correlation = np.corrcoef(bits)[np.triu_indices(bits.shape[0], 1)]
    assert np.abs(correlation).max() * np.sqrt(N) < 5.0  # 91 pairs at once
