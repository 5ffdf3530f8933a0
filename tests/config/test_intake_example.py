"""The worked example of ``docs/intake.md`` is what its command prints, with the table that ships."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from sim.cli.main import main

ROOT = Path(__file__).parents[2]


def test_the_worked_example_is_what_its_command_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sim.report.intake_page.render_intake", lambda folder, summary, name: None)
    text = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8").partition("## A worked example")[2]
    command, printed = re.findall(r"```\n(.+?)```", text, flags=re.DOTALL)[:2]
    assert main([*shlex.split(command)[1:], f"results={tmp_path}"]) == 0
    assert printed in capsys.readouterr().out
