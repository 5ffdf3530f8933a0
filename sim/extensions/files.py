"""A user's own file: read, hashed, carried out once, and what it marks for Backfire found in it by name.

A file is known by its content: two processes that load the same sha256 have the same rules. What is marked
(``sim.extend``) stands in the file itself; there is no list of rules beside it. A mistake is told in one
sentence with file, line and what to do.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any

from pydantic.fields import FieldInfo

from sim.errors import ConfigError

KINDS = {
    "reaction": "reaction rule",
    "network": "network",
    "policy": "policy",
    "newsroom": "newsroom",
    "outcome": "outcome",
}
"""What can be one's own, and how it is called."""
MARK = "__backfire__"
SHIPPED = "backfire:"
"""What the names of files begin with that travel with Backfire, in ``experiments/``."""
_LOADED: dict[tuple[str, str], Extension] = {}
_LOADING: set[str] = set()
_LOCK = RLock()


@dataclass(frozen=True)
class Mark:
    """What a decorator of ``sim.extend`` says of a function.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    parameters : mapping of name to FieldInfo
        Its own parameters, each with default, unit, range, role and source.
    facts : mapping
        What else there is to know: an outcome's unit, a policy's moves.
    """

    kind: str
    parameters: Mapping[str, FieldInfo]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Own:
    """A function that a user's file adds.

    Attributes
    ----------
    name : str
        Its name in the configuration, that of the function.
    mark : Mark
    function : callable
        As the file defines it.
    path, sha256 : str
        The file.
    """

    name: str
    mark: Mark
    function: Callable[..., Any]
    path: str
    sha256: str

    @property
    def plain(self) -> Callable[..., Any]:
        """The function before it is compiled."""
        found: Callable[..., Any] = getattr(self.function, "py_func", self.function)
        return found

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """Names of its arguments."""
        return tuple(inspect.signature(self.plain).parameters)

    def line_of(self, problem: BaseException) -> int | None:
        """Return the last line of the file that an error came by; None if it came by none."""
        return _line_of(problem, Path(self.plain.__code__.co_filename))

    def wrong(self, sentence: str, line: int | None = None) -> ConfigError:
        """Return the error that tells where something is wrong, and what."""
        return at_line(self.path, line or self.plain.__code__.co_firstlineno, sentence)


@dataclass(frozen=True)
class Extension:
    """What one file adds: functions by kind and name."""

    path: str
    sha256: str
    own: Mapping[tuple[str, str], Own]


def at_line(path: str, line: int, sentence: str) -> ConfigError:
    """Return the error for a place in a user's file."""
    return ConfigError(f"{path}, line {line}: {sentence}")


def place_of(path: str) -> Path:
    """Return where a file of rules lies: as seen from here, or after ``backfire:`` among Backfire's own experiments."""
    if path.startswith(SHIPPED):
        return Path(str(files("sim.experiments"))) / path.removeprefix(SHIPPED)
    return Path(path).expanduser()


def load(path: str, sha256: str | None = None) -> Extension:
    """Return what a file adds; it is carried out once for each content.

    Parameters
    ----------
    path : str
        As the configuration names it.
    sha256 : str, optional
        The content that is meant; what the file holds now if left out.

    Raises
    ------
    ConfigError
        The file is missing or holds something else now, or there is a mistake in it.
    """
    with _LOCK:
        if sha256 is not None and (path, sha256) in _LOADED:
            return _LOADED[path, sha256]
        try:
            place = place_of(path)
            source = place.read_bytes()
        except (OSError, RuntimeError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem)
            raise ConfigError(
                f"extensions must name Python files that can be read, got {path!r}: {reason}; "
                "name the file as it is seen from the folder in which the command is started."
            ) from None
        now = hashlib.sha256(source).hexdigest()
        if sha256 is not None and now != sha256:
            raise ConfigError(
                f"extensions: {path} has changed since (sha256 {sha256[:12]} then, {now[:12]} now); bring the file of "
                "then back, or name it anew for another study."
            )
        if (path, now) not in _LOADED:
            _LOADED[path, now] = _carried_out(path, place.absolute(), source, now)
        return _LOADED[path, now]


