"""Follower graphs from edges, matrices and NetworkX: small cases worked by hand."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from scipy import sparse

from sim.errors import GraphError
from sim.network.graph import FollowerGraph


def follow(edges, n, **more):
    pairs = np.array(edges, np.int64).reshape(-1, 2)
    return FollowerGraph.from_edges(pairs[:, 0], pairs[:, 1], n, **more)


def rows(graph):
    return [graph.followers(v).tolist() for v in range(graph.n)]


def test_rows_hold_the_followers_of_each_account_in_ascending_order():
    graph = follow([(3, 0), (1, 0), (2, 0), (0, 2)], 4)
    assert rows(graph) == [[1, 2, 3], [], [0], []]
    assert graph.in_degree.tolist() == [3, 0, 1, 0]
    assert graph.out_degree.tolist() == [1, 1, 1, 1]
    assert (graph.n, graph.m, graph.origin) == (4, 4, "loaded")
    assert (graph.start.dtype, graph.follower.dtype) == (np.int64, np.int32)
    graph.check()


def test_repeats_and_self_loops_are_left_out():
    assert rows(follow([(1, 0), (1, 0), (0, 0), (1, 1), (0, 1), (1, 0)], 2)) == [[1], [0]]


def test_keys_are_row_numbers_unless_given():
    assert follow([(1, 0)], 3).keys.tolist() == [0, 1, 2]
    assert follow([(1, 0)], 2, keys=np.array([7, 5], np.uint64)).keys.tolist() == [7, 5]


@pytest.mark.parametrize("n", [0, 1, 5])
def test_a_graph_without_edges_is_legal(n):
    graph = follow([], n)
    assert (graph.n, graph.m) == (n, 0)
    assert graph.in_degree.tolist() == graph.out_degree.tolist() == [0] * n
    assert graph.reversed().n == n
    assert len(graph.content_hash()) == 64
    assert FollowerGraph.from_edges([], [], n).n == n


def test_turning_twice_gives_the_same_graph():
    graph = follow([(3, 0), (1, 0), (2, 1), (0, 2), (2, 3)], 4)
    assert rows(graph.reversed()) == [[2], [0], [1, 3], [0]]
    assert graph.reversed().reversed().content_hash() == graph.content_hash()


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.uint32, np.int64, np.uint64])
def test_every_integer_type_gives_the_same_graph(kind):
    follower, followed = np.array([1, 2, 2], kind), np.array([0, 0, 1], kind)
    assert rows(FollowerGraph.from_edges(follower, followed, 3)) == [[1, 2], [2], []]


def test_columns_may_be_memory_mapped_read_only_or_strided(tmp_path):
    np.save(tmp_path / "pairs.npy", np.array([[1, 0], [2, 0], [2, 1]]))
    pairs = np.load(tmp_path / "pairs.npy", mmap_mode="r")
    graph = FollowerGraph.from_edges(pairs[:, 0], pairs[:, 1], 3)
    assert rows(graph) == [[1, 2], [2], []]
    np.save(tmp_path / "start.npy", graph.start)
    np.save(tmp_path / "follower.npy", graph.follower)
    mapped = FollowerGraph(*(np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("start", "follower")))
    assert mapped.content_hash() == graph.content_hash()
    assert mapped.out_degree.tolist() == [0, 1, 2]


def test_the_hash_sees_edges_size_and_keys_and_not_the_origin():
    graph = follow([(1, 0), (2, 0)], 3)
    assert graph.content_hash() == follow([(2, 0), (1, 0)], 3, origin="generated").content_hash()
    others = [follow([(1, 0)], 3), follow([(1, 0), (2, 0)], 4), follow([(1, 0), (2, 1)], 3),
              follow([(1, 0), (2, 0)], 3, keys=np.array([0, 1, 9], np.uint64))]  # fmt: skip
    assert len({graph.content_hash(), *(other.content_hash() for other in others)}) == 5


@pytest.mark.parametrize(
    ("follower", "followed", "n", "said"),
    [
        ([0, 3], [1, 1], 3, r"follower\[1\] must lie in \[0, 3\).*got 3"),
        ([0, 1], [1, -1], 3, r"followed\[1\] must lie in \[0, 3\).*got -1"),
        ([0.0, 1.0], [1, 0], 3, "follower must be a column of whole numbers, got float64"),
        ([True, False], [1, 0], 3, "whole numbers, got bool"),
        ([0, 1], [1], 3, "one entry per edge"),
        ([0], [1], -1, "n must be a whole number"),
        ([0], [1], 2**31, "n must be a whole number"),
        ([0], [1], 2.5, "n must be a whole number"),
        ([[0]], [[1]], 2, "column of whole numbers"),
    ],
)
def test_bad_columns_are_refused_in_one_sentence(follower, followed, n, said):
    with pytest.raises(GraphError, match=said) as caught:
        FollowerGraph.from_edges(np.array(follower), np.array(followed), n)
    assert "\n" not in str(caught.value)


def test_a_matrix_says_who_follows_whom_by_row_and_column():
    matrix = sparse.csr_array(([1, 5, 0, 1], ([0, 2, 1, 2], [1, 1, 0, 2])), shape=(3, 3))
    for form in (matrix, matrix.tocoo(), sparse.csc_matrix(matrix)):
        assert rows(FollowerGraph.from_scipy(form)) == [[], [0, 2], []]


def test_a_matrix_must_be_sparse_and_square():
    with pytest.raises(GraphError, match="sparse"):
        FollowerGraph.from_scipy(np.eye(3))
    with pytest.raises(GraphError, match=r"square.*\(2, 3\)"):
        FollowerGraph.from_scipy(sparse.csr_array((2, 3)))


def test_a_networkx_graph_keeps_the_order_of_its_nodes():
    source = networkx.DiGraph()
    source.add_nodes_from(["c", "a", "b"])
    source.add_edges_from([("a", "c"), ("b", "c"), ("c", "b")])
    assert rows(FollowerGraph.from_networkx(source)) == [[1, 2], [], [0]]
    assert FollowerGraph.from_networkx(networkx.DiGraph()).n == 0
    assert rows(FollowerGraph.from_networkx(networkx.MultiDiGraph([(0, 1), (0, 1)]))) == [[], [0]]


def test_an_undirected_graph_is_refused():
    with pytest.raises(GraphError, match="directed"):
        FollowerGraph.from_networkx(networkx.path_graph(3))
    with pytest.raises(GraphError, match="NetworkX graph, got list"):
        FollowerGraph.from_networkx([(0, 1)])


@pytest.mark.parametrize(
    ("start", "follower", "said"),
    [
        ([0, 1], np.zeros(1, np.int64), "int32"),
        ([0, 2], np.zeros(1, np.int32), "number of edges"),
        (np.array([0, 1], np.int32), np.zeros(1, np.int32), "int64"),
    ],
)
def test_a_holder_with_wrong_arrays_is_refused(start, follower, said):
    with pytest.raises(GraphError, match=said):
        FollowerGraph(np.asarray(start), follower)


@pytest.mark.parametrize("row", [[2, 1], [1, 1], [0, 1], [1, 3], [-1, 1]])
def test_an_unsound_row_is_found(row):
    with pytest.raises(GraphError, match="row 0"):
        FollowerGraph(np.array([0, 2, 2, 2]), np.array(row, np.int32)).check()
