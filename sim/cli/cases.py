"""``backfire cases``: the catalogue, a line each, or one case on a page."""

from __future__ import annotations

from collections.abc import Sequence

HELP = """
usage: backfire cases [ID | FILE.yaml | --coding]

Lists the documented campaigns: id, date, what each is to the model (fitted, seen on the way, or fresh: run only once
its prediction is frozen), the family of its sender, and what happened. Run one with
  backfire run case=ID

  ID                  instead: one case with its inputs, their ranges and sources, what was observed and what the model
                      should come to
  FILE.yaml           instead: the same of a case of your own, checked (docs/adding_a_case.md)
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
    if len(words) > 1:
        raise ConfigError(f"cases takes one case at most; got {' '.join(words)!r}.")
    if words:
        from sim.catalogue.registry import load_case
        from sim.cli.case_page import case_page

        tell("\n".join(case_page(load_case(words[0].removeprefix("case=")))))
        return 0
    lines = list_cases()
    columns = [[getattr(line, name) for line in lines] for name in ("id", "date", "standing", "family")]
    widths = [max(map(len, column), default=0) for column in columns]
    for line, *cells in zip(lines, *columns, strict=True):
        told = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        tell(f"{told}  {line.title} ({line.sender}). {line.line}")
    return 0
