"""Engines that take turns: what each needs for a unit of work, round by round.

A shared machine drifts, so engines are measured A B C, B C A, C A B, ... and compared within a round: the ratios
hold where the times do not. The order rotates, so that none always follows the same one, and each turn
begins with a run that is not counted, so that each finds its own rows in the caches, and not another's.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class Engine(Protocol):
    """Something that can be run again and again."""

    def run(self, replicate: int) -> None:
        """Do one run, all of its own set-up included; this alone is timed."""

    def work(self) -> float:
        """Return how many units of work the last run did, and be ready for the next (not timed)."""


@dataclass(frozen=True)
class Spread:
    """Median and range over rounds."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        return cls(statistics.median(values), min(values), max(values))


def turn(engine: Engine, first: int, seconds: float) -> tuple[float, int]:
    """Return the CPU seconds a unit of work of one turn, and the number of the next replicate.

    Parameters
    ----------
    engine : Engine
    first : int
        Replicate of the run that warms up.
    seconds : float
        Least length of a turn; at least one run is timed.
    """
    engine.run(first)
    engine.work()
    spent, done, replicate = 0.0, 0.0, first + 1
    while done == 0.0 or spent < seconds:
        begin = time.process_time()
        engine.run(replicate)
        spent += time.process_time() - begin
        done += engine.work()
        replicate += 1
    return spent / done, replicate


def take_turns(engines: Mapping[str, Engine], *, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Return each engine's CPU seconds a unit of work, one value a round.

    All engines must be single-threaded: what is counted is the CPU time of this process, which other
    processes' turns on a shared machine leave alone.
    """
    names = list(engines)
    costs: dict[str, list[float]] = {name: [] for name in names}
    replicates = dict.fromkeys(names, 0)
    for k in range(rounds):
        shift = k % len(names)
        for name in names[shift:] + names[:shift]:
            cost, replicates[name] = turn(engines[name], replicates[name], seconds)
            costs[name].append(cost)
    return costs


def ratios(costs: Mapping[str, list[float]], of: str, to: str) -> Spread:
    """Return how many times as much one engine needs as another, compared within rounds."""
    return Spread.of([one / other for one, other in zip(costs[of], costs[to], strict=True)])
