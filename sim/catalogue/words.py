"""What the words of a command line mean: which parameter each one names, and how its value is read.

The grammar is Hydra's (``name=value``, ``+name=value``, ``~name``), read word by word so that a mistake is
told with its own word. Three kinds are told apart: groups (``policy=withdraw``), text (paths and names, taken
as they stand, with blanks, ``=``, brackets and umlauts), and values (numbers, yes or no, lists: Hydra's grammar).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from sim.catalogue.case import is_file
from sim.catalogue.groups import EXECUTOR_SETTINGS, GROUPS, STUDY_KEYS, choices
from sim.config.fields import Section
from sim.config.own import CHOICES, named_files
from sim.config.paths import path_of
from sim.config.root import Configuration
from sim.errors import ConfigError, unknown_name
from sim.extensions.files import KINDS, owns

_STUDY_TEXT = ("results", "study", "record", "uncertainty")
_NOTHING = ("null", "")
EXTENSIONS = "extensions"


@dataclass(frozen=True)
class Words:
    """The words of one command, sorted by kind.

    Attributes
    ----------
    groups : dict of str to str or None
        Chosen file by group; None chooses none.
    values : dict of str to str
        Words in Hydra's grammar by dotted name, the last one said.
    text : dict of str to str or None
        Text by dotted name, as it stands.
    dropped : tuple of str
        Dotted names whose value is given back to the parameter table (``~name``).
    own : dict of str to dict
        Content of the groups for which something of the user's own was chosen.
    """

    groups: dict[str, str | None]
    values: dict[str, str]
    text: dict[str, str | None]
    dropped: tuple[str, ...]
    own: dict[str, dict[str, Any]] = field(default_factory=dict)

    def sets(self, name: str) -> bool:
        """Say whether a single value is given for this dotted name."""
        return name in self.values or name in self.text


def dotted_names(section: type[Section] = Configuration, above: str = "") -> Iterator[str]:
    """Yield the dotted name of every single parameter of the table."""
    for name, row in section.model_fields.items():
        kind = row.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from dotted_names(kind, f"{above}{name}.")
        else:
            yield above + name


def _annotation(name: str) -> Any:
    """Return the annotation of a dotted name.

    Raises
    ------
    ConfigError
        If the table has no such parameter; it lists what there is and the nearest name.
    """
    if name in STUDY_KEYS:
        return str if name in _STUDY_TEXT else object
    if name.startswith("executor."):
        if name not in EXECUTOR_SETTINGS:
            raise _unknown(name, "executor", sorted(each.partition(".")[2] for each in EXECUTOR_SETTINGS))
        return EXECUTOR_SETTINGS[name]
    kind: Any = Configuration
    parts = name.split(".")
    for depth, part in enumerate(parts):
        fields = kind.model_fields if isinstance(kind, type) and issubclass(kind, Section) else {}
        if parts[depth - 1] == "own" and depth == 2 and len(parts) == 3:
            return float  # a parameter of a rule of the user's own, checked with its file
        if part not in fields:
            raise _unknown(name, ".".join(parts[:depth]), sorted(fields))
        kind = fields[part].annotation
    return kind


def _unknown(name: str, section: str, known: Sequence[str]) -> ConfigError:
    """Return the error for a name that is no parameter."""
    everything = [*dotted_names(), *STUDY_KEYS, *EXECUTOR_SETTINGS]
    leaf = name.rsplit(".", 1)[-1]
    near = [each for each in everything if each.rsplit(".", 1)[-1] == leaf]
    near = near or get_close_matches(name, [*everything, *GROUPS], n=1, cutoff=0.75)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    if not known and section:
        return ConfigError(f"{name} is not a parameter; {section} is a single value without parts.{hint}")
    if not section:
        known = sorted({*Configuration.model_fields, *STUDY_KEYS, *GROUPS})
    return ConfigError(f"{name} is not a parameter; {section or 'the configuration'} has: {', '.join(known)}.{hint}")


def _is_text(kind: Any) -> bool:
    """Say whether values of this annotation are words, not numbers."""
    if get_origin(kind) is Literal or kind is str:
        return True
    return any(part is str for part in get_args(kind)) and get_origin(kind) is not dict


def plain_text(value: str) -> str | None:
    """Return text without the quotes that Hydra's grammar would ask for; None for null."""
    text = value.strip()
    if text in _NOTHING:
        return None
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return value


def extensions_of(overrides: Sequence[str]) -> dict[str, str]:
    """Return the sha256 of the user's own files that a command names, by path.

    Raises
    ------
    ConfigError
        A file that cannot be read, or is wrong.
    """
    named = [word.partition("=")[2] for word in overrides if word.lstrip("+").partition("=")[0].strip() == EXTENSIONS]
    return named_files(named[-1]) if named else {}


