"""Reading graphs from files as they are found: separators, comments, damage."""

from __future__ import annotations

import gzip
import os

import networkx
import numpy as np
import pandas
import pytest
from scipy import sparse

from sim.config.network import NetworkConfig
from sim.errors import GraphError
from sim.network import edge_list
from sim.network.files import read_edges
from sim.network.graph import FollowerGraph
from sim.network.readers import read_network

# who follows whom in every file here: 5 follows 10 and 700, 700 follows 10; rows 0, 1, 2
ROWS = [[], [0, 2], [0]]


def rows(graph):
    return [graph.followers(v).tolist() for v in range(graph.n)]


def written(tmp_path, content, name="graph.txt"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "5 10\n5 700\n700 10\n",
        "5\t10\n5\t700\n700\t10",
        "5,10\r\n5,700\r\n700,10\r\n",
        "5; 10\n5; 700\n700; 10\n",
        "\ufeff# from, to\n5 10\n\n% note\n  5   700  \n\t700 10 \n\n",
        "follower,followed\n5,10\n5,700\n700,10\n",
        "# c\nsource\ttarget\n5\t10\n5\t700\n700\t10\n",
        "followed follower\n10 5\n700 5\n10 700\n",
        '"follower","followed"\n5,10\n5,700\n700,10\n',
        "005 10\n5 700\n700 10\n5 10\n5 5\n",
    ],
)
def test_an_edge_list_is_read_however_it_is_written(tmp_path, text):
    assert rows(FollowerGraph.read(written(tmp_path, text))) == ROWS


@pytest.mark.parametrize("name", ["g.txt", "g.tsv", "g.csv", "g.edges", "g.txt.gz", "G.TSV.GZ"])
def test_the_suffix_names_the_format(tmp_path, name):
    text = b"5 10\n5 700\n700 10\n"
    path = written(tmp_path, gzip.compress(text) if name.lower().endswith("gz") else text, name)
    assert rows(FollowerGraph.read(str(path))) == ROWS


def test_gzip_is_known_by_its_content_too(tmp_path):
    assert rows(FollowerGraph.read(written(tmp_path, gzip.compress(b"5 10\n5 700\n700 10\n")))) == ROWS


def test_huge_ids_become_rows_in_ascending_order(tmp_path):
    path = written(tmp_path, f"{2**63 - 1} 3000000000\n0 {2**63 - 1}\n")
    edges = read_edges(path)
    assert edges.ids.tolist() == [0, 3000000000, 2**63 - 1]
    assert rows(FollowerGraph.read(path)) == [[], [2], [0]]


def test_the_direction_can_be_turned(tmp_path):
    path = written(tmp_path, "10 5\n700 5\n10 700\n")
    assert rows(FollowerGraph.read(path, direction="followed_follower")) == ROWS
    with pytest.raises(GraphError, match=r"network\.direction must be one of"):
        FollowerGraph.read(path, direction="up")


@pytest.mark.parametrize("text", ["", "# nothing\n", "\n\n", "\ufeff"])
def test_a_file_without_edges_is_an_empty_graph(tmp_path, text):
    assert FollowerGraph.read(written(tmp_path, text)).n == 0


