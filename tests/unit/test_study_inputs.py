from __future__ import annotations

import numpy as np
import pytest

from sim.config.root import Configuration, changed
from sim.study.boundary.box import box_of
from sim.study.design.spans import spanned
from sim.study.run.draws import latin_hypercube, other_seed, strata
from sim.study.run.inputs import fields, uncertain_inputs
from sim.study.sensitivity.inputs import varied

PLAIN = Configuration()


def by_name(configuration: Configuration) -> dict[str, tuple[float, float, float]]:
    return {item.name: (item.low, item.central, item.high) for item in uncertain_inputs(configuration)}


def test_every_parameter_of_the_table_is_listed_once() -> None:
    names = [field.name for field in fields(PLAIN)]
    assert len(names) == len(set(names)) > 90
    assert {"people.grievance_mean", "feed.trending.threshold", "agency.effects.clarify", "horizon_hours"} <= set(names)


def test_spans_of_the_defaults_are_the_tables() -> None:
    assert by_name(PLAIN)["people.grievance_mean"] == (0.15, 0.25, 0.35)


def test_a_span_moves_with_the_cases_own_value_and_stays_legal() -> None:
    low, central, high = by_name(changed(PLAIN, {"people.grievance_mean": 0.5}))["people.grievance_mean"]
    assert (low, central, high) == pytest.approx((0.4, 0.5, 0.6))
    low, central, high = by_name(changed(PLAIN, {"people.grievance_mean": 0.95}))["people.grievance_mean"]
    assert (low, central, high) == pytest.approx((0.85, 0.95, 1.0))


def test_a_cases_own_range_stands_in_the_place_of_the_tables_and_makes_a_lever_uncertain() -> None:
    ranges = {"post.room": (0.25, 0.5), "people.grievance_mean": (0.2, 0.6)}
    case = changed(PLAIN, {"case.ranges": ranges})
    assert by_name(case)["post.room"] == (0.25, PLAIN.post.room, 0.5)
    assert by_name(case)["people.grievance_mean"] == (0.2, 0.25, 0.6)
    assert set(by_name(case)) == set(by_name(PLAIN)) | {"post.room"}


def test_another_value_than_the_cases_keeps_the_distances_of_its_range_and_stays_legal() -> None:
    case = changed(PLAIN, {"case.ranges": {"post.room": (0.25, 0.5)}})
    assert by_name(changed(case, {"post.room": 0.1}))["post.room"] == pytest.approx((0.05, 0.1, 0.3))
    assert by_name(changed(case, {"post.room": 0.9}))["post.room"] == pytest.approx((0.85, 0.9, 1.0))
    again = changed(changed(case, {"post.room": 0.9}), {"post.room": PLAIN.post.room})
    assert by_name(again) == by_name(case)


def test_a_lever_that_somebody_names_varies_over_what_one_may_choose_not_over_how_unsure_its_reading_is() -> None:
    case = changed(PLAIN, {"case.ranges": {"post.room": (0.25, 0.5), "post.appeal": (0.35, 0.5)}})
    names = ["post.room", "post.appeal"]
    for items in (varied(case, names, []), box_of(case, [spanned(name) for name in names], names).sides):
        found = {item.name: (item.low, item.high) for item in items}
        assert found == {"post.room": (0.0, 1.0), "post.appeal": (0.35, 0.5)}
    everything = {item.name: (item.low, item.high) for item in varied(case, ["all"], [])}
    assert everything["post.room"] == (0.25, 0.5)


def test_inputs_that_cannot_matter_are_left_out() -> None:
    names = set(by_name(PLAIN))
    assert not any(name.startswith("agency.effects.") for name in names)
    acting = changed(PLAIN, {"policy.rules": [{"move": "acknowledge", "at_minute": 30}]})
    assert {n for n in by_name(acting) if "effects" in n} == {
        "agency.effects.acknowledge", "agency.effects.when_trending"}  # fmt: skip
    loaded = changed(PLAIN, {"network.kind": "edge_list", "network.path": "x.tsv"})
    assert not any(name.startswith("network.") for name in by_name(loaded))
    quiet = changed(PLAIN, {"feed.trending.on": False})
    assert not any(name.startswith(("feed.trending.", "newsroom.")) for name in by_name(quiet))


def test_a_hypercube_uses_every_stratum_once() -> None:
    for name in ("people.grievance_mean", "post.appeal"):
        places = strata(name, 40, seed=0)
        assert sorted(np.floor(places * 40).astype(int)) == list(range(40))
    assert not np.array_equal(strata("people.grievance_mean", 40, 0), strata("post.appeal", 40, 0))
    assert not np.array_equal(strata("post.appeal", 40, 0), strata("post.appeal", 40, 1))


def test_a_further_input_does_not_move_the_others() -> None:
    inputs = uncertain_inputs(PLAIN)
    both = latin_hypercube(inputs, 16, 2, seed=3)
    fewer = latin_hypercube(inputs[1:], 16, 2, seed=3)
    assert np.array_equal(both[:, 1:], fewer)


def test_inputs_of_the_graph_change_from_block_to_block_only() -> None:
    inputs = uncertain_inputs(PLAIN)
    values = latin_hypercube(inputs, 12, 3, seed=1)
    seen = 0
    for column, item in enumerate(inputs):
        distinct = len(np.unique(values[:, column]))
        assert distinct == (3 if item.of_graph else 12)
        assert np.all((values[:, column] >= item.low) & (values[:, column] <= item.high))
        seen += item.of_graph
    assert seen >= 5


def test_other_seeds_are_legal_and_different_and_the_first_is_the_seed() -> None:
    seeds = [other_seed(0, number) for number in range(50)]
    assert seeds[0] == 0 and len(set(seeds)) == 50
    assert all(0 <= seed < 2**63 for seed in seeds)