def _carried_out(path: str, place: Path, source: bytes, sha256: str) -> Extension:
    """Carry out a file and return what it marks."""
    if str(place) in _LOADING:
        raise ConfigError(
            f"extensions: {path} names itself while it is read; put what it does besides under "
            'if __name__ == "__main__".'
        )
    name = f"backfire_own_{sha256[:16]}"
    module = ModuleType(name)
    module.__file__ = str(place)
    _LOADING.add(str(place))
    sys.modules[name] = module
    try:
        exec(compile(source, str(place), "exec"), module.__dict__)
    except SyntaxError as problem:
        del sys.modules[name]
        raise at_line(path, problem.lineno or 1, f"{problem.msg}; mend the file.") from None
    except ConfigError as problem:
        del sys.modules[name]
        raise at_line(path, _line_of(problem, place) or 1, str(problem)) from None
    except (Exception, SystemExit) as problem:  # noqa: BLE001 - a user's file may raise anything
        del sys.modules[name]
        raise at_line(path, _line_of(problem, place) or 1, _told(problem, place)) from None
    finally:
        _LOADING.discard(str(place))
    return Extension(path, sha256, _marked(module, path, place, sha256))


def _line_of(problem: BaseException, place: Path) -> int | None:
    """Return the last line of a file that an error came by; None if it came by none."""
    lines = [step.lineno for step in traceback.extract_tb(problem.__traceback__) if step.filename == str(place)]
    return lines[-1] if lines else None


def _told(problem: BaseException, place: Path) -> str:
    """Return what went wrong while a file was carried out, and what to do."""
    said = " ".join(f"{type(problem).__name__}: {problem}".split())[:200]
    if isinstance(problem, ImportError) and problem.name and (place.parent / f"{problem.name}.py").exists():
        return (
            f"{said}; an extension is one file, so that its hash covers all of it: put what it needs of "
            f"{problem.name}.py into it."
        )
    return f"{said}; mend the file."


def _marked(module: ModuleType, path: str, place: Path, sha256: str) -> dict[tuple[str, str], Own]:
    """Return the marked functions of a module, by kind and name."""
    found: dict[tuple[str, str], Own] = {}
    for value in list(vars(module).values()):
        mark = getattr(value, MARK, None) if callable(value) else None
        if not isinstance(mark, Mark):
            continue
        name = str(getattr(value, "__name__", ""))
        own = Own(name, mark, value, path, sha256)
        if Path(own.plain.__code__.co_filename) != place:
            continue  # another file's, imported here
        _check_arguments(own)
        found[mark.kind, name] = own
    return found


def _check_arguments(own: Own) -> None:
    """Refuse arguments that have no name of their own, and parameters that no argument takes."""
    for argument in inspect.signature(own.plain).parameters.values():
        if argument.kind is not argument.POSITIONAL_OR_KEYWORD:
            raise own.wrong(f"{own.name} takes {argument} in a way of its own; write plain arguments, one by one.")
    unused = [name for name in own.mark.parameters if name not in own.arguments]
    if unused:
        raise own.wrong(f"{own.name} has a parameter {unused[0]!r} that it does not take; name it as an argument too.")


def check_given(own: Own, given: Iterable[str]) -> None:
    """Refuse arguments that a function of this kind is not given.

    Parameters
    ----------
    given : iterable of str
        What it is given besides its own parameters.

    Raises
    ------
    ConfigError
    """
    known = sorted(given)
    for name in own.mark.parameters:
        if name in known:
            raise own.wrong(f"{own.name} has a parameter {name!r}, which is the name of what it is given; rename it.")
    for name in own.arguments:
        if name not in known and name not in own.mark.parameters:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise own.wrong(
                f"{own.name} takes an argument {name!r}, which a {KINDS[own.mark.kind]} is not given; it is given "
                f"{', '.join(known)}, and its own parameters.{hint}"
            )


def owns(files: Mapping[str, str], kind: str) -> dict[str, Own]:
    """Return what some files add of one kind, by name.

    Parameters
    ----------
    files : mapping of path to sha256

    Raises
    ------
    ConfigError
        Two files add the same name.
    """
    found: dict[str, Own] = {}
    for path, sha256 in files.items():
        for (its_kind, name), own in load(path, sha256).own.items():
            if its_kind != kind:
                continue
            if name in found:
                raise own.wrong(f"{found[name].path} has a {KINDS[kind]} {name!r} too; rename one of them.")
            found[name] = own
    return found
