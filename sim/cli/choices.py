"""Words that name several choices, taken apart: the one word of ``backfire compare``, the factors of a sweep.

``policy=silent,withdraw`` or ``post.openness=0.2,0.5`` names the choices; every other word holds for all.
A list on a configuration group (``policy=[silent,withdraw]``) is refused: Hydra would merge its files.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, get_args, get_origin

from sim.catalogue.compose import value_of
from sim.catalogue.groups import GROUPS, STUDY_KEYS
from sim.catalogue.words import EXTENSIONS, extensions_of, read_words
from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.study.design.designs import MOST_POINTS, Factor
from sim.study.design.spans import over, spanned
from sim.study.run.inputs import Field, own_table

_HOW_GROUPS = ("experiment", "design", "executor")
"""Groups that say how a study is made, and so cannot vary in it."""


def own_words(words: Sequence[str], names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return a command's own words by name, and the words that compose the configuration.

    Raises
    ------
    ConfigError
        One of the names is given twice.
    """
    found: dict[str, str] = {}
    others: list[str] = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in names:
            others.append(word)
            continue
        if name in found:
            raise ConfigError(f"{name} is given twice; give it once.")
        found[name] = value.strip()
    return found, others


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
    spans = [word for word in words if word.partition("=")[2].strip().startswith(("range(", "choice(", "interval("))]
    if spans:
        name, _, span = spans[0].partition("=")
        raise ConfigError(
            f"{name} must be choices one by one in compare, as {name}=A,B; got {span!r}. backfire sweep takes spans."
        )
    texts = [word.partition("=") for word in words if _is_words(_annotation(word.partition("=")[0].lstrip("+")))]
    listed = [(name, text) for name, _, text in texts if len(_split(text)) > 1]
    if not several and listed:
        name, text = listed[0]
        raise ConfigError(
            f"{name} is text, in which a comma is only a comma, so compare finds no choices in {text!r}. Carry each "
            "out by itself with backfire run: the same seed is the same luck."
        )
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


def factors_of(words: Sequence[str]) -> tuple[list[Factor], list[str]]:
    """Return what varies in a sweep, and the words that hold for all of it.

    Raises
    ------
    ConfigError
        A name that varies is given twice, or cannot vary, or a value cannot be read.
    """
    factors: list[Factor] = []
    fixed: list[str] = []
    given = [word.partition("=")[0].strip().lstrip("+") for word in words]
    files = [word for word, name in zip(words, given, strict=True) if name == EXTENSIONS]
    own = own_table(extensions_of(files))
    for word, name in zip(words, given, strict=True):
        if name == "vary":
            factors += _varied(word, given, own)
            continue
        values = _values_of(word, name, own, files)
        if values is None:
            fixed.append(word)
            continue
        if given.count(name) > 1:
            raise ConfigError(f"{name} is named twice, and varies; name all its values in one word, as {name}=A,B.")
        if name.partition(".")[0] in _HOW_GROUPS:
            raise ConfigError(f"{name} says how a study is made and cannot vary in it; got {word!r}.")
        factors.append(values)
    return factors, fixed


def _varied(word: str, given: Sequence[str], own: Mapping[str, Field]) -> list[Factor]:
    """Return the factors of ``vary=[name,name]``, over their spans in the parameter table."""
    inside = word.partition("=")[2].strip().strip("[]()")
    names = [part.strip() for part in inside.split(",") if part.strip()]
    if not names or given.count("vary") > 1:
        raise ConfigError(
            f"vary takes one list of names, such as vary=[post.openness,people.grievance_mean]; got {word!r}."
        )
    for name in names:
        if names.count(name) > 1 or name in given:
            raise ConfigError(f"{name} is named twice, and varies; name it in vary or with its values, not both.")
        if name in _HOW_GROUPS:
            raise ConfigError(f"{name} says how a study is made and cannot vary in it; got {word!r}.")
    return [spanned(name, own) for name in names]


def _values_of(word: str, name: str, own: Mapping[str, Field], files: Sequence[str]) -> Factor | None:
    """Return the values that a word names, None if it names one."""
    text = word.partition("=")[2].strip()
    if name not in STUDY_KEYS and text.startswith(("range(", "choice(", "interval(")):
        choices = _swept(word, name, own)
        if isinstance(choices, Factor):
            return choices
    else:
        choices = choices_of(word)
        if len(choices) == 1:
            return None
    if len(choices) > MOST_POINTS:
        raise ConfigError(f"{name} names more than {MOST_POINTS:,} values; take a larger step, or name fewer.")
    values = [read_value(name, choice, files) for choice in choices]
    seen: set[Any] = set()
    for value in values:
        key = value if isinstance(value, Hashable) else repr(value)
        if key in seen:
            raise ConfigError(f"{name} names {value!r} twice; name each value once.")
        seen.add(key)
    return Factor(name, tuple(values))


def _swept(word: str, name: str, own: Mapping[str, Field]) -> list[str] | Factor:
    """Return the words that ``range(...)`` or ``choice(...)`` stands for, or the factor of an interval."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import IntervalSweep, RangeSweep
    from hydra.errors import HydraException

    try:
        override = OverridesParser.create().parse_override(word)
        value = override.value()
        if isinstance(value, IntervalSweep):
            return over(name, float(value.start or 0.0), float(value.end or 0.0), own)
        if isinstance(value, RangeSweep):
            return [f"{name}={each}" for each in _steps(value.start or 0, value.stop, value.step)]
        return [f"{name}={text}" for text in islice(override.sweep_string_iterator(), MOST_POINTS + 1)]
    except ConfigError:
        raise
    except (HydraException, ValueError, TypeError, ArithmeticError, RecursionError) as problem:
        said = str(problem).strip().partition("\n")[0]
        raise ConfigError(
            f"{name} cannot be read, got {word.partition('=')[2]!r} ({said}); write {name}=range(START,STOP,STEP), "
            f"STOP left out, or {name}=A,B."
        ) from None


def _steps(start: float, stop: float | None, step: float) -> list[str]:
    """Return the numbers from start in steps, stop left out, in decimals: 0.1 + 0.2 is 0.3."""
    first, last, stride = (Decimal(str(number)) for number in (start, stop, step))
    if stride == 0:
        raise ValueError("a step of 0 leads nowhere")
    count = max(0, math.ceil((last - first) / stride))
    return [str(first + number * stride) for number in range(min(count, MOST_POINTS + 1))]


def read_value(name: str, word: str, files: Sequence[str] = ()) -> Any:
    """Return the one value of a word: a group's file, text, or a value in Hydra's grammar.

    Parameters
    ----------
    files : sequence of str
        The word that names the user's own files, if there is one.
    """
    words = read_words([*files, word])
    if name in GROUPS:
        return words.groups[name]
    return words.text[name] if name in words.text else value_of(name, words.values[name])
