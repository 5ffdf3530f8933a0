"""Where to spend runs so that the line on which a verdict has a given probability is known best.

First points spread evenly, then batches. A point of a batch is the one whose runs would narrow the posterior most
where the line may be: the expected fall of its deviation, weighed by the density of the line (which, integrated over
the box, is the fall of the expected share of the box on the wrong side; compare Picheny et al. 2010, "Adaptive
designs of experiments for accurate approximation of a target region"). The fall does not depend on what the runs
will show, so that a batch is chosen greedily, each point in the light of those before it.

**Luck**: no two points share a replicate number. The same luck at all points would move the whole line together and
average out nowhere; fresh luck at each point averages out along the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtr
from scipy.stats import qmc

from sim.rng import Stream, setup_uniform
from sim.study.boundary.surface import Array, Shape, Surface, fitted
from sim.study.run.draws import key_of

FIRST = 16
"""First points for each parameter."""
RUNS_A_POINT, RUNS_A_POINT_LATER, LATER = 10, 20, 1_000
"""Runs of a point, and those from so many runs on: each point costs the making of its people once more."""
GROWTH = 0.25
"""A batch is this share of the runs so far, so that the number of batches grows with the logarithm of the budget."""
_SPREAD = 10
"""Two to the power of this: points that stand for the box."""
_BISECTED, _HALVINGS = 256, 14
_WATCHED = 384
_HEAVY = 0.1
"""Share of the box that at least counts as near the line, so that a steep line is not lost between points."""
_LOOKS = 3
"""So many batches are looked at before a search may end as settled."""

Ask = Callable[[Array, Sequence[range]], tuple[npt.ArrayLike, npt.ArrayLike]]
"""Takes points of the unit cube and the replicate numbers of each; gives hits, and runs that came to an end."""


@dataclass
class Spent:
    """The runs that were spent.

    Attributes
    ----------
    points : float64[n, d]
        In the unit cube; one may stand in several rows.
    hits, trials : float64[n]
        Runs with the verdict, and runs that came to an end.
    batch, first : int64[n]
        In which batch a point was chosen, and its first replicate number.
    asked : int
        Runs asked for.
    """

    points: Array
    hits: Array
    trials: Array
    batch: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    asked: int = 0

    @classmethod
    def nothing(cls, sides: int) -> Spent:
        """Return no runs."""
        none = np.zeros(0, np.int64)
        return cls(np.zeros((0, sides)), np.zeros(0), np.zeros(0), none, none)

    def spend(self, ask: Ask, points: Array, each: int) -> None:
        """Spend ``each`` runs at each of some points, on luck that was not used before."""
        begins = self.asked + each * np.arange(points.shape[0])
        hits, trials = ask(points, [range(begin, begin + each) for begin in begins.tolist()])
        number = int(self.batch[-1]) + 1 if self.batch.size else 0
        self.points = np.concatenate([self.points, points])
        self.hits = np.concatenate([self.hits, np.asarray(hits, np.float64)])
        self.trials = np.concatenate([self.trials, np.asarray(trials, np.float64)])
        self.batch = np.concatenate([self.batch, np.full(points.shape[0], number)])
        self.first = np.concatenate([self.first, begins])
        self.asked += each * points.shape[0]

    def merged(self) -> tuple[Array, Array, Array]:
        """Return points, hits and trials, each point once."""
        found = np.unique(self.points, axis=0, return_inverse=True)
        points, row = np.asarray(found[0], np.float64), found[1]
        row = row.reshape(-1)
        return points, np.bincount(row, self.hits).astype(float), np.bincount(row, self.trials).astype(float)


@dataclass(frozen=True)
class Searched:
    """What a search has found.

    Attributes
    ----------
    surface : Surface
    spent : Spent
    misplaced : float
        Expected share of the box on the wrong side of the line.
    settled : bool
        Whether that is as small as was asked for.
    course : list of (int, float)
        Runs and ``misplaced`` after each batch.
    """

    surface: Surface
    spent: Spent
    misplaced: float
    settled: bool
    course: list[tuple[int, float]]


def spread(sides: int, power: int, seed: int) -> Array:
    """Return points that fill the unit cube evenly, float64[2 ** power, sides]: Sobol's, shifted by the seed."""
    shift = setup_uniform(seed, Stream.DESIGN, np.arange(sides, dtype=np.uint64), key_of("boundary"))
    return (qmc.Sobol(sides, scramble=False).random_base2(power) + shift) % 1.0


def wrong_side(surface: Surface, points: Array) -> float:
    """Return the expected share of points that the posterior's mean puts on the wrong side of the line."""
    mean, deviation = surface.at(points)
    return float(ndtr(-np.abs(mean) / deviation).mean())


