"""Aggregates of the audience, and that none of fewer than ten rows is shown when asked not to."""

import dataclasses

import numpy as np
import pytest

from sim.config.people import ROLES
from sim.config.root import Configuration
from sim.people.population import create_population
from sim.people.summary import summarise


def audience(groups, roles=()):
    """Rows with (cohort, community, how many) and some roles at the beginning."""
    cohort = np.repeat([g[0] for g in groups], [g[2] for g in groups]).astype(np.int8)
    community = np.repeat([g[1] for g in groups], [g[2] for g in groups]).astype(np.int8)
    people = create_population(Configuration(), n=cohort.size)
    role = np.zeros(cohort.size, np.int8)
    role[: len(roles)] = roles
    return dataclasses.replace(people, cohort=cohort, community=community, role=role)


def test_a_line_holds_the_means_and_counts_of_its_group():
    people = audience([(0, 0, 3), (5, 1, 4), (0, 1, 1)], roles=[1, 1, 3])
    table = summarise(people)
    assert table[["cohort", "community", "rows"]].to_numpy().tolist() == [
        ["13-17", "other", 3], ["13-17", "affected", 1], ["65+", "affected", 4],
    ]  # fmt: skip
    assert table["share"].tolist() == [0.375, 0.125, 0.5]
    old = people.cohort == 5
    for name in ("grievance", "support", "sessions_a_day", "follows_sender"):
        assert table[name].iloc[2] == pytest.approx(getattr(people, name)[old].mean(), rel=1e-6)
    assert table[list(ROLES)].to_numpy().tolist() == [[0, 2, 0, 1], [1, 0, 0, 0], [4, 0, 0, 0]]


def test_groups_under_ten_are_merged_when_asked():
    table = summarise(audience([(0, 0, 30), (1, 0, 9), (2, 1, 4)]), merge_small=True)
    assert table[["cohort", "community", "rows"]].to_numpy().tolist() == [["13-17", "other", 30], ["merged"] * 2 + [13]]
    assert table["share"].sum() == pytest.approx(1.0)


def test_a_merged_line_takes_in_larger_groups_until_it_holds_ten():
    table = summarise(audience([(0, 0, 30), (1, 0, 20), (2, 1, 4)]), merge_small=True)
    assert table["rows"].tolist() == [30, 24]
    assert table["cohort"].tolist() == ["13-17", "merged"]


def test_fewer_than_ten_rows_in_all_are_not_shown():
    assert summarise(audience([(0, 0, 5), (1, 1, 4)]), merge_small=True).empty
    assert len(summarise(audience([(0, 0, 5), (1, 1, 4)]))) == 2


def test_counts_of_roles_under_ten_are_left_out_with_those_that_would_tell_them():
    people = audience([(0, 0, 40), (1, 0, 40)], roles=[1] * 9 + [2] * 12)
    shown = summarise(people, merge_small=True)
    assert shown[list(ROLES)].isna().to_numpy().tolist() == [[True] * 4, [False] * 4]
    assert summarise(people)["activist"].tolist() == [9, 0]


def test_every_size_shown_of_a_real_graph_is_ten_or_more():
    for seed in range(20):
        people = create_population(Configuration(), n=120, seed=seed)
        table = summarise(people, merge_small=True)
        assert table["rows"].min() >= 10 and table["rows"].sum() == 120


def test_an_empty_audience_has_an_empty_table():
    for merge in (False, True):
        table = summarise(create_population(Configuration(), n=0), merge_small=merge)
        assert table.empty and {"cohort", "share", "activist"} <= set(table.columns)