def test_an_edge_list_longer_than_a_block_is_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(edge_list, "BLOCK", 64)
    pairs = [(i, (i * 7 + 3) % 500) for i in range(500)]
    path = written(tmp_path, "".join(f"{a} {b}\n" for a, b in pairs))
    expected = FollowerGraph.from_edges(*np.array(pairs).T, 500)
    assert FollowerGraph.read(path).content_hash() == expected.content_hash()
    bad = written(tmp_path, path.read_text() + "1 x\n")
    with pytest.raises(GraphError, match="line 501:"):
        FollowerGraph.read(bad)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 2\n3 four\n", r"line 2: an id must be a whole number.*got 'f' at place 3"),
        ("# c\n\n1 -2\n", r"line 3: .*got '-' at place 3"),
        ("1 2\n1.5 2\n", r"line 2: .*got '\.'"),
        ("1 2\n3\n", "line 2: a line must hold two ids, and holds one"),
        ("1 2 0.5\n", "line 1: a line must hold two ids and nothing else"),
        ("1 2 3\n", "line 1: a line must hold two ids and nothing else"),
        (f"1 {2**63}\n", r"line 1: an id must be below 2\*\*63"),
        (f"1 {10**30}\n", r"line 1: an id must be below 2\*\*63"),
        ("1 2 # why\n", "line 1: a line must hold two ids and nothing else"),
        ("follower,name\n1,2\n", "line 1"),
        ("from,source\n1,2\n", "header must name a follower and a followed"),
        (b"\x00\x01\x02\xff\n", "line 1: .*another kind of file"),
        (b"PK\x03\x04" + bytes(range(256)) * 4, "line 1"),
        ("1 2\n1 ²\n", "line 2: .*byte 194"),
    ],
)
def test_the_first_bad_line_is_named_with_its_rule(tmp_path, text, said):
    path = written(tmp_path, text)
    with pytest.raises(GraphError, match=said) as caught:
        FollowerGraph.read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_message_shows_no_id(tmp_path):
    with pytest.raises(GraphError) as caught:
        FollowerGraph.read(written(tmp_path, "123456789 987654321 x\n"))
    assert "123456789" not in str(caught.value) and "987654321" not in str(caught.value)


def test_one_endless_line_is_refused(tmp_path):
    with pytest.raises(GraphError, match="another kind of file"):
        FollowerGraph.read(written(tmp_path, b"\x01" * 200_000))


@pytest.mark.parametrize("name", ["g.txt.gz", "g.graphml.gz"])
@pytest.mark.parametrize("damage", ["cut", "spoilt"])
def test_a_damaged_gzip_file_is_called_so(tmp_path, name, damage):
    whole = gzip.compress(os.urandom(4000).hex().encode(), mtime=0)
    content = whole[: len(whole) // 2] if damage == "cut" else whole[:-30] + b"\0" * 30
    with pytest.raises(GraphError):
        FollowerGraph.read(written(tmp_path, content, name))


def test_a_gz_name_needs_gzip_content(tmp_path):
    with pytest.raises(GraphError, match="whole gzip file"):
        FollowerGraph.read(written(tmp_path, "1 2\n", "g.txt.gz"))


def test_a_path_that_is_no_file_is_refused(tmp_path):
    with pytest.raises(GraphError, match="does not exist"):
        FollowerGraph.read(tmp_path / "none.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(GraphError, match="is a folder"):
        FollowerGraph.read(tmp_path / "folder.txt")
    with pytest.raises(GraphError, match=r"must end in \.txt"):
        FollowerGraph.read(tmp_path / "graph.docx")
    with pytest.raises(GraphError, match=r"network\.kind must be one of"):
        FollowerGraph.read(tmp_path / "none.txt", kind="excel")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_forbidden_file_is_called_so(tmp_path):
    path = written(tmp_path, "1 2\n")
    path.chmod(0)
    with pytest.raises(GraphError, match="cannot be read"):
        FollowerGraph.read(path)


def test_the_kind_wins_over_the_suffix(tmp_path):
    assert rows(FollowerGraph.read(written(tmp_path, "5 10\n5 700\n700 10\n", "g.dat"), kind="edge_list")) == ROWS


def graphml_of(nodes, edges):
    graph = networkx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges, weight=1.5)
    return "\n".join(networkx.generate_graphml(graph)).encode()


@pytest.mark.parametrize("name", ["g.graphml", "g.graphml.gz"])
def test_graphml_is_read_with_its_lonely_nodes(tmp_path, name):
    text = graphml_of([700, 10, 5, 800], [(5, 10), (5, 700), (700, 10)])
    path = written(tmp_path, gzip.compress(text) if name.endswith("gz") else text, name)
    assert rows(FollowerGraph.read(path)) == [*ROWS, []]


def test_graphml_names_keep_the_order_of_the_document(tmp_path):
    path = written(tmp_path, graphml_of(["zoe", "al"], [("al", "zoe")]), "g.graphml")
    assert rows(FollowerGraph.read(path)) == [[1], []]
    assert read_edges(path).ids.tolist() == ["zoe", "al"]
    numbered = written(tmp_path, graphml_of(["n10", "n9"], [("n9", "n10")]), "g.graphml")
    assert rows(FollowerGraph.read(numbered)) == [[], [0]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: not well-formed"),
        ("<graphml><graph edgedefault='directed'><node id='1'></graph></graphml>", "not well-formed"),
        ("<html></html>", "must be <graphml>"),
        ("<graphml>\n<graph edgedefault='undirected'/></graphml>", "line 2: the graph must be directed"),
        ("<graphml><graph edgedefault='directed'><edge source='1'/></graph></graphml>", "attribute 'target'"),
        ("<graphml><graph edgedefault='directed'><node/></graph></graphml>", "attribute 'id'"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><graphml/>", "document type"),
    ],
)
def test_bad_graphml_is_refused_with_its_line(tmp_path, text, said):
    with pytest.raises(GraphError, match=said):
        FollowerGraph.read(written(tmp_path, text, "g.graphml"))


def test_parquet_columns_go_by_name_or_by_order(tmp_path):
    path = tmp_path / "g.parquet"
    pandas.DataFrame({"x": 1, "followed": [10, 700, 10], "follower": [5, 5, 700]}).to_parquet(path)
    assert rows(FollowerGraph.read(path)) == ROWS
    assert rows(FollowerGraph.read(path, direction="followed_follower")) == ROWS
    pandas.DataFrame({"a": np.array([5, 5, 700], np.uint64), "b": np.array([10, 700, 10], np.int32)}).to_parquet(path)
    assert rows(FollowerGraph.read(path)) == ROWS


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"follower": [1.0], "followed": [2]}, "column follower: ids must be whole numbers, the column holds double"),
        ({"follower": ["a"], "followed": [2]}, "ids must be whole numbers"),
        ({"follower": [1, -2], "followed": [2, 3]}, "row 2, column follower"),
        ({"a": [1], "b": [2], "c": [3]}, "must have the columns follower and followed; it has a, b, c"),
        ({"follower": pandas.array([1, None], "Int64"), "followed": [2, 3]}, "1 are missing"),
    ],
)
def test_bad_parquet_columns_are_refused(tmp_path, columns, said):
    path = tmp_path / "g.parquet"
    pandas.DataFrame(columns).to_parquet(path)
    with pytest.raises(GraphError, match=said):
        FollowerGraph.read(path)


