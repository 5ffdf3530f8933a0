"""Which choice is best where nobody knows the truth: expected outcome, worst case and regret over draws of it.

All choices meet the same draws with the same luck. Regret is what a choice loses to the best one of the same draw.
A few runs a draw make the worst look worse and regrets look larger than they are, for all choices alike; expected
outcomes are not touched by that. How sure a ranking is, is found by a bootstrap over draws. The order by mean regret
is that by expected outcome: they differ by the same number for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.study.answers.window_bands import Bands, keyed, simultaneous

Floats = npt.NDArray[np.float64]

WORST = 0.1
"""The worst case is the mean over this share of a choice's draws, those that end worst for it."""
_RESAMPLES = 2000
_EVEN = 1e-12
_ENDS = (0.025, 0.975)


@dataclass(frozen=True)
class Ranking:
    """How choices stand to each other; one element a choice, in their order. Less is better throughout.

    Attributes
    ----------
    expected, expected_lo, expected_hi : float64[choices]
        Mean over draws, and its 95 % interval (bootstrap).
    worst, worst_lo, worst_hi : float64[choices]
        Mean over the worst tenth of draws.
    regret, regret_lo, regret_hi : float64[choices]
        Mean over draws.
    regret_most : float64[choices]
        The largest of all draws.
    best_in : float64[choices]
        Share of draws in which it is the best; draws with several best are shared out.
    best_probability : float64[choices]
        Probability that it is the best by expected outcome (bootstrap over draws; ties are shared out).
    order : int64[choices]
        From the best by expected outcome to the last; ties by less regret, then as they came.
    behind : Bands
        What each loses to the first of ``order`` (simultaneous 95 % intervals).
    apart : bool[choices]
        Whether it can be told apart from the first of ``order``.
    """

    expected: Floats
    expected_lo: Floats
    expected_hi: Floats
    worst: Floats
    worst_lo: Floats
    worst_hi: Floats
    regret: Floats
    regret_lo: Floats
    regret_hi: Floats
    regret_most: Floats
    best_in: Floats
    best_probability: Floats
    order: npt.NDArray[np.int64]
    behind: Bands
    apart: npt.NDArray[np.bool_]


def regrets(outcome: npt.ArrayLike) -> Floats:
    """Return what each choice loses to the best of the same draw: float64[choices, draws], 0 or more."""
    table = np.asarray(outcome, dtype=np.float64)
    return table - table.min(axis=0)


def worst_case(outcome: npt.ArrayLike) -> Floats:
    """Return the mean over the worst tenth of draws (one at least): float64[...] of float[..., draws]."""
    table = np.asarray(outcome, dtype=np.float64)
    draws = table.shape[-1]
    some = max(1, round(WORST * draws))
    return np.asarray(np.partition(table, draws - some, axis=-1)[..., draws - some :].mean(axis=-1))


def shared_best(outcome: npt.ArrayLike) -> Floats:
    """Return who is best in each column, ties shared out: float64[choices, ...] of the same shape."""
    table = np.asarray(outcome, dtype=np.float64)
    best = (table <= table.min(axis=0) + _EVEN).astype(np.float64)
    return np.asarray(best / best.sum(axis=0))


def ranked(outcome: npt.ArrayLike, *, seed: int) -> Ranking:
    """Rank choices over the same draws.

    Parameters
    ----------
    outcome : float[choices, draws]
        Each choice's mean over the runs of a draw; less is better. At least two draws.
    seed : int
        Of the bootstrap.
    """
    table = np.asarray(outcome, dtype=np.float64)
    lost = regrets(table)
    again = resampled(table.shape[1], seed)
    means = table[:, again].mean(axis=2)
    expected, regret, most = table.mean(axis=1), lost.mean(axis=1), lost.max(axis=1)
    order = np.lexsort((np.round(most, 9), np.round(expected, 9)))
    behind = simultaneous(table - table[order[0]], seed=seed, yes_or_no=False)
    worst, worst_again, lost_again = worst_case(table), worst_case(table[:, again]), lost[:, again].mean(axis=2)
    return Ranking(
        expected, *_ends(means), worst, *_ends(worst_again), regret, *_ends(lost_again), most,
        shared_best(table).mean(axis=1), shared_best(means).mean(axis=1), order, behind, behind.lo > 0.0,
    )  # fmt: skip


def resampled(draws: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the draws of each bootstrap sample: int64[samples, draws]."""
    places = np.floor(keyed("draws", _RESAMPLES * draws, seed) * draws).astype(np.int64)
    return places.reshape(_RESAMPLES, draws)


def _ends(values: Floats) -> tuple[Floats, Floats]:
    """Return the 2.5 % and 97.5 % points over bootstrap samples."""
    low, high = np.quantile(values, _ENDS, axis=1)
    return low, high


Criterion = Callable[[Floats], Floats]
"""From float64[2, ..., draws] (the first and the second choice) to by how much the first is better: float64[...]."""


def by_expected(pair: Floats) -> Floats:
    """Return by how much the first is better on average."""
    return np.asarray(pair[1].mean(axis=-1) - pair[0].mean(axis=-1))


def by_worst(pair: Floats) -> Floats:
    """Return by how much the first's worst case is better."""
    return worst_case(pair[1]) - worst_case(pair[0])


def by_regret(pair: Floats) -> Floats:
    """Return by how much the first's largest regret is smaller, of these two alone."""
    lead = pair[1] - pair[0]
    return np.maximum(lead.max(axis=-1), 0.0) - np.maximum(-lead.min(axis=-1), 0.0)


CRITERIA: dict[str, Criterion] = {"expected": by_expected, "worst": by_worst, "regret": by_regret}
