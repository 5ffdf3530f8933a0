"""What the theory says along a sweep's axes: first response and reproduction eigenvalue of each configuration.

Both follow from the configuration alone (``sim.outcome.theory``), and are about as dear as one run, so that a map
takes them at every second or third level.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.config.reaction import LOGIT
from sim.outcome.theory import first_response, reproduction_eigenvalue
from sim.study.design.points import graph_key

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.design.points import Point
    from sim.study.sweeping import OpenStudy

_LEVELS = 11
"""At most so many along an axis."""


def theory_table(study: OpenStudy, points: Sequence[Point], table: pd.DataFrame, axes: Sequence[str]) -> pd.DataFrame:
    """Return theory at some points of a grid over numbers.

    Parameters
    ----------
    points : sequence of Point
    table : DataFrame
        Their values, a row a point.
    axes : sequence of str
        The one or two factors.

    Returns
    -------
    DataFrame
        ``point``, the axes' values, ``first_response`` and ``reproduction_eigenvalue``; nan where undefined.
    """
    import pandas as pd

    chosen = np.ones(len(table), bool)
    for name in axes:
        levels = np.sort(table[name].unique())
        kept = levels[np.unique(np.linspace(0, len(levels) - 1, min(_LEVELS, len(levels))).round().astype(int))]
        chosen &= table[name].isin(kept).to_numpy()
    rows = []
    study.progress.stage("theory", None)
    for place in np.flatnonzero(chosen).tolist():
        configuration = points[place].configuration
        if configuration.reaction.rule != LOGIT:
            continue  # theory speaks of the logit alone
        world = study.worlds.of(graph_key(configuration), configuration).with_config(configuration)
        response = first_response(configuration, world.population, world.graph)
        rows.append({
            "point": place, **{name: table[name].iloc[place] for name in axes},
            "first_response": float("nan") if response is None else _rounded(response),
            "reproduction_eigenvalue": _rounded(
                reproduction_eigenvalue(configuration, world.population, world.graph)
            ),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _rounded(value: float) -> float:
    """Return a number to nine digits: sums over people may differ in their last bits between processors."""
    return float(f"{value:.9g}")
