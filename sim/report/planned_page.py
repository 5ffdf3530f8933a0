"""The page of a planned study, of any kind: its finding, figures, tables, command, provenance, what it cannot tell.

Everything comes from the study's folder; nothing is computed again. Drawings and sections are the kind's own
(``sim.report.<kind>_page``), the page is common.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.report.canvas import Drawing
from sim.report.html import environment, source_of, stylesheet, write_file
from sim.report.parts import Section
from sim.report.sections import flat_rows
from sim.report.wording import count
from sim.study.store.loading import load

_UNTOLD = ("question", "content", "files", "units", "command", "study", "seed", "keys")
"""Parts of the manifest that the page leaves to manifest.json."""


def render_planned(folder: Path) -> None:
    """Write ``report.html`` and ``figures/`` of a planned study from its folder alone.

    Raises
    ------
    StudyError
        A file is missing or damaged.
    """
    study = load(folder)
    kind = import_module(f"sim.report.{study.kind}_page")
    figures: dict[str, Drawing] = {each.name: each for each in kind.drawings(study.frames, study.summary)}
    sections: list[Section] = kind.sections(study.frames, study.summary)
    own = kind.limits(study.frames, study.summary) if hasattr(kind, "limits") else []
    text = _page(study.manifest, study.summary, figures, sections, own)
    _pictures(folder / "figures", figures)
    write_file(folder / "report.html", text.encode("utf-8"))


def _pictures(place: Path, figures: Mapping[str, Drawing]) -> None:
    """Write the figures, and remove those of an earlier rendering that are not drawn now."""
    place.mkdir(exist_ok=True)
    for path in place.iterdir():
        if path.suffix in (".png", ".svg") and path.stem not in figures:
            path.unlink()
    for name, drawing in figures.items():
        write_file(place / f"{name}.png", drawing.png)
        write_file(place / f"{name}.svg", drawing.svg)


def _page(
    manifest: Mapping[str, Any],
    summary: Mapping[str, Any],
    figures: Mapping[str, Drawing],
    sections: list[Section],
    limits: list[str],
) -> str:
    """Return the page as text."""
    named = {name for section in sections for name in section.figures}
    shown = {name: {"source": source_of(drawing), "finding": drawing.finding} for name, drawing in figures.items()}
    provenance = {name: part for name, part in manifest.items() if name not in _UNTOLD}
    return environment().get_template("study.html.j2").render(
        look=stylesheet(), finding=summary["finding"], kind=manifest["kind"], facts=_facts(summary), figures=shown,
        first=[name for name in figures if name not in named], sections=sections, summary=summary,
        limits=[*limits, *_limits(summary)], command=manifest["command"], study=manifest["study"],
        provenance=[("study", manifest["study"]), ("seed", str(manifest["seed"])), *flat_rows(provenance)],
    )  # fmt: skip


def _facts(summary: Mapping[str, Any]) -> list[str]:
    """Return the line below the title."""
    facts = [str(summary["case"])]
    if summary["followers"] is not None:  # several cases have no one audience
        facts.append(f"{count(summary['followers'])} followers")
    if summary["runs"]:
        facts.append(f"{count(summary['runs'])} runs")
    if summary["failed"]:
        facts.append(f"{count(summary['failed'])} more failed")
    return [*facts, f"seed {summary['seed']}"]


def _of_runs(summary: Mapping[str, Any], over: str) -> list[str]:
    """Return what a study that makes runs of its own cannot tell."""
    if not summary["runs"]:
        return []
    graphs = summary.get("graphs", 1)
    shared = "the graph of one seed" if graphs == 1 else f"the graphs of {graphs} seeds"
    return [_coefficients(summary), f"All runs share the people and {shared}; intervals are over {over}."]


def _limits(summary: Mapping[str, Any]) -> list[str]:
    """Return what no study of this kind of model can tell."""
    over = summary.get("intervals_over", "luck alone")
    told = [
        "Odds are odds among posts like the documented ones, 2011–2018; they are no rate for all posts.",
        *_of_runs(summary, over),
        "No case identifies how much an answer changes: the sizes of moves' effects are assumed.",
        "Counter messages are speech, not noise: nothing here is a score, and nothing says who is right.",
    ]
    if summary["shapes_only"]:
        told.insert(0, f"{count(summary['followers'])} followers show shapes, not odds: fewer people are fewer sparks.")
    return told


def _coefficients(summary: Mapping[str, Any]) -> str:
    """Return what is assumed of behaviour."""
    if summary.get("fit") is not None:
        return (
            "What is fitted are the universal parameters. The graph, the rhythm of sessions and the form of the rules "
            "are fixed, and what is wrong with them ends up in the parameters."
        )
    if summary.get("uncertainty") == "posterior":
        return (
            "The universal parameters are drawn from the posterior that ships: what few documented campaigns leave "
            "open of them. What is found holds if the model's form does."
        )
    return "The coefficients of behaviour stand at their central values, set by hand; what is found holds if they do."
