"""A first estimate of a post's odds without a run: what became of those rows of the reference table that are like it.

Rows are like a draw if they are near in what matters. What matters is learned from the table itself (Fearnhead &
Prangle 2012, doi:10.1111/j.1467-9868.2011.01010.x): each verdict's log-odds are regressed on a row's inputs and
coefficients and on what they alone say in closed form (how followers respond to the post, how everybody answers one
message), and nearness is taken in the fitted log-odds. So thousands of rows speak about a post of
which each input is known to lie in a range, where hardly any row lies in all ranges at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration
from sim.outcome.aggregate import beta_range
from sim.outcome.verdict import VERDICTS, odds_interval
from sim.study.intake.draws import response_to_the_post
from sim.study.run.inputs import fields

Numbers = npt.NDArray[np.float64]
NEAR = (20, 60)
"""Least and most rows that speak for a draw, of a small and a large table: its odds scatter by 0.11 or 0.06 at most."""
_OF_ROWS = 40
_LEAST = 1e-9
_LEVEL = 7.0
"""About the level of the closed forms' logarithms, taken off so that their products say something of their own."""
_HOUR, _FOLLOW = "post.hour", "people.follow_share"
_FITTED, _FOLDS, _STEPS, _PENALTY = 5000, 4, 6, 5.0
_TOLD = tuple(VERDICTS.index(name) for name in ("hijacked", "viral_positive", "fizzled"))
_SURE = 8.0
"""Log-odds beyond which a verdict is as good as certain: rows there are all alike."""


@dataclass(frozen=True)
class Campaigns:
    """The generic campaigns of the reference table, a row a draw.

    Attributes
    ----------
    columns : dict of str to float64[rows]
        Inputs and universal parameters, by dotted name.
    verdict : int64[rows]
        Of the silent sender, as a place in ``VERDICTS``.
    answered : int64[rows]
        Of the sender who acknowledges at some minute of the first day, on the same luck.
    followers : int
        Rows of their audience.
    """

    columns: dict[str, Numbers]
    verdict: npt.NDArray[np.int64]
    answered: npt.NDArray[np.int64]
    followers: int


@dataclass(frozen=True)
class Odds:
    """What rows that are like some draws say.

    Attributes
    ----------
    by_draw : float64[draws, 4]
        Odds of each verdict, by ``VERDICTS``.
    weights : float64[draws]
    row_weights : float64[rows]
        How much each row of the table speaks; they sum to one.
    answered : float64[4]
        Odds if the sender acknowledges, over all draws.
    outside : float
        Share of draws with an input outside of what the table's rows cover.
    followers : int
        Rows of the table's audience.
    critical : float64[draws]
        Critical share of the replies that the post's first sight brings, by what inputs and coefficients say alone.
    near : int
        Rows that speak for each draw.
    """

    by_draw: Numbers
    weights: Numbers
    row_weights: Numbers
    answered: Numbers
    outside: float
    followers: int
    critical: Numbers
    near: int

    @property
    def mean(self) -> Numbers:
        """Odds of each verdict, over all draws: float64[4]."""
        return self.weights @ self.by_draw

    @property
    def effective_rows(self) -> float:
        """How many rows of equal weight speak (Kish)."""
        return float(1.0 / np.sum(self.row_weights**2))

    def interval(self, place: int) -> tuple[float, float]:
        """Return Wilson's 95 % interval of one verdict's odds, for as many runs as rows of equal weight speak."""
        size = max(1, round(self.effective_rows))
        low, high = odds_interval(min(size, round(size * float(self.mean[place]))), size)
        return low, high

    def unknown(self, place: int) -> float:
        """Return the variance of one verdict's odds over what is not known, the few rows' scatter taken off."""
        odds = self.by_draw[:, place]
        mean = self.weights @ odds
        scatter = self.weights @ (odds * (1.0 - odds)) / (self.near - 1.0)
        return max(0.0, float(self.weights @ (odds - mean) ** 2 - scatter))

    def range(self, place: int) -> tuple[float, float]:
        """Return the 5 and 95 % points of what one verdict's odds may be (``docs/model.md`` 7.2)."""
        return beta_range(float(self.mean[place]), self.unknown(place))


