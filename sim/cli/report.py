"""``backfire report``: the page and the figures of a study, written anew from its folder alone."""

from __future__ import annotations

from collections.abc import Sequence

HELP = """
usage: backfire report results/STUDY

Writes report.html and figures/ of a finished study anew, from what its folder holds; nothing is simulated.

The last line on standard output names the folder.
"""


def carry_out(words: Sequence[str]) -> int:
    """Write the page anew and return the exit code."""
    from sim.cli.folders import one_folder
    from sim.cli.streams import tell
    from sim.cli.told import as_told
    from sim.report.html import render_run
    from sim.study.folder import whole
    from sim.study.store import read

    folder = one_folder("report", words)
    kept = read(folder)
    with whole(folder):
        told = as_told(kept)
    try:
        render_run(folder, told)
    except OSError as problem:
        from sim.study.folder import cannot_write

        raise cannot_write(folder, problem) from problem
    tell(str(folder))
    return 0
