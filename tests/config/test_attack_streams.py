"""Standard output and standard error that are closed, full or without letters: no traceback, a clear end."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.cli.progress import Told
from sim.cli.streams import tell

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")


def backfire(words: str, shell: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a shell, its streams bent."""
    line = f"{sys.executable} -m sim.cli.main {words} {shell}"
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)


@needs_full
def test_output_on_a_full_device_is_told_as_that() -> None:
    ended = backfire("cases", ">/dev/full")
    assert ended.returncode == 2
    assert ended.stderr.startswith("Standard output cannot be written: No space left on device.")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "bent", "code"),
    [("x=1", "2>&-", 2), ("cases", ">&-", 0), ("run x=1", "2>&-", 2), ("run x=1", ">&- 2>&-", 2)],
)
def test_closed_streams_do_not_change_the_exit_code(words: str, bent: str, code: int) -> None:
    ended = backfire(words, bent)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", "")


@needs_full
def test_a_mistake_is_a_mistake_where_nobody_can_be_told() -> None:
    assert backfire("run x=1", "2>/dev/full").returncode == 2


@needs_full
def test_progress_goes_on_where_nobody_can_be_told() -> None:
    with FULL.open("w") as stream, Told(stream) as progress:
        progress.stage("people and graph")
        progress.note("a note")


def test_letters_that_output_lacks_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    monkeypatch.setattr("sim.cli.cases.carry_out", lambda words: tell("results/\u00fc") or 0)
    assert main(["cases"]) == 0
    assert raw.getvalue() == b"results/\\xfc\n"


def test_a_removed_working_directory_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["run"]) == 2
    assert "does not exist any more" in capsys.readouterr().err
    os.chdir(tmp_path)
