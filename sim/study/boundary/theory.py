"""The line that theory draws, without runs, over the same box: the first response, and whether messages breed.

Where the first response equals the verdict's cut, the direct answers to the post are of that frame in that share;
where the next-generation eigenvalue is 1, a message causes one message. Both change smoothly with the parameters, so
that a few places and cubics between them are enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.interpolate import RectBivariateSpline, UnivariateSpline

from sim.config.reaction import LOGIT
from sim.config.root import Configuration, changed
from sim.outcome.verdict import CUTOFF
from sim.study.boundary.box import Box
from sim.study.boundary.surface import Array
from sim.study.design.points import graph_key
from sim.study.execution.worlds import Worlds
from sim.study.run.central import theory_of

if TYPE_CHECKING:
    import pandas as pd

PLACES = {1: 17, 2: 9}
"""Places along each side."""
CUTS: Mapping[str, tuple[float, ...]] = {
    "hijacked": (CUTOFF,), "viral_positive": (round(1.0 - CUTOFF, 12),),
    "contested": (round(1.0 - CUTOFF, 12), CUTOFF), "fizzled": (),
}  # fmt: skip
"""Hijack shares at which a verdict begins or ends; volume decides on the rest."""
NAMES = ("first_response", "eigenvalue")


def theory_table(worlds: Worlds, base: Configuration, box: Box, held: list[Array]) -> pd.DataFrame | None:
    """Return first response and eigenvalue over the first one or two sides.

    Parameters
    ----------
    worlds : Worlds
        Where graphs are kept.
    held : list of float64[sides]
        Where the other sides are held; one plane after the other.

    Returns
    -------
    DataFrame or None
        The values, ``first_response`` (nan where nobody would respond) and ``eigenvalue``; None for all rules but
        the logit, of which alone the theory speaks.
    """
    import pandas as pd

    if base.reaction.rule != LOGIT:
        return None
    rungs = _rungs(box)
    plane = np.stack(np.meshgrid(*rungs, indexing="ij"), -1).reshape(-1, len(rungs))
    rows: list[dict[str, Any]] = []
    for origin in held:
        points = np.repeat(origin[None, :], plane.shape[0], 0)
        points[:, : len(rungs)] = plane
        for values in box.values(points):
            rows.append(values | _theory(worlds, changed(base, values)))
    return pd.DataFrame(rows).astype(float).round(6)


def _theory(worlds: Worlds, configuration: Configuration) -> dict[str, float]:
    """Return what theory says of one configuration."""
    world = worlds.of(graph_key(configuration), configuration).with_config(configuration)
    told = theory_of(world)
    first = told["first_response"]
    return {
        "first_response": float("nan") if first is None else first, "eigenvalue": told["reproduction_eigenvalue"]
    }  # fmt: skip


def between(theory: pd.DataFrame, box: Box, name: str, plane: Array, number: int = 0) -> Array:
    """Return one of the theory's numbers at places of the first one or two sides, float64[places].

    Parameters
    ----------
    theory : DataFrame
        From :func:`theory_table`.
    plane : float64[places, 1 or 2]
        In the unit cube.
    number : int
        Which plane of the table.
    """
    rungs = _rungs(box)
    size = int(np.prod([len(each) for each in rungs]))
    heights = theory[name].to_numpy(float)[number * size : (number + 1) * size]
    if not np.isfinite(heights).all():
        return np.full(plane.shape[0], np.nan)
    degrees = [min(3, len(each) - 1) for each in rungs]
    if len(rungs) == 1:
        return UnivariateSpline(rungs[0], heights, k=degrees[0], s=0)(plane[:, 0])
    table = heights.reshape(len(rungs[0]), len(rungs[1]))
    return RectBivariateSpline(*rungs, table, kx=degrees[0], ky=degrees[1]).ev(plane[:, 0], plane[:, 1])


def _rungs(box: Box) -> list[Array]:
    """Return the places along the first one or two sides at which theory is computed; whole numbers where need be."""
    free = min(2, len(box.sides))
    evenly = np.repeat(np.linspace(0.0, 1.0, PLACES[free])[:, None], len(box.sides), 1)
    snapped = box.snap(evenly)
    return [np.unique(snapped[:, axis]) for axis in range(free)]


def agreement(shown: pd.DataFrame, verdict: str, level: float) -> dict[str, Any]:
    """Return where theory and simulation part, in shares of the map.

    Parameters
    ----------
    shown : DataFrame
        With ``odds``, ``first_response`` and ``eigenvalue``.

    Returns
    -------
    dict
        ``first_response``, ``eigenvalue``: [lo, hi] over the map. By the first response alone: ``foretold`` (where
        it lies on the verdict's side of the cut), ``agree``, ``theory_alone``, ``simulation_alone`` (None for a
        fizzle, on which it says nothing). ``breeds``: where a message causes one or more, ``breeds_there`` the same
        of the part where the odds lie above the level (None without one).
    """
    first, eigenvalue = shown["first_response"].to_numpy(float), shown["eigenvalue"].to_numpy(float)
    simulated = shown["odds"].to_numpy(float) > level
    low, high = round(1.0 - CUTOFF, 12), CUTOFF
    known = np.isfinite(first).all()
    told: dict[str, Any] = {
        "first_response": [float(first.min()), float(first.max())] if known else None,
        "eigenvalue": [float(eigenvalue.min()), float(eigenvalue.max())], "breeds": float((eigenvalue >= 1.0).mean()),
        "breeds_there": float((eigenvalue[simulated] >= 1.0).mean()) if simulated.any() else None,
    }  # fmt: skip
    if verdict == "fizzled" or not known:
        return told | dict.fromkeys(("foretold", "agree", "theory_alone", "simulation_alone"))
    foretold = {
        "hijacked": first >= high, "viral_positive": first <= low, "contested": (first > low) & (first < high)
    }[verdict]  # fmt: skip
    return told | {
        "foretold": float(foretold.mean()), "agree": float((foretold == simulated).mean()),
        "theory_alone": float((foretold & ~simulated).mean()),
        "simulation_alone": float((simulated & ~foretold).mean()),
    }  # fmt: skip
