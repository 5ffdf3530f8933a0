"""What the sender changes in mid-run, and branches: nothing before the change is touched."""

from __future__ import annotations

import numpy as np
import pytest

from sim import CampaignModel
from sim.agents import ModelError
from sim.config.agency import PolicyConfig
from sim.errors import ConfigError
from tests.unit.mesa_example import lively, same


def run(policy=(), at=None, change=None, **changes):
    """Return a model run to its end, with a change made at a minute."""
    model = CampaignModel(lively(policy__rules=list(policy), **changes), rng=7)
    if at is not None:
        model.run_for(at)
        change(model)
    model.run_model()
    return model


def move(name, **triggers):
    return {"move": name, **triggers}


def test_a_move_made_by_hand_is_that_of_a_rule_for_this_minute():
    by_hand = run(at=60, change=lambda m: m.act("withdraw"))
    by_rule = run([move("withdraw", at_minute=60)])
    assert same(by_hand.record(), by_rule.record())
    assert not same(by_hand.record(), run().record())
    assert by_hand.record().fired.tolist() == [60]


def test_a_policy_set_in_mid_run_is_that_of_a_rule_from_that_minute_on():
    for policy in (PolicyConfig(name="a", rules=({"move": "clarify", "at_minute": 0},)),
                   {"name": "a", "rules": [move("clarify", at_minute=40)]}):  # fmt: skip
        set_later = run(at=45, change=lambda m, policy=policy: setattr(m, "policy", policy))
        assert set_later.policy.name == "a"
        assert same(set_later.record(), run([move("clarify", at_minute=45)]).record())


def test_a_policy_can_be_named():
    def name_it(model):
        model.policy = "acknowledge"
        assert model.policy.name == "acknowledge"

    named = run(at=30, change=name_it)
    fired = int(named.record().fired[0])
    assert fired >= 30
    assert (named.messages["kind"] == "acknowledgement").sum() == 1
    assert same(named.record(), run().record(), before=fired)
    assert not same(named.record(), run().record())


def test_branches_are_alike_up_to_the_change():
    quiet = run()
    for name in ("acknowledge", "engage", "amplify", "change_ask", "post_else", "defend", "clarify", "withdraw"):
        changed = run(at=90, change=lambda m, name=name: m.act(name))
        assert same(quiet.record(), changed.record(), before=90)
        assert not same(quiet.record(), changed.record())


def test_what_has_begun_goes_on_under_another_policy():
    engaged = [move("engage", at_minute=10)]
    model = run(engaged, at=60, change=lambda m: setattr(m, "policy", "silent"))
    assert same(model.record(), run(engaged).record())
    assert model.record().replies > 12


def test_a_fired_rule_does_not_fire_again_when_a_move_is_made_by_hand():
    rules = [move("acknowledge", at_minute=10), move("clarify", at_minute=200)]
    model = run(rules, at=60, change=lambda m: m.act("defend"))
    assert model.record().fired.tolist() == [10, 200, 60]
    assert (model.messages["kind"] == "acknowledgement").sum() == 1


def test_moves_still_to_come_outlive_a_change_of_policy_and_made_ones_do_not_come_back():
    def twice(model):
        model.act("acknowledge")
        model.policy = {"rules": [move("clarify", at_minute=0)]}
        model.step()
        model.policy = {"rules": []}

    model = run(at=60, change=twice)
    kinds = model.messages.loc[model.messages["role"] == "agency", "kind"].tolist()
    assert kinds == ["post", "statement", "acknowledgement"]
    assert model.record().fired.tolist() == []


def test_more_moves_by_hand_than_a_policy_may_hold_are_possible():
    model = CampaignModel(lively(), rng=7)
    for _ in range(20):
        model.act("silent")
        model.step()
    assert model.record().fired.tolist() == list(range(20))
    assert model.policy.rules == ()


def test_what_is_no_policy_and_no_move_is_refused():
    model = CampaignModel(lively(), rng=7)
    with pytest.raises(ConfigError, match="policy must be one of acknowledge, .* Did you mean 'withdraw'"):
        model.policy = "withdrew"
    with pytest.raises(ConfigError, match="policy must be a PolicyConfig, a name or a mapping"):
        model.policy = None
    with pytest.raises(ConfigError, match="not a parameter"):
        model.policy = {"ruels": []}
    with pytest.raises(ConfigError, match="move must be one of acknowledge, "):
        model.act("post_puppy")
    assert model.policy == PolicyConfig()


def test_nothing_can_be_done_after_the_end():
    model = run()
    with pytest.raises(ModelError, match="too late"):
        model.act("withdraw")
    with pytest.raises(ModelError, match="too late"):
        model.policy = "withdraw"


def test_a_branch_goes_on_as_its_model_would():
    model = CampaignModel(lively(policy__rules=[move("engage", at_minute=5)]), rng=7, record="log")
    model.run_for(100)
    model.act("acknowledge")
    model.follower(3).grievance = 1.0
    twin = model.branch()
    assert (twin.minute, twin.steps, twin.time, twin.running) == (100, 100, 100.0, True)
    assert same(twin.record(), model.record())
    model.run_model()
    assert twin.minute == 100
    twin.run_model()
    assert same(twin.record(), model.record())
    assert twin.follower(3).grievance == 1.0


def test_a_branch_leaves_its_model_alone_and_the_world_too():
    plain = run([move("clarify", at_minute=300)])
    model = CampaignModel(lively(policy__rules=[move("clarify", at_minute=300)]), rng=7)
    model.run_for(100)
    model.policy = {"rules": [move("defend", at_minute=0)]}
    twin = model.branch()
    twin.policy = {"rules": [move("clarify", at_minute=300)]}
    twin.run_model()
    model.run_model()
    assert same(twin.record(), plain.record())
    assert not same(model.record(), plain.record())
    fresh = CampaignModel(model.configuration, rng=7, graph=model.graph, population=model.population)
    fresh.run_model()
    assert same(fresh.record(), plain.record())
    assert np.array_equal(model.engine.world.rules, plain.engine.world.rules)


def test_a_branch_of_an_ended_run_has_ended():
    twin = run().branch()
    assert not twin.running
    with pytest.raises(ModelError, match="horizon"):
        twin.step()
