"""The tipping line in sentences: where it lies, how surely, how far from the post as it is, and where theory parts."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10
from typing import Any

from sim.study.boundary.box import Box, Side

VERDICT_WORDS = {
    "hijacked": "hijacked", "viral_positive": "viral positive", "contested": "contested", "fizzled": "fizzled",
}  # fmt: skip


def number(side: Side, value: float) -> str:
    """Return a value of a parameter with as many digits as its interval bears; whole numbers whole."""
    if side.whole and abs(value - round(value)) < 1e-9:
        return f"{value:,.0f}"
    digits = max(0, 2 - floor(log10(side.high - side.low)))
    return f"{value:,.{digits}f}"


def often(level: float) -> str:
    """Return a level in words."""
    return "in most runs" if level == 0.5 else f"in more than {100 * level:g} of 100 runs"


def out_of_100(share: float) -> str:
    """Return a probability as a number of 100 runs."""
    if 0.005 <= share <= 0.995 or share in (0.0, 1.0):
        return f"{100 * share:.0f}"
    told = f"{100 * share:.1f}"
    return {"0.0": "<0.1", "100.0": ">99.9"}.get(told, told)


def _band(side: Side, row: Mapping[str, Any]) -> str:
    """Return the ends of a crossing's band."""
    low, high = row["lo"], row["hi"]
    if low is None and high is None:
        return "the band reaches over the whole box"
    if low is None:
        return f"at most {number(side, high)}"
    if high is None:
        return f"at least {number(side, low)}"
    return f"{number(side, low)} to {number(side, high)}"


def _held(box: Box, row: Mapping[str, Any]) -> str:
    """Return what is held, in words; empty where nothing is."""
    parts = [f"{side.short} {number(side, row['held'][side.name])}" for side in box.sides if side.name in row["held"]]
    return f"at {' and '.join(parts)} " if parts else ""


def crossing(box: Box, summary: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Return one crossing as the beginning of a sentence."""
    side = next(each for each in box.sides if each.name == row["name"])
    word, when = VERDICT_WORDS[summary["verdict"]], often(summary["level"])
    reach = "from {0} {1} ({2}) on" if row["rises"] else "up to {0} {1} ({2})"
    return f"{_held(box, row)}{word} {when} {reach.format(side.short, number(side, row['at']), _band(side, row))}"


def distance(box: Box, row: Mapping[str, Any]) -> str:
    """Return how far the post as it is lies from a crossing."""
    side = next(each for each in box.sides if each.name == row["name"])
    if not all(each.low <= each.central <= each.high for each in box.sides):
        return "the post as it is lies outside the box"
    unsure = (row["lo"] is None or row["lo"] <= row["central"]) and (row["hi"] is None or row["central"] <= row["hi"])
    if unsure:
        return f"the post as it is, {number(side, row['central'])}, cannot be told from the line"
    where = "above" if row["distance"] > 0 else "below"
    return f"the post as it is lies {number(side, abs(row['distance']))} {where} the line"


def finding(box: Box, summary: Mapping[str, Any]) -> str:
    """Return what was found in one sentence."""
    if "odds_range" not in summary:
        return "No run came to an end, so that no line was found."
    word, when = VERDICT_WORDS[summary["verdict"]], often(summary["level"])
    low, high = (out_of_100(each) for each in summary["odds_reach"])
    if not summary["crosses"]:
        above = summary["share_above"] > 0.5
        told = f"Everywhere in this box it is {word} {when}" if above else f"Nowhere in this box is it {word} {when}"
        reach, level = summary["odds_reach"], summary["level"]
        if reach[0] > level if above else reach[1] < level:
            return f"{told}: in {low} to {high} of 100 (95 %), so that no line crosses it."
        least, most = (out_of_100(each) for each in summary["odds_range"])
        return (
            f"{told}, by the best estimate: in {least} to {most} of 100. Its 95 % intervals reach from {low} to {high} "
            "of 100, so that a line cannot be ruled out."
        )
    rows = [row for row in reversed(summary["tipping"]) if row["at"] is not None]
    if not rows:
        share = f"{100 * summary['share_above']:.0f} %"
        return (
            f"{word.capitalize()} {when} on {share} of the box; no one parameter alone takes the post as it is over "
            "the line."
        )
    # the parameter named last is the one that crosses, as a chart's upright axis
    told = f"{crossing(box, summary, rows[0])}; {distance(box, rows[0])}."
    return told[0].upper() + told[1:]


def sentences(box: Box, summary: Mapping[str, Any]) -> list[str]:
    """Return what else there is to say: each parameter alone, how sure, where theory and simulation part."""
    if "odds_range" not in summary:
        return []
    told = []
    for row in summary["tipping"]:
        side = next(each for each in box.sides if each.name == row["name"])
        if row["at"] is None:
            told.append(f"{side.title} ({side.name}) alone, all else as it is, does not cross the line.")
            continue
        more = f" It crosses {row['crossings']} times; this is the nearest." if row["crossings"] > 1 else ""
        line = f"{crossing(box, summary, row)}; {distance(box, row)}."
        told.append(f"{side.title} ({side.name}) alone: {line}{more}")
    told.append(_sureness(summary))
    if "theory" in summary:
        told += _theory(summary)
    return told


def _sureness(summary: Mapping[str, Any]) -> str:
    """Return how sure the line is, and why the search ended."""
    share = f"{100 * summary['misplaced']:.1f} %"
    why = "as sure as was asked for" if summary["settled"] else "all runs that were allowed are spent"
    return (
        f"{summary['runs_asked']:,} runs, each with luck of its own, leave {share} of the box expected on the wrong "
        f"side of the line ({why})."
    )


def _theory(summary: Mapping[str, Any]) -> list[str]:
    """Return where theory, without runs, and simulation part."""
    theory, word = summary["theory"], VERDICT_WORDS[summary["verdict"]]
    told = []
    if theory["first_response"] is None:
        told.append("Theory: at some places nobody who follows the sender would respond; it draws no first line.")
    elif theory["foretold"] is not None:
        low, high = (f"{100 * each:.0f}" for each in theory["first_response"])
        whole = {0.0: "nowhere", 1.0: "everywhere"}.get(theory["foretold"])
        line = f"Theory, direct responses alone: they are {low} to {high} % counter over the box, "
        if whole:
            line += f"so that they say {word} {whole}; the runs say so on {100 * summary['share_above']:.0f} % of it."
        else:
            line += f"on {100 * theory['foretold']:.0f} % of it on the side of {word}. They agree with the runs on "
            line += f"{100 * theory['agree']:.0f} %; on {100 * theory['theory_alone']:.0f} % they alone say {word}, on "
            line += f"{100 * theory['simulation_alone']:.0f} % the runs alone."
        told.append(line)
    low, high = (f"{each:.2f}" for each in theory["eigenvalue"])
    line = f"Theory, talk that breeds: a message causes {low} to {high} others at first, "
    if theory["breeds"] == 0.0:
        line += "everywhere fewer than one, so that talk lives on those whom the post itself reaches."
    elif theory["breeds"] == 1.0:
        line += "everywhere one or more, so that talk can sustain itself."
    else:
        line += f"one or more on {100 * theory['breeds']:.0f} % of the box"
        if theory["breeds_there"] is not None:
            when = often(summary["level"])
            line += f", and on {100 * theory['breeds_there']:.0f} % of the part where it is {word} {when}"
        line += "."
    return [
        *told,
        line,
        "Theory knows neither luck nor trending, news, answers and fatigue; where the two part, these decide.",
    ]
