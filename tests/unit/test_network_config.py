"""The parameters of a network: where it comes from, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import ValidationError

from sim.config.network import NetworkConfig
from sim.network.generators import generate

GROUPS = sorted((Path(__file__).resolve().parents[2] / "conf" / "network").glob("*.yaml"))
assert GROUPS


@pytest.mark.parametrize("path", GROUPS, ids=lambda path: path.stem)
def test_each_group_file_is_a_network_once_it_has_its_path(path):
    words = yaml.safe_load(path.read_text())
    assert words["kind"] == path.stem
    if path.stem != "generated":
        with pytest.raises(ValidationError, match=r"network\.path must name the file"):
            NetworkConfig(**words)
        words["path"] = "graph.txt"
    assert NetworkConfig(**words).kind == path.stem


def test_a_kind_and_a_path_are_enough():
    config = NetworkConfig(kind="edge_list", path="graph.tsv")
    assert (config.attributes, config.direction) == (None, "follower_followed")


@pytest.mark.parametrize("name", ["path", "attributes"])
def test_a_file_is_refused_where_none_is_read(name):
    with pytest.raises(
        ValidationError, match=rf"network\.{name} is for graphs read from a file.*choose network=edge_list"
    ):
        NetworkConfig(**{name: "graph.tsv"})


@pytest.mark.parametrize(
    "words",
    [{"mean_degree": -1}, {"mean_degree": True}, {"mean_degree": float("nan")}, {"closure": 1.0},
     {"reciprocity": 0.95}, {"in_tail_exponent": 1.0}, {"follow_limit": 0}, {"follow_limit": 1.5}, {"wheels": 4}],
)  # fmt: skip
def test_values_outside_their_range_are_refused(words):
    with pytest.raises(ValidationError):
        NetworkConfig(**words)


def test_every_parameter_says_its_unit_role_and_source():
    assert NetworkConfig.model_fields
    for name, field in NetworkConfig.model_fields.items():
        told = field.json_schema_extra
        assert told["unit"] and told["role"] and told["source"], name
        if told["role"] == "uncertainty":
            low, high = told["span"]
            assert low <= field.default <= high, name


def test_a_graph_is_the_same_on_any_number_of_threads():
    luck = np.random.default_rng(1)
    people = {
        "keys": np.arange(3000, dtype=np.uint64), "cohort": luck.integers(0, 6, 3000).astype(np.int8),
        "community": luck.integers(0, 3, 3000).astype(np.int8), "grievance_rank": luck.random(3000),
    }  # fmt: skip

    def built(seed):
        return generate(NetworkConfig(), seed=seed, **people).content_hash()

    alone = [built(seed) for seed in range(6)]
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(built, range(6))) == alone
