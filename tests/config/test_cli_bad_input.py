"""Every mistake on the command line: one clear sentence, exit code 2, nothing made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.cli.main import main

MISTAKES = [
    (["case=my_nypdd"], "case must be one of"),
    (["case=my_nypd", "post.opennes=0.2"], "post.opennes is not a parameter"),
    (["+post.opennes=0.2"], "post.opennes is not a parameter"),
    (["post.openness=1.7"], "post.openness must be at most 1"),
    (["post.openness=nan"], "post.openness"),
    (["post.openness=true"], "post.openness must be a number, not true or false"),
    (["post.openness"], "is not of the form name=value"),
    (["seed=9223372036854775808"], "seed must be at most 9223372036854775807"),
    (["seed=-1"], "seed must be at least 0"),
    (["horizon_hours=0"], "horizon_hours must be"),
    (["policy=shout"], "policy must be one of"),
    (["policy=silent,withdraw"], "backfire compare policy="),
    (["policy=[silent,withdraw]"], "policy takes one choice here"),
    (["policy.rules=[{move: shout, at_minute: 3}]"], "move must be one of"),
    (["policy.rules=[{move: defend}]"], "a rule needs at least one trigger"),
    (["people.cohort_shares=[0.5,0.5,0.5,0,0,0]"], "cohort_shares must sum to 1"),
    (["people.n_followers=-5"], "people.n_followers must be at least 0"),
    (["workers=0"], "workers must lie in [1, 4096]; got 0"),
    (["workers=two"], "workers must be a whole number"),
    (["replicates=0"], "replicates must lie in"),
    (["replicates=1.5"], "replicates must be a whole number"),
    (["replicates=5,6"], "replicates takes one value here, got '5,6'; give one."),
    (["graphs=0"], "graphs must lie in"),
    (["record=all"], "record must be one of log, summary"),
    (["uncertainty=lots"], "uncertainty must be one of none, posterior, prior"),
    (["fresh=perhaps"], "fresh must be true or false"),
    (["study=a/b"], "study must be a plain folder name"),
    (["network=edge_list", "network.path=no such (file)=ü.tsv"], "network.path must name a file that can be read"),
    (["post.hour=24"], "post.hour must be at most 23.999; got 24"),
    (["case=my_nypd", "+design=grid"], "design says which points backfire sweep runs; backfire run takes none"),
    (["design.points=5"], "design says which points backfire sweep runs"),
    (["network=edge_list"], "network.path must name the file to read"),
    (["people.table=none.csv"], "people.table must name a file that can be read"),
]


@pytest.mark.parametrize(("words", "sentence"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_a_mistake_is_one_clear_sentence_and_nothing_is_made(
    words: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err, said.err
    lines = [line for line in said.err.splitlines() if not line.startswith("[")]
    assert 1 <= len(lines) <= 6 and "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_malformed_graph_names_its_line_and_makes_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "graph.tsv").write_text("# follower followed\n1\t2\n3\tfour\n")
    assert main(["run", "network=edge_list", "network.path=graph.tsv"]) == 2
    assert "line 3" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["graph.tsv"]


def test_a_results_folder_that_is_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "results").write_text("")
    assert main(["run", f"results={tmp_path / 'results'}"]) == 2
    assert "cannot be written: a file stands where a folder is needed" in capsys.readouterr().err


def test_a_results_folder_that_is_not_writable_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # root may write anywhere, so the question is answered here
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert main(["run", f"results={tmp_path / 'results'}"]) == 2
    assert "cannot be written: no permission to write there" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["compare", "case=my_nypd"], "compare needs one word with several choices"),
        (["compare", "policy=[silent,withdraw]"], "policy takes no list"),
        (["compare", "policy=silent,shout"], "policy must be one of"),
        (["compare", "policy=silent,withdraw", "record=log"], "compare keeps summaries of runs on one graph a seed"),
        (["cases", "all"], "case must be one of"),
        (["report"], "report takes one folder"),
        (["report", "results/none"], "report needs the folder of a study"),
        (["replay", "results/none"], "replay needs the folder of a study"),
        (["replay", "."], "is not a study: it has no manifest.json"),
        (["replay", ".", "workers=x"], "manifest.json"),
    ],
)
def test_mistakes_of_other_commands_are_told_too(
    words: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
