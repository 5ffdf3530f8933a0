"""A Mesa user's model: clock, steps, seeds, reporters, tables, and its end."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import mesa
import numpy as np
import pytest
from mesa.datacollection import DataCollector

from sim import CampaignModel
from sim.agents import ModelError
from sim.engine.run import Run, run_campaign
from sim.errors import BackfireError, ConfigError
from sim.network.graph import FollowerGraph
from sim.outcome.log import event_log
from sim.outcome.measures import measure
from tests.unit.mesa_example import lively, same

REPORTERS = ("minute", "hour_of_day", "messages_so_far", "participants", "hijack_share", "reach", "trending", "verdict")


@pytest.fixture(scope="module")
def ended():
    model = CampaignModel(lively(), rng=7)
    model.run_model()
    return model


def test_the_model_is_one_of_mesas(ended):
    assert isinstance(ended, mesa.Model)
    assert isinstance(ended.follower(0), mesa.Agent)


def test_a_model_run_to_its_end_is_the_engines_run_bit_for_bit(ended):
    record = run_campaign(ended.engine.world, replicate=0)
    assert record.messages.minute.size > 300
    assert same(ended.record(), record)


def test_a_step_is_a_minute():
    model = CampaignModel(lively(post__hour=23.5), rng=7)
    assert (model.minute, model.steps, model.time, model.hour_of_day) == (0, 0, 0.0, 23.5)
    for minute in range(1, 61):
        model.step()
        assert (model.minute, model.steps, model.time) == (minute, minute, float(minute))
    assert model.hour_of_day == 0.5
    assert model.running


def test_run_for_and_run_until_stop_where_they_are_told():
    model = CampaignModel(lively(), rng=7)
    model.run_for(30)
    assert model.minute == 30
    model.run_for(np.int64(5))
    model.run_for(5.0)
    model.run_for(0)
    assert model.steps == 40
    model.run_until(60)
    assert model.minute == 60
    model.run_until(lambda m: m.messages_so_far > 100)
    assert model.messages_so_far > 100
    assert 60 < model.minute < model.horizon
    here = model.minute
    model.run_until(lambda m: True)
    assert model.minute == here
    model.run_until(10**6)
    assert model.minute == model.horizon


def test_the_run_ends_at_the_horizon_and_a_step_beyond_it_is_refused():
    model = CampaignModel(lively(), rng=7)
    model.run_for(10**6)
    assert model.minute == model.steps == model.horizon == 360
    assert model.running is False
    for beyond in (model.step, lambda: model.run_for(1)):
        with pytest.raises(ModelError, match="horizon_hours"):
            beyond()
    assert (model.steps, model.time) == (360, 360.0)
    model.run_until(lambda m: False)
    model.run_for(0)


@pytest.mark.parametrize("minutes", [-1, 1.5, True, "60", None])
def test_minutes_are_whole_numbers(minutes):
    model = CampaignModel(lively(), rng=7)
    with pytest.raises(ConfigError, match="whole number"):
        model.run_for(minutes)


def test_a_minute_that_has_passed_is_refused():
    model = CampaignModel(lively(), rng=7)
    model.run_for(10)
    with pytest.raises(ModelError, match="minute 5 has passed"):
        model.run_until(5)


def test_seed_0_is_a_seed_and_a_missing_one_is_drawn_and_recorded():
    zero, one = CampaignModel(lively(), rng=0), CampaignModel(lively(), rng=np.int32(1))
    assert (zero.seed, one.seed, zero.configuration.seed) == (0, 1, 0)
    assert not np.array_equal(zero.population.grievance, one.population.grievance)
    drawn, other = CampaignModel(lively()), CampaignModel(lively())
    assert drawn.seed != other.seed
    drawn.run_for(60)
    again = CampaignModel(lively(), rng=drawn.seed)
    again.run_for(60)
    assert same(drawn.record(), again.record())


@pytest.mark.parametrize("seed", [-1, 2**63, 0.5, True, "7", np.random.PCG64])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(ConfigError, match="rng|seed"):
        CampaignModel(lively(), rng=seed)


def test_a_replicate_changes_luck_and_not_people(ended):
    other = CampaignModel(lively(), rng=7, replicate=1)
    other.run_model()
    assert np.array_equal(other.population.grievance, ended.population.grievance)
    assert np.array_equal(other.graph.follower, ended.graph.follower)
    assert not same(other.record(), ended.record())
    assert same(other.record(), run_campaign(ended.engine.world, replicate=1))


def test_mesas_own_generators_have_no_part_in_it(ended):
    model = CampaignModel(lively(), rng=7)
    model.random.random()
    model.rng.random()
    model.agents.shuffle(inplace=True)
    while model.running:
        model.agents.shuffle_do(lambda follower: follower.acts) if model.minute % 100 == 0 else None
        model.step()
    assert same(model.record(), ended.record())


def test_figures_are_those_of_the_measures(ended):
    outcome = ended.measures()
    assert outcome == measure(ended.record())
    assert ended.messages_so_far == outcome["messages"]
    for name in ("hijack_share", "participants", "reach", "verdict"):
        assert getattr(ended, name) == outcome[name]


def test_figures_are_plain_from_the_first_minute_on():
    model = CampaignModel(lively(), rng=7)
    assert model.hijack_share is None
    assert (model.messages_so_far, model.reach, model.trending, model.verdict) == (0, 0, False, "fizzled")
    assert model.measures()["messages"] == 0
    model.run_for(90)
    assert {name: type(getattr(model, name)) for name in REPORTERS} == {
        "minute": int, "hour_of_day": float, "messages_so_far": int, "participants": int,
        "hijack_share": float, "reach": int, "trending": bool, "verdict": str,
    }  # fmt: skip


def test_a_data_collector_collects_what_the_timeline_holds(ended):
    model = CampaignModel(lively(), rng=7)
    collector = DataCollector(
        model_reporters={name: name for name in REPORTERS} | {"twice": lambda m: 2 * m.messages_so_far}
    )
    model.collect_with(collector)
    model.run_model()
    table = collector.get_model_vars_dataframe()
    assert model.datacollector is collector
    assert table["minute"].tolist() == list(range(361))
    assert table["reach"].tolist()[1:] == ended.timeline["reached"].cumsum().tolist()
    assert table["trending"].tolist()[1:] == ended.timeline["trending"].tolist()
    assert (table["twice"] == 2 * table["messages_so_far"]).all()
    assert same(model.record(), ended.record())


def test_a_collector_can_collect_now_and_then_and_from_agents():
    model = CampaignModel(lively(people__n_followers=50, horizon_hours=1), rng=7)
    collector = DataCollector(agent_reporters={"grievance": "grievance", "acts": lambda f: f.acts})
    model.collect_with(collector, every=25)
    model.run_model()
    table = collector.get_agent_vars_dataframe()
    assert [float(step) for step in table.index.unique("Step")] == [0.0, 25.0, 50.0, 60.0]
    assert table.index.unique("AgentID").tolist() == list(range(50))
    assert table["acts"].groupby("Step").sum().iloc[-1] == model.messages_so_far


def test_a_subclass_steps_and_collects_as_any_mesa_model(ended):
    class Watched(CampaignModel):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.datacollector = DataCollector(model_reporters={"reach": "reach"})

        def step(self):
            super().step()
            self.datacollector.collect(self)

    model = Watched(lively(), rng=7)
    model.run_for(100)
    model.run_model()
    assert len(model.datacollector.get_model_vars_dataframe()) == 360
    assert same(model.record(), ended.record())


def test_the_message_table_says_who_in_what_role(ended):
    table, messages = ended.messages, ended.record().messages
    assert table.columns.tolist() == ["minute", "author", "role", "frame", "kind", "parent", "root", "shares"]
    assert table["kind"].iloc[0] == "post"
    assert table["role"].iloc[0] == "agency"
    assert set(table.loc[table["kind"] == "story", "role"]) <= {"newsroom"}
    people = table[table["author"] >= 0]
    assert len(people) == ended.messages_so_far
    assert people["role"].tolist() == [ended.follower(row).role for row in people["author"]]
    assert np.array_equal(table["root"], messages.root)
    assert (people["frame"] == "counter").mean() == ended.hijack_share


def test_a_loaded_graph_shows_no_authors_and_no_small_groups():
    grown = CampaignModel(lively(), rng=7)
    graph = FollowerGraph(grown.graph.start, grown.graph.follower)
    model = CampaignModel(lively(people__journalist_share=0.003), rng=7, graph=graph)
    model.run_for(120)
    counts = np.bincount(model.population.role, minlength=4)
    assert 0 < counts[3] < 10 <= counts[1]
    table = model.messages
    assert model.messages_so_far > 50
    assert "author" not in table.columns
    assert "activist" in table["role"].tolist()
    assert "journalist" not in table["role"].tolist()


def test_the_timeline_has_a_line_a_minute(ended):
    table = ended.timeline
    assert table.index.tolist() == list(range(360))
    assert table[["originals_campaign", "originals_counter", "shares_campaign", "shares_counter"]].sum().sum() == (
        ended.messages_so_far
    )


def test_a_log_is_kept_where_it_is_asked_for():
    model = CampaignModel(lively(), rng=7, record="log")
    model.run_for(60)
    assert "see" in event_log(model.record())["action"].tolist()
    with pytest.raises(ConfigError, match="record must be one of log, summary"):
        CampaignModel(lively(), rng=7, record="all")


def test_people_and_graph_can_be_handed_on(ended):
    model = CampaignModel(lively(), rng=7, graph=ended.graph, population=ended.population)
    model.run_model()
    assert model.graph is ended.graph
    assert same(model.record(), ended.record())


def test_a_dropped_model_gives_its_bench_back():
    model = CampaignModel(lively(), rng=7)
    model.run_for(5)
    assert len(model.agents) == 1500
    world, gone = model.engine.world, weakref.ref(model)
    bench = model.engine.bench
    del model
    gc.collect()
    assert gone() is None
    assert world.borrow_bench() is bench


def test_a_closed_model_gives_its_bench_back_once_and_says_that_it_is_closed():
    model = CampaignModel(lively(), rng=7)
    world, bench = model.engine.world, model.engine.bench
    model.close()
    model.close()
    run = Run(world)
    assert run.bench is bench
    assert world.borrow_bench() is not bench
    for use in (model.step, lambda: model.minute, lambda: model.messages):
        with pytest.raises(ModelError, match="closed"):
            use()


@pytest.mark.parametrize("way", [pickle.dumps, copy.copy, copy.deepcopy])
def test_copying_is_refused_and_the_refusal_names_the_way(way):
    model = CampaignModel(lively(), rng=7)
    with pytest.raises(BackfireError, match="branch"):
        way(model)
    with pytest.raises(BackfireError, match="view"):
        way(model.follower(0))


def test_events_that_mesa_schedules_come_at_their_minute():
    model = CampaignModel(lively(), rng=7)
    if not hasattr(model, "schedule_event"):
        pytest.skip("this Mesa schedules no events")
    seen = []

    def note():
        seen.append(model.minute)
        model.act("withdraw")

    model.schedule_event(note, at=60.0)
    model.run_model()
    by_hand = CampaignModel(lively(), rng=7)
    by_hand.run_for(60)
    by_hand.act("withdraw")
    by_hand.run_model()
    assert seen == [60]
    assert same(model.record(), by_hand.record())
