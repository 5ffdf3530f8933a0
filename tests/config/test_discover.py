"""``backfire discover`` as it is used: own points, a sweep's points, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.cli.discover import asked
from sim.cli.main import main
from sim.errors import BackfireError
from sim.study import load
from tests.unitless import unitless

SMALL = ["case=my_nypd", "people.n_followers=400", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=2"]
STUDY = [*SMALL, "post.openness=interval(0,1)", "vary=[people.grievance_mean,people.support_mean]", "points=60",
         "replicates=2", "study=d"]  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished search and a finished sweep."""
    place = tmp_path_factory.mktemp("found")
    assert main(["discover", *STUDY, f"results={place}"]) == 0
    sweep = [*SMALL, "post.openness=range(0,1,0.2)", "people.grievance_mean=range(0.05,0.65,0.05)", "replicates=2"]
    assert main(["sweep", *sweep, "study=swept", f"results={place}"]) == 0
    return place


def test_a_search_leaves_tables_and_a_page_and_is_replayed(results: Path, capsys: Any) -> None:
    study = load(results / "d")
    assert unitless(study) == []
    assert sorted(study.frames) == ["boxes", "limits", "points", "runs", "trade_off"]
    points = study.points
    assert len(points) == 60 and int(points["held_out"].sum()) == study.summary["held_out"] == 20
    assert sorted(study.runs["replicate"]) == list(range(120))  # each point has luck of its own
    hits = study.runs[study.runs["verdict"] == "hijacked"].groupby("point").size()
    assert points.set_index("point")["hits"].to_dict() == {place: int(hits.get(place, 0)) for place in range(60)}
    assert len(study.frames["boxes"]) == len(study.summary["boxes"])
    assert {feature["name"] for feature in study.summary["features"]} == {
        "people.grievance_mean", "people.support_mean", "post.openness"
    }  # fmt: skip
    page = (results / "d" / "report.html").read_text()
    assert "listening first" in page and "trade_off" in {path.stem for path in (results / "d" / "figures").iterdir()}
    assert main(["replay", str(results / "d")]) == 0 and "the same content" in capsys.readouterr().out


def test_of_a_sweep_points_and_runs_are_taken_over_and_none_is_run_again(results: Path, capsys: Any) -> None:
    assert main(["discover", str(results / "swept"), "verdict=fizzled", f"results={results}", "study=boxes"]) == 0
    said = capsys.readouterr()
    assert "120 runs are those of swept." in said.err and "0 runs were carried out here." in said.err
    swept, study = load(results / "swept"), load(results / "boxes")
    assert study.summary["shared_luck"] and len(study.points) == 60
    for name in ("messages", "verdict", "takeover_minutes"):
        assert study.runs[name].equals(swept.runs[name])
    assert main(["replay", str(results / "boxes")]) == 0 and "the same content" in capsys.readouterr().out
    again = main(["discover", str(results / "swept"), "verdict=fizzled", f"results={results}", "study=boxes"])
    assert again == 0 and "stands there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words, said",
    [
        (["verdict=loved"], "verdict must be one of"),
        (["density=2"], "density must lie in"),
        (["density=much"], "density must be a share"),
        (["points=3"], "points must lie in"),
        (["boxes=0"], "boxes must lie in"),
        (["policy=silent,withdraw"], "over a span"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: list[str], said: str) -> None:
    with pytest.raises(BackfireError, match=said):
        asked(["case=my_nypd", *words])


def test_what_has_no_say_in_a_sweep_is_refused(results: Path, capsys: Any) -> None:
    for words, said in (
        (["points=90"], "are those of"),
        (["seed=2"], "are those of"),
        (["vary=[post.room]"], "are those"),
    ):
        assert main(["discover", str(results / "swept"), *words]) == 2
        assert said in capsys.readouterr().err
    assert main(["discover", str(results / "d")]) == 2 and "boxes are found in a sweep" in capsys.readouterr().err
    assert main(["discover", str(results / "nothing")]) == 2


def test_a_dry_run_tells_points_and_runs(results: Path, capsys: Any, tmp_path: Path) -> None:
    assert main(["discover", *STUDY, f"results={tmp_path}/r", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "60 points x 2 replicates = 120 runs" in told and "expected: " in told
    assert main(["discover", str(results / "swept"), "--dry-run", f"results={tmp_path}/r"]) == 0
    assert "60 points x 2 replicates, those of the sweep" in capsys.readouterr().out
    assert not (tmp_path / "r").exists()


def test_points_with_a_failed_run_are_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from sim.study.execution import job

    carried_out = job._run_of

    def broken(asked: Any, world: Any, replicate: int) -> Any:
        if replicate == 6 or "all" in failing:
            raise ValueError("no luck")
        return carried_out(asked, world, replicate)

    monkeypatch.setattr(job, "_run_of", broken)
    failing: list[str] = []
    assert main(["discover", *STUDY, f"results={tmp_path}"]) == 1
    study = load(tmp_path / "d")
    assert study.summary["failed"] == 1 and len(study.points) == 59 and 3 not in set(study.points["point"])
    failing.append("all")
    assert main(["discover", *STUDY, f"results={tmp_path}/all"]) == 1
    assert load(tmp_path / "all" / "d").summary["finding"] == "No run came to an end."
    assert "runs failed; the others are whole" in capsys.readouterr().err
