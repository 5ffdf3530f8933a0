"""How many messages two choices share: the same follower, minute, action and frame, on the same luck.

Runs in the store of a study keep numbers, no messages; so a few replicates are carried out once more for this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.config.root import Configuration
from sim.engine.record import RunRecord
from sim.engine.world import World
from sim.outcome.in_common import message_marks, same_messages
from sim.study.design.points import graph_key
from sim.study.execution.batch import replicates_of
from sim.study.execution.reduced import Reduced
from sim.study.lots import Lots

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.study.sweeping import OpenStudy

MARKS_KEPT = 20_000_000
"""Messages of the first choice that are kept for comparison (160 MB); runs beyond are not compared in this."""


def shares_of_messages(
    study: OpenStudy, lots: Lots, configurations: Mapping[str, Configuration], replicates: Sequence[int]
) -> dict[str, list[float | None]]:
    """Return the share of messages that are as in the first, by the name of each other and in order of replicates."""
    kept: list[npt.NDArray[np.uint64]] = []
    shares: dict[str, list[float | None]] = {}
    study.progress.stage("messages in common", len(configurations) * len(replicates))
    for name, configuration in configurations.items():
        world = study.worlds.of(graph_key(configuration), configuration)
        first = name == next(iter(configurations))
        shares[name] = []
        for number, run in enumerate(
            _carried_out_again(study, world, name, lots.groups(study, configuration, replicates))
        ):
            if not first and number < len(kept):
                shares[name].append(same_messages(kept[number], run.extra))
            elif first and sum(marks.size for marks in kept) + run.extra.size <= MARKS_KEPT:
                kept.append(run.extra)
    return shares


def _carried_out_again(
    study: OpenStudy, world: World, name: str, groups: Mapping[bytes, tuple[Configuration, list[int]]]
) -> Iterator[Reduced]:
    """Yield the runs of a choice, point by point."""
    for point, numbers in groups.values():
        yield from replicates_of(
            world.with_config(point), numbers, crew=study.crew, progress=study.progress, what=f"{name}, ",
            extra=_marks_of,
        )  # fmt: skip


def _marks_of(world: World, record: RunRecord) -> npt.NDArray[np.uint64]:
    """Return what tells a record's messages apart (by name, so that other processes know it too)."""
    return message_marks(record)
