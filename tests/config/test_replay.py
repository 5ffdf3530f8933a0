"""``backfire replay`` and the study that stands: what was damaged, edited or computed otherwise is named."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.cli.main import main
from sim.study.store import contents
from sim.study.store.contents import damages, file_of, standing
from sim.study.store.difference import in_plain, in_tables
from sim.study.store.folder import read_json, write_json
from sim.study.store.one_run import manifest_of

WORDS = ["case=my_nypd", "people.n_followers=900", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=6",
         "replicates=3", "uncertainty=none", "record=log", "study=s"]  # fmt: skip
WHOLE = ["people", "graph", "log", "runs", "timeline", "options", "bands", "summary", "findings"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study with its event log."""
    results = tmp_path_factory.mktemp("finished")
    assert main(["run", *WORDS, f"results={results}"]) == 0
    assert list(manifest_of(results / "s")["content"]) != []
    return results / "s"


@pytest.fixture
def study(finished: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    shutil.copytree(finished, tmp_path / "s")
    return tmp_path / "s"


def edit_json(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a JSON file."""
    value = read_json(path)
    change(value)
    write_json(path, value)


def edit_table(path: Path, column: str, row: int | None = None) -> None:
    """Add one to a value of a table, or leave a column out."""
    table = pd.read_parquet(path)
    if row is None:
        table = table.drop(columns=column)
    else:
        table.loc[row, column] += 1
    table.to_parquet(path, index=False)


def other_odds(summary: dict[str, Any]) -> None:
    summary["verdict"]["hijacked"] = 0.123


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: list[tuple[str, Callable[[Path], object], str]] = [
    ("runs.parquet", truncate, r"runs\.parquet cannot be read .*First difference: runs: the file cannot be read\."),
    ("runs.parquet", Path.unlink, r"runs\.parquet is missing; .*First difference: runs: the file is missing\."),
    ("runs.parquet", lambda path: edit_table(path, "messages", 1),
     r"runs\.parquet is not what was written.*First difference: runs: row 1 \(graph 0, replicate 1\), column messages: "
     r"\d+ then, \d+ now\."),
    ("timeline.parquet", lambda path: edit_table(path, "minutes"),
     r"First difference: timeline: columns: minutes only now\."),
    ("summary.json", lambda path: edit_json(path, other_odds),
     r"summary\.json is not what was written.*summary: verdict\.hijacked: 0\.123 then, [\d.]+ now\."),
    ("findings.json", lambda path: path.write_text("{"), r"findings\.json cannot be read"),
    ("log.parquet", lambda path: edit_table(path, "minute", 40),
     r"log\.parquet is not what was written.*log: graph 0, replicate 2, row 13 \(minute \d+\), column minute: \d+ "),
    ("log.parquet", truncate, r"log\.parquet cannot be read .*First difference: log: "),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage", "told"), DAMAGES, ids=[name for name, *_ in DAMAGES])
def test_a_damaged_file_is_found_named_and_never_returned_in_silence(
    name: str, damage: Callable[[Path], object], told: str, study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(study / name)
    assert main(["replay", str(study), "workers=1"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "computed again, it is the same" in out
    assert re.search(told, out), out
    # the study that stands: checked before it is returned, with what to do
    assert main(["run", *WORDS, f"results={study.parent}"]) == 2
    said = capsys.readouterr()
    assert name in said.err and "fresh=true" in said.err and said.out == ""


def test_a_table_that_was_packed_anew_is_still_whole(study: Path) -> None:
    table = pd.read_parquet(study / "runs.parquet")
    table.to_parquet(study / "runs.parquet", index=False, compression="gzip")
    log = pd.read_parquet(study / "log.parquet")
    log.to_parquet(study / "log.parquet", index=False, row_group_size=100)
    (study / "summary.json").write_text(json.dumps(read_json(study / "summary.json")))
    assert damages(study, manifest_of(study)) == {}
    assert standing(study, manifest_of(study)["identity"], fresh=False)


def test_a_report_that_is_gone_is_told_and_the_study_returned(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (study / "report.html").unlink()
    assert main(["run", *WORDS, f"results={study.parent}"]) == 0
    assert "no report.html any more; backfire report" in capsys.readouterr().err


def test_replay_holds_the_whole_content_against_the_manifest(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(manifest_of(study)["content"]) and set(manifest_of(study)["content"]) == set(WHOLE)
    assert main(["replay", str(study)]) == 0
    assert capsys.readouterr().out == f"{study}: the same content, {', '.join(WHOLE)}.\n"


def test_what_is_computed_otherwise_is_named_first_cause_first(
    study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.study.execution import job

    reduce = job.reduce

    def one_more(record: Any, *rest: Any) -> Any:
        record.messages.shares[-1] += 1
        return reduce(record, *rest)

    monkeypatch.setattr(job, "reduce", one_more)
    assert main(["replay", str(study)]) == 1
    out = capsys.readouterr().out
    assert "computed again, it differs in " in out and "timeline" not in out.partition("\n")[0]
    assert re.search(r"First difference: runs: row \d \(graph 0, replicate \d\), column hijack_share_top20: ", out)


def test_a_hash_that_was_edited_in_the_manifest_is_told_as_such(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def edit(manifest: dict[str, Any]) -> None:
        manifest["content"]["timeline"] = manifest["files"]["timeline.parquet"] = "0" * 64

    edit_json(study / "manifest.json", edit)
    assert main(["replay", str(study)]) == 1
    assert (
        "timeline.parquet is as it is computed again, but has another hash in the manifest" in capsys.readouterr().out
    )


def test_other_versions_are_told_and_compared_all_the_same(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def edit(manifest: dict[str, Any]) -> None:
        manifest["versions"] |= {"numpy": "1.0", "backfire": "0.0.9"}
        manifest["identity"]["code"] = "0" * 64

    edit_json(study / "manifest.json", edit)
    assert main(["replay", str(study)]) == 0
    said = capsys.readouterr().err
    assert f"numpy was 1.0, and is {np.__version__} now" in said and "backfire was 0.0.9" in said
    assert "the code of Backfire has changed since" in said


@pytest.mark.parametrize("command", ["run", "compare"])
def test_files_that_the_configuration_names_are_held_to_their_content(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "graph.tsv"
    path.write_text("".join(f"{row}\t{(row * row) % 61}\n" for row in range(100)))
    words = ["network=edge_list", f"network.path={path}", "replicates=2", "horizon_hours=2", "study=s"]
    words += ["uncertainty=none"] if command == "run" else ["policy=silent,withdraw"]
    assert main([command, *words, f"results={tmp_path}"]) == 0
    assert main(["replay", str(tmp_path / "s")]) == 0
    path.write_text(path.read_text() + "1\t2\n")
    capsys.readouterr()
    assert main(["replay", str(tmp_path / "s")]) == 2
    assert "network.path names a file whose content has changed since" in capsys.readouterr().err


def test_a_comparison_is_checked_and_replayed_likewise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [word for word in WORDS if not word.startswith(("record", "uncertainty"))]
    words += ["policy=silent,withdraw", f"results={tmp_path}"]
    assert main(["compare", *words]) == 0
    assert set(manifest_of(tmp_path / "s")["content"]) == {"runs", "compare", "pairs", "summary"}
    edit_json(tmp_path / "s" / "summary.json", lambda summary: summary["rows"][1].update(hijacked=0.5))
    capsys.readouterr()
    assert main(["replay", str(tmp_path / "s")]) == 1
    assert "First difference: summary: rows.1.hijacked: 0.5 then, " in capsys.readouterr().out
    assert main(["compare", *words]) == 2
    assert "summary.json is not what was written" in capsys.readouterr().err


TABLE = pd.DataFrame({"replicate": [0, 1, 2], "share": [0.5, np.nan, -0.0], "verdict": ["a", None, "c"]})


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (TABLE, None),
        (TABLE.assign(share=[0.5, np.nan, 0.0], seconds=3.0), None),
        (TABLE.assign(share=[0.5, 0.25, 0.0]), "row 1 (replicate 1), column share: undefined then, 0.25 now"),
        (TABLE.assign(verdict=["a", "b", "d"]), "row 1 (replicate 1), column verdict: undefined then, b now"),
        (TABLE.assign(share=[0.75, 0.0, 0.0]), "row 0 (replicate 0), column share: 0.5 then, 0.75 now"),
        (TABLE.iloc[:2], "3 rows then, 2 now"),
        (TABLE[["share", "replicate", "verdict"]], "columns: in another order"),
        (TABLE.assign(replicate=[0.0, 1.0, 2.0]), "column replicate: int64 then, float64 now"),
    ],
)  # fmt: skip
def test_the_first_difference_of_tables_is_the_first_row_then_the_first_column(
    other: pd.DataFrame, told: str | None
) -> None:
    assert in_tables(TABLE, other) == told


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"a": {"b": [1, 2.0, None]}, "seconds": 9}, None),
        ({"a": {"b": [1, 2.5, None]}}, "a.b.1: 2.0 then, 2.5 now"),
        ({"a": {"b": [1]}}, "a.b: [1, 2.0, None] then, [1] now"),
        ({"a": {}}, "a.b: only then"),
        ({"a": {"b": [1, 2.0, None]}, "c": 1}, "c: only now"),
    ],
)
def test_the_first_difference_of_plain_parts_is_named_by_its_dotted_place(other: object, told: str | None) -> None:
    assert in_plain({"a": {"b": [1, 2.0, None]}, "seconds": 1}, other) == told


def test_every_content_has_a_file() -> None:
    assert [file_of(name) for name in ("runs", "summary")] == ["runs.parquet", "summary.json"]
    assert set(WHOLE) <= set(contents.ORDER)
