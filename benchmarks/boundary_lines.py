"""How well a tipping line is known: surfaces with known lines, the line that a grid of runs gives, and its distance.

**Accuracy** is told in two numbers: the share of the box on the wrong side of the estimated line (over 200 x 200
places), and the mean distance from places on the true line to the estimated one, in sides of the box.

**The grid's line**: at 40 x 40 points with 25 runs each, shares of hits are interpolated between neighbours
(bilinear) and cut at the level. That is the raw line. The fair competitor smooths the shares first by a Gaussian
whose width is chosen by cross-validation: 12 of each point's 25 runs foretell the other 13.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import KDTree
from scipy.special import expit, logit

from sim.study.boundary.search import Searched
from sim.study.boundary.surface import Array

PLACES = 200
GRID, EACH = 40, 25
WIDTHS = (0.0, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Of the smoothing, in cells of the grid."""

LogOdds = Callable[[Array, Array], Array]
SURFACES: dict[str, LogOdds] = {
    "straight": lambda x, y: 25.0 * (x + 0.6 * y - 0.75),
    "curved": lambda x, y: 30.0 * (y - 0.25 - 0.5 * np.exp(-3.0 * x) + 0.15 * np.sin(6.0 * x)),
    "closed": lambda x, y: 30.0 * (0.3 - np.hypot(x - 0.55, y - 0.5)),
    "steep": lambda x, y: 150.0 * (y - 0.3 - 0.4 * x**2),
    "shallow": lambda x, y: 5.0 * (x + y * y - 0.8),
    "steeper to one side": lambda x, y: 12.0 * (y - 0.2 - 0.3 * (1.0 - x) ** 3) / (0.15 + x),
}
"""Log-odds over the unit square, by what is hard about them."""


@dataclass(frozen=True)
class Accuracy:
    """How far an estimated line is off.

    Attributes
    ----------
    misplaced : float
        Share of the box on the wrong side.
    distance : float
        Mean distance from the true line, in sides of the box; nan where no line was found.
    """

    misplaced: float
    distance: float


def places() -> tuple[Array, Array, Array]:
    """Return x and y of the places (float64[200, 200]), and both as points (float64[40000, 2])."""
    middle = (np.arange(PLACES) + 0.5) / PLACES
    x, y = np.meshgrid(middle, middle, indexing="ij")
    return x, y, np.stack([x.ravel(), y.ravel()], 1)


def line_of(heights: Array) -> Array:
    """Return places where heights pass zero between neighbours, float64[n, 2]."""
    middle = (np.arange(PLACES) + 0.5) / PLACES
    found = []
    for axis in (0, 1):
        turned = heights if axis == 0 else heights.T
        i, j = np.nonzero((turned[1:] > 0) != (turned[:-1] > 0))
        share = turned[i, j] / (turned[i, j] - turned[i + 1, j])
        along = middle[i] + share / PLACES
        found.append(np.stack([along, middle[j]] if axis == 0 else [middle[j], along], 1))
    return np.concatenate(found)


def accuracy(true: Array, estimated: Array) -> Accuracy:
    """Return how far estimated heights (zero on the line) are from the true ones, float64[200, 200] each."""
    there, line = line_of(true), line_of(estimated)
    distance = float(KDTree(line).query(there)[0].mean()) if len(line) and len(there) else float("nan")
    return Accuracy(float(((true > 0) != (estimated > 0)).mean()), distance)


def asked(surface: LogOdds, seed: int) -> Callable[[Array, Sequence[range]], tuple[Array, Array]]:
    """Return a callable that carries out runs on a known surface: each run's luck follows from its number alone."""

    def ask(points: Array, numbers: Sequence[range]) -> tuple[Array, Array]:
        odds = expit(surface(points[:, 0], points[:, 1]))
        luck = [np.array([np.random.default_rng([seed, number]).random() for number in each]) for each in numbers]
        hits = [float((each < share).sum()) for each, share in zip(luck, odds, strict=True)]
        return np.array(hits), np.array([float(len(each)) for each in numbers])

    return ask


def of_search(found: Searched) -> Array:
    """Return the heights of a search's line at the places."""
    _, _, points = places()
    return np.concatenate([found.surface.mean(part) for part in np.array_split(points, 20)]).reshape(PLACES, PLACES)


def band_holds(found: Searched, surface: LogOdds, level: float = 0.5) -> float:
    """Return the share of the true line on which the 95 % band holds it."""
    x, y, _ = places()
    line = line_of(surface(x, y) - logit(level))
    mean, deviation = found.surface.at(line)
    return float((np.abs(mean) <= 1.96 * deviation).mean())


def of_grid(hits: Array, level: float, width: float) -> Array:
    """Return the heights of a grid's line at the places.

    Parameters
    ----------
    hits : float64[40, 40]
        Of 25 runs each, at points from end to end of the box.
    width : float
        Of the smoothing, in cells; 0 is the raw line.
    """
    shares = hits / EACH
    smooth = gaussian_filter(shares, width, mode="nearest") if width > 0 else shares
    x, y, _ = places()
    where = [x.ravel() * (GRID - 1), y.ravel() * (GRID - 1)]
    # a hair below: at a share of exactly the level (13 of 26) no side would be taken
    return map_coordinates(smooth, where, order=1).reshape(PLACES, PLACES) - level + 1e-9


def width_of(hits: Array, seed: int) -> float:
    """Return the smoothing whose first half of the runs foretells the second best."""
    rng = np.random.default_rng(seed)
    first = rng.hypergeometric(hits.astype(int), EACH - hits.astype(int), EACH // 2)
    rest = (hits - first) / (EACH - EACH // 2)

    def miss(width: float) -> float:
        shares = first / (EACH // 2)
        return float(
            ((gaussian_filter(shares, width, mode="nearest") if width > 0 else shares) - rest).__pow__(2).mean()
        )

    return min(WIDTHS, key=miss)


def grid_points() -> Array:
    """Return the grid's points, float64[1600, 2]."""
    ends = np.linspace(0.0, 1.0, GRID)
    return np.stack(np.meshgrid(ends, ends, indexing="ij"), -1).reshape(-1, 2)


def grid_hits(surface: LogOdds, seed: int) -> Array:
    """Return hits of 40 x 40 x 25 runs on a known surface, float64[40, 40]."""
    points = grid_points()
    odds = expit(surface(points[:, 0], points[:, 1]))
    return np.random.default_rng([seed, 1]).binomial(EACH, odds).reshape(GRID, GRID).astype(float)
