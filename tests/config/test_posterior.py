"""``uncertainty=posterior`` as it is used: run, compare and boundary, replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim import load_case, simulate
from sim.cli.main import main
from sim.config.root import changed
from sim.errors import ConfigError
from sim.study import load
from sim.study.store.folder import read_json
from tests.shipped_posterior import NAMES, none_ships, ship

TINY = ["case=my_nypd", "people.n_followers=400", "reaction.fatigue=1", "horizon_hours=2"]


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    return ship(tmp_path / "posterior", monkeypatch)


def test_a_run_varies_the_posterior_by_default_and_its_odds_stay_luck_alone(
    tmp_path: Path, capsys: Any, shipped
) -> None:
    words = [*TINY, "replicates=4", f"results={tmp_path}"]
    assert main(["run", *words, "study=usual"]) == 0
    assert main(["run", *words, "study=luck", "uncertainty=none"]) == 0
    usual, luck = (read_json(tmp_path / name / "summary.json") for name in ("usual", "luck"))
    assert (usual["uncertainty"], usual["draws"], luck["draws"]) == ("posterior", 100, 0)
    assert usual["verdict"] == luck["verdict"] and usual["messages"] == luck["messages"]
    assert usual["verdict_range"] is not None
    draws = load(tmp_path / "usual").frames["draws"]
    drawn = draws.drop_duplicates("draw")[list(NAMES)].to_numpy()
    assert all((row == shipped.values).all(1).any() for row in drawn)
    manifest = read_json(tmp_path / "usual" / "manifest.json")
    assert manifest["keys"]["posterior"] == manifest["plan"]["posterior"] == shipped.sha256
    capsys.readouterr()
    assert main(["replay", str(tmp_path / "usual")]) == 0
    assert "the same content" in capsys.readouterr().out


def test_a_comparison_spreads_replicates_over_the_posterior_and_pairs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    ship(tmp_path / "posterior", monkeypatch, lift=3.5)
    words = [*TINY, "policy=silent,amplify", "replicates=6", f"results={tmp_path}", "study=c"]
    assert main(["compare", *words, "uncertainty=posterior"]) == 0
    study = load(tmp_path / "c")
    assert study.runs.groupby("name")["replicate"].apply(list).tolist() == [list(range(6))] * 3
    assert study.summary["intervals_over"].startswith("luck and what is not known")
    assert "what calibration leaves open" in study.summary["finding"] or "whose priors" in study.summary["finding"]
    page = (tmp_path / "c" / "report.html").read_text()
    assert "drawn from the posterior that ships" in page
    # the coefficients as they stand let nobody talk in so small an audience; those of the posterior do
    assert study.runs["messages"].sum() > 0
    capsys.readouterr()
    assert main(["replay", str(tmp_path / "c")]) == 0


@pytest.mark.slow
def test_a_boundary_gives_each_run_its_own_draw(tmp_path: Path) -> None:
    words = ["case=ask_jpm", "people.n_followers=400", "horizon_hours=1", "post.openness", f"results={tmp_path}"]
    assert main(["boundary", *words, "runs=200", "study=b", "uncertainty=posterior"]) == 0
    study = load(tmp_path / "b")
    assert len(study.runs) == 200 and study.runs["replicate"].is_unique
    assert study.points["trials"].sum() == 200
    hits = study.runs.assign(hit=study.runs["verdict"] == "hijacked").groupby("point")["hit"].agg(["sum", "count"])
    assert hits["sum"].tolist() == study.points["hits"].tolist()
    assert hits["count"].tolist() == study.points["trials"].tolist()
    assert study.summary["uncertainty"] == "posterior"


def test_where_none_ships_it_is_said_in_a_sentence_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    none_ships(tmp_path, monkeypatch)
    for command in (["run"], ["compare", "policy=silent,amplify"], ["boundary", "post.openness"]):
        words = [*command, *TINY, f"results={tmp_path / 'r'}", "uncertainty=posterior"]
        assert main(words) == 2
        said = capsys.readouterr().err
        assert "none ships with this version: backfire calibrate makes one" in said
        assert "Traceback" not in said
    assert main(["sweep", *TINY, "post.openness=0.1,0.2", f"results={tmp_path / 'r'}", "uncertainty=posterior"]) == 2
    assert not (tmp_path / "r").exists()


def test_simulate_draws_from_the_posterior_too(shipped) -> None:
    case = changed(load_case("my_nypd"), {"people.n_followers": 400, "horizon_hours": 1.0})
    found = simulate(case, replicates=2, uncertainty="posterior")
    assert found["uncertainty"] == "posterior" and found["draws"] == 100 and found["verdict_range"] is not None
    with pytest.raises(ConfigError, match=r"reaction\.rule=logit"):
        simulate(changed(case, {"reaction.rule": "linear_threshold"}), replicates=2, uncertainty="posterior")
