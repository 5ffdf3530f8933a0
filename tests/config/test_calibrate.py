"""``backfire calibrate`` as it is used: a table that grows, goes on where it was cut short, and travels."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.cli import calibrate as command
from sim.cli.calibrate import asked
from sim.cli.main import main
from sim.config.root import changed
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.errors import BackfireError, ConfigError, StudyError
from sim.outcome.measures import measure
from sim.study import load
from sim.study.calibration import shipped, study, version
from sim.study.calibration.study import Plan
from sim.study.store.folder import LEDGER, read_json
from sim.study.store.ledger import finished_runs

TINY = [
    "campaigns=my_nypd,generic", "people.n_followers=600", "horizon_hours=4", "reaction.b_write=-4.0", "workers=1",
    "study=c",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    """Portions of a few draws, people and graphs of two seeds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study, "PORTION", 3)
        patch.setattr(command, "_GRAPHS", 2)
        yield


def calibrate(results: Path, draws: int, *words: str) -> int:
    return main(["calibrate", *TINY, f"results={results}", f"draws={draws}", *words])


@pytest.fixture(scope="module")
def finished(small: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished table of seven draws."""
    results = tmp_path_factory.mktemp("table")
    assert calibrate(results, 7) == 0
    return results / "c"


def test_a_table_has_a_row_a_draw_with_what_was_drawn_and_what_came_of_it(finished: Path, capsys: Any) -> None:
    found = load(finished)
    table = found.frames["table"]
    assert table["draw"].tolist() == list(range(7)) and table["graph"].tolist() == [0, 1, 0, 1, 0, 1, 0]
    assert found.summary["runs"] == 7 * 3 and found.summary["failed"] == 0 and found.summary["draws"] == 7
    assert found.summary["model_version"] == version.MODEL_VERSION
    for campaign in ("my_nypd", "generic", "generic_answered"):
        counts = [table[f"{campaign}.{frame}_by_240"] for frame in ("campaign", "counter")]
        np.testing.assert_array_equal(sum(counts), table[f"{campaign}.messages"])
        assert table[f"{campaign}.messages"].sum() > 0 and table[f"{campaign}.campaign_by_4320"].isna().all()
    # silent and answered share their luck, up to the answer
    for _, row in table.iterrows():
        minutes = [15, 30, 45, 60, 90, 120, 180, 240]
        before = [minute for minute in minutes if minute <= row["generic_answered.at_minute"]]
        assert all(row[f"generic.counter_by_{m}"] == row[f"generic_answered.counter_by_{m}"] for m in before)
    assert found.frames["table"].attrs["units"]["my_nypd.post.appeal"] == "0 to 1"
    assert "before anything is fitted" in (finished / "report.html").read_text()


def test_each_row_is_a_run_at_its_values_with_its_luck_on_its_graph(finished: Path) -> None:
    manifest = read_json(finished / "manifest.json")
    plan, table = Plan.of(manifest["question"]), load(finished).frames["table"]
    draw, place = 5, 0
    campaign, point = plan.campaigns[place], plan.points([draw])[0][place]
    world = build_world(plan.living_on(campaign, draw)).with_config(point)
    expected = measure(run_campaign(world, replicate=draw))
    row = table.iloc[draw]
    assert row["my_nypd.messages"] == expected["messages"] and row["my_nypd.verdict"] == expected["verdict"]
    assert row["reaction.b_share"] == np.float32(point.reaction.b_share)
    assert row["my_nypd.people.grievance_mean"] == np.float32(point.people.grievance_mean)


def test_a_table_grows_and_its_first_rows_stay(finished: Path, tmp_path: Path, capsys: Any) -> None:
    shutil.copytree(finished, tmp_path / "c")
    before = load(finished).frames["table"]
    assert calibrate(tmp_path, 5) == 0 and "stands there already" in capsys.readouterr().err
    assert calibrate(tmp_path, 9) == 0 and f"{2 * 3} runs were carried out here." in capsys.readouterr().err
    grown = load(tmp_path / "c").frames["table"]
    assert len(grown) == 9
    pd.testing.assert_frame_equal(grown.head(7), before)


def test_a_table_that_was_cut_short_goes_on_and_ends_with_the_same_content(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from sim.study.store.ledger import Ledger

    commit, left = Ledger.commit, [1]

    def cut(self: Ledger, *rows: Any) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        commit(self, *rows)

    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "commit", cut)
        assert calibrate(tmp_path, 7) == 130
    assert sorted(path.name for path in (tmp_path / "c").iterdir()) == [LEDGER]
    assert calibrate(tmp_path, 7) == 0
    carried_out = int(capsys.readouterr().err.split(" runs were carried out here.")[0].split()[-1])
    assert 0 < carried_out < 21
    assert read_json(tmp_path / "c" / "manifest.json")["content"] == read_json(finished / "manifest.json")["content"]


def test_a_table_is_replayed(finished: Path, capsys: Any) -> None:
    assert main(["replay", str(finished)]) == 0 and "the same content" in capsys.readouterr().out


def test_a_shipped_table_holds_what_is_read_again_to_half_a_percent(finished: Path, tmp_path: Path) -> None:
    place = tmp_path / "posterior" / "table.parquet"
    shipped.ship(finished, place)
    whole, table = load(finished).frames["table"], shipped.shipped_table(path=place)
    assert table.campaigns == ["my_nypd", "generic", "generic_answered"] and len(table.rows) == 7
    np.testing.assert_allclose(table.column("my_nypd", "messages"), whole["my_nypd.messages"], rtol=2.0**-8)
    assert table.column("generic", "verdict").tolist() == whole["generic.verdict"].tolist()
    np.testing.assert_array_equal(
        table.column("generic_answered", "post.openness"), table.column("generic", "post.openness")
    )
    assert [each.name for each in table.inputs("generic_answered")][-1] == "at_minute"
    assert table.parameters().shape == (7, len(table.universal))
    few = shipped.shipped_table(["generic.messages"], place)
    assert list(few.rows) == ["draw", "generic.messages"]
    with pytest.raises(StudyError, match=r"has no column my_nypd\.nothing; it has .*hijack_share"):
        table.column("my_nypd", "nothing")


def test_a_table_of_another_model_is_refused(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "table.parquet"
    shipped.ship(finished, place)
    then = version.MODEL_VERSION
    monkeypatch.setattr(version, "MODEL_VERSION", "11111111")
    for act in (lambda: shipped.shipped_table(path=place), lambda: shipped.ship(finished, tmp_path / "t.parquet")):
        with pytest.raises(
            StudyError, match=f"was made with version {then} of the model, and this is version 11111111"
        ):
            act()
    assert not (tmp_path / "t.parquet").exists()


def test_rounding_keeps_eight_bits() -> None:
    values = np.array([0.0, 1.0, 123.0, 0.333333, -7.7, 250_000.0, 98_765.0, np.nan], np.float32)
    found = shipped.rounded(values)
    np.testing.assert_allclose(found, values, rtol=2.0**-8)
    assert found[:3].tolist() == [0.0, 1.0, 123.0] and np.isnan(found[-1])


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("campaigns=my_nypd,nobody", "campaigns must be one of .*'nobody'"),
        ("campaigns=my_nypd,my_nypd", "campaigns must name at least one campaign, each once"),
        ("draws=0", r"draws must lie in \[1, 1000000\]; got 0"),
        ("draws=many", "draws must be a whole number"),
        ("replicates=3", "leave replicates out, got 3, and give draws=N"),
        ("uncertainty=prior", "leave uncertainty out"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(word: str, said: str, tmp_path: Path) -> None:
    words = [each for each in [*TINY, "draws=3"] if each.partition("=")[0] != word.partition("=")[0]]
    with pytest.raises(BackfireError, match=said):
        asked([*words, word, f"results={tmp_path}"])
    assert not list(tmp_path.iterdir())


def test_a_fresh_case_is_refused() -> None:
    from sim.catalogue.registry import load_case
    from sim.study.calibration.campaigns import documented

    fresh = changed(load_case("my_nypd"), {"case.standing": "fresh"})
    with pytest.raises(ConfigError, match="campaigns must name cases that are fitted or seen, got 'my_nypd', which is"):
        documented(fresh)


def test_a_dry_run_tells_the_plan_and_writes_nothing(tmp_path: Path, capsys: Any) -> None:
    assert calibrate(tmp_path, 40, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "40 draws x 3 campaigns = 120 runs" in said and "reaction.b_write: -4.75 to -2.9" in said
    assert "expected: " in said and not list(tmp_path.iterdir())


def _finished(place: Path) -> int:
    """Return how many runs are there, whatever state the ledger is in."""
    try:
        return finished_runs(place)
    except StudyError:  # it is being made
        return 0


@pytest.mark.slow
def test_a_table_that_is_killed_ends_with_the_content_of_an_undisturbed_one(tmp_path: Path) -> None:
    def started(results: Path) -> subprocess.Popen[bytes]:
        words = [*TINY, f"results={results}", "draws=60"]
        return subprocess.Popen(
            [sys.executable, "-m", "sim.cli.main", "calibrate", *words], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    killed, place = 0, tmp_path / "killed" / "c"
    for least in (1, 40, 90):
        process = started(place.parent)
        while process.poll() is None and _finished(place) < least:
            time.sleep(0.01)
        process.kill()
        killed += process.wait() == -signal.SIGKILL
    assert killed > 0 and not (place / "manifest.json").exists()
    assert started(place.parent).wait() == 0 and started(tmp_path / "calm").wait() == 0
    there, calm = (read_json(each / "manifest.json") for each in (place, tmp_path / "calm" / "c"))
    assert there["content"] == calm["content"] and there["carried_out"] < calm["carried_out"] == 60 * 3
