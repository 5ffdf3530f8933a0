"""The Mesa model of the benchmarks is the same model: its runs cannot be told from the engine's, on average."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats

from benchmarks.mesa_campaign.crowd import followers_of, people_of
from benchmarks.mesa_campaign.model import CampaignFrontier, CampaignNetwork
from sim.catalogue.registry import load_case
from sim.config.root import changed
from sim.engine.record import Kind
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world

# lively enough for every run to take off: otherwise luck at the start hides everything else
LIVELY = {
    "people.n_followers": 1500, "people.follow_share": 0.8, "people.sessions_median": 3.0,
    "people.activist_share": 0.02, "people.journalist_share": 0.005, "horizon_hours": 18.0,
    "reaction.b_share": -6.0, "reaction.b_write": -5.0, "feed.trending.min_messages": 5,
    "feed.trending.threshold": 0.003,
}  # fmt: skip
VARIANTS = {
    "silent": {},
    "ranked, critics answered": {"feed.ranking": "engagement", "policy.rules": [
        {"move": "engage", "counter_share": 0.2}, {"move": "clarify", "at_minute": 60}]},
    "many accounts, call withdrawn": {
        "agency.voices": "both", "agency.local_accounts": 8, "agency.local_trust": 0.2, "agency.skill_spread": 0.0,
        "policy.rules": [{"move": "withdraw", "counter_share": 0.6}, {"move": "amplify", "at_minute": 15}]},
    "paid, acknowledged, defended": {"post.paid_reach": 0.5, "policy.rules": [
        {"move": "acknowledge", "counter_share": 0.5}, {"move": "defend", "messages_an_hour": 20},
        {"move": "change_ask", "at_minute": 120}, {"move": "post_else", "at_minute": 300}]},
}  # fmt: skip
OUTCOMES = ("messages", "hijack share", "shares", "reach", "trending minutes", "replies", "boosts")
ALPHA = 1e-4


@cache
def world(variant: str) -> World:
    return build_world(changed(load_case("my_nypd"), LIVELY | VARIANTS[variant])).prepare()


@cache
def by_engine(variant: str, runs: int) -> np.ndarray:
    """Return the engine's outcomes, one line a replicate."""
    lines = []
    for replicate in range(runs):
        record = run_campaign(world(variant), replicate=replicate)
        messages = record.messages
        frames = messages.frame[messages.by_people]
        lines.append([
            frames.size, frames.mean(), (messages.kind == Kind.SHARE).sum(), record.timeline["reached"].sum(),
            record.timeline["trending"].sum(), record.replies, record.boosts,
        ])  # fmt: skip
    return np.array(lines, dtype=float)


def by_mesa(variant: str, runs: int, kind: type[CampaignNetwork]) -> np.ndarray:
    """Return the Mesa model's outcomes, one line a seed."""
    people, followers, lines = people_of(world(variant)), followers_of(world(variant)), []
    for seed in range(runs):
        model = kind(world(variant).config, people, followers, rng=seed)
        model.run()
        campaign, counter = (counts[-1] for counts in model.put_out_before)
        kinds = [message.kind for message in model.messages]
        lines.append([
            campaign + counter, counter / (campaign + counter), kinds.count("share"), model.reach,
            sum(model.datacollector.model_vars["trending"]), kinds.count("reply"), kinds.count("boost"),
        ])  # fmt: skip
    return np.array(lines, dtype=float)


def assert_alike(one: np.ndarray, other: np.ndarray) -> None:
    """Hold the means of two sets of runs to each other (Student's t, with the degrees of freedom of the smaller)."""
    t = stats.t.ppf(1.0 - ALPHA / 2.0, min(len(one), len(other)) - 1)
    error = np.sqrt(one.var(axis=0, ddof=1) / len(one) + other.var(axis=0, ddof=1) / len(other))
    apart = np.abs(one.mean(axis=0) - other.mean(axis=0))
    for name, difference, allowed in zip(OUTCOMES, apart, t * error, strict=True):
        assert difference <= allowed, (name, one.mean(axis=0), other.mean(axis=0))


@pytest.mark.statistical
def test_the_frontier_agrees_with_the_engine():
    assert_alike(by_engine("silent", 200), by_mesa("silent", 25, CampaignFrontier))


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_frontier_agrees_with_the_engine_whatever_the_agency_does(variant):
    engine = by_engine(variant, 1000)
    assert engine[:, 0].min() > 50
    assert_alike(engine, by_mesa(variant, 60, CampaignFrontier))


@pytest.mark.slow
@pytest.mark.statistical
def test_stepping_everybody_agrees_with_the_engine():
    assert_alike(by_engine("silent", 1000), by_mesa("silent", 15, CampaignNetwork))
