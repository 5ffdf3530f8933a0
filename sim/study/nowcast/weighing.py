"""How much each campaign of the reference table counts: as far as it is like the post, and as the counts have it.

**Like the post.** A table of some thousand rows has next to none within narrow ranges of a dozen inputs at once, and
most inputs hardly matter. So rows are compared by the course that their inputs and coefficients let expect: three
numbers (which side leads, how many messages, how many of them by now), each fitted on the table by a quadratic and
measured in units of luck. Draws of what the post may be (inputs within their ranges, coefficients from the posterior)
are each represented by the rows whose expected course is nearest. This is the projection of semi-automatic ABC
(Fearnhead & Prangle 2012, doi:10.1111/j.1467-9868.2011.01010.x) used for importance weights.

**As the counts have it.** Weights are multiplied by the likelihood. Where too few rows are left (effective sample size,
Kish: the squared sum of weights over the sum of their squares), the likelihood is tempered: raised to the largest power
below one that leaves enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.study.nowcast.campaigns import Campaigns, Floats

LEAST_SAMPLE = 50.0
"""Effective sample size below which the table has hardly seen such a campaign."""
DRAWS = 4000
"""Draws of what the post may be."""
NEAREST = 10
"""Rows that represent a draw."""
_FITTED = 10_000
"""Rows that the expected course is fitted on, at most."""
_TRIED = 1000
"""Rows whose distance to others is the usual one."""
_RIDGE = 1e-6
_LEAST_LUCK = 1e-9


@dataclass(frozen=True)
class Likeness:
    """How like the post each row is.

    Attributes
    ----------
    weights : float[rows]
        They add up to one.
    apart : float
        Median distance of a draw to the rows that represent it, over that of rows of the table to theirs.
    """

    weights: Floats
    apart: float


@dataclass(frozen=True)
class Weighed:
    """Rows, weighed by likeness and counts.

    Attributes
    ----------
    before, weights : float[rows]
        Before the counts and after; each adds up to one.
    sample_before, sample, sample_full : float
        Effective sample sizes: before the counts, after them, and where they weigh in full.
    power : float in [0, 1]
        How much the counts weigh; 1 unless too few rows explain them.
    full : float[rows]
        Weights where the counts weigh in full.
    most : float
        Effective sample that any interval may claim: 1 where the counts lie outside of what the table holds.
    """

    before: Floats
    weights: Floats
    sample_before: float
    sample: float
    sample_full: float
    power: float
    full: Floats
    most: float = float("inf")

    @property
    def enough(self) -> bool:
        """Whether the table has seen such a campaign often enough for odds."""
        return self.power == 1.0 and self.most > LEAST_SAMPLE

    @property
    def ways(self) -> list[Floats]:
        """The weights over whose answers intervals are stretched, those that are told first."""
        return [self.weights] if self.enough else [self.weights, self.full, self.before]


def effective(weights: Floats) -> float:
    """Return Kish's effective sample size."""
    square = float(np.square(weights).sum())
    return float(weights.sum()) ** 2 / square if square > 0.0 else 0.0


def weighed(before: Floats, log_likelihood: Floats, least: float = LEAST_SAMPLE) -> Weighed:
    """Return the rows weighed by the counts, these tempered where fewer than ``least`` rows would be left."""
    full = _times(before, log_likelihood, 1.0)
    weights, power = full, 1.0
    if effective(full) < least:
        low, high = 0.0, 1.0
        for _ in range(40):
            power = (low + high) / 2
            low, high = (power, high) if effective(_times(before, log_likelihood, power)) >= least else (low, power)
        power = low
        weights = _times(before, log_likelihood, power)
    return Weighed(before, weights, effective(before), effective(weights), effective(full), power, full)


def _times(before: Floats, log_likelihood: Floats, power: float) -> Floats:
    """Return weights times a likelihood raised to a power; they add up to one."""
    logs = np.where(before > 0.0, power * log_likelihood, -np.inf)
    found = before * np.exp(logs - logs.max())
    return found / found.sum()


