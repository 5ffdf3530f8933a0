"""A debrief to keep: one HTML file that opens offline and needs no script, and a table with a row a team and decision.

Both are written from what the page is told (``sim.warroom.debrief.told``), which holds no code and no token. All that
people wrote is escaped; a cell that a spreadsheet would take for a formula is not one.
"""

from __future__ import annotations

import csv
import io
import re
from importlib.resources import files
from typing import Any

from sim import __version__
from sim.report.wording import percent
from sim.warroom.debrief.draw import against, calibration, sizes, strip, timeline
from sim.warroom.debrief.sentences import (
    VERDICTS,
    against_sentence,
    calibration_sentence,
    size_finding,
)
from sim.warroom.debrief.tally import HIJACKED

_SIGN, _BLANK = r"=+\-@\uff1d\uff0b\uff0d\uff20", r"[ \u00a0\ufeff]*"
_FORMULA = re.compile(rf"^{_BLANK}(?=[{_SIGN}\t\r\n])|(?<=[;|\t\r\n]){_BLANK}(?=[{_SIGN}])")
"""Where a spreadsheet could see a formula begin: in a cell, and after what some settings take for its end."""
COLUMNS = (
    "team", "decision", "minute", "question", "picked", "played", "late", "confidence_percent", "sentence", "argument",
    "futures", "futures_wanted", "futures_hijacked", "futures_hijacked_lo", "futures_hijacked_hi",
    "lived_verdict", "lived_hijack_share",
    "hijacked_against_silence", "hijacked_against_silence_lo", "hijacked_against_silence_hi",
    "trust_against_silence", "trust_against_silence_lo", "trust_against_silence_hi",
    "grievance_against_silence", "grievance_against_silence_lo", "grievance_against_silence_hi", "score",
    "picked_move", "played_move", "lived_messages", "lived_trended", "futures_messages", "futures_messages_lo",
    "futures_messages_hi", "futures_trended", "working_hours", "working_hours_after_the_play",
)  # fmt: skip
"""Shares and feelings from 0 to 1; ``_lo`` and ``_hi`` are 95 % intervals; ``against_silence``: with this decision as
made less with silence in its place, on the same luck; ``_move``: as decks write it; messages of futures: their median,
and the ends of nine in ten; working hours: the team's, until the play ended."""
AGAINST = (
    (HIJACKED, "change: campaigns of 100 that end hijacked"), ("trust", "change: points of 100"),
    ("grievance", "change: points of 100"),
)  # fmt: skip
"""What is drawn against silence, and its unit."""
LEAST_SHOWN = {HIJACKED: 4.0, "trust": 0.04, "grievance": 0.04}
"""The shortest axis, in those units: what is too small to be read is not drawn large."""
_TERM = re.compile(r'^  "([^"]+)": "([^"]+)",$', re.MULTILINE)
TERMS = (
    "hijacked", "contested", "viral positively", "fizzled", "critical", "future", "luck", "same luck", "interval",
    "told apart", "trust", "grievance", "confidence", "working hours", "best known",
)  # fmt: skip
"""Words that a saved page explains at its end, as the live page does where they stand."""


def glossary() -> dict[str, str]:
    """Return the page's words of the field, each with its sentence."""
    text = files("sim.warroom").joinpath("page/js/glossary.js").read_text(encoding="utf-8")
    return dict(_TERM.findall(text))


def defused(written: str) -> str:
    """Return text that a spreadsheet takes for text, whatever it begins with."""
    return _FORMULA.sub(lambda found: f"'{found[0]}", written)


def _cell(value: object) -> object:
    """Return what stands in a cell: text is defused, numbers are short, what is not known is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return defused(value) if isinstance(value, str) else value


def table(told: dict[str, Any]) -> str:
    """Return the CSV of a debrief: a row a team and decision, of those teams that are told in detail."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for team in told["teams"]:
        for number, each in enumerate(team["decisions"] or ()):
            futures, changed, lived = each["futures"] or {}, each["difference"] or {}, team["lived"] or {}
            odds, size, hours = futures.get(HIJACKED, {}), futures.get("messages", {}), team["hours"] or {}
            effects = [changed.get(name, {}) for name in (HIJACKED, "trust", "grievance")]
            values = (
                team["name"], number + 1, each["minute"], each["question"], each["picked_words"], each["words"],
                each["late"],
                each["confidence"], each["sentence"], each["argument"],
                futures.get("n", 0), told["futures"], odds.get("mean"), odds.get("lo"), odds.get("hi"),
                VERDICTS.get(lived.get("verdict", "")), lived.get("hijack_share"),
                *(effect.get(end) for effect in effects for end in ("mean", "lo", "hi")),
                (team["score"] or {}).get("total"), each["picked"], each["move"],
                lived.get("messages"), lived.get("trended"), *(size.get(end) for end in ("median", "lo", "hi")),
                futures.get("trended"), hours.get("play"), hours.get("after"),
            )  # fmt: skip
            writer.writerow([_cell(value) for value in values])
    return out.getvalue()


