"""How likely a verdict is over a box of parameters, and how sure that is, from runs at a few points.

A Gaussian process stands for the log-odds, less those of the level that is looked for, so that the line is where it
crosses zero: a wide linear trend, a Matérn surface (smoothness 5/2, a length for each parameter) and a little
roughness of each point's own. Hits at a point are binomial. The posterior is Laplace's approximation; lengths,
height and roughness are those of its largest marginal likelihood under weak priors (Rasmussen & Williams 2006,
*Gaussian Processes for Machine Learning*, algorithms 3.1 to 5.1). Points lie in the unit cube.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize
from scipy.special import expit, log_expit

Array = npt.NDArray[np.float64]

TREND = (10.0, 20.0)
"""Prior deviations of the trend: its height at the centre of the box, and its rise over a side, log-odds."""
LENGTH, HEIGHT, ROUGHNESS = (0.5, 0.6), (3.0, 0.8), (0.1, 0.5)
"""Priors: median, and deviation of the logarithm, of lengths (sides of the box), height and roughness (log-odds)."""
_STEPS, _NEAR, _TOLERANCE = 60, 1e-8, 1e-12
"""Newton's steps at most; the mode is found when log-odds move less; sums are exact to this share."""
_FINE = 1e-3
"""Logarithms of what is fitted are rounded to this, so that the last bits of a machine's sums move no point."""
_ROOT5 = sqrt(5.0)


@dataclass(frozen=True)
class Shape:
    """What is fitted of the process.

    Attributes
    ----------
    lengths : tuple of float
        In sides of the box, one for each parameter.
    height, roughness : float
        Deviations, log-odds.
    """

    lengths: tuple[float, ...]
    height: float
    roughness: float

    @classmethod
    def usual(cls, sides: int) -> Shape:
        """Return the priors' medians."""
        return cls((LENGTH[0],) * sides, HEIGHT[0], ROUGHNESS[0])

    def logarithms(self) -> Array:
        """Return the logarithms: lengths, height, roughness."""
        return np.log([*self.lengths, self.height, self.roughness])

    @classmethod
    def of(cls, logarithms: Array) -> Shape:
        """Return the shape of logarithms, rounded."""
        parts = [exp(round(float(each) / _FINE) * _FINE) for each in logarithms]
        return cls(tuple(parts[:-2]), parts[-2], parts[-1])


def _matern(a: Array, b: Array, lengths: tuple[float, ...]) -> tuple[Array, Array]:
    """Return the correlation of points, float64[a, b], and what its derivatives by log-lengths share."""
    scale = np.asarray(lengths)
    left, right = a / scale, b / scale
    square = (left**2).sum(1)[:, None] + (right**2).sum(1)[None, :] - 2.0 * left @ right.T
    r = _ROOT5 * np.sqrt(np.maximum(square, 0.0))
    fall = np.exp(-r)
    return (1.0 + r + r * r / 3.0) * fall, 5.0 / 3.0 * (1.0 + r) * fall


def _trend(a: Array, b: Array) -> Array:
    """Return the covariance of the trend, float64[a, b]."""
    return TREND[0] ** 2 + TREND[1] ** 2 * ((a - 0.5) @ (b - 0.5).T)


def _covariance(a: Array, b: Array, shape: Shape) -> Array:
    """Return the covariance of the smooth surface between points, float64[a, b]."""
    return _trend(a, b) + shape.height**2 * _matern(a, b, shape.lengths)[0]


@dataclass(frozen=True)
class _Mode:
    """The posterior's mode, and the factors that go with it."""

    latent: Array
    weight: Array  # a, so that latent = K a
    root: Array  # square root of the likelihood's curvature
    factor: Array  # lower Cholesky factor of B = I + root K root
    evidence: float


def _mode(covariance: Array, hits: Array, trials: Array, offset: float, weight: Array | None) -> _Mode:
    """Return the mode by Newton's steps, halved where they overshoot."""

    def likelihood(latent: Array) -> float:
        turned = latent + offset
        return float(hits @ log_expit(turned) + (trials - hits) @ log_expit(-turned))

    weight = np.zeros(hits.shape[0]) if weight is None else weight
    latent = covariance @ weight
    value = likelihood(latent) - 0.5 * float(weight @ latent)
    for _ in range(_STEPS):
        odds = expit(latent + offset)
        curvature = trials * odds * (1.0 - odds)
        root = np.sqrt(curvature)
        factor = _factor(covariance, root)
        b = curvature * latent + hits - trials * odds
        goal = b - root * linalg.cho_solve((factor, True), root * (covariance @ b))
        step, before = goal - weight, latent
        for halving in range(12):
            tried = weight + 0.5**halving * step
            latent_tried = covariance @ tried
            value_tried = likelihood(latent_tried) - 0.5 * float(tried @ latent_tried)
            if value_tried >= value - _TOLERANCE * (1.0 + abs(value)):
                weight, latent, value = tried, latent_tried, value_tried
                break
        if np.abs(latent - before).max() < _NEAR:
            break
    odds = expit(latent + offset)
    root = np.sqrt(trials * odds * (1.0 - odds))
    factor = _factor(covariance, root)
    return _Mode(latent, weight, root, factor, value - float(np.log(np.diag(factor)).sum()))


def _factor(covariance: Array, root: Array) -> Array:
    """Return the lower Cholesky factor of I + root K root."""
    b = root[:, None] * covariance * root
    b[np.diag_indices_from(b)] += 1.0
    return linalg.cholesky(b, lower=True, check_finite=False)


