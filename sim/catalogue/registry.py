"""The catalogue: which cases there are, and one of them as a checked configuration."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.catalogue.case import CaseLine, case_line, is_file
from sim.catalogue.groups import STUDY_KEYS, choices
from sim.errors import ConfigError, unknown_name

if TYPE_CHECKING:
    from sim.config.root import Configuration


def list_cases() -> list[CaseLine]:
    """Return a line on every case, by date and id."""
    return sorted((case_line(name) for name in choices("case")), key=lambda line: (line.date, line.id))


def load_case(name: str | os.PathLike[str], overrides: Sequence[str] = ()) -> Configuration:
    """Return a case as a configuration.

    Parameters
    ----------
    name : str or path
        Id of the case, as ``backfire cases`` lists it, or path of a YAML file of one's own.
    overrides : sequence of str
        Words as on the command line, such as ``["policy=withdraw", "post.openness=0.2", "seed=3"]``.

    Raises
    ------
    ConfigError
        For an unknown case (it lists those that exist), and as :func:`sim.catalogue.compose.compose` does.
    """
    from sim.catalogue.compose import compose
    from sim.catalogue.words import read_words

    if not isinstance(name, (str, os.PathLike)):
        raise ConfigError(f"case must be an id such as 'my_nypd', or the path of a YAML file; got {name!r}.")
    name = os.fspath(name)
    if not is_file(name) and name not in choices("case"):
        raise unknown_name("case", name, choices("case"))
    words = read_words(overrides)
    for key in STUDY_KEYS:
        if words.sets(key):
            raise ConfigError(f"{key} says how to study a case and is no part of it; leave it out of load_case.")
    configuration, _ = compose([f"case={name}", *overrides])
    return configuration
