"""Past posts made from known audiences: intervals hold them as often as they say; closed forms are the theory's."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.intake_coverage import coverage
from sim.catalogue.registry import load_case
from sim.config.root import changed
from sim.outcome.responses import answers_of_all, audiences_of, response_shares
from sim.outcome.theory import first_response
from sim.people.population import create_population
from sim.reaction.actions import ask_vector, coefficient_vector
from tests.intake_table import made_up_universal

pytestmark = pytest.mark.statistical


@pytest.mark.parametrize("case", ["my_nypd", "police_dog", "ask_jpm"])
def test_a_few_hundred_people_respond_as_a_whole_population_does(case):
    config = changed(load_case(case), {"people.n_followers": 40_000})
    coefficients, ask = coefficient_vector(config.reaction)[None], ask_vector(config.post)[None, None]
    crowd = audiences_of(config.people, {"grievance_mean": np.array([config.people.grievance_mean])})
    shared, friendly, critical = response_shares(coefficients, ask, crowd, config.people)[0, 0]
    drawn = first_response(config, create_population(config))
    assert critical / (shared + friendly + critical) == pytest.approx(drawn, rel=0.06)
    answers = answers_of_all(coefficients, ask[0], crowd, config.people)[0]
    assert (answers > 0).all() and answers[3] > answers[1]  # a counter message draws more counter answers


def test_intervals_of_what_posts_told_hold_the_truth_as_often_as_they_say():
    found = coverage(made_up_universal(), histories=40, posts=16, draws=2400, seed=1)
    assert found["histories"] == 40
    for name in ("people.grievance_mean", "people.support_mean"):
        # a binomial of 40 at 0.9: outside of these once in ten thousand
        assert 0.68 <= found["inside"][name] <= 1.0, found
        assert 0.30 <= found["rank"][name] <= 0.70, found
    assert found["contraction"]["people.grievance_mean"] > 0.1
    assert found["effective_draws"] > 150
