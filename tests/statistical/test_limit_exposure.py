"""A known limit: where all meet the post and nothing else, actions are those of the logit, in closed form.

Nobody follows anybody but the sender, nothing trends and no newsroom reports, so each row meets one message: the call
of minute 0. Fixed seeds, alpha 1e-4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2

from sim.config.people import ROLES
from sim.config.root import Configuration, changed
from sim.engine.record import Kind
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world
from sim.network.graph import FollowerGraph
from sim.outcome.theory import first_response
from sim.people.population import create_population
from sim.reaction.actions import ask_vector, coefficient_vector
from sim.reaction.choice import weights

ALPHA = 1e-4
ACTS = ("share campaign", "write campaign", "write counter", "unfollow")
LIVELY: dict[str, Any] = {
    "seed": 5, "people.circadian": [1.0] * 24, "people.follow_share": 1.0, "people.grievance_mean": 0.3,
    "people.sessions_median": 8.0, "people.activist_share": 0.02, "people.ally_share": 0.02,
    "feed.attention": 1.0, "feed.half_life_minutes": 1e5, "feed.trending.on": False, "newsroom.newsrooms": 0,
    "post.room": 0.6, "post.appeal": 0.6, "post.openness": 0.4, "post.salience": 0.5, "horizon_hours": 24.0 * 14,
    "reaction.b_share": -3.0, "reaction.b_write": -3.5, "reaction.b_leave": -4.0, "reaction.b_value": 3.0,
}  # fmt: skip


def alone(n: int, **changes: Any) -> World:
    """Return n rows who follow the sender and nobody else."""
    given = {name.replace("__", "."): value for name, value in changes.items()}
    config = changed(Configuration(), {**LIVELY, "people.n_followers": n, **given})
    nobody = np.zeros(0, np.int64)
    graph = FollowerGraph.from_edges(nobody, nobody, n)
    return build_world(config, graph=graph, population=create_population(config))


def chances(world: World) -> np.ndarray:
    """Return each row's chances of ``ACTS`` after one impression of the post: float64[n, 4]."""
    coef, ask, people = coefficient_vector(world.config.reaction), ask_vector(world.config.post), world.population
    trust = float(world.config.agency.local_trust) if world.config.agency.voices != "central" else 0.0
    out = np.empty((world.n, 4))
    for row in range(world.n):
        committed = ROLES[people.role[row]] in ("activist", "ally")
        # one source, one impression, one agency message today, a campaign share open
        share, _, write, counter, leave, _ = weights(
            coef, ask, float(people.grievance[row]), float(people.support[row]), trust, 1.0, committed,
            1, 0, 1, 0, 0, 1, True, False, True,
        )  # fmt: skip
        out[row] = np.array([share, write, counter, leave]) / (1.0 + share + write + counter + leave)
    return out


def taken(world: World, replicate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows saw the post (bool[n]) and which of ``ACTS`` each took (bool[n, 4])."""
    record = run_campaign(world, replicate=replicate, record="log")
    seen = np.zeros(world.n, bool)
    seen[record.sights.follower] = True
    assert (record.sights.impressions == 1).all() and record.sights.first.all()
    did = np.zeros((world.n, 4), bool)
    messages = record.messages
    people = messages.by_people
    share, counter = messages.kind[people] == Kind.SHARE, messages.frame[people] == 1
    assert not (share & counter).any()
    did[messages.author[people], np.where(share, 0, np.where(counter, 2, 1))] = True
    did[record.follows.follower, 3] = True
    return seen, did


SCENES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "ranked, stirring": {"feed__ranking": "engagement", "post__arousal": 0.9, "post__media": 0.7},
    "climate, reinforcement and boredom": {
        "reaction__b_climate": 1.5, "reaction__b_social": 1.0, "reaction__b_bore": 1.0, "reaction__cross": 0.9,
    },
    "a trusted local account": {"agency__voices": "local", "agency__local_accounts": 1, "agency__local_trust": 0.3},
}  # fmt: skip


def hold_shares(world: World, replicates: int) -> None:
    """Hold the counts of all actions against those expected, as sums of independent choices."""
    expected = chances(world)
    left, spread = np.zeros(4), np.zeros((4, 4))
    for replicate in range(replicates):
        seen, did = taken(world, replicate)
        assert seen.mean() > 0.97  # all but those who look less than once in a fortnight
        assert did.sum(axis=1).max() == 1 and not did[~seen].any()
        p = expected[seen]
        left += did.sum(axis=0) - p.sum(axis=0)
        spread += np.diag(p.sum(axis=0)) - p.T @ p
    assert (np.diag(spread) > 300).all()
    assert chi2.sf(left @ np.linalg.solve(spread, left), df=4) > ALPHA, dict(zip(ACTS, left, strict=True))
    # a twentieth more of any action would show
    off = 0.05 * replicates * expected.sum(axis=0)
    assert chi2.sf(off @ np.linalg.solve(spread, off), df=4) < ALPHA


@pytest.mark.parametrize("changes", SCENES.values(), ids=SCENES)
def test_actions_after_one_impression_are_those_of_the_logit(changes):
    hold_shares(alone(3_000, **changes), 40)


@pytest.mark.slow
@pytest.mark.parametrize("changes", SCENES.values(), ids=SCENES)
def test_actions_after_one_impression_are_those_of_the_logit_in_large_numbers(changes):
    hold_shares(alone(50_000, **changes), 60)


def hold_first_response(n: int, replicates: int, **changes: Any) -> None:
    """Hold the counter share of direct responses, with attention fading and crowded feeds, against its closed form."""
    world = alone(n, feed__half_life_minutes=150.0, feed__attention=0.7, post__hour=9.0, **changes)
    closed = first_response(world.config, world.population, world.graph)
    counter, responses, left = 0, 0, []
    for replicate in range(replicates):
        _, did = taken(world, replicate)
        counter += did[:, 2].sum()
        responses += did[:, :3].sum()
        left.append(did[:, 2].sum() - closed * did[:, :3].sum())
    share = counter / responses
    error = np.std(left, ddof=1) * np.sqrt(replicates) / responses
    assert abs(share - closed) < 3.9 * error, (share, closed, error)
    assert error < 0.02 and 0.1 < closed < 0.9


@pytest.mark.parametrize("changes", SCENES.values(), ids=SCENES)
def test_the_first_response_is_its_closed_form(changes):
    hold_first_response(3_000, 60, **changes)


@pytest.mark.slow
@pytest.mark.parametrize("changes", SCENES.values(), ids=SCENES)
def test_the_first_response_is_its_closed_form_in_large_numbers(changes):
    hold_first_response(50_000, 100, **changes)
