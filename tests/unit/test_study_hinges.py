from __future__ import annotations

import numpy as np
import pytest

from sim.rng import SETUP, Stream, fill_uniform, stream_state
from sim.study.hinges import Runs, Surrogate, fit_linear, fit_logistic, fit_surrogate, hinges, scaled, swings
from sim.study.inputs import Input


def inputs_of(*names: str) -> list[Input]:
    return [Input(name, name, "1", "assumed", 0.5, 0.3, 0.7, name.startswith("network.")) for name in names]


def draws(points: int, columns: int, about: int = 0) -> np.ndarray:
    state = np.uint64(stream_state(5, SETUP, int(Stream.DESIGN)))
    return fill_uniform(state, np.arange(points * columns, dtype=np.uint64), np.uint64(about)).reshape(points, columns)


def runs_of(places: np.ndarray, log_odds: np.ndarray, ignited: np.ndarray | None = None) -> Runs:
    messages = np.full(len(places), 10_000.0)
    counter = np.rint(messages / (1 + np.exp(-log_odds)))
    hit = np.ones(len(places)) if ignited is None else ignited.astype(float)
    return Runs(places, np.arange(len(places)) // 2, counter, messages, hit)


LINE = np.log(0.65 / 0.35)
INPUTS = inputs_of("people.a", "people.b", "post.c", "reaction.b_d", "network.e")
PLACES = scaled(0.3 + 0.4 * np.repeat(draws(32, 5), 2, axis=0), INPUTS)
LUCK = 0.1 * (draws(64, 1, about=7)[:, 0] - 0.5)
# b moves the share most among what can be found out, a next; a coefficient and the graph move it more
SLOPES = np.array([0.3, -0.6, 0.05, 1.0, 0.9])
DRAWN = runs_of(PLACES, LINE + 0.2 + PLACES @ SLOPES + LUCK)
CENTRAL = runs_of(np.zeros((60, 5)), LINE + 0.2 + 0.1 * (draws(60, 1, about=8)[:, 0] - 0.5))


def test_the_inputs_that_move_the_odds_are_found_in_order_and_flip_where_they_should() -> None:
    model = fit_surrogate(DRAWN, CENTRAL)
    first, second = hinges(model, DRAWN, INPUTS)
    assert (first["name"], second["name"]) == ("people.b", "people.a")
    # the log-odds lie 0.2 above the line: b flips it at a third of its half-width, a at two thirds below
    assert first["flips_at"] == pytest.approx(0.5 + 0.2 * 0.2 / 0.6, abs=0.02)
    assert second["flips_at"] == pytest.approx(0.5 - 0.2 * 0.2 / 0.3, abs=0.03)
    assert first["hijacked_low"] > 0.95 and first["hijacked_high"] < 0.05
    assert (first["low"], first["value"], first["high"]) == (0.3, 0.5, 0.7)


def test_coefficients_and_the_graph_move_the_odds_but_are_not_named() -> None:
    model = fit_surrogate(DRAWN, CENTRAL)
    swing = swings(model, DRAWN, INPUTS)
    assert swing[3] > swing[1] and swing[4] > swing[0]
    named = {hinge["name"] for hinge in hinges(model, DRAWN, INPUTS, how_many=5)}
    assert named == {"people.a", "people.b", "post.c"}


def test_a_campaign_that_may_fizzle_hangs_on_what_ignites_it() -> None:
    ignited = draws(64, 1, about=9)[:, 0] < 1 / (1 + np.exp(-4 * PLACES[:, 2]))
    drawn = runs_of(PLACES, LINE + 1.0 + LUCK, ignited)
    central = runs_of(np.zeros((60, 5)), np.full(60, LINE + 1.0), np.arange(60) % 2 == 0)
    found = hinges(fit_surrogate(drawn, central), drawn, INPUTS)[0]
    assert found["name"] == "post.c" and found["hijacked_low"] < 0.3 < 0.7 < found["hijacked_high"]
    assert found["flips_at"] == pytest.approx(0.5, abs=0.03)


def test_without_a_crossing_there_is_no_flip() -> None:
    none = np.zeros(1)
    model = Surrogate(6.0, none, LINE - 1.0, np.array([0.1]), 0.1)
    found = hinges(model, runs_of(np.zeros((4, 1)), np.zeros(4)), inputs_of("post.c"))
    assert found[0]["flips_at"] is None and found[0]["hijacked_high"] < 0.01


def test_the_fits_solve_their_own_equations() -> None:
    places = draws(30, 2) * 2 - 1
    hit = (places[:, 0] > 0).astype(float)
    beta = fit_logistic(places, hit, np.full(30, 2.0), penalty=1.0)
    p = 1 / (1 + np.exp(-(beta[0] + places @ beta[1:])))
    assert places.T @ (2.0 * (hit - p)) == pytest.approx(beta[1:], abs=1e-6)
    straight = fit_linear(places, 3.0 + places @ np.array([1.0, -2.0]), np.ones(30), penalty=1e-9)
    assert straight == pytest.approx([3.0, 1.0, -2.0], abs=1e-6)


def test_runs_that_all_agree_or_never_spoke_give_finite_answers() -> None:
    silent = Runs(PLACES, DRAWN.draw, np.zeros(64), np.zeros(64), np.zeros(64))
    for drawn in (silent, runs_of(PLACES, np.full(64, 5.0))):
        model = fit_surrogate(drawn, drawn)
        found = hinges(model, drawn, INPUTS)
        assert all(np.isfinite([hinge["hijacked_low"], hinge["hijacked_high"]]).all() for hinge in found)
        assert all(hinge["flips_at"] is None for hinge in found)


def test_without_inputs_nothing_hangs_on_anything() -> None:
    drawn = runs_of(np.zeros((10, 0)), np.zeros(10))
    assert hinges(fit_surrogate(drawn, drawn), drawn, []) == []
