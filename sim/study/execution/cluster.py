"""A Dask cluster for a study: one of its own on this machine, a scheduler that runs already, or jobs in a queue.

One's own listens on 127.0.0.1 alone and ends with the study, however that ends: its workers leave when the
process that started them is gone. Jobs of a queue leave when they have not seen their scheduler for a minute.
"""

from __future__ import annotations

import inspect
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.compiled import KERNEL_CACHE
from sim.errors import ConfigError, StudyError
from sim.study.execution.executors import DaskSettings

if TYPE_CHECKING:
    from distributed import Client

_PATIENCE = 5.0
"""Seconds in which a scheduler must answer."""
_STARTING = 120.0
"""Seconds in which workers of one's own must be there."""
TRIES = 3
"""How often a job is begun, at least, before it is given up because its workers die."""
_SUBMITS = {"slurm": "sbatch", "pbs": "qsub", "sge": "qsub", "lsf": "bsub"}
_QUIET = ("distributed", "asyncio", "tornado.application", "bokeh")


@contextmanager
def client_of(
    workers: int, settings: DaskSettings, scratch: Path
) -> Iterator[tuple[Client, Callable[[], object] | None]]:
    """Give a client of a cluster, and what replaces lost workers if we can; what was started for it ends with it.

    Parameters
    ----------
    workers : int
        Of a cluster of one's own.
    scratch : Path
        Folder for the working files of its workers.

    Raises
    ------
    StudyError
        The scheduler does not answer, or no worker can be started.
    """
    import dask
    from distributed import Client

    with ExitStack() as stack:
        stack.enter_context(_quiet())
        stack.enter_context(dask.config.set({"temporary-directory": str(scratch)}))
        mend: Callable[[], object] | None = None
        if settings.scheduler is not None:
            where: Any = settings.scheduler
        elif settings.queue is not None:
            where = stack.enter_context(queue_cluster(settings))
            where.scale(jobs=settings.jobs)
        else:
            where = stack.enter_context(_own(workers, scratch))
            # whoever watches over a worker there gives up after some deaths
            mend = partial(where.scale, workers)
        try:
            client = stack.enter_context(Client(where, timeout=_PATIENCE, set_as_default=False))
        except (OSError, TimeoutError, ValueError) as problem:
            raise StudyError(
                f"executor.scheduler: nobody answers at {settings.scheduler} within {_PATIENCE:.0f} s. Start one there "
                "(dask scheduler), mend the address, or leave it out for a cluster of the study's own."
            ) from problem
        yield client, mend


@contextmanager
def _own(workers: int, scratch: Path) -> Iterator[Any]:
    """Give a cluster of worker processes on this machine, one thread each."""
    import dask
    from distributed import LocalCluster

    from sim.study.execution.elsewhere import Apart

    environment = {} if KERNEL_CACHE is None else {"BACKFIRE_CACHE": str(KERNEL_CACHE.parent)}
    try:
        # whatever was under way where a worker died is handed out again by the crew, not by the scheduler
        with dask.config.set({"distributed.scheduler.allowed-failures": 0}):
            cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None,
            worker_dashboard_address=None, memory_limit=0, silence_logs=logging.CRITICAL, env=environment,
            local_directory=str(scratch), plugins=(Apart(),),
        )  # fmt: skip
    except (OSError, TimeoutError, RuntimeError) as problem:
        raise StudyError(
            f"executor=dask: its workers could not be started here ({' '.join(str(problem).split())[:200]}). Try fewer "
            "workers, or executor=processes."
        ) from problem
    with cluster:
        yield cluster


def queue_cluster(settings: DaskSettings) -> Any:
    """Return a cluster whose workers are jobs of a queue; none is handed in yet.

    Raises
    ------
    ConfigError
        Jobs cannot be handed in from this machine.
    """
    import dask_jobqueue

    submit = _SUBMITS[str(settings.queue)]
    if shutil.which(submit) is None:
        raise ConfigError(
            f"executor.queue={settings.queue} hands jobs in with {submit}, which is not on this machine; start the "
            "study where it is, or leave executor.queue out."
        )
    kind = getattr(dask_jobqueue, f"{str(settings.queue).upper()}Cluster")
    walltime = settings.walltime
    if settings.queue == "lsf" and walltime.count(":") == 2:  # it knows hours and minutes alone
        walltime = walltime.rpartition(":")[0]
    given: dict[str, Any] = {
        "cores": settings.cores, "processes": settings.cores, "memory": settings.memory,
        "walltime": walltime, "queue": settings.partition, "interface": settings.interface,
        "job_name": "backfire", "scheduler_options": {"dashboard": False, "dashboard_address": ":0"},
    }  # fmt: skip
    charged = "account" if "account" in inspect.signature(kind.job_cls.__init__).parameters else "project"
    given[charged] = settings.account
    return kind(**{name: value for name, value in given.items() if value is not None})


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' own log lines from the user; what matters is told in our words."""
    before = {name: logging.getLogger(name).level for name in _QUIET}
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