class Expected:
    """The course that inputs and coefficients let expect, fitted on a table: three numbers, in units of luck.

    A quadratic in each, with products of inputs; beyond the table its edge is as far as it can tell.

    Parameters
    ----------
    campaigns : Campaigns
    now : float
        Minute of the last count.
    """

    def __init__(self, campaigns: Campaigns, now: float) -> None:
        self.known = {**campaigns.inputs, **campaigns.coefficients}
        self._inputs = list(campaigns.inputs)
        self._ends = {
            name: (float(column.min()), float(column.max()))
            for name, column in self.known.items()
            if np.ptp(column) > 0.0
        }
        courses = _courses(campaigns, now)
        step = max(1, courses.shape[0] // _FITTED)
        with _one_thread():
            columns, told = self._columns({name: each[::step] for name, each in self.known.items()}), courses[::step]
            square = columns.T @ columns
            square[np.diag_indices_from(square)] += _RIDGE * columns.shape[0]
            weights = np.linalg.solve(square, columns.T @ told)
            left = told - columns @ weights
        self._weights = weights / np.maximum(left.std(axis=0), _LEAST_LUCK)
        total = float(told[:, 0].var())
        self.explained = 1.0 - float(left[:, 0].var()) / total if total > 0.0 else 0.0
        """Share of the variance of which side leads that inputs and coefficients tell beforehand."""

    @cached_property
    def tree(self) -> Any:
        """The courses to be expected of the table's own rows, to be searched for the nearest."""
        from scipy.spatial import cKDTree

        return cKDTree(self.at(self.known))

    def at(self, places: Mapping[str, Floats]) -> Floats:
        """Return the course to be expected at some places: float[places, 3]."""
        with _one_thread():
            return self._columns(places) @ self._weights

    def _columns(self, places: Mapping[str, Floats]) -> Floats:
        """Return the terms of the quadratic: float[places, terms]."""
        flat: dict[str, list[Floats]] = {}
        for name, (low, high) in self._ends.items():
            if name == "post.hour":  # the hour of day goes round
                angle = 2.0 * np.pi * places[name] / 24.0
                flat[name] = [np.cos(angle), np.sin(angle)]
            else:
                flat[name] = [np.clip(2.0 * (places[name] - low) / (high - low) - 1.0, -1.0, 1.0)]
        inputs = [column for name in self._inputs for column in flat.get(name, [])]
        others = [column for name, several in flat.items() if name not in self._inputs for column in several]
        products = [one * other for place, one in enumerate(inputs) for other in inputs[place:]]
        first = np.ones(len(next(iter(places.values()))))
        return np.column_stack([first, *inputs, *others, *products, *(column * column for column in others)])


def _one_thread() -> AbstractContextManager[Any]:
    """Keep linear algebra to one thread: the last bits of sums must not depend on the number of processors."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(1, user_api="blas")
    return limits


def _courses(campaigns: Campaigns, now: float) -> Floats:
    """Return the courses that were taken: which side leads, how many messages, and how many by now, in logs."""
    campaign, counter = campaigns.campaign[:, -1], campaigns.counter[:, -1]
    early = sum(each[:, 0] for each in campaigns.at([now]))
    return np.column_stack((np.log((counter + 1.0) / (campaign + 1.0)), np.log1p(campaign + counter), np.log1p(early)))


def likeness(
    expected: Expected, ranges: Mapping[str, tuple[float, float]], posterior: Mapping[str, Floats] | None, seed: int
) -> Likeness:
    """Return how like the post each row of the table is.

    Parameters
    ----------
    expected : Expected
        Of the table.
    ranges : mapping of input to (low, high)
        What is known of the post; other inputs are as wide as the table.
    posterior : mapping of coefficient to float[draws], optional
        Joint draws of what is universal; without them, as wide as the table.
    seed : int
        Of the draws.
    """
    rows = len(next(iter(expected.known.values())))
    if not ranges and not posterior:
        return Likeness(np.full(rows, 1.0 / rows), 1.0)
    wanted = expected.at(_drawn(expected.known, ranges, posterior or {}, seed))
    nearby = min(NEAREST, rows)
    apart, nearest = expected.tree.query(wanted, k=nearby)
    usual, _ = expected.tree.query(expected.tree.data[:: max(1, rows // _TRIED)], k=nearby)
    counted = np.bincount(np.ravel(nearest), minlength=rows).astype(np.float64)
    return Likeness(counted / counted.sum(), float(np.median(apart) / np.median(usual)))


def _drawn(
    known: Mapping[str, Floats], ranges: Mapping[str, tuple[float, float]], posterior: Mapping[str, Floats], seed: int
) -> dict[str, Floats]:
    """Return draws of what the post may be: inputs within their ranges, coefficients jointly from the posterior."""
    generator = np.random.default_rng(seed)
    row = generator.integers(0, len(next(iter(known.values()))), DRAWS)
    found = {name: column[row] for name, column in known.items()}
    for name in known:  # in the table's order, whatever the order of the ranges
        uniform = generator.random(DRAWS)
        if name in ranges:
            low, high = ranges[name]
            found[name] = low + (high - low) * uniform
    draws = {name: column for name, column in posterior.items() if name in known and name not in ranges}
    if draws:
        which = generator.integers(0, len(next(iter(draws.values()))), DRAWS)
        found |= {name: column[which] for name, column in draws.items()}
    return found
