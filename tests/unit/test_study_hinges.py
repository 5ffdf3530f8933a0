from __future__ import annotations

import numpy as np
import pytest

from sim.rng import SETUP, Stream, fill_uniform, stream_state
from sim.study.hinges import Surrogate, fit, fit_best, hinges, scaled
from sim.study.inputs import Input


def inputs_of(*names: str) -> list[Input]:
    return [Input(name, name, "1", "assumed", 0.5, 0.3, 0.7) for name in names]


def draws(points: int, columns: int) -> np.ndarray:
    state = np.uint64(stream_state(5, SETUP, int(Stream.DESIGN)))
    return fill_uniform(state, np.arange(points * columns, dtype=np.uint64), np.uint64(0)).reshape(points, columns)


def test_the_inputs_that_move_the_odds_are_found_in_order_and_the_flip_lies_where_it_should() -> None:
    inputs = inputs_of("people.a", "people.b", "post.c", "reaction.b_d")
    values = 0.3 + 0.4 * draws(400, 4)
    places = scaled(values, inputs)
    # log-odds: b moves most among the inputs, a next, d (a coefficient) most of all
    line = 1.0 + 1.5 * places[:, 0] - 3.0 * places[:, 1] + 4.0 * places[:, 3]
    hijacked = (draws(400, 5)[:, 4] < 1 / (1 + np.exp(-line))).astype(float)
    model = fit_best(places, hijacked, np.ones(400))
    found = hinges(model, inputs)
    assert [item["name"] for item in found] == ["people.b", "people.a"]
    assert found[0]["flips_at"] == pytest.approx(0.5 + 0.2 / 3, abs=0.03)
    assert found[0]["hijacked_low"] > 0.9 and found[0]["hijacked_high"] < 0.25


def test_without_a_crossing_there_is_no_flip() -> None:
    found = hinges(Surrogate(-4.0, np.array([1.0])), inputs_of("post.c"))
    assert found[0]["flips_at"] is None
    assert found[0]["hijacked_high"] == pytest.approx(1 / (1 + np.exp(3.0)))


def test_the_fit_solves_its_own_equations() -> None:
    places = draws(30, 2) * 2 - 1
    hijacked = (places[:, 0] > 0).astype(float)
    model = fit(places, hijacked, np.full(30, 2.0), penalty=1.0)
    p = 1 / (1 + np.exp(-(model.intercept + places @ model.slopes)))
    assert places.T @ (2.0 * (hijacked - p)) == pytest.approx(model.slopes, abs=1e-6)


def test_runs_that_all_agree_give_finite_odds_and_no_flip() -> None:
    places = draws(40, 3) * 2 - 1
    model = fit_best(places, np.ones(40), np.ones(40))
    assert np.isfinite(model.intercept) and model.probability(0, 0.0) > 0.95
    assert all(item["flips_at"] is None for item in hinges(model, inputs_of("people.a", "people.b", "post.c")))


def test_without_inputs_nothing_hangs_on_anything() -> None:
    model = fit_best(np.zeros((10, 0)), np.full(10, 0.5), np.ones(10))
    assert hinges(model, []) == []
