"""Sensitivity with luck: on functions of known indices and known luck, estimates are unbiased and intervals hold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from sim.study.sensitivity.design import stars, trajectories
from sim.study.sensitivity.indices import indices
from sim.study.sensitivity.screening import effects

pytestmark = pytest.mark.statistical
Floats = npt.NDArray[np.float64]
_LEAST = 0.86
"""Coverage that 95 % intervals of 60 studies fall short of with a chance of about 0.001."""


def ishigami(u: Floats) -> Floats:
    """Ishigami & Homma 1990 with a = 7 and b = 0.1, shifted and scaled into [0, 1]; a fourth input does nothing."""
    x = np.pi * (2 * u - 1)
    return (np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0]) + 10.75) / 28.5


def ishigami_indices() -> tuple[Floats, Floats, float]:
    """First-order, total, and variance of the scaled function."""
    first = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
    both = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    parts = np.array([first, 49 / 8, 0.0, 0.0])
    whole = first + 49 / 8 + both
    return parts / whole, (parts + np.array([both, 0, both, 0])) / whole, whole / 28.5**2


_A = np.array([0.0, 0.5, 3.0, 9.0])


def g_function(u: Floats) -> Floats:
    """Saltelli & Sobol 1995, scaled into [0, 1]."""
    return ((np.abs(4 * u - 2) + _A) / (1 + _A)).prod(-1) / ((2 + _A) / (1 + _A)).prod()


def g_indices() -> tuple[Floats, Floats, float]:
    """First-order, total, and variance of the scaled function."""
    parts = 1 / (3 * (1 + _A) ** 2)
    whole = (1 + parts).prod() - 1
    total = parts * (1 + parts).prod() / (1 + parts) / whole
    return parts / whole, total, whole / ((2 + _A) / (1 + _A)).prod() ** 2


def seen(odds: Floats, luck: str, replicates: int, seed: int) -> Floats:
    """Yes or no of each run: its luck is the block's (``common``), or its own at each point (``fresh``)."""
    points = 1 if luck == "common" else odds.shape[1]
    return (np.random.default_rng(seed).random((len(odds), points, replicates)) < odds[..., None]).astype(np.float64)


@pytest.mark.parametrize(
    "function, truth, luck",
    [
        (ishigami, ishigami_indices(), "fresh"),
        (g_function, g_indices(), "common"),
        pytest.param(ishigami, ishigami_indices(), "common", marks=pytest.mark.slow),
        pytest.param(g_function, g_indices(), "fresh", marks=pytest.mark.slow),
    ],
)
def test_intervals_of_indices_cover_and_luck_is_told_apart(function: object, truth: object, luck: str) -> None:
    # a sharp odds function: most of the variance is the inputs'
    studies, blocks, replicates = 60, 128, 6
    first, total, variance = truth  # type: ignore[misc]
    mean = {ishigami: 14.25 / 28.5, g_function: 1 / ((2 + _A) / (1 + _A)).prod()}[function]  # type: ignore[index]
    by_luck = 1 - variance / (mean * (1 - mean))
    covered, totals, uncorrected, below = np.zeros((2, 4)), np.zeros(4), np.zeros(4), 0
    luck_covered = 0
    for study in range(studies):
        odds = function(stars(4, blocks, study))  # type: ignore[operator]
        found = indices(seen(odds, luck, replicates, 1000 + study), study)
        covered[0] += (found.first_lo <= first) & (first <= found.first_hi)
        covered[1] += (found.total_lo <= total) & (total <= found.total_hi)
        luck_covered += found.luck_lo <= by_luck <= found.luck_hi
        below += not found.stands_out[3]
        totals += found.total * found.variance / variance / studies
        uncorrected += found.uncorrected / studies
    assert (covered / studies > _LEAST).all(), covered / studies
    assert luck_covered / studies > _LEAST
    assert np.abs(totals - total).max() < 0.2, totals  # unbiased in the variance's own unit
    if luck == "fresh" and function is ishigami:
        assert uncorrected[3] > 0.3  # luck would have passed for an effect of an input that does nothing
        assert below / studies > 0.9


