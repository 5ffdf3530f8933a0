"""What ``backfire compare`` compares: the one word that names several choices, taken apart.

``policy=silent,withdraw`` or ``post.openness=0.2,0.5`` names the choices; every other word holds for all.
A list on a configuration group (``policy=[silent,withdraw]``) is refused: Hydra would merge its files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

from sim.catalogue.groups import GROUPS, STUDY_KEYS
from sim.config.root import Configuration
from sim.errors import ConfigError


def _annotation(name: str) -> Any:
    """Return the annotation of a dotted name, or None if the table has no such parameter."""
    kind: Any = Configuration
    for part in name.split("."):
        found = getattr(kind, "model_fields", {}).get(part)
        if found is None:
            return None
        kind = found.annotation
    return kind


def _is_words(kind: Any) -> bool:
    """Tell whether a parameter's values are free text (a comma in it is just a comma)."""
    if get_origin(kind) is Literal:
        return False
    return kind is str or any(part is str for part in get_args(kind))


def _split(text: str) -> list[str]:
    """Return the parts between commas that lie outside brackets and quotes."""
    parts, depth, quote, begin = [], 0, "", 0
    for place, mark in enumerate(text):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == "," and depth == 0:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def choices_of(word: str) -> list[str]:
    """Return the words that one word stands for: itself, or one for each of its choices.

    Raises
    ------
    ConfigError
        A list on a group, or an empty choice.
    """
    name, equals, value = word.partition("=")
    name = name.strip().lstrip("+")
    text = value.strip()
    if not equals or word.startswith("~") or name in STUDY_KEYS:
        return [word]
    if name in GROUPS and text.startswith(("[", "(")):
        inside = text.strip("[]()").replace(" ", "") or "A,B"
        raise ConfigError(f"{name} takes no list, got {text!r}; to compare its choices write {name}={inside}.")
    if name not in GROUPS and _is_words(_annotation(name)):
        return [word]
    parts = [part.strip() for part in _split(text)]
    if len(parts) > 1 and not all(parts):
        raise ConfigError(f"{name} names an empty choice, got {text!r}; write {name}=A,B.")
    return [f"{name}={part}" for part in parts] if len(parts) > 1 else [word]


def scenarios(words: Sequence[str]) -> tuple[str, dict[str, list[str]]]:
    """Return what is compared and, by the name of each choice, the words that compose it.

    Returns
    -------
    swept : str
        The dotted name or group whose choices are compared.
    words : dict of str to list of str
        In the order given.

    Raises
    ------
    ConfigError
        No word, or more than one, names several choices; or one is named twice.
    """
    taken = [choices_of(word) for word in words]
    several = [number for number, choices in enumerate(taken) if len(choices) > 1]
    if not several:
        raise ConfigError(
            "compare needs one word with several choices, such as policy=silent,acknowledge,withdraw or "
            "post.openness=0.2,0.5; got none."
        )
    if len(several) > 1:
        names = " and ".join(taken[number][0].partition("=")[0] for number in several)
        raise ConfigError(f"compare takes one word with several choices; got {names}. Give one value to all but one.")
    place = several[0]
    swept = taken[place][0].partition("=")[0]
    found: dict[str, list[str]] = {}
    for choice in taken[place]:
        name = choice.partition("=")[2].strip("'\"")
        if name in found:
            raise ConfigError(f"{swept} names {name!r} twice; name each choice once.")
        found[name] = [*words[:place], choice, *words[place + 1 :]]
    return swept, found
