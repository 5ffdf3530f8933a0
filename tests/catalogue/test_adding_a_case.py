"""The page on adding a case holds: its file is a case, and the command shows it."""

from __future__ import annotations

import re
from pathlib import Path

from sim.catalogue.compose import compose
from sim.cli.main import main

PAGE = (Path(__file__).parents[2] / "docs" / "adding_a_case.md").read_text(encoding="utf-8")
FILE = re.search(r"```yaml\n# foam_party\.yaml\n(.*?)```", PAGE, re.DOTALL)
assert FILE is not None


def test_the_file_of_the_page_is_a_case_that_the_command_shows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "foam_party.yaml").write_text(FILE[1], encoding="utf-8")
    configuration, _ = compose(["case=foam_party.yaml", "post.hour=9", "policy=withdraw"])
    assert (configuration.post.hour, configuration.policy.name) == (9, "withdraw")
    assert main(["cases", "foam_party.yaml"]) == 0
    page = capsys.readouterr().out
    assert "people.grievance_mean = 0.25, plausibly 0.15 to 0.35" in page
    assert "hijack_share: 0.6 to 0.8" in page and "messages_by_480 / messages_by_2880: 0.17 to 0.37" in page
    assert "by minute 120: 70 messages, 40 counter messages (first_evening)" in page
    assert "hijacked. Seven in ten" in page


def test_a_case_of_the_catalogue_is_shown_with_its_sources_and_what_it_bounds(capsys):
    assert main(["cases", "my_nypd"]) == 0
    page = capsys.readouterr().out
    for words in ("Fitted:", "people.grievance_mean = 0.2", "Quinnipiac 17 January", "150,922 messages", "no target:",
                  "trending_minute: at most 150", "by minute 600: 70,000 messages"):  # fmt: skip
        assert words in page
    assert max(map(len, page.splitlines())) <= 130


def test_the_list_tells_standing_and_family(capsys):
    assert main(["cases"]) == 0
    lines = {line.split()[0]: line.split()[2:4] for line in capsys.readouterr().out.splitlines()}
    assert lines["my_nypd"] == ["fitted", "police"] and lines["ask_jpm"] == ["seen", "bank"]


def test_a_case_that_is_nowhere_is_named(capsys):
    assert main(["cases", "my_nipd"]) == 2
    assert "case must be one of" in capsys.readouterr().err
    assert main(["cases", "my_nypd", "ask_jpm"]) == 2
    assert "one case at most" in capsys.readouterr().err
