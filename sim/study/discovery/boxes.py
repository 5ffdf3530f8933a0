"""Which boxes are told: found on one part of the points, simplified there, and judged on the part held out.

A first peeling says which inputs matter: in the box that balances coverage and density best (their harmonic mean),
limits that chance could have made are lifted, one after another. A second peeling has those inputs alone; the
largest of its boxes is taken in which the verdict is as likely as asked, or else the balanced one, and what was cut
off too far is given back. A box is told only if the held-out points, with luck of their own where
the design gives it, bear it out. Its points are then set aside and the next one is looked for (covering).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.study.discovery.odds import Rate, Seen, rate_of
from sim.study.discovery.prim import Box, Flags, Floats, paste, peel, whole

LEAST = 0.05
"""Share of the points that a box must keep."""
_BY_CHANCE = 0.005
"""A limit stays if chance alone would make it so rarely; low, since a peel chooses among many."""
_BORNE_OUT = 0.005
"""A box is told if held-out points would look like it so rarely without it."""
RESAMPLES = 20
_STARTS = 6
"""Every so many boxes of the first peeling are tried."""


@dataclass(frozen=True)
class Told:
    """A box that is told.

    Attributes
    ----------
    box : Box
    density, coverage, mass : Rate, float, float
        On held-out points that no earlier box holds; coverage and mass are shares of all held-out cases and points.
    found_density, found_coverage : float
        On the points on which it was found: too good by the search itself.
    chance : dict of int to float
        By limited feature, the chance to see the held-out density without its limits (a quasi-p-value).
    support : dict of int to float
        By limited feature, the share of resamples in which the search limits it too.
    path : list of Box
        The peeling it was chosen from.
    """

    box: Box
    density: Rate
    coverage: float
    mass: float
    found_density: float
    found_coverage: float
    chance: dict[int, float]
    support: dict[int, float]
    path: list[Box]


def separation(path: list[Box], seen: Seen) -> Floats:
    """Return how well each box tells the verdict's points from the others (phi, its correlation): float64[boxes]."""
    inside = np.array([box.holds(seen.places) for box in path]).astype(np.float64)
    mass, rate = inside.mean(1), seen.rate
    together = inside @ rate / len(rate) - mass * rate.mean()
    return np.asarray(together / np.sqrt(np.maximum(mass * (1 - mass) * rate.mean() * (1 - rate.mean()), 1e-12)))


def chosen(path: list[Box], seen: Seen, at_least: float | None) -> Box:
    """Return the box of a peeling that separates best, or the largest in which the verdict is as likely as asked.

    Where none of them reaches what is asked, the former stands.
    """
    if at_least is not None:
        for box in path:
            if float(seen.rate[box.holds(seen.places)].mean()) >= at_least:
                return box
    return path[int(np.argmax(separation(path, seen)))]


def simplified(box: Box, seen: Seen) -> Box:
    """Return the box without limits that chance could have made, the weakest lifted first."""
    rate, sides = seen.rate, box.sides
    beyond = [
        seen.places[:, column] <= box.low[column] if low else seen.places[:, column] > box.high[column]
        for column, low in sides
    ]
    while sides:
        crossed = np.sum(beyond, axis=0)
        own = rate_of(seen.at(crossed == 0))
        means = [float(rate[crossed == each].mean()) for each in beyond]  # inside, but for this side
        chances = [1.0 if own is None else own.chance_above(mean) for mean in means]
        weakest = int(np.argmax(chances))
        if chances[weakest] <= _BY_CHANCE:
            break
        column, low = sides.pop(weakest)
        beyond.pop(weakest)
        box = box.without_side(column, low=low)
    return box


def chances_of(box: Box, seen: Seen) -> dict[int, float]:
    """Return by limited feature the chance to see the box's density or a higher one without its limits."""
    own, found = rate_of(seen.at(box.holds(seen.places))), {}
    for column in (int(each) for each in box.restricted):
        lifted = box.limited(column, -np.inf, np.inf).holds(seen.places)
        found[column] = 1.0 if own is None else own.chance_above(float(seen.rate[lifted].mean()))
    return found


