"""Who took part, and who began to turn it: by age band, community, role and size of following, never by name.

Counts are taken run by run and put together over replicates afterwards. On a loaded graph, groups of fewer
than ten rows are merged, and left out if even together they are fewer (``merge_small``; promise 8 of DESIGN 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.config.people import COHORTS, ROLES
from sim.engine.record import FRAMES, Kind, Messages
from sim.errors import ConfigError
from sim.people.population import Population

if TYPE_CHECKING:
    import pandas as pd

FIRST_COUNTER = 50
FOLLOWER_CLASSES = ("under 50", "50 to 499", "500 to 4,999", "5,000 and more")
_CLASS_FROM = (50, 500, 5000)
FEWEST_SHOWN = 10
MERGED = "merged"
SPREAD = (0.1, 0.9)
"""The quantiles over replicates that tables show as ``lo`` and ``hi``."""

_SHARE = int(Kind.SHARE)
Counts = npt.NDArray[np.int64]
Line = tuple[tuple[str, ...], npt.NDArray[np.int64]]
"""What a line of a table is called, and the numbers of the groups that it holds."""


def participation_groups(population: Population) -> tuple[tuple[tuple[str, str], ...], Counts]:
    """Return the groups, as (dimension, name), and their rows (int64[groups])."""
    names = [("cohort", name) for name in COHORTS]
    names += [("community", name) for name in population.communities]
    names += [("role", name) for name in ROLES]
    rows = [
        np.bincount(population.cohort, minlength=len(COHORTS)),
        np.bincount(population.community, minlength=len(population.communities)),
        np.bincount(population.role, minlength=len(ROLES)),
    ]
    return tuple(names), np.concatenate(rows).astype(np.int64)


def participation(messages: Messages, population: Population) -> Counts:
    """Return how many rows of each group wrote or shared in each frame in one run: int64[groups, 2]."""
    return _participants(
        messages.author, messages.frame, messages.kind, population.cohort, population.community, population.role,
        len(COHORTS), len(population.communities), len(ROLES),
    )  # fmt: skip


def starters(
    messages: Messages, population: Population, in_degree: npt.NDArray[np.int64], first: int = FIRST_COUNTER
) -> Counts:
    """Return who put out the first counter messages of one run: int64[roles, follower classes].

    Parameters
    ----------
    messages : Messages
    population : Population
    in_degree : int64[n]
        Followers of each row, inside the audience.
    first : int
        How many of participants' counter messages, in canonical order; fewer if there are fewer.
    """
    counter = np.flatnonzero((messages.frame == 1) & (messages.kind <= _SHARE))[:first]
    authors = messages.author[counter]
    counts = np.zeros((len(ROLES), len(FOLLOWER_CLASSES)), np.int64)
    np.add.at(counts, (population.role[authors], follower_class(in_degree[authors])), 1)
    return counts


def follower_class(in_degree: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the index in ``FOLLOWER_CLASSES`` of each number of followers."""
    return np.searchsorted(_CLASS_FROM, in_degree, side="right")


def participation_table(runs: Sequence[Counts], population: Population, *, merge_small: bool = False) -> pd.DataFrame:
    """Return the share of each group that took part, over replicates.

    Parameters
    ----------
    runs : int64[groups, 2] each
        Of :func:`participation`, one a replicate.
    merge_small : bool
        Merge groups of fewer than ten rows, dimension by dimension; ask for it with every loaded graph.

    Returns
    -------
    DataFrame
        ``dimension``, ``group``, ``frame``, ``people`` (rows of the group), ``mean``, ``lo``, ``hi`` (share of
        the group with a message of the frame: mean, 10 % and 90 % over replicates). Empty groups are left out.

    Raises
    ------
    ConfigError
        There is no replicate.
    """
    import pandas as pd

    names, rows = participation_groups(population)
    counts = _stacked(runs)
    table = []
    for dimension in ("cohort", "community", "role"):
        groups = [g for g, name in enumerate(names) if name[0] == dimension]
        for label, held in _lines([names[g] for g in groups], np.array(groups), rows, (dimension, MERGED), merge_small):
            people = int(rows[held].sum())
            for f, frame in enumerate(FRAMES):
                table.append((*label, frame, people, *_spread(counts[:, held, f].sum(axis=1) / people)))
    return pd.DataFrame(table, columns=["dimension", "group", "frame", "people", "mean", "lo", "hi"])


