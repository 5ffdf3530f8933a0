"""The second process that draws: the same bytes, for the same study alone, and nothing of it is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from sim.report import painter as module
from sim.report.figures import drawings
from sim.report.html import render_run
from sim.report.painter import Painter, painter
from sim.report.privacy import as_aggregates
from sim.report.run_study import Pictured, RunStudy
from tests.unit import report_example


def pictured(study: RunStudy) -> Pictured:
    """Return what is drawn of a study, in tables of its own."""
    parts: dict[str, Any] = {part.name: getattr(study, part.name) for part in fields(Pictured)}
    return Pictured(**{name: value.copy() if hasattr(value, "equals") else value for name, value in parts.items()})


@pytest.fixture
def other():
    started = Painter()
    yield started
    started.end()


@pytest.mark.parametrize("make", [report_example.full, report_example.real_graph])
def test_its_figures_are_byte_for_byte_those_that_are_drawn_here(make, other):
    other.ask(pictured(make()))
    told = as_aggregates(make())
    assert other.drawn(told) == drawings(told)


def test_a_report_takes_them_and_draws_nothing_itself(other, tmp_path, monkeypatch):
    study = report_example.full()
    render_run(tmp_path, study)
    before = {path.name: path.read_bytes() for path in tmp_path.rglob("*.*")}
    other.ask(pictured(study))
    monkeypatch.setattr("sim.report.html.drawings", lambda told: pytest.fail("drawn here"))
    render_run(tmp_path, study, other)
    assert {path.name: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


def test_figures_of_anything_else_are_passed_over(other):
    study = report_example.full()
    changes: dict[str, Any] = {
        "runs": study.runs.assign(messages=study.runs["messages"] + 1),
        "timeline": study.timeline.iloc[:-1],
        "participation": study.participation.iloc[1:],
        "starters": study.starters.assign(mean=0.0),
        "marks": list(study.marks)[:-1],
        "cascade": None,
        "configuration": study.configuration.model_copy(update={"seed": 99}),
    }
    assert set(changes) == {part.name for part in fields(Pictured)}
    other.ask(pictured(study))
    for name, changed in changes.items():
        assert other.drawn(replace(study, **{name: changed})) is None
    other.ask(replace(pictured(study), cascade=None))
    assert other.drawn(study) is None


def test_one_that_died_was_never_asked_or_does_not_answer_is_passed_over(other, tmp_path, monkeypatch):
    study = report_example.minimal()
    assert other.drawn(study) is None
    other._popen.kill()
    other._popen.wait()
    other.ask(study)
    other.ask(study)  # whether or not the first was still taken
    assert other.drawn(study) is None
    render_run(tmp_path, study, other)
    assert (tmp_path / "report.html").is_file()
    monkeypatch.setattr(module, "_PATIENCE", 0.0)
    late = Painter()
    late.ask(study)
    assert late.drawn(study) is None
    late.end()


def test_none_is_started_where_it_would_not_help(monkeypatch):
    monkeypatch.setattr(module, "Painter", lambda: pytest.fail("started"))
    monkeypatch.setattr(module, "available_cpus", lambda: 8)
    monkeypatch.setitem(sys.modules, "matplotlib", object())
    with painter() as found:
        assert found is None
    monkeypatch.delitem(sys.modules, "matplotlib")
    monkeypatch.setattr(module, "available_cpus", lambda: 1)
    with painter() as found:
        assert found is None


def test_no_process_more_to_be_had_is_no_fault(monkeypatch):
    def refused() -> Painter:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(module, "Painter", refused)
    monkeypatch.setattr(module, "available_cpus", lambda: 2)
    monkeypatch.delitem(sys.modules, "matplotlib", raising=False)
    with painter() as found:
        assert found is None


def lives(number: int) -> bool:
    """Tell whether a process is there and not just waiting to be buried."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="tells processes by /proc")
def test_it_ends_with_the_command_even_if_that_is_killed():
    script = (
        "from sim.report.painter import Painter; import time; print(Painter()._popen.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        number = int(command.stdout.readline())
        assert lives(number)
        command.kill()
    until = time.monotonic() + 60
    while lives(number) and time.monotonic() < until:
        time.sleep(0.05)
    assert not lives(number)


def test_a_command_draws_beside_and_leaves_what_its_folder_gives_again(tmp_path):
    words = "run case=my_nypd people=small people.n_followers=600 replicates=4 uncertainty=none workers=2 study=s"
    script = (
        "import sys; from sim.cli.main import main; from sim.report import html, painter\n"
        "painter.available_cpus = lambda: 2\n"
        "html.drawings = lambda told: sys.exit('drawn here')\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words.split(), f"results={tmp_path}"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONWARNINGS": "error"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    before = {path.name: path.read_bytes() for path in (tmp_path / "s").rglob("*.*")}
    assert {"report.html", "timeline.svg", "spread.png"} <= set(before)
    subprocess.run(
        [sys.executable, "-m", "sim.cli.main", "report", str(tmp_path / "s")], check=True, capture_output=True
    )
    assert {path.name: path.read_bytes() for path in (tmp_path / "s").rglob("*.*")} == before
