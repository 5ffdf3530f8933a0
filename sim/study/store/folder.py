"""One folder a study: written beside its place and renamed, so that nothing half-written is ever seen.

A study that exists with the same identity is returned; another one is refused, unless it is started
afresh, which keeps the old folder aside under the next free ``<study>.old-1``, ``.old-2`` and so on.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.config.case import without_what_came_after
from sim.config.paths import path_of
from sim.errors import StudyError
from sim.study.store.provenance import plain_hash

MANIFEST = "manifest.json"
SUMMARY = "summary.json"
LEDGER = "ledger"
"""Folder of the finished runs in the folder of a study that is not finished."""
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)
"""A folder cannot be renamed to a name that another process has just taken."""
_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "no permission to write there",
    errno.EPERM: "no permission to write there",
    errno.EROFS: "that file system is read-only",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.EEXIST: "a file stands where a folder is needed",
    errno.ENAMETOOLONG: "the name is too long",
}


def cannot_write(place: Path, problem: OSError) -> StudyError:
    """Return the sentence for a folder that cannot be written."""
    reason = _WORDS.get(problem.errno or 0, problem.strerror or type(problem).__name__)
    return StudyError(
        f"results: {str(place)!r} cannot be written: {reason}. Make room or name another folder with results=DIR."
    )


def checked_name(study: object) -> str:
    """Return a study's name if it can be a folder's.

    Raises
    ------
    StudyError
        Empty, hidden, too long, ending like a folder kept aside, or with a path in it.
    """
    text = str(study)
    if not text or text.startswith(".") or "/" in text or "\\" in text or "\0" in text or len(text.encode()) > 200:
        raise StudyError(
            f"study must be a plain folder name (no '/', not hidden, at most 200 bytes); got {text!r}. "
            "The folder around it is results=DIR."
        )
    if _breaks_line(text):
        raise StudyError(f"study must be a name without line breaks and control characters; got {text!r}.")
    if re.search(r"\.old-\d+$", text):
        raise StudyError(f"study must not end in .old-N, which is for folders kept aside; got {text!r}.")
    return text


def checked_results(results: object) -> Path:
    """Return the folder of all studies.

    Raises
    ------
    StudyError
        Its name would not fit on the line that names the folder.
    """
    text = str(results)
    if _breaks_line(text):
        raise StudyError(f"results must be a path without line breaks and control characters; got {text!r}.")
    return path_of(text)


def _breaks_line(text: str) -> bool:
    """Tell whether a text holds line breaks or other characters that control a terminal."""
    return any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in text)


def default_name(case: str, plain: Mapping[str, Any], actual: Mapping[str, Any]) -> str:
    """Return the study's name: the case's id, and a hash of what was changed if anything was.

    Parameters
    ----------
    plain, actual : mapping
        Configuration and settings of the case as it stands, and as they are asked for. What a case tells of what
        happened makes no other study.
    """
    base = re.sub(r"[^\w.-]+", "_", case).strip("._") or "study"
    before, asked = without_what_came_after(plain), without_what_came_after(actual)
    return base if before == asked else f"{base}-{plain_hash(asked)[:8]}"


def write_json(path: Path, value: Any) -> None:
    """Write a plain value as readable JSON; a float that is not finite is a programming error."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Return the plain value of a JSON file.

    Raises
    ------
    StudyError
        No such file, or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if (path.parent / LEDGER).is_dir():
            raise StudyError(
                f"{str(path.parent)!r} holds a study that is not finished; the command that began it goes on with it."
            ) from None
        raise StudyError(f"{str(path.parent)!r} is not a study: it has no {path.name}.") from None
    except NotADirectoryError:
        raise StudyError(f"{str(path.parent)!r} is not a folder; name a study's folder.") from None
    except (OSError, ValueError) as problem:
        raise StudyError(
            f"{str(path)!r} cannot be read: {problem}. Carry the study out again, with fresh=true."
        ) from None


def existing(place: Path, identity: Mapping[str, Any], *, fresh: bool) -> bool:
    """Tell whether a study stands finished at ``place`` with this identity.

    Raises
    ------
    StudyError
        Something else stands there and ``fresh`` is false.
    """
    if fresh or not os.path.lexists(place):
        return False
    if not (place / MANIFEST).is_file():
        if (place / LEDGER).is_dir():
            raise StudyError(
                f"{str(place)!r} holds a study that is not finished. Go on with its own command, choose another name "
                "with study=NAME, or move it aside with fresh=true."
            )
        raise StudyError(
            f"{str(place)!r} exists and is not a study. Choose another name with study=NAME, or move it aside with "
            "fresh=true."
        )
    manifest = read_json(place / MANIFEST)
    found = manifest.get("identity") if isinstance(manifest, dict) else None
    if not isinstance(found, dict):
        raise StudyError(
            f"{str(place)!r} exists, and its {MANIFEST} is not that of a study. Choose another name with study=NAME, "
            "or move it aside with fresh=true."
        )
    if found == dict(identity):
        return True
    raise another_study(place, found, identity)