def page(told: dict[str, Any]) -> str:
    """Return the HTML of a debrief."""
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup

    folder = files("sim.warroom.debrief").joinpath("templates")
    sources = {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir() if each.name.endswith(".j2")}
    look = Markup(folder.joinpath("debrief.css").read_text(encoding="utf-8"))
    environment = Environment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "percent": percent, "drawn": Markup,
    }  # fmt: skip
    drawn, words = drawings(told), glossary()
    return environment.get_template("debrief.html.j2").render(
        told=told, drawn=drawn, look=look, verdicts=VERDICTS, version=__version__,
        terms={term: words[term] for term in TERMS},
    )  # fmt: skip


def drawings(told: dict[str, Any]) -> dict[str, Any]:
    """Return every drawing of a debrief as SVG, by what it shows, by team and decision; ``findings``: what it says."""
    minutes = max(1, told["played"])
    most = _most(told)
    shown: dict[str, Any] = {
        "strips": {},
        "timelines": {},
        "calibration": None,
        "against": {},
        "findings": {},
        "sizes": {},
    }
    for team in told["teams"]:
        if team["curves"] is not None:
            title = f"{team['name']} {team['end']}: messages in every {told['curve_minutes']} minutes"
            shown["timelines"][team["number"]] = timeline(team, minutes, told["curve_minutes"], most, title)
        for each in team["decisions"] or ():
            if each["futures"] is not None:
                shown["strips"][f"{team['number']}/{each['id']}"] = strip(
                    each["futures"], each["silent"], team["lived"], each["luck"] or "Futures of this decision"
                )
                shown["sizes"][f"{team['number']}/{each['id']}"] = sizes(
                    _sized(each, team["lived"]), each["size"] or "Messages in these futures"
                )
    if told["calibration"]:
        said = shown["findings"]["calibration"] = calibration_sentence(told["calibration"])
        shown["calibration"] = calibration(told["calibration"], said)
    sized = [row for row in told["rows"] if row["over"] is not None]
    if any(row["kind"] == "silent" for row in sized):
        compared = [row for row in sized if row["kind"] == "team"] + [row for row in sized if row["kind"] == "silent"]
        said = shown["findings"]["size"] = size_finding([(row["label"], row["over"]) for row in compared])
        lines = [_line_of(row["label"], row["over"], row["over"]["n"] or 1, row["lived"]) for row in sized]
        shown["sizes"]["all"] = sizes(lines, said)
    rows = [row for row in told["rows"] if row["against_silence"] is not None]
    teams = [(row["name"], row["against_silence"]) for row in rows if row["kind"] == "team"]
    for name, unit in AGAINST:
        given = [{"label": row["label"], "difference": row["against_silence"][name]} for row in rows]
        if teams:
            said = shown["findings"][name] = against_sentence(name, [(team, each[name]) for team, each in teams])
            shown["against"][name] = against(given, unit, LEAST_SHOWN[name], said)
    return shown


def _sized(decision: dict[str, Any], lived: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the lines of a drawing of how many messages a decision's futures come to."""
    futures, silent = decision["futures"], decision["silent"]
    lines = [_line_of("as decided", futures, futures["n"], lived)]
    return lines + ([_line_of("silence instead", silent, silent["n"], None)] if silent else [])


def _line_of(label: str, found: dict[str, Any], n: int, lived: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "label": label, "messages": found["messages"], "often": 2 * found["trended"] > n,
        "lived": lived["messages"] if lived else None,
    }  # fmt: skip


def _most(told: dict[str, Any]) -> int:
    """Return the largest number of messages in a bin while it was played, of all teams."""
    counts = [
        count
        for team in told["teams"] if team["curves"] is not None
        for name in ("campaign", "counter") for count in team["curves"][name]
    ]  # fmt: skip
    return max(counts, default=1)
