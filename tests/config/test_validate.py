"""``backfire validate`` on two made-up cases, from end to end: frozen once, scored, checked, told what has changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.catalogue.registry import load_case
from sim.cli import validate
from sim.cli.main import main
from sim.config.root import Configuration, changed
from sim.study import load
from sim.study.calibration import posterior
from sim.study.calibration.version import MODEL_VERSION
from sim.study.validation import left_out, record, rules
from sim.study.validation.frozen import read_frozen

TARGETS = (
    {"quantity": "retweet_share", "of": "a.share", "denominator": "tag", "low": 0.0, "high": 1.0},
    {"quantity": "messages_by_60", "over": "messages_by_120", "of": "a.share", "denominator": "users", "at_least": 2.0},
)  # fmt: skip
TINY = {"people.n_followers": 1000, "horizon_hours": 3.0, "case.standing": "fresh"}
MADE_UP = {
    "made_up_call": {"outcome": {"verdict": "hijacked", "basis": "made up"}, "targets": TARGETS},
    "made_up_bulletin": {"outcome": {"verdict": None, "basis": "nobody tells"}, "targets": ()},
}


def made_up(name: str, **changes: Any) -> Configuration:
    """Return a small case that nobody documented."""
    own = {f"case.{part}": value for part, value in MADE_UP[name].items()}
    seen = {"a.share": {"value": 0.5, "unit": "share of something", "source": "made up"}}
    of = load_case("station_bulletin" if "bulletin" in name else "ask_jpm")
    plain = {"case.observed": seen, "case.early": (), "case.id": name, "case.ranges": {}, "case.date": "2015-01-01"}
    return changed(changed(of, {"case.targets": (), "case.early": ()}), TINY | plain | own | changes)


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Configuration]:
    """Put made-up cases, a small posterior, few draws and a README of their own in the places of the real ones."""
    found = {name: made_up(name) for name in MADE_UP}
    backtest, shipped, readme = tmp_path / "backtest", tmp_path / "posterior", tmp_path / "README.md"
    for folder in (backtest, shipped):
        folder.mkdir()
    text = (rules.home() / rules.RULES).read_text().replace("draws: 200", "draws: 4").replace("graphs: 8", "graphs: 2")
    (backtest / rules.RULES).write_text(text)
    draws = np.array([[0.5, 1.0], [1.0, 2.0], [0.0, 1.5]])
    frame = posterior.draws_frame({"rejection": draws}, ["reaction.b_write", "reaction.b_value"])
    frame.to_parquet(shipped / posterior.DRAWS)
    told = {"model": MODEL_VERSION, "default": "rejection"}
    (shipped / posterior.TOLD).write_text(json.dumps(told))
    readme.write_text(f"before\n{validate.BEGIN}\n{validate.END}\nafter\n")
    monkeypatch.setattr(rules, "home", lambda: backtest)
    monkeypatch.setattr(posterior, "home", lambda: shipped)
    monkeypatch.setattr(record, "catalogue", lambda: found)
    monkeypatch.setattr(left_out, "table_hash", lambda: None)
    monkeypatch.setattr(validate, "_readme", lambda: readme)
    return found


def test_cases_are_frozen_once_scored_and_told_what_has_changed(
    cases: dict[str, Configuration], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    results = f"results={tmp_path / 'r'}"
    assert main(["validate", "--check"]) == 1
    assert main(["validate", "--freeze", "--dry-run", results]) == 0
    assert "2 cases x 4 draws x 2 runs = 16 runs" in capsys.readouterr().out and not (tmp_path / "r").exists()
    assert main(["validate", results, "study=before"]) == 0
    assert "nothing here is validation" in capsys.readouterr().out

    assert main(["validate", "--freeze", results, "study=f"]) == 0
    (freeze,) = read_frozen(tmp_path / "backtest")
    told = freeze["cases"]["made_up_call"]["prediction"]
    assert sum(told["verdict"].values()) == pytest.approx(1.0) and told["runs"] == 8
    assert len(told["targets"]) == 2 and told["quantities"]["takeover"]["chance"] is not None
    content = (tmp_path / "backtest" / "frozen.json").read_bytes()
    assert main(["validate", "--freeze", results, "study=f"]) == 0
    assert "All 2 cases are frozen already" in capsys.readouterr().out
    assert (tmp_path / "backtest" / "frozen.json").read_bytes() == content
    assert main(["replay", str(tmp_path / "r" / "f")]) == 0

    assert main(["validate", results, "study=v"]) == 0
    said = capsys.readouterr()
    assert "fresh cases with a documented verdict" in said.out and "README.md was written anew" in said.err
    assert main(["validate", "--check"]) == 0
    rows = load(tmp_path / "r" / "v").frames["cases"].set_index("case")
    assert rows["counts"].all() and rows.loc["made_up_bulletin", "hit"] is None or rows["hit"].isna().sum() == 1
    targets = load(tmp_path / "r" / "v").frames["targets"]
    assert list(targets["hit"]) == ["hit", "miss"]  # a share lies in [0, 1]; by an hour there is no more than by two
    assert "was at least 2" in (tmp_path / "README.md").read_text()
    assert main(["replay", str(tmp_path / "r" / "v")]) == 0
    assert (tmp_path / "r" / "v" / "report.html").is_file()
    for picture in ("verdicts", "targets"):
        assert f"(docs/backtest/{picture}.png)" in (tmp_path / "README.md").read_text()
        assert (tmp_path / "docs" / "backtest" / f"{picture}.png").is_file()

    edited = cases | {"made_up_call": made_up("made_up_call", **{"post.openness": 0.123})}
    monkeypatch.setattr(record, "catalogue", lambda: edited)
    assert main(["validate", "--check"]) == 1
    assert main(["validate", results, "study=w"]) == 0
    said = capsys.readouterr()
    assert "coded inputs of made_up_call; it is not counted" in said.out
    changed_since = load(tmp_path / "r" / "w")
    assert not changed_since.frames["cases"].set_index("case").loc["made_up_call", "counts"]
    assert changed_since.summary["targets"] == [] and changed_since.summary["misses"] == []


def test_a_case_that_joins_later_has_a_freeze_of_its_own(
    cases: dict[str, Configuration], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "catalogue", lambda: {"made_up_bulletin": cases["made_up_bulletin"]})
    assert main(["validate", "--freeze", f"results={tmp_path / 'r'}"]) == 0
    monkeypatch.setattr(record, "catalogue", lambda: cases)
    assert main(["validate", "--freeze", f"results={tmp_path / 'r'}"]) == 0
    first, second = read_frozen(tmp_path / "backtest")
    assert (list(first["cases"]), list(second["cases"])) == (["made_up_bulletin"], ["made_up_call"])


def test_what_is_frozen_of_a_seen_case_is_shown_as_in_sample_and_not_scored(
    cases: dict[str, Configuration], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = made_up("made_up_bulletin", **{"case.standing": "seen"})
    monkeypatch.setattr(record, "catalogue", lambda: {"made_up_bulletin": seen})
    assert main(["validate", "--freeze", f"results={tmp_path / 'r'}"]) == 0
    assert main(["validate", f"results={tmp_path / 'r'}", "study=v"]) == 0
    summary = load(tmp_path / "r" / "v").summary
    assert [row["case"] for row in summary["in_sample"]] == ["made_up_bulletin"]
    assert summary["cases"][0]["hijacked"] is None and summary["scores"]["fresh"]["cases"] == 0
    assert "In sample" in (tmp_path / "r" / "v" / "report.html").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["post.openness=0.2"], "post.openness cannot be given"),
        (["case=my_nypd"], "case cannot be given"),
        (["replicates=9"], "replicates are stated"),
        (["--freeze", "--check"], "different questions"),
        (["--dry-run"], "goes with --freeze"),
        (["--thaw"], "--thaw is not an option"),
        (["workers=0", "--freeze"], "workers"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    words: list[str], said: str, cases: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", *words, f"results={tmp_path / 'r'}"]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "r").exists() and not (tmp_path / "backtest" / "frozen.json").exists()


def test_without_a_posterior_nothing_is_frozen(cases: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "posterior" / posterior.DRAWS).unlink()
    assert main(["validate", "--freeze", f"results={tmp_path / 'r'}"]) == 2
    assert "posterior" in capsys.readouterr().err and not (tmp_path / "r").exists()


def test_rules_are_stated_for_every_number_that_the_code_reads():
    stated = " ".join(rules.read_rules().rules.stated)
    for word in ("Brier", "90 %", "base rate", "salience x grievance x openness > t", "shape only", "null", "fresh"):
        assert word in stated


@pytest.mark.slow
def test_the_readme_holds_what_validate_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--check"]) == 0, capsys.readouterr().err
