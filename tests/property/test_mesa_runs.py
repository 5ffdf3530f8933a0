"""However a model is driven, it is the same run."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from sim import CampaignModel
from sim.engine.record import RunRecord
from sim.engine.run import run_campaign
from tests.unit.mesa_example import lively, same

HORIZON = 120
CONFIGURATION = lively(horizon_hours=2, people__n_followers=400, policy__rules=[{"move": "engage", "at_minute": 30}])

drives = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.just(1)),
        st.tuples(st.just("run_for"), st.integers(0, 60)),
        st.tuples(st.just("look"), st.just(0)),
        st.tuples(st.just("branch"), st.just(0)),
    ),
    max_size=12,
)


@cache
def plain() -> tuple[CampaignModel, RunRecord]:
    model = CampaignModel(CONFIGURATION, rng=5)
    return model, run_campaign(model.engine.world, replicate=0)


@settings(max_examples=25)
@given(drives)
def test_any_way_of_stepping_looking_and_branching_gives_the_engines_run(drive):
    first, record = plain()
    model = CampaignModel(CONFIGURATION, rng=5, graph=first.graph, population=first.population)
    for way, minutes in drive:
        if way == "branch":
            model = model.branch()
        elif way == "look":
            model.agents.shuffle_do(lambda follower: follower.odds("both"))
            model.measures()
        elif model.running:
            model.run_for(minutes) if way == "run_for" else model.step()
    if model.running:
        model.run_model()
    assert model.steps == HORIZON
    assert same(model.record(), record)


@settings(max_examples=15)
@given(st.integers(0, HORIZON - 1), st.sampled_from(["withdraw", "acknowledge", "defend", "amplify", "change_ask"]))
def test_a_move_leaves_all_minutes_before_it_as_they_were(minute, move):
    first, record = plain()
    model = CampaignModel(CONFIGURATION, rng=5, graph=first.graph, population=first.population)
    model.run_until(minute)
    model.act(move)
    model.run_model()
    assert same(model.record(), record, before=minute)
    assert model.record().fired[-1] == minute
