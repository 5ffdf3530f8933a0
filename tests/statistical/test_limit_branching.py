"""A known limit: without climate, reinforcement and fatigue, early messages breed as a multi-type branching process.

On a ring of levels no follow is returned and no three rows are joined, so that nothing but saturation keeps runs
apart from the next-generation matrix (``docs/model.md`` 7.3); few begin, so that saturation is small.
"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.branching import GROWING, bred, generations, lively_ring
from sim.engine.run import run_campaign
from sim.network import clustering, structure
from sim.outcome.theory import _classes, reproduction

Z = 3.9  # two-sided point of alpha 1e-4


def lines_of(values: np.ndarray) -> str:
    return "\n".join(f"  {line}" for line in np.array2string(values, precision=4).splitlines())


def assert_as_theory_says(world, found) -> None:
    """Hold messages by frame of cause and effect, and their eigenvalue, against the next-generation matrix."""
    expected = reproduction(world.config, world.population, world.graph)
    told = f"measured\n{lines_of(found.by_frame)}\nexpected\n{lines_of(expected.by_frame)}"
    assert (np.abs(found.by_frame - expected.by_frame) < Z * found.error).all(), told
    value = max(np.linalg.eigvals(found.by_frame).real)
    left, right = (np.linalg.eig(m)[1][:, np.argmax(np.linalg.eigvals(m).real)].real
                   for m in (expected.by_frame.T, expected.by_frame))  # fmt: skip
    # how the eigenvalue moves with the elements: its two eigenvectors
    error = np.sqrt(((np.outer(left, right) / (left @ right) * found.error) ** 2).sum())
    assert abs(value - expected.eigenvalue) < Z * error
    # sharp enough to tell a tenth
    assert error < 0.025 * expected.eigenvalue


def test_a_ring_of_levels_returns_no_follow_and_joins_no_three():
    graph = lively_ring().graph
    assert structure.reciprocity(graph) == 0.0
    assert clustering.exact(*structure.projection(graph)) == (0.0, 0.0)
    # authors and audiences differ, or classes would have nothing to tell
    assert np.percentile(graph.in_degree, 99) > 3 * np.median(graph.in_degree)


def test_what_messages_breed_is_the_next_generation_matrix():
    world = lively_ring()
    assert_as_theory_says(world, bred(world, 800))


@pytest.mark.slow
def test_what_messages_breed_is_the_next_generation_matrix_many_times_over():
    world = lively_ring(100_000, 300)
    assert_as_theory_says(world, bred(world, 2_000))


@pytest.mark.slow
def test_growing_messages_begin_as_the_next_generation_matrix_says():
    world = lively_ring(100_000, 40, **GROWING)
    assert reproduction(world.config, world.population, world.graph).eigenvalue > 1.2
    assert_as_theory_says(world, bred(world, 1_200, last=4, before=12 * 60))


def test_generations_follow_each_other_as_the_matrix_says():
    world = lively_ring()
    by_frame = reproduction(world.config, world.population, world.graph).by_frame
    runs = 800
    sizes = np.zeros((runs, 6, 2))
    for replicate in range(runs):
        messages = run_campaign(world, replicate=replicate).messages
        counts = messages.by_people & (generations(messages) < 6)
        np.add.at(sizes[replicate], (generations(messages)[counts], messages.frame[counts]), 1)
    for k in range(2, 5):
        left = sizes[:, k + 1] - sizes[:, k] @ by_frame
        error = np.sqrt((left**2).sum(axis=0))
        assert (np.abs(left.sum(axis=0)) < Z * error).all(), f"generation {k + 1}"
        assert (sizes[:, k].sum(axis=0) > 300).all()


def test_communities_breed_each_others_messages_as_the_matrix_says():
    world = lively_ring()
    expected = reproduction(world.config, world.population, world.graph)
    label, classes, _ = _classes(world.population, world.graph.in_degree, world.graph.out_degree)
    of_class = classes[:, 2]
    causes = np.zeros((classes.shape[0], 2))
    caused = np.zeros((2, 2, 2, 2))  # community and frame of the cause, of the effect
    community = world.population.community.astype(np.int64)
    for replicate in range(800):
        messages = run_campaign(world, replicate=replicate).messages
        counts = messages.by_people & (generations(messages) >= 2)
        np.add.at(causes, (label[messages.author[counts]], messages.frame[counts]), 1)
        effect = np.flatnonzero(messages.by_people & (generations(messages) >= 3))
        parent = messages.parent[effect]
        np.add.at(caused, (community[messages.author[parent]], messages.frame[parent],
                           community[messages.author[effect]], messages.frame[effect]), 1)  # fmt: skip
    for a in range(2):
        for b in range(2):
            block = expected.matrix[np.ix_(of_class == a, of_class == b)].sum(axis=1)
            due = np.einsum("af,afg->fg", causes[of_class == a], block)
            # sums of independent, mostly rare events: their variance is at most their mean
            assert (np.abs(caused[a, :, b] - due) < Z * np.sqrt(due)).all(), (a, b, caused[a, :, b], due)
            assert (due > 30).all()


def test_the_fewer_begin_the_nearer_to_the_matrix():
    apart = []
    for followers, runs in ((20_000, 12), (2_000, 60), (300, 800)):
        world = lively_ring(sender_followers=followers)
        found = bred(world, runs)
        expected = reproduction(world.config, world.population, world.graph).eigenvalue
        apart.append(1.0 - max(np.linalg.eigvals(found.by_frame).real) / expected)
    # half of all follow the sender: many messages are seen at once
    assert apart[0] > 0.04
    assert apart[0] > apart[1] > apart[2] - 0.02
    assert abs(apart[2]) < 0.04