def search(seen: Seen, at_least: float | None) -> tuple[Box, list[Box]]:
    """Return the box that one search finds, and the peeling that it was chosen from."""
    inputs = seen.places.shape[1]
    everything = peel(seen.places, seen.rate, range(inputs), least=LEAST)
    sets = {tuple(int(each) for each in simplified(box, seen).restricted) for box in everything[::-_STARTS]}
    best, path = 0.0, everything
    for features in sorted(sets - {()}):
        tried = peel(seen.places, seen.rate, features, least=LEAST)
        separates = float(separation(tried, seen).max())
        if separates > best:
            best, path = separates, tried
    box = simplified(chosen(path, seen, at_least), seen) if best > 0.0 else whole(inputs)
    return (paste(box, seen.places, seen.rate) if len(box.restricted) > 0 else box), path


def support_of(seen: Seen, at_least: float | None, seed: int) -> Floats:
    """Return the share of resamples of the points in which a search limits each feature: float64[features]."""
    drawn = np.random.default_rng(seed)
    limited = np.zeros(seen.places.shape[1])
    for _ in range(RESAMPLES):
        again = seen.at(drawn.integers(0, len(seen.places), len(seen.places)))
        limited[search(again, at_least)[0].restricted] += 1.0
    return limited / RESAMPLES


def boxes(seen: Seen, held_out: Flags, *, at_least: float | None, most: int, seed: int) -> tuple[list[Told], list[Box]]:
    """Return the boxes that held-out points bear out, by covering, and the first peeling's boxes.

    Parameters
    ----------
    seen : Seen
    held_out : bool[points]
    at_least : float
        Density asked for.
    most : int
        Boxes wanted at most.
    seed : int
        Of the resampling.
    """
    found: list[Told] = []
    first, overall = [whole(seen.places.shape[1])], rate_of(seen.at(held_out))
    left, kept = seen.at(~held_out), seen.at(held_out)
    all_found, all_kept = float(left.hits.sum()), float(kept.hits.sum())
    points_kept = len(kept.places)
    for number in range(most):
        if len(left.places) * LEAST < 1 or not 0.0 < float(left.hits.mean()) < 1.0 or kept.hits.size == 0:
            break
        box, path = search(left, at_least)
        first = path if number == 0 else first
        inside = kept.at(box.holds(kept.places))
        density, base = rate_of(inside), rate_of(kept)
        if density is None or base is None or overall is None or len(box.restricted) == 0:
            break
        if density.chance_above(max(base.value, overall.value)) > _BORNE_OUT:
            break
        own = left.at(box.holds(left.places))
        support = support_of(left, at_least, seed + number)
        found.append(Told(
            box, density, float(inside.hits.sum()) / max(all_kept, 1.0), len(inside.places) / points_kept,
            float(own.hits.mean()), float(own.hits.sum()) / all_found, chances_of(box, kept),
            {int(column): float(support[column]) for column in box.restricted}, path,
        ))  # fmt: skip
        left, kept = left.at(~box.holds(left.places)), kept.at(~box.holds(kept.places))
    return found, first


def trade_off(path: list[Box], seen: Seen, held_out: Flags) -> list[dict[str, Any]]:
    """Return coverage, density and mass of each box of a peeling, on both parts of the points.

    Returns
    -------
    list of dict
        ``step, restricted``, and for ``found`` and ``held_out`` points ``density_*, coverage_*, mass_*``; the
        held-out density has its interval. Undefined where no point lies inside.
    """
    rows = []
    parts = {"found": seen.at(~held_out), "held_out": seen.at(held_out)}
    for step, box in enumerate(path):
        row: dict[str, Any] = {"step": step, "restricted": len(box.restricted)}
        for name, part in parts.items():
            inside = part.at(box.holds(part.places))
            density = rate_of(inside)
            row |= {
                f"density_{name}": float("nan") if density is None else density.value,
                f"coverage_{name}": float(inside.hits.sum()) / max(float(part.hits.sum()), 1.0),
                f"mass_{name}": len(inside.places) / max(len(part.places), 1),
            }
            if name == "held_out":
                ends = (float("nan"), float("nan")) if density is None else density.interval
                row |= {"density_held_out_lo": ends[0], "density_held_out_hi": ends[1]}
        rows.append(row)
    return rows
