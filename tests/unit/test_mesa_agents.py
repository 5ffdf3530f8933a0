"""Followers as Mesa agents: views that show and change what the engine uses."""

from __future__ import annotations

from dataclasses import replace

import mesa
import numpy as np
import pytest

from sim import CampaignModel
from sim.agents import Follower, ModelError
from sim.engine.layout import ENTRY
from sim.engine.run import run_campaign
from sim.errors import ConfigError
from sim.reaction.actions import ACTIONS
from sim.rng import Stream, draw, stream_state
from tests.unit.mesa_example import lively, same


@pytest.fixture(scope="module")
def begun():
    model = CampaignModel(lively(), rng=7)
    model.run_for(120)
    return model


def test_views_are_made_when_they_are_asked_for():
    model = CampaignModel(lively(), rng=7)
    assert not model._views
    one = model.follower(3)
    assert list(model._views) == [3]
    assert len(model.agents) == model._views.__len__() == 1500
    assert list(model.agents)[3] is one
    assert model.agents is model.agents


def test_agent_sets_are_mesas(begun):
    assert begun.agent_types == [Follower]
    assert list(begun.agents_by_type) == [Follower]
    assert len(begun.agents_by_type[Follower]) == 1500
    assert [f.unique_id for f in begun.agents] == list(range(1500)) == [f.row for f in begun.agents]
    young = begun.agents.select(lambda f: f.cohort == "18-24")
    assert 200 < len(young) < 600
    mean = begun.population.grievance[begun.population.cohort == 1].mean()
    assert young.agg("grievance", np.mean) == pytest.approx(mean)
    counts = begun.agents.groupby("role").count()
    assert sum(counts.values()) == 1500
    assert set(counts) == {"member", "activist", "ally", "journalist"}
    assert (
        begun.agents.groupby("cohort").agg("acts", sum)
        == begun.audience.groupby("cohort", observed=True)["acts"].sum().to_dict()
    )
    most = next(iter(begun.agents.sort("followers")))
    assert most.followers == begun.graph.in_degree.max()
    rows = []
    begun.agents.shuffle_do(lambda f: rows.append(f.row))
    assert sorted(rows) == list(range(1500)) != rows
    assert len(begun.agents.select(at_most=10)) == 10


def test_the_shuffled_order_depends_on_the_seed_alone():
    first, second, third = ([f.row for f in CampaignModel(lively(), rng=seed).agents.shuffle()] for seed in (7, 7, 8))
    assert first == second != third


@pytest.mark.parametrize(
    "name",
    ["key", "cohort", "community", "role", "sessions_a_day", "grievance", "support", "followers", "follows",
     "follows_sender", "reached", "acts", "seen_campaign", "seen_counter"],
)  # fmt: skip
def test_views_and_the_table_of_the_audience_agree(begun, name):
    column = begun.audience[name].tolist()
    assert begun.agents.get(name) == column
    assert len(set(column)) > 1
    assert type(column[0]) in (int, float, bool, str)


def test_state_follows_the_run(begun):
    assert begun.audience["reached"].sum() == begun.reach
    assert begun.audience["acts"].sum() == begun.messages_so_far
    seen = begun.timeline[["impressions_campaign", "impressions_counter"]].sum().tolist()
    assert begun.audience[["seen_campaign", "seen_counter"]].sum().tolist() == seen
    change = begun.timeline["followed"].sum() - begun.timeline["unfollowed"].sum()
    before = int(begun.population.follows_sender.sum())
    assert begun.timeline["unfollowed"].sum() > 0
    assert begun.audience["follows_sender"].sum() == before + change


def test_following_is_the_graph_seen_from_the_other_side(begun):
    follower = max(begun.agents, key=lambda f: f.follows)
    assert len(follower.following) == follower.follows > 5
    for other in follower.following:
        assert follower.row in begun.graph.followers(other.row)
        assert other is begun.follower(other.row)


def drawn_action(model, follower):
    """Return the action that the follower's odds and their draw of this minute lead to."""
    stream = np.uint64(stream_state(model.seed, model.replicate, int(Stream.REACTION)))
    level = draw(stream, np.uint64(follower.key), np.uint64(model.minute))
    return ACTIONS[int(np.searchsorted(np.cumsum(list(follower.odds().values())), level, side="right"))]


