"""A user's function as machine code at an address: compiled by itself, once for each content of its file.

The engine calls it with numbers alone (``sim.engine.own_calls``); a few generated lines hand on those that the
function names. They are kept on disk under a name that holds the sha256 of the user's file, beside the kernels of
this version of ``sim``: another process finds them, and an edited file never finds old ones.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
from numba import carray, types

from sim.compiled import KERNEL_CACHE, kept, kernel
from sim.extensions.files import KINDS, Own, check_given

FAILED = -(1 << 62)
"""What comes back of a function that raised an error, or gave what it may not give."""
_TYPES = {"reals": types.CPointer(types.float64), "real": types.float64, "whole": types.int64, "flag": types.int64}
_LOCK = RLock()
_ENTRIES: dict[tuple[str, ...], int] = {}
_ALIVE: list[Any] = []
"""What lies at the addresses, for as long as the process lives."""


@dataclass(frozen=True)
class Interface:
    """What the engine hands to a function of one kind.

    Attributes
    ----------
    kind : str
    gives : str
        What the function gives back, in words.
    passed : mapping of name to kind
        In order: ``reals`` (where an array of float64 lies), ``real``, ``whole`` or ``flag`` (0 or 1).
    sizes : mapping of name to int
        Lengths of the arrays.
    parts : mapping of name to (array, place)
        Elements of the arrays that have names of their own.
    """

    kind: str
    gives: str
    passed: Mapping[str, str]
    sizes: Mapping[str, int]
    parts: Mapping[str, tuple[str, int]]

    @cached_property
    def given(self) -> dict[str, str]:
        """What a function can name, and how the generated lines write it."""
        found = {name: f"{name} != 0" if kind == "flag" else name for name, kind in self.passed.items()}
        del found["own"]
        return found | {name: f"{array}[{place}]" for name, (array, place) in self.parts.items()}

    @property
    def types(self) -> tuple[Any, ...]:
        """The types that are passed; a whole number comes back."""
        return tuple(_TYPES[kind] for kind in self.passed.values())


def address(own: Own, interface: Interface) -> int:
    """Return where the compiled function lies; it stays there as long as the process lives.

    Raises
    ------
    ConfigError
        It names what it is not given, cannot be compiled, or gives back no whole number.
    """
    key = (own.sha256, own.path, own.mark.kind, own.name)
    with _LOCK:
        if key not in _ENTRIES:
            _ENTRIES[key] = _address_of(own, interface)
        return _ENTRIES[key]


def _address_of(own: Own, interface: Interface) -> int:
    """Return the address of a function's compiled entry."""
    check_given(own, interface.given)
    _refuse_ambient_luck(own)
    rule = own.function if hasattr(own.function, "py_func") else kernel(own.function, inline=True, inner=True)
    text = _text(own, interface)
    path = _kept_source(own, text)
    space: dict[str, Any] = {"rule": rule, "carray": carray, "np": np}
    exec(compile(text, str(path or f"<{own.name}>"), "exec"), space)
    entry = kernel(space["entry"], inline=True, keep=False)  # its address is asked for
    cache = None if path is None else kept(space["entry"])
    if cache is not None:
        entry._cache = cache
    try:
        entry.compile(interface.types)
    except Exception as problem:  # noqa: BLE001 - the compiler may fail in any way on what a user wrote
        _check_result(own, interface, rule)
        raise _not_compiled(own, problem) from None
    _check_result(own, interface, rule)
    _ALIVE.append(entry)
    code = entry.overloads[interface.types]
    return int(code.library.get_pointer_to_function(code.fndesc.llvm_func_name))


def _text(own: Own, interface: Interface) -> str:
    """Return the generated lines of an entry: what is passed, handed on by name, and checked when it comes back."""
    places = {name: f"own[{place}]" for place, name in enumerate(own.mark.parameters)}
    given = ", ".join((places | interface.given)[name] for name in own.arguments)
    sizes = {**interface.sizes, "own": len(places)}
    arrays = [name for name, kind in interface.passed.items() if kind == "reals"]
    used = [name for name in arrays if re.search(rf"\b{name}\b", given)]
    allowed = own.mark.facts.get("allowed")
    lines = [
        f"# {KINDS[own.mark.kind]} {own.name} of a file with sha256 {own.sha256}",
        f"def entry({', '.join(f'{name}_at' if name in arrays else name for name in interface.passed)}):",
        *(f"    {name} = carray({name}_at, {sizes[name]})" for name in used),
        f"    result = np.int64(rule({given}))",
        *([] if allowed is None else [f"    if result not in {tuple(allowed)}:", f"        result = {FAILED}"]),
        "    return result",
    ]
    return "\n".join(lines) + "\n"


def _kept_source(own: Own, text: str) -> Path | None:
    """Write the generated lines where compiled code is kept, and return the file; None if nothing can be kept."""
    if KERNEL_CACHE is None:
        return None
    name = hashlib.sha256(f"{own.path}:{own.name}:{text}".encode()).hexdigest()
    path = KERNEL_CACHE / "own" / own.sha256[:32] / f"{own.name}_{name[:16]}.py"
    try:
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as stream:
                stream.write(text)
            os.replace(stream.name, path)
    except OSError:
        return None
    return path


def _refuse_ambient_luck(own: Own) -> None:
    """Refuse a rule that draws luck of its own: results would depend on the order of rows."""
    code = own.plain.__code__
    if {"random", "default_rng"} & {*code.co_names}:
        raise own.wrong(
            f"{own.name} draws luck of its own; take the draw that it is given (a number in [0, 1) that belongs to "
            "this decision) and, for more than one, another(draw, 1) of sim.extend."
        )


def _not_compiled(own: Own, problem: Exception) -> Exception:
    """Return the sentence for a function that numba cannot compile."""
    said = re.sub(r"\x1b\[[0-9;]*m", "", str(problem))
    here = [int(line) for file, line in re.findall(r'File "([^"]*)", line (\d+)', said)
            if Path(file).name == Path(own.path).name]  # fmt: skip
    lines = [line.strip() for line in said.splitlines()]
    useless = ("Failed in", "During", "File", "Internal error", "There are", "- ", "<source", ">>>", "^")
    reason = next((line for line in lines if line and not line.startswith(useless)), type(problem).__name__)
    hint = "write it with numbers, if and while, math and the functions of sim.extend"
    if "class 'function'" in said or "type(CPUDispatcher" in said:
        hint = "write @compiled (of sim.extend) above the function that it calls"
    return own.wrong(f"{own.name} cannot be compiled: {reason[:200].rstrip('.')}; {hint}.", here[-1] if here else None)


def _check_result(own: Own, interface: Interface, rule: Any) -> None:
    """Refuse a function that gives back no whole number (what was kept was checked when it was compiled)."""
    for signature in getattr(rule, "nopython_signatures", ()):
        kind = signature.return_type
        if isinstance(kind, types.Integer):
            continue
        if isinstance(kind, (types.Optional, types.NoneType)):
            raise own.wrong(f"{own.name} gives nothing back on some way through it; give {interface.gives} on each.")
        raise own.wrong(f"{own.name} must give {interface.gives}, a whole number; it gives {kind}.")
