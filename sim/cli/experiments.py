"""Named experiments: ``+experiment=NAME`` stands for the words of ``conf/experiment/NAME.yaml``.

A file's first line is its command, as a comment; the comment below says what it asks. Each of its lines is a word
of that command: ``name: value``, a list as ``[a, b]``. It may build on another one by Hydra's ``defaults``. What the
command line says itself wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.catalogue.groups import choices, folder
from sim.errors import ConfigError, unknown_name
from sim.study.store.provenance import plain_hash

_HOW = ("results", "workers", "executor", "fresh", "study")
"""Words that do not change what an experiment asks."""
_FIRST_LINE = re.compile(r"# backfire (\w+) \+experiment=(\w+)$")


@dataclass(frozen=True)
class Experiment:
    """A named experiment.

    Attributes
    ----------
    name, command : str
    line : str
        What it asks, in a line.
    """

    name: str
    command: str
    line: str

    @property
    def words(self) -> dict[str, str]:
        """Its words, ``name`` to ``value``, as Hydra composes them.

        Raises
        ------
        ConfigError
            Its file cannot be put together.
        """
        return dict(_flat(_composed(self.name)))


def experiment(name: str) -> Experiment:
    """Return a named experiment.

    Raises
    ------
    ConfigError
        There is none of that name, or its file is not as it must be.
    """
    if name not in choices("experiment"):
        raise unknown_name("experiment", name, choices("experiment"))
    lines = folder("experiment").joinpath(f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    first = _FIRST_LINE.match(lines[0]) if lines else None
    if first is None or first[2] != name:
        raise ConfigError(
            f"conf/experiment/{name}.yaml must begin with its command, as in '# backfire sweep +experiment={name}'; "
            f"got {lines[0] if lines else 'nothing'!r}."
        )
    about = lines[1].removeprefix("#").strip() if len(lines) > 1 and lines[1].startswith("#") else ""
    return Experiment(name, first[1], about)


def experiments() -> list[Experiment]:
    """Return all named experiments, in alphabetical order."""
    return [experiment(name) for name in choices("experiment")]


def _composed(name: str) -> dict[str, Any]:
    """Return what Hydra makes of an experiment's file."""
    from hydra import compose, initialize_config_module
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    from sim.catalogue.compose import HYDRA

    try:
        with HYDRA, initialize_config_module("sim.conf", job_name="backfire", version_base="1.3"):
            tree = OmegaConf.to_container(compose(f"experiment/{name}"), resolve=True)
    except (HydraException, OmegaConfBaseException) as problem:
        line = str(problem).strip().partition("\n")[0]
        raise ConfigError(f"conf/experiment/{name}.yaml cannot be put together: {line}") from None
    inside = tree.get("experiment") if isinstance(tree, dict) else None
    return {str(key): value for key, value in inside.items()} if isinstance(inside, dict) else {}


def _flat(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the words of an experiment's file."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", _text(value)


def _text(value: Any) -> str:
    """Return a value as a word writes it."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return f"[{','.join(_text(part) for part in value)}]" if isinstance(value, list) else str(value)


def name_of(word: str) -> str:
    """Return the name that a word sets."""
    return word.lstrip("+~").partition("=")[0].strip()


def expanded(command: str, words: Sequence[str]) -> list[str]:
    """Return a command's words with the experiment that they name written out.

    The study is called as the experiment is; what the command line changes adds a hash.

    Raises
    ------
    ConfigError
        No such experiment, two of them, or one of another command.
    """
    named = [word for word in words if name_of(word) == "experiment" and "=" in word]
    if not named:
        return list(words)
    if len(named) > 1:
        raise ConfigError(f"experiment is named {len(named)} times, got {' and '.join(named)}; name one.")
    chosen = experiment(named[0].partition("=")[2].strip())
    if chosen.command != command:
        raise ConfigError(
            f"experiment {chosen.name} is one of backfire {chosen.command}, not of backfire {command}; write: "
            f"backfire {chosen.command} +experiment={chosen.name}"
        )
    own = [word for word in words if word not in named]
    said = {name_of(word) for word in own if not word.startswith("--")}
    kept = [
        f"{name}={value}" for name, value in chosen.words.items()
        if name not in said and not any(name.startswith(f"{group}.") for group in said)
    ]  # fmt: skip
    changes = sorted(word for word in own if name_of(word) not in _HOW and not word.startswith("--"))
    called = f"{chosen.name}-{plain_hash(changes)[:8]}" if changes else chosen.name
    return [*kept, *own, *([] if "study" in said else [f"study={called}"])]
