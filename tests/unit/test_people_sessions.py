"""Sessions by hand: places in operational time, flat hours, posting hours off the whole."""

import numpy as np
import pytest

from sim.errors import ConfigError
from sim.people.sessions import LAST_MINUTE, NEVER, next_session, profile_table, session_minute
from sim.rng import Stream, draw, stream_state

FLAT = (1.0,) * 24
EVENING = (0.0,) * 18 + (1.0,) * 6


def state(seed=1, replicate=0, stream=Stream.SESSION):
    return np.uint64(stream_state(seed, replicate, int(stream)))


def place(key, k):
    return draw(state(), np.uint64(key), np.uint64(k))


def test_under_a_flat_profile_a_session_lies_at_its_place_in_its_unit():
    profile = profile_table(FLAT, 10.0)
    for key in range(50):
        for k in range(5):
            expected = int(np.floor((k + place(key, k)) / 2.0 * 1440 - 600))
            assert session_minute(profile, state(), np.uint64(key), 2.0, k) == expected


def test_all_sessions_lie_in_the_only_hours_with_activity():
    profile = profile_table(EVENING, 0.0)
    for key in range(200):
        minute = next_session(profile, state(), np.uint64(key), 1.0, -1)
        assert 18 * 60 <= minute < 24 * 60
        expected = int(np.floor(18 * 60 + place(key, 0) * 360))
        assert minute == expected


def test_the_posting_time_moves_all_sessions_by_whole_minutes_rounded_down():
    early, late = profile_table(FLAT, 0.0), profile_table(FLAT, 9.9875)
    for key in range(200):
        clock = place(key, 3) / 3.0 * 1440 + 1440
        assert session_minute(early, state(), np.uint64(key), 3.0, 3) == int(np.floor(clock))
        assert session_minute(late, state(), np.uint64(key), 3.0, 3) == int(np.floor(clock - 599.25))


def test_a_rate_of_zero_never_comes():
    profile = profile_table(FLAT, 12.0)
    assert next_session(profile, state(), np.uint64(1), 0.0, 5) == NEVER
    assert session_minute(profile, state(), np.uint64(1), np.float32(0.0), 0) == NEVER


def test_a_session_beyond_the_last_minute_never_comes():
    profile = profile_table(FLAT, 12.0)
    assert next_session(profile, state(), np.uint64(1), 1e-12, 5) == NEVER
    assert next_session(profile, state(), np.uint64(1), 1e-300, 5) == NEVER
    assert next_session(profile, state(), np.uint64(1), 2.0, LAST_MINUTE) == NEVER
    assert next_session(profile, state(), np.uint64(1), 200.0, LAST_MINUTE - 10_000) < LAST_MINUTE


def test_a_rate_of_many_sessions_a_minute_gives_every_minute():
    profile = profile_table(FLAT, 12.0)
    assert [next_session(profile, state(), np.uint64(1), 10_000.0, t) for t in range(100)] == list(range(1, 101))


def test_sessions_and_looks_differ_and_so_do_seeds_replicates_and_keys():
    profile = profile_table(FLAT, 12.0)
    states = [state(), state(stream=Stream.LOOK), state(seed=2), state(replicate=1)]
    rows = [[next_session(profile, s, np.uint64(key), 1.0, -1) for key in range(20)] for s in states]
    assert len({tuple(row) for row in rows}) == 4
    assert len(set(rows[0])) > 10


def test_one_parameter_of_the_day_alone_decides_with_the_key():
    profile = profile_table(FLAT, 12.0)
    alone = next_session(profile, state(), np.uint64(7), 1.5, 100)
    for other in range(50):
        next_session(profile, state(), np.uint64(other), 1.5, 100)
    assert next_session(profile, state(), np.uint64(7), 1.5, 100) == alone


def test_a_rate_stored_in_single_precision_counts_as_its_exact_value():
    profile = profile_table(FLAT, 3.3)
    rate = np.float32(1.7)
    for t in range(-1, 5000, 97):
        assert next_session(profile, state(), np.uint64(3), rate, t) == next_session(
            profile, state(), np.uint64(3), float(rate), t
        )


@pytest.mark.parametrize("weights", [(1.0,) * 23, (0.0,) * 24, (-1.0,) + (1.0,) * 23, (float("nan"),) * 24])
def test_a_profile_that_is_none_is_refused(weights):
    with pytest.raises(ConfigError, match="people.circadian must hold 24 weights"):
        profile_table(weights, 12.0)


@pytest.mark.parametrize("hour", [-0.1, 24.0, float("nan")])
def test_an_hour_outside_the_day_is_refused(hour):
    with pytest.raises(ConfigError, match="post.hour must lie in"):
        profile_table(FLAT, hour)


def test_the_inverse_profile_is_linear_within_the_hour_it_lies_in():
    weights = np.array([0.5, 0.0, 0.0, 0.1, 2.0, 1.0] * 4)
    share = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
    profile = profile_table(tuple(weights), 7.75)
    for key in range(300):
        h = np.searchsorted(share, place(key, 0)) - 1
        inside = (place(key, 0) - share[h]) / (share[h + 1] - share[h])
        assert session_minute(profile, state(), np.uint64(key), 1.0, 0) == int(np.floor((h + inside) * 60.0 - 465.0))
