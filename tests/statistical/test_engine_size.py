"""Ignition is the chance that one of many sparks catches: near the line a larger sample is hijacked more often."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from sim.catalogue.registry import load_case
from sim.config.root import Configuration, changed
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.outcome.measures import measure
from sim.study.run.simulate import simulate

ROWS = 8_000
# The inputs of #myNYPD with a list that a tag of this many rows can just reach (the case itself has a million);
# spelled out, so that the line stays where it is when cases and coefficients are tuned
NEAR: dict[str, Any] = {
    **{f"reaction.{name}": value for name, value in {
        "b_share": -7.7, "b_write": -7.6, "b_value": 5.0, "b_outrage": 3.0, "b_social": 0.4, "b_climate": 0.2,
        "b_room": 1.5, "cross": 0.5, "fatigue": 1.2, "b_leave": -9.5, "b_bore": 0.5, "b_follow": -9.0, "b_warm": 0.8,
    }.items()},
    **{f"post.{name}": value for name, value in {
        "appeal": 0.45, "room": 0.55, "openness": 0.65, "salience": 0.65, "arousal": 0.55, "media": 0.3, "hour": 13.95,
    }.items()},
    **{f"people.{name}": value for name, value in {
        "follow_share": 0.12, "community_share": 0.25, "grievance_mean": 0.2, "community_grievance_shift": 1.3,
        "support_mean": 0.55, "grievance_concentration": 1.6, "support_concentration": 2.0, "sessions_median": 2.0,
    }.items()},
    "feed.attention": 0.35, "feed.half_life_minutes": 80.0, "feed.crowding": 0.4, "feed.trending.users_share": 0.4,
    "feed.trending.looks_a_day": 6.0, "feed.trending.novelty_hours": 8.0, "feed.trending.min_messages": 6,
    "feed.trending.threshold": 3e-5, "newsroom.newsrooms": 6, "newsroom.reach": 0.04, "newsroom.salience_lift": 0.08,
}  # fmt: skip


def near(rows: int) -> Configuration:
    return changed(Configuration(), NEAR | {"people.n_followers": rows})


@cache
def hijacked(rows: int, replicates: int) -> int:
    """Return how many replicates are hijacked."""
    world = build_world(near(rows))
    found = (measure(run_campaign(world, replicate=replicate)) for replicate in range(replicates))
    return sum(outcome["verdict"] == "hijacked" for outcome in found)


def chance_of_rise(few: int, of_few: int, many: int, of_many: int) -> float:
    """Return how likely so large a difference is if the odds are the same (Fisher's exact test, one-sided)."""
    from scipy.stats import fisher_exact

    return float(fisher_exact([[many, of_many - many], [few, of_few - few]], alternative="greater").pvalue)


def test_the_odds_of_a_takeover_rise_with_the_sample_near_the_line():
    counts = [(hijacked(ROWS, 100), 100), (hijacked(4 * ROWS, 100), 100), (hijacked(16 * ROWS, 40), 40)]
    shares = [count / runs for count, runs in counts]
    assert shares[0] < 0.2 and 0.1 < shares[1] < 0.7 and shares[2] > 0.8, shares
    for smaller, larger in zip(counts, counts[1:], strict=False):
        assert chance_of_rise(*smaller, *larger) < 1e-4, shares


@pytest.mark.parametrize("rows", [4 * ROWS, 16 * ROWS])
def test_a_study_near_the_line_says_that_it_depends_on_sample_size(rows):
    found = simulate(near(rows), replicates=40)
    assert found["depends_on_sample_size"]
    assert found["at_quarter_size"]["n"] == rows // 4
    assert found["verdict"]["hijacked"] > found["at_quarter_size"]["verdict"]["hijacked"]


@pytest.mark.parametrize("rows", [4 * ROWS, 16 * ROWS])
def test_a_study_far_from_the_line_does_not(rows):
    found = simulate(load_case("station_bulletin", [f"people.n_followers={rows}"]), replicates=40)
    assert not found["depends_on_sample_size"]
    assert found["verdict"]["fizzled"] > 0.9
    assert found["verdict"]["hijacked"] < 0.05