def estimate(campaigns: Campaigns, columns: Mapping[str, Numbers], weights: Numbers, base: Configuration) -> Odds:
    """Return the odds of the post that draws describe.

    Parameters
    ----------
    columns : mapping of str to float64[draws]
        Draws of inputs and coefficients; what has no column stands as in ``base``.
    weights : float64[draws]
        They sum to one.
    base : Configuration
        The post and its audience at central values.
    """
    from scipy.spatial import cKDTree

    rows, usual = len(campaigns.verdict), Configuration()
    names = list(campaigns.columns)
    of_rows = _design(names, campaigns.columns, response_to_the_post(campaigns.columns, usual, rows))
    described, outside = _like(names, campaigns, columns, base, len(weights))
    # closed forms go by all that is known, ages too, which the table does not vary
    closed = response_to_the_post(columns, base, len(weights))
    of_draws = _design(names, described, closed)
    ended = np.eye(len(VERDICTS))[campaigns.verdict]
    matter, here = _what_matters(of_rows, ended, of_draws)
    near = min(rows, max(NEAR[0], min(NEAR[1], rows // _OF_ROWS)))
    found = cKDTree(matter).query(here, k=near)[1].reshape(len(weights), near)
    row_weights = np.asarray(np.bincount(found.ravel(), np.repeat(weights / near, near), minlength=rows), float)
    answered = row_weights @ np.eye(len(VERDICTS))[campaigns.answered]
    critical = closed[0][:, 2] / closed[0][:, 1:].sum(axis=1)
    return Odds(ended[found].mean(axis=1), weights, row_weights, answered, outside, campaigns.followers, critical, near)


def _what_matters(of_rows: Numbers, ended: Numbers, of_draws: Numbers) -> tuple[Numbers, Numbers]:
    """Return log-odds of each verdict but one by ridge logistic regression: float64[rows, 3] and float64[draws, 3].

    A row's log-odds are of a fit that has not seen it: else rows near a draw would be those that ended so, not those
    that were likely to.
    """
    centre, spread = of_rows.mean(0), of_rows.std(0)
    spread[spread < _LEAST] = 1.0
    rows, draws = ((each - centre) / spread for each in (of_rows, of_draws))
    rows, draws = (np.column_stack([np.ones(len(each)), each]) for each in (rows, draws))
    part = np.arange(len(rows)) % _FOLDS
    unseen = np.empty((len(rows), len(_TOLD)))
    for fold in range(_FOLDS):
        unseen[part == fold] = rows[part == fold] @ _slopes(rows[part != fold], ended[part != fold])
    return np.clip(unseen, -_SURE, _SURE), np.clip(draws @ _slopes(rows, ended), -_SURE, _SURE)


def _slopes(design: Numbers, ended: Numbers) -> Numbers:
    """Return the slopes for each verdict but one: float64[columns, 3]; of at most some thousand rows."""
    step = max(1, len(design) // _FITTED)
    return np.column_stack([_logistic(design[::step], ended[::step, place]) for place in _TOLD])


def _logistic(design: Numbers, ended: Numbers) -> Numbers:
    """Return the slopes of a ridge logistic regression, the level first; Newton's steps from no slopes."""
    slopes = np.zeros(design.shape[1])
    slopes[0] = np.log((ended.sum() + 0.5) / (len(ended) - ended.sum() + 0.5))
    penalty = np.full(design.shape[1], _PENALTY)
    penalty[0] = 0.0
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ slopes, -2.0 * _SURE, 2.0 * _SURE)))
        weight = np.maximum(chance * (1.0 - chance), 1e-4)
        bend = (design * weight[:, None]).T @ design + np.diag(penalty)
        slopes = slopes + np.linalg.solve(bend, design.T @ (ended - chance) - penalty * slopes)
    return slopes


def _like(
    names: list[str], campaigns: Campaigns, columns: Mapping[str, Numbers], base: Configuration, size: int
) -> tuple[dict[str, Numbers], float]:
    """Return draws as a row of the table would hold them, within what its rows cover, and the share outside."""
    known = {field.name: field.value for field in fields(base)}
    described: dict[str, Numbers] = {}
    outside = np.zeros(size, bool)
    for name in names:
        values = np.asarray(columns[name] if name in columns else np.full(size, float(known[name])))
        low, high = campaigns.columns[name].min(), campaigns.columns[name].max()
        give = 0.02 * (high - low)
        outside |= (values < low - give) | (values > high + give)
        described[name] = np.clip(values, low, high)
    return described, float(outside.mean())


def _design(names: list[str], columns: Mapping[str, Numbers], closed: tuple[Numbers, Numbers]) -> Numbers:
    """Return what verdicts are regressed on: inputs, closed forms, and products of the latter two by two.

    Parameters
    ----------
    closed : float64[size, 3] and float64[size, 4]
        From :func:`sim.study.intake.draws.response_to_the_post`.
    """
    first, answers = closed
    forms = np.log(np.maximum(np.column_stack([first[:, :2].sum(1), first[:, 2], answers]), _LEAST)) + _LEVEL
    others = [columns[name] for name in names if name not in (_HOUR, _FOLLOW)]
    core = forms
    if _FOLLOW in columns:
        core = np.column_stack([forms, np.log(np.clip(columns[_FOLLOW], 1e-3, 1.0))])
    if _HOUR in columns:
        angle = 2.0 * np.pi * columns[_HOUR] / 24.0
        others += [np.cos(angle), np.sin(angle)]
    products = [core[:, a] * core[:, b] for a, b in combinations_with_replacement(range(core.shape[1]), 2)]
    return np.column_stack([*others, core, *products])
