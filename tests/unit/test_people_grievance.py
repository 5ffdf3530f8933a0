"""Quantiles of feelings: exact ends, exact grid, and Beta distributions that have a closed form."""

import numpy as np
import pytest

from sim.mathx import normal_quantile_all
from sim.people.beta import quantile_grid, quantile_tables
from sim.people.grievance import coupled_ranks, feelings, rounded_all

ONE_GROUP = np.zeros(4001, np.int64)
RANKS = np.linspace(0.0, 1.0, 4001)
STEP = 1 / 65536


def tables(mean, concentration):
    return quantile_tables(np.array([mean]), concentration)


def values(mean, concentration):
    return feelings(tables(mean, concentration), ONE_GROUP, RANKS)


def test_a_rank_on_the_grid_gets_the_tabled_value():
    grid = quantile_grid()
    found = feelings(tables(0.3, 1.6), np.zeros(grid.size, np.int64), grid)
    assert found.tolist() == rounded_all(tables(0.3, 1.6)[0]).tolist()


def test_the_uniform_distribution_returns_the_rank_rounded_to_sixteen_bits():
    found = values(0.5, 2.0)
    assert found.dtype == np.float32
    assert np.abs(found - RANKS).max() <= STEP / 2 + 1e-7
    assert np.array_equal(found * 65536, np.rint(found * 65536))


def test_beta_with_a_closed_form_is_met_to_the_rounding():
    # Beta(1, b): 1 - (1 - q)**(1/b);  Beta(a, 1): q**(1/a);  Beta(1/2, 1/2): sin(pi q / 2)**2
    assert np.abs(values(0.25, 4.0) - (1 - (1 - RANKS) ** (1 / 3))).max() < 1e-4
    assert np.abs(values(0.75, 4.0) - RANKS ** (1 / 3)).max() < 1e-4
    assert np.abs(values(0.5, 1.0) - np.sin(np.pi * RANKS / 2) ** 2).max() < STEP


def test_the_far_tails_are_tabled_finely():
    far = 2.0 ** -np.linspace(1, 29, 400)
    where = np.zeros(far.size, np.int64)
    low = feelings(tables(0.75, 4.0), where, far)
    assert np.abs(low / far ** (1 / 3) - 1).max() < 0.01
    high = feelings(tables(0.25, 4.0), where, 1.0 - far)
    assert np.abs((1 - high.astype(float)) / far ** (1 / 3) - 1).max() < 0.01


@pytest.mark.parametrize("mean", [0.0, 1.0])
def test_a_mean_of_zero_or_one_is_exact_for_every_rank(mean):
    assert (values(mean, 1.6) == mean).all()


@pytest.mark.parametrize("mean", [1e-300, 1e-9, 0.3, 1 - 1e-9])
@pytest.mark.parametrize("concentration", [1e-305, 1e-12, 1e-3, 1.6, 1000.0])
def test_extreme_distributions_stay_in_order_and_keep_their_mean(mean, concentration):
    table = tables(mean, concentration)[0]
    assert np.isfinite(table).all() and table.min() >= 0 and table.max() <= 1
    assert (np.diff(table) >= 0).all()
    found = values(mean, concentration)
    assert (np.diff(found) >= 0).all()
    assert found[:-1].astype(float).mean() == pytest.approx(mean, abs=1e-3)


def test_a_group_that_does_not_exist_has_no_quantiles():
    found = quantile_tables(np.array([0.2, np.nan]), 1.6)
    assert np.isfinite(found[0]).all() and np.isnan(found[1]).all()


@pytest.mark.parametrize("concentration", [0.01, 0.2, 1.6, 10.0, 100.0, 1000.0])
def test_quantiles_are_those_of_the_inverse_incomplete_beta_function(concentration):
    from scipy.special import betaincinv

    means = np.array([1e-6, 0.003, 0.05, 0.3, 0.5, 0.8, 0.99, 1 - 1e-6])
    wanted = betaincinv(means[:, None] * concentration, (1 - means[:, None]) * concentration, quantile_grid())
    assert np.abs(quantile_tables(means, concentration) - wanted).max() <= 2.0**-23


def test_ranks_without_correlation_are_the_draws_and_with_it_lean_the_other_way():
    draws = np.linspace(0.001, 0.999, 999)
    free = coupled_ranks(normal_quantile_all(np.full(999, 0.9)), normal_quantile_all(draws), 0.0)
    assert np.abs(free - draws).max() < 1e-12
    against = coupled_ranks(normal_quantile_all(np.full(999, 0.9)), normal_quantile_all(draws), -0.5)
    # the median is that of a normal at -0.5 times the 0.9 quantile: Phi(-0.6407757828)
    assert against[499] == pytest.approx(0.26083418, abs=1e-7)
    assert (np.diff(against) > 0).all()


def test_ranks_stay_within_their_range_at_the_ends_of_the_draws():
    ends = np.array([0.0, 2.0**-53, 0.5, 1 - 2.0**-53])
    for correlation in (-0.99, 0.0, 0.99):
        ranks = coupled_ranks(normal_quantile_all(ends[::-1].copy()), normal_quantile_all(ends), correlation)
        assert ((ranks >= 0) & (ranks <= 1)).all()
