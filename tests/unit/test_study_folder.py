from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sim.errors import StudyError
from sim.study.store.folder import checked_name, default_name, existing, read_json, write_json, written

ONE = {"configuration_hash": "a", "settings_hash": "b", "backfire": "0.1", "code": "c"}


def finish(place: Path, identity: dict[str, str] = ONE, *, fresh: bool = False) -> None:
    with written(place, fresh=fresh) as folder:
        write_json(folder / "manifest.json", {"identity": identity})


def test_a_finished_study_stands_at_its_place_and_nothing_beside_it(tmp_path: Path) -> None:
    finish(tmp_path / "results" / "a study=1 (ü)")
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["a study=1 (ü)"]
    assert [path.name for path in (tmp_path / "results" / "a study=1 (ü)").iterdir()] == ["manifest.json"]


@pytest.mark.parametrize("problem", [RuntimeError("no"), KeyboardInterrupt(), SystemExit(1), StudyError("no")])
def test_after_a_failure_nothing_is_left_not_even_the_folders_above(tmp_path: Path, problem: BaseException) -> None:
    with pytest.raises(type(problem)), written(tmp_path / "new" / "results" / "s") as folder:
        (folder / "half.txt").write_text("half")
        raise problem
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_what_stood_there_before(tmp_path: Path) -> None:
    finish(tmp_path / "s")
    with pytest.raises(RuntimeError), written(tmp_path / "s", fresh=True):
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"cannot be written: the disk is full\."), written(tmp_path / "s"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_another_file_that_cannot_be_read_is_not_blamed_on_the_results(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), written(tmp_path / "s"):
        open("/nowhere/graph.tsv")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    with pytest.raises(StudyError, match="a file stands where a folder is needed"), written(tmp_path / "results" / "s"):
        pass


def test_the_same_study_is_found_and_another_refused(tmp_path: Path) -> None:
    assert not existing(tmp_path / "s", ONE, fresh=False)
    finish(tmp_path / "s")
    assert existing(tmp_path / "s", ONE, fresh=False)
    assert not existing(tmp_path / "s", ONE, fresh=True)
    for key, what in (("configuration_hash", "another configuration"), ("settings_hash", "other replicates or"),
                      ("code", "another version")):  # fmt: skip
        with pytest.raises(StudyError, match=what):
            existing(tmp_path / "s", {**ONE, key: "x"}, fresh=False)


def test_a_folder_that_is_no_study_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    with pytest.raises(StudyError, match="is not a study"):
        existing(tmp_path / "s", ONE, fresh=False)


def test_fresh_keeps_each_old_one_aside(tmp_path: Path) -> None:
    finish(tmp_path / "s", {**ONE, "code": "1"})
    finish(tmp_path / "s", {**ONE, "code": "2"}, fresh=True)
    finish(tmp_path / "s", {**ONE, "code": "3"}, fresh=True)
    found = {path.name: read_json(path / "manifest.json")["identity"]["code"] for path in tmp_path.iterdir()}
    assert found == {"s": "3", "s.old-1": "1", "s.old-2": "2"}


def test_a_study_that_appeared_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="appeared while this study ran"), written(tmp_path / "s"):
        finish_elsewhere = tmp_path / "s"
        finish_elsewhere.mkdir()
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_the_same_study_that_another_process_finished_meanwhile_stays(tmp_path: Path) -> None:
    with written(tmp_path / "s") as folder:
        write_json(folder / "manifest.json", {"identity": ONE, "by": "the second"})
        (tmp_path / "s").mkdir()
        write_json(tmp_path / "s" / "manifest.json", {"identity": ONE})
    assert "by" not in read_json(tmp_path / "s" / "manifest.json")
    assert [path.name for path in tmp_path.iterdir()] == ["s"]
    with pytest.raises(StudyError, match="appeared while this study ran"), written(tmp_path / "s") as folder:
        write_json(folder / "manifest.json", {"identity": {**ONE, "code": "x"}})
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_name_that_is_taken_between_the_look_and_the_renaming_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = os.rename
    taken = []

    def late(old: Path, new: Path) -> None:
        if not taken:
            taken.append(new)
            Path(new).mkdir()
            write_json(Path(new) / "manifest.json", {"identity": ONE})
        rename(old, new)

    monkeypatch.setattr(os, "rename", late)
    finish(tmp_path / "s")
    assert taken and [path.name for path in tmp_path.iterdir()] == ["s"]
    taken.clear()
    monkeypatch.setattr(os.path, "lexists", lambda path: bool(taken) and os.path.exists(path))
    finish(tmp_path / "t", fresh=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s", "t", "t.old-1"]


def test_what_a_killed_run_left_is_removed_and_a_living_ones_is_not(tmp_path: Path) -> None:
    import platform

    dead = 2**22 + 1  # beyond the largest process number of Linux
    for pid in (dead, os.getppid()):
        (tmp_path / f".s.partial-{pid}").mkdir()
        (tmp_path / f".s.partial-{pid}" / ".owner").write_text(platform.node())
    finish(tmp_path / "s")
    assert {path.name for path in tmp_path.iterdir()} == {"s", f".s.partial-{os.getppid()}"}


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "..", "x" * 201, "s.old-3"])
def test_names_that_cannot_be_a_folder_are_refused(name: str) -> None:
    with pytest.raises(StudyError, match="study must"):
        checked_name(name)


@pytest.mark.parametrize("name", ["my_nypd", "my study", "a=b", "(1)", "Übung"])
def test_unusual_names_are_kept(name: str) -> None:
    assert checked_name(name) == name


def test_the_default_name_is_the_case_and_a_hash_of_what_was_changed() -> None:
    plain = {"post": {"openness": 0.5}}
    assert default_name("my_nypd", plain, {"post": {"openness": 0.5}}) == "my_nypd"
    changed = default_name("my_nypd", plain, {"post": {"openness": 0.6}})
    assert changed.startswith("my_nypd-") and changed != default_name("my_nypd", plain, {"post": {"openness": 0.7}})
    assert checked_name(default_name("../ü x", plain, plain)) == "ü_x"


def test_json_holds_no_nan(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "x.json", {"a": float("nan")})


def test_reading_what_is_no_study_says_so(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="is not a study"):
        read_json(tmp_path / "nothing" / "manifest.json")
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StudyError, match="cannot be read"):
        read_json(tmp_path / "manifest.json")
