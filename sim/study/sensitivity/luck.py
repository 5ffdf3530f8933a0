"""Products of expectations over luck, with no share of luck's own variance in them.

A point's expected outcome is known from a few replicates alone, and the square of a mean of few is too large by
the variance of that mean: luck would pass as an effect. Products are therefore taken over pairs of *different*
replicates only. Such a product has the right expectation for any number of replicates from two on, whether two
points share their luck (replicate r against replicate r) or not; sharing it makes the product less noisy.

Luck is shared by the points of a block (a trajectory, or a radial star) and differs between blocks. Blocks are
then independent of one another, points and luck alike, and resampling whole blocks gives intervals that hold
what few replicates leave open as well. With one luck for all blocks, intervals would have to leave that out.

Sources: pairs of different replicates: Hoeffding 1948, "A class of statistics with asymptotically normal
distribution", Ann. Math. Stat. 19. Blocks: Efron & Tibshirani 1993, "An Introduction to the Bootstrap", chapter 6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RESAMPLES = 1000
_LOW, _HIGH = 2.5, 97.5


def across(first: Floats, second: Floats) -> Floats:
    """Return the mean product over pairs of different replicates: an unbiased product of two expectations.

    Parameters
    ----------
    first, second : float64[..., replicates]
        At least two replicates.
    """
    count = first.shape[-1]
    both = first.sum(-1) * second.sum(-1) - (first * second).sum(-1)
    return np.asarray(both / (count * (count - 1)))


def signed_by_others(values: Floats) -> Floats:
    """Return each mean's size, the sign of a replicate being that of the others' sum: 0 in expectation by luck alone.

    Where luck can turn the sign, it falls short of the size; it never goes beyond in expectation.

    Parameters
    ----------
    values : float64[..., replicates]
    """
    others = values.sum(-1, keepdims=True) - values
    return np.asarray((np.sign(others) * values).mean(-1))


def square_of_mean(values: Floats, weights: Floats) -> Floats:
    """Return the unbiased square of the expectation of blocks' values, for each weighting.

    Parameters
    ----------
    values : float64[blocks, ...]
    weights : float64[weightings, blocks]
        Each weighting sums to the number of blocks.
    """
    blocks = len(values)
    mean = np.tensordot(weights, values, 1) / blocks
    square = np.tensordot(weights, values**2, 1) / blocks
    return np.asarray(mean**2 - (square - mean**2) / (blocks - 1))


def weightings(blocks: int, seed: int, resamples: int = RESAMPLES) -> Floats:
    """Return how often each block is drawn: once each in the first row, then by resampling with replacement.

    Returns
    -------
    float64[1 + resamples, blocks]
    """
    drawn = np.random.default_rng(seed).multinomial(blocks, np.full(blocks, 1.0 / blocks), size=resamples)
    return np.concatenate([np.ones((1, blocks)), drawn.astype(np.float64)])


def with_interval(estimates: Floats) -> tuple[Floats, Floats, Floats]:
    """Return estimate, low and high (95 %) from estimates of which the first is that of the blocks as they are.

    Parameters
    ----------
    estimates : float64[1 + resamples, ...]
    """
    again = estimates[1:]
    nothing = ~np.isfinite(again).any(0)  # an outcome that never varies has no shares
    low, high = np.nanpercentile(np.where(nothing, 0.0, again), [_LOW, _HIGH], axis=0)
    return np.asarray(estimates[0]), np.where(nothing, np.nan, low), np.where(nothing, np.nan, high)


def means(weights: Floats) -> Callable[[Floats], Any]:
    """Return a function that takes the weighted means over blocks."""
    blocks = weights.shape[1]
    return lambda values: np.tensordot(weights, values, 1) / blocks
