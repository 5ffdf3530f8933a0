"""Outcomes that documented campaigns and measured patterns are held against: counts so far, delays, acts, trees.

Written as a user's own outcomes are (``docs/extending.md``); named in the configuration as
``extensions=[backfire:patterns.py] outcomes=[campaign_by_60,acts_once]``. What cannot be told of a run is None.

Delays and trees are those of cascades with at least 50 messages, as the trees are that the patterns were measured on
(Twitter15/16: Ma, Gao & Wong 2017). Participation: De Domenico et al. 2013, doi:10.1038/srep02980. Structural
virality: Goel et al. 2016, doi:10.1287/mnsc.2015.2158.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from sim.engine.record import FRAMES, Kind
from sim.extend import outcome
from sim.outcome.cascade import cascade_trees

MINUTES = (15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 600, 720, 960, 1290, 1440, 2040, 2880, 4320)
"""Minutes after the post at which messages so far are counted; 600, 1290 and 2040 are those of #myNYPD's counts."""
LARGE = 50
"""Messages of a cascade from which its shape and delays are told."""
WITHIN = {"5min": 5, "1h": 60, "6h": 360, "24h": 1440}


@lru_cache(maxsize=4)
def _counts(record: Any) -> dict[str, Any]:
    """Return participants' messages so far, by frame, at the start of every minute."""
    lines = record.timeline
    return {
        frame: np.concatenate([[0], np.cumsum(lines[f"originals_{frame}"] + lines[f"shares_{frame}"], dtype=np.int64)])
        for frame in FRAMES
    }


@lru_cache(maxsize=4)
def _joined(record: Any) -> Any:
    """Return the minutes in which participants put out their first message, sorted."""
    messages = record.messages
    mine = np.flatnonzero(messages.by_people)
    _, first = np.unique(messages.author[mine], return_index=True)
    return np.sort(messages.minute[mine[first]])


@lru_cache(maxsize=4)
def _large(record: Any) -> dict[str, Any]:
    """Return delays (minutes, sorted) within large cascades, and depth, virality and share on the root of each."""
    messages = record.messages
    trees = cascade_trees(messages)
    roots = np.flatnonzero(trees.size >= LARGE)
    size = trees.size[roots].astype(np.float64)
    passed = (messages.kind == Kind.SHARE) & (trees.size[messages.root] >= LARGE)
    return {
        "delay": np.sort(messages.minute[passed] - messages.minute[messages.root[passed]]),
        "depth": trees.deepest[roots],
        "virality": 2.0 * trees.path_sum[roots] / (size * (size - 1.0)),
        "on_root": trees.on_root[roots] / (size - 1.0),
    }


@lru_cache(maxsize=4)
def _direct(record: Any) -> tuple[Any, Any]:
    """Return delays (minutes) and frames of what participants put out in direct response to the sender's posts."""
    messages = record.messages
    mine = messages.by_people & (messages.parent >= 0)
    parent = np.where(mine, messages.parent, 0)
    mine &= messages.kind[parent] == Kind.POST if parent.size else mine
    return messages.minute[mine] - messages.minute[parent[mine]], messages.frame[mine]


def _median(values: Any) -> float | None:
    return float(np.median(values)) if values.size else None


def _share(part: float, whole: float) -> float | None:
    return float(part) / float(whole) if whole else None


def _named(name: str, unit: str, told: str, function: Callable[[Any], float | None]) -> None:
    """Make a function of a run an outcome of this file."""

    def measured(record: Any) -> float | None:
        return function(record)

    measured.__name__ = measured.__qualname__ = name
    measured.__doc__ = told
    globals()[name] = outcome(unit=unit)(measured)


def _so_far(frame: str, minute: int) -> Callable[[Any], float | None]:
    return lambda record: int(_counts(record)[frame][minute]) if minute <= record.minutes else None


def _joined_by(minute: int) -> Callable[[Any], float | None]:
    return lambda record: np.searchsorted(_joined(record), minute) if minute <= record.minutes else None


def _delays_within(minutes: int) -> Callable[[Any], float | None]:
    return lambda record: _share(np.searchsorted(_large(record)["delay"], minutes), _large(record)["delay"].size)


def _direct_within(minutes: int) -> Callable[[Any], float | None]:
    return lambda record: _share(np.count_nonzero(_direct(record)[0] < minutes), _direct(record)[0].size)


for _frame in FRAMES:
    for _minute in MINUTES:
        _named(f"{_frame}_by_{_minute}", "messages", f"{_frame} messages before minute {_minute}.",
               _so_far(_frame, _minute))  # fmt: skip
for _minute in MINUTES:
    _named(f"participants_by_{_minute}", "followers", f"Participants before minute {_minute}.", _joined_by(_minute))
for _name, _minutes in WITHIN.items():
    _named(f"shared_within_{_name}", "1", f"Shares within {_name} of their root, of those in large cascades.",
           _delays_within(_minutes))  # fmt: skip
    _named(f"answered_within_{_name}", "1", f"Direct responses to a post within {_name} of it, of all direct ones.",
           _direct_within(_minutes))  # fmt: skip


@outcome(unit="minutes")
def share_delay_median(record):
    """Tell the median time from a root to its shares, in large cascades."""
    return _median(_large(record)["delay"])


@outcome(unit="minutes")
def answer_delay_median(record):
    """Tell the median time from a post of the sender to the direct responses to it."""
    return _median(_direct(record)[0])


@outcome(unit="messages")
def direct_responses(record):
    """Count what participants put out in direct response to the sender's posts."""
    return _direct(record)[0].size


@outcome(unit="1")
def direct_counter_share(record):
    """Tell the counter share of direct responses: the first response, as it came."""
    return _share(np.count_nonzero(_direct(record)[1]), _direct(record)[1].size)


@outcome(unit="1")
def acts_once(record):
    """Tell the share of participants who put out one message."""
    acts = np.bincount(record.messages.author[record.messages.by_people])
    return _share(np.count_nonzero(acts == 1), np.count_nonzero(acts))


@outcome(unit="1")
def shared_once(record):
    """Tell the share, of participants whose originals are passed on at all, of those who are so once."""
    messages = record.messages
    mine = (messages.kind == Kind.ORIGINAL) & (messages.shares > 0)
    authors, place = np.unique(messages.author[mine], return_inverse=True)
    received = np.bincount(place, weights=messages.shares[mine])
    return _share(np.count_nonzero(received == 1), authors.size)


@outcome(unit="impressions")
def impressions(record):
    """Count impressions of all messages."""
    return sum(int(record.timeline[f"impressions_{frame}"].sum(dtype=np.int64)) for frame in FRAMES)


@outcome(unit="1")
def shares_per_impression(record, measures):
    """Tell participants' shares an impression."""
    return _share((measures["retweet_share"] or 0.0) * measures["messages"], impressions(record))


@outcome(unit="cascades")
def large_cascades(record):
    """Count cascades with at least 50 messages."""
    return _large(record)["depth"].size


@outcome(unit="steps")
def tree_depth(record):
    """Tell the median depth of large cascades."""
    return _median(_large(record)["depth"])


@outcome(unit="steps")
def tree_virality(record):
    """Tell the median structural virality of large cascades."""
    return _median(_large(record)["virality"])


@outcome(unit="1")
def tree_on_root(record):
    """Tell the share of messages that hang on the root, in the median large cascade."""
    return _median(_large(record)["on_root"])
