"""Runs of points: looked up or carried out, in blocks over all points, with the content of single runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.config.root import Configuration, changed
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.errors import ConfigError, GraphError, StudyError
from sim.outcome.measures import measure
from sim.outcome.units import UNITS
from sim.study.design.points import point_key
from sim.study.execution import job, worlds
from sim.study.execution.batch import Untold
from sim.study.execution.order import Order, blocks_of
from sim.study.sweeping import complete_each, frames_of, open_study, runs_of

OWN = {"configuration_hash": "a", "settings_hash": "b", "backfire": "c", "code": "d"}
BASE = changed(Configuration(), {"people.n_followers": 500, "horizon_hours": 2.0, "reaction.b_write": -4.0})
POINTS = [changed(BASE, changes) for changes in (
    {"post.openness": 0.1}, {"people.grievance_mean": 0.4}, {"seed": 5}, {"people.community_share": 0.5},
    {"post.openness": 0.1},
)]  # fmt: skip


class Told(Untold):
    """Progress that counts and keeps what it is told."""

    def __init__(self) -> None:
        self.runs = 0
        self.notes: list[str] = []

    def done(self, runs: int) -> None:
        self.runs += runs

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


def content(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns="seconds")


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    with open_study(None, OWN, workers=1) as study:
        return content(runs_of(POINTS, 7, study=study))


def test_each_row_is_the_run_of_that_configuration_and_replicate(expected: pd.DataFrame) -> None:
    assert expected["point"].tolist() == [place for place in range(5) for _ in range(7)]
    assert expected["replicate"].tolist() == list(range(7)) * 5
    for place, configuration in enumerate(POINTS):
        world = build_world(configuration)
        for replicate in (0, 6):
            outcome = measure(run_campaign(world, replicate=replicate))
            row = expected[(expected["point"] == place) & (expected["replicate"] == replicate)].iloc[0]
            assert {name: None if pd.isna(row[name]) else row[name] for name in outcome} == outcome
    assert list(outcome) == list(UNITS)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_going_on_runs_only_what_is_missing_and_ends_the_same(
    executor: str, tmp_path: Path, expected: pd.DataFrame
) -> None:
    told = Told()
    with open_study(tmp_path / "s", OWN, workers=2, executor=executor, progress=told) as study:
        runs_of(POINTS[1:3], [3, 1], study=study)
        assert study.carried_out == told.runs == 4
    told = Told()
    with open_study(tmp_path / "s", OWN, workers=2, executor=executor, progress=told) as study:
        pd.testing.assert_frame_equal(content(runs_of(POINTS, 7, study=study)), expected)
        # the first and the last point are the same content, run once
        assert study.carried_out == told.runs == 4 * 7 - 4
        assert told.notes == ["4 of 28 runs are there already; 24 to go."]
        pd.testing.assert_frame_equal(content(runs_of(POINTS, 7, study=study)), expected)
        assert study.carried_out == 24


def test_parts_do_not_change_the_rows(expected: pd.DataFrame) -> None:
    with open_study(None, OWN, workers=1) as study:
        runs_of(POINTS, 7, study=study)
        keys = [study.key_of(each) for each in POINTS]
        for rows in (3, 7, 10):
            parts = list(frames_of(study, keys, 7, rows))
            assert max(len(part) for part in parts) <= rows
            pd.testing.assert_frame_equal(content(pd.concat(parts, ignore_index=True)), expected)


def test_replicates_are_done_in_blocks_over_all_points() -> None:
    assert [(block[0], len(block)) for block in blocks_of(range(130))] == [
        (0, 10), (10, 15), (25, 25), (50, 50), (100, 30)
    ]  # fmt: skip
    assert [list(block) for block in blocks_of([7, 3])] == [[7, 3]]
    order = Order(POINTS, lambda each: point_key(each, {}), range(60))
    seen: Counter[int] = Counter()
    for place, numbers in order.portions():
        seen[place] += len(numbers)
        assert max(seen.values()) <= 10 or min(seen[each] for each in range(4)) >= 0.4 * max(seen.values())
    assert seen == {0: 60, 1: 60, 2: 60, 3: 60}
    large = [changed(each, {"people.n_followers": 1_000_000}) for each in POINTS[:2]]
    sizes = [len(numbers) for _, numbers in Order(large, lambda each: point_key(each, {}), range(9)).portions()]
    assert max(sizes) == 2 and sum(sizes) == 18


def test_points_may_have_luck_of_their_own(expected: pd.DataFrame) -> None:
    own = [[0, 1], [2], [4, 3], [5, 6]]
    with open_study(None, OWN, workers=1) as study:
        keys = complete_each(study, POINTS[:4], own)
        found = pd.concat(list(frames_of(study, keys, 7)), ignore_index=True)
        assert study.carried_out == 7 and complete_each(study, POINTS[1:3], [[2], [3]]) == keys[1:3]
        assert study.carried_out == 7
    assert found["replicate"].tolist() == list(range(7)) and found["point"].tolist() == [0, 0, 1, 2, 2, 3, 3]
    pd.testing.assert_frame_equal(content(found), found[["point", "replicate"]].merge(expected))


def test_points_that_share_what_fixes_the_graph_share_it(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Configuration] = []

    def counted(configuration: Configuration) -> Any:
        built.append(configuration)
        return build_world(configuration)

    monkeypatch.setattr(worlds, "build_world", counted)
    with open_study(None, OWN, workers=2) as study:
        runs_of(POINTS, 12, study=study)
    assert len(built) == 3
    monkeypatch.setattr(worlds, "ROWS_KEPT", 900)
    with open_study(None, OWN, workers=2) as study:
        runs_of(POINTS, 2, study=study)
        assert len(study.worlds._kept) == 1


def test_what_fails_is_told_beside_what_does_not(monkeypatch: pytest.MonkeyPatch, expected: pd.DataFrame) -> None:
    def sometimes(world: Any, *, replicate: int, record: str) -> Any:
        if replicate == 3 and world.config.seed == 5:
            raise ZeroDivisionError("by\nnought")
        if replicate == 4 and world.config.seed == 5:
            raise MemoryError
        return run_campaign(world, replicate=replicate)

    with open_study(None, OWN, workers=2) as study:
        monkeypatch.setattr(job, "run_campaign", sometimes)
        found = runs_of(POINTS, 7, study=study)
        bad = found[found["failed"] != ""]
        assert bad[["point", "replicate", "failed"]].to_numpy().tolist() == [
            [2, 3, "ZeroDivisionError: by nought"], [2, 4, "memory ran out"]
        ]  # fmt: skip
        assert bad["verdict"].isna().all() and bad["messages"].isna().all()
        good = found["failed"] == ""
        assert found.loc[good, "verdict"].tolist() == expected.loc[good, "verdict"].tolist()
        assert found.loc[good, "messages"].tolist() == expected.loc[good, "messages"].tolist()
        assert study.ledger.failures() == 2


def test_where_all_fails_the_study_still_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(world: Any, *, replicate: int, record: str) -> Any:
        raise ValueError("never")

    monkeypatch.setattr(job, "run_campaign", never)
    with open_study(None, OWN, workers=2) as study:
        found = runs_of(POINTS, 2, study=study)
    assert found["failed"].tolist() == ["ValueError: never"] * 10 and set(UNITS) < set(found.columns)


def test_a_graph_that_cannot_be_built_ends_the_study(tmp_path: Path) -> None:
    (tmp_path / "graph.tsv").write_text("not a graph\n")
    network = {"network.kind": "edge_list", "network.path": str(tmp_path / "graph.tsv")}
    with open_study(None, OWN, workers=1) as study, pytest.raises(GraphError, match="graph.tsv"):
        runs_of([changed(BASE, network)], 1, study=study)


def test_another_content_of_a_file_is_another_point(tmp_path: Path) -> None:
    path = tmp_path / "graph.tsv"
    configuration = changed(BASE, {"network.kind": "edge_list", "network.path": str(path)})
    keys = []
    for text in ("0\t1\n", "1\t0\n"):
        path.write_text(text)
        with open_study(None, OWN, workers=1) as study:
            keys.append(study.key_of(configuration))
    assert keys[0] != keys[1]
    # what a case says of itself moves no run
    assert point_key(BASE, {}) == point_key(changed(BASE, {"case.title": "Another"}), {})


@pytest.mark.parametrize("replicates", [0, -1, [], [1, 1], [-1]])
def test_replicates_that_cannot_be_are_refused(replicates: Any) -> None:
    with open_study(None, OWN, workers=1) as study, pytest.raises(ConfigError, match="replicates must be"):
        runs_of(POINTS, replicates, study=study)


def test_starting_afresh_keeps_the_old_one_aside_unless_somebody_is_at_work(tmp_path: Path) -> None:
    place = tmp_path / "s"
    with open_study(place, OWN, workers=1) as study:
        runs_of(POINTS[:1], 2, study=study)
        with pytest.raises(StudyError, match="is being worked on by another process"):
            open_study(place, OWN, workers=1, fresh=True).__enter__()
    told = Told()
    with open_study(place, OWN, workers=1, fresh=True, progress=told) as study:
        runs_of(POINTS[:1], 2, study=study)
        assert study.carried_out == 2
    assert told.notes == [f"What stood there is kept as {place}.old-1."]


def test_two_at_once_share_the_work_and_run_nothing_twice(tmp_path: Path, expected: pd.DataFrame) -> None:
    import threading

    found: list[tuple[int, pd.DataFrame]] = []

    def take_part() -> None:
        with open_study(tmp_path / "s", OWN, workers=1) as study:
            frame = runs_of(POINTS, 7, study=study)
            found.append((study.carried_out, content(frame)))

    both = [threading.Thread(target=take_part) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(timeout=120)
    assert sum(count for count, _ in found) == 28 and len(found) == 2
    for _, frame in found:
        pd.testing.assert_frame_equal(frame, expected)


def test_points_may_live_on_another_ones_graph_which_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Configuration] = []
    make = worlds.build_world
    monkeypatch.setattr(worlds, "build_world", lambda configuration: built.append(configuration) or make(configuration))
    several = [changed(BASE, {"people.community_share": share}) for share in (0.1, 0.2, 0.4)]
    with open_study(None, OWN, workers=1) as study:
        keys = complete_each(study, several, [[3], [4], [5]], [BASE] * 3)
        found = [frame for key, luck in zip(keys, (3, 4, 5), strict=True) for frame in frames_of(study, [key], [luck])]
    assert [configuration.people.community_share for configuration in built] == [0.2]
    world = make(BASE)
    for configuration, luck, frame in zip(several, (3, 4, 5), found, strict=True):
        expected = measure(run_campaign(world.with_config(configuration), replicate=luck))
        assert frame["messages"].tolist() == [expected["messages"]]
    # what runs on its own graph has its own key, and on another's another
    own = [point_key(configuration, {}) for configuration in several]
    assert [key == mine for key, mine in zip(keys, own, strict=True)] == [False, True, False]
