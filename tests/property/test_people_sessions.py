"""The minutes of sessions are one fixed set, and the next one is found in it from anywhere."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.people.sessions import next_session, profile_table, session_minute
from sim.rng import Stream, stream_state

weights = st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 10.0), st.just(1.0)), min_size=24, max_size=24).filter(
    lambda w: sum(w) > 0
)
hours = st.one_of(st.integers(0, 23).map(float), st.floats(0.0, 23.999))
rates = st.floats(0.02, 200.0)


def brute_force(profile, stream, key, rate, upto):
    """All session minutes up to the first one after ``upto``, by number."""
    minutes = []
    k = 0
    while True:
        minutes.append(session_minute(profile, stream, key, rate, k))
        if minutes[-1] > upto:
            return minutes
        k += 1


@settings(max_examples=150, deadline=None)
@given(
    weights=weights, hour=hours, rate=rates, key=st.integers(0, 2**62 - 1), seed=st.integers(0, 2**63 - 1),
    weeks=st.integers(1, 3), probes=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60),
)  # fmt: skip
@example(weights=[0.0] * 23 + [1.0], hour=0.0, rate=200.0, key=0, seed=0, weeks=1, probes=[0.0, 0.5])
@example(weights=[1.0] + [0.0] * 23, hour=23.999, rate=1.0, key=5, seed=3, weeks=2, probes=[0.0, 0.5])
def test_next_session_is_the_smallest_later_session_minute(weights, hour, rate, key, seed, weeks, probes):
    profile = profile_table(weights, hour)
    stream, key = np.uint64(stream_state(seed, 0, int(Stream.SESSION))), np.uint64(key)
    horizon = weeks * 7 * 1440
    minutes = np.array(brute_force(profile, stream, key, rate, horizon))
    assert np.all(np.diff(minutes) >= 0)
    # random places, and each side of the sessions themselves, where an error would show
    near = minutes[minutes < horizon][:: max(1, len(minutes) // 40)]
    for t in {int(p * horizon) - 1 for p in probes} | set(near) | set(near - 1) | set(near + 1):
        later = minutes[minutes > t]
        assert next_session(profile, stream, key, rate, t) == later[0]


@settings(max_examples=60, deadline=None)
@given(weights=weights, hour=hours, rate=rates, key=st.integers(0, 2**62 - 1))
def test_walking_from_session_to_session_visits_every_session_minute(weights, hour, rate, key):
    profile = profile_table(weights, hour)
    stream, key = np.uint64(stream_state(4, 2, int(Stream.LOOK))), np.uint64(key)
    walked, t = [], -1
    while t < 3 * 1440:
        t = next_session(profile, stream, key, rate, t)
        walked.append(t)
    known = {m for m in brute_force(profile, stream, key, rate, 3 * 1440) if 0 <= m <= walked[-1]}
    assert walked == sorted(known)


@settings(max_examples=60, deadline=None)
@given(weights=weights, hour=hours, key=st.integers(0, 1000), days=st.integers(1, 20))
def test_each_unit_of_operational_time_holds_one_session(weights, hour, key, days):
    profile = profile_table(weights, hour)
    stream = np.uint64(stream_state(9, 0, int(Stream.SESSION)))
    midnight = -60.0 * hour
    for day in range(days):
        minute = session_minute(profile, stream, np.uint64(key), 1.0, day)
        assert np.floor(midnight + day * 1440) <= minute <= midnight + (day + 1) * 1440
