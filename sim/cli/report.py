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
    from sim.cli.told import as_told
    from sim.report.html import render_run
    from sim.study.store import read

    folder = one_folder("report", words)
    kept = read(folder)
    try:
        render_run(folder, as_told(kept))
    except OSError as problem:
        from sim.study.folder import cannot_write

        raise cannot_write(folder, problem) from problem
    print(folder)
    return 0
