"""``backfire ablation`` on a tiny audience: its table, its figure, its replay, and what it refuses."""

from pathlib import Path

import pytest

from sim.cli.main import main
from sim.study import load
from tests.unitless import unitless

WORDS = ["ablation", "people.n_followers=600", "case=ask_jpm,station_bulletin", "without=nothing,outrage",
         "replicates=6", "horizon_hours=6"]  # fmt: skip


def test_an_ablation_writes_a_row_a_variant_and_target_and_is_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, f"results={tmp_path}", "study=a"]) == 0
    said = capsys.readouterr().out
    assert "everything on" in said.lower() and said.splitlines()[-1] == str(tmp_path / "a")
    assert unitless(load(tmp_path / "a")) == []
    table = load(tmp_path / "a").frames["ablation"]
    assert list(zip(table["variant"], table["case"], strict=True)) == [
        (variant, case) for variant in ("nothing", "outrage") for case in ("ask_jpm", "station_bulletin")
    ]
    assert (tmp_path / "a" / "figures" / "ablation.png").is_file()
    assert main(["replay", str(tmp_path / "a")]) == 0


@pytest.mark.parametrize(
    ("word", "said"),
    [("without=nothing,sleep", "sleep"), ("case=ask_jpm,ask_jpm", "twice"), ("replicates=2", "replicates")],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    word: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = word.partition("=")[0]
    words = [each for each in WORDS if not each.startswith(f"{name}=")]
    assert main([*words, word, f"results={tmp_path / 'r'}"]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "r").exists()
