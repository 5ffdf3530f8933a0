"""How much was learned of each input, and which answer would tell most about the odds.

**Learned**: one less the variance after over the variance before (contraction); below a fifth, nothing to speak of.
**Would tell most**: by how much the variance of P(hijacked) over what is not known is expected to fall if an input were
known: the share of it that a smooth function of the input explains (a first-order index). Of several inputs of one
question together. Explained by chance is taken off, with as many draws as the weights are worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from sim.study.calibration.weighted import weighted_quantiles

Numbers = npt.NDArray[np.float64]
_ENDS = (0.05, 0.5, 0.95)
_DEGREE = 3


@dataclass(frozen=True)
class Learned:
    """What is known of one input before and after a history.

    Attributes
    ----------
    name : str
    before, after : (float, float, float)
        The 5, 50 and 95 % points.
    contraction : float
        0 for nothing learned, 1 for known; it may be below 0.
    """

    name: str
    before: tuple[float, ...]
    after: tuple[float, ...]
    contraction: float


def learned(columns: Mapping[str, Numbers], weights: Numbers, names: Sequence[str]) -> list[Learned]:
    """Return what weights say of some inputs."""
    even = np.full(len(weights), 1.0 / len(weights))
    found = []
    for name in names:
        values = columns[name]
        after = float(weights @ (values - weights @ values) ** 2)
        found.append(Learned(
            name, tuple(map(float, weighted_quantiles(values, even, _ENDS))),
            tuple(map(float, weighted_quantiles(values, weights, _ENDS))), 1.0 - after / float(values.var()),
        ))  # fmt: skip
    return found


def explained(odds: Numbers, inputs: Sequence[Numbers], weights: Numbers, variance: float) -> float:
    """Return the share of the variance of odds that is expected to go if some inputs were known, in [0, 1].

    Parameters
    ----------
    odds : float64[draws]
        Of one verdict.
    inputs : sequence of float64[draws]
    weights : float64[draws]
        They sum to one.
    variance : float
        Of the odds, over what is not known; the scatter of the few rows behind each draw is taken off already.
    """
    if variance <= 1e-9 or not inputs:
        return 0.0
    design = _basis(inputs, weights)
    root = np.sqrt(weights)
    mean = weights @ odds
    slopes = np.linalg.lstsq(root[:, None] * design, root * (odds - mean), rcond=None)[0]
    fit = design @ slopes
    left = float(weights @ (odds - mean - fit) ** 2)
    size, terms = 1.0 / float(weights @ weights), design.shape[1]
    by_chance = left * terms / max(1.0, size - terms)
    return float(np.clip((weights @ (fit - weights @ fit) ** 2 - by_chance) / variance, 0.0, 1.0))


def _basis(inputs: Sequence[Numbers], weights: Numbers) -> Numbers:
    """Return polynomials of each input, and products two by two: float64[draws, terms]."""
    scaled = []
    for values in inputs:
        mean = weights @ values
        deviation = np.sqrt(weights @ (values - mean) ** 2)
        scaled.append((values - mean) / deviation if deviation > 0 else np.zeros_like(values))
    powers = [values**degree for values in scaled for degree in range(1, _DEGREE + 1)]
    return np.column_stack([*powers, *(one * other for one, other in combinations(scaled, 2))])
