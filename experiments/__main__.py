"""``python -m experiments [NAME [name=value ...]]``: the named experiments, a line each, or one of them carried out."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from sim.cli.main import main, told
from sim.cli.streams import tell


def carry_out(words: Sequence[str]) -> int:
    """List the experiments, or carry out the one that the first word names."""
    from sim.cli.experiments import experiment, experiments

    if words and words[0] not in ("-h", "--help"):
        return main([experiment(words[0]).command, f"+experiment={words[0]}", *words[1:]])
    width = max(len(each.name) for each in experiments())
    for each in experiments():
        tell(f"{each.name:<{width}}  {each.line}")
        tell(f"{'':<{width}}  backfire {each.command} +experiment={each.name}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(carry_out(sys.argv[1:]))
    except Exception as problem:  # noqa: BLE001 - told in words, as the command line does
        sys.exit(told(problem, sys.argv[1:]))
