"""Who took part and who began, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.record import Kind
from sim.errors import ConfigError
from sim.outcome.participation import (
    FOLLOWER_CLASSES,
    follower_class,
    participation,
    participation_groups,
    participation_table,
    starters,
    starters_table,
)
from tests.outcome_people import people_of
from tests.outcome_records import messages_of

W, S = Kind.ORIGINAL, Kind.SHARE
PEOPLE = people_of(6, cohort=[0, 0, 1, 1, 1, 5], community=[0, 1, 1, 0, 0, 0], role=[0, 1, 0, 3, 0, 2])
MESSAGES = messages_of([
    (0, -1, 0, Kind.POST, -1),
    (1, 0, 1, W, 0),
    (2, 1, 1, W, 0),
    (3, 0, 1, W, 2),  # row 0 a second time
    (3, 0, 0, S, 0),  # and in the other frame
    (4, 2, 1, S, 1),
    (5, -1, 1, Kind.BOOST, 1),
    (6, 5, 0, W, 0),
])  # fmt: skip


def test_everyone_counts_once_a_frame_in_each_dimension() -> None:
    counts = participation(MESSAGES, PEOPLE)
    names, rows = participation_groups(PEOPLE)
    by_name = {name: counts[g].tolist() for g, name in enumerate(names)}
    assert by_name[("cohort", "13-17")] == [1, 2]
    assert by_name[("cohort", "18-24")] == [0, 1]
    assert by_name[("cohort", "65+")] == [1, 0]
    assert by_name[("community", "other")] == [2, 1]
    assert by_name[("community", "affected")] == [0, 2]
    assert by_name[("role", "activist")] == [0, 1]
    assert by_name[("role", "ally")] == [1, 0]
    assert rows.tolist() == [2, 3, 0, 0, 0, 1, 4, 2, 3, 1, 1, 1]


def test_shares_of_groups_over_replicates() -> None:
    counts = participation(MESSAGES, PEOPLE)
    table = participation_table([counts, 0 * counts], PEOPLE).set_index(["dimension", "group", "frame"])
    assert table.loc[("cohort", "13-17", "counter")].tolist() == [2, 0.5, pytest.approx(0.1), pytest.approx(0.9)]
    assert ("cohort", "25-34", "counter") not in table.index


def test_the_first_counter_messages_by_role_and_size_of_following() -> None:
    in_degree = np.array([49, 50, 499, 5000, 0, 0])
    counts = starters(MESSAGES, PEOPLE, in_degree)
    assert counts.sum() == 4
    assert counts[0].tolist() == [2, 1, 0, 0]
    assert counts[1].tolist() == [0, 1, 0, 0]
    assert starters(MESSAGES, PEOPLE, in_degree, first=1).tolist() == [[1, 0, 0, 0], *[[0] * 4] * 3]
    table = starters_table([counts], PEOPLE, in_degree)
    assert list(table.itertuples(index=False, name=None)) == [
        ("member", "under 50", 2, 2.0, 2.0, 2.0),
        ("member", "50 to 499", 1, 1.0, 1.0, 1.0),
        ("activist", "50 to 499", 1, 1.0, 1.0, 1.0),
        ("ally", "under 50", 1, 0.0, 0.0, 0.0),
        ("journalist", "5,000 and more", 1, 0.0, 0.0, 0.0),
    ]


def test_classes_of_followers_begin_where_their_names_say() -> None:
    assert [FOLLOWER_CLASSES[c] for c in follower_class(np.array([0, 49, 50, 499, 500, 4999, 5000]))] == [
        "under 50", "under 50", "50 to 499", "50 to 499", "500 to 4,999", "500 to 4,999", "5,000 and more"
    ]  # fmt: skip


def test_small_groups_of_real_accounts_are_merged_until_ten() -> None:
    # cohorts of 20, 12 and 3 rows: the three join the twelve
    people = people_of(35, cohort=[0] * 20 + [1] * 12 + [2] * 3)
    everybody = messages_of([(row, row, 1, W, -1) for row in range(35)])
    table = participation_table([participation(everybody, people)], people, merge_small=True)
    cohorts = table[(table["dimension"] == "cohort") & (table["frame"] == "counter")]
    assert list(zip(cohorts["group"], cohorts["people"], cohorts["mean"], strict=True)) == [
        ("13-17", 20, 1.0), ("merged", 15, 1.0)
    ]  # fmt: skip
    assert table["people"].min() >= 10
    beginning = starters_table([starters(everybody, people, np.zeros(35, int))], people, np.zeros(35), merge_small=True)
    assert list(beginning["people"]) == [35]


def test_fewer_than_ten_real_accounts_are_not_told_of() -> None:
    people = people_of(9)
    nobody = participation(messages_of([]), people)
    assert participation_table([nobody], people, merge_small=True).empty


def test_no_replicate_is_refused() -> None:
    with pytest.raises(ConfigError, match="replicates must be at least 1"):
        participation_table([], PEOPLE)
