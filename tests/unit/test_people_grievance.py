"""Quantiles of feelings: exact ends, exact grid, and Beta distributions that have a closed form."""

import numpy as np
import pytest

from sim.people.grievance import (
    coupled_ranks,
    feelings,
    group_tables,
    quantile_grid,
    quantile_table,
    rounded_all,
)

ONE_GROUP = np.zeros(4001, np.int64)
RANKS = np.linspace(0.0, 1.0, 4001)
STEP = 1 / 65536


def values(mean, concentration):
    return feelings(quantile_table(mean, concentration)[None], ONE_GROUP, RANKS)


def test_a_rank_on_the_grid_gets_the_tabled_value():
    grid = quantile_grid()
    table = quantile_table(0.3, 1.6)
    found = feelings(table[None], np.zeros(grid.size, np.int64), grid)
    assert found.tolist() == rounded_all(table).tolist()


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
    low = feelings(quantile_table(0.75, 4.0)[None], where, far)
    assert np.abs(low / far ** (1 / 3) - 1).max() < 0.01
    high = feelings(quantile_table(0.25, 4.0)[None], where, 1.0 - far)
    assert np.abs((1 - high.astype(float)) / far ** (1 / 3) - 1).max() < 0.01


@pytest.mark.parametrize("mean", [0.0, 1.0])
def test_a_mean_of_zero_or_one_is_exact_for_every_rank(mean):
    assert (values(mean, 1.6) == mean).all()


@pytest.mark.parametrize("mean", [1e-300, 1e-9, 0.3, 1 - 1e-9])
@pytest.mark.parametrize("concentration", [1e-305, 1e-12, 1e-3, 1.6, 1000.0])
def test_extreme_distributions_stay_in_order_and_keep_their_mean(mean, concentration):
    table = quantile_table(mean, concentration)
    assert np.isfinite(table).all() and table.min() >= 0 and table.max() <= 1
    assert (np.diff(table) >= 0).all()
    found = values(mean, concentration)
    assert (np.diff(found) >= 0).all()
    assert found[:-1].astype(float).mean() == pytest.approx(mean, abs=1e-3)


def test_tables_are_shared_and_cannot_be_written_to():
    table = quantile_table(0.3, 1.6)
    assert quantile_table(0.3, 1.6) is table
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 1.0


def test_a_group_that_does_not_exist_has_no_quantiles():
    tables = group_tables(np.array([[0.2, np.nan]]), 1.6, np.repeat([0, 1], 4001), np.tile(RANKS, 2))
    assert np.isfinite(tables[0]).all() and np.isnan(tables[1]).all()


@pytest.mark.parametrize(("mean", "concentration"), [(0.3, 1.6), (0.01, 40.0), (0.98, 0.05), (0.5, 1e-320), (1.0, 2.0)])
@pytest.mark.parametrize("rows", [1, 7, 60, 700, 5000])
def test_few_rows_ask_for_few_quantiles_and_get_the_same_values(mean, concentration, rows):
    ends = [0.0, 1.0, 0.5, 2.0**-31, 2.0**-30, 2.0**-6, 1 - 2.0**-6, 1 - 2.0**-30, np.nextafter(0.5, 0), 2.0**-53]
    step = 0.6180339887498949 * (1 + rows / 1e6)
    ranks = np.concatenate([ends, (np.arange(rows) * step) % 1.0])
    tables = group_tables(np.array([0.5, mean]), concentration, np.ones(ranks.size, np.int64), ranks)
    assert np.isnan(tables[0]).all() and (rows > 100 or np.isnan(tables[1]).any())
    same = feelings(tables[1:], np.zeros(ranks.size, np.int64), ranks)
    whole = feelings(quantile_table(mean, concentration)[None], np.zeros(ranks.size, np.int64), ranks)
    assert same.tolist() == whole.tolist() and np.isfinite(same).all()


def test_ranks_without_correlation_are_the_draws_and_with_it_lean_the_other_way():
    draws = np.linspace(0.001, 0.999, 999)
    free = coupled_ranks(np.full(999, 0.9), draws, 0.0)
    assert np.abs(free - draws).max() < 1e-12
    against = coupled_ranks(np.full(999, 0.9), draws, -0.5)
    # the median is that of a normal at -0.5 times the 0.9 quantile: Phi(-0.6407757828)
    assert against[499] == pytest.approx(0.26083418, abs=1e-7)
    assert (np.diff(against) > 0).all()


def test_ranks_stay_within_their_range_at_the_ends_of_the_draws():
    ends = np.array([0.0, 2.0**-53, 0.5, 1 - 2.0**-53])
    for correlation in (-0.99, 0.0, 0.99):
        ranks = coupled_ranks(ends[::-1].copy(), ends, correlation)
        assert ((ranks >= 0) & (ranks <= 1)).all()
