from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.engine.record import TIMELINE, Follows, Messages, RunRecord
from sim.study.execution.reduced import bin_edges, reduce, runs_frame, timeline_bands, timeline_frame
from sim.study.run.marks import mark
from sim.study.run.tripwires import tripwires


def record_of(minute: list[int], frame: list[int], minutes: int = 300, n: int = 1000) -> RunRecord:
    """A run in which row i writes an original at minute[i]."""
    k = len(minute)
    timeline = {name: np.zeros(minutes, np.int32) for name in TIMELINE}
    for at, side in zip(minute, frame, strict=True):
        timeline["originals_counter" if side else "originals_campaign"][at] += 1
    messages = Messages(
        np.array(minute, np.int32), np.arange(k, dtype=np.int32), np.array(frame, np.int8), np.zeros(k, np.int8),
        np.full(k, -1, np.int32), np.arange(k, dtype=np.int32), np.zeros(k, np.int32),
    )  # fmt: skip
    none = np.empty(0, np.int32)
    follows = Follows(none, none, np.empty(0, bool))
    keys = np.arange(n, dtype=np.uint64)
    return RunRecord(n, minutes, messages, follows, None, timeline, keys, np.array([7, -1], np.int32), 0, 0, 0)


@pytest.mark.parametrize("minutes", [1, 2, 59, 61, 240, 241, 4320, 43200])
def test_bins_cover_a_run_without_gaps(minutes: int) -> None:
    edges = bin_edges(minutes)
    assert edges[0] == 0 and edges[-1] == minutes and np.all(np.diff(edges) > 0)


def test_bins_are_narrow_where_it_is_decided() -> None:
    widths = np.diff(bin_edges(4320))
    assert widths[0] == 2 and widths[-1] == 30 and len(widths) < 300


def test_a_timeline_keeps_every_message() -> None:
    run = reduce(record_of([0, 1, 5, 299], [0, 1, 1, 0]), 0.5)
    place = TIMELINE.index("originals_counter")
    assert run.timeline[place].sum() == 2 and run.timeline[place][0] == 1
    frame = timeline_frame([run, run], {"replicate": [0, 1]}, 300)
    assert list(frame.columns[:3]) == ["replicate", "minute", "minutes"]
    assert frame.groupby("replicate")["originals_campaign"].sum().tolist() == [2, 2]


def test_bands_are_rates_an_hour() -> None:
    runs = [reduce(record_of([0] * count, [1] * count), 0.0) for count in (1, 2, 3)]
    bands = timeline_bands(runs, 300)
    assert bands["counter_mid"][0] == pytest.approx(2 * 30)  # two messages in two minutes are sixty an hour
    assert bands["counter_lo"][0] < bands["counter_mid"][0] < bands["counter_hi"][0]
    assert bands["campaign_hi"].sum() == 0


def test_runs_under_policies_of_different_length_stand_in_one_table() -> None:
    ruled = reduce(record_of([0], [1]), 0.1)
    for runs in ([ruled, replace(ruled, fired=ruled.fired[:0])], [replace(ruled, fired=ruled.fired[:0]), ruled]):
        frame = runs_frame(runs, {"replicate": [0, 1]})
        assert sorted(frame["fired_0"].fillna(-1.0)) == [-1.0, 7.0] and frame["fired_1"].isna().all()


def test_runs_become_tidy_rows_whose_types_do_not_depend_on_values() -> None:
    busy = reduce(record_of(list(range(100)), [1] * 100), 0.1)
    empty = reduce(record_of([], []), 0.1)
    both = runs_frame([busy, empty], {"graph": [0, 0], "replicate": [0, 1]})
    alone = runs_frame([busy], {"graph": [0], "replicate": [0]})
    assert both.dtypes.astype(str).tolist() == alone.dtypes.astype(str).tolist()
    assert both["messages"].tolist() == [100, 0]
    assert both["verdict"].tolist() == ["hijacked", "fizzled"]
    assert np.isnan(both["hijack_share"][1]) and both["fired_0"].tolist() == [7, 7] and np.isnan(both["fired_1"][0])


def test_a_mark_is_told_over_the_runs_in_which_it_happened() -> None:
    found = mark("takeover", pd.Series([10.0, np.nan, 30.0, 20.0]))
    assert found == {"title": "takeover", "share": 0.75, "minute": 20.0, "lo": 12.0, "hi": 28.0}
    assert mark("takeover", pd.Series([np.nan]))["minute"] is None


def test_tripwires_sort_runs_into_bands_and_the_last_band_has_its_end() -> None:
    frame = pd.DataFrame({
        "counter_share_first_20": [0.0, 0.1, 0.6, 1.0, np.nan], "counter_share_first_50": [np.nan] * 5,
        "counter_share_first_100": [np.nan] * 5,
        "verdict": ["viral_positive", "hijacked", "hijacked", "hijacked", "fizzled"],
    })  # fmt: skip
    rows = tripwires([frame])
    assert [(row["runs"], row["hijacked"]) for row in rows[:5]] == [(1, 0.0), (1, 1.0), (0, None), (1, 1.0), (1, 1.0)]
    assert all(row["runs"] == 0 and row["lo"] is None for row in rows[5:])
    assert len(rows) == 15
