"""The decision box: odds, what they hang on, the options beside the post, and the tripwires.

Rule: "do not post", "listen" and "answer" always stand beside every tactic, and nothing here is a score, so that
silencing people cannot win one (docs/ethics.md).
"""

from __future__ import annotations

from typing import Any

from sim.report.canvas import VERDICT_COLOUR
from sim.report.findings import VERDICT_MEANING, VERDICT_WORDS, odds, pair
from sim.report.run_study import ALWAYS_BESIDE, VERDICTS, Hinge, RunStudy
from sim.report.wording import DASH, count, dash, known, number, percent, percent_range

_BESIDE_TITLES = {
    "do_not_post": "Do not post",
    "listen": "Listen first, post later",
    "answer": "Post, and answer critics one by one",
}
_NOT_SIMULATED = "not simulated in this study"


def odds_rows(study: RunStudy) -> list[dict[str, Any]]:
    """Return a line a verdict: its words, its numbers, and where its bars lie (percent of the width)."""
    rows = []
    for verdict in VERDICTS:
        chance = known(odds(study.summary, "verdict", verdict))
        low, high = pair(odds(study.summary, "verdict_interval", verdict))
        least, most = pair(odds(study.summary, "verdict_range", verdict))
        name = VERDICT_WORDS[verdict]
        frame = study.summary.get("fizzled_frame")
        if verdict == "fizzled" and frame and chance:
            name += f", mostly {frame}"
        rows.append(
            {
                "name": name,
                "meaning": VERDICT_MEANING[verdict],
                "colour": VERDICT_COLOUR[verdict],
                "chance": percent(chance, "no run"),
                "luck": percent_range(low, high, "no interval"),
                "unknown": percent_range(least, most, "not varied"),
                "at": None if chance is None else 100 * chance,
                "inner": None if low is None or high is None else (100 * low, 100 * (high - low)),
                "outer": None if least is None or most is None else (100 * least, 100 * (most - least)),
            }
        )
    return rows


def hinge_cards(study: RunStudy) -> list[dict[str, Any]]:
    """Return a card an input on which the answer hangs."""
    return [_card(hinge) for hinge in list(study.hinges)[:2]]


def _card(hinge: Hinge) -> dict[str, Any]:
    """Return the words and places of one input's card; places are percent of its span."""

    def place(value: float | None) -> float | None:
        if value is None or hinge.high <= hinge.low:
            return None
        return min(max(100 * (value - hinge.low) / (hinge.high - hinge.low), 0.0), 100.0)

    low, high = known(hinge.hijacked_low), known(hinge.hijacked_high)
    flips = known(hinge.flips_at)
    ends = f"{percent(low, 'not known')} at {number(hinge.low)}, {percent(high, 'not known')} at {number(hinge.high)}"
    if flips is not None:
        side = "above" if (high or 0) > (low or 0) else "below"
        flip = f"The advice flips at {number(flips)}: {side} it, a hijack is more likely than not."
    elif low is not None and high is not None and min(low, high) > 0.5:
        flip = "It does not flip the advice: a hijack stays more likely than not over its whole span."
    elif low is not None and high is not None and max(low, high) < 0.5:
        flip = "It does not flip the advice: a hijack stays less likely than not over its whole span."
    else:
        flip = "Where the advice flips within its span is not known."
    unit = "" if hinge.unit in ("1", "0 to 1", "name") else f" {hinge.unit}"
    return {
        "name": hinge.name,
        "title": hinge.title[:1].upper() + hinge.title[1:],
        "value": f"{number(hinge.value)}{unit}",
        "span": f"{number(hinge.low)} to {number(hinge.high)}",
        "ends": ends,
        "flip": flip,
        "at": place(hinge.value),
        "flips_at": place(flips),
        "rises": (high or 0) >= (low or 0),
    }


def _points(value: object) -> str:
    """Return a difference of probabilities in points, with its sign."""
    real = known(value)
    if real is None:
        return DASH
    whole = round(100 * real)
    if whole == 0:
        return "0"
    return f"{'+' if whole > 0 else chr(0x2212)}{abs(whole)}"


