"""Quantiles of Beta distributions, tabled at ranks that lie close together where tails are thin.

In y = log(x / (1 - x)) the density of a Beta distribution, x^a (1 - x)^b, is smooth, has one peak and thin tails,
whatever its parameters: it is integrated cell by cell from either end, and y is read off as a smooth function of the
logarithm of the mass so far. Additions, multiplications and divisions alone, so that no machine differs, and all is
25 times as quick as inverting the incomplete beta function rank by rank; quantiles are met to 2**-23.

Sources: both rules are two-point Hermite ones with second derivatives (Davis & Rabinowitz 1984, "Methods of Numerical
Integration", 2.8); the mass beyond either end is the series of Abramowitz & Stegun 1964, 26.5.4.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from sim.compiled import kernel
from sim.mathx import exp, log, plain_log

# The ranks: 0, 24 octaves of 16 steps from 2**-30 to 2**-6, steps of 2**-10 in the middle, and the same octaves
# towards 1; all are exact, so a rank finds its cell by arithmetic.
OCTAVES = 24
PARTS = 16
LEAST = 2.0**-30
EDGE = 2.0**-6
MIDDLE = 1024
FIRST_MIDDLE = 1 + OCTAVES * PARTS
LAST = 2 * FIRST_MIDDLE + MIDDLE - 2 * int(MIDDLE * EDGE)

_STEPS = 2.0**24  # single precision holds the multiples of 2**-24 in [0, 1] exactly
_CELLS = 320
_FAR = 17.5  # beyond, x or 1 - x is less than 2**-25 and rounds to nothing
_DROP = 28.0  # where the density has fallen to exp(-28) of its peak, less lies beyond than the least rank
_HEAPS = 1e-12  # so little of a parameter leaves two heaps, at 0 and at 1


@cache
def quantile_grid() -> np.ndarray:
    """Return the ranks at which quantiles are tabled: float64[1763], ascending from 0 to 1 (read-only)."""
    tail = np.array([LEAST * 2.0**o * (1.0 + p / PARTS) for o in range(OCTAVES) for p in range(PARTS)])
    edge = int(MIDDLE * EDGE)
    middle = np.arange(edge, MIDDLE - edge + 1) / MIDDLE
    grid = np.concatenate([[0.0], tail, middle, 1.0 - tail[::-1], [1.0]])
    grid.flags.writeable = False
    return grid


_RANKS = quantile_grid()
_LOG_RANKS = np.array([plain_log(rank) for rank in _RANKS[1 : LAST // 2 + 1].tolist()])
"""Logarithms of the ranks above 0 and up to one half."""


@kernel(inner=True)
def _log_density(y, a, b):
    """Return the logarithm of the density at y, but for a constant."""
    return -(a + b) * log(1.0 + exp(-y)) - b * y


@kernel(inner=True)
def _end(peak, far, a, b):
    """Return how far the density is looked at, from its peak towards ``far``."""
    if (far < 0.0 and peak <= far) or (far > 0.0 and peak >= far):
        return far
    level = _log_density(peak, a, b) - _DROP
    if _log_density(far, a, b) >= level:
        return far
    inside, outside = peak, far
    for _ in range(30):
        middle = 0.5 * (inside + outside)
        if _log_density(middle, a, b) > level:
            inside = middle
        else:
            outside = middle
    return outside


@kernel(inner=True)
def _beyond(x, a, b):
    """Return the mass below x over the density there (x small, or far below the peak: then it hardly counts)."""
    term = 1.0
    total = 1.0
    for k in range(60):
        term *= x * (a + b + k) / (a + 1.0 + k)
        total += term
        if term < 1e-17 * total:
            break
    return total / a


@kernel(inner=True)
def _upto_half(out, low, width, below, whole, cell, density, leaning):
    """Write the quantiles of the ranks above 0 and up to one half.

    Parameters
    ----------
    out : float64[881]
    low, width : float
        The first node, and the distance between nodes, in y.
    below, whole : float
        The mass below the first node, and all there is.
    cell : float64[nodes - 1]
        The mass between a node and the next.
    density, leaning : float64[nodes]
        The density, and the derivative of its logarithm.
    """
    wanted = log(whole)
    node, mass = 0, below
    here, rate = log(mass), mass / density[0]
    turn = rate * (1.0 - rate * leaning[0])
    last, last_rate, last_turn = here, rate, turn
    for k in range(_LOG_RANKS.shape[0]):
        rank = _LOG_RANKS[k] + wanted
        while here < rank and node < _CELLS:
            last, last_rate, last_turn = here, rate, turn
            mass += cell[node]
            node += 1
            here, rate = log(mass), mass / density[node]
            turn = rate * (1.0 - rate * leaning[node])
        if node == 0:
            out[k] = 0.0
        elif here < rank:
            out[k] = 1.0
        else:
            apart = here - last
            p = (rank - last) / apart
            q = 1.0 - p
            y = (
                width * (p * p * p * (10.0 - p * (15.0 - 6.0 * p)))
                + apart * (last_rate * p * q * q * q * (1.0 + 3.0 * p) - rate * q * p * p * p * (1.0 + 3.0 * q))
                + 0.5 * apart * apart * (last_turn * p * p * q * q * q + turn * q * q * p * p * p)
            )
            out[k] = 1.0 / (1.0 + exp(-(low + (node - 1) * width + y)))


@kernel(inner=True)
def _between(a, b):
    """Return the quantiles of the ranks above 0 and below 1, not rounded yet: float64[1761]."""
    out = np.empty(LAST - 1)
    peak = log(a) - log(b)
    low, high = _end(peak, -_FAR, a, b), _end(peak, _FAR, a, b)
    if low >= high or high <= -_FAR or low >= _FAR:
        out[:] = 0.0 if peak < 0.0 else 1.0
        return out
    top = _log_density(min(max(peak, low), high), a, b)
    width = (high - low) / _CELLS
    density, leaning, cell = np.empty(_CELLS + 1), np.empty(_CELLS + 1), np.empty(_CELLS)
    inner = last_slope = last_bend = 0.0
    for node in range(_CELLS + 1):
        y = low + node * width
        odds = exp(-y)
        x = 1.0 / (1.0 + odds)
        leaning[node] = a - (a + b) * x
        density[node] = exp(-(a + b) * log(1.0 + odds) - b * y - top)
        slope = density[node] * leaning[node]
        bend = slope * leaning[node] - density[node] * (a + b) * x * (1.0 - x)
        if node > 0:
            ends = 0.5 * (density[node - 1] + density[node])
            cell[node - 1] = width * (ends + width * (0.1 * (last_slope - slope) + width * (last_bend + bend) / 120.0))
            inner += cell[node - 1]
        last_slope, last_bend = slope, bend
    below = density[0] * _beyond(1.0 / (1.0 + exp(-low)), a, b)
    above = density[_CELLS] * _beyond(1.0 / (1.0 + exp(high)), b, a)
    whole = below + inner + above
    half = _LOG_RANKS.shape[0]
    _upto_half(out[:half], low, width, below, whole, cell, density, leaning)
    # the upper half is the lower one of the mirrored distribution
    mirrored = np.empty(half)
    _upto_half(mirrored, -high, width, above, whole, cell[::-1].copy(), density[::-1].copy(), -leaning[::-1].copy())
    for k in range(half - 1):
        out[LAST - 2 - k] = 1.0 - mirrored[k]
    return out


@kernel
def quantile_tables(means, concentration):
    """Return the quantiles of Beta distributions at ``quantile_grid()``, in multiples of 2**-24.

    Parameters
    ----------
    means : float64[groups], in [0, 1]
        With 0 or 1 all quantiles are 0 or 1; a group whose mean is nan gets a line of nan.
    concentration : float, above 0
        Sum of the two parameters.

    Returns
    -------
    float64[groups, 1763]
    """
    tables = np.empty((means.shape[0], LAST + 1))
    for group in range(means.shape[0]):
        mean, table = means[group], tables[group]
        a, b = mean * concentration, (1.0 - mean) * concentration
        if not (mean > 0.0 and mean < 1.0):
            table[:] = mean
        elif a <= _HEAPS or b <= _HEAPS:
            for k in range(LAST + 1):
                table[k] = 1.0 if _RANKS[k] > 1.0 - mean else 0.0
        else:
            table[0], table[LAST] = 0.0, 1.0
            least = 0.0
            for k, quantile in enumerate(_between(a, b)):
                least = max(least, math.floor(min(1.0, quantile) * _STEPS + 0.5) / _STEPS)
                table[k + 1] = least
    return tables
