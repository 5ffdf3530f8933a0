"""What an answer costs the sender, in working hours: what a run's moves, replies and boosts took, and listening.

Counted is what was done, not what was planned: a rule that never fired costs nothing. Prices stand in
``agency.costs`` (assumed). A statement is cleared once for each account that puts it out; a withdrawal is one
decision, its explanations included, and at minute 0 there is nothing to take back. The call itself is not counted:
it is the same post in every choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.config.agency import AgencyConfig
from sim.config.root import Configuration

if TYPE_CHECKING:
    import pandas as pd

UNIT = "working hours"
STATEMENTS = ("clarify", "acknowledge", "change_ask", "post_else", "defend")
"""Moves by which every account puts out one message."""

Floats = npt.NDArray[np.float64]


def accounts_of(agency: AgencyConfig) -> int:
    """Return how many accounts speak for the sender."""
    return (agency.voices != "local") + (agency.local_accounts if agency.voices != "central" else 0)


def prices_of(agency: AgencyConfig, move: str, minutes: Floats) -> Floats:
    """Return what making a move in each of some minutes costs at once, in working hours; nothing at nan (never made).

    Replies and boosts are paid one by one besides. To withdraw at minute 0 is not to post, which costs nothing.
    """
    if move in STATEMENTS:
        return np.where(np.isnan(minutes), 0.0, np.float64(accounts_of(agency) * agency.costs.message))
    return np.where(minutes > 0, np.float64(agency.costs.withdrawal if move == "withdraw" else 0.0), 0.0)


def price_of(agency: AgencyConfig, move: str, minute: float = 1.0) -> float:
    """Return :func:`prices_of` for one minute."""
    return float(prices_of(agency, move, np.array([minute]))[0])


def hours_of_moves(agency: AgencyConfig, moves: Iterable[tuple[float, str]], replies: float, boosts: float) -> float:
    """Return what moves (minute, name) cost, with the replies and boosts that followed so far, in working hours."""
    standing = replies * agency.costs.reply + boosts * agency.costs.share
    return float(sum(price_of(agency, move, minute) for minute, move in moves) + standing)


def hours_by_part(configuration: Configuration, runs: pd.DataFrame) -> dict[str, Floats]:
    """Return what each run cost, by what it was spent on.

    Parameters
    ----------
    configuration : Configuration
        Of these runs.
    runs : DataFrame
        One row a run, with ``replies``, ``boosts`` and ``fired_0``, ``fired_1``, ... (nan: that rule never fired);
        the columns of rules that the configuration's policy does not have are not read.

    Returns
    -------
    dict of str to float64[runs], working hours
        ``statements``, ``withdrawals``, ``replies``, ``boosts``, ``listening``, ``accounts``; nan where a run failed.
    """
    agency = configuration.agency
    price = agency.costs
    replies = runs["replies"].to_numpy(dtype=np.float64)
    statements, withdrawals = np.zeros(len(runs)), np.zeros(len(runs))
    for place, rule in enumerate(configuration.policy.rules):
        name = f"fired_{place}"  # there is no such column where every run of a study has failed
        minutes = runs[name].to_numpy(dtype=np.float64) if name in runs else np.full(len(runs), np.nan)
        part = withdrawals if rule.move == "withdraw" else statements
        part += prices_of(agency, rule.move, minutes)
    done = np.where(np.isnan(replies), np.nan, 1.0)
    local = agency.local_accounts if agency.voices != "central" else 0
    return {
        "statements": done * statements,
        "withdrawals": done * withdrawals,
        "replies": replies * price.reply,
        "boosts": runs["boosts"].to_numpy(dtype=np.float64) * price.share,
        "listening": done * agency.listening_months * (price.listening_month + local * price.account_month),
        "accounts": done * local * price.account,
    }


def working_hours(configuration: Configuration, runs: pd.DataFrame) -> Floats:
    """Return what each run cost: float64[runs], working hours; the sum of :func:`hours_by_part`."""
    return np.sum(list(hours_by_part(configuration, runs).values()), axis=0)
