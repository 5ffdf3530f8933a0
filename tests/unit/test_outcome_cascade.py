"""Trees whose shape is known: stars, paths, and one by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.record import Kind
from sim.errors import GraphError
from sim.outcome.cascade import cascade_trees, largest_cascade
from sim.outcome.measures import measure
from tests.outcome_records import messages_of, record_of

W, S = Kind.ORIGINAL, Kind.SHARE


def _star(nodes: int) -> list:
    return [(0, 0, 1, W, -1)] + [(i, i, 1, S, 0) for i in range(1, nodes)]


def _path(nodes: int) -> list:
    return [(0, 0, 1, W, -1)] + [(i, i, 1, S, i - 1) for i in range(1, nodes)]


@pytest.mark.parametrize("nodes", [2, 3, 20, 500])
def test_a_star_has_virality_2_n_minus_1_over_n(nodes: int) -> None:
    trees = cascade_trees(messages_of(_star(nodes)))
    assert trees.virality(0) == pytest.approx(2 * (nodes - 1) / nodes, rel=1e-14)
    assert trees.size[0] == nodes
    assert trees.deepest[0] == 1
    assert trees.share_on_root() == 1.0


@pytest.mark.parametrize("nodes", [2, 3, 20, 500])
def test_a_path_has_virality_n_plus_1_over_3(nodes: int) -> None:
    trees = cascade_trees(messages_of(_path(nodes)))
    assert trees.virality(0) == pytest.approx((nodes + 1) / 3, rel=1e-14)
    assert trees.deepest[0] == nodes - 1
    assert trees.share_on_root() == 1 / (nodes - 1)


def test_a_lone_message_has_no_virality() -> None:
    trees = cascade_trees(messages_of([(0, 0, 0, W, -1)]))
    assert trees.virality(0) is None
    assert trees.share_on_root() is None


def test_what_provokes_an_original_is_no_part_of_its_cascade() -> None:
    trees = cascade_trees(messages_of([(0, 0, 0, W, -1), (1, 1, 1, W, 0), (2, 2, 1, S, 1)]))
    assert trees.size.tolist() == [1, 2, 0]
    assert trees.depth.tolist() == [0, 0, 1]


def test_the_mean_is_over_cascades_of_twenty_nodes_and_more() -> None:
    lines = _star(20)
    lines += [(30 + i, 50 + i, 0, kind, parent) for i, (_, _, _, kind, parent) in enumerate(_path(19))]
    lines = lines[:20] + [(m, a, f, k, p + 20 if p >= 0 else -1) for m, a, f, k, p in lines[20:]]
    row = measure(record_of(lines))
    assert row["structural_virality"] == pytest.approx(1.9)
    assert row["cascade_size"] == 20
    assert row["cascade_depth"] == 18


def test_the_largest_cascade_of_each_frame_is_drawn_with_parents_above_their_children() -> None:
    lines = [(0, -1, 0, Kind.POST, -1), (1, 1, 1, W, 0), (2, 2, 1, S, 1), (3, 3, 0, S, 0), (4, 4, 1, S, 1),
             (5, 5, 1, S, 2), (6, 6, 1, S, 2)]  # fmt: skip
    drawing = largest_cascade(messages_of(lines), 1, origin="generated")
    assert drawing is not None
    assert drawing.parent.tolist() == [-1, 0, 0, 1, 1]
    assert drawing.depth.tolist() == [0, 1, 1, 2, 2]
    assert drawing.minute.tolist() == [1, 2, 4, 5, 6]
    # leaves in order: 5, 6 (below 2), then 4
    assert drawing.place.tolist() == pytest.approx([(2 / 6 + 5 / 6) / 2, 2 / 6, 5 / 6, 1 / 6, 3 / 6])
    campaign = largest_cascade(messages_of(lines), 0, origin="generated")
    assert campaign is not None
    assert campaign.parent.tolist() == [-1, 0]
    assert np.all((campaign.place >= 0) & (campaign.place <= 1))


def test_nothing_is_drawn_where_nothing_was_passed_on() -> None:
    assert largest_cascade(messages_of([(0, 0, 0, W, -1)]), 0, origin="generated") is None
    assert largest_cascade(messages_of([]), 1, origin="generated") is None


def test_no_cascade_of_a_loaded_graph_is_drawn() -> None:
    with pytest.raises(GraphError, match="generated graphs alone"):
        largest_cascade(messages_of(_star(5)), 1, origin="loaded")


def test_an_unknown_frame_is_refused() -> None:
    with pytest.raises(GraphError, match="frame must be 0"):
        largest_cascade(messages_of(_star(5)), 2, origin="generated")
