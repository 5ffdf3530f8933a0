"""How aggrieved and how supportive a row is: two Beta quantiles, joined by a Gaussian copula.

Ranks come first and are the same whatever the groups' means are; a feeling is its group's quantile at the row's rank
(``docs/model.md`` 1.2 and 1.3). One person can hold both feelings: they only tend to exclude each other.

Sources: Beta quantiles are those of the regularised incomplete beta function (``scipy.special.betaincinv``).
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

import numpy as np

from sim.compiled import kernel
from sim.mathx import normal_cdf, normal_quantile

STEPS = 65536
"""Feelings are whole multiples of 1 / STEPS."""

# The grid of a quantile table: 0, 24 octaves of 16 steps from 2**-30 to 2**-6, steps of 2**-10 in the middle, and the
# same octaves towards 1; all its points are exact, so a rank finds its cell by arithmetic.
_OCTAVES = 24
_PARTS = 16
_LEAST = 2.0**-30
_EDGE = 2.0**-6
_MIDDLE = 1024
_FIRST_MIDDLE = 1 + _OCTAVES * _PARTS
_LAST = 2 * _FIRST_MIDDLE + _MIDDLE - 2 * int(_MIDDLE * _EDGE)
_GRID_STEPS = 2.0**24


@cache
def quantile_grid() -> np.ndarray:
    """Return the ranks at which quantiles are tabled: float64[1763], ascending from 0 to 1 (read-only)."""
    tail = np.array([_LEAST * 2.0**o * (1.0 + p / _PARTS) for o in range(_OCTAVES) for p in range(_PARTS)])
    edge = int(_MIDDLE * _EDGE)
    middle = np.arange(edge, _MIDDLE - edge + 1) / _MIDDLE
    grid = np.concatenate([[0.0], tail, middle, 1.0 - tail[::-1], [1.0]])
    grid.flags.writeable = False
    return grid


@lru_cache(maxsize=512)
def quantile_table(mean: float, concentration: float) -> np.ndarray:
    """Return the quantiles of a Beta distribution at ``quantile_grid()``, in multiples of 2**-24 (read-only).

    Parameters
    ----------
    mean : float in [0, 1]
        With 0 or 1 all quantiles are 0 or 1.
    concentration : float, above 0
        Sum of the two parameters of the distribution.
    """
    table = quantiles(mean, concentration, quantile_grid())
    table.flags.writeable = False
    return table


def quantiles(mean: float, concentration: float, grid: np.ndarray) -> np.ndarray:
    """Return the quantiles of a Beta distribution at some ranks in rising order, in multiples of 2**-24."""
    a, b = mean * concentration, (1.0 - mean) * concentration
    if mean <= 0.0 or mean >= 1.0:
        table = np.full(grid.shape, min(1.0, max(0.0, mean)))
    elif a <= 1e-300 or b <= 1e-300:  # so little concentration leaves two heaps, at 0 and at 1
        table = (grid > 1.0 - mean).astype(np.float64)
    else:
        from scipy.special import betaincinv

        table = np.maximum.accumulate(np.clip(betaincinv(a, b, grid), 0.0, 1.0))
    # The coarser steps take the last bits away, in which machines may differ; single precision holds them exactly.
    return np.rint(table * _GRID_STEPS) / _GRID_STEPS


@kernel(inline=True)
def _cell(v):
    """Return the grid's cell that holds a rank of at most one half, and the place in it in [0, 1)."""
    if v < _LEAST:
        return np.int64(0), v / _LEAST
    if v < _EDGE:
        part, power = math.frexp(v)
        place = (part - 0.5) * (2.0 * _PARTS)
        step = math.floor(place)
        return np.int64(1 + (power + 29) * _PARTS + step), place - step
    place = (v - _EDGE) * _MIDDLE
    step = math.floor(place)
    return np.int64(_FIRST_MIDDLE + step), place - step


@kernel(inline=True)
def _interpolated(table, rank):
    """Return the quantile at a rank in [0, 1], by linear interpolation in a table."""
    if rank < 0.5:
        cell, place = _cell(rank)
        low, high = table[cell], table[cell + 1]
    else:
        cell, place = _cell(1.0 - rank)
        low, high = table[_LAST - cell], table[_LAST - cell - 1]
    return low + (high - low) * place


@kernel(inline=True)
def rounded(value):
    """Return a feeling as a float32 multiple of 1 / STEPS, held in [0, 1]."""
    return np.float32(min(1.0, max(0.0, math.floor(value * STEPS + 0.5) / STEPS)))


@kernel
def rounded_all(values):
    """Return each feeling as a float32 multiple of 1 / STEPS (float64, one dimension, in)."""
    out = np.empty(values.shape[0], np.float32)
    for i in range(values.shape[0]):
        out[i] = rounded(values[i])
    return out


@kernel
def feelings(tables, group, rank):
    """Return each row's quantile.

    Parameters
    ----------
    tables : float64[groups, 1763]
        From :func:`quantile_table`.
    group : int64[n]
        The row's line of ``tables``.
    rank : float64[n]

    Returns
    -------
    float32[n]
        Multiples of 1 / STEPS.
    """
    out = np.empty(rank.shape[0], np.float32)
    for i in range(rank.shape[0]):
        out[i] = rounded(_interpolated(tables[group[i]], rank[i]))
    return out


@kernel
def coupled_ranks(rank, draws, correlation):
    """Return the rank of one feeling, given that of the other.

    Parameters
    ----------
    rank : float64[n]
        Ranks of the other feeling, in [0, 1].
    draws : float64[n]
        Draws of this feeling's own stream, in [0, 1).
    correlation : float in (-1, 1)
        Correlation of the Gaussian copula.
    """
    rest = math.sqrt(1.0 - correlation * correlation)
    out = np.empty(rank.shape[0])
    for i in range(rank.shape[0]):
        z = correlation * normal_quantile(rank[i]) + rest * normal_quantile(draws[i])
        out[i] = normal_cdf(z)
    return out


@kernel
def _corners(group, rank, groups):
    """Return which quantiles are asked for: bool[groups, 1763], the ends of the cells that hold some row's rank."""
    asked = np.zeros((groups, _LAST + 1), np.bool_)
    for i in range(rank.shape[0]):
        if rank[i] < 0.5:
            low = _cell(rank[i])[0]
            asked[group[i], low] = asked[group[i], low + 1] = True
        else:
            low = _LAST - _cell(1.0 - rank[i])[0]
            asked[group[i], low] = asked[group[i], low - 1] = True
    return asked


def group_tables(means: np.ndarray, concentration: float, group: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Return the quantile tables of groups, as far as some rows ask for them.

    Parameters
    ----------
    means : float64[groups] or more dimensions
        A group whose mean is nan gets a line of nan.
    concentration : float
    group : int64[n]
        The row's line.
    rank : float64[n]

    Returns
    -------
    float64[groups, 1763]
        What no row asks for may be nan: small groups need few of the quantiles, which take time.
    """
    asked = _corners(group, rank, np.int64(means.size))
    tables = np.full(asked.shape, np.nan)
    for line, mean in enumerate(means.ravel()):
        wanted = asked[line]
        if mean != mean or not wanted.any():
            continue
        if 2 * np.count_nonzero(wanted) > wanted.size:
            tables[line] = quantile_table(float(mean), float(concentration))
        else:
            tables[line, wanted] = quantiles(float(mean), float(concentration), quantile_grid()[wanted])
    return tables
