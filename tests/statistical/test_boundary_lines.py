"""The tipping line on surfaces with known lines: a tenth of a grid's runs are enough, and the band holds the line."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from benchmarks.boundary_lines import (
    EACH,
    GRID,
    SURFACES,
    accuracy,
    asked,
    band_holds,
    grid_hits,
    of_grid,
    of_search,
    places,
    width_of,
)
from sim.study.boundary.reading import crossings
from sim.study.boundary.search import search

RUNS = GRID * GRID * EACH // 10


def shares(name: str, seed: int) -> tuple[float, float, float, float]:
    """Return the share misplaced by the search, the raw grid, the smoothed grid, and the band's coverage."""
    surface = SURFACES[name]
    x, y, _ = places()
    true = surface(x, y)
    found = search(asked(surface, seed), 2, runs=RUNS, seed=seed)
    assert found.spent.asked <= RUNS
    hits = grid_hits(surface, seed)
    off = [
        accuracy(true, heights).misplaced
        for heights in (of_search(found), of_grid(hits, 0.5, 0.0), of_grid(hits, 0.5, width_of(hits, seed)))
    ]
    return off[0], off[1], off[2], band_holds(found, surface)


@pytest.mark.statistical
@pytest.mark.parametrize("name", ["curved", "closed"])
def test_a_tenth_of_a_grids_runs_place_the_line_as_well(name: str) -> None:
    ours, raw, smooth, held = shares(name, 1)
    assert ours <= raw
    assert ours <= 2.0 * smooth
    assert held >= 0.8


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.parametrize("name", SURFACES)
def test_a_tenth_of_a_grids_runs_place_the_line_as_well_whatever_its_shape_and_luck(name: str) -> None:
    found = np.array([shares(name, seed) for seed in range(6)])
    ours, raw, smooth, held = found.mean(axis=0)
    print(f"\n{name}: misplaced {ours:.4f}, raw grid {raw:.4f}, smoothed grid {smooth:.4f}, band holds {held:.3f}")
    assert ours <= 0.9 * raw
    assert ours <= 1.5 * smooth
    assert held >= 0.88


def held_in_one_dimension(seeds: range) -> int:
    """Return how often the interval of a tipping point holds it."""
    held = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        steep, middle, level = rng.uniform(8, 40), rng.uniform(0.25, 0.75), rng.uniform(0.2, 0.8)
        true = middle + float(logit(level)) / steep
        ask = asked(lambda x, _, steep=steep, middle=middle: steep * (x - middle), seed)  # type: ignore[misc]
        found = search(
            lambda points, numbers, ask=ask: ask(np.repeat(points, 2, 1), numbers), 1, level=level, runs=400, seed=seed
        )
        near = min(crossings(found.surface, np.array([0.5]), 0), key=lambda each: abs(each.at - true))
        held += (near.low or 0.0) <= true <= (near.high or 1.0)
    return held


@pytest.mark.statistical
def test_the_interval_of_a_tipping_point_holds_it() -> None:
    assert held_in_one_dimension(range(8)) >= 6


@pytest.mark.slow
@pytest.mark.statistical
def test_the_interval_of_a_tipping_point_holds_it_in_95_of_100() -> None:
    held = held_in_one_dimension(range(100, 300))
    print(f"\nheld in {held} of 200")
    assert 180 <= held


@pytest.mark.slow
@pytest.mark.statistical
def test_three_parameters_are_searched_as_well() -> None:
    def log_odds(points: np.ndarray) -> np.ndarray:
        return 20.0 * (points[:, 0] + 0.5 * points[:, 1] ** 2 - 0.4 * points[:, 2] - 0.5)

    rng = np.random.default_rng(3)
    found = search(
        lambda points, numbers: (rng.binomial([len(each) for each in numbers], expit(log_odds(points))),
                                 [len(each) for each in numbers]), 3, runs=4_000, seed=3,
    )  # fmt: skip
    inside = rng.random((20_000, 3))
    assert ((found.surface.mean(inside) > 0) != (log_odds(inside) > 0)).mean() < 0.01
