"""What somebody has chosen on the page, as the words of a command line and as the configuration that they compose.

The page and ``backfire run`` read the same words, so the command that the page shows gives the same runs. Whatever a
browser sends is held against the settings that it was offered before a word is made of it.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from sim.catalogue.case import read_case
from sim.catalogue.compose import compose
from sim.catalogue.groups import choices
from sim.config.root import Configuration
from sim.errors import ConfigError, unknown_name
from sim.study.run.options import LISTENING_MONTHS
from sim.study.validation.frozen import read_frozen
from sim.study.validation.rules import home
from sim.warroom.explore.sliders import settings_of
from sim.warroom.words import Mark

DO_NOT_POST, LISTEN_FIRST, SILENT = "do_not_post", "listen_first", "silent"
OWN = "own"
"""What stands for a case where somebody composes a post; the choices of ``conf/post`` begin it: ``own.photo_call``."""
HELD_BACK = "kept for validation"
"""Why nobody may run a fresh case here that is not predicted yet: a prediction must come before anybody has looked."""


class Chosen(BaseModel):
    """What a page has chosen.

    Attributes
    ----------
    start : str
        Id of a case, or ``own.photo_call`` and the like.
    does : str
        A policy, ``do_not_post`` or ``listen_first``.
    values : dict
        Settings that differ from the start's, by dotted name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True)

    start: Mark
    does: Mark = SILENT
    values: dict[Mark, float | int | str | bool] = Field(default={}, max_length=120)


@dataclass(frozen=True)
class Setting:
    """A choice that was checked.

    Attributes
    ----------
    chosen : Chosen
    words : tuple of str
        Of the command line.
    configuration : Configuration
    posted : bool
        Whether anything is posted at all.
    """

    chosen: Chosen
    words: tuple[str, ...]
    configuration: Configuration

    @property
    def posted(self) -> bool:
        """Whether anything is posted at all."""
        return self.chosen.does != DO_NOT_POST

    @property
    def command(self) -> str:
        """The command line that gives the same runs; empty where nothing is posted."""
        return shlex.join(["backfire", "run", *self.words]) if self.posted else ""


def held_back(case: str) -> str | None:
    """Return why a case may not be run here; None if it may."""
    fresh = read_case(case)["case"].get("standing") == "fresh"
    return HELD_BACK if fresh and case not in _predicted() else None


@cache
def _predicted() -> frozenset[str]:
    """Return the cases whose predictions are frozen."""
    return frozenset(name for each in read_frozen(home()) for name in each["cases"])


def _start_words(start: str) -> list[str]:
    """Return the words of a start.

    Raises
    ------
    ConfigError
        There is none of that name, or it is held back.
    """
    kind, _, ask = start.partition(".")
    if kind == OWN:
        if ask not in choices("post"):
            raise unknown_name("post", ask, choices("post"))
        return [f"post={ask}"]
    if start not in choices("case"):
        raise unknown_name("case", start, choices("case"))
    reason = held_back(start)
    if reason:
        raise ConfigError(f"{start} is {reason}: choose another case, or a post of your own.")
    return [f"case={start}"]


def _does_words(does: str) -> list[str]:
    """Return the words of what the sender does."""
    if does in (DO_NOT_POST, SILENT):
        return []
    if does == LISTEN_FIRST:
        return [f"agency.listening_months={LISTENING_MONTHS:g}"]
    if does not in choices("policy"):
        raise unknown_name("policy", does, (DO_NOT_POST, LISTEN_FIRST, *choices("policy")))
    return [f"policy={does}"]


def setting_of(chosen: Chosen, *, most_rows: int = 1_000_000) -> Setting:
    """Return what was chosen as words and configuration.

    Parameters
    ----------
    most_rows : int
        Rows of an audience that a page may ask for.

    Raises
    ------
    ConfigError
        No such case, policy or setting, or a value that cannot be.
    """
    words = [*_start_words(chosen.start), *_does_words(chosen.does)]
    configuration, _ = compose(words)
    offered = settings_of(configuration)
    own: list[str] = []
    for name, value in chosen.values.items():
        field = offered.get(name)
        if field is None:
            raise unknown_name("a setting of this page", name, offered)
        if field.choices and value not in field.choices:
            raise ConfigError(f"{name} must be one of {', '.join(field.choices)}; got {value!r}.")
        if not field.choices and isinstance(value, str):
            raise ConfigError(f"{name} must be a number; got {value!r}.")
        if isinstance(value, float) and isinstance(field.default, int) and value.is_integer():
            value = int(value)  # a page counts in one kind of number
        if value != field.value:
            own.append(f"{name}={str(value).lower() if isinstance(value, bool) else value}")
    if own:
        given = {word.partition("=")[0] for word in own}
        words = [*(word for word in words if word.partition("=")[0] not in given), *own]
        configuration, _ = compose(words)
    if configuration.people.n_followers > most_rows:
        raise ConfigError(
            f"people.n_followers must be at most {most_rows:,} on this page; got "
            f"{configuration.people.n_followers:,}. A larger audience: {shlex.join(['backfire', 'run', *words])}"
        )
    return Setting(chosen, tuple(words), configuration)
