"""A case: a documented post as it could be known beforehand, and apart from it what was observed.

A case file sets people, post and agency, never behaviour; ``case.sources`` names where each of its numbers
comes from, ``case.observed`` holds what happened and is never an input. It is one of the catalogue's, or a file of
the user's own, which is held to the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sim.catalogue.groups import choices, folder
from sim.catalogue.reading import read_yaml
from sim.config.paths import path_of
from sim.errors import ConfigError, unknown_name

SECTIONS = ("case", "people", "post", "agency")
"""What a case file may set: what is known, or chosen, before the post."""

_KINDS = ("documented: ", "derived: ", "assumed: ", "answered: ")
_NAMES = ("people.community",)
"""Inputs that are mere names, and need no source."""


@dataclass(frozen=True)
class CaseLine:
    """What the catalogue shows of a case."""

    id: str
    title: str
    date: str
    sender: str
    line: str
    standing: str = "own"
    family: str = "own"


def is_file(name: str) -> bool:
    """Tell whether a case is named by its file, not by its id in the catalogue."""
    return name.endswith((".yaml", ".yml"))


def read_case(name: str) -> dict[str, Any]:
    """Return the raw content of a case file, unchecked.

    Parameters
    ----------
    name : str
        Id of a case of the catalogue, or path of a YAML file.

    Raises
    ------
    ConfigError
        If there is no such case (it lists those that exist), or the file cannot be read.
    """
    if is_file(name):
        try:
            text = path_of(name).read_text(encoding="utf-8")
        except OSError as problem:
            raise ConfigError(f"case must name a file that can be read, got {name!r}: {problem.strerror}.") from None
        except UnicodeDecodeError:
            raise ConfigError(f"{name} must be text in UTF-8; save it so.") from None
    elif name in choices("case"):
        text = (folder("case") / f"{name}.yaml").read_text(encoding="utf-8")
    else:
        raise unknown_name("case", name, choices("case"))
    content = read_yaml(text, name)
    if not isinstance(content, dict) or not isinstance(content.get("case"), dict):
        raise ConfigError(f"{name}: must hold a group named case; write it as docs/adding_a_case.md tells.")
    return {str(key): part for key, part in content.items()}


def inputs_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a case file sets besides what it says of itself, by dotted name."""
    return {
        f"{section}.{key}" if key else section: value
        for section, part in content.items()
        if section != "case"
        for key, value in (part.items() if isinstance(part, Mapping) else [("", part)])
    }


def checked_case(name: str) -> dict[str, Any]:
    """Return the raw content of a case file, with its own values of its inputs noted in ``case.inputs``.

    Raises
    ------
    ConfigError
        It cannot be read, sets what is not known before a post, has an input without a source, or a source or range
        without an input; an own file's id is taken.
    """
    content = read_case(name)
    case, inputs = content["case"], inputs_of(content)
    where = f"{name}: " if is_file(name) else f"case {name}: "
    if is_file(name):
        _check_id(case.get("id"), where)
    for dotted in inputs:
        _check_name(dotted, where)
    sources = case.get("sources") or {}
    if not isinstance(sources, Mapping):
        raise ConfigError(f"{where}case.sources must be a group of values (name: text); got {sources!r}.")
    for dotted in inputs:
        source = str(sources.get(dotted) or "").strip()
        told = source.partition(": ")[2]
        if dotted not in _NAMES and not (source.startswith(_KINDS) and told):
            raise ConfigError(
                f"{where}case.sources.{dotted} must say where the number comes from, as 'documented: ...', "
                f"'derived: ...' or 'assumed: ...' with the reason; got {sources.get(dotted) or None!r}."
            )
    for dotted in sources:
        if dotted not in inputs:
            raise ConfigError(f"{where}case.sources.{dotted} names no input that the case sets; take it out.")
    ranges = case.get("ranges")
    for dotted in ranges if isinstance(ranges, Mapping) else ():
        if dotted not in inputs:
            raise ConfigError(f"{where}case.ranges.{dotted} names no input that the case sets; set it, or take it out.")
    return {**content, "case": {**case, "inputs": inputs}}


def _check_id(seen: object, where: str) -> None:
    """Refuse an id of an own case that the catalogue has, or that is no name."""
    if not isinstance(seen, str) or seen in choices("case"):
        raise ConfigError(
            f"{where}case.id must be a name that no case of the catalogue has; got {seen!r}. Give it one."
        )
    if not re.fullmatch(r"\w[\w-]*", seen):
        better = re.sub(r"[^\w-]+", "_", seen).strip("_-") or "my_case"
        raise ConfigError(
            f"{where}case.id must hold letters, digits, _ and - alone, it names folders; got {seen!r}. Write {better}."
        )


def _check_name(dotted: str, where: str) -> None:
    """Refuse a dotted name that a case may not set, or that is no parameter."""
    from sim.config.root import Configuration

    section, _, key = dotted.partition(".")
    if section not in SECTIONS or dotted == "agency.effects":
        near = get_close_matches(section, SECTIONS, n=1) if section not in Configuration.model_fields else []
        raise ConfigError(
            f"{where}{dotted} is no part of a case, which sets what is known before a post: {', '.join(SECTIONS)}. "
            + (f"Did you mean {near[0]}?" if near else "Give it on the command line.")
        )
    if not key:
        raise ConfigError(f"{where}{section} must be a group of values (name: value, a line each).")
    known = sorted(getattr(Configuration.model_fields[section].annotation, "model_fields", {}))
    if key not in known:
        near = get_close_matches(key, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ConfigError(f"{where}{dotted} is not a parameter; {section} has: {', '.join(known)}.{hint}")


def case_line(name: str) -> CaseLine:
    """Return the catalogue's line on a case; the line is the first sentence of its summary."""
    case = read_case(name)["case"]
    first = str(case["summary"]).strip().partition(". ")[0].rstrip(".") + "."
    return CaseLine(
        str(case["id"]), str(case["title"]), str(case["date"]), str(case["sender"]), first,
        str(case.get("standing", "own")), str(case.get("family", "own")),
    )  # fmt: skip
