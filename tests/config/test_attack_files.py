"""Files that were cut, edited or damaged: told by name, never a fault of ours."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.cli.main import main
from sim.errors import GraphError, StudyError
from sim.network.attributes import read_attributes
from sim.network.files import read_edges
from sim.study.store.folder import existing, whole
from sim.study.store.one_run import manifest_of, read
from sim.study.store.provenance import MANIFEST_SCHEMA, plain_hash

IDENTITY = {"configuration_hash": "a", "settings_hash": "b", "backfire": "c", "code": "d"}
WHOLE = {
    "schema": MANIFEST_SCHEMA, "kind": "run", "study": "s", "command": "backfire run",
    "identity": IDENTITY | {"configuration_hash": plain_hash({}), "settings_hash": plain_hash({"files": {}})},
    "keys": {"files": {}}, "versions": {}, "content": {}, "files": {}, "configuration": {}, "plan": {},
}  # fmt: skip


def folder_with(tmp_path: Path, manifest: object) -> Path:
    """Return a study's folder with nothing but a manifest."""
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


@pytest.mark.parametrize("manifest", [[], None, 3, "x", {}, {"identity": None}, {"identity": [1]}])
def test_a_foreign_manifest_is_never_taken_for_a_study(manifest: object, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"is not that of a study.*fresh=true"):
        existing(folder_with(tmp_path, manifest), IDENTITY, fresh=False)


@pytest.mark.parametrize("part", [name for name in WHOLE if name != "schema"])
def test_a_manifest_without_a_part_is_told(part: str, tmp_path: Path) -> None:
    edited = {name: value for name, value in WHOLE.items() if name != part}
    if part == "kind":
        edited = WHOLE | {"kind": 3}
    with pytest.raises(StudyError, match=f"edited or damaged since it was written: {part} is not"):
        manifest_of(folder_with(tmp_path, edited))


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        ({"mood": 1}, r"field that this version does not know: mood; another version wrote it"),
        ({"identity": {**WHOLE["identity"], "mood": 1}}, r"does not know: identity\.mood"),  # type: ignore[dict-item]
        ({"configuration": {"seed": 2}}, r"configuration does not have the hash that identity\.configuration_hash"),
        ({"keys": {"files": {}, "replicates": 3}}, r"keys does not have the hash that identity\.settings_hash"),
        ({"schema": 1}, rf"schema 1; this version reads {MANIFEST_SCHEMA}\."),
    ],
)
def test_an_edited_manifest_or_one_of_another_version_is_told(
    edit: dict[str, object], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_with(tmp_path, WHOLE | edit)
    with pytest.raises(StudyError, match=sentence):
        manifest_of(folder)
    assert main(["replay", str(folder)]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and said.out == ""


def test_a_plan_that_was_edited_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_with(tmp_path, WHOLE | {"plan": {"runs": 3}})
    assert main(["replay", str(folder)]) == 2
    assert "was edited or damaged" in capsys.readouterr().err


def test_a_damaged_table_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "runs.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(StudyError, match=r"runs\.parquet' cannot be read: .*fresh=true"):
        read(folder_with(tmp_path, WHOLE))


def test_a_summary_of_another_shape_is_told() -> None:
    summary: list[int] = []
    with pytest.raises(StudyError, match=r"'results/x' was edited or damaged"), whole(Path("results/x")):
        summary["verdict"]  # type: ignore[call-overload]


@pytest.mark.parametrize("workers", ["²", "--5", "1e3"])
def test_workers_of_a_replay_are_checked(workers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(folder_with(tmp_path, WHOLE)), f"workers={workers}"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(("workers must be a whole number", "workers cannot be read")) and len(said.splitlines()) == 1


def test_a_line_of_attributes_that_is_too_long_is_refused_whatever_warnings_do(tmp_path: Path) -> None:
    table = tmp_path / "who.csv"
    table.write_text("id,cohort\n0,18-24,x\n1,,\n")
    with warnings.catch_warnings(), pytest.raises(GraphError, match="as many fields as the header"):
        warnings.simplefilter("ignore")
        read_attributes(table, np.arange(2))


def csr(**parts: object) -> dict[str, object]:
    """Return the arrays of a stored 3 by 3 matrix."""
    plain = {"indices": [0, 1, 2], "indptr": [0, 1, 2, 3], "data": [1.0] * 3, "shape": [3, 3], "format": b"csr"}
    return {name: np.array(value) for name, value in (plain | parts).items()}


@pytest.mark.parametrize(
    "write",
    [
        lambda path: np.savez(path, **csr(indices=[0, 1, 99])),
        lambda path: np.savez(path, **csr(indices=[0, 1, -5])),
        lambda path: path.write_bytes(b"no matrix"),
    ],
    ids=["index too large", "index negative", "text"],
)
def test_a_damaged_matrix_is_told_in_our_words(write: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "graph.npz"
    write(path)
    with pytest.raises(GraphError, match="must be a whole file with a sparse matrix") as caught:
        read_edges(path)
    assert "pickle" not in str(caught.value)
