"""Where a sensitivity study looks: trajectories that change one input at a time, and stars around pairs of places.

Places are in the unit cube, one axis an input, and come in blocks. Stars begin at a Latin hypercube: their errors
are at most those of independent places, so that resampled blocks give intervals that hold. On a scrambled Sobol
sequence they do not: where two of its axes go badly together, an input's total is off by several intervals
(tests/unit/test_sensitivity_indices.py shows it).

Sources: trajectories: Morris 1991, doi:10.1080/00401706.1991.10484804. Stars: Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018. Latin hypercubes: McKay, Beckman & Conover 1979; their variance: Owen 1997,
doi:10.1214/aos/1031594731.
"""

from __future__ import annotations

import numpy as np

from sim.study.sensitivity.luck import Floats

LEVELS = 4
STEP = LEVELS / (2 * (LEVELS - 1))
"""How far an input is moved in a trajectory, as a share of its span."""


def trajectories(inputs: int, blocks: int, seed: int) -> Floats:
    """Return Morris trajectories on a grid of four levels: float64[blocks, 1 + inputs, inputs].

    Each begins at a random place of the grid and moves every input once, in random order, by two thirds of its span.
    """
    drawn = np.random.default_rng(seed)
    start = drawn.integers(0, LEVELS, size=(blocks, inputs))
    order = np.argsort(drawn.random((blocks, inputs)), axis=1)
    half = LEVELS // 2
    end = np.where(start < half, start + half, start - half)
    turn = np.empty_like(order)
    np.put_along_axis(turn, order, np.arange(inputs)[None, :], 1)
    moved = np.arange(inputs + 1)[None, :, None] > turn[:, None, :]
    return np.asarray(np.where(moved, end[:, None, :], start[:, None, :]) / (LEVELS - 1))


def stars(inputs: int, blocks: int, seed: int) -> Floats:
    """Return Saltelli's stars: A, then A with one input of B each, then B; float64[blocks, 2 + inputs, inputs]."""
    drawn = np.random.default_rng(seed)
    rank = np.argsort(drawn.random((blocks, 2 * inputs)), axis=0)
    pairs = (rank + drawn.random((blocks, 2 * inputs))) / blocks
    a, b = pairs[:, None, :inputs], pairs[:, None, inputs:]
    taken = np.concatenate([np.zeros((1, inputs), bool), np.eye(inputs, dtype=bool), np.ones((1, inputs), bool)])
    return np.asarray(np.where(taken, b, a))
