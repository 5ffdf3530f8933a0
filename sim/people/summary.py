"""Who is in the audience, in aggregates: a line for each age band in each community.

Of a real graph only aggregates leave, and none of fewer than ten accounts (DESIGN 5, promise 8): such groups are
merged, and counts of roles are left out where one of them would be that small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.config.people import COHORTS, ROLES
from sim.people.population import Population

if TYPE_CHECKING:
    import pandas as pd

FEWEST_SHOWN = 10
MERGED = "merged"
_MEANS = ("grievance", "support", "sessions_a_day", "follows_sender")


def summarise(population: Population, *, merge_small: bool = False) -> pd.DataFrame:
    """Return one line a group, by cohort, then community; groups without rows are left out.

    Parameters
    ----------
    population : Population
    merge_small : bool
        Merge groups of fewer than ten rows into one line, called ``merged`` (with the next larger ones, until it
        holds at least ten), and leave out counts of roles below ten; ask for it with every real graph.

    Returns
    -------
    DataFrame
        ``cohort`` and ``community`` (names), ``rows``, ``share``, the means ``grievance``, ``support`` and
        ``sessions_a_day``, ``follows_sender`` (share of the group), and a count for each role (missing where left
        out). Empty if there are no rows, or, merged, fewer than ten in all.
    """
    import pandas as pd

    width = len(population.communities)
    group = population.cohort.astype(np.int64) * width + population.community
    sizes = np.bincount(group, minlength=len(COHORTS) * width)
    merged = _too_small(sizes) if merge_small else np.empty(0, np.int64)
    lines: list[tuple[str, str, np.ndarray]] = [
        (COHORTS[g // width], population.communities[g % width], np.array([g]))
        for g in np.flatnonzero(sizes)
        if g not in merged
    ]
    if merged.size and sizes[merged].sum() >= FEWEST_SHOWN:
        lines.append((MERGED, MERGED, merged))
    totals = {name: np.bincount(group, getattr(population, name), minlength=sizes.size) for name in _MEANS}
    roles = np.stack([np.bincount(group[population.role == r], minlength=sizes.size) for r in range(len(ROLES))])
    table: dict[str, list[object]] = {name: [] for name in ("cohort", "community", "rows", "share", *_MEANS, *ROLES)}
    for cohort, community, members in lines:
        rows = int(sizes[members].sum())
        table["cohort"].append(cohort)
        table["community"].append(community)
        table["rows"].append(rows)
        table["share"].append(rows / population.n)
        for name in _MEANS:
            table[name].append(float(totals[name][members].sum()) / rows)
        counts = roles[:, members].sum(axis=1)
        # one small count could be had from the others, so they go together
        hidden = merge_small and bool(((counts > 0) & (counts < FEWEST_SHOWN)).any())
        for r, name in enumerate(ROLES):
            table[name].append(pd.NA if hidden else int(counts[r]))
    whole = {"rows": "int64", **dict.fromkeys(ROLES, "Int64")}
    real = dict.fromkeys(("share", *_MEANS), "float64")
    words = dict.fromkeys(("cohort", "community"), object)
    return pd.DataFrame(table).astype({**words, **whole, **real})


def _too_small(sizes: np.ndarray) -> np.ndarray:
    """Return the groups to be merged: those of fewer than ten rows, and the next larger until they hold ten."""
    present = np.flatnonzero(sizes)
    by_size = present[np.argsort(sizes[present], kind="stable")]
    count = int(np.count_nonzero(sizes[by_size] < FEWEST_SHOWN))
    while 0 < count < by_size.size and sizes[by_size[:count]].sum() < FEWEST_SHOWN:
        count += 1
    return by_size[:count]
