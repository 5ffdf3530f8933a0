"""Theory against brute force: every row one by one, the whole graph as one operator, waits by draws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.sparse import csr_matrix

from sim.config.people import ROLES
from sim.config.root import Configuration, changed
from sim.engine.record import FRAMES
from sim.feed.exposure import sinking_speeds
from sim.network.generators import generate
from sim.network.graph import FollowerGraph
from sim.outcome.attention import seen_by_row, waiting_factor
from sim.outcome.theory import first_response, reproduction
from sim.people.population import Population, create_population
from sim.reaction.actions import ask_vector, coefficient_vector
from sim.reaction.choice import weights
from sim.rng import Stream, setup_uniform

HEATED = {"people.n_followers": 5_000, "post.openness": 0.8, "post.salience": 0.6, "post.room": 0.8}


def _world(changes: dict[str, Any]) -> tuple[Configuration, Population, FollowerGraph]:
    config = changed(Configuration(), {**HEATED, **changes})
    people = create_population(config)
    graph = generate(
        config.network, seed=config.seed, keys=people.key, cohort=people.cohort, community=people.community,
        grievance_rank=people.grievance_rank,
    )  # fmt: skip
    return config, people, graph


def _chances(config: Configuration, people: Population, row: int, frame: int, today: int) -> tuple[float, float]:
    """Chances of a campaign and a counter message, of one row that has seen one message."""
    one = [int(frame == 0), int(frame == 1)]
    found = weights(
        coefficient_vector(config.reaction), ask_vector(config.post), float(people.grievance[row]),
        float(people.support[row]), 0.0, 1.0, ROLES[people.role[row]] in ("activist", "ally"), *one, *one, 0, today,
        frame == 0, frame == 1, bool(people.follows_sender[row]),
    )  # fmt: skip
    return (found[0] + found[2]) / (1 + sum(found)), (found[1] + found[3]) / (1 + sum(found))


def test_first_response_is_the_sum_over_followers_one_by_one() -> None:
    config, people, _ = _world({"people.n_followers": 300})
    total = [0.0, 0.0]
    for row in np.flatnonzero(people.follows_sender):
        speed = math.log(2) * 1440 / (config.feed.half_life_minutes * float(people.sessions_a_day[row]))
        seen = config.feed.attention * sum(
            quad(lambda d, s=speed, at=density: at(d) * math.exp(-s * d), *ends, epsabs=1e-12)[0]
            for density, ends in ((lambda d: 1 - d * d / 2, (0, 1)), (lambda d: (2 - d) ** 2 / 2, (1, 2)))
        )
        for frame, chance in enumerate(_chances(config, people, int(row), 0, today=1)):
            total[frame] += seen * chance
    assert first_response(config, people) == pytest.approx(total[1] / sum(total), rel=1e-6)


def _row_by_row(config: Configuration, people: Population, graph: FollowerGraph) -> float:
    """Return the dominant eigenvalue of the operator over all rows and frames, without any classes."""
    sink = sinking_speeds(graph.out_degree, float(config.feed.crowding))
    chance = np.empty((graph.n, 2, 2))
    for frame in range(len(FRAMES)):
        seen = seen_by_row(config, people, sink, frame)
        for row in range(graph.n):
            chance[row, frame] = seen[row] * np.array(_chances(config, people, row, frame, today=0))
    edges = csr_matrix((np.ones(graph.m), graph.follower, graph.start), shape=(graph.n, graph.n))
    worth, value = np.ones((graph.n, 2)), 0.0
    for _ in range(500):
        after = edges @ np.einsum("rfg,rg->rf", chance, worth) + 0.02 * worth
        value, before = float(np.linalg.norm(after)) - 0.02, value
        worth = after / np.linalg.norm(after)
        if abs(value - before) < 1e-10:
            break
    return value


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({}, 0.08),
        ({"network.reciprocity": 0.0, "network.closure": 0.0}, 0.08),
        ({"network.reciprocity": 0.0, "network.closure": 0.0, "network.degree_correlation": -0.4}, 0.1),
        ({"network.homophily_grievance": 0.4}, 0.08),
        # far beyond the plausible span: the aggrieved follow each other inside every class
        ({"network.homophily_grievance": 0.7, "network.hub_share": 0.05}, 0.25),
    ],
)
def test_classes_lose_little_of_the_operator_over_all_rows(changes: dict[str, Any], lost: float) -> None:
    config, people, graph = _world(changes)
    found = reproduction(config, people, graph)
    # returned follows let a message come straight back, which classes do not see
    whole = _row_by_row(config, people, graph)
    assert (1 - lost) * whole < found.eigenvalue < 1.08 * whole
    assert max(np.linalg.eigvals(found.by_frame).real) == pytest.approx(found.eigenvalue, rel=1e-6)
    assert found.mix.sum() == pytest.approx(1.0)


def test_numbering_people_otherwise_changes_nothing() -> None:
    config, people, graph = _world({})
    place = np.argsort(setup_uniform(5, Stream.LINK, np.arange(people.n, dtype=np.uint64)))
    row = np.empty(people.n, np.int64)
    row[place] = np.arange(people.n)
    followed = np.repeat(np.arange(graph.n), graph.in_degree)
    turned = FollowerGraph.from_edges(row[graph.follower], row[followed], graph.n)
    columns = {name: value[place] if isinstance(value, np.ndarray) else value for name, value in vars(people).items()}
    other = reproduction(config, Population(**columns), turned)
    plain = reproduction(config, people, graph)
    assert other.eigenvalue == pytest.approx(plain.eigenvalue, rel=1e-9)
    assert other.by_frame == pytest.approx(plain.by_frame, rel=1e-8)


def test_attention_multiplies_what_messages_cause() -> None:
    config, people, graph = _world({"feed.attention": 0.2})
    twice = reproduction(changed(config, {"feed.attention": 0.4}), people, graph)
    assert twice.eigenvalue == pytest.approx(2 * reproduction(config, people, graph).eigenvalue, rel=1e-6)


@pytest.mark.parametrize("s", [0.2, 3.0, 20.0])
def test_the_wait_is_that_of_one_session_at_a_uniform_place_in_each_unit(s: float) -> None:
    keys = np.arange(400_000, dtype=np.uint64)
    landed, this, following = (setup_uniform(3, Stream.SESSION, keys, about) for about in range(3))
    wait = np.where(this > landed, this - landed, 1 + following - landed)
    values = np.exp(-s * wait)
    assert abs(values.mean() - waiting_factor(s)) < 3.9 * values.std() / math.sqrt(keys.shape[0])
