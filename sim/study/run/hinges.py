"""On what it hangs: which inputs move P(hijacked) most.

P(hijacked) is taken apart, since a single yes or no a run says little: how many take part, against the number
below which a campaign fizzles, and the hijack share of its messages, against the verdict's cut-off. Both are
linear in the inputs on a log scale (participants; odds of the share), and vary by luck around that. Slopes come
from the runs over what is not known, levels from the runs at central values. Fits have a ridge penalty, the
one that predicts left-out draws best (five folds).

An input's weight is how much P(hijacked) differs between the ends of its span, averaged over the draws of all
the others. Coefficients of behaviour take part, since they move the odds too, but no sender can find them out:
they are never named. Nor are inputs of the graph: draws share a few graphs, so that these cannot be told apart.
What the strongest inputs really do is then simulated (:mod:`sim.study.run.probe`), since ignition is no line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.mathx import normal_cdf_all
from sim.outcome.verdict import CUTOFF
from sim.study.run.inputs import Input

_PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_FOLDS = 5
_FEW_MESSAGES = 50.0
"""A run with so many messages counts half of one with very many: its share is partly chance."""

_SMALLEST = 0.05
"""Participants below a twentieth of a fizzle's most are as good as none."""

_LEAST_SPREAD = 0.02
_MEDIAN_OF_TWO = 0.6745
"""Median of the standard deviation of two normal values with a deviation of 1."""

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
    participants : float64[runs]
        As multiples of the number below which it is a fizzle.
    """

    places: Floats
    draw: npt.NDArray[np.int64]
    counter: Floats
    messages: Floats
    participants: Floats

    @property
    def log_odds(self) -> Floats:
        """Log-odds of the hijack share (one half added to both sides, so that they are finite)."""
        return np.log((self.counter + 0.5) / (self.messages - self.counter + 0.5))

    @property
    def log_size(self) -> Floats:
        """Log of the participants, above 0 where it did not fizzle."""
        return np.log(np.maximum(self.participants, _SMALLEST))

    @property
    def weight(self) -> Floats:
        """What a run's share counts."""
        return np.maximum(self.messages / (self.messages + _FEW_MESSAGES), 1e-6)


@dataclass(frozen=True)
class Line:
    """A response that is linear in the scaled inputs, and varies around that by luck."""

    level: float
    slopes: Floats
    spread: float

    def above(self, places: Floats, limit: float) -> Floats:
        """Return the probability that the response lies above a limit: float64[points]."""
        return normal_cdf_all(np.ascontiguousarray((self.level + places @ self.slopes - limit) / self.spread))


@dataclass(frozen=True)
class Surrogate:
    """A fitted model of P(hijacked).

    Attributes
    ----------
    size : Line
        Log of the participants, as multiples of a fizzle's most.
    share : Line
        Log-odds of the hijack share.
    """

    size: Line
    share: Line

    def probability(self, places: Floats) -> Floats:
        """Return P(hijacked) at scaled places: float64[points] for float64[points, inputs]."""
        return self.size.above(places, 0.0) * self.share.above(places, float(np.log(CUTOFF / (1.0 - CUTOFF))))


def scaled(values: Floats, inputs: Sequence[Input]) -> Floats:
    """Return inputs as distances from their central values, in half-widths of their spans."""
    central = np.array([item.central for item in inputs])
    half = np.array([(item.high - item.low) / 2 for item in inputs])
    return (values - central) / half


def fit_linear(places: Floats, response: Floats, weight: Floats, penalty: float) -> Floats:
    """Fit a ridge-penalised linear model; returns intercept and slopes, float64[1 + inputs]."""
    design = np.column_stack([np.ones(len(places)), places])
    ridge = np.full(design.shape[1], penalty)
    ridge[0] = 1e-9
    return np.linalg.solve((design * weight[:, None]).T @ design + np.diag(ridge), design.T @ (weight * response))


def _slopes(runs: Runs, response: Floats, weight: Floats) -> Floats:
    """Return the slopes fitted with the penalty that predicts left-out draws best."""
    fold = runs.draw % _FOLDS
    best, least = _PENALTIES[-1], np.inf
    for penalty in _PENALTIES:
        lost = 0.0
        for left_out in range(_FOLDS):
            kept, out = fold != left_out, fold == left_out
            if out.any() and kept.any():
                beta = fit_linear(runs.places[kept], response[kept], weight[kept], penalty)
                missed = response[out] - beta[0] - runs.places[out] @ beta[1:]
                lost += float(np.sum(weight[out] * missed**2))
        if lost < least:
            best, least = penalty, lost
    return fit_linear(runs.places, response, weight, best)[1:]


def _typical_luck(draw: npt.NDArray[np.int64], response: Floats) -> float:
    """Return the standard deviation of a response between runs of one draw: the draws' median, as of a normal.

    The median, since in a few draws one run ignites and another does not, which is no spread but two outcomes.
    """
    apart = [float(response[draw == number].std(ddof=1)) for number in np.unique(draw) if (draw == number).sum() > 1]
    return float(np.median(apart)) / _MEDIAN_OF_TWO if apart else 0.0


def fit_surrogate(drawn: Runs, central: Runs) -> Surrogate:
    """Fit both parts: slopes from the runs over what is not known, levels from those at central values.

    Parameters
    ----------
    drawn : Runs
    central : Runs
        Their places are not read; all of them are one draw's.
    """
    ones = np.ones(len(drawn.participants))
    size = float(np.mean(central.log_size))
    share = float(np.average(central.log_odds, weights=central.weight))
    luck_of_size = max(_typical_luck(drawn.draw, drawn.log_size), float(np.std(central.log_size)))
    luck_of_share = float(np.sqrt(np.average((central.log_odds - share) ** 2, weights=central.weight)))
    return Surrogate(
        Line(size, _slopes(drawn, drawn.log_size, ones), max(luck_of_size, _LEAST_SPREAD)),
        Line(share, _slopes(drawn, drawn.log_odds, drawn.weight), max(luck_of_share, _LEAST_SPREAD)),
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


def candidates(model: Surrogate, drawn: Runs, inputs: Sequence[Input], how_many: int) -> list[Input]:
    """Return the inputs that move P(hijacked) most over their spans and can be found out, the strongest first."""
    swing = swings(model, drawn, inputs)
    # where nothing moves the odds, the share of counter messages still tells what would
    rank = np.lexsort((-np.abs(model.share.slopes), -np.round(swing, 6)))
    return [inputs[column] for column in rank if inputs[column].can_be_found_out][:how_many]
