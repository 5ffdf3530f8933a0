"""A fault of ours while serving: one line that holds nothing a browser sent, and the server goes on."""

from __future__ import annotations

import os
import sys
import traceback


def note_fault(where: str, problem: BaseException | None) -> None:
    """Write down a fault; ``BACKFIRE_DEBUG=1`` shows the traceback, which may hold what was sent."""
    if problem is None:
        return
    last = traceback.extract_tb(problem.__traceback__)[-1:]
    place = f" ({os.path.basename(last[0].filename)}, line {last[0].lineno})" if last else ""
    if os.environ.get("BACKFIRE_DEBUG"):
        traceback.print_exception(problem, file=sys.stderr)
    print(f"A fault at {where}: {type(problem).__name__}{place}; the server goes on.", file=sys.stderr, flush=True)
