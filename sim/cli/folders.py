"""The folder that a command is about: exactly one word, and a study."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from sim.config.paths import path_of
from sim.errors import StudyError
from sim.study.store.folder import MANIFEST


def one_folder(command: str, words: Sequence[str]) -> Path:
    """Return the study's folder that a command names.

    Raises
    ------
    StudyError
        No word, several words, no such folder, or one of an intake.
    """
    if len(words) != 1:
        raise StudyError(
            f"{command} takes one folder, as in: backfire {command} results/my_nypd; got {len(words)} words."
        )
    folder = path_of(words[0])
    if not folder.is_dir():
        raise StudyError(f"{command} needs the folder of a study; there is none at {words[0]!r}.")
    case = folder / "case.yaml"
    if case.is_file() and not (folder / MANIFEST).exists():
        raise StudyError(
            f"{words[0]!r} holds what backfire intake made of your answers, no study: answer again to write it anew, "
            f"and simulate it by backfire run {shlex.quote(f'case={case}')}."
        )
    return folder