def starters_table(
    runs: Sequence[Counts], population: Population, in_degree: npt.NDArray[np.int64], *, merge_small: bool = False
) -> pd.DataFrame:
    """Return how many of the first counter messages came from each role and class of followers, over replicates.

    Parameters
    ----------
    runs : int64[roles, follower classes] each
        Of :func:`starters`, one a replicate.
    merge_small : bool
        Merge groups of fewer than ten rows; ask for it with every loaded graph.

    Returns
    -------
    DataFrame
        ``role``, ``followers`` (class), ``people`` (rows of both), ``mean``, ``lo``, ``hi`` (messages: mean,
        10 % and 90 % over replicates). Groups without rows are left out.

    Raises
    ------
    ConfigError
        There is no replicate.
    """
    import pandas as pd

    names = [(role, size) for role in ROLES for size in FOLLOWER_CLASSES]
    group = population.role.astype(np.int64) * len(FOLLOWER_CLASSES) + follower_class(in_degree)
    rows = np.bincount(group, minlength=len(names))
    counts = _stacked(runs).reshape(len(runs), len(names))
    table = [
        (*label, int(rows[held].sum()), *_spread(counts[:, held].sum(axis=1)))
        for label, held in _lines(names, np.arange(len(names)), rows, (MERGED, MERGED), merge_small)
    ]
    return pd.DataFrame(table, columns=["role", "followers", "people", "mean", "lo", "hi"])


def _stacked(runs: Sequence[Counts]) -> Counts:
    """Return counts of all replicates in one array, replicates first."""
    if len(runs) == 0:
        raise ConfigError("replicates must be at least 1; got 0.")
    return np.stack(list(runs))


def _lines(
    names: Sequence[tuple[str, str]], groups: Counts, rows: Counts, merged: tuple[str, str], merge_small: bool
) -> list[Line]:
    """Return the lines of a table: a group each, but small ones together if asked for."""
    small = rows[groups] < FEWEST_SHOWN if merge_small else np.zeros(groups.shape[0], bool)
    lines: list[Line] = [
        (names[i], groups[i : i + 1]) for i in range(groups.shape[0]) if not small[i] and rows[groups[i]] > 0
    ]
    together = groups[small]
    # what is left out must not follow from what is shown: the smallest line joins until they are ten
    while together.shape[0] and 0 < rows[together].sum() < FEWEST_SHOWN and lines:
        smallest = min(range(len(lines)), key=lambda i: int(rows[lines[i][1]].sum()))
        together = np.concatenate((together, lines.pop(smallest)[1]))
    if rows[together].sum() >= FEWEST_SHOWN:
        lines.append((merged, together))
    return lines


def _spread(values: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Return mean, 10 % and 90 % quantile over replicates."""
    low, high = np.quantile(values, SPREAD)
    return float(np.mean(values)), float(low), float(high)


@kernel
def _participants(author, frame, kind, cohort, community, role, cohorts, communities, roles):
    """Count distinct participants by group and frame (see :func:`participation`)."""
    counts = np.zeros((cohorts + communities + roles, 2), np.int64)
    took_part = np.zeros((cohort.shape[0], 2), np.bool_)
    for i in range(author.shape[0]):
        if kind[i] > _SHARE or took_part[author[i], frame[i]]:
            continue
        row = author[i]
        f = frame[i]
        took_part[row, f] = True
        counts[cohort[row], f] += 1
        counts[cohorts + community[row], f] += 1
        counts[cohorts + communities + role[row], f] += 1
    return counts