def another_study(place: Path, found: Mapping[str, Any], identity: Mapping[str, Any]) -> StudyError:
    """Return the sentence for a place that holds another study than the one that is meant."""
    same = found.get("configuration_hash") == identity["configuration_hash"]
    same_settings = found.get("settings_hash") == identity["settings_hash"]
    other_version = "of another version" if same_settings else "with other replicates or settings"
    what = other_version if same else "of another configuration"
    return StudyError(
        f"{str(place)!r} holds a study {what}. Choose another name with study=NAME, or start over with "
        "fresh=true (the old folder is kept aside)."
    )


def keep_aside(place: Path) -> Path:
    """Rename what stands at a place to the first free name for an old study, and return that.

    Raises
    ------
    StudyError
        It cannot be renamed.
    """
    try:
        old = _aside(place)
        os.rename(place, old)
    except OSError as problem:
        raise cannot_write(place, problem) from problem
    return old


def _aside(place: Path) -> Path:
    """Return the first free name for an old study."""
    number = 1
    while os.path.lexists(place.with_name(f"{place.name}.old-{number}")):
        number += 1
    return place.with_name(f"{place.name}.old-{number}")


def _alive(pid: int) -> bool:
    """Tell whether a process of this machine lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def left_behind(folder: Path) -> bool:
    """Tell whether the process that a folder is named after, and that noted its machine in it, has been killed."""
    owner, pid = folder / ".owner", folder.name.rpartition("-")[2]
    try:
        return pid.isdigit() and owner.read_text() == platform.node() and not _alive(int(pid))
    except OSError:
        return False


def _sweep(results: Path) -> None:
    """Remove what killed runs left behind on this machine."""
    for partial in results.glob(".*.partial-*"):
        if left_behind(partial):
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def whole(folder: Path) -> Iterator[None]:
    """Read what a study's folder holds; a part that is missing or has another shape is told as such.

    Raises
    ------
    StudyError
        The folder was edited or damaged.
    """
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError) as problem:
        raise StudyError(
            f"{str(folder)!r} was edited or damaged since it was written ({type(problem).__name__}: {problem}); "
            "carry the study out again, with fresh=true."
        ) from problem


@contextmanager
def written(place: Path, *, fresh: bool = False) -> Iterator[Path]:
    """Give a folder to write into; it becomes ``place`` if all goes well, and vanishes if not.

    Parameters
    ----------
    place : Path
        ``results/<study>``; folders above it are made (and removed again after a failure).
    fresh : bool
        Keep what stands at ``place`` aside.

    Raises
    ------
    StudyError
        The folder cannot be made, or fills up.
    """
    made = [folder for folder in (place.parent, *place.parent.parents) if not folder.exists()]
    # absolute: libraries that write tables take "~" and "http:" at the beginning of a path for something else
    partial = Path(os.path.abspath(place)).with_name(f".{place.name}.partial-{os.getpid()}")
    finished = False
    try:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _sweep(place.parent)
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            (partial / ".owner").write_text(platform.node())
            yield partial
            (partial / ".owner").unlink()
            _into_place(partial, place, fresh=fresh)
        except OSError as problem:
            if _of_writing(problem, place.parent):
                raise cannot_write(place, problem) from problem
            raise
        finished = True
    finally:
        if not finished:
            shutil.rmtree(partial, ignore_errors=True)
            for folder in made:
                try:
                    folder.rmdir()
                except OSError:
                    break


def _of_writing(problem: OSError, parent: Path) -> bool:
    """Tell whether an error is about the results' place (and not, say, about a graph file that is read)."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS) or problem.filename is None:
        return True
    seen = os.path.abspath(os.fsdecode(problem.filename))
    place = os.path.abspath(parent)
    return seen.startswith(place) or place.startswith(seen)


def _into_place(partial: Path, place: Path, *, fresh: bool) -> None:
    """Rename the finished folder; an old one goes aside first and comes back if that fails.

    A study of the same identity that another process finished meanwhile holds the same content: it stays.

    Raises
    ------
    StudyError
        Something else appeared.
    """
    old: Path | None = None
    while True:
        try:
            if not os.path.lexists(place):
                os.rename(partial, place)
                return
        except OSError as problem:
            if problem.errno not in _TAKEN:
                if old is not None:
                    os.rename(old, place)
                raise
        if not fresh:
            if not _same_study(partial, place):
                raise StudyError(f"{str(place)!r} appeared while this study ran. Choose another name with study=NAME.")
            shutil.rmtree(partial)
            return
        try:
            old = _aside(place)
            os.rename(place, old)
        except OSError as problem:
            if problem.errno not in (*_TAKEN, errno.ENOENT):
                raise


def _same_study(one: Path, other: Path) -> bool:
    """Tell whether two folders hold studies of the same identity."""
    try:
        identities = [read_json(folder / MANIFEST)["identity"] for folder in (one, other)]
    except (StudyError, KeyError, TypeError):
        return False
    return bool(identities[0] == identities[1])
