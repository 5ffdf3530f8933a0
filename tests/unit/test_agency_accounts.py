"""Who speaks for the sender: audiences, skill and schedule of central and local accounts."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agency.accounts import create_accounts
from sim.rng import ACCOUNT_KEYS, Stream, setup_uniform
from tests.reference.small import configured, people

LOCALITY = [2, 0, 1, 0, 2, 2]
FOLLOWS = [True, True, False, True, False, True]


def accounts(**changes):
    crowd = people(6, locality=LOCALITY, follows_sender=FOLLOWS)
    return create_accounts(configured(agency__local_accounts=3, **changes), crowd)


def audiences(found):
    return [found.audience[a:b].tolist() for a, b in zip(found.audience_start, found.audience_start[1:], strict=False)]


def test_a_central_account_has_all_who_follow_the_sender():
    found = accounts(agency__voices="central")
    assert found.local.tolist() == [False]
    assert audiences(found) == [[0, 1, 3, 5]]
    assert found.follows_central.tolist() == FOLLOWS
    assert not found.follows_local.any()


def test_local_accounts_have_those_of_their_area():
    found = accounts(agency__voices="local")
    assert found.local.tolist() == [True] * 3
    assert audiences(found) == [[1, 3], [], [0, 5]]
    assert found.follows_local.tolist() == FOLLOWS
    assert not found.follows_central.any()


def test_with_both_a_follower_follows_two():
    found = accounts(agency__voices="both")
    assert found.local.tolist() == [False, True, True, True]
    assert audiences(found) == [[0, 1, 3, 5], [1, 3], [], [0, 5]]
    assert found.follows_central.tolist() == found.follows_local.tolist() == FOLLOWS


@pytest.mark.parametrize("voices", ["central", "local", "both"])
def test_nobody_and_an_empty_audience_are_legal(voices):
    for crowd in (people(0), people(4, follows_sender=[False] * 4)):
        found = create_accounts(configured(agency__voices=voices, agency__local_accounts=3), crowd)
        assert found.audience.size == 0
        assert found.audience_start.tolist() == [0] * (found.count + 1)


def test_skill_spreads_between_accounts_within_its_bounds():
    keys = np.arange(4, dtype=np.uint64) + np.uint64(ACCOUNT_KEYS)
    draws = setup_uniform(11, Stream.DETECT, keys)
    found = accounts(agency__voices="both", agency__skill=0.9, agency__skill_spread=0.3)
    np.testing.assert_allclose(found.skill, np.clip(0.9 + 0.3 * (2 * draws - 1), 0, 1))
    assert accounts(agency__voices="both", agency__skill=0.7).skill.tolist() == [0.7] * 4


def test_only_the_first_post_of_the_first_account_is_bound_to_minute_nought():
    found = accounts(agency__voices="both", post__repeats=3, post__spread_hours=2.0)
    posts = list(zip(found.schedule_minute.tolist(), found.schedule_account.tolist(), strict=True))
    assert posts == sorted(set(posts))
    assert posts[0] == (0, 0)
    keys = np.arange(4, dtype=np.uint64) + np.uint64(ACCOUNT_KEYS)
    minutes = [(120 * setup_uniform(11, Stream.AMPLIFY, keys, about=j)).astype(int) for j in range(3)]
    expected = {(int(minutes[j][a]), a) for j in range(3) for a in range(4) if (a, j) != (0, 0)} | {(0, 0)}
    assert posts == sorted(expected)


def test_posts_of_one_account_in_one_minute_count_once_and_none_lies_beyond_the_run():
    found = accounts(agency__voices="both", post__repeats=500)
    assert found.schedule_minute.tolist() == [0] * 4
    assert found.schedule_account.tolist() == [0, 1, 2, 3]
    short = accounts(agency__voices="both", post__repeats=50, post__spread_hours=72.0, horizon_hours=1.0)
    assert short.schedule_minute.max() < 60
