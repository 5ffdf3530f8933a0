"""A loaded graph leaves as aggregates alone: no cascade, no group of fewer than ten."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.report.html import render_run
from sim.report.privacy import SMALLEST_GROUP, as_aggregates
from tests.unit import report_example


@pytest.fixture(scope="module")
def told():
    return as_aggregates(report_example.real_graph())


def test_a_generated_graph_is_told_as_it_is():
    study = report_example.full()
    assert as_aggregates(study) is study


def test_no_cascade_of_a_loaded_graph_is_kept(told):
    assert report_example.real_graph().cascade is not None
    assert told.cascade is None


def test_no_group_of_fewer_than_ten_is_left(told):
    assert report_example.real_graph().starters["people"].min() < SMALLEST_GROUP
    assert told.starters["people"].min() >= SMALLEST_GROUP
    assert told.participation["people"].min() >= SMALLEST_GROUP


def test_merging_loses_neither_people_nor_messages(told):
    before = report_example.real_graph()
    assert told.starters["mean"].sum() == pytest.approx(before.starters["mean"].sum())
    assert told.starters["people"].sum() == before.starters["people"].sum()
    assert told.participation["people"].sum() == before.participation["people"].sum()


def test_a_merged_rate_is_weighted_by_people():
    study = report_example.real_graph()
    lines = [("cohort", "a", "counter", 6, 0.5, 0.5, 0.5), ("cohort", "b", "counter", 18, 0.1, 0.1, 0.1),
             ("cohort", "c", "counter", 900, 0.2, 0.2, 0.2)]  # fmt: skip
    crowd = pd.DataFrame(lines, columns=list(study.participation.columns))
    object.__setattr__(study, "participation", crowd)
    merged = as_aggregates(study).participation.set_index("group")
    # six people alone would be found by subtraction, so the next smallest group joins them
    assert list(merged.index) == ["c", "a and b"]
    assert merged.loc["a and b", "mean"] == pytest.approx((6 * 0.5 + 18 * 0.1) / 24)


def test_the_report_of_a_loaded_graph_says_why_no_cascade_is_drawn(tmp_path):
    render_run(tmp_path, report_example.real_graph())
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "a node would be a real account" in page
    assert "aggregates only" in page
    assert not list(tmp_path.rglob("cascade.*"))
