"""The folder that a command is about: exactly one word, and a study."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.config.paths import path_of
from sim.errors import StudyError


def one_folder(command: str, words: Sequence[str]) -> Path:
    """Return the study's folder that a command names.

    Raises
    ------
    StudyError
        No word, several words, or no such folder.
    """
    if len(words) != 1:
        raise StudyError(
            f"{command} takes one folder, as in: backfire {command} results/my_nypd; got {len(words)} words."
        )
    folder = path_of(words[0])
    if not folder.is_dir():
        raise StudyError(f"{command} needs the folder of a study; there is none at {words[0]!r}.")
    return folder
