"""What a configuration names of a user's own files: rules by name, their parameters, and the files by content.

``extensions`` holds the sha256 of each file beside its path, so that whatever is named by a configuration's hash
(manifest, ledger, replay) is named by the files' content too. Parameters that nobody gives are filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError, create_model
from pydantic.fields import FieldInfo

from sim.config.agency import MOVES
from sim.config.fields import Real, Section
from sim.config.network import KINDS as NETWORKS
from sim.config.newsroom import LAGGED
from sim.config.reaction import RULES
from sim.config.sentences import sentence_of
from sim.errors import ConfigError
from sim.extensions.files import KINDS, Own, load, owns

CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "reaction": ("rule", RULES),
    "network": ("kind", NETWORKS),
    "newsroom": ("rule", (LAGGED,)),
}
"""By section: the field that names a rule, and the built-in ones."""


def chosen(raw: Mapping[str, Any], kind: str, files: Mapping[str, str]) -> list[Own]:
    """Return the user's own functions of one kind that a configuration names.

    Parameters
    ----------
    raw : mapping
        A configuration, plain.
    kind : {"reaction", "network", "newsroom", "policy", "outcome"}
    files : mapping of path to sha256
    """
    own = owns(files, kind)
    if kind == "outcome":
        return [own[name] for name in raw.get("outcomes") or ()]
    section = _plain(raw.get(kind))
    if kind == "policy":
        named = dict.fromkeys(_plain(rule).get("when") for rule in section.get("rules") or ())
    else:
        named = dict.fromkeys([section.get(CHOICES[kind][0])])
    return [own[name] for name in named if name in own]


def _plain(section: Any) -> dict[str, Any]:
    """Return a section as plain values; what is neither given nor a section is left to its own checks."""
    if isinstance(section, BaseModel):
        return section.model_dump()
    return dict(section) if isinstance(section, Mapping) else {}


def with_own(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration in which what it names of the user's own files is resolved.

    Raises
    ------
    ConfigError
        A file, a name or a parameter that cannot be.
    """
    files = named_files(raw.get("extensions"))
    found = {**raw, "extensions": files}
    for kind in ("reaction", "network", "newsroom", "policy"):
        if not files and _is_built_in(kind, raw.get(kind)):
            continue
        _check_names(kind, files)
        section = _plain(raw.get(kind))
        if not section:
            continue
        if kind == "policy":
            _check_policy(section, owns(files, kind))
        else:
            _check_choice(kind, section, files)
        rules = chosen(raw, kind, files)
        if rules or section.get("own"):
            found[kind] = {**section, "own": _filled(kind, section.get("own") or {}, rules, files)}
    found["outcomes"] = _outcomes(raw.get("outcomes"), files)
    return found


def _is_built_in(kind: str, section: Any) -> bool:
    """Tell whether a section that has been checked names nothing of a user's own: of a copy, most have not changed."""
    if not isinstance(section, BaseModel) or getattr(section, "own", None):
        return False
    if kind == "policy":
        return all(rule.when is None for rule in getattr(section, "rules", ()))
    field, built_in = CHOICES[kind]
    return getattr(section, field, None) in built_in


def named_files(given: Any) -> dict[str, str]:
    """Return the sha256 of the files that are named: as a list, as text (``[a.py,b.py]``), or with their sha256.

    Raises
    ------
    ConfigError
        It is none of these, or a file cannot be read or holds something else now.
    """
    if given is None or isinstance(given, Mapping):
        return {str(path): load(str(path), str(sha256)).sha256 for path, sha256 in (given or {}).items()}
    if isinstance(given, str):
        given = [part.strip().strip("'\"") for part in given.strip().strip("[]").split(",")]
    if not isinstance(given, (list, tuple)) or not all(isinstance(path, str) for path in given):
        raise ConfigError(f"extensions must be a list of Python files, got {given!r}; write extensions=[my_rules.py].")
    return {path: load(path).sha256 for path in given if path}


def _check_names(kind: str, files: Mapping[str, str]) -> None:
    """Refuse a name that a built-in rule has."""
    taken = ("silent",) if kind == "policy" else CHOICES[kind][1]
    for name, own in owns(files, kind).items():
        if name in taken or (kind == "policy" and name in MOVES):
            raise own.wrong(f"{name!r} is the name of a built-in {KINDS[kind]}; give yours another one.")


