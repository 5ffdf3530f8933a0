"""Setting up: begun once, finished or begun afresh, and never in a folder that is somebody else's."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start(monkeypatch):
    """The module ``start.py`` with the slow parts replaced: making the environment, and pip."""
    spec = importlib.util.spec_from_file_location("backfire_start", CHECKOUT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.installed = []

    def create(environment):
        python = Path(environment.python)
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)

    monkeypatch.setattr(module.Environment, "_create", create)
    monkeypatch.setattr(module.Environment, "_install", lambda _, lock: module.installed.append(lock))
    return module


def test_a_finished_set_up_is_used_as_it_stands(start, tmp_path):
    environment = start.Environment(str(tmp_path / "an environment, größer"))
    assert not environment.holds("run")
    environment.set_up("run")
    assert environment.holds("run")
    assert not Path(environment.unfinished).exists()
    environment.set_up("run")
    assert start.installed == ["run"]


def test_the_packages_for_tests_include_those_to_run(start, tmp_path):
    environment = start.Environment(str(tmp_path / "venv"))
    environment.set_up("dev")
    assert environment.holds("run")
    assert environment.holds("dev")


def test_the_packages_to_run_do_not_include_those_for_tests(start, tmp_path):
    environment = start.Environment(str(tmp_path / "venv"))
    environment.set_up("run")
    assert not environment.holds("dev")


def test_an_interrupted_set_up_begins_afresh(start, tmp_path, monkeypatch):
    environment = start.Environment(str(tmp_path / "venv"))

    def interrupted(_, lock):
        (tmp_path / "venv" / "half a package").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(start.Environment, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.set_up("run")
    assert not environment.holds("run")
    environment.set_up("run")
    assert environment.holds("run")
    assert not (tmp_path / "venv" / "half a package").exists()


def test_a_changed_lock_is_installed_again(start, tmp_path, monkeypatch):
    environment = start.Environment(str(tmp_path / "venv"))
    environment.set_up("run")
    with monkeypatch.context() as patch:
        patch.setattr(start.Environment, "stamp", lambda _, lock: "of another lock")
        assert not environment.holds("run")


def test_a_folder_of_somebody_else_is_refused_and_left_alone(start, tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "kept").write_text("kept")
    environment = start.Environment(str(tmp_path / "theirs"))
    for _ in range(2):  # the refusal must not pass for an interrupted set-up the second time
        with pytest.raises(start.SetupError, match="was not made by start.py"):
            environment.set_up("run")
    assert (tmp_path / "theirs" / "kept").read_text() == "kept"
    assert start.installed == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("NewConnectionError: Failed to establish a new connection\nNo matching distribution found", "network"),
        ("ERROR: No matching distribution found for numba==0.1", "no ready-made build"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "hash differs"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("something never seen", "pip failed"),
    ],
)
def test_a_failure_of_pip_is_told_in_a_sentence(start, tmp_path, monkeypatch, capsys, said, sentence):
    monkeypatch.setattr(start, "_quietly", lambda command: (1, said))
    with pytest.raises(start.SetupError, match=sentence):
        start.Environment(str(tmp_path / "venv"))._run_pip("run", ["pip"])
    assert said in capsys.readouterr().err


def test_an_old_python_is_turned_down_with_its_version(start, monkeypatch):
    monkeypatch.setattr(start, "OLDEST", (99, 0))
    monkeypatch.setattr(start, "newer_python", lambda: None)
    with pytest.raises(start.SetupError, match=r"needs Python 3.11 or newer, and this is Python 3\."):
        start.require_new_python()


def test_tests_without_arguments_are_spread_and_with_arguments_are_not(start, tmp_path):
    environment = start.Environment(str(tmp_path))
    assert start.pytest_command(environment, ["-k", "rng"])[-2:] == ["-k", "rng"]
    spread = start.pytest_command(environment, [])
    assert spread[1:3] == ["-m", "pytest"]
    assert len(spread) == 3 or 2 <= int(spread[-1]) <= 4
