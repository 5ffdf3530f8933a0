"""``backfire policies`` and ``backfire window`` from their words to their folders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.cli.main import main
from sim.study import load
from tests.unitless import unitless

TINY = [
    "case=my_nypd", "people.n_followers=600", "reaction.b_write=-4.5", "people.activist_share=0.02",
    "horizon_hours=6", "agency.monitoring_delay_minutes=0",
]  # fmt: skip
RANKED = [*TINY, "policy=acknowledge_20min,change_ask_20min", "draws=6", "replicates=2", "breakeven=2"]
SWEPT = [*TINY, "policy=change_ask", "minutes=5,60", "replicates=6"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a tiny ranking and a tiny sweep of an answer's minute."""
    place = tmp_path_factory.mktemp("answers")
    assert main(["policies", *RANKED, f"results={place}", "study=ranking"]) == 0
    assert main(["window", *SWEPT, f"results={place}", "study=swept", "workers=1"]) == 0
    return place


def test_a_ranking_holds_silence_listening_and_not_posting_beside_the_named_answers(folders):
    study = load(folders / "ranking")
    assert unitless(study) == []
    policies = study.frames["policies"].set_index("choice")
    assert set(policies.index) == {"silent", "listen", "acknowledge_20min", "change_ask_20min", "do_not_post"}
    assert policies.index[-1] == "do_not_post"
    assert policies.loc["do_not_post", "rank"] == 0
    ranked = policies[policies["rank"] > 0]
    assert ranked["expected"].is_monotonic_increasing
    assert ranked["best_in"].sum() == pytest.approx(1.0)
    assert policies.loc["silent", "hours"] == 0.0
    assert policies.loc["listen", "hours"] == 960.0
    assert policies.loc["acknowledge_20min", "hours"] == 1.0  # it always speaks, once
    assert study.frames["policies"].attrs["units"]["hours"] == "working hours"


