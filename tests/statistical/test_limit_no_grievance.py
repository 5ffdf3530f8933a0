"""A known limit: without grievance no message turns on the sender, whatever is asked, trends or is answered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim import load_case
from sim.config.agency import MOVES
from sim.config.root import Configuration, changed
from sim.engine.record import Kind
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world
from sim.network.graph import FollowerGraph
from tests.runnable_cases import RUNNABLE

CASES = RUNNABLE
POLICIES = MOVES  # a policy is named after each; timed ones make the same moves
REPLICATES = 3
# the worst that can be asked, of people who act often, with lists and newsrooms that follow soon
HEATED = {
    "post.openness": 1.0, "post.salience": 1.0, "post.arousal": 1.0, "post.room": 1.0, "post.appeal": 0.6,
    "reaction.b_write": -4.0, "reaction.b_share": -4.0, "people.follow_share": 0.5,
    "people.support_mean": 0.4, "people.sessions_median": 6.0, "feed.trending.users_share": 0.3,
    "feed.trending.on": True, "feed.trending.threshold": 1e-4,
    "feed.trending.min_messages": 5, "newsroom.newsrooms": 5, "newsroom.pick_up": 1.0,
    "newsroom.lag_median_minutes": 30.0, "newsroom.wire_minutes": 30.0, "agency.detection_error": 0.3,
    "people.activist_share": 0.02, "people.journalist_share": 0.01, "horizon_hours": 24,
}  # fmt: skip


def nothing_counters(world: World) -> set[str]:
    """Run some replicates; returns what happened in them."""
    found: set[str] = set()
    for replicate in range(REPLICATES):
        record = run_campaign(world, replicate=replicate, record="log")
        assert not (record.messages.frame == 1).any()
        assert not (record.sights.frame == 1).any()
        for name in ("originals_counter", "shares_counter", "impressions_counter"):
            assert not record.timeline[name].any()
        assert (record.messages.kind == Kind.ORIGINAL).sum() > 10
        found |= {Kind(kind).name for kind in np.unique(record.messages.kind)}
        found |= {"trending"} if record.timeline["trending"].any() else set()
        # misread messages lead the agency to see counter messages, and to answer them
        found |= {"misread"} if record.timeline["observed_counter"].any() else set()
    return found


@pytest.mark.parametrize("case", CASES)
def test_no_policy_of_any_case_meets_a_counter_message_where_nobody_holds_a_grievance(case):
    found: set[str] = set()
    for policy in POLICIES:
        config = load_case(case, [f"policy={policy}", "people.n_followers=2000"])
        config = changed(config, {**HEATED, "people.grievance_mean": 0.0})
        world = build_world(config)
        assert not world.population.grievance.any()
        found |= nothing_counters(world)
    assert found >= {"ORIGINAL", "SHARE", "POST", "STORY", "trending", "misread"}


def test_given_grievances_of_zero_are_as_good_as_a_mean_of_zero():
    n = 2000
    rows = np.arange(20 * n, dtype=np.int64)
    graph = FollowerGraph.from_edges(rows % n, (rows * 7919 + rows // n) % n, n)
    attributes = pd.DataFrame({"grievance": np.zeros(n)})
    config = changed(Configuration(), {**HEATED, "people.grievance_mean": 0.6})
    world = build_world(config, graph=graph, attributes=attributes)
    assert not world.population.grievance.any()
    assert nothing_counters(world) >= {"SHARE", "STORY", "trending"}
    # it is the attribute that keeps them quiet
    aggrieved = build_world(config, graph=graph, attributes=attributes.assign(grievance=0.6))
    assert (run_campaign(aggrieved, replicate=0).messages.frame == 1).any()
