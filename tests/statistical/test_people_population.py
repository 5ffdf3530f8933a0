"""The drawn audience against the distributions it is meant to have (fixed seed, alpha 1e-4)."""

import numpy as np
import pytest
from scipy import stats

from sim.config.root import Configuration, changed
from sim.people.cohorts import groups_of
from sim.people.population import create_population
from sim.people.roles import ACTIVIST, ALLY, JOURNALIST

pytestmark = pytest.mark.statistical
N = 200_000
ALPHA = 1e-4
PLAIN = changed(Configuration(), {"seed": 20140422})
PEOPLE = create_population(PLAIN, n=N)
GROUPS = groups_of(PLAIN.people, PEOPLE.communities)


def test_cohorts_and_communities_have_their_shares_and_are_independent():
    seen = np.zeros((6, 2))
    np.add.at(seen, (PEOPLE.cohort, PEOPLE.community), 1)
    expected = np.outer(PLAIN.people.cohort_shares, [0.8, 0.2]) * N
    assert stats.chisquare(seen.ravel(), expected.ravel()).pvalue > ALPHA


@pytest.mark.parametrize("community", [0, 1])
@pytest.mark.parametrize("cohort", [0, 1, 3, 5])
@pytest.mark.parametrize("feeling", ["grievance", "support"])
def test_feelings_of_a_group_follow_its_beta_distribution(feeling, cohort, community):
    rows = (PEOPLE.cohort == cohort) & (PEOPLE.community == community)
    mean = getattr(GROUPS, feeling)[cohort, community]
    concentration = getattr(PLAIN.people, f"{feeling}_concentration")
    beta = stats.beta(mean * concentration, (1 - mean) * concentration)
    values = getattr(PEOPLE, feeling)[rows].astype(float)
    assert rows.sum() > 1000
    # rounding gathers the ends into steps, so the distribution is compared at the middles between steps
    points = (np.arange(0, 65536, 16) + 0.5) / 65536
    empirical = np.searchsorted(np.sort(values), points, side="right") / values.size
    distance = np.abs(empirical - beta.cdf(points)).max()
    assert distance < stats.kstwo(values.size).isf(ALPHA)
    assert abs(values.mean() - mean) < 3.9 * beta.std() / np.sqrt(values.size) + 1 / 65536


def test_ranks_are_uniform_and_independent_of_the_group():
    for rank in (PEOPLE.grievance_rank, PEOPLE.support_rank):
        assert stats.kstest(rank, "uniform").pvalue > ALPHA
        young = rank[(PEOPLE.cohort < 2) & (PEOPLE.community == 1)]
        assert stats.kstest(young, "uniform").pvalue > ALPHA


@pytest.mark.parametrize("correlation", [-0.9, -0.5, 0.0, 0.4])
def test_ranks_correlate_as_the_copula_says(correlation):
    people = create_population(changed(PLAIN, {"people.copula_correlation": correlation}), n=40_000)
    # Gaussian copula: Spearman's rho is 6/pi asin(r/2), Kendall's tau 2/pi asin(r)
    rho = stats.spearmanr(people.grievance_rank, people.support_rank).statistic
    assert rho == pytest.approx(6 / np.pi * np.arcsin(correlation / 2), abs=3.9 / np.sqrt(40_000))
    tau = stats.kendalltau(people.grievance_rank, people.support_rank).statistic
    assert tau == pytest.approx(2 / np.pi * np.arcsin(correlation), abs=3.9 * 2 / 3 / np.sqrt(40_000))


def test_both_feelings_can_be_held_at_once_but_seldom_are():
    both = np.mean((PEOPLE.grievance_rank > 0.8) & (PEOPLE.support_rank > 0.8))
    assert 0.005 < both < 0.2 * 0.2


@pytest.mark.parametrize("cohort", [1, 3, 5])
def test_sessions_a_day_are_lognormal_around_the_cohorts_median(cohort):
    rows = (PEOPLE.cohort == cohort) & (PEOPLE.role != JOURNALIST)
    rates = PEOPLE.sessions_a_day[rows].astype(float)
    median = 2.0 * PLAIN.people.sessions_cohort_factor[cohort]
    inside = np.sort(rates)
    points = np.exp(np.linspace(np.log(0.03), np.log(190), 400))
    empirical = np.searchsorted(inside, points, side="right") / inside.size
    theory = stats.norm.cdf(np.log(points / median) / 1.1)
    assert np.abs(empirical - theory).max() < stats.kstwo(inside.size).isf(ALPHA)


@pytest.mark.parametrize("share", [0.001, 0.3, 0.97])
def test_the_share_that_follows_the_sender_is_the_one_asked_for(share):
    people = create_population(changed(PLAIN, {"people.follow_share": share}), n=N)
    assert abs(people.follows_sender.mean() - share) < 3.9 * np.sqrt(share * (1 - share) / N)


def test_supporters_follow_more_and_by_the_log_odds_given():
    flat = {"people.follow_support": 2.0, "people.follow_grievance": 0.0, "people.support_concentration": 2.0}
    people = create_population(changed(PLAIN, flat), n=N)
    low = people.follows_sender[np.abs(people.support - 0.2) < 0.05].mean()
    high = people.follows_sender[np.abs(people.support - 0.8) < 0.05].mean()
    ratio = np.log(high / (1 - high)) - np.log(low / (1 - low))
    assert ratio == pytest.approx(2.0 * 0.6, abs=0.2)


@pytest.mark.parametrize(("role", "share"), [(ACTIVIST, 0.002), (ALLY, 0.002), (JOURNALIST, 0.0005)])
def test_roles_have_their_shares_of_the_whole(role, share):
    assert abs((PEOPLE.role == role).sum() - share * N) < 3.9 * np.sqrt(share * N)


def test_activists_and_allies_come_from_their_tails_and_journalists_from_anywhere():
    activists, allies = PEOPLE.role == ACTIVIST, PEOPLE.role == ALLY
    assert PEOPLE.grievance_rank[activists].min() > 0.8 and PEOPLE.support_rank[activists].max() < 0.5
    assert PEOPLE.support_rank[allies].min() > 0.8 and PEOPLE.grievance_rank[allies].max() < 0.5
    assert stats.kstest(PEOPLE.grievance_rank[PEOPLE.role == JOURNALIST], "uniform").pvalue > ALPHA


def test_localities_and_beats_are_spread_evenly():
    told = changed(PLAIN, {"agency.local_accounts": 20, "people.journalist_share": 0.05})
    people = create_population(told, n=N)
    assert stats.chisquare(np.bincount(people.locality, minlength=20)).pvalue > ALPHA
    assert stats.chisquare(np.bincount(people.beat[people.beat >= 0], minlength=6)).pvalue > ALPHA


def test_no_two_attributes_of_a_row_share_their_luck():
    columns = np.stack(
        [PEOPLE.grievance_rank, PEOPLE.cohort, PEOPLE.community, PEOPLE.looks_at_lists, PEOPLE.sessions_a_day**0.1]
    )
    columns[4] -= np.array([columns[4][PEOPLE.cohort == c].mean() for c in range(6)])[PEOPLE.cohort]
    correlations = np.corrcoef(columns) - np.eye(5)
    assert np.abs(correlations).max() < 4.5 / np.sqrt(N)
