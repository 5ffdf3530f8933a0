"""``backfire nowcast`` as it is used, on a made-up table: what it writes, what it says, what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli.main import main
from sim.cli.nowcast import asked
from sim.errors import BackfireError
from sim.study import load
from sim.study.calibration import posterior, shipped
from sim.study.calibration.version import MODEL_VERSION
from sim.study.nowcast.counts import checked_counts, typed_counts
from sim.study.nowcast.reading import nowcast
from sim.study.nowcast.shipped import POSTERIOR, PRIOR
from sim.study.nowcast.shipped import shipped as read_shipped
from sim.study.nowcast.study import found
from sim.study.nowcast.words import told
from tests.small_table import small_table

COUNTS = "counts=[[30,66,5],[60,120,15]]"
OWN_POST = ["post.openness=interval(0.1,0.6)", "post.appeal=0.6"]


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made-up table and its posterior."""
    place = tmp_path_factory.mktemp("posterior")
    ship(place, small_table(2000, campaigns="generic"))
    return place


def ship(place: Path, table: shipped.Table, version: str = MODEL_VERSION) -> None:
    """Write a table and a posterior, in which people write as readily as they may."""
    place.mkdir(exist_ok=True)
    shipped.write_table(table.rows, table.facts | {"model_version": version}, place / shipped.TABLE_FILE)
    write = next(each for each in table.universal if each.name == "reaction.b_write")
    draws = {"rejection": np.linspace(0.5 * (write.low + write.high), write.high, 100)[:, None]}
    posterior.draws_frame(draws, [write.name]).to_parquet(place / posterior.DRAWS)
    (place / posterior.TOLD).write_text(json.dumps({"model": version, "default": "rejection"}))


