"""Every case of the catalogue can be told: its title, its sources and its documented numbers reach the page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markupsafe import escape

from sim.catalogue.compose import compose
from sim.catalogue.groups import choices
from sim.report.html import page
from tests.unit import report_example

CASES = choices("case")
assert CASES


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_told_with_its_title_and_every_documented_number(case):
    configuration, _ = compose([f"case={case}"])
    text = page(replace(report_example.full(), configuration=configuration), {})
    told = configuration.case
    assert str(escape(told.title)) in text
    assert str(escape(told.summary)) in text
    for name, entry in told.observed.items():
        assert name in text
        assert str(escape(entry.source)) in text
