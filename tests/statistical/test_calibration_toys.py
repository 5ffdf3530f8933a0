"""Both kinds of ABC against posteriors that are known in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.study.calibration.contraction import IDENTIFIED, contraction, disagree
from sim.study.calibration.coverage import LEVELS, METHODS, better, both, coverage, error_of
from sim.study.calibration.predictive import places
from sim.study.calibration.rejection import Reference, Settings
from sim.study.calibration.ridge import fitted
from sim.study.calibration.weighted import Posterior, resampled, weighted_quantiles

ROWS = 8000
LOW, HIGH = np.array([-3.0, -3.0]), np.array([3.0, 3.0])


@pytest.fixture(scope="module")
def normal_mean() -> Reference:
    """Two parameters, of which the second moves nothing; two summaries of the first, and two that say nothing."""
    rng = np.random.default_rng(7)
    values = rng.uniform(LOW, HIGH, (ROWS, 2))
    summaries = np.stack([
        values[:, 0] + rng.normal(0, 0.3, ROWS), 2 * values[:, 0] + rng.normal(0, 1, ROWS), rng.normal(0, 1, ROWS),
        np.exp(rng.normal(0, 1, ROWS)),
    ], axis=1)  # fmt: skip
    return Reference(("mean", "idle"), LOW, HIGH, values, summaries)


def test_the_posterior_of_a_normal_mean_is_found(normal_mean):
    found = both(normal_mean, np.array([0.5, 1.4, 0.0, 1.0]), Settings())
    precision = 1 / 0.3**2 + 2**2
    mean, deviation = (0.5 / 0.3**2 + 2 * 1.4) / precision, precision**-0.5
    adjusted = found["regression"]
    assert adjusted.mean()[0] == pytest.approx(mean, abs=0.06)
    assert np.sqrt(adjusted.variance()[0]) == pytest.approx(deviation, rel=0.15)
    assert adjusted.quantiles()[[0, 4], 0] == pytest.approx(
        [mean - 1.96 * deviation, mean + 1.96 * deviation], abs=0.12
    )
    # what is accepted as it is lies about the same place, a little wider
    assert found["rejection"].mean()[0] == pytest.approx(mean, abs=0.1)
    assert 0.9 * deviation < np.sqrt(found["rejection"].variance()[0]) < 1.5 * deviation


def test_a_parameter_that_moves_nothing_is_not_identified(normal_mean):
    for posterior in both(normal_mean, np.array([0.5, 1.4, 0.0, 1.0]), Settings()).values():
        learned = contraction(normal_mean, posterior)
        assert learned[0] > 0.9
        assert abs(learned[1]) < IDENTIFIED


def test_adjusted_draws_stay_within_the_prior(normal_mean):
    for posterior in both(normal_mean, np.array([3.4, 6.5, 0.0, 1.0]), Settings()).values():
        assert (posterior.values >= LOW).all()
        assert (posterior.values <= HIGH).all()


def test_intervals_hold_the_truth_of_held_out_rows_as_often_as_they_say(normal_mean):
    found = coverage(normal_mean, np.arange(0, ROWS, ROWS // 120)[:120], Settings())
    for row, level in enumerate(LEVELS):
        apart = np.abs(found["regression"].found()[row] - level)
        assert (apart < 1.5 * error_of(level, 120)).all(), (level, apart)
    # rejection is honest of what it does not know, and wider than need be where it does
    assert found["rejection"].variance.mean(0)[0] > found["regression"].variance.mean(0)[0]
    assert better(found) == "regression"


def test_a_posterior_that_is_too_narrow_is_found_out(normal_mean):
    honest = coverage(normal_mean, np.arange(60), Settings())["regression"]
    outwards = np.where(honest.ranks < 0.5, 0.5 * honest.ranks, 0.5 + 0.5 * honest.ranks)
    narrowed = replace(honest, ranks=outwards, score=0.9 * honest.score)
    assert honest.honest()
    assert not narrowed.honest()
    assert better({"regression": honest, "rejection": narrowed}) == "regression"


def test_bounds_bands_and_undefined_summaries_are_conditioned_on():
    """Uniform on [0, 1]; seen are whether it is above 0.7, and a second number that exists below 0.9 alone."""
    rng = np.random.default_rng(3)
    values = rng.random((ROWS, 1))
    bound = np.minimum(values[:, 0], 0.7)
    exists = np.where(values[:, 0] < 0.9, rng.normal(0, 1, ROWS), np.nan)
    zero, one = np.zeros(1), np.ones(1)
    reference = Reference(("p",), zero, one, values, np.stack([bound, exists], axis=1))
    above = both(reference.without(np.array([False, True])), np.array([0.7]), Settings(accepted=0.1, near=0.3))
    for posterior in above.values():
        assert posterior.values.min() > 0.68
        assert posterior.quantiles()[[0, 4], 0] == pytest.approx([0.7075, 0.9925], abs=0.03)
    gone = both(reference, np.array([0.7, np.nan]), Settings(accepted=0.05, near=0.1))["rejection"]
    assert gone.values.min() > 0.88
    there = both(reference, np.array([0.7, 0.0]), Settings(accepted=0.05, near=0.2))["rejection"]
    assert (there.values < 0.9).all()
    assert there.values.min() > 0.68


def test_an_observation_that_the_model_cannot_give_is_named(normal_mean):
    even = np.full(ROWS, 1.0 / ROWS)
    inside = places(normal_mean.summaries, np.array([0.5, 1.4, 0.0, 1.0]), even)
    assert all(place.inside for place in inside)
    outside = places(normal_mean.summaries, np.array([4.5, 1.4, 0.0, 1.0]), even)
    assert [place.inside for place in outside] == [False, True, True, True]
    # a bound that all rows keep is no misfit, one that none keeps is
    kept, broken = places(np.stack([np.full(10, 0.7), np.zeros(10)], axis=1), np.array([0.7, 0.7]), np.full(10, 0.1))
    assert kept.inside
    assert not broken.inside
    nowhere = places(np.full((10, 1), np.nan), np.array([1.0]), np.full(10, 0.1))[0]
    assert not nowhere.inside
    assert nowhere.undefined == 1.0


def test_posteriors_that_say_different_things_are_told_apart():
    rng = np.random.default_rng(2)
    draws, even, rows = rng.normal(0, 1, (500, 3)), np.full(500, 0.002), np.arange(500)
    other = draws * np.array([1.0, 1.0, 2.0]) + np.array([0.0, 1.0, 0.0])
    assert disagree(Posterior(draws, even, rows), Posterior(other, even, rows)).tolist() == [False, True, True]


def test_weighted_draws_have_the_quantiles_of_their_copies():
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.25, 0.5, 0.25])
    assert weighted_quantiles(values, weights, (0.25, 0.625, 0.875)).tolist() == [1.0, 2.0, 3.0]
    posterior = Posterior(values[:, None], weights, np.arange(3))
    assert np.bincount(resampled(posterior, 100), minlength=3).tolist() == [25, 50, 25]
    assert posterior.ranks(np.array([2.0])) == pytest.approx(0.625)
    # E|X - 2| less half of E|X - X'|
    assert posterior.score(np.array([2.0]))[0] == pytest.approx(0.75 - 0.5 * (2 * 0.25 * 0.25 * (1 + 2 * 2 + 2 * 1)))
    assert posterior.effective == pytest.approx(1 / (0.0625 + 0.25 + 0.0625))


def test_the_penalty_is_small_where_there_is_a_line_and_large_where_there_is_none():
    rng = np.random.default_rng(5)
    design = rng.normal(0, 1, (400, 6))
    responses = np.stack([design @ np.arange(6.0) + rng.normal(0, 0.1, 400), rng.normal(0, 1, 400)], axis=1)
    model = fitted(design, responses, np.ones(400))
    assert model.slopes[:, 0] == pytest.approx(np.arange(6.0), abs=0.03)
    assert np.abs(model.slopes[:, 1]).max() < 0.12
    still = fitted(np.zeros((5, 2)), np.ones((5, 1)), np.ones(5))
    assert still.at(np.zeros((1, 2))).tolist() == [[1.0]]
    assert METHODS == ("rejection", "regression")
