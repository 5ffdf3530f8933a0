"""On what it hangs: which inputs move P(hijacked) most, and where the advice flips.

P(hijacked) is taken apart, since a single yes or no a run says little: the chance that the campaign does not
fizzle (a logistic regression), and the hijack share of its messages (a linear regression of its log-odds),
which is the verdict's own scale and varies little by luck. Slopes come from the runs over what is not
known, the level from the runs at central values. Both have a ridge penalty, the one that predicts left-out
draws best (five folds).

An input's weight is how much P(hijacked) differs between the ends of its span, averaged over the draws of all
the others. Coefficients of behaviour take part, since they move the odds too, but no sender can find them out:
they are never named as hinges. Nor are inputs of the graph: draws share a few graphs, so that these inputs
cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.mathx import normal_cdf_all
from sim.outcome.verdict import CUTOFF
from sim.study.inputs import Input

_PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_FOLDS = 5
_FEW_MESSAGES = 50.0
"""A run with so many messages counts half of one with very many: its share is partly chance."""

_LEAST_SPREAD = 0.02
_STEPS = 400
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Runs:
    """What of some runs the hinges are found from, one element a run.

    Attributes
    ----------
    places : float64[runs, inputs]
        Scaled values of the inputs (see :func:`scaled`).
    draw : int64[runs]
        Runs of one draw are left out together.
    counter, messages : float64[runs]
    ignited : float64[runs]
        1 where the campaign did not fizzle.
    """

    places: Floats
    draw: npt.NDArray[np.int64]
    counter: Floats
    messages: Floats
    ignited: Floats

    @property
    def log_odds(self) -> Floats:
        """Log-odds of the hijack share (one half added to both sides, so that they are finite)."""
        return np.log((self.counter + 0.5) / (self.messages - self.counter + 0.5))

    @property
    def weight(self) -> Floats:
        """What a run's share counts."""
        return self.messages / (self.messages + _FEW_MESSAGES)


@dataclass(frozen=True)
class Surrogate:
    """A fitted model of P(hijacked).

    Attributes
    ----------
    ignition, ignition_slopes : float, float64[inputs]
        Log-odds of not fizzling.
    share, share_slopes : float, float64[inputs]
        Log-odds of the hijack share.
    spread : float
        Standard deviation of the latter by luck.
    """

    ignition: float
    ignition_slopes: Floats
    share: float
    share_slopes: Floats
    spread: float

    def probability(self, places: Floats) -> Floats:
        """Return P(hijacked) at scaled places: float64[points] for float64[points, inputs]."""
        ignited = 1.0 / (1.0 + np.exp(-np.clip(self.ignition + places @ self.ignition_slopes, -40, 40)))
        above = self.share + places @ self.share_slopes - np.log(CUTOFF / (1.0 - CUTOFF))
        return ignited * normal_cdf_all(np.ascontiguousarray(above / self.spread))


def scaled(values: Floats, inputs: Sequence[Input]) -> Floats:
    """Return inputs as distances from their central values, in half-widths of their spans."""
    central = np.array([item.central for item in inputs])
    half = np.array([(item.high - item.low) / 2 for item in inputs])
    return (values - central) / half


