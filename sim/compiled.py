"""Where compiled kernels live: a cache that can never be stale, and one decorator for all.

Numba checks only a kernel's own file, so an edited rule in another module would give stale results in
silence. Its cache therefore goes to a user cache folder named by the sha256 of every module of ``sim``
that kernels can be made of, and by numba's version. Nothing is compiled with fastmath: results are the same
on every machine. A cache that cannot be written, or is damaged, costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import config as _numba_config
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, UserProvidedCacheLocator
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

WITHOUT_KERNELS = ("agents", "aftermath", "model", "catalogue", "study", "report", "warroom", "cli")
"""Layers of ``sim`` below all kernels: none is made there (a test holds this) or calls into there."""
KEPT_VERSIONS = 6
"""Caches of so many versions are kept, the last used first; of others those that were used within a day."""

_DAY = 86_400.0
_LAST_USED = "last-used"


def source_fingerprint() -> str:
    """Return the sha256 (hex) over the names and contents of all Python files that kernels can be made of."""
    root = Path(__file__).resolve().parent
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root)
        if name.parts[0].removesuffix(".py") not in WITHOUT_KERNELS:
            digest.update(name.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_home() -> Path:
    """Return the user's cache folder of Backfire (``BACKFIRE_CACHE``, else the platform's habit)."""
    given = os.environ.get("BACKFIRE_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "backfire"


def _opened(folder: Path) -> bool:
    """Tell whether files can be made in ``folder`` (made first if need be), and note that it is used now."""
    try:
        made = not folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LAST_USED).touch()
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return False
    if made:
        _remove_old(folder.parent)
    return True


def _last_used(folder: Path) -> float:
    """Return when a version's cache was last used; 0 if it is just being removed."""
    for path in (folder / _LAST_USED, folder):
        try:
            return path.stat().st_mtime
        except OSError:
            continue
    return 0.0


def _remove_old(home: Path) -> None:
    """Remove the caches of versions that have not been used for long; whoever still uses one compiles anew."""
    found = sorted(home.glob("kernels-*"), key=_last_used, reverse=True)
    for folder in [*found[KEPT_VERSIONS:], *home.glob(".gone-*")]:
        if time.time() - _last_used(folder) < _DAY and not folder.name.startswith("."):
            continue
        gone = home / f".gone-{folder.name.lstrip('.').removeprefix('gone-')}"
        try:
            # renamed first: nobody finds half a cache
            folder.rename(gone)
        except OSError:
            continue
        shutil.rmtree(gone, ignore_errors=True)


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
    if _opened(home / name):
        return home / name
    spare = _spare_home()
    found = spare / name if spare is not None and _opened(spare / name) else None
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


class _Home(UserProvidedCacheLocator):
    """The folder of this version, and no other: beside the source, a cache would be stale in silence."""

    def ensure_cache_path(self) -> None:
        """Make the folder of the kernel's file."""
        Path(self.get_cache_path()).mkdir(parents=True, exist_ok=True)


class _Forms(CompileResultCacheImpl):
    """How compiled code is written down."""

    _locator_classes = (_Home,)


class _Files(IndexDataCacheFile):
    """Files of compiled code that end in the sha256 of what stands before, since a flipped bit would be run."""

    def _dump(self, obj: Any) -> bytes:
        raw: bytes = super()._dump(obj)
        return raw + hashlib.sha256(raw).digest()

    def _load_data(self, name: str) -> Any:
        raw = Path(self._data_path(name)).read_bytes()
        if hashlib.sha256(raw[:-32]).digest() != raw[-32:]:
            raise ValueError(f"{name} was damaged since it was written")
        return pickle.loads(raw)


class _Kept(FunctionCache):
    """A kernel's cache, which may fail: what cannot be read is compiled, what cannot be written is not kept."""

    _impl_class = _Forms
    _told = False

    def __init__(self, plain: Callable[..., Any]) -> None:
        super().__init__(plain)
        self._cache_file = _Files(self._cache_path, self._impl.filename_base, self._impl.locator.get_source_stamp())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled code for a signature; None if there is none, or none that can be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # noqa: BLE001 - a damaged file may raise anything when it is unpickled
            self._attempt(self.flush)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the compiled code for a signature, if there is room."""
        self._attempt(lambda: super(_Kept, self).save_overload(sig, data))

    def _attempt(self, write: Callable[[], None]) -> None:
        """Write; if that fails, say so once and go on."""
        try:
            write()
        except OSError as problem:
            if not _Kept._told:
                _Kept._told = True
                print(
                    f"Compiled code cannot be kept in {KERNEL_CACHE} ({problem.strerror}), so the next start compiles "
                    "anew; make room, or name another folder in BACKFIRE_CACHE.",
                    file=sys.stderr,
                )


def kept(plain: Callable[..., Any]) -> _Kept | None:
    """Return the cache of one kernel; None if it has no place."""
    try:
        return _Kept(plain)
    except (OSError, RuntimeError):
        return None


class _NoEngine:
    """Takes what is only of use to code that can be run."""

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing: who calls this kernel brings the environment."""


class _LinkedCode(JITCodeLibrary):
    """A kernel that other kernels alone call, as it was lowered: it is linked into them and optimised there.

    Neither is it optimised by itself nor made into code of the machine, which would be done anew for each caller.
    """

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return that there is none."""
        return 0

    @property
    def codegen(self) -> Any:
        """What would hold the code, if it could be run."""
        return _NoEngine()


class _Linked(Compiler):
    """Compiles a kernel that other kernels alone call."""

    def compile_extra(self, function: Any) -> Any:
        """Compile a function."""
        self.state.library = _LinkedCode(self.state.targetctx.codegen(), function.__qualname__)
        return super().compile_extra(function)


def kernel(
    function: Callable[..., Any] | None = None, *, inline: bool = False, inner: bool = False, keep: bool = True
) -> Any:
    """Compile ``function`` without the interpreter lock, without fastmath, kept in the cache.

    Parameters
    ----------
    inline : bool
        Let the compiler copy the function into its callers (for short scalar rules).
    inner : bool
        Called by other kernels alone: it has no entry from Python and is kept with its callers,
        which keeps the first compilation short.
    keep : bool
        Whether it is kept on disk by itself; what a user writes is kept with what calls it alone.
    """

    def decorate(plain: Callable[..., Any]) -> Any:
        options: dict[str, Any] = {"nogil": True, "no_cfunc_wrapper": True}
        if inline:
            options["forceinline"] = True
        if inner:
            options["no_cpython_wrapper"] = True
            options["pipeline_class"] = _Linked
        compiled = numba.njit(error_model="numpy", **options)(plain)
        cache = None if KERNEL_CACHE is None or inner or not keep else kept(plain)
        if cache is not None:
            compiled._cache = cache  # numba's own, but for what is to be done when it fails
        return compiled

    return decorate if function is None else decorate(function)
