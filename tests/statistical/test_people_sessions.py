"""How often and when people look, against the rate and the profile they are meant to have."""

import numpy as np
import pytest

from sim.config.people import PeopleConfig
from sim.people.sessions import next_session, profile_table, session_minute
from sim.rng import Stream, stream_state

pytestmark = pytest.mark.statistical
CIRCADIAN = PeopleConfig().circadian
STREAM = np.uint64(stream_state(11, 0, int(Stream.SESSION)))


def walk(profile, key, rate, upto):
    minutes, t = [], -1
    while True:
        t = int(next_session(profile, STREAM, np.uint64(key), rate, t))
        if t >= upto:
            return minutes
        minutes.append(t)


@pytest.mark.parametrize("rate", [0.05, 0.7, 3.0, 20.0])
def test_sessions_a_day_come_at_the_rate(rate):
    days = max(2, int(4 / rate))
    profile = profile_table(CIRCADIAN, 0.0)
    counts = [len(walk(profile, key, rate, days * 1440)) for key in range(300)]
    # From midnight to midnight a row has rate * days sessions, give or take the one that straddles the end, and
    # those that share a minute count once: at most rate * max(circadian) / 1440 of them.
    assert np.all(np.abs(np.array(counts) - rate * days) <= 1 + 0.05 * rate * days)
    assert np.mean(counts) == pytest.approx(rate * days, abs=4 * 0.5 / np.sqrt(300) + 0.02 * rate * days)


def test_sessions_by_hour_follow_the_profile():
    # One session a day each, at a uniform place: hours are independent multinomial draws.
    profile = profile_table(CIRCADIAN, 6.5)
    minutes = np.array([int(session_minute(profile, STREAM, np.uint64(key), 1.0, 3)) for key in range(40_000)])
    hour = ((minutes + 390) // 60) % 24
    seen = np.bincount(hour, minlength=24)
    expected = np.array(CIRCADIAN) / sum(CIRCADIAN) * 40_000
    chi_square = np.sum((seen - expected) ** 2 / expected)
    assert chi_square < 57.07  # quantile 1 - 1e-4 with 23 degrees of freedom


def test_waiting_times_of_one_row_are_as_a_jittered_grid_has_them():
    # Flat profile: gaps are (1 + u' - u) / rate, so their mean is a day / rate and their variance 1/6 of its square.
    profile = profile_table((1.0,) * 24, 0.0)
    gaps = np.diff(walk(profile, 3, 1.0, 4000 * 1440))
    assert gaps.mean() == pytest.approx(1440, rel=0.001)
    assert gaps.std() == pytest.approx(1440 / np.sqrt(6), rel=0.05)
