"""The model's sums in whole numbers and the standard library, for tests that work a campaign out by hand."""

from __future__ import annotations

import math
from itertools import count

from sim.rng import ACCOUNT_KEYS, NEWSROOM_KEYS, SETUP, Stream
from tests.reference.small import SEED

_MASK = 2**64 - 1
OFTEN = math.exp(10)
A0, A1, A2 = ACCOUNT_KEYS, ACCOUNT_KEYS + 1, ACCOUNT_KEYS + 2
NEWSROOM = NEWSROOM_KEYS


def fold(state: int, key: int) -> int:
    """Fold a key into a state: SplitMix64, in whole numbers modulo 2**64."""
    z = (state + (key + 1) * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def u(stream: Stream, *keys: int, replicate: int = 0) -> float:
    """Return the draw of a stream for some keys."""
    state = fold(fold(fold(0, SEED), replicate & _MASK), int(stream))
    for key in keys:
        state = fold(state, key)
    return (state >> 11) / 2**53


def u_setup(stream: Stream, key: int, about: int = 0) -> float:
    """Return the draw that the seed alone fixes; a second key is always folded in."""
    return u(stream, key, about, replicate=SETUP)


def mkey(author: int, minute: int, nth: int = 0) -> int:
    """Return a message's key."""
    key = fold(fold(0, author), minute)
    return fold(key, nth) if nth else key


def sessions(key: int, rate: float = 12.0, stream: Stream = Stream.SESSION, horizon: int = 2880) -> list[int]:
    """Return the minutes of all sessions (or looks) of a run from midnight, in days without hours."""
    minutes = []
    k = 0
    while True:
        minute = math.floor(1440 * (k + u(stream, key, k)) / rate)
        if minute >= horizon + 1440:
            return minutes
        minutes.append(minute)
        k += 1


def after(minutes: list[int], minute: int) -> int:
    """Return the first of some ascending minutes after a minute."""
    return next(m for m in minutes if m > minute)


def is_seen(message: int, key: int, wait: int, attention: float = 1.0, half_life: float = 100_000.0) -> bool:
    """Tell whether a message will be seen ``wait`` minutes after it lands (no crowding, no ranking)."""
    return u(Stream.SEEN, message, key) < attention * math.exp(-math.log(2) * wait / half_life)


def does(key: int, minute: int, **weights: float) -> str:
    """Return what a row does: weights in the order of the model, ignoring weighs 1."""
    level = u(Stream.REACTION, key, minute) * (1 + sum(weights.values()))
    for name, weight in {"ignore": 1.0, **weights}.items():
        if level < weight:
            return name
        level -= weight
    return "ignore"


def told(record):
    """Return the messages of a run as tuples: minute, author, kind, frame, parent, root, shares."""
    m = record.messages
    columns = (m.minute, m.author, m.kind, m.frame, m.parent, m.root, m.shares)
    return [tuple(int(value) for value in line) for line in zip(*columns, strict=True)]


def sights(record):
    """Return the sights of a run as tuples: minute, row, message, frame, impressions, first."""
    s = record.sights
    columns = (s.minute, s.follower, s.message, s.frame, s.impressions, s.first)
    return [tuple(int(value) for value in line) for line in zip(*columns, strict=True)]


def objects(key, minute):
    """Tell whether a row writes a counter message where both frames are as likely."""
    return does(key, minute, write_campaign=OFTEN, write_counter=OFTEN) == "write_counter"


def critics(n, minute_of):
    """Return the first n keys whose rows write a counter message in the minute that is theirs."""
    found = (key for key in count() if objects(key, minute_of(key)))
    return [next(found) for _ in range(n)]


def first_session(key):
    return after(sessions(key), 0)


CALL = mkey(A0, 0)