def test_without_luck_indices_are_those_of_salib() -> None:
    salib = pytest.importorskip("SALib.analyze.sobol")
    outcome = ishigami(stars(4, 512, 3))
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    theirs = salib.analyze(problem, outcome.ravel(), calc_second_order=False, num_resamples=10, seed=1)
    ours = indices(np.repeat(outcome[..., None], 3, -1), 1)
    assert ours.luck == pytest.approx(0.0, abs=1e-9)
    assert ours.first == pytest.approx(theirs["S1"], abs=0.02)
    assert ours.total == pytest.approx(theirs["ST"], abs=0.02)
    assert ours.uncorrected == pytest.approx(ours.total, abs=0.02)


def test_without_luck_effects_are_those_of_salib() -> None:
    salib = pytest.importorskip("SALib.analyze.morris")
    places = trajectories(4, 40, 3)
    outcome = ishigami(places)
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4, "groups": None}
    theirs = salib.analyze(problem, places.reshape(-1, 4), outcome.ravel(), num_levels=4, num_resamples=10, seed=1)
    ours = effects(places, np.repeat(outcome[..., None], 3, -1), 1)
    step = 2 / 3  # they scale effects to the whole span
    assert ours.mu == pytest.approx(step * np.array(theirs["mu"]), abs=1e-12)
    assert ours.mu_star == pytest.approx(step * np.array(theirs["mu_star"]), abs=1e-12)
    assert ours.sigma == pytest.approx(step * np.array(theirs["sigma"]), abs=1e-12)


@pytest.mark.parametrize("luck", ["common", "fresh"])
def test_effects_of_luck_alone_are_none_and_those_of_inputs_are_covered(luck: str) -> None:
    slopes, studies = np.array([0.6, -0.3, 0.0]), 100
    covered, below, mean = np.zeros(3), 0, np.zeros(3)
    for study in range(studies):
        places = trajectories(3, 24, study)
        found = effects(places, seen(0.35 + places @ slopes, luck, 4, study), study)
        true = 2 / 3 * slopes
        covered += (found.mu_lo <= true) & (true <= found.mu_hi)
        below += not found.stands_out[2]
        mean += found.mu_star / studies
    assert (covered / studies > 0.87).all(), covered / studies
    assert below / studies >= 0.93
    assert mean[2] < 0.06  # the plain mean size would be 0.28
    assert (mean <= 2 / 3 * np.abs(slopes) + 0.06).all() and mean[0] > 0.35


def test_blocks_on_a_sobol_sequence_would_not_be_covered() -> None:
    # why stars begin at a Latin hypercube: totals on a scrambled sequence scatter more than resampling says
    sobol = pytest.importorskip("SALib.sample.sobol")

    def odds(u: Floats) -> Floats:
        pull = (u - 0.5) @ np.array([4, 3, 2, 1, 0.5, 0.2, 0, 0]) + 4 * (u[..., 0] - 0.5) * (u[..., 1] - 0.5)
        return 1 / (1 + np.exp(-3 * pull))

    problem = {"num_vars": 8, "names": list("abcdefgh"), "bounds": [[0, 1]] * 8}
    off: dict[str, list[float]] = {"sequence": [], "hypercube": []}
    for study in range(8):
        sequence = sobol.sample(problem, 256, calc_second_order=False, seed=study).reshape(256, 10, 8)
        for name, places in (("sequence", sequence), ("hypercube", stars(8, 256, study))):
            found = indices(np.repeat(odds(places)[..., None], 2, -1), study)
            width = float(found.total_hi[0] - found.total_lo[0])
            off[name].append(abs(float(found.total[0]) - 0.63) / width)
    assert max(off["hypercube"]) < 1 and np.mean(off["sequence"]) > 2 * np.mean(off["hypercube"])
