"""The rules in rounds at their extremes: nobody, one row, isolated rows, certainty, impossibility, repeats."""

from __future__ import annotations

import numpy as np
import pytest

from sim import CampaignModel
from sim.config.root import Configuration, changed
from sim.engine.run import Run, run_campaign
from sim.errors import ConfigError
from sim.network.graph import FollowerGraph
from sim.outcome.log import event_log
from sim.outcome.measures import measure
from tests.reference.compare import difference
from tests.rounds_world import rounds_of, rounds_world, size_of, undirected

RULES = ("independent_cascade", "linear_threshold")


def ring(n: int) -> FollowerGraph:
    return FollowerGraph.from_edges((np.arange(n) + 1) % n, np.arange(n), n)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("initial", ["widest", "random"])
@pytest.mark.parametrize("n", [0, 1, 63, 64, 65, 4097])
def test_rows_without_follows_put_out_what_they_begin_with_and_no_more(rule, initial, n):
    for adopters in (1, 5, n + 3):
        world = rounds_world(FollowerGraph.from_edges([], [], n), rule, initial=initial, initial_adopters=adopters)
        record = run_campaign(world, replicate=0, record="log")
        assert size_of(record) == min(n, adopters)
        assert rounds_of(record) == 0
        assert record.timeline["reached"].sum() == record.sights.minute.size == 0
        assert sorted(set(record.messages.author.tolist())) == sorted(record.messages.author.tolist())


def test_transmission_0_reaches_nobody_and_1_goes_all_the_way_round():
    assert size_of(run_campaign(rounds_world(ring(100), RULES[0], transmission=0.0), replicate=0)) == 1
    record = run_campaign(rounds_world(ring(100), RULES[0], transmission=1.0), replicate=0)
    assert (size_of(record), rounds_of(record)) == (100, 99)
    assert record.timeline["reached"].sum() == 100  # who began sees it come round


def test_threshold_0_spreads_along_every_follow_and_1_needs_all_who_are_followed():
    graph = undirected(500, 3.0, 1)
    certain = run_campaign(rounds_world(graph, RULES[0], transmission=1.0), replicate=0, record="log")
    eager = run_campaign(rounds_world(graph, RULES[1], threshold=0.0), replicate=0, record="log")
    assert difference(eager, certain, ("threshold 0", "transmission 1")) is None
    assert size_of(run_campaign(rounds_world(ring(100), RULES[1], threshold=1.0), replicate=0)) == 100
    both = FollowerGraph.from_edges([2, 2, 1], [0, 1, 0], 3)  # row 2 follows both others
    assert run_campaign(rounds_world(both, RULES[1], threshold=1.0), replicate=0).messages.minute.tolist() == [0, 1, 2]
    apart = FollowerGraph.from_edges([2, 2, 3], [0, 1, 0], 4)  # of whom one never says anything
    assert size_of(run_campaign(rounds_world(apart, RULES[1], threshold=1.0), replicate=0)) == 2


@pytest.mark.parametrize("rule", RULES)
def test_repeated_follows_and_follows_of_oneself_change_nothing(rule):
    luck = np.random.default_rng(1)
    pairs = luck.integers(0, 60, (200, 2))
    again = np.concatenate((pairs, pairs[:50], np.repeat(np.arange(60)[:, None], 2, axis=1)))
    settings = {"transmission": 0.3, "threshold": 0.3, "initial_adopters": 3}
    once, twice = (
        run_campaign(rounds_world(FollowerGraph.from_edges(*p.T, 60), rule, **settings), replicate=2, record="log")
        for p in (pairs, again)
    )
    assert difference(once, twice, ("once", "repeated")) is None


def test_several_adopters_each_begin_a_cascade_of_their_own():
    chains = FollowerGraph.from_edges([1, 2, 4, 5], [0, 1, 3, 4], 6)
    record = run_campaign(rounds_world(chains, RULES[0], transmission=1.0, initial_adopters=4), replicate=0)
    messages = record.messages
    assert messages.author.tolist() == [0, 1, 3, 4, 2, 5]
    assert messages.root.tolist() == [0, 1, 2, 3, 1, 3]
    assert messages.shares.tolist() == [0, 1, 0, 1, 0, 0]


def test_a_large_run_grows_its_stores_and_the_next_small_one_is_small():
    graph = undirected(20_000, 6.0, 2)
    world = rounds_world(graph, RULES[0], transmission=0.9)
    record = run_campaign(world, replicate=0, record="log")
    assert size_of(record) > 10_000
    small = world.with_config(changed(world.config, {"reaction.transmission": 0.0}))
    assert size_of(run_campaign(small, replicate=0, record="log")) == 1


@pytest.mark.parametrize("rule", RULES)
def test_summary_and_log_tell_the_same_and_outcomes_are_defined_or_none(rule):
    world = rounds_world(undirected(400, 4.0, 3), rule, transmission=0.4, threshold=0.2)
    log = run_campaign(world, replicate=1, record="log")
    summary = run_campaign(world, replicate=1)
    assert summary.sights is None
    assert measure(summary) == measure(log)
    outcome = measure(log)
    assert outcome["messages"] == outcome["participants"] == size_of(log)
    assert outcome["hijack_share"] == 0.0 and outcome["takeover"] is False and outcome["takeover_minutes"] is None
    assert outcome["agency_messages"] == outcome["stories"] == 0
    told = event_log(log)
    assert (told["action"] == "share").sum() == size_of(log) - 1
    assert told.loc[told["action"] == "see", "impressions"].sum() == log.timeline["impressions_campaign"].sum()


def test_what_needs_minutes_of_a_campaign_says_so():
    configuration = changed(Configuration(), {"reaction.rule": RULES[0], "people.n_followers": 50})
    with pytest.raises(ConfigError, match=r"reaction.rule must be logit .*independent_cascade.*sim.simulate"):
        CampaignModel(configuration, rng=1)
    with pytest.raises(ConfigError, match="reaction.rule must be logit"):
        Run(rounds_world(ring(5), RULES[1]))