@pytest.mark.parametrize("name", ["g.parquet", "g.npz"])
def test_a_file_of_another_kind_is_called_so(tmp_path, name):
    for content in (b"", b"not this at all", os.urandom(500)):
        with pytest.raises(GraphError, match="must be a"):
            FollowerGraph.read(written(tmp_path, content, name))


def test_a_saved_matrix_is_read(tmp_path):
    path = tmp_path / "g.npz"
    sparse.save_npz(path, sparse.csr_array(([1.0, 1, 1, 0], ([0, 0, 2, 1], [1, 2, 1, 0])), shape=(3, 3)))
    assert rows(FollowerGraph.read(path)) == ROWS
    sparse.save_npz(path, sparse.csr_array((2, 3)))
    with pytest.raises(GraphError, match="square"):
        FollowerGraph.read(path)
    np.savez(path, a=np.arange(3))
    with pytest.raises(GraphError, match="saved by scipy"):
        FollowerGraph.read(path)


@pytest.mark.parametrize("pointer", [[0, 5, 1, 1], [0, 10**8, 1, 1], [0, 1, 1, 9]])
def test_a_matrix_whose_rows_point_past_its_entries_is_refused_and_not_followed(tmp_path, pointer):
    path = tmp_path / "g.npz"
    parts = {"format": np.array("csr"), "shape": np.array([3, 3]), "data": np.ones(1), "indices": np.array([1])}
    np.savez(path, **parts, indptr=np.array(pointer))
    with pytest.raises(GraphError, match="damaged"):
        FollowerGraph.read(path)


def test_a_file_without_an_edge_is_no_audience(tmp_path):
    path = written(tmp_path, "# follower followed\n")
    with pytest.raises(GraphError, match=r"network\.path must name a graph of a follower at least; .* holds no edge"):
        read_network(NetworkConfig(kind="edge_list", path=str(path)))
