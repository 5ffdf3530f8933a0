"""What one run leaves behind: its messages, its minutes, its marks; everything else is derived.

Authors are coded in one column: rows as they are, account a as ``-1 - a``, newsroom k as
``NEWSROOM_AUTHOR - k``. Messages are in the canonical order of ``docs/model.md`` 6.5. Nobody changes a record; it is
not frozen, since that would be most of what a run costs that dies after ten messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

NEWSROOM_AUTHOR = -1_000_001
LOG_SCHEMA = 1
FRAMES = ("campaign", "counter")


class Kind(IntEnum):
    """Kinds of messages; participants' are ORIGINAL and SHARE."""

    ORIGINAL = 0
    SHARE = 1
    POST = 2
    STATEMENT = 3
    ACKNOWLEDGEMENT = 4
    REPLY = 5
    BOOST = 6
    STORY = 7


TIMELINE = (
    "originals_campaign",
    "originals_counter",
    "shares_campaign",
    "shares_counter",
    "impressions_campaign",
    "impressions_counter",
    "reached",
    "followed",
    "unfollowed",
    "agency_messages",
    "stories",
    "trending",
    "observed_campaign",
    "observed_counter",
)
"""Columns of a run's timeline: int32, one value a minute; ``trending`` is 0 or 1; ``reached`` counts
rows with their first impression; ``observed_*`` are the agency's (mis)readings, by minute of the message."""


@dataclass(slots=True, eq=False)
class Messages:
    """The messages of a run, one element each, in canonical order.

    Attributes
    ----------
    minute : int32[k]
    author : int32[k]
        Row, or account ``-1 - a``, or newsroom ``NEWSROOM_AUTHOR - b``.
    frame : int8[k]
        0 campaign, 1 counter.
    kind : int8[k]
        A number of :class:`Kind`.
    parent : int32[k]
        Message that it passes on or that provoked it; -1 if none. Always smaller than its own number.
    root : int32[k]
        Message at the head of its cascade (itself, unless a share or boost).
    shares : int32[k]
        Shares and boosts of the cascade, at its root; 0 elsewhere.
    """

    minute: np.ndarray
    author: np.ndarray
    frame: np.ndarray
    kind: np.ndarray
    parent: np.ndarray
    root: np.ndarray
    shares: np.ndarray

    @property
    def by_people(self) -> np.ndarray:
        """bool[k]: participants' messages (originals and shares by rows)."""
        return self.kind <= Kind.SHARE


@dataclass(slots=True, eq=False)
class Sights:
    """What was seen (``record=log`` only): one element per waking and frame, in canonical order.

    Attributes
    ----------
    minute, follower, message : int32[k]
        ``message`` is the frame's candidate (the one that would be passed on).
    frame : int8[k]
    impressions : int32[k]
    first : bool[k]
        Whether it held the row's first impression of all.
    """

    minute: np.ndarray
    follower: np.ndarray
    message: np.ndarray
    frame: np.ndarray
    impressions: np.ndarray
    first: np.ndarray


@dataclass(slots=True, eq=False)
class Follows:
    """Changes of following (always kept): one element each, in canonical order.

    Attributes
    ----------
    minute, follower : int32[k]
    gained : bool[k]
        True for a new follower of the sender, False for one lost.
    """

    minute: np.ndarray
    follower: np.ndarray
    gained: np.ndarray


@dataclass(slots=True, eq=False)
class RunRecord:
    """One run.

    Attributes
    ----------
    n : int
        Rows of the audience before anybody was added or dropped: what thresholds are relative to.
    minutes : int
        Minutes simulated.
    messages : Messages
    follows : Follows
    sights : Sights or None
        Only with ``record=log``.
    timeline : dict of str to int32[minutes]
        Columns of ``TIMELINE``.
    keys : uint64[n]
        Keys of the rows (for tie-breaking by author).
    fired : int32[rules]
        Minute in which each rule of the policy fired; -1 if never.
    replies, boosts, statements : int
        What the agency put out (for costs); ``statements`` are statements, acknowledgements and extra posts.
    replicate : int
        Which luck.
    seen : uint16[n, 2] or None
        Impressions of each row by frame, saturated; only where asked for.
    """

    n: int
    minutes: int
    messages: Messages
    follows: Follows
    sights: Sights | None
    timeline: dict[str, np.ndarray]
    keys: np.ndarray
    fired: np.ndarray
    replies: int
    boosts: int
    statements: int
    replicate: int = 0
    seen: np.ndarray | None = None
