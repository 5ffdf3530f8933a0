"""The odds of a sweep along some of its factors, runs counted together over the others.

Intervals take the runs that are counted together for independent; since points share their luck they are somewhat
too narrow where few replicates stand behind many points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.outcome.verdict import VERDICTS, odds_interval

if TYPE_CHECKING:
    import pandas as pd

_BINS = 8


def counted(points: pd.DataFrame, axes: Sequence[str]) -> pd.DataFrame:
    """Return the odds of each verdict by the values of some factors.

    Parameters
    ----------
    points : DataFrame
        ``points.parquet`` of a sweep.

    Returns
    -------
    DataFrame
        A row a combination: the axes, ``runs``, each verdict's odds with ``_lo`` and ``_hi`` (95 %). Sorted if all
        axes are numbers, else in the design's order.
    """
    hits = points[[*axes]].copy()
    hits["runs"] = points["runs"]
    for name in VERDICTS:
        hits[name] = (points[name] * points["runs"]).fillna(0.0)
    numbers = all(points[name].dtype.kind in "if" for name in axes)
    summed = hits.groupby(list(axes), sort=numbers, as_index=False).sum()
    for name in VERDICTS:
        each = [
            odds_interval(round(number), int(runs)) if runs else (float("nan"), float("nan"))
            for number, runs in zip(summed[name], summed["runs"], strict=True)
        ]
        summed[f"{name}_lo"], summed[f"{name}_hi"] = [low for low, _ in each], [high for _, high in each]
        summed[name] = summed[name] / summed["runs"].where(summed["runs"] > 0)
    return summed


def along(points: pd.DataFrame, name: str, factors: Sequence[str], *, one_at_a_time: bool = False) -> pd.DataFrame:
    """Return the odds along one factor; many numbers are put into eight bins of as many points.

    Parameters
    ----------
    one_at_a_time : bool
        Only points at which every other factor is as in the first row.
    """
    if one_at_a_time:
        first = points.iloc[0]
        alike = [(points[other] == first[other]).to_numpy() for other in factors if other != name]
        points = points[np.logical_and.reduce(alike)] if alike else points
    if points[name].dtype.kind not in "if" or points[name].nunique() <= _BINS:
        return counted(points, [name])
    order = points.sort_values(name, kind="stable")
    bins = np.arange(len(order)) * _BINS // len(order)
    return counted(order.assign(**{name: order.groupby(bins)[name].transform("mean")}), [name])


def reach(line: pd.DataFrame) -> float:
    """Return how far P(hijacked) moves along a factor."""
    return float(line["hijacked"].max() - line["hijacked"].min())
