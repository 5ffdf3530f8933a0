"""On what it hangs: which inputs move P(hijacked) most, and where the advice flips.

A logistic regression with a ridge penalty is fitted to all runs (uncertain inputs drawn together, and
the runs at central values, where every input is zero by scaling). Its intercept is not penalised; the
penalty is the one that predicts left-out draws best (five folds). Coefficients of behaviour take part,
since they move the odds too, but no sender can find them out: they are never named as hinges. Nor are
inputs of the graph: draws share a few graphs, so that these inputs cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.study.inputs import Input

_PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_FOLDS = 5
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Surrogate:
    """A fitted logistic model of P(hijacked).

    Attributes
    ----------
    intercept : float, log-odds
        At central values.
    slopes : float64[inputs], log-odds from the centre of a span to its end
    """

    intercept: float
    slopes: Floats

    def probability(self, column: int, place: float) -> float:
        """Return P(hijacked) with one input at a scaled place and the rest central."""
        return float(1.0 / (1.0 + np.exp(-(self.intercept + self.slopes[column] * place))))


def scaled(values: Floats, inputs: Sequence[Input]) -> Floats:
    """Return inputs as distances from their central values, in half-widths of their spans."""
    central = np.array([item.central for item in inputs])
    half = np.array([(item.high - item.low) / 2 for item in inputs])
    return (values - central) / half


def fit(places: Floats, hijacked: Floats, weight: Floats, penalty: float) -> Surrogate:
    """Fit the ridge-penalised logistic model by Newton's method with halved steps.

    Parameters
    ----------
    places : float64[points, inputs]
    hijacked : float64[points] in [0, 1]
        Share of a point's runs that were hijacked.
    weight : float64[points]
        Its number of runs.
    penalty : float
        Half of it times the sum of squared slopes is taken from the log-likelihood.
    """
    design = np.column_stack([np.ones(len(places)), places])
    ridge = np.full(design.shape[1], penalty)
    ridge[0] = 1e-3  # keeps the intercept finite where all runs agree: odds of about 1 to 5,000 at 60 runs
    beta = np.zeros(design.shape[1])
    score = _loss(design, hijacked, weight, ridge, beta)
    for _ in range(60):
        p = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -40, 40)))
        slope = design.T @ (weight * (hijacked - p)) - ridge * beta
        curve = (design * (weight * p * (1.0 - p))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        size = 1.0
        while size > 1e-6 and _loss(design, hijacked, weight, ridge, beta + size * step) > score:
            size /= 2
        beta = beta + size * step
        previous, score = score, _loss(design, hijacked, weight, ridge, beta)
        if previous - score < 1e-10 * (1.0 + abs(score)):
            break
    return Surrogate(float(beta[0]), beta[1:])


def _loss(design: Floats, hijacked: Floats, weight: Floats, ridge: Floats, beta: Floats) -> float:
    """Return the penalised negative log-likelihood."""
    line = design @ beta
    return float(np.sum(weight * (np.logaddexp(0.0, line) - hijacked * line)) + 0.5 * np.sum(ridge * beta * beta))


def fit_best(places: Floats, hijacked: Floats, weight: Floats) -> Surrogate:
    """Fit with the penalty that predicts left-out points best (five folds by the point's number)."""
    fold = np.arange(len(places)) % _FOLDS
    best, least = _PENALTIES[-1], np.inf
    for penalty in _PENALTIES:
        lost = 0.0
        for left_out in range(_FOLDS):
            kept, out = fold != left_out, fold == left_out
            if not out.any() or not kept.any():
                continue
            model = fit(places[kept], hijacked[kept], weight[kept], penalty)
            line = model.intercept + places[out] @ model.slopes
            lost += float(np.sum(weight[out] * (np.logaddexp(0.0, line) - hijacked[out] * line)))
        if lost < least:
            best, least = penalty, lost
    return fit(places, hijacked, weight, best)


def hinges(model: Surrogate, inputs: Sequence[Input], how_many: int = 2) -> list[dict[str, object]]:
    """Return the inputs that move the log-odds most over their spans, the stronger first.

    Returns
    -------
    list of dict
        ``name, title, unit, value, low, high, hijacked_low, hijacked_high, flips_at``; ``flips_at`` is None
        where P(hijacked) does not cross one half within the span.
    """
    low = scaled(np.array([[item.low for item in inputs]]), inputs)[0] if inputs else np.zeros(0)
    high = scaled(np.array([[item.high for item in inputs]]), inputs)[0] if inputs else np.zeros(0)
    swing = np.abs(model.slopes) * (high - low)
    order = [c for c in np.argsort(-swing, kind="stable") if inputs[c].can_be_found_out and swing[c] > 0]
    found = []
    for column in order[:how_many]:
        item = inputs[column]
        crossing = -model.intercept / model.slopes[column]
        flips = item.central + crossing * (item.high - item.low) / 2
        found.append({
            "name": item.name, "title": item.title, "unit": item.unit, "value": item.central,
            "low": item.low, "high": item.high,
            "hijacked_low": model.probability(column, low[column]),
            "hijacked_high": model.probability(column, high[column]),
            "flips_at": float(flips) if low[column] <= crossing <= high[column] else None,
        })  # fmt: skip
    return found
