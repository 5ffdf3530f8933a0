"""What the page of a planned study is made of: sections, each with sentences, a table or figures.

A kind's module ``sim.report.<kind>_page`` has ``drawings(tables, summary)`` and ``sections(tables, summary)``, and may
have ``limits(tables, summary)``: sentences on what the study cannot tell beside those that hold for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table of texts, formatted already (see ``sim.report.wording``).

    Attributes
    ----------
    head : sequence of str
        Titles of the columns.
    rows : sequence of sequence of str
    caption : str
        What it shows, with its interval's level.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclass(frozen=True)
class Section:
    """One part of the page.

    Attributes
    ----------
    title : str
        A heading, often a question.
    figures : sequence of str
        Names of drawings that stand here; a drawing that no section names stands first on the page.
    notes : sequence of str
        Sentences: how to read the figure, under which assumption it holds.
    table : Table, optional
    """

    title: str
    figures: Sequence[str] = ()
    notes: Sequence[str] = ()
    table: Table | None = None
