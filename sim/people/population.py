"""The audience as arrays: who each row is, from its key and the seed alone.

Every quantity is the inverse CDF of a draw of its own (``docs/model.md`` 1), so one changed parameter leaves all else
as it was, and a row is the same person wherever it stands. Only the share that follows the sender looks at
the whole audience, and, where feelings are given, their ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.config.people import COHORTS, PeopleConfig
from sim.config.root import Configuration
from sim.errors import ConfigError, GraphError
from sim.mathx import normal_quantile_all
from sim.people.attributes import UNKNOWN, Given, checked_keys, read_given
from sim.people.audience import MAX_COMMUNITIES, read_audience
from sim.people.beta import quantile_tables
from sim.people.cohorts import Groups, configured_communities, draw_groups, groups_of, groups_of_table
from sim.people.following import draw_follows, listened, listening_factor
from sim.people.grievance import coupled_ranks, feelings, rounded_all
from sim.people.habits import draw_beats, draw_list_lookers, draw_localities, draw_session_rates
from sim.people.roles import draw_roles
from sim.people.scores import Scores, draw_scores
from sim.rng import Stream, setup_uniform

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Population:
    """All rows of the audience, one element each.

    Attributes
    ----------
    key : uint64[n]
        What a row's draws depend on; it travels with the row.
    cohort : int8[n]
        Index in ``COHORTS``.
    community : int8[n]
        Index in ``communities``.
    communities : tuple of str
        Names of the communities; the first is ``other``, unless a table or attributes have none of that name.
    grievance, support : float32[n]
        In [0, 1], multiples of 2**-16; grievance is that at the post, after any listening.
    grievance_rank, support_rank : float64[n]
        The copula's uniforms, in [0, 1]; no mean enters.
    sessions_a_day : float32[n]
        In [0.02, 200], unless attributes say otherwise.
    follows_sender : bool[n]
    role : int8[n]
        Index in ``ROLES``.
    locality : int32[n]
        Number of the local account whose area the row lives in.
    looks_at_lists : bool[n]
        Whether it ever looks at trending lists.
    beat : int16[n]
        A journalist's newsroom; -1 for everybody else.
    """

    key: np.ndarray
    cohort: np.ndarray
    community: np.ndarray
    communities: tuple[str, ...]
    grievance: np.ndarray
    support: np.ndarray
    grievance_rank: np.ndarray
    support_rank: np.ndarray
    sessions_a_day: np.ndarray
    follows_sender: np.ndarray
    role: np.ndarray
    locality: np.ndarray
    looks_at_lists: np.ndarray
    beat: np.ndarray

    @property
    def n(self) -> int:
        """Rows of the audience."""
        return int(self.key.shape[0])


def create_population(
    configuration: Configuration,
    *,
    n: int | None = None,
    seed: int | None = None,
    keys: np.ndarray | None = None,
    attributes: pd.DataFrame | None = None,
    everybody_follows: bool = False,
    scores: Scores | None = None,
) -> Population:
    """Return the audience of a configuration.

    Calls that differ in a parameter share all draws and are quick: to change grievance, call it again.

    Parameters
    ----------
    configuration : Configuration
    n : int
        Rows; by default those of ``keys`` or ``attributes``, else ``people.n_followers``.
    seed : int
        By default the configuration's.
    keys : uint64[n]
        Distinct, below 2**62; by default the row numbers. A column ``key`` of ``attributes`` wins.
    attributes : DataFrame
        What is known (``sim.people.attributes``); it overrides what is drawn.
    everybody_follows : bool
        On a loaded graph everybody follows the sender, unless attributes say otherwise.
    scores : Scores, optional
        From :func:`sim.people.scores.draw_scores` with the same seed and keys, where somebody has kept them.

    Raises
    ------
    ConfigError, GraphError
        The audience table, the community's name, keys or attributes cannot be used.
    """
    people = configuration.people
    seed = configuration.seed if seed is None else seed
    given, key = _identities(people, n, keys, attributes)
    groups, cohort, community, group = _settle(people, given, seed, key)
    scores = draw_scores(seed, key) if scores is None else scores
    grievance_rank, support_rank = _ranks(people.copula_correlation, given, seed, key, scores)
    grievance = _feelings(groups.grievance, people.grievance_concentration, group, grievance_rank, given.grievance)
    support = _feelings(groups.support, people.support_concentration, group, support_rank, given.support)
    some_given = given.grievance is not None or given.support is not None
    role = _known(given.role, draw_roles(people, seed, key, grievance_rank, support_rank, given=some_given))
    rates = draw_session_rates(people.sessions_sigma, groups.sessions_a_day.ravel(), group, role, scores.sessions)
    drawn = np.ones(key.shape, np.bool_) if everybody_follows else draw_follows(people, seed, key, grievance, support)
    follows = _known(given.follows_sender, drawn)
    return Population(
        key=key,
        cohort=cohort,
        community=community,
        communities=groups.communities,
        grievance=listened(grievance, follows, listening_factor(configuration.agency)),
        support=support,
        grievance_rank=grievance_rank,
        support_rank=support_rank,
        sessions_a_day=_present(given.sessions_a_day, rates),
        follows_sender=follows,
        role=role,
        locality=draw_localities(configuration, seed, key),
        looks_at_lists=draw_list_lookers(configuration, seed, key),
        beat=draw_beats(configuration, seed, key, role),
    )


def _identities(
    people: PeopleConfig, n: int | None, keys: np.ndarray | None, attributes: pd.DataFrame | None
) -> tuple[Given, np.ndarray]:
    """Return what is given of the rows, and the key of each: uint64[n]."""
    n = _rows(people, n, keys, attributes)
    given = Given() if attributes is None else read_given(attributes, n)
    if given.key is not None:
        return given, given.key
    return given, np.arange(n, dtype=np.uint64) if keys is None else checked_keys(keys, "keys")


def _rows(people: PeopleConfig, n: int | None, keys: np.ndarray | None, attributes: pd.DataFrame | None) -> int:
    """Return the number of rows that is asked for, once."""
    if n is None:
        if keys is not None:
            return len(keys)
        return people.n_followers if attributes is None else len(attributes)
    if n < 0 or n >= 2**31:
        raise ConfigError(f"people.n_followers must be at least 0 and below 2**31; got {n}.")
    if keys is not None and len(keys) != n:
        raise GraphError(f"keys must be one for each of the {n} rows; got {len(keys)}.")
    return n


def _known(given: np.ndarray | None, drawn: np.ndarray) -> np.ndarray:
    """Return what is given (``UNKNOWN`` where it is not) and else what is drawn, as the type of the latter."""
    return drawn if given is None else np.where(given == UNKNOWN, drawn, given).astype(drawn.dtype)


def _present(given: np.ndarray | None, drawn: np.ndarray) -> np.ndarray:
    """Return what is given (nan where it is not) and else what is drawn, as the type of the latter."""
    return drawn if given is None else np.where(np.isnan(given), drawn, given).astype(drawn.dtype)


def _settle(
    people: PeopleConfig, given: Given, seed: int, key: np.ndarray
) -> tuple[Groups, np.ndarray, np.ndarray, np.ndarray]:
    """Return the groups, each row's cohort and community (int8[n]), and its place among the groups (int64[n])."""
    table = None if people.table is None else read_audience(people.table)
    drawable = configured_communities(people) if table is None else table.communities
    cohort, community = draw_groups(people, table, seed, key)
    names = drawable
    if given.community is not None:
        if (given.community != UNKNOWN).all():
            names = given.communities or drawable
            community = given.community
        else:
            names = drawable + tuple(name for name in given.communities if name not in drawable)
            place = np.array([names.index(name) for name in given.communities] + [UNKNOWN], np.int8)
            community = _known(place[given.community], community)
    if len(names) > MAX_COMMUNITIES:
        raise GraphError(
            f"network.attributes, column community: at most {MAX_COMMUNITIES} communities are possible; "
            f"got {len(names)}."
        )
    cohort = _known(given.cohort, cohort)
    if table is None:
        return groups_of(people, names), cohort, community, _places(cohort, community, names)
    if given.community is not None:
        names = names + tuple(name for name in table.communities if name not in names)
    groups = groups_of_table(table, names)
    lacking = np.flatnonzero(np.isnan(groups.grievance[cohort, community]))
    if lacking.size:
        row = lacking[0]
        raise GraphError(
            f"network.attributes: row {row} (from 0): its group must be one of people.table; "
            f"got {COHORTS[cohort[row]]}, {names[community[row]]}."
        )
    return groups, cohort, community, _places(cohort, community, names)


