"""Where compiled kernels live: a cache that can never be stale, and one decorator for all.

Numba checks only a kernel's own file, so an edited rule in another module would give stale results in
silence. Its cache therefore goes to a user cache folder named by the sha256 of every module of ``sim``
and by numba's version. Nothing is compiled with fastmath: results are the same on every machine.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import config as _numba_config


def source_fingerprint() -> str:
    """Return the sha256 (hex) over the names and contents of all Python files of ``sim``."""
    root = Path(__file__).resolve().parent
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_home() -> Path:
    """Return the user's cache folder of Backfire (``BACKFIRE_CACHE``, else the platform's habit)."""
    given = os.environ.get("BACKFIRE_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "backfire"


def _writable(folder: Path) -> bool:
    """Tell whether files can be made in ``folder`` (made first if need be)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _spare_home() -> Path | None:
    """Return a folder below the machine's temporary one that nobody else can write to; None if there is none."""
    try:
        folder = Path(tempfile.gettempdir()) / f"backfire-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        state = folder.lstat()
    except OSError:
        return None
    # whoever writes there decides what code is run
    mine = stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o022
    return folder if mine else None


def _kernel_cache() -> Path | None:
    """Return the folder for this version's kernels; None if nothing can be written anywhere."""
    name = f"kernels-{source_fingerprint()[:16]}"
    home = cache_home()
    if _writable(home / name):
        return home / name
    spare = _spare_home()
    found = spare / name if spare is not None and _writable(spare / name) else None
    instead = f"it is kept in {found.parent}" if found else "each start compiles anew, for about half a minute"
    print(
        f"Compiled code cannot be kept in {home}, so {instead}; name a writable folder in BACKFIRE_CACHE.",
        file=sys.stderr,
    )
    return found


KERNEL_CACHE = _kernel_cache()
if KERNEL_CACHE is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(KERNEL_CACHE)
    _numba_config.CACHE_DIR = str(KERNEL_CACHE)


def kernel(function: Callable[..., Any] | None = None, *, inline: bool = False, inner: bool = False) -> Any:
    """Compile ``function`` without the interpreter lock, without fastmath, kept in the cache.

    Parameters
    ----------
    inline : bool
        Let the compiler copy the function into its callers (for short scalar rules).
    inner : bool
        Called by other kernels alone: it has no entry from Python and is kept with its callers,
        which halves the time of the first compilation.
    """

    def decorate(plain: Callable[..., Any]) -> Any:
        options: dict[str, Any] = {"nogil": True, "cache": KERNEL_CACHE is not None and not inner}
        if inline:
            options["forceinline"] = True
        if inner:
            options["no_cpython_wrapper"] = True
            options["no_cfunc_wrapper"] = True
        return numba.njit(error_model="numpy", **options)(plain)

    return decorate if function is None else decorate(function)
