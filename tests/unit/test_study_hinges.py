from __future__ import annotations

import numpy as np
import pytest

from sim.rng import SETUP, Stream, fill_uniform, stream_state
from sim.study.run.hinges import Runs, candidates, fit_linear, fit_surrogate, scaled, swings
from sim.study.run.inputs import Input
from sim.study.run.probe import Axis


def inputs_of(*names: str) -> list[Input]:
    return [Input(name, name, "1", "assumed", 0.5, 0.3, 0.7, name.startswith("network.")) for name in names]


def draws(points: int, columns: int, about: int = 0) -> np.ndarray:
    state = np.uint64(stream_state(5, SETUP, int(Stream.DESIGN)))
    return fill_uniform(state, np.arange(points * columns, dtype=np.uint64), np.uint64(about)).reshape(points, columns)


def runs_of(places: np.ndarray, log_odds: np.ndarray, log_size: np.ndarray | float = 4.0) -> Runs:
    messages = np.full(len(places), 10_000.0)
    counter = np.rint(messages / (1 + np.exp(-log_odds)))
    return Runs(places, np.arange(len(places)) // 2, counter, messages, np.exp(log_size + np.zeros(len(places))))


LINE = float(np.log(0.65 / 0.35))
INPUTS = inputs_of("people.a", "people.b", "post.c", "reaction.b_d", "network.e")
PLACES = scaled(0.3 + 0.4 * np.repeat(draws(32, 5), 2, axis=0), INPUTS)
LUCK = 0.1 * (draws(64, 1, about=7)[:, 0] - 0.5)
# b moves the share most among what can be found out, a next; a coefficient and the graph move it more
SLOPES = np.array([0.3, -0.6, 0.05, 1.0, 0.9])
DRAWN = runs_of(PLACES, LINE + 0.2 + PLACES @ SLOPES + LUCK)
CENTRAL = runs_of(np.zeros((60, 5)), LINE + 0.2 + 0.1 * (draws(60, 1, about=8)[:, 0] - 0.5))


def test_slopes_come_from_the_draws_and_the_level_from_the_centre() -> None:
    model = fit_surrogate(DRAWN, CENTRAL)
    assert model.share.slopes == pytest.approx(SLOPES, abs=0.05)
    assert model.share.level == pytest.approx(LINE + 0.2, abs=0.02)
    assert model.probability(np.zeros((1, 5)))[0] > 0.99


def test_the_inputs_that_move_the_odds_are_found_in_order() -> None:
    model = fit_surrogate(DRAWN, CENTRAL)
    assert [item.name for item in candidates(model, DRAWN, INPUTS, 2)] == ["people.b", "people.a"]


def test_coefficients_and_the_graph_move_the_odds_but_are_not_named() -> None:
    model = fit_surrogate(DRAWN, CENTRAL)
    swing = swings(model, DRAWN, INPUTS)
    assert swing[3] > swing[1] and swing[4] > swing[0]
    assert {item.name for item in candidates(model, DRAWN, INPUTS, 5)} == {"people.a", "people.b", "post.c"}


def test_a_campaign_that_may_fizzle_hangs_on_what_ignites_it() -> None:
    drawn = runs_of(PLACES, LINE + 1.0 + LUCK, 3.0 * PLACES[:, 2])
    model = fit_surrogate(drawn, runs_of(np.zeros((60, 5)), np.full(60, LINE + 1.0), 0.5))
    assert candidates(model, drawn, INPUTS, 1)[0].name == "post.c"


def test_where_nothing_moves_the_odds_the_share_of_counter_messages_tells_what_would() -> None:
    far = runs_of(PLACES, LINE + 9.0 + PLACES @ SLOPES)
    assert candidates(fit_surrogate(far, far), far, INPUTS, 1)[0].name == "people.b"


def test_the_fit_solves_its_own_equations() -> None:
    places = draws(30, 2) * 2 - 1
    straight = fit_linear(places, 3.0 + places @ np.array([1.0, -2.0]), np.ones(30), penalty=1e-9)
    assert straight == pytest.approx([3.0, 1.0, -2.0], abs=1e-6)


def test_runs_that_never_spoke_give_finite_answers() -> None:
    nothing = np.zeros(64)
    silent = Runs(PLACES, DRAWN.draw, nothing, nothing, nothing)
    model = fit_surrogate(silent, silent)
    assert np.isfinite(model.probability(PLACES)).all()
    assert len(candidates(model, silent, INPUTS, 2)) == 2


def test_without_inputs_nothing_hangs_on_anything() -> None:
    drawn = runs_of(np.zeros((10, 0)), np.zeros(10))
    assert candidates(fit_surrogate(drawn, drawn), drawn, [], 2) == []


def axis_of(*points: tuple[float, float, float]) -> Axis:
    """An axis from (place, log size, log-odds of the share)."""
    axis = Axis(inputs_of("people.a")[0], (0.3, 0.05))
    for place, size, share in points:
        axis.add(place, runs_of(np.zeros((2, 0)), np.full(2, share), size))
    return axis


def test_a_flip_is_where_the_share_crosses_the_verdicts_line() -> None:
    axis = axis_of((0.5, 4.0, LINE + 0.2), (0.3, 4.0, LINE + 0.6), (0.7, 4.0, LINE - 0.2))
    assert axis.places == [0.3, 0.5, 0.7]
    assert axis.crossing() == pytest.approx(0.6, abs=0.001)
    told = axis.told()
    assert told["hijacked_low"] > 0.99 and told["hijacked_high"] < 0.01 and told["flips_at"] == axis.crossing()


def test_a_flip_may_be_a_fizzle() -> None:
    axis = axis_of((0.3, -2.0, LINE + 1.0), (0.5, 2.0, LINE + 1.0), (0.7, 4.0, LINE + 1.0))
    assert axis.crossing() == pytest.approx(0.4, abs=0.001)


def test_without_a_crossing_there_is_no_flip_and_nothing_more_to_simulate() -> None:
    axis = axis_of((0.3, 4.0, LINE + 1.0), (0.5, 4.0, LINE + 0.9), (0.7, 4.0, LINE + 0.8))
    assert axis.crossing() is None and axis.next_place() is None and axis.told()["flips_at"] is None


def test_of_two_flips_the_one_nearer_to_the_centre_is_told() -> None:
    axis = axis_of((0.3, 4.0, LINE - 0.1), (0.35, 4.0, LINE + 0.1), (0.5, 4.0, LINE + 0.2), (0.7, 4.0, LINE - 0.8))
    assert axis.crossing() == pytest.approx(0.54, abs=0.002)


def test_each_step_narrows_the_bracket_even_where_it_jumps() -> None:
    """A jump at 0.42: straight lines mislead, and the bracket still closes in on it."""
    axis = axis_of((0.3, -3.0, LINE + 1.0), (0.5, 9.0, LINE + 1.0), (0.7, 9.0, LINE + 1.0))
    for _ in range(8):
        place = axis.next_place()
        assert place is not None
        axis.add(place, runs_of(np.zeros((2, 0)), np.full(2, LINE + 1.0), 9.0 if place > 0.42 else -3.0))
    ends = axis.bracket()
    assert ends is not None and ends[0] <= 0.42 <= ends[1] and ends[1] - ends[0] < 0.06
