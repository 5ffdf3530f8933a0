"""Which group a row belongs to: age band and community, and what is typical of each such group.

Groups come from the shares of the configuration or from an audience table; a row's group is the inverse CDF of their
shares at its own draws (``docs/model.md`` 1.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.compiled import kernel
from sim.config.people import COHORTS, PeopleConfig
from sim.errors import ConfigError
from sim.mathx import exp, log
from sim.people.audience import OTHER, AudienceTable
from sim.rng import Stream, setup_uniform


@dataclass(frozen=True)
class Groups:
    """What is typical of each cohort (first axis) in each community (second axis).

    Attributes
    ----------
    communities : tuple of str
        Names of the communities.
    grievance, support : float64[6, communities]
        Means, in [0, 1]; nan where an audience table has no such group.
    sessions_a_day : float64[6, communities]
        Medians, in sessions a day; nan likewise.
    """

    communities: tuple[str, ...]
    grievance: np.ndarray
    support: np.ndarray
    sessions_a_day: np.ndarray


@kernel
def shifted_mean(mean, shift):
    """Return the logistic of logit(mean) + shift; a mean of 0 or 1 stays."""
    if mean <= 0.0 or mean >= 1.0:
        return min(1.0, max(0.0, mean))
    return 1.0 / (1.0 + exp(-(log(mean / (1.0 - mean)) + shift)))


def configured_communities(people: PeopleConfig) -> tuple[str, ...]:
    """Return the names of the two communities that the configuration draws.

    Raises
    ------
    ConfigError
        If the second is called like the first.
    """
    if people.community.strip() in ("", OTHER):
        raise ConfigError(f"people.community must be a name other than {OTHER!r}; got {people.community!r}.")
    return (OTHER, people.community.strip())


def groups_of(people: PeopleConfig, communities: tuple[str, ...]) -> Groups:
    """Return the groups of the configuration, for communities of these names.

    The shifts ``people.community_*_shift`` are those of the community that is called ``people.community``.
    """
    shape = (len(COHORTS), len(communities))
    grievance, support, sessions = np.empty(shape), np.empty(shape), np.empty(shape)
    shifts = people.age_grievance_shift
    for c, name in enumerate(communities):
        affected = float(name == people.community.strip())
        for a in range(len(COHORTS)):
            grievance[a, c] = shifted_mean(
                people.grievance_mean, shifts[a] + people.community_grievance_shift * affected
            )
            support[a, c] = shifted_mean(
                people.support_mean, people.support_cohort_shift[a] + people.community_support_shift * affected
            )
            sessions[a, c] = people.sessions_median * people.sessions_cohort_factor[a]
    return Groups(communities, grievance, support, sessions)


def groups_of_table(table: AudienceTable, communities: tuple[str, ...]) -> Groups:
    """Return the groups of an audience table, for communities that hold at least those of the table."""
    shape = (len(COHORTS), len(communities))
    columns = [np.full(shape, np.nan) for _ in range(3)]
    place = np.array([communities.index(name) for name in table.communities])[table.community]
    for column, values in zip(columns, (table.grievance, table.support, table.sessions_a_day), strict=True):
        column[table.cohort, place] = values
    return Groups(communities, *columns)


def pick_by_share(shares: Sequence[float] | np.ndarray, uniforms: np.ndarray) -> np.ndarray:
    """Return the inverse CDF of shares at each draw: int64, shape of ``uniforms``; a share of 0 is never picked."""
    upto, running, last = [], 0.0, 0
    for i, share in enumerate(shares):
        running += float(share)
        upto.append(running)
        if share > 0:
            last = i
    ends = np.array(upto)
    ends[last:] = 1.0  # what rounding leaves of the last share belongs to it
    return np.searchsorted(ends, uniforms, side="right")


def draw_groups(people: PeopleConfig, table: AudienceTable | None, seed: int, keys: np.ndarray) -> np.ndarray:
    """Return cohort and community of each row: int8[2, n]; the communities are the table's or the configured two."""
    cohort_draw = setup_uniform(seed, Stream.COHORT, keys)
    if table is not None:
        line = pick_by_share(table.share, cohort_draw)
        return np.stack([table.cohort[line], table.community[line]])
    cohort = pick_by_share(people.age_shares, cohort_draw).astype(np.int8)
    community = setup_uniform(seed, Stream.COMMUNITY, keys) < people.community_share
    return np.stack([cohort, community.astype(np.int8)])
