"""What holds for every graph that is built or made."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.config.network import NetworkConfig
from sim.errors import GraphError
from sim.network import parts, structure
from sim.network.files import read_edges
from sim.network.generators import generate
from sim.network.graph import FollowerGraph

edges_of_12 = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=80)


def audience(n, seed=1):
    """Return people to link: keyed, in six age bands and two communities."""
    luck = np.random.default_rng(seed)
    return {
        "keys": np.arange(n, dtype=np.uint64) * np.uint64(7) + np.uint64(3),
        "cohort": luck.integers(0, 6, n).astype(np.int8),
        "community": luck.integers(0, 2, n).astype(np.int8),
        "grievance_rank": luck.random(n),
    }


@given(edges_of_12)
def test_a_graph_holds_exactly_the_distinct_pairs_without_loops(edges):
    pairs = np.array(edges, np.int64).reshape(-1, 2)
    graph = FollowerGraph.from_edges(pairs[:, 0], pairs[:, 1], 12)
    graph.check()
    held = {(int(u), v) for v in range(12) for u in graph.followers(v)}
    assert held == {(u, v) for u, v in edges if u != v}
    assert graph.m == len(held)
    assert graph.in_degree.sum() == graph.out_degree.sum() == graph.m
    assert graph.reversed().reversed().content_hash() == graph.content_hash()


@given(edges_of_12, st.permutations(range(12)))
def test_the_order_of_edges_does_not_matter(edges, order):
    pairs = np.array(edges, np.int64).reshape(-1, 2)
    shuffled = pairs[np.argsort([order[i % 12] for i in range(len(edges))], kind="stable")] if edges else pairs
    graphs = [FollowerGraph.from_edges(p[:, 0], p[:, 1], 12) for p in (pairs, shuffled)]
    assert graphs[0].content_hash() == graphs[1].content_hash()


@settings(max_examples=40)
@given(edges=edges_of_12, names=st.lists(st.integers(0, 2**63 - 1), min_size=12, max_size=12, unique=True))
def test_a_written_edge_list_reads_as_the_same_graph(tmp_path_factory, edges, names):
    path = tmp_path_factory.mktemp("edges") / "g.tsv"
    path.write_text("".join(f"{names[u]}\t{names[v]}\n" for u, v in edges))
    read = read_edges(path)
    back = read.ids
    assert [(int(back[u]), int(back[v])) for u, v in zip(read.follower, read.followed, strict=True)] == [
        (names[u], names[v]) for u, v in edges
    ]
    assert np.all(np.diff(back) > 0)


@given(edges_of_12)
def test_figures_agree_with_an_independent_library(edges):
    pairs = np.array(edges, np.int64).reshape(-1, 2)
    graph = FollowerGraph.from_edges(pairs[:, 0], pairs[:, 1], 12)
    peer = networkx.DiGraph()
    peer.add_nodes_from(range(12))
    peer.add_edges_from((u, v) for u, v in edges if u != v)
    flat = peer.to_undirected()
    found = structure.describe(graph)
    assert found["clustering_local"] == pytest.approx(networkx.average_clustering(flat))
    assert found["clustering_global"] == pytest.approx(networkx.transitivity(flat))
    if peer.number_of_edges():
        assert found["reciprocity"] == pytest.approx(networkx.overall_reciprocity(peer))
    near = [d <= 4 for ends in dict(networkx.all_pairs_shortest_path_length(flat)).values() for d in ends.values() if d]
    if near:
        assert found["within_4_hops"] == pytest.approx(np.mean(near))
    group = np.arange(12) % 3
    if len(set(group[[v for edge in peer.edges for v in edge]])) > 1:
        networkx.set_node_attributes(peer, dict(enumerate(group.tolist())), "group")
        assert structure.nominal_assortativity(graph, group) == pytest.approx(
            networkx.attribute_assortativity_coefficient(peer, "group")
        )


@settings(max_examples=25)
@given(n=st.integers(0, 60), degree=st.floats(0, 30), seed=st.integers(0, 2**63 - 1), returned=st.floats(0, 0.9))
def test_a_made_graph_is_sound_at_every_size(n, degree, seed, returned):
    config = NetworkConfig(mean_degree=degree, reciprocity=returned)
    graph = generate(config, seed=seed, **audience(n))
    graph.check()
    assert (graph.n, graph.origin) == (n, "generated")
    assert graph.keys.tolist() == audience(n)["keys"].tolist()


@settings(max_examples=10)
@given(seed=st.integers(0, 2**63 - 1), shuffle=st.integers(0, 1000))
def test_the_same_people_in_other_rows_get_the_same_graph_relabelled(seed, shuffle):
    people = audience(300)
    order = np.random.default_rng(shuffle).permutation(300)
    graph = generate(NetworkConfig(), seed=seed, **people)
    moved = generate(NetworkConfig(), seed=seed, **{name: column[order] for name, column in people.items()})
    moved.check()
    followers = np.repeat(np.arange(300), moved.in_degree)
    back = FollowerGraph.from_edges(order[moved.follower], order[followers], 300, keys=people["keys"])
    assert back.content_hash() == graph.content_hash()


def test_a_graph_follows_from_its_seed_and_from_nothing_else():
    first, again, other = (generate(NetworkConfig(), seed=seed, **audience(2000)) for seed in (0, 0, 1))
    assert first.content_hash() == again.content_hash()
    assert first.content_hash() != other.content_hash()


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_no_number_of_threads_can_change_a_graph(monkeypatch, threads):
    config = NetworkConfig(mean_degree=12.0, closure=0.4, reciprocity=0.6)
    alone = {n: generate(config, seed=5, **audience(n)).content_hash() for n in (2, 9, 3000)}
    monkeypatch.setattr(parts, "WORTH_A_THREAD", 1)
    monkeypatch.setattr(parts, "threads", lambda: threads)
    assert len(parts.equal_parts(3000)) == threads
    for n, content in alone.items():
        side_by_side = generate(config, seed=5, **audience(n))
        side_by_side.check()
        assert side_by_side.content_hash() == content
        assert np.array_equal(side_by_side.out_degree, np.bincount(side_by_side.follower, minlength=n))


def test_keys_decide_the_luck_and_rows_do_not():
    people = audience(500)
    shifted = generate(NetworkConfig(), seed=4, **{**people, "keys": people["keys"] + np.uint64(1)})
    assert shifted.content_hash() != generate(NetworkConfig(), seed=4, **people).content_hash()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"keys": np.zeros(5, np.uint64)}, "keys must be distinct"),
        ({"keys": np.arange(5)}, "keys must be uint64"),
        ({"cohort": np.zeros(4, np.int8)}, "cohort must have one value for each of the 5 keys"),
        ({"community": np.full(5, -1, np.int8)}, "community must not be negative"),
        ({"grievance_rank": np.full(5, 1.5)}, r"grievance_rank must lie in \[0, 1\]"),
        ({"grievance_rank": np.full(5, np.nan)}, "grievance_rank must not be negative|must lie"),
    ],
)
def test_people_that_cannot_be_linked_are_refused(change, said):
    with pytest.raises(GraphError, match=said):
        generate(NetworkConfig(), seed=0, **{**audience(5), **change})
