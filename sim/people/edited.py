"""The audience with somebody added or dropped: everybody else stays who they are.

What is taken from the audience as a whole was taken before (``docs/model.md`` 1.10). Whom to drop is said by hand,
by key; nothing here searches for accounts.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from sim.config.people import PeopleConfig
from sim.config.root import Configuration
from sim.people.audience import read_audience
from sim.people.cohorts import draw_groups
from sim.people.grievance import rounded
from sim.people.habits import NO_BEAT, draw_list_lookers, draw_localities
from sim.people.population import Population
from sim.people.roles import ACTIVIST

ADDED_KEYS = 1 << 61
"""The key of the first added row."""


def unedited(configuration: Configuration) -> Configuration:
    """Return the same configuration without anybody added or dropped."""
    default = PeopleConfig()
    names = [name for name in PeopleConfig.model_fields if name.startswith("added_") or name == "dropped"]
    people = configuration.people.model_copy(update={name: getattr(default, name) for name in names})
    return configuration.model_copy(update={"people": people})


def dropped_rows(configuration: Configuration, population: Population) -> np.ndarray:
    """Return whether each row is dropped: bool[n]; keys that this audience does not hold drop nobody."""
    keys = np.array(configuration.people.dropped, dtype=np.uint64)
    return np.isin(population.key, keys)


def edited_people(configuration: Configuration, population: Population) -> Population:
    """Return the audience of n rows with dropped rows emptied and added ones appended.

    Parameters
    ----------
    population : Population
        As drawn, without either.
    """
    gone = dropped_rows(configuration, population)
    added = _added(configuration, population)
    columns: dict[str, Any] = {}
    for part in fields(population):
        column = getattr(population, part.name)
        if isinstance(column, np.ndarray):
            column = np.concatenate([column, added[part.name].astype(column.dtype)])
            if part.name in ("sessions_a_day", "follows_sender", "looks_at_lists"):
                column[: gone.size][gone] = 0
        columns[part.name] = column
    return replace(population, **columns)


def _added(configuration: Configuration, population: Population) -> dict[str, np.ndarray]:
    """Return the columns of the added rows."""
    people, seed = configuration.people, configuration.seed
    k = people.added_activists
    key = np.arange(k, dtype=np.uint64) + np.uint64(ADDED_KEYS)
    table = None if people.table is None else read_audience(people.table)
    cohort, community = draw_groups(people, table, seed, key)
    same = {
        "grievance": rounded(people.added_grievance), "support": rounded(people.added_support),
        "grievance_rank": 1.0, "support_rank": 0.0, "sessions_a_day": people.added_sessions, "follows_sender": 1,
        "role": ACTIVIST, "beat": NO_BEAT,
    }  # fmt: skip
    return {
        "key": key, "cohort": cohort, "community": community,
        "locality": draw_localities(configuration, seed, key),
        "looks_at_lists": draw_list_lookers(configuration, seed, key),
        **{name: np.full(k, value) for name, value in same.items()},
    }  # fmt: skip
