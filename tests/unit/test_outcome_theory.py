"""Theory in cases that can be worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from sim.config.root import Configuration, changed
from sim.errors import GraphError
from sim.network.graph import FollowerGraph
from sim.outcome.attention import seen_by_row, waiting_factor
from sim.outcome.theory import _degree_class, _over_edges, first_response, reproduction, reproduction_eigenvalue
from sim.people.population import Population
from tests.outcome_people import people_of

PLAIN = Configuration()


def _ring(n: int, degree: int) -> FollowerGraph:
    """Everybody is followed by the next ``degree`` rows."""
    followed = np.repeat(np.arange(n), degree)
    follower = (followed + np.tile(np.arange(1, degree + 1), n)) % n
    return FollowerGraph.from_edges(follower, followed, n)


def _pulls(config: Configuration, grievance: float, support: float) -> tuple[float, float]:
    r, p = config.reaction, config.post
    nearness = p.salience + p.openness * (1 - p.salience)
    campaign = r.b_value * (p.appeal * support - r.cross * grievance)
    return campaign, (r.b_value + r.b_outrage * p.arousal) * nearness * grievance - r.b_value * r.cross * support


def _chances(config: Configuration, grievance: float, support: float, frame: int) -> tuple[float, float]:
    """Chance of a campaign and of a counter message by one who does not follow the sender, after one message."""
    r, p = config.reaction, config.post
    campaign, counter = _pulls(config, grievance, support)
    climate = r.b_climate * (1 if frame == 0 else -1) / 3
    social = r.b_social * math.log(2)
    share = math.exp(r.b_share + social + (campaign + climate if frame == 0 else counter - climate))
    write_c = math.exp(r.b_write + campaign + r.b_room * p.room + climate)
    write_k = math.exp(r.b_write + counter + r.b_room * p.room - climate)
    follow = math.exp(r.b_follow + campaign + r.b_warm * p.media) if frame == 0 else 0.0
    total = 1 + share + write_c + write_k + follow
    return (write_c + (share if frame == 0 else 0.0)) / total, (write_k + (share if frame == 1 else 0.0)) / total


def _wait_density(d: float) -> float:
    return 1 - d * d / 2 if d <= 1 else (2 - d) ** 2 / 2


@pytest.mark.parametrize("s", [1e-9, 0.01, 0.0499999, 0.0500001, 0.3, 1.0, 5.0, 40.0, 800.0])
def test_the_waiting_factor_is_the_integral_over_the_wait(s: float) -> None:
    parts = [quad(lambda d: _wait_density(d) * math.exp(-s * d), *ends, epsabs=1e-13)[0]
             for ends in ((0, min(1, 30 / s)), (min(1, 30 / s), 1), (1, 2))]  # fmt: skip
    assert waiting_factor(s) == pytest.approx(sum(parts), rel=1e-9)


def test_those_who_are_there_at_once_see_with_full_attention_and_those_never_there_not() -> None:
    people = people_of(3, sessions_a_day=[1e9, 2.0, 0.0])
    seen = seen_by_row(PLAIN, people, np.ones(3, np.float32), 0)
    assert seen[0] == pytest.approx(PLAIN.feed.attention, rel=1e-5)
    assert 0 < seen[1] < seen[0]
    assert seen[2] == 0.0


def test_a_ranked_feed_lifts_what_arouses() -> None:
    ranked = changed(PLAIN, {"feed.ranking": "engagement", "post.arousal": 0.9, "post.media": 0.0})
    people, sink = people_of(1), np.ones(1, np.float32)
    assert seen_by_row(ranked, people, sink, 1)[0] > seen_by_row(ranked, people, sink, 0)[0]
    assert seen_by_row(ranked, people, sink, 0)[0] == seen_by_row(PLAIN, people, sink, 0)[0]


def test_among_people_alike_the_matrix_is_degree_times_seen_times_chance() -> None:
    people = people_of(50, follows_sender=[False] * 50)
    found = reproduction(PLAIN, people, _ring(50, 4))
    seen = float(seen_by_row(PLAIN, people, np.ones(50, np.float32), 0)[0])
    grievance, support = float(people.grievance[0]), float(people.support[0])
    expected = 4 * seen * np.array([_chances(PLAIN, grievance, support, frame) for frame in (0, 1)])
    assert found.matrix.shape == (1, 1, 2, 2)
    assert found.by_frame == pytest.approx(expected, rel=1e-6)
    assert found.eigenvalue == pytest.approx(max(np.linalg.eigvals(expected).real), rel=1e-6)
    assert found.blocks()["campaign"]["counter"] == found.by_frame[0, 1]


def test_authors_of_one_class_weigh_by_how_much_reaches_them_and_how_they_answer() -> None:
    edges = [(1, 0), (0, 1), (3, 2), (2, 0), (2, 1), (2, 3)]
    graph = FollowerGraph.from_edges([u for u, _ in edges], [v for _, v in edges], 4)
    assert graph.in_degree.tolist() == [2, 2, 1, 1]
    assert graph.out_degree.tolist() == [1, 1, 3, 1]
    answers = np.tile(np.array([[0.1, 0.2, 0.3, 0.4]], np.float32), (4, 1))
    answers[3] = 0.0
    summed, authors = _over_edges(graph.start, graph.follower, np.zeros(4, np.int32), graph.out_degree, answers, 1)
    # rows 0, 1 and 2 follow 1, 1 and 3; the third has one follower, who never answers
    assert authors == pytest.approx(np.array([[5 * (0.1 + 0.3), 5 * (0.2 + 0.4)]]))
    heard = 1 * 2 + 1 * 2 + 3 * 0
    assert summed[0, 0] == pytest.approx(heard * np.array([[0.4 * 0.1, 0.4 * 0.2], [0.6 * 0.3, 0.6 * 0.4]]))


def test_degree_classes_hold_a_third_of_all_edges_each() -> None:
    assert _degree_class(np.array([1] * 60 + [10] * 6 + [60])).tolist() == [0] * 60 + [1] * 6 + [2]
    assert _degree_class(np.zeros(3, np.int64)).tolist() == [0, 0, 0]


def test_where_nothing_comes_back_nothing_reproduces() -> None:
    # row 0 is followed by all others, nobody follows them
    star = FollowerGraph.from_edges(np.arange(1, 30), np.zeros(29, int), 30)
    found = reproduction(PLAIN, people_of(30), star)
    assert found.eigenvalue == 0.0
    assert reproduction_eigenvalue(PLAIN, people_of(30), FollowerGraph.from_edges([], [], 30)) == 0.0


def test_nobody_reproduces_nothing() -> None:
    empty = FollowerGraph.from_edges([], [], 0)
    assert reproduction(PLAIN, people_of(0), empty).eigenvalue == 0.0
    assert first_response(PLAIN, people_of(0)) is None


def test_no_grievance_no_counter_message() -> None:
    people = people_of(50, grievance=[0.0] * 50)
    found = reproduction(PLAIN, people, _ring(50, 4))
    assert found.by_frame[0, 1] == 0.0
    assert found.eigenvalue == pytest.approx(found.by_frame[0, 0], rel=1e-9)
    assert first_response(PLAIN, people) == 0.0


def test_first_response_asks_the_senders_followers_alone() -> None:
    people = people_of(2, grievance=[1.0, 0.0], support=[0.0, 1.0], follows_sender=[False, True])
    assert first_response(PLAIN, people) == 0.0
    assert first_response(PLAIN, people_of(2, follows_sender=[False, False])) is None


def test_those_who_look_more_often_weigh_more() -> None:
    def response(rates: list[float]) -> float:
        people: Population = people_of(2, grievance=[1.0, 0.0], support=[0.0, 1.0], sessions_a_day=rates)
        found = first_response(PLAIN, people)
        assert found is not None
        return found

    assert response([20.0, 1.0]) > response([1.0, 1.0]) > response([1.0, 20.0])


def test_trust_in_local_accounts_draws_campaign_messages() -> None:
    local = {"agency.voices": "local", "agency.local_accounts": 3}
    trusted = first_response(changed(PLAIN, {**local, "agency.local_trust": 0.3}), people_of(5))
    plain = first_response(changed(PLAIN, {**local, "agency.local_trust": 0.0}), people_of(5))
    central = first_response(changed(PLAIN, {"agency.local_trust": 0.3}), people_of(5))
    assert trusted < plain
    assert plain == central


def test_people_and_graph_must_be_of_one_size() -> None:
    with pytest.raises(GraphError, match="one row for each of the 3 people; it has 4"):
        reproduction(PLAIN, people_of(3), _ring(4, 1))
    with pytest.raises(GraphError, match="one row for each of the 3 people; it has 4"):
        first_response(PLAIN, people_of(3), _ring(4, 1))
