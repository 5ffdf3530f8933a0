"""What a Dask worker does: it carries out a job whose people and graph lie in files that it maps."""

from __future__ import annotations

import os
import pickle
import platform
from functools import cache
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin

from sim.errors import StudyError
from sim.study.execution.worker import answer
from sim.study.store.provenance import code_fingerprint

own_code = cache(code_fingerprint)


class Apart(WorkerPlugin):
    """Takes a worker out of the terminal's reach: Ctrl-C is the study's, which lets runs under way finish."""

    def setup(self, worker: Any) -> None:
        """Lead a process group of one's own."""
        os.setpgid(0, 0)


def answer_elsewhere(raw: bytes, scene: str, answered: str, code: str) -> None:
    """Carry out a job, and write its runs, or the error that it ended in, into a file, which appears when it is whole.

    Parameters
    ----------
    raw : bytes
        The job, as :func:`sim.study.execution.worker.answer` takes it.
    scene : str
        The file of its world.
    answered : str
        The file to write.
    code : str
        Fingerprint of the code that the study is carried out with.

    Raises
    ------
    StudyError
        The folder of both files is not seen here.
    """
    place = Path(answered)
    if place.exists():  # it was done before, by a worker that is gone
        return
    if not Path(scene).exists():
        raise StudyError(
            f"{platform.node()!r} does not see {str(place.parent)!r}; name a folder that all machines share with "
            "executor.folder=DIR."
        )
    if own_code() != code:
        raise StudyError(f"{platform.node()!r} has another version of Backfire; install the same there.")
    found: Any = answer(raw)
    beside = place.with_suffix(f".{os.getpid()}")
    beside.write_bytes(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))
    beside.replace(place)
