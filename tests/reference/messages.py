"""What is put out on the tag (docs/model.md 5, Messages)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.record import NEWSROOM_AUTHOR, Kind
from sim.rng import ACCOUNT_KEYS, NEWSROOM_KEYS
from tests.reference.draws import folded

CAMPAIGN, COUNTER = 0, 1
BY_PEOPLE = (Kind.ORIGINAL, Kind.SHARE)


@dataclass(eq=False)
class Message:
    """One message. ``author`` is a row, ``account_code(a)`` or ``newsroom_code(k)``; a root of None is itself."""

    minute: int
    author: int
    author_key: np.uint64
    frame: int
    kind: Kind
    key: np.uint64
    parent: Message | None = None
    head: Message | None = None
    is_call: bool = False
    shares: int = 0  # counted at roots alone
    number: int = -1  # running number, given when it is put out (6.5)
    wake: int | None = None  # replies: when the notified person looks

    @property
    def root(self) -> Message:
        return self if self.head is None else self.head

    @property
    def call_rooted(self) -> bool:
        return self.root.is_call

    @property
    def by_people(self) -> bool:
        return self.kind in BY_PEOPLE

    @property
    def by_agency(self) -> bool:
        return NEWSROOM_AUTHOR < self.author < 0

    @property
    def by_newsroom(self) -> bool:
        return self.author <= NEWSROOM_AUTHOR


def account_code(account: int) -> int:
    return -1 - account


def newsroom_code(newsroom: int) -> int:
    return NEWSROOM_AUTHOR - newsroom


def account_key(account: int) -> np.uint64:
    return np.uint64(ACCOUNT_KEYS + account)


def newsroom_key(newsroom: int) -> np.uint64:
    return np.uint64(NEWSROOM_KEYS + newsroom)


def message_key(author_key: np.uint64, minute: int, nth: int = 0) -> np.uint64:
    """Return the hashed key of an author's nth message of a minute; the first folds in no number."""
    key = folded(np.uint64(0), author_key, minute)
    return key if nth == 0 else folded(key, nth)
