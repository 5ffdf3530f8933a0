"""``backfire cases``: the catalogue, a line each."""

from __future__ import annotations

from collections.abc import Sequence

HELP = """
usage: backfire cases [--coding]

Lists the documented campaigns: id, date, sender and what happened. Run one with
  backfire run case=ID

  --coding            instead: how far the coders of the cases' inputs agree, item by item (docs/rubric.md)
"""
FLAGS = ("--coding",)


def carry_out(words: Sequence[str]) -> int:
    """Print the catalogue and return the exit code."""
    from sim.catalogue.registry import list_cases
    from sim.cli.streams import tell
    from sim.errors import ConfigError

    if list(words) == ["--coding"]:
        from sim.study.coding import agreement_lines, read_answers

        tell("\n".join(agreement_lines(read_answers())))
        return 0
    if words:
        raise ConfigError(f"cases takes no further word; got {words[0]!r}. To run a case: backfire run case=ID.")
    lines = list_cases()
    width = max((len(line.id) for line in lines), default=0)
    for line in lines:
        tell(f"{line.id:<{width}}  {line.date:<10}  {line.title} ({line.sender}). {line.line}")
    return 0
