"""``python -m benchmarks.findings [RESULTS]``: write ``docs/findings.md`` from the experiments' finished studies.

Sentences and figures come from the studies' folders alone (``RESULTS/<experiment>``, ``results`` if left out), so
that the page says what was found and nothing else. An experiment whose study does not stand there is left out.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.cli.experiments import Experiment, experiments
from sim.study import load
from sim.study.ablation.study import WHOLE, lost_without

DOCS = Path(__file__).resolve().parents[1] / "docs"
_SIZE = "people.n_followers"
HEAD = """\
# What the named experiments find

Each section is one experiment: its command, its sentence and its figure, as `python -m benchmarks.findings` read them
from the finished studies. Intervals are 95 % over luck; people and graph are those of seed 1. The coefficients of
behaviour are set by hand and the sizes of the moves' effects are assumed, so each sentence holds *if* they do. Below
100,000 followers a sentence tells **shapes, not odds**: fewer people strike fewer sparks.
"""


def section(each: Experiment, folder: Path, figures: Path) -> str:
    """Return an experiment's section, and copy its figures.

    Parameters
    ----------
    folder : Path
        Of its finished study.
    figures : Path
        Where figures go.
    """
    study = load(folder)
    summary, lines = study.summary, [f"## {each.name}", "", each.line, ""]
    lines += ["```", f"backfire {each.command} +experiment={each.name}", "```", "", f"**{summary['finding']}**", ""]
    audience = f"{summary['followers']:,} followers"
    if each.command == "ablation":
        audience = "each case's own audience"
    elif _SIZE in summary.get("factors", ()):
        audience = f"{study.points[_SIZE].min():,} to {study.points[_SIZE].max():,} followers"
    shapes = " (shapes, not odds)" if summary.get("shapes_only") else ""
    lines += [f"{summary['runs']:,} runs, {audience}{shapes}; {study.manifest['seconds']:.0f} s on two cores.", ""]
    for drawn in sorted((folder / "figures").glob("*.png")):
        name = f"{each.name}_{drawn.name}"
        shutil.copyfile(drawn, figures / name)
        lines += [f"![{each.line}](findings/{name})", ""]
    return "\n".join(lines)


def write_lost(table: pd.DataFrame, place: Path) -> None:
    """Write which targets are lost without each mechanism, for ``docs/parameters.md`` and ``docs/odd.md``."""
    variants = [str(name) for name in table["variant"].unique()]
    lost = {each: lost_without(table, WHOLE, each) for each in variants if each != WHOLE}
    place.write_text(json.dumps(lost, indent=1) + "\n", encoding="utf-8")


def written(results: Path) -> Path:
    """Write the page from the studies in a folder, and return its path."""
    figures = DOCS / "findings"
    figures.mkdir(exist_ok=True)
    parts = [
        section(each, results / each.name, figures)
        for each in experiments()
        if (results / each.name / "manifest.json").is_file()
    ]
    lost = results / "ablation" / "ablation.parquet"
    if lost.is_file():
        write_lost(pd.read_parquet(lost), figures / "ablation.json")
    page = DOCS / "findings.md"
    page.write_text("\n".join([HEAD, *parts]), encoding="utf-8")
    return page


def main(words: Sequence[str]) -> int:
    """Write the page, and say where it stands."""
    print(written(Path(words[0] if words else "results")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