def _own_choice(group: str, value: str | None, files: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the content of a group for which something of the user's own is chosen; None if it is not.

    That is a rule by its name (``reaction=my_rule``), or a YAML file of the user's own (``policy=my_policy.yaml``).
    """
    if value is None or group not in Configuration.model_fields or group == "case":
        return None
    if value.endswith((".yaml", ".yml")):
        return _yaml(group, value)
    if group not in KINDS or value not in (found := owns(files, group)):
        return None
    if group == "policy":
        return {"name": value, "rules": [{"move": move, "when": value} for move in found[value].mark.facts["moves"]]}
    return {CHOICES[group][0]: value}


def _yaml(group: str, path: str) -> dict[str, Any]:
    """Return the content of a user's own YAML file for a group.

    Raises
    ------
    ConfigError
        It cannot be read, or is no group of values.
    """
    import yaml

    try:
        content = yaml.safe_load(path_of(path).read_text(encoding="utf-8"))
    except OSError as problem:
        raise ConfigError(f"{group} must name a file that can be read, got {path!r}: {problem.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", 0) + 1
        raise ConfigError(f"{path}, line {line}: this is no YAML; write it as the files in conf/{group}.") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: must be a group of values (name: value, a line each), got {content!r}.")
    named = {"name": path_of(path).stem} if group == "policy" else {}
    return named | {str(name): part for name, part in content.items()}


def _choice(group: str, value: str, files: Mapping[str, str]) -> str | None:
    """Return the chosen file of a group, None for none.

    Raises
    ------
    ConfigError
        If it does not exist, or if several are named where one is meant.
    """
    name = plain_text(value)
    if name is None or (group == "case" and is_file(name)):
        return name
    known = (*choices(group), *(owns(files, group) if group in KINDS else ()))
    if not known:
        raise ConfigError(f"{group} has no choices yet; got {group}={value}. Leave it out.")
    if name not in known:
        if any(mark in value for mark in ",[("):
            raise ConfigError(
                f"{group} takes one choice here, got {value!r}; name one of {', '.join(known)}, "
                f"or compare several with: backfire compare {group}=A,B"
            )
        if "{" in value:
            raise ConfigError(f"{group} takes a name, got {value!r}; set single values as {group}.NAME=VALUE.")
        raise unknown_name(group, name, known)
    return name


def _split(word: object) -> tuple[str, str | None, bool]:
    """Return (dotted name, value, whether it is dropped) of one word."""
    if not isinstance(word, str):
        raise ConfigError(f"an override must be text such as 'post.openness=0.2', got {word!r}.")
    if "\0" in word or any("\ud800" <= letter <= "\udfff" for letter in word):
        raise ConfigError(f"a word must be text in UTF-8 without null bytes, got {word!r}; write or rename it so.")
    dropped = word.startswith("~")
    name, equals, value = word.removeprefix("~").lstrip("+").partition("=")
    name = name.strip()
    if dropped and equals:
        raise ConfigError(f"~{name} takes no value, got {word!r}; write ~{name} alone.")
    if not name or not (dropped or equals):
        raise ConfigError(f"{word!r} is not of the form name=value, such as case=my_nypd or post.openness=0.2.")
    return name, value if equals else None, dropped


def read_words(overrides: Sequence[str]) -> Words:
    """Sort the words of a command by kind.

    Parameters
    ----------
    overrides : sequence of str
        Words such as ``case=my_nypd``, ``post.openness=0.2``, ``network.path=/tmp/a b.tsv``.

    Raises
    ------
    ConfigError
        For words of another form, unknown names, unknown choices, and groups named twice.
    """
    if isinstance(overrides, str):
        raise ConfigError(f"overrides must be a list of words, got the text {overrides!r}; write [{overrides!r}].")
    words = Words({}, {}, {}, ())
    gone: list[str] = []
    files = extensions_of([word for word in overrides if isinstance(word, str)])
    for word in overrides:
        name, value, dropped = _split(word)
        if name in GROUPS:
            own = _own_choice(name, None if value is None else plain_text(value), files)
            chosen = None if value is None else plain_text(value) if own else _choice(name, value, files)
            if words.groups.get(name, chosen) != chosen:
                raise ConfigError(f"{name} is named twice, as {words.groups[name]!r} and {chosen!r}; name it once.")
            words.groups[name] = chosen
            if own:
                words.own[name] = own
            continue
        kind = _annotation(name)
        words.text.pop(name, None)
        words.values.pop(name, None)
        if dropped:
            gone.append(name)
        elif _is_text(kind) or name == EXTENSIONS:
            words.text[name] = plain_text(str(value))
        else:
            words.values[name] = f"{name}={value}"
    return Words(words.groups, words.values, words.text, tuple(gone), words.own)
