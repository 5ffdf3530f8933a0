"""A process that carries out jobs for another one, until the socket between them closes."""

from __future__ import annotations

import os
import pickle
import traceback
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from sim.engine.world import World
from sim.study.execution.handover import unpacked
from sim.study.execution.job import Job, carry_out
from sim.study.execution.runner import named


@lru_cache(maxsize=2)
def _world(path: str) -> World:
    """Return the world of a file; the last few are kept, with their benches."""
    world: World = unpacked(Path(path).read_bytes())
    return world


def answer(raw: bytes) -> Any:
    """Return the runs of a job, or the error that it ended in.

    Parameters
    ----------
    raw : bytes
        The file of its world and all else of it, packed by :class:`sim.study.execution.handover.Handover`.
    """
    name = "a job"
    try:
        path, rest = unpacked(raw)
        name = rest["name"]
        return carry_out(Job(_world(path), **rest))
    except Exception as problem:  # noqa: BLE001 - told where the study is carried out
        told = named(problem, name)
        told.__cause__ = None
        told.add_note("".join(traceback.format_exception(problem)))
        return told


def _listen(line: Connection, jobs: SimpleQueue[bytes]) -> None:
    """Put every job that comes in the queue; leave at once, whatever runs, when no more can come."""
    try:
        while True:
            jobs.put(line.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


def main(descriptor: int) -> None:
    """Carry out jobs until the other side of a socket closes.

    Parameters
    ----------
    descriptor : int
        Of this side of the socket.
    """
    line = Connection(descriptor)
    jobs: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(line, jobs), daemon=True).start()
    while True:
        raw = pickle.dumps(answer(jobs.get()), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            line.send_bytes(raw)
        except OSError:
            os._exit(0)