def fit_logistic(places: Floats, hit: Floats, weight: Floats, penalty: float) -> Floats:
    """Fit a ridge-penalised logistic model by Newton's method with halved steps.

    Parameters
    ----------
    places : float64[points, inputs]
    hit : float64[points] in [0, 1]
    weight : float64[points]
    penalty : float
        Half of it times the sum of squared slopes is taken from the log-likelihood.

    Returns
    -------
    float64[1 + inputs]
        Intercept and slopes.
    """
    design = np.column_stack([np.ones(len(places)), places])
    ridge = np.full(design.shape[1], penalty)
    ridge[0] = 1e-3  # keeps the intercept finite where all runs agree
    beta = np.zeros(design.shape[1])
    score = _loss(design, hit, weight, ridge, beta)
    for _ in range(60):
        p = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -40, 40)))
        slope = design.T @ (weight * (hit - p)) - ridge * beta
        curve = (design * (weight * p * (1.0 - p))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        size = 1.0
        while size > 1e-6 and _loss(design, hit, weight, ridge, beta + size * step) > score:
            size /= 2
        beta = beta + size * step
        previous, score = score, _loss(design, hit, weight, ridge, beta)
        if previous - score < 1e-10 * (1.0 + abs(score)):
            break
    return beta


def _loss(design: Floats, hit: Floats, weight: Floats, ridge: Floats, beta: Floats) -> float:
    """Return the penalised negative log-likelihood."""
    line = design @ beta
    return float(np.sum(weight * (np.logaddexp(0.0, line) - hit * line)) + 0.5 * np.sum(ridge * beta * beta))


def fit_linear(places: Floats, response: Floats, weight: Floats, penalty: float) -> Floats:
    """Fit a ridge-penalised linear model; returns intercept and slopes, float64[1 + inputs]."""
    design = np.column_stack([np.ones(len(places)), places])
    ridge = np.full(design.shape[1], penalty)
    ridge[0] = 1e-9
    return np.linalg.solve((design * weight[:, None]).T @ design + np.diag(ridge), design.T @ (weight * response))


def _best(
    fit: Callable[[Floats, Floats, Floats, float], Floats],
    loss: Callable[[Floats, Floats], Floats],
    runs: Runs,
    response: Floats,
    weight: Floats,
) -> Floats:
    """Fit with the penalty that predicts left-out draws best."""
    fold = runs.draw % _FOLDS
    best, least = _PENALTIES[-1], np.inf
    for penalty in _PENALTIES:
        lost = 0.0
        for left_out in range(_FOLDS):
            kept, out = fold != left_out, fold == left_out
            if out.any() and kept.any():
                beta = fit(runs.places[kept], response[kept], weight[kept], penalty)
                lost += float(np.sum(weight[out] * loss(response[out], beta[0] + runs.places[out] @ beta[1:])))
        if lost < least:
            best, least = penalty, lost
    return fit(runs.places, response, weight, best)


def fit_surrogate(drawn: Runs, central: Runs) -> Surrogate:
    """Fit both parts: slopes from the runs over what is not known, levels from those at central values.

    Parameters
    ----------
    drawn : Runs
    central : Runs
        Their places are not read.
    """
    ones = np.ones(len(drawn.ignited))
    ignition = _best(fit_logistic, lambda hit, line: np.logaddexp(0.0, line) - hit * line, drawn, drawn.ignited, ones)
    share = _best(
        fit_linear, lambda seen, line: (seen - line) ** 2, drawn, drawn.log_odds, np.maximum(drawn.weight, 1e-6)
    )
    runs, hits = len(central.ignited), float(central.ignited.sum())
    weight = np.maximum(central.weight, 1e-6)
    level = float(np.average(central.log_odds, weights=weight))
    spread = float(np.sqrt(np.average((central.log_odds - level) ** 2, weights=weight)))
    return Surrogate(
        ignition=float(np.log((hits + 0.5) / (runs - hits + 0.5))),
        ignition_slopes=ignition[1:],
        share=level,
        share_slopes=share[1:],
        spread=max(spread, _LEAST_SPREAD),
    )


def swings(model: Surrogate, drawn: Runs, inputs: Sequence[Input]) -> Floats:
    """Return how much P(hijacked) differs between the ends of each span, averaged over the draws: float64[inputs]."""
    found = np.zeros(len(inputs))
    for column, (low, high) in enumerate(_ends(inputs)):
        at_low, at_high = drawn.places.copy(), drawn.places.copy()
        at_low[:, column], at_high[:, column] = low, high
        found[column] = float(np.mean(np.abs(model.probability(at_high) - model.probability(at_low))))
    return found


def _ends(inputs: Sequence[Input]) -> list[tuple[float, float]]:
    """Return the scaled ends of each span."""
    return [
        (float(scaled(np.array([item.low]), [item])[0]), float(scaled(np.array([item.high]), [item])[0]))
        for item in inputs
    ]


def _crossing(line: Floats, probability: Floats) -> float | None:
    """Return the place nearest to the centre at which P(hijacked) crosses one half; None if it does not."""
    above = probability >= 0.5
    steps = np.flatnonzero(above[1:] != above[:-1])
    if steps.size == 0:
        return None
    part = (0.5 - probability[steps]) / (probability[steps + 1] - probability[steps])
    crossings = line[steps] + part * (line[steps + 1] - line[steps])
    return float(crossings[np.argmin(np.abs(crossings))])


def hinges(model: Surrogate, drawn: Runs, inputs: Sequence[Input], how_many: int = 2) -> list[dict[str, Any]]:
    """Return the inputs that move P(hijacked) most over their spans, the stronger first.

    Returns
    -------
    list of dict
        ``name, title, unit, value, low, high, hijacked_low, hijacked_high, flips_at``: P(hijacked) at the ends
        of the span and the value at which it crosses one half (None if it does not within the span), everything
        else central.
    """
    swing = swings(model, drawn, inputs)
    # where nothing moves the odds, the share of counter messages still tells what would
    rank = np.lexsort((-np.abs(model.share_slopes), -np.round(swing, 6)))
    found = []
    for column in [c for c in rank if inputs[c].can_be_found_out][:how_many]:
        item, (low, high) = inputs[column], _ends([inputs[column]])[0]
        line = np.linspace(low, high, _STEPS + 1)
        places = np.zeros((line.size, len(inputs)))
        places[:, column] = line
        probability = model.probability(places)
        crossing = _crossing(line, probability)
        found.append({
            "name": item.name, "title": item.title, "unit": item.unit, "value": item.central,
            "low": item.low, "high": item.high,
            "hijacked_low": float(probability[0]), "hijacked_high": float(probability[-1]),
            "flips_at": None if crossing is None else item.central + crossing * (item.high - item.low) / 2,
        })  # fmt: skip
    return found
