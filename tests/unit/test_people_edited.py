"""Adding critics and dropping accounts by hand: what is written down, what is drawn, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from sim import CampaignModel, FollowerGraph
from sim.config.root import Configuration, changed
from sim.engine.world import build_world
from sim.errors import ConfigError
from sim.people.edited import ADDED_KEYS, unedited
from sim.study.run.central import theory_of
from sim.study.run.simulate import simulate
from tests.unit.mesa_example import lively

SMALL = {"people__n_followers": 300, "horizon_hours": 4}


def test_an_added_critic_is_who_the_configuration_says():
    world = build_world(lively(
        **SMALL, people__added_activists=3, people__added_followers=50, people__added_follows=10,
        people__added_grievance=0.9, people__added_support=0.1, people__added_sessions=30.0,
        agency__listening_months=12.0,
    ))  # fmt: skip
    people, graph = world.population, world.graph
    assert (world.n, world.rows, people.n, graph.n) == (300, 303, 303, 303)
    assert people.key[300:].tolist() == [ADDED_KEYS, ADDED_KEYS + 1, ADDED_KEYS + 2]
    assert people.role[300:].tolist() == [1, 1, 1]
    assert people.follows_sender[300:].all()
    np.testing.assert_allclose(people.grievance[300:], 0.9, atol=2**-16)
    np.testing.assert_allclose(people.support[300:], 0.1, atol=2**-16)
    assert people.sessions_a_day[300:].tolist() == [30.0] * 3
    graph.check()
    assert graph.in_degree[300:].tolist() == [50] * 3 and graph.out_degree[300:].tolist() == [10] * 3
    assert all(graph.followers(row).max() < 300 for row in (300, 301, 302))
    assert len({tuple(graph.followers(row)) for row in (300, 301, 302)}) == 3
    assert np.isin([300, 301, 302], world.accounts.audience).all()


def test_more_critics_and_more_followers_keep_those_that_were_there():
    few = build_world(lively(**SMALL, people__added_activists=1, people__added_followers=20))
    many = few.with_config(lively(**SMALL, people__added_activists=4, people__added_followers=70))
    assert set(few.graph.followers(300)) < set(many.graph.followers(300))
    other = few.with_config(lively(**SMALL, people__added_activists=1, people__added_followers=10**6))
    assert other.graph.followers(300).tolist() == list(range(300))


def test_a_dropped_account_has_no_sessions_no_looks_and_no_ties():
    whole = build_world(lively(**SMALL))
    gone = [int(whole.graph.in_degree.argmax()), 5, 299]
    world = whole.with_config(lively(**SMALL, people__dropped=gone))
    people, graph = world.population, world.graph
    assert (world.n, world.rows) == (300, 300)
    assert not people.sessions_a_day[gone].any() and not people.looks_at_lists[gone].any()
    assert not people.follows_sender[gone].any()
    assert not graph.in_degree[gone].any() and not graph.out_degree[gone].any()
    cut = whole.graph.in_degree[gone].sum() + whole.graph.out_degree[gone].sum()
    assert 0 < whole.graph.m - graph.m <= cut
    assert not np.isin(gone, world.accounts.audience).any()
    assert world.with_config(lively(**SMALL)).graph is whole.graph


def test_a_world_changed_is_the_world_built():
    edits = {"people__added_activists": 2, "people__dropped": [3, 4]}
    built = build_world(lively(**SMALL, **edits))
    changed_ = build_world(lively(**SMALL)).with_config(lively(**SMALL, **edits))
    assert built.graph.content_hash() == changed_.graph.content_hash()
    for name in ("numbers", "sink", "keys", "list_users"):
        assert np.array_equal(getattr(built, name), getattr(changed_, name)), name
    back, plain = built.with_config(lively(**SMALL)), build_world(lively(**SMALL))
    for name in ("sessions_a_day", "role", "follows_sender"):
        assert np.array_equal(getattr(built.population, name), getattr(changed_.population, name)), name
        assert np.array_equal(getattr(back.population, name), getattr(plain.population, name)), name
    assert unedited(lively(**SMALL, **edits)) == lively(**SMALL)


def test_thresholds_stay_those_of_the_audience_as_it_was():
    summary = simulate(lively(**SMALL, people__added_activists=200, people__dropped=[1]), replicates=2, seed=3)
    assert summary["followers"] == 300
    model = CampaignModel(lively(**SMALL, people__added_activists=200), rng=3)
    model.run_model()
    assert model.record().n == 300 and len(model.audience) == 500 and len(model.agents) == 500
    assert model.follower(499).role == "activist"
    assert model.measures()["participants"] == model.participants
    theory = theory_of(model.engine.world)
    assert theory["first_response"] > theory_of(build_world(lively(**SMALL, seed=3)))["first_response"]


def test_real_graphs_and_ones_own_people_are_left_alone(tmp_path):
    sentence = "a real graph keeps the accounts"
    plain = build_world(lively(**SMALL))
    for edit in ({"people.dropped": [1]}, {"people.added_activists": 1}):
        config = changed(lively(**SMALL), edit)
        with pytest.raises(ConfigError, match=sentence):
            build_world(config, graph=FollowerGraph.from_edges([1, 2], [0, 0], 3))
        with pytest.raises(ConfigError, match=sentence):
            CampaignModel(config, rng=1, graph=plain.graph, population=plain.population)
        with pytest.raises(ConfigError, match=sentence):
            changed(config, {"network.kind": "edge_list", "network.path": str(tmp_path / "none.txt")})
        loaded = build_world(lively(**SMALL), graph=FollowerGraph.from_edges([1, 2], [0, 0], 3))
        with pytest.raises(ConfigError, match=sentence):
            loaded.with_config(config)


@pytest.mark.parametrize(("edit", "sentence"), [
    ({"people.dropped": [300]}, "dropped must hold keys of the audience, 0 to 299; got 300"),
    ({"people.dropped": [-1]}, "0 to 299; got -1"),
    ({"people.dropped": list(range(1001)), "people.n_followers": 5000}, "at most 1000 keys; got 1001"),
    ({"people.added_activists": 1001}, "people.added_activists must be at most 1000; got 1001"),
    ({"people.added_activists": 1.5}, "people.added_activists must be a whole number; got 1.5"),
    ({"people.added_sessions": 0.0}, "people.added_sessions must be above 0"),
    ({"people.added_grievance": 1.2}, "people.added_grievance must be at most 1"),
])  # fmt: skip
def test_what_cannot_be_is_refused(edit, sentence):
    with pytest.raises(ConfigError, match=sentence):
        changed(lively(**SMALL), edit)


@pytest.mark.parametrize("name", ["feed.trending.users_share", "newsroom.newsrooms", "people.grievance_mean"])
def test_whatever_people_follow_from_is_followed_when_the_configuration_changes(name):
    config = changed(Configuration(), {"people.n_followers": 1000, "people.journalist_share": 0.1})
    other = changed(config, {name: 2 if name.endswith("newsrooms") else 0.9})
    moved, built = build_world(config).with_config(other), build_world(other)
    for part in ("looks_at_lists", "beat", "grievance"):
        assert np.array_equal(getattr(moved.population, part), getattr(built.population, part)), part
    assert moved.population is not build_world(config).population


def test_dropping_somebody_who_does_not_follow_the_sender_leaves_the_first_response_as_it_was():
    before = build_world(changed(Configuration(), {"people.n_followers": 300, "people.follow_share": 0.5}))
    key = int(before.population.key[~before.population.follows_sender][0])
    after = build_world(changed(before.config, {"people.dropped": (key,)}))
    assert after.graph.m < before.graph.m
    assert theory_of(after)["first_response"] == theory_of(before)["first_response"]
