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
from sim.warroom.debrief.draw import against, calibration, strip, timeline
from sim.warroom.debrief.sentences import VERDICTS, in_hundred, in_points, signed
from sim.warroom.debrief.tally import HIJACKED

_SIGN, _BLANK = r"=+\-@\uff1d\uff0b\uff0d\uff20", r"[ \u00a0\ufeff]*"
_FORMULA = re.compile(rf"^{_BLANK}(?=[{_SIGN}\t\r\n])|(?<=[;|\t\r\n]){_BLANK}(?=[{_SIGN}])")
"""Where a spreadsheet could see a formula begin: in a cell, and after what some settings take for its end."""
COLUMNS = (
    "team", "decision", "minute", "question", "picked", "played", "late", "confidence_percent", "sentence", "argument",
    "futures", "futures_hijacked", "futures_hijacked_lo", "futures_hijacked_hi", "lived_verdict", "lived_hijack_share",
    "hijacked_against_silence", "hijacked_against_silence_lo", "hijacked_against_silence_hi",
    "trust_against_silence", "trust_against_silence_lo", "trust_against_silence_hi",
    "grievance_against_silence", "grievance_against_silence_lo", "grievance_against_silence_hi", "score",
)  # fmt: skip
"""Shares and feelings from 0 to 1; ``_lo`` and ``_hi`` are 95 % intervals; ``against_silence``: with this decision as
made less with silence in its place, on the same luck."""


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
            odds = futures.get(HIJACKED, {})
            effects = [changed.get(name, {}) for name in (HIJACKED, "trust", "grievance")]
            values = (
                team["name"], number + 1, each["minute"], each["question"], each["picked"], each["move"], each["late"],
                each["confidence"], each["sentence"], each["argument"],
                futures.get("n"), odds.get("mean"), odds.get("lo"), odds.get("hi"),
                lived.get("verdict"), lived.get("hijack_share"),
                *(effect.get(end) for effect in effects for end in ("mean", "lo", "hi")),
                (team["score"] or {}).get("total"),
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
        "percent": percent, "in_hundred": in_hundred, "in_points": in_points,
        "points": lambda value: signed(100 * value, 2), "drawn": Markup,
    }  # fmt: skip
    drawn = drawings(told)
    return environment.get_template("debrief.html.j2").render(
        told=told, drawn=drawn, look=look, verdicts=VERDICTS, version=__version__
    )


def drawings(told: dict[str, Any]) -> dict[str, Any]:
    """Return every drawing of a debrief as SVG: by what it shows, and by team and decision."""
    minutes = told["played_hours"] * 60
    most = _most(told)
    shown: dict[str, Any] = {"strips": {}, "timelines": {}, "calibration": None, "against": {}}
    for team in told["teams"]:
        if team["curves"] is not None:
            title = f"{team['name']}: messages in every {told['curve_minutes']} minutes, for and against the sender"
            shown["timelines"][team["number"]] = timeline(team, minutes, told["curve_minutes"], most, title)
        for each in team["decisions"] or ():
            if each["futures"] is not None:
                shown["strips"][f"{team['number']}/{each['id']}"] = strip(
                    each["futures"], each["silent"], team["lived"], each["luck"] or "Futures of this decision"
                )
    if told["calibration"]:
        shown["calibration"] = calibration(told["calibration"], "Stated confidence against what the futures hold")
    rows = [row for row in told["rows"] if row["against_silence"] is not None]
    for name, unit, title in (
        (HIJACKED, "campaigns of 100 that end hijacked", "Odds of ending hijacked, against silence on the same luck"),
        ("trust", "points of 100", "Trust a week later, against silence on the same luck"),
        ("grievance", "points of 100", "Grievance a week later, against silence on the same luck"),
    ):
        given = [{"label": row["label"], "difference": row["against_silence"][name]} for row in rows]
        if given:
            shown["against"][name] = against(given, name, unit, title)
    return shown


def _most(told: dict[str, Any]) -> int:
    """Return the largest number of messages in a bin while it was played, of all teams."""
    bins = int(told["played_hours"] * 60 / told["curve_minutes"])
    counts = [
        count
        for team in told["teams"] if team["curves"] is not None
        for name in ("campaign", "counter") for count in team["curves"][name][:bins]
    ]  # fmt: skip
    return max(counts, default=1)
