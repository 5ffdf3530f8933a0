"""The documents in ``docs/`` are what the model says of itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.config.root import Configuration
from sim.report.documents import DOCUMENTS, document, lost_targets, main, not_needed, note_on, table_of
from sim.study.run.inputs import fields

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_documents_stand_as_the_model_writes_them(name: str) -> None:
    written = document(name, lost_targets(DOCS))
    assert (DOCS / name).read_text(encoding="utf-8") == written, "run: python -m sim.report.documents docs"


def test_a_changed_value_shows() -> None:
    other = Configuration.model_validate({"reaction": {"b_room": 1.234567}})
    assert "1.23457" in document("odd.md", {}, other) and "1.23457" not in document("odd.md", {})


def test_the_reference_holds_every_parameter_of_the_table() -> None:
    page = (DOCS / "parameters.md").read_text(encoding="utf-8")
    names = [
        field.name for field in fields(Configuration()) if field.name.partition(".")[0] in table_of(Configuration())
    ]
    assert len(names) > 100
    assert [name for name in names if f"| `{name}` |" not in page] == []


def test_odd_has_its_seven_elements_in_order() -> None:
    page = (DOCS / "odd.md").read_text(encoding="utf-8")
    places = [page.index(f"\n## {number}. ") for number in range(1, 8)]
    assert places == sorted(places)


def test_a_mechanism_that_no_target_needs_marks_its_parameters() -> None:
    row = {field.name: field for field in fields(Configuration())}
    said = not_needed({"social": [], "trending": [], "outrage": ["something"]})
    assert "without=social" in note_on(row["reaction.b_social"], said)
    assert "without=trending" in note_on(row["feed.trending.threshold"], said)
    assert note_on(row["reaction.b_outrage"], said) == ""


def test_what_another_mechanism_needs_is_not_called_dispensable() -> None:
    said = not_needed({"homophily": [], "community": ["something"]})
    assert "network.homophily_cohort" in said and "network.homophily_community" not in said


def test_a_page_that_differs_is_told_and_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "ablation.json").write_text("{}", encoding="utf-8")
    assert main([str(tmp_path), "--check"]) == 1
    assert "odd.md" in capsys.readouterr().out and not (tmp_path / "odd.md").exists()
    assert main([str(tmp_path)]) == 0 and main([str(tmp_path), "--check"]) == 0


def test_every_command_that_the_odd_document_names_exists() -> None:
    from sim.cli.main import COMMANDS

    named = re.findall(r"^\| `backfire (\w+)", (DOCS / "odd.md").read_text("utf-8"), flags=re.MULTILINE)
    assert named and set(named) <= set(COMMANDS)
