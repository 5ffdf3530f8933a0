"""Run records made by hand, for tests of outcomes: no engine, every number visible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.record import TIMELINE, Follows, Kind, Messages, RunRecord, Sights

Line = tuple[int, int, int, Kind, int]
"""Minute, author, frame, kind, parent."""


def messages_of(lines: Sequence[Line]) -> Messages:
    """Return messages with roots and shares filled in, by following parents."""
    root: list[int] = []
    shares = [0] * len(lines)
    for i, (_, _, _, kind, parent) in enumerate(lines):
        root.append(root[parent] if kind in (Kind.SHARE, Kind.BOOST) else i)
        if root[i] != i:
            shares[root[i]] += 1
    columns = list(zip(*lines, strict=True)) if lines else [[], [], [], [], []]
    types = (np.int32, np.int32, np.int8, np.int8, np.int32)
    minute, author, frame, kinds, parents = (
        np.array([int(v) for v in column], t) for column, t in zip(columns, types, strict=True)
    )
    return Messages(minute, author, frame, kinds, parents, np.array(root, np.int32), np.array(shares, np.int32))


def record_of(
    lines: Sequence[Line],
    *,
    n: int = 100,
    minutes: int = 240,
    sights: Sequence[tuple[int, int, int, int, int]] = (),
    follows: Sequence[tuple[int, int, bool]] = (),
    trend_rate: float | None = None,
    keys: Sequence[int] | None = None,
) -> RunRecord:
    """Return a record whose timeline agrees with its messages, sights and follows.

    Parameters
    ----------
    lines : (minute, author, frame, kind, parent)
        In canonical order.
    sights : (minute, follower, message, frame, impressions)
        In canonical order.
    follows : (minute, follower, gained)
    trend_rate : float, optional
        Participants' messages in 60 minutes from which the tag trends; never, if left out.
    """
    messages = messages_of(lines)
    timeline = {name: np.zeros(minutes, np.int32) for name in TIMELINE}
    frames = ("campaign", "counter")
    for minute, _, frame, kind, _ in lines:
        if kind <= Kind.SHARE:
            timeline[("originals_" if kind == Kind.ORIGINAL else "shares_") + frames[frame]][minute] += 1
        else:
            timeline["stories" if kind == Kind.STORY else "agency_messages"][minute] += 1
    firsts = []
    met: set[int] = set()
    for minute, follower, _, frame, impressions in sights:
        timeline["impressions_" + frames[frame]][minute] += impressions
        firsts.append(follower not in met)
        timeline["reached"][minute] += follower not in met
        met.add(follower)
    for minute, _, gained in follows:
        timeline["followed" if gained else "unfollowed"][minute] += 1
    trending = False
    for t in range(minutes):
        last_hour = sum(1 for line in lines if line[3] <= Kind.SHARE and t - 60 <= line[0] <= t - 1)
        if trend_rate is not None:
            trending = last_hour >= (0.5 * trend_rate if trending else trend_rate)
        timeline["trending"][t] = trending
    seen = np.array(sights, np.int32).reshape(-1, 5)
    changes = np.array([(m, f) for m, f, _ in follows], np.int32).reshape(-1, 2)
    return RunRecord(
        n=n,
        minutes=minutes,
        messages=messages,
        follows=Follows(changes[:, 0].copy(), changes[:, 1].copy(), np.array([g for _, _, g in follows], bool)),
        sights=Sights(
            minute=seen[:, 0].copy(),
            follower=seen[:, 1].copy(),
            message=seen[:, 2].copy(),
            frame=seen[:, 3].astype(np.int8),
            impressions=seen[:, 4].copy(),
            first=np.array(firsts, bool),
        ),
        timeline=timeline,
        keys=np.arange(n, dtype=np.uint64) if keys is None else np.array(keys, np.uint64),
        fired=np.zeros(0, np.int32),
        replies=int(np.count_nonzero(messages.kind == Kind.REPLY)),
        boosts=int(np.count_nonzero(messages.kind == Kind.BOOST)),
        statements=0,
    )
