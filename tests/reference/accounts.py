"""Who speaks for the sender, when, and who follows which account (docs/model.md 3)."""

from __future__ import annotations

import math

from sim.config.agency import AgencyConfig
from sim.config.post import PostConfig
from sim.reaction.choice import held
from sim.rng import Stream
from tests.reference.draws import Draws
from tests.reference.messages import account_key


def how_many(agency: AgencyConfig) -> int:
    return {"central": 1, "local": agency.local_accounts, "both": 1 + agency.local_accounts}[agency.voices]


def mean_skill(agency: AgencyConfig, draws: Draws) -> float:
    """Return the mean over accounts of ``clip(skill + skill_spread * (2 u - 1), 0, 1)``."""
    accounts = how_many(agency)
    total = 0.0
    for a in range(accounts):
        total += held(agency.skill + agency.skill_spread * (2.0 * draws.setup(Stream.DETECT, account_key(a)) - 1.0))
    return total / accounts


def schedule(agency: AgencyConfig, post: PostConfig, draws: Draws) -> dict[int, list[int]]:
    """Return which accounts put out a call post in which minute; several of one account in a minute are one."""
    posting: dict[int, set[int]] = {}
    for a in range(how_many(agency)):
        for j in range(post.repeats):
            minute = 0
            if not a == j == 0:
                minute = math.floor(draws.setup(Stream.AMPLIFY, account_key(a), j) * 60 * post.spread_hours)
            posting.setdefault(minute, set()).add(a)
    return {minute: sorted(accounts) for minute, accounts in posting.items()}


class Following:
    """Which accounts each row follows now; it changes by unfollowing and following (6.4)."""

    def __init__(self, agency: AgencyConfig, follows_sender: list[bool], locality: list[int]) -> None:
        self.voices = agency.voices
        self.locality = locality
        self.accounts: list[set[int]] = [
            self._all_of(row) if follows else set() for row, follows in enumerate(follows_sender)
        ]

    def _local_account(self, row: int) -> int | None:
        first_local = {"central": None, "local": 0, "both": 1}[self.voices]
        return None if first_local is None else first_local + self.locality[row]

    def _all_of(self, row: int) -> set[int]:
        central = set() if self.voices == "local" else {0}
        local = self._local_account(row)
        return central if local is None else central | {local}

    def follows_sender(self, row: int) -> bool:
        return bool(self.accounts[row])

    def follows_local(self, row: int) -> bool:
        return self._local_account(row) in self.accounts[row]

    def unfollow(self, row: int) -> None:
        self.accounts[row] = set()

    def follow(self, row: int) -> None:
        """Follow the central account, with local voices alone the local one."""
        local = self._local_account(row)
        self.accounts[row] = {local} if self.voices == "local" and local is not None else {0}
