"""Who speaks for the sender: accounts, their audiences, skill and schedule (``docs/model.md`` 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.config.root import Configuration
from sim.people.population import Population
from sim.rng import ACCOUNT_KEYS, Stream, setup_uniform


@dataclass(frozen=True)
class Accounts:
    """The sender's accounts.

    Attributes
    ----------
    local : bool[accounts]
        Whether it is a local account (account 0 is central unless all are local).
    audience_start : int64[accounts + 1]
    audience : int32[...]
        Rows that follow account a at the start: ``audience[audience_start[a]:audience_start[a + 1]]``.
    skill : float64[accounts], in [0, 1]
    schedule_minute, schedule_account : int32[posts]
        Call posts, by minute, then by account.
    follows_central, follows_local : bool[n]
    """

    local: np.ndarray
    audience_start: np.ndarray
    audience: np.ndarray
    skill: np.ndarray
    schedule_minute: np.ndarray
    schedule_account: np.ndarray
    follows_central: np.ndarray
    follows_local: np.ndarray

    @property
    def count(self) -> int:
        """Number of accounts."""
        return int(self.local.shape[0])


def create_accounts(config: Configuration, population: Population) -> Accounts:
    """Return the sender's accounts for an audience."""
    agency = config.agency
    has_central = agency.voices != "local"
    locals_ = agency.local_accounts if agency.voices != "central" else 0
    local = np.array([False] * has_central + [True] * locals_)
    follows = population.follows_sender
    rows = np.flatnonzero(follows).astype(np.int32)
    parts = [rows] if has_central else []
    starts = [0, rows.size] if has_central else [0]
    if locals_:
        place = population.locality[rows] % locals_
        order = np.argsort(place, kind="stable")
        parts.append(rows[order])
        ends = starts[-1] + np.cumsum(np.bincount(place, minlength=locals_))
        starts.extend(int(end) for end in ends)
    minutes, accounts = _schedule(config, local.size)
    keys = np.arange(local.size, dtype=np.uint64) + np.uint64(ACCOUNT_KEYS)
    spread = agency.skill_spread * (2.0 * setup_uniform(config.seed, Stream.DETECT, keys) - 1.0)
    nobody = np.zeros_like(follows)
    return Accounts(
        local=local,
        audience_start=np.array(starts, dtype=np.int64),
        audience=np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32),
        skill=np.clip(agency.skill + spread, 0.0, 1.0),
        schedule_minute=minutes,
        schedule_account=accounts,
        follows_central=follows if has_central else nobody,
        follows_local=follows if locals_ else nobody,
    )


def _schedule(config: Configuration, accounts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return minutes and accounts (int32) of the call posts, without repeats, in order."""
    keys = np.arange(accounts, dtype=np.uint64) + np.uint64(ACCOUNT_KEYS)
    width = 60.0 * config.post.spread_hours
    posts = set()
    for repeat in range(config.post.repeats):
        draws = setup_uniform(config.seed, Stream.AMPLIFY, keys, about=repeat)
        for account in range(accounts):
            first = account == 0 and repeat == 0
            minute = 0 if first else int(draws[account] * width)
            if minute < config.minutes:
                posts.add((minute, account))
    ordered = sorted(posts)
    return (np.array([p[0] for p in ordered], dtype=np.int32), np.array([p[1] for p in ordered], dtype=np.int32))
