"""A branch with other luck keeps its past, and with the run's own luck it is the run itself."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim import CampaignModel
from sim.aftermath.state import luck_of
from sim.engine.run import Run
from sim.engine.world import build_world
from sim.errors import ConfigError
from tests.unit.mesa_example import lively, same

OWN, NOW = 3, 90
TRENDING = {
    "feed.trending.threshold": 0.002,
    "feed.trending.min_messages": 5,
    "feed.trending.looks_a_day": 20.0,
    "newsroom.wire_minutes": 5,
    "newsroom.lag_median_minutes": 30.0,
    "post.paid_reach": 0.2,
    "agency.replies_an_hour": 30.0,
    "policy.rules": [{"move": "engage", "at_minute": 20}, {"move": "amplify", "at_minute": 30}],
}  # fmt: skip


@cache
def source():
    """Return a trending, paid, answering campaign at minute 90, never to be steered."""
    model = CampaignModel(lively(**TRENDING), rng=7, replicate=OWN, record="log")
    model.run_for(NOW)
    assert model.trending and model.record().replies > 0
    return model


@cache
def from_start(replicate):
    """Return the run that had a replicate's luck from the start, ended."""
    first = source()
    model = CampaignModel(lively(**TRENDING), rng=7, replicate=replicate, record="log", graph=first.graph,
                          population=first.population)  # fmt: skip
    model.run_model()
    return model.record()


def ended(model):
    if model.running:
        model.run_model()
    return model.record()


@pytest.mark.parametrize("minute", [0, 40, NOW, 200, 360])
def test_the_runs_own_luck_is_the_run_itself(minute):
    branch = source().branch(minute=minute, replicate=OWN)
    assert same(ended(branch), from_start(OWN))
    assert branch.replicate == OWN


@pytest.mark.parametrize("minute", [40, NOW, 200])
def test_other_luck_leaves_the_past_as_it_was_and_changes_what_comes(minute):
    branch = ended(source().branch(minute=minute, replicate=8))
    assert same(branch, from_start(OWN), before=minute)
    assert not same(branch, from_start(OWN)) and not same(branch, from_start(8))
    assert same(branch, ended(source().branch(minute=minute, replicate=8)))
    assert not same(branch, ended(source().branch(minute=minute, replicate=9)))


def test_other_luck_from_the_first_minute_on_is_the_run_of_that_replicate():
    assert same(ended(source().branch(minute=0, replicate=8)), from_start(8))


def test_luck_and_moves_of_a_branch_come_back_when_it_is_computed_again():
    branch = source().branch(replicate=8)
    branch.act("acknowledge")
    ended(branch)
    assert branch.replicate == 8
    again = branch.branch(minute=200)
    assert again.replicate == 8 and same(ended(again), branch.record())
    before = branch.branch(minute=60)
    assert before.replicate == OWN and same(ended(before), from_start(OWN))


def test_a_policy_and_other_luck_go_together():
    branch = source().branch(minute=120, replicate=8, policy={"rules": [{"move": "withdraw"}]})
    kept = ended(branch)
    assert kept.fired.tolist() == [120] and same(kept, from_start(OWN), before=120)


def test_the_luck_of_a_later_campaign_of_the_same_sender_is_counted_by_its_replicate():
    first = CampaignModel(lively(), rng=7, replicate=2)
    first.run_for(60)
    then = CampaignModel(lively(), replicate=2, after=first.aftermath(), record="log")
    then.run_for(30)
    assert then.branch(replicate=2).replicate == luck_of(2, 1) == then.replicate
    assert same(ended(then.branch(replicate=2)), ended(then.branch()))


def test_what_waits_is_seen_when_it_would_have_been_and_other_sessions_are_drawn_anew():
    """Whether a message waits was decided by how long; so that session stays, or the future would see too little."""
    hot = [model.engine.bench.arrays["hot"] for model in (source(), source().branch(replicate=8))]
    entry, session = ([each[:, column] for each in hot] for column in (1, 0))
    waits = entry[0] >= NOW
    assert waits.sum() > 200 and np.array_equal(*entry) and np.array_equal(session[0][waits], session[1][waits])
    unknown = session[0] < NOW
    redrawn = session[1][unknown]
    assert unknown.sum() > 200 and 50 < (redrawn >= NOW).sum() < unknown.sum()


@pytest.mark.parametrize("minute", [30, 120])
def test_other_luck_from_a_minute_on_keeps_the_law_of_what_comes(minute):
    """Means over lived runs and over their futures are the same, within four standard errors of the differences."""
    world = build_world(lively(people__n_followers=800, horizon_hours=4, seed=7))
    steps = []
    for luck in range(200):
        run = Run(world, replicate=luck)
        run.advance(minute)
        other = run.twin()
        other.take_luck(1000 + luck)
        volumes = []
        for each in (run, other):
            each.advance(240)
            volumes.append(int(each.record().messages.by_people.sum()))
            each.close()
        steps.append(volumes[1] - volumes[0])
    assert abs(np.mean(steps)) < 4 * np.std(steps) / np.sqrt(len(steps))


def test_a_replicate_that_cannot_be_is_refused():
    for wrong in (-1, 2.5, "8", True):
        with pytest.raises(ConfigError, match="replicate must be a whole number of at least 0, got"):
            source().branch(replicate=wrong)
