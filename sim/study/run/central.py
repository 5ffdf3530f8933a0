"""The runs at central values: luck over replicates, on one graph or several, and at a quarter of the size.

Replicates are spread over graphs in equal blocks; graph 0 has the configuration's own seed, the others
seeds derived from it. The world of graph 0 is kept for what is studied beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.aftermath.measured import LeftBehind, left_by
from sim.aftermath.state import luck_of
from sim.config.reaction import LOGIT
from sim.config.root import Configuration, changed
from sim.engine.record import Kind, RunRecord
from sim.engine.world import World, build_world
from sim.network.graph import FollowerGraph
from sim.outcome.participation import participation, starters
from sim.outcome.theory import first_response, reproduction
from sim.study.execution.batch import replicates_of
from sim.study.execution.job import Crew, Progress
from sim.study.execution.reduced import TIMELINE_RUNS, Reduced, without_timeline
from sim.study.run.draws import other_seed
from sim.study.run.plan import Plan
from sim.study.run.summary import quarter_summary

if TYPE_CHECKING:
    import pandas as pd

LogSink = Callable[[int, int, "pd.DataFrame"], None]
"""Takes graph, replicate and event log of each run, in order."""

FRAMES = ("campaign", "counter")


@dataclass(frozen=True)
class Central:
    """The runs at central values.

    Attributes
    ----------
    world : World
        Of graph 0.
    runs : list of Reduced
        In order of the replicates.
    graph : list of int
        Graph of each run.
    """

    world: World
    runs: list[Reduced]
    graph: list[int]

    @property
    def on_first_graph(self) -> list[Reduced]:
        """The runs on graph 0."""
        return [run for run, graph in zip(self.runs, self.graph, strict=True) if graph == 0]

    @property
    def left_behind(self) -> list[LeftBehind | None]:
        """What each run left behind; None in rounds."""
        return [run.extra["after"] for run in self.runs]


def direct_responses(record: RunRecord) -> tuple[int, int]:
    """Return (counter messages, all messages) of participants whose parent is a post of the sender's."""
    messages = record.messages
    people = messages.by_people & (messages.parent >= 0)
    direct = people & (messages.kind[np.maximum(messages.parent, 0)] == Kind.POST)
    return int(np.count_nonzero(direct & (messages.frame == 1))), int(np.count_nonzero(direct))


class WhatIsTold:
    """What to keep of each record: what it left behind, and for the report participation, starters, direct responses.

    Parameters
    ----------
    graph : FollowerGraph or None
        Of the world that is run; None where no report tells of it.
    """

    def __init__(self, graph: FollowerGraph | None) -> None:
        self._in_degree = None if graph is None else graph.in_degree

    def __call__(self, world: World, record: RunRecord) -> dict[str, Any]:
        """Return what is kept of one record."""
        behind = {"after": left_by(world, record)}
        if self._in_degree is None:
            return behind
        return behind | {
            "participation": participation(record.messages, world.population),
            "starters": starters(record.messages, world.population, self._in_degree),
            "direct": direct_responses(record),
        }


def central_runs(
    world: World,
    plan: Plan,
    *,
    crew: Crew,
    progress: Progress,
    told: bool = False,
    log: LogSink | None = None,
    campaigns: int = 0,
) -> Central:
    """Carry out the runs at central values.

    Parameters
    ----------
    world : World
        Of graph 0; the others, if any, are built here and dropped.
    told : bool
        Keep what a report tells of participation (on graph 0).
    log : callable, optional
        Takes the event logs; without it no run keeps one.
    campaigns : int
        How many campaigns came before, for a world that starts in the state that they left.
    """
    owner = [replicate * plan.graphs // plan.replicates for replicate in range(plan.replicates)]
    runs: list[Reduced] = []
    for number in range(plan.graphs):
        here = world if number == 0 else _other_world(world.config, number, plan.graphs, progress)
        mine = [replicate for replicate in range(plan.replicates) if owner[replicate] == number]
        progress.stage("the campaign as it is", len(mine))
        extra = WhatIsTold(world.graph if told and number == 0 else None)
        found = replicates_of(
            here, [luck_of(replicate, campaigns) for replicate in mine], crew=crew, progress=progress, extra=extra,
            record="summary" if log is None else "log", watched=True,
        )  # fmt: skip
        for replicate, run in zip(mine, found, strict=True):
            if log is not None and run.log is not None:
                log(number, replicate, run.log)
            runs.append(replace(run, log=None) if len(runs) < TIMELINE_RUNS else without_timeline(run))
    return Central(world, runs, owner)


def _other_world(configuration: Configuration, number: int, graphs: int, progress: Progress) -> World:
    """Return people and graph drawn with a seed derived from the configuration's."""
    progress.stage(f"people and graph {number + 1} of {graphs}")
    return build_world(changed(configuration, {"seed": other_seed(configuration.seed, number)}))


def quarter_runs(configuration: Configuration, plan: Plan, *, crew: Crew, progress: Progress) -> dict[str, Any] | None:
    """Return the odds at a quarter of the size, on people and graph of that size; None where it is not asked."""
    if plan.quarter_rows is None:
        return None
    progress.stage(f"the same at a quarter of the size ({plan.quarter_rows:,} rows)", plan.quarter_replicates)
    world = build_world(configuration, n=plan.quarter_rows)
    found = replicates_of(
        world, range(plan.quarter_replicates), crew=crew, progress=progress, what="a quarter of the size, "
    )
    return quarter_summary([run.outcome for run in found], world.n)


def theory_of(world: World) -> dict[str, Any]:
    """Return what the configuration alone says.

    Returns
    -------
    dict
        ``first_response``, ``reproduction_eigenvalue`` and ``expected`` {cause frame: {effect frame: number}};
        None, None and nothing for all rules but the logit, of which alone the theory speaks.
    """
    if world.config.reaction.rule != LOGIT:
        return {"first_response": None, "reproduction_eigenvalue": None, "expected": {}}
    matrix = reproduction(world.config, world.population, world.graph, sink=world.sink)
    return {
        "first_response": first_response(world.config, world.population, world.graph, sink=world.sink),
        "reproduction_eigenvalue": float(matrix.eigenvalue),
        "expected": {
            cause: {effect: float(matrix.by_frame[f, g]) for g, effect in enumerate(FRAMES)}
            for f, cause in enumerate(FRAMES)
        },
    }
