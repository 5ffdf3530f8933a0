"""``docs/extending.md`` is followed from top to bottom: its files are written, its commands and lines are run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.extend.ready import GIVEN
from tests.architecture.source import CHECKOUT

PAGE = (CHECKOUT / "docs" / "extending.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|yaml|console)\n(.*?)^```$", PAGE, flags=re.M | re.S)
assert len(BLOCKS) > 10


def followed(kind: str, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Do what one block of the page asks for, and return what it was."""
    name = re.match(r"# (\w+\.\w+)\n", text)
    if name:
        Path(name[1]).write_text(text, encoding="utf-8")
        return "file"
    if kind == "python":
        exec(compile(text, "docs/extending.md", "exec"), {"__name__": "__page__"})
        return "lines"
    command, _, told = text.partition("\n")
    assert command.startswith("$ backfire ")
    capsys.readouterr()
    code = main(shlex.split(command.removeprefix("$ backfire ")))
    said = capsys.readouterr()
    shown = said.err if code else said.out
    pattern = re.escape(told.strip()).replace(r"\.\.\.", ".*")
    assert re.search(pattern, shown, flags=re.S), f"{command}\n{said.out}\n{said.err}"
    assert code == (2 if "wrong.py" in command else 0)
    return "command"


def test_the_page_holds_what_it_says_from_top_to_bottom(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    # figures and pages have tests of their own, and cost more than all the rest
    monkeypatch.setattr("sim.report.html.render_run", lambda *_: None)
    monkeypatch.setattr("sim.report.planned_page.render_planned", lambda *_: None)
    done = [followed(kind, text, capsys) for kind, text in BLOCKS]
    assert done.count("file") >= 4 and done.count("command") >= 6 and done.count("lines") >= 2


@pytest.mark.parametrize("kind", GIVEN)
def test_the_page_names_all_that_a_function_is_given(kind):
    names = {"reaction": "reaction rule"}
    table = PAGE.partition("## What a function is given")[2].partition("\n## ")[0]
    lines = iter(table.splitlines())
    told = next(line for line in lines if line.startswith(f"| {names.get(kind, kind)} |"))
    if kind == "reaction":
        told += next(lines) + next(lines)
    found = set(re.findall(r"`(\w+)`", told))
    assert found == set(GIVEN[kind])
