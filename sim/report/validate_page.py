"""The page of a back-test: what was foretold and what happened, the misses by name, the rules stated beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.outcome.verdict import VERDICTS
from sim.report.canvas import Drawing
from sim.report.draw_validate import draw_targets, draw_verdicts
from sim.report.parts import Section, Table
from sim.report.wording import DASH
from sim.study.validation.scores import HIT
from sim.study.validation.scoring import STANDINGS
from sim.study.validation.words import (
    CASE_HEAD,
    SCORE_HEAD,
    VERDICT_SHORT,
    band_of,
    case_cells,
    foretold_of,
    quantity_words,
    score_cells,
    share,
    value_of,
)

if TYPE_CHECKING:
    import pandas as pd

_PLAIN = str.maketrans({"*": None})


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw the odds by case, and the documented values beside their intervals."""
    rows, targets = summary["cases"], summary["targets"]
    titles = headings(summary)
    found = [draw_verdicts(rows, titles["verdicts"])] if "verdicts" in titles else []
    if "targets" in titles:
        found.append(draw_targets(targets, titles["targets"], summary["interval"]))
    return found


def headings(summary: Mapping[str, Any]) -> dict[str, str]:
    """Return the title of each figure that there is something to draw for."""
    rows, targets = summary["cases"], summary["targets"]
    found = {"verdicts": verdict_heading(rows)} if any(row["hijacked"] is not None for row in rows) else {}
    return found | ({"targets": target_heading(targets, summary["interval"])} if targets else {})


def verdict_heading(rows: list[Mapping[str, Any]]) -> str:
    """Say in a sentence how many ended as predicted, by standing."""
    parts = []
    for standing in STANDINGS:
        scored = [row["hit"] for row in rows if row["standing"] == standing and row["hit"] is not None]
        if scored:
            parts.append(f"{scored.count(HIT)} of {len(scored)} {standing} cases")
    return "No case with a verdict is predicted" if not parts else f"{', '.join(parts)} ended as predicted"


def target_heading(targets: list[Mapping[str, Any]], interval: float) -> str:
    """Say in a sentence how many documented values and bounds lie where they were predicted."""
    hits = sum(row["hit"] == HIT for row in targets)
    return f"{hits} of {len(targets)} documented values and bounds meet their {100 * interval:.0f} % intervals"


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return scores, cases, targets, misses, what has changed since the freeze, and the rules."""
    scores = [score_cells(name, summary["scores"][name]) for name in STANDINGS]
    found = [
        Section("Scores", table=_table(
            SCORE_HEAD, scores,
            "Only fresh cases count as validation. Brier score: 0 is best, 2 worst; the lowest of a row is the best. "
            "Shares with exact binomial 95 % intervals.",
        )),
        Section("Cases", ["verdicts"], [
            "Fresh cases as they were frozen; fitted and seen ones from the rows of the reference table that come near "
            "to everything but their family. The frame marks how a case ended.",
        ], _table(CASE_HEAD, [case_cells(row) for row in summary["cases"]])),
        Section("Documented values", ["targets"], [
            "Grey: where the documents put the value, with its tolerance; open to one side for a bound.",
        ], _table(
            ["case", "standing", "quantity", "documented", "foretold", "", "rests on"],
            [[row["case"], row["standing"], quantity_words(row["target"]), band_of(row), foretold_of(row), row["hit"],
              row["of"]] for row in summary["targets"]],
        )),
        Section("What else was foretold", table=foretold_table(summary["foretold"])),
        Section("Misses", notes=summary["misses"] or ["No prediction that can be scored was missed."]),
    ]  # fmt: skip
    if summary["in_sample"]:
        found.append(Section("In sample", table=_in_sample(summary["in_sample"])))
    if summary["changes"]:
        found.append(Section("What has changed since the freeze", notes=summary["changes"]))
    return [*found, Section("The rules, stated beforehand", notes=summary["stated"])]


def _in_sample(rows: list[Mapping[str, Any]]) -> Table:
    """Return what was frozen of cases that the posterior has seen."""
    cells = [
        [row["case"], VERDICT_SHORT.get(str(row["observed"]), "no verdict"), *(share(row[name]) for name in VERDICTS)]
        for row in rows
    ]
    return Table(
        ["case", "ended", *(f"P({VERDICT_SHORT[name]})" for name in VERDICTS)], cells,
        "What the posterior that ships says of fitted and seen cases at their own audiences: no test of it.",
    )  # fmt: skip


def foretold_table(foretold: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return the interval of each quantity that is foretold of all cases."""
    names = list(next(iter(foretold.values()), {}))
    rows = [[case, *(_foretold(each) for each in told.values())] for case, told in foretold.items()]
    head = ["case", *(quantity_words(name) for name in names)]
    return Table(head, rows, "90 % intervals, and the chance of a takeover.")


def _foretold(told: Mapping[str, Any] | None) -> str:
    """Return what is foretold of one quantity."""
    if told is None or not told["has"]:
        return DASH
    return share(told["chance"]) if told["chance"] is not None else f"{value_of(told['lo'])} to {value_of(told['hi'])}"


def _table(head: list[str], rows: list[list[str]], caption: str = "") -> Table:
    """Return a table without Markdown's stars."""
    plain = [[cell.translate(_PLAIN) for cell in row] for row in (head, *rows)]
    return Table(plain[0], plain[1:], caption)


def limits(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what a back-test on few famous cases cannot tell."""
    return [
        "A few fresh cases prove little; their exact intervals say how little.",
        "The cases are known because something happened: nobody writes about the posts that fizzle, so neither the "
        "base rate nor the odds here are those of posts in general.",
        "Famous cases are never fully blind: whoever chose the mechanisms had read of them.",
    ]
