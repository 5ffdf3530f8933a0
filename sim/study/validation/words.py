"""What a back-test says in sentences and tables: the finding, the command's lines, the README's block."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sim.outcome.verdict import VERDICTS
from sim.study.validation.baselines import BASELINES
from sim.study.validation.scores import BOUND, HIT, INTERVAL, MISS
from sim.study.validation.scoring import MODEL, STANDINGS, winners

COUNTS, FRESH = "counts", "fresh"
KIND_WORDS = {INTERVAL: "values and bands", BOUND: "bounds"}
VERDICT_SHORT = {
    "hijacked": "hijacked", "viral_positive": "viral positive", "contested": "contested", "fizzled": "fizzled",
}  # fmt: skip
NOTHING_YET = "No prediction of a fresh case is frozen yet, so nothing here is validation."
_FEW = 20
"""Fewer cases than this prove little, and it is said."""


def number(value: float | None) -> str:
    """Return a score or a value in few digits."""
    return "-" if value is None else f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"


def share(value: float | None) -> str:
    """Return a probability in percent."""
    return "-" if value is None else f"{100 * value:.0f} %"


def of(counted: Mapping[str, Any]) -> str:
    """Return how many were hit, with the exact interval: ``5 of 7 (29 to 96 %)``; a dash for none."""
    if not counted["of"]:
        return "-"
    return f"{counted['hits']} of {counted['of']} ({100 * counted['lo']:.0f} to {100 * counted['hi']:.0f} %)"


def finding(scores: Mapping[str, Mapping[str, Any]]) -> str:
    """Say in a sentence or a few how the fresh cases came out, a baseline that wins first of all."""
    if FRESH not in scores or not scores[FRESH]["cases"]:
        return f"{NOTHING_YET} {_other(scores)}".strip()
    own = scores[FRESH]
    said = _verdicts(own) if own["verdicts"]["of"] else "No fresh case has a documented verdict."
    values = own["targets"][INTERVAL]
    if values["of"]:
        said += f" {values['hits']} of {values['of']} documented values lie in their 90 % intervals."
    if own["verdicts"]["of"] < _FEW:
        said += " So few cases prove little."
    return said


def _verdicts(own: Mapping[str, Any]) -> str:
    """Say how many verdicts were predicted, and how the baselines did."""
    scored, scores = own["verdicts"], own["brier"]
    won = winners(scores)
    begin = f"A baseline wins: {won[0]}, mean Brier score {number(scores[won[0]])}. " if won else ""
    beside = ", ".join(f"{name} {number(scores[name])}" for name in BASELINES)
    return (
        f"{begin}{scored['hits']} of {scored['of']} fresh cases with a documented verdict ended as predicted (exact "
        f"95 %: {100 * scored['lo']:.0f} to {100 * scored['hi']:.0f} %); mean Brier score "
        f"{number(scores[MODEL])}; {beside}."
    )


def _other(scores: Mapping[str, Mapping[str, Any]]) -> str:
    """Say how fitted and seen cases came out, which is no validation."""
    parts = [
        f"{standing} {scores[standing]['verdicts']['hits']} of {scores[standing]['verdicts']['of']}"
        for standing in STANDINGS if standing in scores and standing != FRESH and scores[standing]["verdicts"]["of"]
    ]  # fmt: skip
    return f"Verdicts predicted without a case's own family: {', '.join(parts)}." if parts else ""


def case_cells(row: Mapping[str, Any]) -> list[str]:
    """Return a case as cells: case, standing, what happened, odds of each verdict, what was predicted, Brier score."""
    happened = "shape only" if row["shape_only"] else VERDICT_SHORT.get(str(row["observed"]), "no verdict")
    odds = [share(row[name]) for name in VERDICTS]
    predicted = "not predicted" if row["hijacked"] is None else VERDICT_SHORT.get(str(row["predicted"]), "none")
    mark = {HIT: " (hit)", MISS: " (**miss**)"}.get(str(row["hit"]), "")
    return [str(row["case"]), str(row["standing"]), happened, *odds, predicted + mark, number(row[MODEL])]


CASE_HEAD = ["case", "standing", "ended", *(f"P({VERDICT_SHORT[name]})" for name in VERDICTS), "predicted", "Brier"]


def score_cells(name: str, scored: Mapping[str, Any]) -> list[str]:
    """Return what some cases sum to as cells."""
    best = min((value for value in scored["brier"].values() if value is not None), default=None)
    briers = [
        f"**{number(scored['brier'][each])}**" if scored["brier"][each] == best and best is not None
        else number(scored["brier"][each]) for each in (MODEL, *BASELINES)
    ]  # fmt: skip
    return [name, of(scored["verdicts"]), *briers, *(of(scored["targets"][kind]) for kind in KIND_WORDS)]


SCORE_HEAD = ["", "verdicts predicted", "Brier: model", *BASELINES, *(f"{words} hit" for words in KIND_WORDS.values())]


def band_of(row: Mapping[str, Any]) -> str:
    """Return where a target's quantity is documented to lie."""
    if row["low"] is None:
        return f"at most {value_of(row['high'])}"
    if row["high"] is None:
        return f"at least {value_of(row['low'])}"
    if row["low"] == row["high"]:
        return value_of(row["low"])
    return f"{value_of(row['low'])} to {value_of(row['high'])}"


