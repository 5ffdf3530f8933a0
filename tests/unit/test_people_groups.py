"""Groups, roles and following by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.config.agency import AgencyConfig, EffectsConfig
from sim.config.people import PeopleConfig
from sim.errors import ConfigError
from sim.people.cohorts import configured_communities, groups_of, pick_by_share, shifted_mean
from sim.people.following import draw_follows, follow_constant, follow_pulls, listened, listening_factor
from sim.people.roles import ACTIVIST, ALLY, JOURNALIST, MEMBER, chance_within, draw_roles, tail_probability
from sim.rng import Stream, setup_uniform


def test_a_share_is_picked_from_its_lower_end_up_to_the_next():
    uniforms = np.array([0.0, 0.0999, 0.1, 0.5999, 0.6, np.nextafter(1.0, 0.0)])
    assert pick_by_share((0.1, 0.5, 0.4), uniforms).tolist() == [0, 0, 1, 1, 2, 2]


def test_a_share_of_zero_is_never_picked_wherever_it_stands():
    uniforms = np.array([0.0, 0.25, 0.5, 0.75, np.nextafter(1.0, 0.0)])
    assert pick_by_share((0.0, 0.5, 0.0, 0.5, 0.0), uniforms).tolist() == [1, 1, 3, 3, 3]


def test_what_rounding_leaves_belongs_to_the_last_share():
    tenths = (0.1,) * 10  # their running sum ends at 0.9999999999999999
    assert pick_by_share((*tenths, 0.0), np.array([np.nextafter(1.0, 0.0)])).tolist() == [9]


def test_means_are_shifted_in_log_odds_and_certainty_stays():
    assert shifted_mean(0.5, 1.0) == pytest.approx(1 / (1 + math.exp(-1)), rel=1e-15)
    assert shifted_mean(0.2, 0.0) == pytest.approx(0.2, rel=1e-14)
    assert shifted_mean(0.0, 5.0) == 0.0 and shifted_mean(1.0, -5.0) == 1.0


def test_a_group_has_its_cohorts_and_its_communitys_shift():
    people = PeopleConfig(community="near")
    groups = groups_of(people, ("other", "far", "near"))
    assert groups.grievance[3, 0] == pytest.approx(0.25) and groups.grievance[3, 1] == pytest.approx(0.25)
    logit = math.log(0.25 / 0.75) + 0.35 + 1.2
    assert groups.grievance[1, 2] == pytest.approx(1 / (1 + math.exp(-logit)))
    logit = math.log(0.45 / 0.55) + 0.25 - 0.8
    assert groups.support[5, 2] == pytest.approx(1 / (1 + math.exp(-logit)))
    assert groups.sessions_a_day[:, 1].tolist() == pytest.approx([2.6, 2.6, 2.2, 2.0, 1.6, 1.2])


@pytest.mark.parametrize("name", ["other", "", "  "])
def test_the_second_community_must_have_a_name_of_its_own(name):
    with pytest.raises(ConfigError, match="people.community must be a name other than 'other'"):
        configured_communities(PeopleConfig(community=name))


def test_the_chance_of_a_role_fills_its_share_or_takes_the_whole_tail():
    assert chance_within(0.01, 0.1) == pytest.approx(0.1)
    assert chance_within(0.2, 0.1) == 1.0
    assert chance_within(0.2, 0.0) == 0.0


def test_the_probability_of_a_tail_is_that_of_two_joined_normals():
    assert tail_probability(0.0) == pytest.approx(0.1, abs=1e-9)
    for r in (-0.9, -0.5, 0.3):
        joint = stats.multivariate_normal([0, 0], [[1, r], [r, 1]])
        z = stats.norm.ppf(0.8)
        expected = 0.5 - joint.cdf([z, 0.0])  # second below its median, less first below as well
        assert tail_probability(r) == pytest.approx(expected, abs=1e-5)
    assert tail_probability(-0.99) == pytest.approx(0.2, abs=1e-3)


def test_roles_are_given_by_the_draw_within_each_tail():
    n, keys = 2000, np.arange(2000, dtype=np.uint64)
    people = PeopleConfig(activist_share=0.1, ally_share=0.05, journalist_share=0.1)
    grievance_rank = np.where(np.arange(n) % 4 == 0, 0.9, 0.3)
    support_rank = np.where(np.arange(n) % 4 == 1, 0.9, 0.4)
    role = draw_roles(people, 5, keys, grievance_rank, support_rank, given=True)
    u = setup_uniform(5, Stream.ROLE, keys)
    activists = (np.arange(n) % 4 == 0) & (u < 0.4)  # 200 wanted among 500
    allies = (np.arange(n) % 4 == 1) & (1.0 - u <= 0.2)  # 100 wanted among 500
    rest = ~activists & ~allies
    journalists = rest & (np.abs(u - 0.5) < 0.05 * n / rest.sum())
    expected = np.select([activists, allies, journalists], [ACTIVIST, ALLY, JOURNALIST], MEMBER)
    assert role.tolist() == expected.tolist()
    assert set(role.tolist()) == {MEMBER, ACTIVIST, ALLY, JOURNALIST}


def test_shares_of_zero_give_no_roles_and_ranks_on_the_border_are_outside_the_tail():
    keys = np.arange(500, dtype=np.uint64)
    none = PeopleConfig(activist_share=0.0, ally_share=0.0, journalist_share=0.0)
    strong, weak = np.full(500, 0.9), np.full(500, 0.1)
    assert not draw_roles(none, 1, keys, strong, weak).any()
    assert not draw_roles(none, 1, keys, weak, strong).any()
    many = PeopleConfig(activist_share=0.2, ally_share=0.2, journalist_share=0.0)
    assert not draw_roles(many, 1, keys, np.full(500, 0.8), weak).any()
    assert not draw_roles(many, 1, keys, strong, np.full(500, 0.5)).any()


def test_the_constant_of_following_is_the_logit_of_the_share_where_nothing_pulls():
    people = PeopleConfig(follow_share=0.2, follow_support=0.0, follow_grievance=0.0)
    feeling = np.linspace(0, 1, 11).astype(np.float32)
    assert follow_constant(people, feeling, feeling) == pytest.approx(math.log(0.25), abs=1e-9)


@pytest.mark.parametrize("share", [1e-6, 0.07, 0.5, 0.999])
@pytest.mark.parametrize("pull", [-20.0, 1.5, 20.0])
def test_the_mean_chance_of_following_is_the_share(share, pull):
    people = PeopleConfig(follow_share=share, follow_support=pull, follow_grievance=3.0)
    support = (np.arange(1001) / 1001).astype(np.float32)
    grievance = support[::-1].copy() ** 2
    constant = follow_constant(people, grievance, support)
    chances = 1 / (1 + np.exp(-(constant + follow_pulls(people, grievance, support))))
    assert chances.mean() == pytest.approx(share, rel=1e-4, abs=1e-10)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_zero_or_one_is_nobody_or_everybody(share):
    keys = np.arange(100, dtype=np.uint64)
    feeling = np.full(100, 0.5, np.float32)
    assert (draw_follows(PeopleConfig(follow_share=share), 1, keys, feeling, feeling) == bool(share)).all()


def test_listening_takes_its_share_of_followers_grievance_alone():
    effects = EffectsConfig(listening=0.4, listening_months=6.0)
    assert listening_factor(AgencyConfig(listening_months=0.0, effects=effects)) == 1.0
    assert listening_factor(AgencyConfig(listening_months=6.0, skill=0.5, effects=effects)) == pytest.approx(0.8)
    assert listening_factor(AgencyConfig(listening_months=6.0, skill=1.0, effects=effects)) == pytest.approx(0.7)
    everything = EffectsConfig(listening=1.0, listening_months=0.001)
    assert listening_factor(AgencyConfig(listening_months=120.0, skill=1.0, effects=everything)) == 0.0
    before = np.array([0.5, 0.5, 1.0, 0.0], np.float32)
    after = listened(before, np.array([True, False, True, True]), 0.8)
    assert after.dtype == np.float32
    assert after.tolist() == [round(0.4 * 65536) / 65536, 0.5, round(0.8 * 65536) / 65536, 0.0]
    assert before[0] == 0.5


def test_a_share_under_30_leaves_the_proportions_within_each_side():
    people = PeopleConfig(cohort_shares=(0.1, 0.2, 0.2, 0.3, 0.1, 0.1), under_30_share=0.8)
    # 0.4 of the rows are under 30 (half of 25-34 counted): they are doubled, the others are a third
    assert people.age_shares == pytest.approx((0.2, 0.4, 0.2 + 0.1 / 3, 0.1, 0.1 / 3, 0.1 / 3), rel=1e-14)
    assert sum(people.age_shares) == pytest.approx(1.0, rel=1e-14)
    assert PeopleConfig().age_shares == PeopleConfig().cohort_shares


def test_a_shift_under_30_moves_25_to_34_by_half():
    plain, moved = PeopleConfig().age_grievance_shift, PeopleConfig(under_30_grievance_shift=0.6).age_grievance_shift
    assert np.subtract(moved, plain).tolist() == pytest.approx([0.6, 0.6, 0.3, 0, 0, 0])


def test_a_share_under_30_of_an_audience_with_nobody_under_30_is_refused():
    with pytest.raises(ValueError, match="both sides of 30"):
        PeopleConfig(cohort_shares=(0, 0, 0, 0.5, 0.3, 0.2), under_30_share=0.3)
