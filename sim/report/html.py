"""The report of one configuration: one file that opens offline, and its figures beside it.

Everything that came from a user (titles, tags, paths, commands) is escaped by the template engine; figures are
embedded, so that the page refers to nothing outside itself.
"""

from __future__ import annotations

import base64
import os
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.after_section import after_told
from sim.report.canvas import Drawing
from sim.report.decision import hinge_cards, odds_rows, option_rows, tripwires
from sim.report.draw_cascade import MOST_NODES
from sim.report.figures import drawings
from sim.report.findings import CAVEAT, cut_offs, luck_and_ignorance, reading, size_check, verdict_sentence
from sim.report.privacy import as_aggregates
from sim.report.run_study import RunStudy
from sim.report.sections import (
    assumption_groups,
    documented,
    facts_line,
    limits,
    outcome_rows,
    provenance,
    theory_rows,
    theory_sentence,
)
from sim.report.wording import count, percent

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from sim.report.painter import Painter

_FOLDER = "templates"


def _why_not_drawn(study: RunStudy) -> dict[str, str]:
    """Say for each figure why it may be missing."""
    silent = bool((study.runs["messages"] > 0).any())
    loaded = "No cascade is drawn: this graph was loaded, and a node would be a real account."
    return {
        "timeline": "No timeline: in nine of ten runs there is no message to draw at any time."
        if silent
        else "No timeline: no run had a message.",
        "participation": "No participation to draw: nobody put out a message.",
        "starters": "No counter message in any run, so nobody started the counter-frame.",
        "cascade": loaded
        if study.real_graph
        else "No cascade is drawn: no tree of five messages or more grew in the run.",
        "spread": "Nothing to draw: no run had a message.",
    }


def source_of(drawing: Drawing) -> str:
    """Return the address of an embedded figure: outlines where they are small, else pixels."""
    kind, content = ("svg+xml", drawing.svg) if len(drawing.svg) < 400_000 else ("png", drawing.png)
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def environment() -> Environment:
    """Return the template engine: everything is escaped, and nothing may be missing."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files("sim.report").joinpath(_FOLDER)
    sources = {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir() if each.name.endswith(".j2")}
    return Environment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def stylesheet() -> Markup:
    """Return our own stylesheet, the only text that is not escaped."""
    from markupsafe import Markup

    return Markup(files("sim.report").joinpath(_FOLDER, "run.css").read_text(encoding="utf-8"))


def page(study: RunStudy, figures: dict[str, Drawing]) -> str:
    """Return the whole page as text."""
    shown = {name: {"source": source_of(drawing), "finding": drawing.finding} for name, drawing in figures.items()}
    return environment().get_template("run.html.j2").render(look=stylesheet(), figures=shown, **_words(study))


def _unbroken(text: str) -> Any:
    """Return the text escaped, with its ranges of numbers kept in one line."""
    from markupsafe import Markup, escape

    return Markup(
        re.sub(r"\d[\d.,]*\u2013\d[\d.,]*(?:\u00a0%)?", r'<span class="whole">\g<0></span>', str(escape(text)))
    )


def _words(study: RunStudy) -> dict[str, Any]:
    """Return everything that the page says."""
    warn, size = size_check(study)
    split = luck_and_ignorance(study.summary)
    case = study.configuration.case
    return {
        "verdict": verdict_sentence(study),
        "headline": _unbroken(verdict_sentence(study)),
        "facts": facts_line(study),
        "reading": reading(study),
        "caveat": CAVEAT,
        "odds": odds_rows(study),
        "cut_offs": cut_offs(study.summary),
        "shapes_only": study.shapes_only,
        "split": None
        if split is None
        else {"luck": percent(split[0]), "inputs": percent(split[1]), "at": 100 * split[0]},
        "hinges": hinge_cards(study),
        "options": option_rows(study),
        "tripwires": tripwires(study),
        "varied": bool(study.summary.get("verdict_range")),
        "size_warns": warn,
        "size": size,
        "absent": _why_not_drawn(study),
        "what_happened": case.summary,
        "outcomes": outcome_rows(study),
        "theory": theory_rows(study),
        "theory_sentence": theory_sentence(study),
        "assumptions": assumption_groups(study),
        "documented": documented(study),
        "limits": limits(study),
        "n_assumptions": len(study.assumptions),
        "command": study.command,
        "provenance": provenance(study),
        "after": after_told(study),
        "real_graph": study.real_graph,
        "most_nodes": count(MOST_NODES),
        "tag": case.tag or case.title,
    }


def write_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and then rename it, so that no half-written one is ever seen."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(content)
    os.replace(beside, path)


def render_run(folder: Path, study: RunStudy, painter: Painter | None = None) -> None:
    """Write ``report.html`` and ``figures/*.png`` and ``*.svg`` of one configuration.

    Parameters
    ----------
    folder : Path
        The study's folder; it exists. Figures of an earlier rendering that are not drawn now are removed.
    study : RunStudy
        What to tell. The same study gives the same bytes.
    painter : Painter, optional
        Another process, which may have drawn the figures already.
    """
    told = as_aggregates(study)
    figures = (None if painter is None else painter.drawn(told)) or drawings(told)
    text = page(told, figures)
    pictures = folder / "figures"
    pictures.mkdir(exist_ok=True)
    for name in _why_not_drawn(told):
        for ending in ("png", "svg"):
            path = pictures / f"{name}.{ending}"
            if name in figures:
                write_file(path, getattr(figures[name], ending))
            else:
                path.unlink(missing_ok=True)
    write_file(folder / "report.html", text.encode("utf-8"))
