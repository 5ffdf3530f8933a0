from __future__ import annotations

import errno
import os
import subprocess
import sys
import types

import pytest

import sim
from sim.cli import main as cli
from sim.errors import ConfigError


def command_that(monkeypatch: pytest.MonkeyPatch, behave: object) -> None:
    """Let ``backfire cases`` behave in another way."""
    module = types.SimpleNamespace(HELP="usage: backfire cases", carry_out=behave)
    monkeypatch.setattr(cli, "import_module", lambda name: module)


def raising(problem: BaseException) -> object:
    def carry_out(words: list[str]) -> int:
        raise problem

    return carry_out


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_help_names_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in cli.COMMANDS)


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_has_its_own_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: backfire {name}")


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"backfire {sim.__version__}\n"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("rnu", "Did you mean run?"),
        ("case=my_nypd", "Did you mean: backfire run case=my_nypd?"),
        ("boil", "there are: "),
    ],
)
def test_an_unknown_command_lists_what_there_is(word: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([word]) == 2
    said = capsys.readouterr()
    assert said.out == "" and hint in said.err and "cases, run, compare" in said.err


def test_flags_are_not_taken_for_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "--replicates", "3"]) == 2
    assert "--replicates is not an option of backfire run; settings are words" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("problem", "code", "sentence"),
    [
        (ConfigError("people.n_followers must be at least 0; got -1."), 2, "people.n_followers must be at least 0"),
        (KeyboardInterrupt(), 130, "Stopped; nothing was written."),
        (cli.Terminated(), 143, "Stopped; nothing was written."),
        (MemoryError(), 2, "Memory ran out; nothing was written. Try fewer workers"),
        (OSError(errno.ENOSPC, "No space left on device", "x.parquet"), 2, r"The disk is full (x.parquet); nothing"),
        (ZeroDivisionError("by nought"), 1, "a fault of its own, and wrote nothing: ZeroDivisionError: by nought"),
    ],
)
def test_every_end_has_its_sentence_and_exit_code(
    problem: BaseException,
    code: int,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("BACKFIRE_DEBUG", raising=False)
    command_that(monkeypatch, raising(problem))
    assert cli.main(["cases"]) == code
    said = capsys.readouterr()
    assert said.out == "" and sentence in said.err
    assert "Traceback" not in said.err and len(said.err.splitlines()) <= 6


def test_the_traceback_is_shown_on_request(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("BACKFIRE_DEBUG", "1")
    command_that(monkeypatch, raising(ZeroDivisionError("by nought")))
    assert cli.main(["cases"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_long_complaint_is_cut_to_six_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command_that(monkeypatch, raising(ConfigError("\n".join("abcdefghij"))))
    assert cli.main(["cases"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 6


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from sim.cli.main import main; main(['--help']); main(['run', '--help']); "
        "sys.exit(' '.join(sorted({'numba', 'pandas', 'scipy', 'hydra', 'matplotlib', 'mesa', 'pydantic', 'numpy'} "
        "& set(sys.modules))) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_reader_who_leaves_early_hears_no_complaint() -> None:
    code = "import sys; from sim.cli.main import main; sys.exit(main(['cases']))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as running:  # fmt: skip
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
        assert (running.wait(timeout=60), said) == (141, "")