def on_line(surface: Surface, points: Array, most: int) -> Array:
    """Return points on the line, float64[at most ``most``, d]: between pairs of neighbours on either side of it."""
    mean = surface.mean(points)
    above, below = points[mean > 0.0], points[mean <= 0.0]
    if not len(above) or not len(below):
        return points[:0]
    few, many = (above, below) if len(above) <= len(below) else (below, above)
    away = ((few[:, None, :] - many[None, :, :]) ** 2).sum(2)
    pairs = {(i, int(j)) for i, j in enumerate(away.argmin(1))} | {(int(i), j) for j, i in enumerate(away.argmin(0))}
    near = sorted(pairs, key=lambda pair: (away[pair], pair))[:most]
    one, other = few[[i for i, _ in near]], many[[j for _, j in near]]
    sign = np.sign(surface.mean(one))
    for _ in range(_HALVINGS):
        middle = 0.5 * (one + other)
        same = np.sign(surface.mean(middle)) == sign
        one, other = np.where(same[:, None], middle, one), np.where(same[:, None], other, middle)
    return 0.5 * (one + other)


def next_batch(surface: Surface, points: Array, snap: Callable[[Array], Array], size: int, trials: int) -> Array:
    """Return the points of a batch, float64[size, d].

    Parameters
    ----------
    points : float64[m, d]
        Stand for the box.
    snap : callable
        Moves points to where runs can be made (whole numbers).
    trials : int
        Runs of each point.
    """
    mean, deviation = surface.at(points)
    reach = np.sqrt(deviation**2 + np.quantile(np.abs(mean), _HEAVY) ** 2)
    density = np.exp(-0.5 * (mean / reach) ** 2) / reach
    watched = np.sort(np.argsort(-density, kind="stable")[:_WATCHED])
    weight, around = density[watched], points[watched]
    tried = snap(np.concatenate([around, on_line(surface, points, _BISECTED)]))
    whole = np.concatenate([tried, around])
    n = tried.shape[0]
    told = surface.half(whole)
    variance = np.maximum(surface.prior(whole) - (told**2).sum(0), 1e-12)
    between = surface.untold(tried, around) - told[:, :n].T @ told[:, n:]
    noise = (
        1.0 / (trials * _information(surface.mean(tried) + surface.offset, variance[:n])) + surface.shape.roughness**2
    )
    chosen: list[int] = []
    steps: list[Array] = []
    for _ in range(size):
        left = variance[n:]
        after = left - between**2 / (variance[:n] + noise)[:, None]
        gain = (np.sqrt(left) - np.sqrt(np.maximum(after, 0.0))) @ weight
        best = int(np.argmax(np.round(gain / gain.max(), 6)))
        column = surface.untold(whole, tried[best : best + 1])[:, 0] - told.T @ told[:, best]
        for step in steps:
            column = column - step * step[best]
        step = column / np.sqrt(max(column[best], 1e-12) + noise[best])
        steps.append(step)
        between = between - np.outer(step[:n], step[n:])
        variance = np.maximum(variance - step**2, 1e-12)
        chosen.append(best)
    return tried[chosen]


_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)


def _information(middle: Array, variance: Array) -> Array:
    """Return what a run tells of the log-odds, p (1 - p), expected over the posterior: float64[points]."""
    odds = expit(middle[:, None] + np.sqrt(variance)[:, None] * _NODES)
    return np.maximum((odds * (1.0 - odds)) @ _WEIGHTS / _WEIGHTS.sum(), 1e-6)


def search(
    ask: Ask,
    sides: int,
    *,
    level: float = 0.5,
    runs: int = 4_000,
    misplaced: float = 0.0,
    seed: int = 0,
    snap: Callable[[Array], Array] | None = None,
) -> Searched:
    """Search the line on which a verdict has the probability ``level``.

    Parameters
    ----------
    ask : callable
        Carries runs out.
    sides : int
        How many parameters.
    runs : int
        At most so many.
    misplaced : float
        The search ends when the expected share of the box on the wrong side is this small.
    seed : int
        Of where the points lie; the luck is the caller's.
    """
    snap = (lambda points: points) if snap is None else snap
    box = spread(sides, _SPREAD + max(0, sides - 2), seed)
    shape, fitted_at = Shape.usual(sides), 0
    surface: Surface | None = None
    spent = Spent.nothing(sides)
    course: list[tuple[int, float]] = []
    with one_thread():
        while True:
            each = RUNS_A_POINT if spent.asked < LATER else RUNS_A_POINT_LATER
            size = FIRST * sides if surface is None else max(2 * sides, round(GROWTH * spent.asked / each))
            size = min(size, (runs - spent.asked) // each)
            spent.spend(ask, snap(box[:size]) if surface is None else next_batch(surface, box, snap, size, each), each)
            last = runs - spent.asked < RUNS_A_POINT or not spent.trials.any()
            if spent.asked >= 1.5 * fitted_at or last:
                surface, fitted_at = fitted(*spent.merged(), level, shape), spent.asked
                shape = surface.shape
            else:
                surface = Surface(*spent.merged(), level, shape)
            course.append((spent.asked, wrong_side(surface, box)))
            settled = course[-1][1] <= misplaced and (last or len(course) >= _LOOKS)
            if settled or last:
                return Searched(surface, spent, course[-1][1], settled, course)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep linear algebra to one thread: its matrices are small, and threads that wait for each other cost more."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        yield
