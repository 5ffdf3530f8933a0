"""The study's keys of a command, checked: where it goes, what it is called, how it is carried out."""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.catalogue.compose import compose
from sim.catalogue.groups import choices
from sim.catalogue.words import read_words
from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.study.calibration.posterior import check_speaks_of, is_shipped, speaks_of
from sim.study.execution.executors import Executor, checked_executor
from sim.study.execution.runner import checked_workers
from sim.study.planned import shapes_only
from sim.study.run.plan import plan
from sim.study.store.folder import cannot_write, checked_name, checked_results, default_name
from sim.study.store.named_files import files_of


@dataclass(frozen=True)
class StudyKeys:
    """The keys of one command.

    Attributes
    ----------
    place : Path
        ``results/<study>``.
    workers : int
    executor : Executor
    fresh : bool
    settings : dict
        What besides the configuration moves the result: replicates (None on a real graph whose size is not
        known yet), graphs, uncertainty (and the posterior's hash), record, and the hashes of the files that the
        configuration names.
    shapes_only : bool
        The audience is a small sample: shapes, not odds (:func:`is_sample`).
    command : str
        The command that repeats the study.
    """

    place: Path
    workers: int
    executor: Executor
    fresh: bool
    settings: dict[str, Any]
    shapes_only: bool
    command: str


def settings_of(configuration: Configuration, keys: Mapping[str, Any], uncertainty: Any) -> dict[str, Any]:
    """Return what besides the configuration moves a study's result, checked.

    Raises
    ------
    ConfigError
        A key that cannot be.
    """
    generated = not configuration.network.from_file
    if uncertainty == "posterior":
        check_speaks_of(configuration)
    intended = plan(
        configuration.people.n_followers, generated=generated, replicates=keys["replicates"], graphs=keys["graphs"],
        uncertainty=uncertainty, record=keys["record"],
    )  # fmt: skip
    drawn_from = {} if intended.posterior is None else {"posterior": intended.posterior}
    return drawn_from | {
        "replicates": intended.replicates if generated else keys["replicates"],
        "graphs": intended.graphs,
        "uncertainty": intended.uncertainty,
        "record": intended.record,
        "files": files_of(configuration),
    }


def usual_uncertainty(configuration: Configuration) -> str:
    """Return what is drawn beside luck if nothing is said: from the posterior where one ships and speaks of it."""
    return "posterior" if speaks_of(configuration) and is_shipped() else "prior"


def _default_name(configuration: Configuration, settings: dict[str, Any]) -> str:
    """Return the name of a study: the case's id, and a hash if anything was changed."""
    case = configuration.case.id
    plain, keys = compose([f"case={case}"] if case in choices("case") else [])
    unchanged = {"configuration": plain.model_dump(mode="json"),
                 "settings": settings_of(plain, keys, usual_uncertainty(plain))}  # fmt: skip
    actual = {"configuration": configuration.model_dump(mode="json"), "settings": settings}
    return default_name(case, unchanged, actual)


def is_sample(configuration: Configuration, groups: Mapping[str, str | None]) -> bool:
    """Tell whether an audience is a small sample of the one that it stands for, so that it shows shapes, not odds.

    That is so of the small preset, and of a made-up audience with fewer rows than its case has. An audience of one's
    own may be as small as it is.

    Parameters
    ----------
    groups : mapping
        The choices that the command line names.
    """
    if groups.get("people") == "small":
        return True
    case = groups.get("case")
    if not case or not shapes_only(configuration):
        return False
    return configuration.people.n_followers < compose([f"case={case}"])[0].people.n_followers


def chosen_executor(keys: Mapping[str, Any]) -> Executor:
    """Return the executor that was chosen.

    Raises
    ------
    ConfigError
        There is none of that name, or a setting cannot be.
    """
    return checked_executor(keys.get("executor") or {})


def check_place(place: Path) -> None:
    """Refuse a place that cannot be written, before any work and without making anything.

    Raises
    ------
    StudyError
        A file stands in the way, or there is no permission.
    """
    above = place.parent
    try:
        place.lstat()
    except FileNotFoundError:
        pass
    except OSError as problem:  # a name that is too long, a file in the way
        raise cannot_write(place, problem) from None
    while not above.exists() and above != above.parent:
        above = above.parent
    if not above.is_dir():
        raise cannot_write(place, NotADirectoryError(errno.ENOTDIR, "Not a directory"))
    if not os.access(above, os.W_OK | os.X_OK):
        raise cannot_write(place, PermissionError(errno.EACCES, "Permission denied"))


def study_keys(command: str, words: Sequence[str]) -> tuple[Configuration, StudyKeys]:
    """Return the configuration of a command's words and its study keys, all checked.

    Parameters
    ----------
    command : str
        The subcommand, for the command that repeats it.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    configuration, keys = compose(words)
    said = read_words(words)
    uncertainty = keys["uncertainty"] if said.sets("uncertainty") else usual_uncertainty(configuration)
    workers = checked_workers(keys["workers"])
    if not isinstance(keys["fresh"], bool):
        raise ConfigError(f"fresh must be true or false; got {keys['fresh']!r}.")
    settings = settings_of(configuration, keys, uncertainty)
    name = checked_name(_default_name(configuration, settings) if keys["study"] is None else keys["study"])
    place = checked_results(keys["results"]) / name
    check_place(place)
    return configuration, StudyKeys(
        place=place,
        workers=workers,
        executor=chosen_executor(keys),
        fresh=keys["fresh"],
        settings=settings,
        shapes_only=is_sample(configuration, said.groups),
        command=" ".join(["backfire", command, *(shlex.quote(word) for word in words)]),
    )