def test_a_dry_run_tells_that_a_study_stands_there_or_that_another_does(folders, capsys, monkeypatch):
    monkeypatch.setattr("sim.cli.dry_run.expected", lambda *_: pytest.fail("nothing is left to try"))
    words = [f"results={folders}", "study=ranking", "--dry-run"]
    assert main(["policies", *RANKED, *words]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("This policies study stands there already") and told[1] == str(folders / "ranking")
    assert main(["policies", *RANKED, "seed=99", *words]) == 2
    assert "ranking" in capsys.readouterr().err


def test_every_answer_meets_the_same_draws_and_luck_of_the_draws_own(folders):
    study = load(folders / "ranking")
    draws = study.frames["draws"]
    drawn = [name for name in draws if name.startswith(("people.", "post.", "reaction.", "agency."))]
    assert "agency.effects.change_ask" in drawn
    assert not any(name.startswith("network.") for name in drawn)
    assert (draws.groupby("draw")[drawn].nunique() == 1).all(axis=None)
    assert (draws.drop_duplicates("draw")[drawn].nunique() == 6).all()
    luck = study.runs.merge(draws[["point", "draw"]], on="point").groupby("draw")["replicate"].unique()
    assert [sorted(numbers) for numbers in luck] == [[2 * draw, 2 * draw + 1] for draw in range(6)]


def test_a_break_even_runs_the_pair_on_the_draws_of_the_ranking(folders):
    study = load(folders / "ranking")
    curves = study.frames["breakeven"]
    assert len(curves)
    assert set(curves["criterion"]) == {"expected", "worst", "regret"}
    first = study.summary["breakeven"][0]
    assert first["winner"] != first["second"]
    assert first["low"] < first["central"] < first["high"]
    assert first["sentence"].startswith(first["second"])
    sizes = curves[(curves["criterion"] == "expected") & (curves["effect"] == first["effect"])]["size"]
    np.testing.assert_allclose(sizes, [first["low"], first["high"]])


def test_a_sweep_of_the_minute_is_paired_with_silence_and_tells_its_assumptions(folders):
    study = load(folders / "swept")
    assert unitless(study) == []
    window = study.frames["window"]
    assert list(window["size"]) == ["central"] * 2 + ["low"] * 2 + ["high"] * 2
    assert list(window["minute"]) == [5, 60] * 3
    np.testing.assert_allclose(window["difference"], window["outcome"] - study.summary["silent"])
    assert (window["difference_lo"] <= window["difference"]).all()
    assert study.summary["pairs"] == 6
    assert "change_ask 0.5" in study.summary["finding"]
    assert len(study.runs) == 7 * 6
    assert (folders / "swept" / "figures" / "window.png").is_file()


@pytest.mark.parametrize("name", ["ranking", "swept"])
def test_a_study_of_answers_is_replayed_and_resumed(folders, name, capsys):
    assert main(["replay", str(folders / name)]) == 0
    words = RANKED if name == "ranking" else SWEPT
    before = json.loads((folders / name / "manifest.json").read_text())
    assert main(["policies" if name == "ranking" else "window", *words, f"results={folders}", f"study={name}"]) == 0
    assert "stands there already" in capsys.readouterr().err
    assert json.loads((folders / name / "manifest.json").read_text()) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["policies", "case=my_nypd", "by=likes"], "by"),
        (["policies", "case=my_nypd", "policy=acknowledge,acknowledge"], "policy names 'acknowledge' twice"),
        (["policies", "case=my_nypd", "policy=[silent,defend]"], "policy takes no list"),
        (["policies", "case=my_nypd", "policy=silnt"], "silnt"),
        (["policies", "case=my_nypd", "policy="], "policy names an empty choice"),
        (["window", "case=my_nypd", "policy=acknowledge", "minutes="], "minutes must be whole numbers"),
        (["policies", "case=my_nypd", "draws=1"], "draws"),
        (["policies", "case=my_nypd", "draws=8", "draws=9"], "draws is given twice"),
        (["policies", "case=my_nypd", "breakeven=1"], "breakeven must be 0, or at least 2"),
        (["policies", "case=my_nypd", "over=luck"], "over"),
        (["policies", "case=my_nypd", "reaction=independent_cascade"], "runs in rounds"),
        (["window", "case=my_nypd"], "window needs a policy"),
        (["window", "case=my_nypd", "policy=silent"], "window needs a policy"),
        (["window", "case=my_nypd", "policy=acknowledge", "minutes=5,5"], "minutes names a minute twice"),
        (["window", "case=my_nypd", "policy=acknowledge", "minutes=5,99999"], "minutes must be whole numbers"),
        (["window", "case=my_nypd", "policy=acknowledge", "minutes=soon"], "minutes must be whole numbers"),
        (["window", "case=my_nypd", "policy=acknowledge", "by=likes"], "by"),
        (["window", "case=my_nypd", "policy=acknowledge", "replicates=1"], "replicates"),
    ],
)
def test_a_question_that_cannot_be_gets_a_sentence_and_writes_nothing(words, said, tmp_path, capsys):
    assert main([*words, f"results={tmp_path / 'out'}"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [["policies", *RANKED], ["window", *SWEPT]])
def test_a_dry_run_counts_the_runs_and_writes_nothing(words, tmp_path, capsys):
    assert main([*words, f"results={tmp_path / 'out'}", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert ("4 answers x 6 draws x 2 replicates = 48 runs" if words[0] == "policies" else "7 points x 6") in out
    assert not (tmp_path / "out").exists()


def test_policies_of_ones_own_are_ranked_by_name_or_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("late.yaml").write_text("name: late\nrules:\n  - {move: acknowledge, at_minute: 240}\n")
    Path("mine.py").write_text(
        "from sim.extend import DEFEND, SILENT, policy\n\n\n"
        "@policy(moves=('defend',))\ndef proud(minute, campaign, counter):\n"
        "    return DEFEND if minute > 9 else SILENT\n"
    )
    words = [*TINY, "extensions=[mine.py]", "policy=late.yaml,proud", "draws=4", "replicates=1", "breakeven=0"]
    assert main(["policies", *words, "study=own"]) == 0
    table = load(tmp_path / "results" / "own").frames["policies"].set_index("choice")
    assert {"late", "proud"} <= set(table.index)
    assert table.loc["late", "title"] == "Own the complaint after 4 h"
    assert table.loc["proud", "title"] == "Stand by the post when proud says so"
    assert table.loc["proud", "hours"] == 1.0
    assert main(["window", *TINY, "extensions=[mine.py]", "policy=proud", "minutes=5", "replicates=2", "study=w"]) == 0
    assert "defend 0.1" in capsys.readouterr().out
