"""Who is an activist, an ally or a journalist.

Activists and allies come from the joint tail of grievance and support, they are not added on top: most have few
followers, since nothing about a row's place in the graph decides its role (``docs/model.md`` 1.6). Shares are of the
whole audience, so the size of a tail, a count over all rows, enters each row's role.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.config.people import ROLES, PeopleConfig
from sim.rng import Stream, setup_uniform

MEMBER, ACTIVIST, ALLY, JOURNALIST = range(len(ROLES))
TAIL = 0.8
"""Rank above which a feeling is strong."""
HALF = 0.5
"""Rank below which the other feeling is weak."""


def chance_within(share: float, n: int, size: int) -> float:
    """Return the chance that gives a role to ``share * n`` of ``size`` rows on average (1 if they do not suffice)."""
    return min(1.0, share * n / size) if size else 0.0


@kernel
def _roles(aggrieved, supportive, draws, activist_chance, ally_chance):
    """Return each row's role, journalists left out: int8[n]."""
    out = np.zeros(draws.shape[0], np.int8)
    for i in range(draws.shape[0]):
        if aggrieved[i] and draws[i] < activist_chance:
            out[i] = ACTIVIST
        elif supportive[i] and 1.0 - draws[i] <= ally_chance:
            out[i] = ALLY
    return out


def draw_roles(
    people: PeopleConfig, seed: int, keys: np.ndarray, grievance_rank: np.ndarray, support_rank: np.ndarray
) -> np.ndarray:
    """Return each row's role: int8[n], index in ``ROLES``.

    Parameters
    ----------
    people : PeopleConfig
        Shares of activists, allies and journalists.
    seed : int
    keys : uint64[n]
    grievance_rank, support_rank : float64[n]
        Ranks in [0, 1]; no mean enters.
    """
    n = keys.shape[0]
    draws = setup_uniform(seed, Stream.ROLE, keys)
    aggrieved = (grievance_rank > TAIL) & (support_rank < HALF)
    supportive = (support_rank > TAIL) & (grievance_rank < HALF)
    role = _roles(
        aggrieved,
        supportive,
        draws,
        chance_within(people.activist_share, n, int(np.count_nonzero(aggrieved))),
        chance_within(people.ally_share, n, int(np.count_nonzero(supportive))),
    )
    rest = role == MEMBER
    width = chance_within(people.journalist_share, n, int(np.count_nonzero(rest)))
    # centred, so that it meets neither the low draws of activists nor the high ones of allies
    middle = (draws >= 0.5 - 0.5 * width) & (draws < 0.5 + 0.5 * width)
    role[rest & middle] = JOURNALIST
    return role
