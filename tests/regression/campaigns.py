"""Two small campaigns whose numbers are kept: one that is hijacked, one that is cheered and passed on.

Everything that other work may tune (coefficients, feeds, people) is spelled out here, so that their numbers
move with the model and the engine alone. Run as a script, it prints the digest of their event logs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from sim.config.root import Configuration, changed
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world
from sim.outcome.measures import measure
from sim.outcome.theory import first_response

REPLICATES = 12

COMMON: dict[str, Any] = {
    "people.n_followers": 4000, "horizon_hours": 24.0, "seed": 20140422,
    "people.follow_share": 0.3, "people.grievance_concentration": 4.0, "people.support_concentration": 4.0,
    "people.sessions_median": 8.0, "network.mean_degree": 20.0,
    "feed.attention": 0.35, "feed.half_life_minutes": 80.0, "feed.crowding": 0.4, "feed.lift_shares": 0.3,
    "feed.lift_arousal": 0.7, "feed.trending.threshold": 0.002, "feed.trending.min_messages": 8,
    "feed.trending.users_share": 0.4, "feed.trending.looks_a_day": 6.0, "feed.trending.list_size": 20,
    "feed.trending.novelty_hours": 8.0, "newsroom.newsrooms": 4, "newsroom.pick_up": 0.6,
    "newsroom.reach": 0.04, "newsroom.lag_median_minutes": 120.0, "newsroom.lag_sigma": 0.7,
    "reaction.b_value": 5.0, "reaction.b_outrage": 3.0, "reaction.b_social": 0.4, "reaction.b_climate": 0.2,
    "reaction.b_room": 1.5, "reaction.cross": 0.5, "reaction.fatigue": 1.2, "reaction.b_leave": -8.0,
    "reaction.b_bore": 0.5, "reaction.b_follow": -7.0, "reaction.b_warm": 0.8, "reaction.b_share": -6.0,
    "reaction.b_write": -5.6,
}  # fmt: skip
CAMPAIGNS: dict[str, dict[str, Any]] = {
    # an open question to a public with a grievance; one account, which answers late
    "hijacked": {
        "people.grievance_mean": 0.3, "people.support_mean": 0.4, "people.community_share": 0.25,
        "post.appeal": 0.4, "post.room": 0.8, "post.openness": 0.8, "post.salience": 0.6, "post.arousal": 0.6,
        "post.media": 0.1, "post.hour": 13.95, "agency.voices": "central", "agency.replies_an_hour": 30.0,
        "agency.monitoring_delay_minutes": 15, "agency.detection_error": 0.15,
        "policy.rules": [{"move": "acknowledge", "counter_share": 0.5}, {"move": "engage", "counter_share": 0.5},
                         {"move": "withdraw", "at_minute": 240}],
    },
    # pictures of a puppy to a public that likes its stations; many accounts, a ranked feed, some paid reach
    "cheered": {
        "people.grievance_mean": 0.1, "people.support_mean": 0.65, "people.community_share": 0.1,
        "post.appeal": 0.75, "post.room": 0.3, "post.openness": 0.1, "post.salience": 0.1, "post.arousal": 0.1,
        "post.media": 0.9, "post.hour": 9.0, "post.repeats": 3, "post.spread_hours": 8.0, "post.paid_reach": 0.05,
        "feed.ranking": "engagement", "agency.voices": "both", "agency.local_accounts": 12,
        "agency.local_trust": 0.15, "agency.skill_spread": 0.2, "agency.replies_an_hour": 4.0,
        "policy.rules": [{"move": "amplify", "at_minute": 20}],
    },
}  # fmt: skip


@cache
def world(name: str) -> World:
    """Return the world of one of the campaigns."""
    return build_world(changed(Configuration(), COMMON | CAMPAIGNS[name]))


def _mean(outcomes: list[dict[str, Any]], name: str) -> float | None:
    values = [float(outcome[name]) for outcome in outcomes if outcome[name] is not None]
    return sum(values) / len(values) if values else None


MEANS = ("messages", "participants", "reach", "hijack_share", "takeover_minutes", "trending_minute",
         "half_life_hours", "retweet_share", "cascade_depth", "followers_lost", "replies", "boosts")  # fmt: skip
"""Kept as means over the replicates in which they are defined."""
NUMBERS: dict[str, Callable[[list[dict[str, Any]]], float | None]] = {
    **{name: lambda found, name=name: _mean(found, name) for name in MEANS},
    "hijacked": lambda found: sum(outcome["verdict"] == "hijacked" for outcome in found) / len(found),
}


def numbers(name: str) -> dict[str, float | None]:
    """Return the kept numbers of a campaign: means over the replicates, and the theory."""
    found = [measure(run_campaign(world(name), replicate=replicate)) for replicate in range(REPLICATES)]
    told = {kind: number(found) for kind, number in NUMBERS.items()}
    told["first_response"] = first_response(world(name).config, world(name).population, world(name).graph)
    return {kind: value if value is None else round(float(value), 9) for kind, value in told.items()}


def digest(name: str, replicates: int = 2) -> str:
    """Return the sha256 (hex) over people, graph and the whole event logs of the first replicates."""
    total = hashlib.sha256()
    people, graph = world(name).population, world(name).graph
    parts = [people.grievance, people.support, people.sessions_a_day, people.role, graph.start, graph.follower]
    for replicate in range(replicates):
        record = run_campaign(world(name), replicate=replicate, record="log")
        for table in (record.messages, record.sights, record.follows):
            parts += [getattr(table, column) for column in table.__dataclass_fields__]
        parts += list(record.timeline.values())
    for part in parts:
        column = np.ascontiguousarray(part)
        total.update(column.astype(column.dtype.newbyteorder("<")).tobytes())
    return total.hexdigest()


if __name__ == "__main__":
    for campaign in CAMPAIGNS:
        print(campaign, digest(campaign))
