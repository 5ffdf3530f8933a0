"""The page of a freeze: what was predicted, before anybody looked at what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.outcome.verdict import VERDICTS
from sim.report.canvas import Drawing
from sim.report.parts import Section, Table
from sim.report.sweep_look import VERDICT_WORDS
from sim.report.validate_page import foretold_table
from sim.study.validation.words import share

if TYPE_CHECKING:
    import pandas as pd


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Return nothing: predictions are drawn beside what happened, by ``backfire validate``."""
    return []


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the odds of each case, and the usual quantities."""
    told = summary["predictions"]
    odds = [[name, *(share(each["verdict"][verdict]) for verdict in VERDICTS)] for name, each in told.items()]
    quantities = {name: each["quantities"] for name, each in told.items()}
    return [
        Section("Odds", table=Table(["case", *(VERDICT_WORDS[name] for name in VERDICTS)], odds)),
        Section("Other quantities", table=foretold_table(quantities)),
    ]