def _places(cohort: np.ndarray, community: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Return each row's place among the groups, cohort by cohort: int64[n]."""
    return cohort.astype(np.int64) * len(names) + community


def _ranks(
    correlation: float, given: Given, seed: int, key: np.ndarray, scores: Scores
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ranks of grievance and support (float64[n] each); a given feeling's rank is that among those given."""
    own = setup_uniform(seed, Stream.GRIEVANCE, key)
    grievance_rank = own if given.grievance is None else _rank_among(given.grievance, own)
    first = scores.grievance if given.grievance is None else normal_quantile_all(grievance_rank)
    support_rank = coupled_ranks(first, scores.support, correlation)
    if given.support is not None:
        support_rank = _rank_among(given.support, support_rank)
        # where support alone is known, grievance follows from it, not the other way round
        led = ~np.isnan(given.support)
        if given.grievance is not None:
            led &= np.isnan(given.grievance)
        grievance_rank = np.where(
            led, coupled_ranks(normal_quantile_all(support_rank), scores.grievance, correlation), grievance_rank
        )
    return grievance_rank, support_rank


def _rank_among(given: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Return the middle rank, in (0, 1), of each value among those given (float64[n]), and else ``otherwise``."""
    known = ~np.isnan(given)
    values = given[known]
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    upto = np.searchsorted(ordered, values, side="right")
    ranks = otherwise.copy()
    ranks[known] = (below + upto) / (2.0 * max(1, values.size))
    return ranks


def _feelings(
    means: np.ndarray, concentration: float, group: np.ndarray, rank: np.ndarray, given: np.ndarray | None
) -> np.ndarray:
    """Return a feeling of each row: float32[n], given values (nan where there is none) first."""
    drawn = feelings(quantile_tables(means.ravel(), concentration), group, rank)
    # a missing value stays missing, whatever its rounding would be
    return drawn if given is None else _present(np.where(np.isnan(given), np.nan, rounded_all(given)), drawn)
