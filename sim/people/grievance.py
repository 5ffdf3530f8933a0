"""How aggrieved and how supportive a row is: two Beta quantiles, joined by a Gaussian copula.

Ranks come first and are the same whatever the groups' means are; a feeling is its group's quantile at the row's rank
(``docs/model.md`` 1.2 and 1.3). One person can hold both feelings: they only tend to exclude each other.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import kernel
from sim.mathx import normal_cdf
from sim.people.beta import EDGE, FIRST_MIDDLE, LAST, LEAST, MIDDLE, PARTS

STEPS = 65536
"""Feelings are whole multiples of 1 / STEPS."""


@kernel(inline=True)
def _cell(v):
    """Return the grid's cell that holds a rank of at most one half, and the place in it in [0, 1)."""
    if v < LEAST:
        return np.int64(0), v / LEAST
    if v < EDGE:
        part, power = math.frexp(v)
        place = (part - 0.5) * (2.0 * PARTS)
        step = math.floor(place)
        return np.int64(1 + (power + 29) * PARTS + step), place - step
    place = (v - EDGE) * MIDDLE
    step = math.floor(place)
    return np.int64(FIRST_MIDDLE + step), place - step


@kernel(inline=True)
def _interpolated(table, rank):
    """Return the quantile at a rank in [0, 1], by linear interpolation in a table."""
    if rank < 0.5:
        cell, place = _cell(rank)
        low, high = table[cell], table[cell + 1]
    else:
        cell, place = _cell(1.0 - rank)
        low, high = table[LAST - cell], table[LAST - cell - 1]
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
        From :func:`sim.people.beta.quantile_tables`.
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
def coupled_ranks(other, own, correlation):
    """Return the rank of one feeling, given the normal score of the other.

    Parameters
    ----------
    other : float64[n]
        Normal scores of the other feeling's ranks.
    own : float64[n]
        Normal scores of the draws of this feeling's own stream.
    correlation : float in (-1, 1)
        Correlation of the Gaussian copula.
    """
    rest = math.sqrt(1.0 - correlation * correlation)
    out = np.empty(other.shape[0])
    for i in range(other.shape[0]):
        out[i] = normal_cdf(correlation * other[i] + rest * own[i])
    return out