def test_odds_are_those_by_which_the_engine_lets_followers_act():
    """Before each minute, odds and draw of those whose session is due tell what they will do."""
    moves = ((20, "acknowledge"), (20, "engage"), (240, "withdraw"))
    rules = [{"move": move, "at_minute": minute} for minute, move in moves]
    model = CampaignModel(
        lively(policy__rules=rules, feed__trending__on=False, newsroom__newsrooms=0, post__hour=22.0,
               agency__voices="both", agency__local_accounts=3, agency__local_trust=0.2,
               agency__replies_an_hour=200.0, reaction__b_follow=-2.0),
        rng=7,
    )  # fmt: skip
    expected: dict[tuple[int, int], str] = {}
    while model.running:
        if model.minute not in (20, 240):  # these moves change the ask in the minute itself
            due = np.flatnonzero(model.engine.bench.arrays["hot"][:, ENTRY] == model.minute)
            for row in due.tolist():
                action = drawn_action(model, model.follower(row))
                if action != "ignore":
                    expected[model.minute, row] = action
        model.step()
    happened: dict[tuple[int, int], str] = {}
    table = model.messages
    for line in table[(table["author"] >= 0) & ~table["minute"].isin([20, 240])].itertuples():
        happened[line.minute, line.author] = f"{'write' if line.kind == 'original' else 'share'}_{line.frame}"
    changes = model.record().follows
    for minute, row, gained in zip(changes.minute.tolist(), changes.follower.tolist(), changes.gained, strict=True):
        if minute not in (20, 240):
            happened[minute, row] = "follow" if gained else "unfollow"
    assert set(happened.values()) == set(ACTIONS) - {"ignore"}
    assert expected == happened


def test_odds_sum_to_one_and_answer_what_is_shown(begun):
    follower = next(f for f in begun.agents if f.grievance > 0.5 and f.follows_sender)
    for sees in (None, "campaign", "counter", "both"):
        assert sum(follower.odds(sees).values()) == pytest.approx(1.0)
        assert list(follower.odds(sees)) == list(ACTIONS)
    assert follower.odds("campaign")["share_counter"] == 0.0 < follower.odds("campaign")["share_campaign"]
    assert follower.odds("counter")["share_campaign"] == 0.0 < follower.odds("counter")["share_counter"]
    with pytest.raises(ConfigError, match="campaign, counter or both"):
        follower.odds("everything")


def test_nothing_in_the_feed_leaves_nothing_to_do():
    model = CampaignModel(lively(), rng=7)
    assert model.follower(0).odds() == {name: float(name == "ignore") for name in ACTIONS}


def test_feelings_that_are_set_are_those_the_engine_uses():
    angry = CampaignModel(lively(), rng=7)
    people = angry.population
    grievance = np.where(people.cohort == 1, np.float32(0.90625), people.grievance)
    grown = CampaignModel(
        lively(), rng=7, graph=angry.graph, population=replace(people, grievance=grievance.astype(np.float32))
    )
    angry.agents.select(lambda f: f.cohort == "18-24").set("grievance", 0.90625)
    angry.run_model()
    grown.run_model()
    assert same(angry.record(), grown.record())
    calm = run_campaign(angry.engine.world, replicate=0)
    assert not same(angry.record(), calm)


def test_a_feeling_set_in_mid_run_changes_nothing_before():
    plain, changed = CampaignModel(lively(), rng=7), CampaignModel(lively(), rng=7)
    changed.run_for(60)
    changed.agents.set("support", 0.0).set("grievance", 1.0)
    changed.run_model()
    plain.run_model()
    assert same(plain.record(), changed.record(), before=60)
    assert changed.hijack_share > plain.hijack_share


def test_feelings_are_rounded_and_their_range_is_checked():
    follower = CampaignModel(lively(), rng=7).follower(0)
    follower.grievance = 0.9
    assert follower.grievance == round(0.9 * 65536) / 65536
    follower.support = np.float32(1.0)
    assert follower.support == 1.0
    for wrong in (1.7, -0.1, float("nan"), True, "0.5", None):
        with pytest.raises(ConfigError, match=r"follower\.grievance must be a number in \[0, 1\]"):
            follower.grievance = wrong
    assert follower.grievance == round(0.9 * 65536) / 65536


def test_agents_are_neither_added_nor_removed(begun):
    class Stranger(mesa.Agent):
        pass

    for wrong in (
        lambda: Stranger(begun), lambda: Follower(begun), begun.follower(0).remove, begun.remove_all_agents,
        lambda: setattr(begun, "agents", []),
    ):  # fmt: skip
        with pytest.raises(ModelError, match=r"people\.n_followers"):
            wrong()
    assert len(begun.agents) == 1500


def test_a_follower_is_not_stepped_by_hand(begun):
    with pytest.raises(ModelError, match=r"model\.step"):
        begun.agents.shuffle_do("step")


@pytest.mark.parametrize("row", [-1, 1500, 0.5, "a"])
def test_a_row_that_does_not_exist_is_refused(begun, row):
    with pytest.raises(ConfigError, match="row"):
        begun.follower(row)


def test_a_class_of_views_of_ones_own_can_be_used():
    class Neighbour(Follower):
        @property
        def torn(self):
            return min(self.grievance, self.support)

    class Street(CampaignModel):
        follower_class = Neighbour

    model = Street(lively(people__n_followers=20), rng=7)
    assert model.agent_types == [Neighbour]
    assert max(model.agents.get("torn")) <= 1.0
    assert repr(model.follower(0)).startswith("<Neighbour 0: ")


def test_nobody_is_a_legal_audience():
    model = CampaignModel(lively(people__n_followers=0), rng=7)
    assert len(model.agents) == 0
    assert model.agents.shuffle().get("acts") == []
    assert model.agent_types == []
    model.run_model()
    assert model.verdict == "fizzled"
    assert model.messages["role"].tolist() == ["agency"]
