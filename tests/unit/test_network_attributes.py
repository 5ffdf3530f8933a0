"""Attributes of real accounts: joined by id, checked value by value, without showing an id."""

from __future__ import annotations

import gzip

import numpy as np
import pandas
import pytest

from sim.config.network import NetworkConfig
from sim.errors import GraphError
from sim.network.readers import read_attributes, read_network

IDS = np.array([5, 10, 700], np.int64)
FULL = (
    "id,cohort,community,grievance,support,sessions_a_day,role,follows_sender,key\n"
    "700,65+,north,0.5,0,2.5,ally,true,12\n"
    "5,13-17,south,1,0.25,1,member,0,11\n"
    "10,,,,,,,,10\n"
)


def written(tmp_path, content, name="people.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_rows_follow_the_graph_and_blanks_stay_unknown(tmp_path):
    table = read_attributes(written(tmp_path, FULL), IDS)
    assert list(table.columns) == [
        "cohort", "community", "grievance", "support", "sessions_a_day", "role", "follows_sender", "key"
    ]  # fmt: skip
    known = table.drop(1)
    assert known["cohort"].tolist() == ["13-17", "65+"]
    assert known["community"].tolist() == ["south", "north"]
    assert known["follows_sender"].tolist() == [False, True]
    assert known["role"].tolist() == ["member", "ally"]
    assert table.loc[1].drop("key").isna().all()
    np.testing.assert_array_equal(table["grievance"], [1.0, np.nan, 0.5])
    np.testing.assert_array_equal(table["sessions_a_day"], [1.0, np.nan, 2.5])
    assert table["key"].dtype == np.uint64 and table["key"].tolist() == [11, 10, 12]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\xef\xbb\xbf" + FULL.encode().replace(b"\n", b"\r\n") + b"\r\n\r\n", "people.csv"),
        (gzip.compress(FULL.encode()), "people.csv.gz"),
        (FULL.replace(",", ", "), "people.csv"),
        (FULL.replace(",", ";"), "people.csv"),
        (FULL.replace(",", ";").replace(".", ","), "people.csv"),
        (gzip.compress(FULL.replace(",", "\t").replace(".", ",").encode()), "people.csv.gz"),
    ],
)
def test_tables_are_read_however_they_are_written(tmp_path, content, name):
    expected = read_attributes(written(tmp_path, FULL, "plain.csv"), IDS)
    pandas.testing.assert_frame_equal(read_attributes(written(tmp_path, content, name), IDS), expected)


def test_parquet_says_the_same(tmp_path):
    path = tmp_path / "people.parquet"
    pandas.DataFrame(
        {"id": [700, 5, 10], "grievance": [0.5, 1.0, None], "follows_sender": [True, False, None], "key": [12, 11, 10]}
    ).to_parquet(path)
    wanted = read_attributes(written(tmp_path, FULL), IDS)[["grievance", "follows_sender", "key"]]
    pandas.testing.assert_frame_equal(read_attributes(path, IDS), wanted)


def test_text_ids_are_joined_as_they_stand(tmp_path):
    path = written(tmp_path, "id,grievance\nzoe,0.1\nal,0.2\n")
    assert read_attributes(path, np.array(["al", "zoe"]))["grievance"].tolist() == [0.2, 0.1]


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("cohort", "18-25", "must be one of 13-17, .* got '18-25'"),
        ("grievance", "1.01", "must be a number from 0 to 1, got '1.01'"),
        ("grievance", "nan", "from 0 to 1, got 'nan'"),
        ("support", "-0.1", "from 0 to 1, got '-0.1'"),
        ("support", "high", "from 0 to 1, got 'high'"),
        ("sessions_a_day", "0", "above 0"),
        ("sessions_a_day", "inf", "above 0"),
        ("role", "boss", "must be one of member, activist, ally, journalist"),
        ("follows_sender", "yes?", "must be true or false"),
        ("key", "-1", "must be a whole number from 0"),
        ("key", "", "must be a whole number from 0"),
        ("key", str(2**62), "must be a whole number from 0"),
        ("key", "1", "must have its own"),
    ],
)
def test_a_bad_value_is_named_with_file_line_column_and_rule(tmp_path, column, value, rule):
    good = {"cohort": "13-17", "role": "ally", "follows_sender": "1", "key": "1"}.get(column, "0.5")
    path = written(tmp_path, f"id,{column}\n5,{good}\n\n10,{value}\n700,{good}\n")
    with pytest.raises(GraphError, match=rf"people\.csv, line 4, column {column}: .*{rule}"):
        read_attributes(path, IDS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be a CSV or Parquet file"),
        ("grievance\n0.5\n", "must have the column id; it has grievance"),
        ("id,greivance\n5,1\n", "got 'greivance'. Did you mean 'grievance'"),
        ("id,grievance,grievance\n5,1,1\n", "each column must be there once|a column must be one of"),
        ("id,role\n5,ally\n5,ally\n", "line 3, column id: each account must have one line"),
        ("id,role\nx,ally\n", "line 2, column id: an id must be a whole number"),
        ("id,role\n5,ally,extra\n", "every line must have as many fields|must be a CSV"),
        (b"id,community\n5,caf\xe9\n", "UTF-8"),
        ("id,role\n5,ally\n", "must have a line for each account of the graph: 2 of 3 have none"),
        ("id\n5\n10\n700\n808\n909\n", "2 of 5 ids are not in it, the first in line 5"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(tmp_path, text, said):
    with pytest.raises(GraphError, match=said) as caught:
        read_attributes(written(tmp_path, text), IDS)
    assert "808" not in str(caught.value)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(GraphError, match=r"does not exist; network\.attributes"):
        read_attributes(tmp_path / "none.csv", IDS)


def test_a_configured_network_comes_with_its_attributes_and_keys(tmp_path):
    edges = written(tmp_path, "10 5\n700 5\n10 700\n", "edges.txt")
    config = NetworkConfig(
        kind="edge_list", path=str(edges), attributes=str(written(tmp_path, FULL)), direction="followed_follower"
    )
    graph, attributes = read_network(config)
    assert [graph.followers(v).tolist() for v in range(3)] == [[], [0, 2], [0]]
    assert graph.keys.tolist() == [11, 10, 12]
    assert graph.origin == "loaded"
    assert "id" not in attributes
    assert read_network(config.model_copy(update={"attributes": None})).attributes is None


def test_a_generated_network_is_not_read():
    with pytest.raises(GraphError, match=r"network\.kind"):
        read_network(NetworkConfig())
