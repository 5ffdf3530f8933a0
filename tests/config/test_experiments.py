"""Named experiments: every file composes on its command, what the command line says wins, unknown names are listed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.catalogue.groups import choices
from sim.cli.experiments import expanded, experiment, experiments
from sim.cli.main import COMMANDS, main
from sim.cli.sweep_keys import sweep_keys
from sim.errors import ConfigError


@pytest.mark.parametrize("name", choices("experiment"))
def test_every_experiment_names_its_command_says_what_it_asks_and_composes(name: str, tmp_path: Path) -> None:
    found = experiment(name)
    assert found.command in COMMANDS and len(found.line) > 20 and found.words
    if found.command == "sweep":
        sweep, question, keys = sweep_keys([*expanded("sweep", [f"+experiment={name}"]), f"results={tmp_path}"])
        assert len(sweep.points) > 1 and question["replicates"] > 1 and keys.place == tmp_path / name


def test_what_the_command_line_says_wins_and_gives_the_study_another_name() -> None:
    as_it_stands = expanded("sweep", ["+experiment=phase_diagram", "results=r", "workers=2"])
    assert "people.n_followers=20000" in as_it_stands and as_it_stands[-1] == "study=phase_diagram"
    other = expanded("sweep", ["experiment=phase_diagram", "people.n_followers=200000", "post.openness=0,1"])
    assert "people.n_followers=20000" not in other and "people.n_followers=200000" in other
    assert [word for word in other if word.startswith("post.openness")] == ["post.openness=0,1"]
    assert other[-1].startswith("study=phase_diagram-")
    small = expanded("sweep", ["+experiment=phase_diagram", "people=small", "study=mine"])
    assert small[-1] == "study=mine" and not any(word.startswith("people.n_followers") for word in small)
    assert expanded("sweep", ["case=my_nypd", "seed=3"]) == ["case=my_nypd", "seed=3"]


@pytest.mark.parametrize(
    ("command", "words", "sentence"),
    [
        ("sweep", ["+experiment=phase_diagramm"], "experiment must be one of .*Did you mean 'phase_diagram'"),
        ("sweep", ["+experiment="], "experiment must be one of "),
        ("run", ["+experiment=phase_diagram"], r"one of backfire sweep, not of backfire run; write: backfire sweep \+"),
        ("sweep", ["+experiment=phase_diagram", "experiment=phase_diagram"], "experiment is named 2 times"),
    ],
)
def test_an_experiment_that_cannot_be_is_one_sentence(command: str, words: list[str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        expanded(command, words)


def test_an_experiment_runs_from_its_name_alone(tmp_path: Path, capsys: Any) -> None:
    tiny = ["people.n_followers=500", "horizon_hours=1", "replicates=2", "people.grievance_mean=0.1,0.3,0.4",
            "post.openness=0,0.5,1", f"results={tmp_path}", "study=t"]  # fmt: skip
    assert main(["sweep", "+experiment=phase_diagram", *tiny]) == 0
    assert (tmp_path / "t" / "report.html").is_file() and (tmp_path / "t" / "theory.parquet").is_file()
    assert (tmp_path / "t" / "figures" / "map.png").is_file()
    assert "my_nypd: 9 points, 2 replicates of each" in capsys.readouterr().out
    assert main(["replay", str(tmp_path / "t"), "workers=1"]) == 0
    assert "the same content, runs, points, theory, summary." in capsys.readouterr().out


def test_the_thin_entry_points_list_every_experiment_with_its_line() -> None:
    said = subprocess.run([sys.executable, "-m", "experiments"], capture_output=True, text=True, check=True)
    for each in experiments():
        assert each.line in said.stdout and f"backfire {each.command} +experiment={each.name}" in said.stdout
    done = subprocess.run([sys.executable, "-m", "sim.experiments", "nosuch"], capture_output=True, text=True)
    assert done.returncode == 2 and "experiment must be one of" in done.stderr