def _unknown(name: str, seen: object, known: Iterable[str], files: Mapping[str, str]) -> ConfigError:
    """Return the error for a rule that is nowhere."""
    names = list(known)
    near = get_close_matches(str(seen), names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    if not files and not near:
        hint = " One of your own is found by its file: extensions=[my_rules.py]."
    listed = f"must be one of {', '.join(names)}" if names else "has nothing to name"
    return ConfigError(f"{name} {listed}; got {seen!r}.{hint}")


def _check_choice(kind: str, section: Mapping[str, Any], files: Mapping[str, str]) -> None:
    """Refuse a name that neither Backfire nor the user's files have."""
    field, built_in = CHOICES[kind]
    known = [*built_in, *owns(files, kind)]
    name = section.get(field)
    if isinstance(name, str) and name not in known:
        raise _unknown(f"{kind}.{field}", name, known, files)


def _check_policy(section: Mapping[str, Any], own: Mapping[str, Own]) -> None:
    """Refuse a rule that waits for a policy that is not there, or for a move that this one never makes."""
    rules = section.get("rules")
    for number, each in enumerate(rules if isinstance(rules, (list, tuple)) else ()):
        rule = _plain(each)
        when = rule.get("when")
        if when is None:
            continue
        if when not in own:
            raise _unknown(f"policy.rules[{number}].when", when, own, {})
        moves = own[when].mark.facts["moves"]
        if rule.get("move") not in moves:
            raise ConfigError(
                f"policy.rules[{number}].move must be one that {when} makes ({', '.join(moves)}); "
                f"got {rule.get('move')!r}."
            )


def _filled(kind: str, given: Any, rules: list[Own], files: Mapping[str, str]) -> dict[str, float]:
    """Return the parameters of the rules that are named: those given, checked, and the defaults of the others."""
    if not isinstance(given, Mapping):
        raise ConfigError(f"{kind}.own must be a group of values ({{name: value, ...}}), got {given!r}.")
    known = {name for own in owns(files, kind).values() for name in own.mark.parameters}
    for name in given:
        if name not in known:
            raise _unknown(f"a name in {kind}.own", name, sorted(known), files)
    found: dict[str, float] = {}
    for own in rules:
        mine = {name: value for name, value in given.items() if name in own.mark.parameters}
        try:
            values = _section_of(own).model_validate(mine).model_dump()
        except ValidationError as problem:
            raise _broken(kind, problem) from None
        for name, value in values.items():
            if found.setdefault(name, value) != value:
                raise own.wrong(f"parameter {name!r} of {own.name} has another default in another policy; rename it.")
    return found


def _broken(kind: str, problem: ValidationError) -> ConfigError:
    """Return the sentence for a parameter that breaks its rule."""
    error = problem.errors(include_url=False)[0]
    return ConfigError(sentence_of({**error, "loc": (kind, "own", *error["loc"])}))


@cache
def _section_of(own: Own) -> type[Section]:
    """Return the section that the parameters of one function make up."""
    fields: dict[str, Any] = {name: (Real, field) for name, field in own.mark.parameters.items()}
    return create_model(own.name, __base__=Section, **fields)


def _outcomes(given: Any, files: Mapping[str, str]) -> dict[str, str]:
    """Return the unit of each outcome that is named.

    Raises
    ------
    ConfigError
        There is none of that name.
    """
    if isinstance(given, str):
        given = [part.strip() for part in given.strip("[]").split(",") if part.strip()]
    own = owns(files, "outcome") if given else {}
    for name in given or ():
        if name not in own:
            raise _unknown("outcomes", name, own, files)
    return {name: str(own[name].mark.facts["unit"]) for name in given or ()}


def own_fields(raw: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, FieldInfo]:
    """Return what the files say of each own parameter that a configuration holds, by dotted name."""
    return {
        f"{kind}.own.{name}": field
        for kind in ("reaction", "network", "newsroom", "policy")
        for own in chosen(raw, kind, files)
        for name, field in _section_of(own).model_fields.items()
    }
