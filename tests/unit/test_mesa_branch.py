"""A branch at any minute, under any policy, is the run that had this policy from the start."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim import CampaignModel
from sim.agents import ModelError
from sim.config.agency import MOVES, PolicyConfig
from sim.errors import ConfigError
from tests.unit.mesa_example import lively, same

NOW = 90


@cache
def source():
    """Return a silent model at minute 90, to branch from and never to steer."""
    model = CampaignModel(lively(), rng=7, record="log")
    model.run_for(NOW)
    return model


def from_start(*rules):
    """Return the run that had a policy from the start, ended."""
    first = source()
    model = CampaignModel(
        lively(policy__rules=list(rules)), rng=7, record="log", graph=first.graph, population=first.population
    )
    model.run_model()
    return model


def ended(model):
    if model.running:
        model.run_model()
    return model


def alike(one, other):
    """Tell whether two ended models lived the same run, rules and counts included."""
    left, right = one.record(), other.record()
    return same(left, right) and np.array_equal(left.fired, right.fired) and left.replies == right.replies


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("minute", [NOW, 150, 40], ids=["present", "later", "earlier"])
def test_a_branch_is_the_run_that_had_the_policy_from_the_start(move, minute):
    branch = source().branch(minute=minute, policy={"rules": [{"move": move}]})
    assert (branch.minute, branch.steps, branch.time, branch.running) == (minute, minute, float(minute), True)
    assert source().minute == NOW
    whole = from_start({"move": move, "at_minute": minute})
    assert alike(ended(branch), whole)
    assert whole.record().fired.tolist() == [minute]
    assert same(whole.record(), from_start().record()) == (move == "silent")


@pytest.mark.parametrize("name", ["acknowledge", "engage", "amplify", "withdraw"])
def test_a_policy_with_triggers_of_its_own_waits_for_them_and_for_the_minute(name):
    branch = ended(source().branch(minute=120, policy=name))
    (rule,) = branch.policy.rules
    waits = rule.model_copy(update={"at_minute": max(120, rule.at_minute or 0)})
    assert alike(branch, from_start(waits.model_dump()))


def test_several_rules_act_each_in_its_own_time():
    rules = [{"move": "clarify"}, {"move": "engage", "counter_share": 0.1}, {"move": "withdraw", "at_minute": 200}]
    branch = ended(source().branch(minute=60, policy={"name": "mixed", "rules": rules}))
    waits = [{"move": "clarify", "at_minute": 60}, {**rules[1], "at_minute": 60}, rules[2]]
    assert alike(branch, from_start(*waits))
    assert branch.policy.name == "mixed"
    assert branch.record().fired[0] == 60 and branch.record().fired[2] == 200


def test_a_branch_without_a_policy_goes_on_with_the_one_in_force():
    for minute in (0, 30, NOW, 250, 360):
        assert alike(ended(source().branch(minute=minute)), from_start())
    acting = CampaignModel(lively(policy__rules=[{"move": "engage", "at_minute": 20}]), rng=7, record="log")
    acting.run_for(100)
    for minute in (10, 60, 100, 200):
        assert alike(ended(acting.branch(minute=minute)), from_start({"move": "engage", "at_minute": 20}))


def test_an_earlier_branch_knows_what_was_set_by_hand_before_it_and_not_after():
    model = source().branch()
    model.act("acknowledge")
    model.run_until(120)
    model.policy = {"rules": [{"move": "clarify"}]}
    model.run_until(200)
    model.act("withdraw")
    model.run_until(300)
    first, second = {"move": "acknowledge", "at_minute": NOW}, {"move": "clarify", "at_minute": 120}
    for minute, rules in ((NOW, []), (100, [first]), (120, [first]), (200, [first, second])):
        branch = ended(model.branch(minute=minute))
        assert same(branch.record(), from_start(*rules).record())
    again = model.branch(minute=250).branch(minute=200)
    assert same(ended(again).record(), from_start(first, second).record())


def test_feelings_set_by_hand_are_kept_from_there_on_and_never_computed_again():
    model = source().branch()
    model.follower(3).grievance = 1.0
    model.run_until(120)
    assert model.branch(minute=150).follower(3).grievance == 1.0
    for minute in (NOW, 40):
        assert model.branch(minute=minute).follower(3).grievance != 1.0
    with pytest.raises(ModelError, match="minute 100 has passed, and feelings were set by hand in minute 90"):
        model.branch(minute=100)


def test_a_minute_that_cannot_be_is_refused():
    model = source()
    with pytest.raises(ConfigError, match=r"minute must be at most 360: the run ends at minute 360; got 361\."):
        model.branch(minute=361)
    with pytest.raises(ConfigError, match=r"at most 359: .* a policy needs one to act in; got 360"):
        model.branch(minute=360, policy="silent")
    for wrong in (-1, 2.5, "now", True):
        with pytest.raises(ConfigError, match="minute must be a whole number of at least 0, got"):
            model.branch(minute=wrong)
    with pytest.raises(ConfigError, match="policy must be one of acknowledge"):
        model.branch(minute=100, policy="withdrew")
    with pytest.raises(ConfigError, match="not a parameter"):
        model.branch(policy={"rules": [{"mvoe": "withdraw"}]})
    with pytest.raises(ConfigError, match="a rule needs at least one trigger"):
        model.branch(policy={"rules": [{"move": "withdraw", "at_minute": None}]})
    closed = model.branch()
    closed.close()
    with pytest.raises(ModelError, match="closed"):
        closed.branch(minute=10)
    assert model.policy == PolicyConfig()
