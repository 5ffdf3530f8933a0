"""The configuration as the vectors that compiled code reads."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.config.root import Configuration
from sim.feed.trending import trend_rate
from sim.rng import SETUP, Stream, fold, stream_state, uniform

_LUCK = (Stream.SESSION, Stream.LOOK, Stream.SEEN, Stream.PICK, Stream.REACTION, Stream.LISTED,
         Stream.NEWS_PICKUP, Stream.NEWS_LAG, Stream.DETECT, Stream.ENGAGE, Stream.NOTIFY, Stream.AMPLIFY)  # fmt: skip


def number_vector(config: Configuration, n: int, skill: float) -> np.ndarray:
    """Return the float parameters in the order of ``sim.engine.layout``: float64[17].

    Parameters
    ----------
    n : int
        Rows of the audience.
    skill : float in [0, 1]
        Mean skill of the accounts.
    """
    feed, news, agency = config.feed, config.newsroom, config.agency
    needed = trend_rate(float(feed.trending.threshold), float(feed.trending.min_messages), n)
    return np.array(
        [
            agency.detection_error, agency.notify_minutes, agency.replies_an_hour,
            feed.rank_strength * feed.lift_shares, feed.rank_strength * feed.lift_arousal,
            feed.trending.list_half_life_minutes, feed.trending.looks_a_day,
            needed, news.wire_minutes, news.pick_up, news.lag_median_minutes, news.lag_sigma, news.reach,
            news.salience_lift, agency.local_trust, skill, feed.trending.novelty_hours,
        ],
        dtype=np.float64,
    )  # fmt: skip


def size_vector(config: Configuration) -> np.ndarray:
    """Return the integer parameters in the order of ``sim.engine.layout``: int64[8]."""
    clock = int(np.floor(60.0 * config.post.hour))
    trending = config.feed.trending
    return np.array(
        [
            config.minutes, config.agency.monitoring_delay_minutes, trending.list_size, config.newsroom.newsrooms,
            clock, int(trending.on), int(config.feed.ranking == "engagement"), int(config.agency.voices == "local"),
        ],
        dtype=np.int64,
    )  # fmt: skip


def stream_vector(seed: int, replicate: int) -> np.ndarray:
    """Return the states of the engine's streams, in the order of ``sim.engine.layout``: uint64[13]."""
    states = [stream_state(seed, replicate, int(stream)) for stream in _LUCK]
    states.append(stream_state(seed, SETUP, int(Stream.NEWS_READER)))
    return np.array(states, dtype=np.uint64)


@kernel
def _paid_minutes(state, keys, reach, width, minutes):
    """Return the minute of each row's paid impression, int32[n]; -1 for none within the run."""
    out = np.full(keys.shape[0], -1, dtype=np.int32)
    for row in range(keys.shape[0]):
        own = fold(state, keys[row])
        if uniform(own) < reach:
            minute = int(uniform(fold(own, np.uint64(1))) * width)
            if minute < minutes:
                out[row] = minute
    return out


def paid_rows(config: Configuration, keys: np.ndarray, replicate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows with a paid impression, by minute: int64[minutes + 1] starts and int32[k] rows."""
    empty = np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32)
    if config.post.paid_reach <= 0.0 or keys.size == 0:
        return empty
    state = np.uint64(stream_state(config.seed, replicate, int(Stream.PAID)))
    minute = _paid_minutes(state, keys, float(config.post.paid_reach), 60.0 * config.post.paid_hours, config.minutes)
    rows = np.flatnonzero(minute >= 0).astype(np.int32)
    order = np.argsort(minute[rows], kind="stable")
    start = np.zeros(config.minutes + 1, dtype=np.int64)
    np.cumsum(np.bincount(minute[rows], minlength=config.minutes), out=start[1:])
    return start, rows[order]