@pytest.fixture
def table(toys: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made-up table in the place of the shipped one."""
    return put_in_place(toys, monkeypatch)


def put_in_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shipped, "place_of", lambda name=shipped.TABLE_FILE: place / name)
    monkeypatch.setattr(posterior, "home", lambda: place)
    return place


def test_a_nowcast_says_the_odds_and_writes_a_study_that_is_replayed(
    table: Path, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["nowcast", COUNTS, *OWN_POST, f"results={tmp_path}", "study=n"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].startswith("1 h after the post, at 135 messages, 11 % of them counter, such campaigns end")
    assert lines[2].startswith("  hijacked  ") and lines[6].startswith("  messages at the end  ")
    assert 12 <= len(lines) <= 16 and max(map(len, lines[1:-1])) <= 125 and lines[-1] == str(tmp_path / "n")
    study = load(tmp_path / "n")
    assert study.kind == "nowcast" and sorted(study.frames) == ["answers", "counts", "fan"]
    summary = study.summary
    assert summary["runs"] == 0 and sum(summary["verdict"].values()) == pytest.approx(1.0)
    assert summary["ranges"] == {"post.appeal": [0.4, 0.8], "post.openness": [0.1, 0.6]}
    assert all(low <= summary["verdict"][name] <= high for name, (low, high) in summary["verdict_interval"].items())
    assert study.frames["fan"].attrs["units"]["share_mid"] == "1"
    assert study.frames["counts"]["total"].tolist() == [71, 135]
    page = (tmp_path / "n" / "report.html").read_text()
    assert "How long does an answer help?" in page and "nan" not in page and "None" not in page
    assert {path.stem for path in (tmp_path / "n" / "figures").iterdir()} == {"answers", "fan", "verdicts"}
    assert main(["replay", str(tmp_path / "n")]) == 0 and "the same content" in capsys.readouterr().out
    (tmp_path / "n" / "report.html").unlink()
    assert main(["report", str(tmp_path / "n")]) == 0 and (tmp_path / "n" / "report.html").is_file()
    assert main(["nowcast", COUNTS, *OWN_POST, f"results={tmp_path}", "study=n"]) == 0
    assert "stands there already" in capsys.readouterr().err
    other = shutil.copytree(table, tmp_path / "other")
    ship(other, small_table(300, seed=6, campaigns="generic"))
    put_in_place(other, monkeypatch)
    assert main(["replay", str(tmp_path / "n")]) == 2
    assert "another one than this nowcast was made with" in capsys.readouterr().err


def test_a_file_of_counts_and_the_same_typed_are_one_question(table: Path, tmp_path: Path) -> None:
    (tmp_path / "früh gezählt.csv").write_text("minute,campaign,counter\n30,66,5\n60,120,15\n")
    typed, filed = (asked([word])[0] for word in (COUNTS, f"counts={tmp_path}/früh gezählt.csv"))
    assert typed == filed
    unsplit = asked(["counts=[[30,null,2],[60,120,15]]"])[0]["counts"][0]
    assert unsplit == {"minute": 30, "campaign": None, "counter": 2, "messages": None}


def test_a_case_narrows_the_table_by_its_ranges_and_silence_about_a_post_does_not(table: Path) -> None:
    assert asked([COUNTS])[0]["ranges"] == {}
    question, keys = asked([COUNTS, "case=my_nypd", "post.hour=9"])
    assert {"post.openness", "post.hour", "people.grievance_mean"} < set(question["ranges"])
    assert "people.activist_share" not in question["ranges"]  # the case says nothing of it
    low, high = question["ranges"]["post.appeal"]
    assert low < 0.45 < high and question["ranges"]["post.hour"] == [9.0, 9.0]
    assert keys.place.name.startswith("my_nypd-nowcast")
    assert question["bases"][""]["case"]["id"] == "my_nypd"


def test_coefficients_are_the_posteriors_unless_the_prior_is_asked_for(table: Path) -> None:
    counts = checked_counts(typed_counts([[60, 50]]), 4320)
    size = {}
    for uncertainty in (POSTERIOR, PRIOR):
        question = asked([COUNTS, f"uncertainty={uncertainty}"])[0]
        read = read_shipped(question["uncertainty"], question["table"])
        _, rows = nowcast(read.campaigns, read.posterior, counts, {}, None, 1)
        messages = read.campaigns.campaign[:, -1] + read.campaigns.counter[:, -1]
        size[uncertainty] = rows.before @ np.log1p(messages)
    assert size[POSTERIOR] > size[PRIOR] + 0.05  # people write as readily as they may


def test_counts_that_no_campaign_shows_are_not_given_narrow_odds(table: Path) -> None:
    summary = found(None, asked(["counts=[[30,4,2],[60,40000,30000]]"])[0]).summary
    assert told(summary)[0].startswith("The reference table has hardly seen such a campaign")
    assert not summary["sample"]["enough"]
    low, high = summary["verdict_interval"]["hijacked"]
    assert high - low > 0.25


@pytest.mark.parametrize(
    "words, said",
    [
        ([], "counts must be given"),
        (["counts=[[60,12,3],[30,20,1]]"], "go backwards"),
        (["counts=[[-3,12,3]]"], "before the post"),
        (["counts=[[30,1,0],[30,2,0]]"], "stands there twice"),
        (["counts=[[30,-1,0]]"], "must not be negative"),
        (["counts=[[30,1.5,0]]"], "must be a whole number"),
        (["counts=[[4400,1,0]]"], "beyond the last minute"),
        (["counts=[[30,1,"], "cannot be read"),
        (["counts=nothing.csv"], "can be read"),
        ([COUNTS, "audience=many"], "audience must be a number"),
        ([COUNTS, "audience=0"], "audience must lie in"),
        ([COUNTS, "uncertainty=none"], "uncertainty must be one of"),
        ([COUNTS, "post.openness=0.2,0.4"], "names several values"),
        ([COUNTS, "people.sessions_sigma=interval(0.5,0.9)"], ""),
        ([COUNTS, "replicates=5"], "makes no runs"),
        ([COUNTS, COUNTS], "once"),
        ([COUNTS, "case=nobody"], "case must be one of"),
    ],
)
def test_what_cannot_be_is_one_sentence(table: Path, words: list[str], said: str) -> None:
    with pytest.raises(BackfireError) as problem:
        asked(words)
    assert said in str(problem.value)


def test_an_empty_file_and_one_without_columns_write_nothing(table: Path, tmp_path: Path, capsys: Any) -> None:
    for text, said in (("", "is empty"), ("time,tweets\n1,2\n", "lacks the column minute")):
        (tmp_path / "c.csv").write_text(text)
        assert main(["nowcast", f"counts={tmp_path}/c.csv", f"results={tmp_path}/r"]) == 2
        assert said in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_a_table_of_another_version_or_none_is_refused(
    toys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    put_in_place(tmp_path / "none", monkeypatch)
    assert main(["nowcast", COUNTS]) == 2 and "no reference table" in capsys.readouterr().err
    old = put_in_place(tmp_path / "old", monkeypatch)
    ship(old, small_table(300, seed=6, campaigns="generic"), version="0ldm0del")
    assert main(["nowcast", COUNTS]) == 2
    said = capsys.readouterr().err
    assert "0ldm0del" in said and "backfire calibrate" in said
    alone = put_in_place(tmp_path / "alone", monkeypatch)
    alone.mkdir()
    shutil.copy(toys / shipped.TABLE_FILE, alone)
    assert main(["nowcast", COUNTS]) == 2 and "uncertainty=prior" in capsys.readouterr().err
    assert asked([COUNTS, "uncertainty=prior"])[0]["table"].keys() == {"table"}
