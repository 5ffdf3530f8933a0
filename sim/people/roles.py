"""Who is an activist, an ally or a journalist.

Activists and allies come from the joint tail of grievance and support, they are not added on top: most have few
followers, since nothing about a row's place in the graph decides its role (``docs/model.md`` 1.6). Shares are of the
whole audience, so the size of a tail enters: its probability under the copula, and a row's role hangs on nobody else.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.config.people import ROLES, PeopleConfig
from sim.mathx import normal_cdf, normal_quantile
from sim.rng import Stream, setup_uniform

MEMBER, ACTIVIST, ALLY, JOURNALIST = range(len(ROLES))
TAIL = 0.8
"""Rank above which a feeling is strong."""
HALF = 0.5
"""Rank below which the other feeling is weak."""


_PARTS = 4096


def chance_within(share: float, tail: float) -> float:
    """Return the chance within a tail (a share of the audience) that gives a role to ``share`` (1 if too small)."""
    return min(1.0, share / tail) if tail > 0.0 else 0.0


@kernel
def tail_probability(correlation):
    """Return how likely one rank lies above ``TAIL`` and the other below ``HALF``, both joined by the copula.

    The midpoint sum over 4,096 equal parts of the strong rank's tail.

    Parameters
    ----------
    correlation : float in (-1, 1)
        Of the two normal scores.
    """
    apart = (1.0 - correlation * correlation) ** 0.5
    total = 0.0
    for part in range(_PARTS):
        strong = normal_quantile(TAIL + (1.0 - TAIL) * (part + 0.5) / _PARTS)
        total += normal_cdf(-correlation * strong / apart)
    return (1.0 - TAIL) * total / _PARTS


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
    people: PeopleConfig,
    seed: int,
    keys: np.ndarray,
    grievance_rank: np.ndarray,
    support_rank: np.ndarray,
    *,
    given: bool = False,
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
    given : bool
        Whether some feelings are given, not drawn: then sizes are counts over all rows.
    """
    n = max(1, keys.shape[0])
    draws = setup_uniform(seed, Stream.ROLE, keys)
    aggrieved = (grievance_rank > TAIL) & (support_rank < HALF)
    supportive = (support_rank > TAIL) & (grievance_rank < HALF)
    if given:
        tails = [np.count_nonzero(tail) / n for tail in (aggrieved, supportive)]
    else:
        tails = [tail_probability(people.copula_correlation)] * 2
    role = _roles(
        aggrieved,
        supportive,
        draws,
        chance_within(people.activist_share, tails[0]),
        chance_within(people.ally_share, tails[1]),
    )
    rest = role == MEMBER
    others = np.count_nonzero(rest) / n if given else 1.0 - sum(
        min(share, tail) for share, tail in zip((people.activist_share, people.ally_share), tails, strict=True)
    )  # fmt: skip
    width = chance_within(people.journalist_share, others)
    # centred, so that it meets neither the low draws of activists nor the high ones of allies
    middle = (draws >= 0.5 - 0.5 * width) & (draws < 0.5 + 0.5 * width)
    role[rest & middle] = JOURNALIST
    return role
