"""How many accounts each follower follows, and how much each draws followers.

Out-degree is lognormal, attraction Pareto; a Gaussian copula ties the two. Attraction levels off towards
the top, so that the best-followed account has the share of the audience that real graphs show.
Sources: the figures named in ``sim/config/network.py``.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import kernel
from sim.mathx import exp, log, normal_cdf, normal_quantile
from sim.rng import draw

_HALVINGS = 60
_TABLED = 4096
_ZERO, _ONE = np.uint64(0), np.uint64(1)


@kernel
def following(stream, keys, mean, sigma, most):
    """Return how many accounts each follower sets out to follow.

    Parameters
    ----------
    stream : uint64
        State of stream ``OUT_DEGREE``.
    keys : uint64[n]
    mean : float, accounts
        Mean over the audience (met exactly, up to the rounding draws).
    sigma : float, log accounts
    most : int
        No one follows more.

    Returns
    -------
    links : int64[n]
    normal : float64[n]
        The standard normal behind each, for the copula with attraction.
    """
    n = keys.shape[0]
    normal = np.empty(n)
    wanted = np.empty(n)
    for i in range(n):
        normal[i] = normal_quantile(draw(stream, keys[i], _ZERO))
        wanted[i] = exp(sigma * normal[i])
    low, high = 0.0, 1.0
    while _mean_below(wanted, high, most) < mean and high < 1e12:
        high *= 2.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if _mean_below(wanted, middle, most) < mean:
            low = middle
        else:
            high = middle
    links = np.empty(n, np.int64)
    for i in range(n):
        links[i] = int(math.floor(min(high * wanted[i], float(most)) + draw(stream, keys[i], _ONE)))
        links[i] = min(links[i], most)
    return links, normal


@kernel
def _mean_below(values, scale, most):
    """Return the mean of ``min(scale * value, most)``."""
    total = 0.0
    for value in values:
        total += min(scale * value, float(most))
    return total / max(values.shape[0], 1)


@kernel
def attraction(stream, keys, normal, links, exponent, correlation, hub_share):
    """Return how strongly each account draws followers.

    Parameters
    ----------
    stream : uint64
        State of stream ``IN_WEIGHT``.
    keys : uint64[n]
    normal : float64[n]
        The standard normals behind ``links``.
    links : int64[n]
    exponent : float > 1
        Of the tail of the number of followers.
    correlation : float in (-1, 1)
        Of the Gaussian copula with the number of links.
    hub_share : float in (0, 1)
        Share of the audience that may follow the most attractive account.

    Returns
    -------
    float64[n], positive
    """
    n = keys.shape[0]
    weight = np.empty(n)
    own = math.sqrt(1.0 - correlation * correlation)
    for i in range(n):
        z = correlation * normal[i] + own * normal_quantile(draw(stream, keys[i], _ZERO))
        weight[i] = exp(-log(max(normal_cdf(-z), 1e-16)) / (exponent - 1.0))
    share = _link_share(links, hub_share)
    low, high = 1.0, 1e16
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        if _top_share(weight, middle) < share:
            low = middle
        else:
            high = middle
    for i in range(n):
        weight[i] = weight[i] * high / (weight[i] + high)
    return weight


@kernel
def _link_share(links, hub_share):
    """Return the share of all links that reaches a given share of all followers (each once)."""
    low, high = 0.0, 1.0
    most = 0
    for count in links:
        most = max(most, count)
    tabled = min(most + 1, _TABLED)  # an exponential for each number of links, not for each follower
    table = np.empty(tabled)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        for count in range(tabled):
            table[count] = 1.0 - exp(-middle * count)
        reached = 0.0
        for count in links:
            reached += table[count] if count < tabled else 1.0 - exp(-middle * count)
        if reached < hub_share * links.shape[0]:
            low = middle
        else:
            high = middle
    return high


@kernel
def _top_share(weight, ceiling):
    """Return the largest weight's share of all, after levelling off at ``ceiling``."""
    total = 0.0
    top = 0.0
    for value in weight:
        level = value * ceiling / (value + ceiling)
        total += level
        top = max(top, level)
    return top / max(total, 1e-300)
