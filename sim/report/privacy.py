"""What may be told of a loaded graph: aggregates alone, and no group of fewer than ten (promise 8).

Small groups are put together; where they are fewer than ten even so, the smallest of the others joins them, so
that nothing is lost and nothing follows by subtraction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sim.report.run_study import Pictured

if TYPE_CHECKING:
    import pandas as pd

Told = TypeVar("Told", bound=Pictured)

SMALLEST_GROUP = 10
MERGED = "small groups"


def _pooled(people: pd.Series) -> pd.Series:
    """Return which groups are to be put together.

    Parameters
    ----------
    people : Series of int
        People in each group.

    Returns
    -------
    Series of bool
        None, or groups of ten or more people together (all of them, where all are fewer).
    """
    pooled = people < SMALLEST_GROUP
    for group in people[~pooled].sort_values(kind="stable").index:
        if not pooled.any() or people[pooled].sum() >= SMALLEST_GROUP:
            break
        pooled[group] = True
    return pooled


def _merged_groups(participation: pd.DataFrame) -> pd.DataFrame:
    """Return participation with small groups of a dimension put together, weighted by their people."""
    import pandas as pd

    parts = []
    for (dimension, frame), lines in participation.groupby(["dimension", "frame"], sort=False):
        people = lines["people"].astype(float)
        pooled = _pooled(people)
        parts.append(lines[~pooled])
        total = float(people[pooled].sum())
        if total >= SMALLEST_GROUP:
            few, names = lines[pooled], lines.loc[pooled, "group"].astype(str)
            merged = {
                end: float((few[end].astype(float) * people[pooled]).sum() / total) for end in ("mean", "lo", "hi")
            }
            group = " and ".join(names) if len(names) <= 2 else MERGED
            parts.append(
                pd.DataFrame([{"dimension": dimension, "group": group, "frame": frame, "people": total, **merged}])
            )
    whole = pd.concat(parts, ignore_index=True) if parts else participation
    # dimensions in their order, whatever was put together
    return whole.sort_values(
        "dimension", key=lambda d: d.map({k: i for i, k in enumerate(dict.fromkeys(d))}), kind="stable"
    )


def _merged_sizes(starters: pd.DataFrame) -> pd.DataFrame:
    """Return starters with small classes put together over all roles.

    Means add up; so do the interval's ends, which makes it wider than it need be, never narrower.
    """
    import pandas as pd

    people = starters["people"].astype(float)
    pooled = _pooled(people)
    if not pooled.any() or people[pooled].sum() < SMALLEST_GROUP:
        return starters[~pooled]
    sums = {end: float(starters.loc[pooled, end].astype(float).sum()) for end in ("mean", "lo", "hi")}
    line = {"role": "other", "followers": MERGED, "people": float(people[pooled].sum()), **sums}
    return pd.concat([starters[~pooled], pd.DataFrame([line])], ignore_index=True)


def as_aggregates(study: Told) -> Told:
    """Return the study as it may be told: unchanged for a generated graph; without a cascade for a loaded one."""
    if not study.real_graph:
        return study
    return replace(
        study,
        participation=_merged_groups(study.participation),
        starters=_merged_sizes(study.starters),
        cascade=None,
    )