def value_of(value: float | None) -> str:
    """Return a quantity's value; never where there is none."""
    return "never" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def foretold_of(row: Mapping[str, Any]) -> str:
    """Return what was foretold of a target."""
    if row["lo"] is None and row["mid"] is None and row["has"] < 1.0:
        return "too few runs have it"
    return f"{value_of(row['lo'])} to {value_of(row['hi'])}"


def quantity_words(name: str) -> str:
    """Return a target's quantity in words: ``messages by 10 h / by 34 h``."""
    named = re.sub(r"_by_(\d+)\b", lambda found: f"_by_{_hours(int(found[1]))}", name)
    return re.sub(r"^messages (.*) / messages ", r"messages \1 / ", named.replace("_", " "))


def _hours(minutes: int) -> str:
    """Return minutes as hours where they are whole or halves."""
    return f"{minutes / 60:g} h" if minutes % 30 == 0 else f"{minutes} min"


def misses(rows: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return each miss in a sentence: verdicts first, then targets."""
    told = [
        f"{_who(row)}: predicted {VERDICT_SHORT.get(str(row['predicted']), 'no single verdict')}, "
        f"ended {VERDICT_SHORT[row['observed']]}, which had {share(row[row['observed']])}."
        for row in rows if row["hit"] == MISS
    ]  # fmt: skip
    told += [
        f"{_who(row)}: {quantity_words(row['target'])} was {band_of(row)}, foretold {foretold_of(row)}."
        for row in targets if row["hit"] == MISS
    ]  # fmt: skip
    return told


def _who(row: Mapping[str, Any]) -> str:
    """Return a case with its standing."""
    return f"{row['case']} ({row['standing']})"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def plain_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table as lines of text, its columns in line."""
    cells = [[cell.replace("**", "") for cell in row] for row in [head, *rows]]
    wide = [max(len(row[place]) for row in cells) for place in range(len(head))]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, wide, strict=True)).rstrip() for row in cells]


def block(summary: Mapping[str, Any], pictures: Mapping[str, str]) -> str:
    """Return what stands in the README: the finding, scores, cases, and the misses by name.

    Parameters
    ----------
    pictures : mapping of path to title
    """
    scores = [score_cells(name, summary["scores"][name]) for name in STANDINGS]
    parts = [
        summary["finding"],
        markdown(SCORE_HEAD, scores),
        *(f"![{title}]({path})" for path, title in pictures.items()),
        markdown(CASE_HEAD, [case_cells(row) for row in summary["cases"]]),
    ]
    if summary["misses"]:
        parts.append("\n".join(["Missed:", "", *(f"- {miss}" for miss in summary["misses"])]))
    if summary["changes"]:
        parts.append(" ".join(summary["changes"]))
    return "\n\n".join(parts)
