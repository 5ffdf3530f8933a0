"""``backfire report``: the page and the figures of a study, written anew from its folder alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HELP = """
usage: backfire report results/STUDY

Writes report.html and figures/ of a finished study anew, from what its folder holds; nothing is simulated.

The last line on standard output names the folder.
"""


def carry_out(words: Sequence[str]) -> int:
    """Write the page anew and return the exit code."""
    from sim.cli.folders import one_folder
    from sim.cli.streams import tell
    from sim.study.planned import KINDS
    from sim.study.store.folder import cannot_write
    from sim.study.store.one_run import manifest_of

    folder = one_folder("report", words)
    try:
        if manifest_of(folder)["kind"] in KINDS:
            from sim.report.planned_page import render_planned

            render_planned(folder)
        else:
            _run_shown(folder)
    except OSError as problem:
        raise cannot_write(folder, problem) from problem
    tell(str(folder))
    return 0


def _run_shown(folder: Path) -> None:
    """Write the page of one configuration."""
    from sim.cli.told import as_told
    from sim.report.html import render_run
    from sim.study.store.folder import whole
    from sim.study.store.one_run import read

    kept = read(folder)
    with whole(folder):
        told = as_told(kept)
    render_run(folder, told)
