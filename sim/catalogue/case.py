"""A case: a documented post as it could be known beforehand, and apart from it what was observed.

A case file sets people, post and agency, never behaviour; ``case.sources`` names where each of its numbers
comes from, ``case.observed`` holds what happened and is never an input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.catalogue.groups import choices, folder
from sim.errors import unknown_name


@dataclass(frozen=True)
class CaseLine:
    """What the catalogue shows of a case."""

    id: str
    title: str
    date: str
    sender: str
    line: str


def read_case(name: str) -> dict[str, Any]:
    """Return the raw content of a case file, unchecked.

    Raises
    ------
    ConfigError
        If there is no such case; it lists those that exist.
    """
    import yaml

    if name not in choices("case"):
        raise unknown_name("case", name, choices("case"))
    text = (folder("case") / f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def case_line(name: str) -> CaseLine:
    """Return the catalogue's line on a case; the line is the first sentence of its summary."""
    case = read_case(name)["case"]
    first = str(case["summary"]).strip().partition(". ")[0].rstrip(".") + "."
    return CaseLine(str(case["id"]), str(case["title"]), str(case["date"]), str(case["sender"]), first)