class Surface:
    """The posterior over the box.

    Parameters
    ----------
    points : float64[n, d]
        Where runs were spent, in the unit cube.
    hits, trials : float64[n]
    level : float in (0, 1)
    shape : Shape

    Attributes
    ----------
    offset : float
        Log-odds of the level.
    """

    def __init__(
        self, points: Array, hits: Array, trials: Array, level: float, shape: Shape, weight: Array | None = None
    ) -> None:
        self.points, self.hits, self.trials, self.shape = points, hits, trials, shape
        self.offset = log(level / (1.0 - level))
        covariance = _covariance(points, points, shape)
        covariance[np.diag_indices_from(covariance)] += shape.roughness**2
        self._mode = _mode(covariance, hits, trials, self.offset, weight)
        self.weight = self._mode.weight

    def half(self, points: Array) -> Array:
        """Return the part of the prior that the runs have told: float64[n, points]; its columns' products are that."""
        return self._half(_covariance(self.points, points, self.shape))

    def _half(self, between: Array) -> Array:
        """Return the same of the covariance between the runs' points and others."""
        mode = self._mode
        return linalg.solve_triangular(mode.factor, mode.root[:, None] * between, lower=True, check_finite=False)

    def mean(self, points: Array) -> Array:
        """Return the expected log-odds above the level's, float64[points]."""
        return _covariance(points, self.points, self.shape) @ self.weight

    def prior(self, points: Array) -> Array:
        """Return the prior variance, float64[points]."""
        return TREND[0] ** 2 + TREND[1] ** 2 * ((points - 0.5) ** 2).sum(1) + self.shape.height**2

    def at(self, points: Array) -> tuple[Array, Array]:
        """Return mean and deviation of the log-odds above the level's, float64[points] each."""
        between = _covariance(self.points, points, self.shape)
        told = (self._half(between) ** 2).sum(0)
        return self.weight @ between, np.sqrt(np.maximum(self.prior(points) - told, 1e-12))

    def untold(self, a: Array, b: Array) -> Array:
        """Return the prior covariance between points, float64[a, b]; less the halves' product, the posterior's."""
        return _covariance(a, b, self.shape)

    def odds(self, points: Array) -> tuple[Array, Array, Array]:
        """Return the probability (at the middle of the posterior) and the ends of its 95 % interval."""
        mean, deviation = self.at(points)
        middle = mean + self.offset
        return expit(middle), expit(middle - 1.96 * deviation), expit(middle + 1.96 * deviation)


def fitted(points: Array, hits: Array, trials: Array, level: float, begin: Shape, most: int = 40) -> Surface:
    """Return the posterior with the shape that the runs bear out most.

    Parameters
    ----------
    begin : Shape
        Where the search begins.
    most : int
        Steps of the search.
    """
    sides = points.shape[1]
    middle = Shape.usual(sides).logarithms()
    spread = np.array([LENGTH[1]] * sides + [HEIGHT[1], ROUGHNESS[1]])
    offset = log(level / (1.0 - level))
    weight: Array | None = None

    def loss(logarithms: Array) -> tuple[float, Array]:
        nonlocal weight
        parts = np.exp(logarithms)
        shape = Shape(tuple(parts[:-2]), float(parts[-2]), float(parts[-1]))
        value, slope, weight = _evidence(points, hits, trials, offset, shape, weight)
        away = (logarithms - middle) / spread
        return -value + 0.5 * float(away @ away), -slope + away / spread

    bounds = [(each - 3.0 * wide, each + 3.0 * wide) for each, wide in zip(middle, spread, strict=True)]
    found = optimize.minimize(
        loss, begin.logarithms(), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": most, "ftol": 1e-7}
    )
    return Surface(points, hits, trials, level, Shape.of(found.x))


def _evidence(
    points: Array, hits: Array, trials: Array, offset: float, shape: Shape, weight: Array | None
) -> tuple[float, Array, Array]:
    """Return the log marginal likelihood, its slope by the shape's logarithms, and the mode's weights."""
    matern, shared = _matern(points, points, shape.lengths)
    covariance = _trend(points, points) + shape.height**2 * matern
    covariance[np.diag_indices_from(covariance)] += shape.roughness**2
    mode = _mode(covariance, hits, trials, offset, weight)
    odds = expit(mode.latent + offset)
    left = hits - trials * odds
    r = mode.root[:, None] * linalg.cho_solve((mode.factor, True), np.diag(mode.root))
    c = linalg.solve_triangular(mode.factor, mode.root[:, None] * covariance, lower=True, check_finite=False)
    third = -trials * odds * (1.0 - odds) * (1.0 - 2.0 * odds)
    s2 = 0.5 * (np.diag(covariance) - (c**2).sum(0)) * third
    slopes = [
        shape.height**2 * shared * ((points[:, None, d] - points[None, :, d]) / shape.lengths[d]) ** 2
        for d in range(points.shape[1])
    ]
    slopes += [2.0 * shape.height**2 * matern, 2.0 * shape.roughness**2 * np.eye(points.shape[0])]
    slope = []
    for each in slopes:
        s1 = 0.5 * float(mode.weight @ each @ mode.weight) - 0.5 * float((r * each).sum())
        b = each @ left
        slope.append(s1 + float(s2 @ (b - covariance @ (r @ b))))
    return mode.evidence, np.array(slope), mode.weight
