"""Odds and their splits against known truths (keyed draws, fixed seeds)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import beta, binom

from sim.outcome.aggregate import split_odds
from sim.outcome.verdict import odds_interval
from sim.rng import Stream, setup_uniform


def _outcomes(odds: np.ndarray, replicates: int, seed: int) -> np.ndarray:
    """Return 0/1[draws, replicates] with the given odds of each draw."""
    keys = np.arange(odds.shape[0] * replicates, dtype=np.uint64)
    return setup_uniform(seed, Stream.REACTION, keys).reshape(-1, replicates) < odds[:, None]


@pytest.mark.parametrize(("a", "b"), [(2.0, 2.0), (0.5, 1.5), (30.0, 10.0)])
def test_a_split_recovers_known_shares_and_range(a: float, b: float) -> None:
    draws = 4000
    odds = beta.ppf(setup_uniform(7, Stream.DESIGN, np.arange(draws, dtype=np.uint64)), a, b)
    split = split_odds(_outcomes(odds, 4, seed=11))
    # for Beta(a, b): Var(p) is a share 1 / (a + b + 1) of all variance
    assert split["unknown"] == pytest.approx(1 / (a + b + 1), abs=0.025)
    assert split["luck"] + split["unknown"] == pytest.approx(1)
    assert split["mean"] == pytest.approx(a / (a + b), abs=0.02)
    assert split["lo"] == pytest.approx(beta.ppf(0.05, a, b), abs=0.05)
    assert split["hi"] == pytest.approx(beta.ppf(0.95, a, b), abs=0.05)


def test_two_replicates_a_draw_are_enough_to_be_unbiased() -> None:
    # many small studies: 12 draws of 2 replicates, odds 0.2 or 0.8; the parts are 0.16 and 0.09
    keys = np.arange(12, dtype=np.uint64)
    luck, unknown = [], []
    for seed in range(600):
        odds = np.where(setup_uniform(seed, Stream.DESIGN, keys) < 0.5, 0.2, 0.8)
        table = _outcomes(odds, 2, seed)
        within = 2 * float((table.mean(axis=1) * (1 - table.mean(axis=1))).mean())
        luck.append(within)
        unknown.append(float(table.mean(axis=1).var(ddof=1)) - within / 2)
        split = split_odds(table)
        held = max(0.0, unknown[-1])
        assert split["luck"] == pytest.approx(within / (within + held))
    for found, truth in ((luck, 0.16), (unknown, 0.09)):
        error = np.std(found, ddof=1) / math.sqrt(len(found))
        assert abs(np.mean(found) - truth) < 3.9 * error


@pytest.mark.parametrize("trials", [10, 50, 200])
def test_wilson_covers_about_95_percent(trials: int) -> None:
    # exact coverage, averaged over odds
    covers = []
    for odds in np.linspace(0.01, 0.99, 99):
        intervals = [odds_interval(hits, trials) for hits in range(trials + 1)]
        inside = [low <= odds <= high for low, high in intervals]
        covers.append(binom.pmf(np.arange(trials + 1), trials, odds)[inside].sum())
    assert np.mean(covers) == pytest.approx(0.95, abs=0.01)
    assert min(covers) > 0.83