def option_rows(study: RunStudy) -> list[dict[str, str]]:
    """Return a line an option; those that always stand beside are added where they were not simulated."""
    rows = []
    table = study.options.astype(object).where(study.options.notna(), None)
    for line in table.to_dict("records"):
        reason = str(line["note"]) if line["note"] else _NOT_SIMULATED
        has_odds = known(line["hijacked"]) is not None
        rows.append(
            {
                "option": str(line["option"]),
                "title": str(line["title"]),
                "hijacked": percent(line["hijacked"], reason),
                "hijacked_range": _range(line, "hijacked"),
                "viral": percent(line["viral_positive"]),
                "viral_range": _range(line, "viral_positive"),
                "difference": _difference(line),
                "note": str(line["note"] or "") if has_odds else "",
            }
        )
    present = {row["option"] for row in rows}
    planned = any(rule.move in ("acknowledge", "engage") for rule in study.configuration.policy.rules)
    for option in ALWAYS_BESIDE:
        if option not in present:
            reason = "part of the plan as it is" if option == "answer" and planned else _NOT_SIMULATED
            rows.append(
                {
                    "option": option,
                    "title": _BESIDE_TITLES[option],
                    "hijacked": dash(reason),
                    "hijacked_range": "",
                    "viral": DASH,
                    "viral_range": "",
                    "difference": DASH,
                    "note": "",
                }
            )
    order = {"as_is": 0} | {option: place + 1 for place, option in enumerate(ALWAYS_BESIDE)}
    return sorted(rows, key=lambda row: order.get(row["option"], len(order)))


def _range(line: dict[Any, Any], column: str) -> str:
    """Return the interval of one column's probability; empty where there is none."""
    low, high = known(line[f"{column}_lo"]), known(line[f"{column}_hi"])
    return "" if low is None or high is None or low == high else f"({percent_range(low, high)})"


def _difference(line: dict[Any, Any]) -> str:
    """Return the paired difference in points with its interval."""
    if line["option"] == "as_is":
        return "reference"
    middle = _points(line["difference"])
    low, high = _points(line["difference_lo"]), _points(line["difference_hi"])
    return middle if DASH in (middle, low, high) or low == high else f"{middle} ({low} to {high})"


def tripwires(study: RunStudy) -> dict[str, Any] | None:
    """Return the tripwire table: bands of the counter share across, first messages down; None without one."""
    table = study.tripwires
    if table.empty or not table["runs"].sum() > 0:
        return None
    bands = sorted(
        {(float(low), float(high)) for low, high in zip(table["counter_from"], table["counter_to"], strict=True)}
    )
    lines = []
    for first in sorted(set(table["first"])):
        cells = []
        for low, high in bands:
            own = table[(table["first"] == first) & (table["counter_from"] == low) & (table["counter_to"] == high)]
            cells.append(
                _cell(own.iloc[0].to_dict()) if len(own) else {"odds": DASH, "range": "", "runs": "", "shade": None}
            )
        lines.append({"first": count(first), "cells": cells})
    return {"bands": [_band(low, high) for low, high in bands], "lines": lines}


def _band(low: float, high: float) -> str:
    """Return a band of the counter share in words."""
    if low <= 0:
        return f"under {percent(high)}" if high < 1 else "any"
    return f"{percent(low)} or more" if high >= 1 else percent_range(low, high)


def _cell(line: dict[Any, Any]) -> dict[str, Any]:
    """Return one cell of the tripwire table."""
    chance, runs = known(line["hijacked"]), int(known(line["runs"]) or 0)
    if chance is None or runs == 0:
        return {"odds": DASH, "range": "", "runs": "no run", "shade": None}
    low, high = known(line["lo"]), known(line["hi"])
    interval = "" if low is None or high is None else percent_range(low, high)
    return {
        "odds": percent(chance),
        "range": interval,
        "runs": f"{count(runs)} run{'' if runs == 1 else 's'}",
        "shade": round(0.04 + 0.34 * chance, 3),
    }
