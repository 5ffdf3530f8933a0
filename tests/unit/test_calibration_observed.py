"""The observation model: what a source would have reported of a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import StudyError
from sim.study.calibration.observed import Other, Target, columns_of, reported, summaries

ROWS = np.arange(5, dtype=np.uint64)


def target(**said) -> Target:
    return Target(**({"name": "t", "source": "c", "family": "police", "campaigns": ("c",), "quantity": "x"} | said))


def seen(what: Target, other: Other | None = None, seed: int = 1, rows=ROWS, **columns) -> np.ndarray:
    table = {f"c.{name}": np.asarray(values, float) for name, values in columns.items()}
    return reported(what, table, rows, {} if other is None else {"c": other}, seed)


def test_a_bound_is_reported_wherever_a_run_keeps_it():
    found = seen(target(side="at_least", low=0.6, high=0.6), x=[0.1, 0.5, 0.6, 0.7, 0.9])
    assert found.tolist() == [0.1, 0.5, 0.6, 0.6, 0.6]
    found = seen(target(side="at_most", low=60, high=60, never=4320.0), x=[5, 60, 61, np.nan, 100])
    assert found.tolist() == [60, 60, 61, 4320, 100]


def test_a_band_blurs_a_run_by_its_own_width_and_is_observed_in_its_middle():
    what = target(low=0.3, high=0.5)
    rows = np.arange(4000, dtype=np.uint64)
    apart = seen(what, rows=rows, x=np.full(4000, 0.2)) - 0.2
    assert what.observed == pytest.approx(0.4)
    assert abs(apart).max() <= 0.1
    assert apart.mean() == pytest.approx(0.0, abs=0.005)
    assert apart.std() == pytest.approx(0.1 / np.sqrt(3), rel=0.05)


def test_a_band_of_ratios_lies_evenly_around_its_geometric_middle():
    what = target(low=10.0, high=40.0, log=True)
    assert what.natural(np.array(what.observed)) == pytest.approx(20.0)
    assert what.half_width == pytest.approx(np.log(2.0))


def test_a_share_of_all_messages_counts_the_agencys_own_and_other_talk():
    what = target(quantity="hijack_share", of_all=True, low=0.5, high=0.5)
    same = {"messages": [90] * 5, "agency_messages": [10] * 5, "hijack_share": [0.5] * 5}
    assert seen(what, **same) == pytest.approx(0.45)
    assert seen(what, Other(0.2, 0.2), **same) == pytest.approx(0.36)


def test_other_talk_is_shared_too_where_shares_are_counted():
    what = target(quantity="retweet_share", of_all=True, low=0.5, high=0.5)
    same = {"messages": [100] * 5, "agency_messages": [0] * 5, "retweet_share": [0.5] * 5}
    assert seen(what, Other(0.4, 0.4, (0.3, 0.3)), **same) == pytest.approx(0.6 * 0.5 + 0.4 * 0.3)


def test_a_share_of_nothing_is_undefined():
    what = target(quantity="x", over="y", low=0.5, high=0.5)
    found = seen(what, x=[0, 1, 2, 3, 4], y=[0, 2, 4, 6, 8])
    assert np.isnan(found[0])
    assert found[1:] == pytest.approx(0.5)
    few = seen(target(at_least_rows=50, low=1, high=1), x=[1] * 5, messages=[10, 49, 50, 51, 0])
    assert np.isnan(few).tolist() == [True, True, False, False, True]


def test_several_campaigns_give_their_mean_where_it_is_defined():
    what = Target("t", "p", "patterns", ("a", "b"), "x", low=1.0, high=1.0)
    columns = {"a.x": np.array([1.0, np.nan, np.nan]), "b.x": np.array([3.0, 5.0, np.nan])}
    found = reported(what, columns, np.arange(3, dtype=np.uint64), {}, 1)
    assert found[:2].tolist() == [2.0, 5.0]
    assert np.isnan(found[2])
    assert columns_of([what]) == ["a.x", "b.x"]


def test_a_rows_draw_depends_on_its_number_alone():
    what = target(low=0.0, high=1.0)
    whole = seen(what, x=[0.5] * 5)
    assert seen(what, x=[0.5] * 2, rows=ROWS[3:]).tolist() == whole[3:].tolist()
    assert seen(what, seed=2, x=[0.5] * 5).tolist() != whole.tolist()


def test_a_missing_column_is_named():
    with pytest.raises(StudyError, match=r"no column c\.x, which the target t"):
        seen(target(), y=[1] * 5)


def test_summaries_stand_in_the_order_of_the_targets():
    first, second = target(name="a", low=1, high=1), target(name="b", quantity="y", low=2, high=2)
    table = {"c.x": np.ones(5), "c.y": np.full(5, 3.0)}
    found, observed = summaries([first, second], table, ROWS, {}, 1)
    assert found[0].tolist() == [1.0, 3.0]
    assert observed.tolist() == [1.0, 2.0]
