"""What a study can be carried out by, with its settings, checked before anything is started or written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sim.catalogue.groups import EXECUTOR_SETTINGS
from sim.config.paths import path_of
from sim.errors import ConfigError, unknown_name

EXECUTORS = ("threads", "processes", "dask")
QUEUES = ("slurm", "pbs", "sge", "lsf")
_ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://[^\s:]+:\d+")
_MEMORY = re.compile(r"\d+(\.\d+)? ?([kMGT]i?)?B", re.IGNORECASE)
_WALLTIME = re.compile(r"(\d+-)?\d+:\d\d(:\d\d)?")
_MOST = 10_000


@dataclass(frozen=True)
class DaskSettings:
    """How Dask's workers come about; see ``conf/executor/dask.yaml``.

    Attributes
    ----------
    scheduler : str or None
        Address of a scheduler that runs already.
    queue : str or None
        Kind of queue that workers are handed in to.
    jobs, cores : int
        Jobs, and workers of each.
    memory, walltime : str
        Of each job.
    partition, account, interface : str or None
        What else the queue is told.
    folder : Path or None
        Where people and graph are laid for workers on other machines.
    """

    scheduler: str | None = None
    queue: str | None = None
    jobs: int = 1
    cores: int = 1
    memory: str = "4 GB"
    walltime: str = "01:00:00"
    partition: str | None = None
    account: str | None = None
    interface: str | None = None
    folder: Path | None = None


@dataclass(frozen=True)
class Executor:
    """What carries runs out.

    Attributes
    ----------
    kind : {"threads", "processes", "dask"}
    dask : DaskSettings
        Read by ``dask`` alone.
    """

    kind: str = EXECUTORS[0]
    dask: DaskSettings = DaskSettings()

    def __str__(self) -> str:
        return self.kind


def checked_executor(executor: object = None) -> Executor:
    """Return an executor, checked: threads if None.

    Parameters
    ----------
    executor : None, str, mapping or Executor
        A kind, or ``kind`` and the settings of ``conf/executor``.

    Raises
    ------
    ConfigError
        There is none of that name, or a setting cannot be.
    """
    if isinstance(executor, Executor):
        return executor
    given: dict[str, Any] = dict(executor) if isinstance(executor, Mapping) else {"kind": executor}
    kind = given.pop("kind", None)
    kind = EXECUTORS[0] if kind is None else kind
    if kind not in EXECUTORS:
        raise unknown_name("executor", kind, EXECUTORS)
    given = {name: value for name, value in given.items() if value is not None}
    if kind != "dask":
        if given:
            raise ConfigError(f"executor.{next(iter(given))} is a setting of executor=dask; name that too.")
        return Executor(str(kind))
    _installed("distributed")
    return Executor("dask", _dask(given))


def _installed(package: str) -> None:
    """Refuse an executor whose package is absent."""
    if find_spec(package) is None:
        name = package.replace("_", "-")
        raise ConfigError(f"executor=dask needs the package {name}; install it with: pip install 'backfire[cluster]'.")


def _dask(given: Mapping[str, Any]) -> DaskSettings:
    """Return the settings of Dask, checked."""
    known = [field.name for field in fields(DaskSettings)]
    for name, value in given.items():
        if name not in known:
            raise unknown_name("executor", name, known)
        if EXECUTOR_SETTINGS[f"executor.{name}"] is int:
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST:
                raise ConfigError(f"executor.{name} must be a whole number in [1, {_MOST}]; got {value!r}.")
        elif not isinstance(value, str if name != "folder" else (str, Path)):
            raise ConfigError(f"executor.{name} must be text; got {value!r}.")
    _formed(given, "scheduler", _ADDRESS, "an address such as tcp://127.0.0.1:8786")
    _formed(given, "memory", _MEMORY, "a size such as '4 GB'")
    _formed(given, "walltime", _WALLTIME, "hours, minutes and seconds such as 01:00:00")
    if given.get("queue") is not None:
        if given["queue"] not in QUEUES:
            raise unknown_name("executor.queue", given["queue"], QUEUES)
        if given.get("scheduler") is not None:
            raise ConfigError("executor.scheduler and executor.queue exclude each other; leave one out.")
        _installed("dask_jobqueue")
    folder = given.get("folder")
    return DaskSettings(**(dict(given) | {"folder": None if folder is None else path_of(str(folder)).absolute()}))


def _formed(given: Mapping[str, Any], name: str, form: re.Pattern[str], words: str) -> None:
    """Refuse a text of another form."""
    if name in given and not form.fullmatch(given[name]):
        raise ConfigError(f"executor.{name} must be {words}; got {given[name]!r}.")
