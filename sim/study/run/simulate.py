"""One configuration, many replicates: its summary, and no files."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

from sim.aftermath.measured import summary_of_after
from sim.aftermath.state import Aftermath, starts_anew
from sim.config.root import Configuration, changed, checked_configuration
from sim.engine.world import build_world
from sim.network.graph import FollowerGraph
from sim.study.calibration.posterior import check_speaks_of
from sim.study.execution.batch import Untold, draws_of
from sim.study.execution.crew import hired
from sim.study.execution.executors import Executor, checked_executor
from sim.study.execution.job import Crew, Progress
from sim.study.execution.runner import checked_workers
from sim.study.run.central import Central, central_runs, quarter_runs, theory_of
from sim.study.run.plan import Plan, plan
from sim.study.run.summary import range_summary, summary_of
from sim.study.run.unknown import Unknown, unknown_of


def simulate(
    configuration: Configuration,
    *,
    replicates: int = 200,
    seed: int | None = None,
    workers: int | None = None,
    executor: str | Mapping[str, Any] | Executor = "threads",
    uncertainty: Literal["none", "prior", "posterior"] = "none",
    graphs: int = 1,
    graph: FollowerGraph | None = None,
    after: Aftermath | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Simulate one configuration and return its summary.

    Parameters
    ----------
    configuration : Configuration
        As :func:`sim.load_case` returns it.
    replicates : int
        Runs with the same people and graph and other luck.
    seed : int in [0, 2**63), optional
        The configuration's own if left out.
    workers : int, optional
        Runs side by side; all processors if left out. Results do not depend on it.
    executor : {"threads", "processes", "dask"}, mapping or Executor
        What carries them out. Results do not depend on it either.
    uncertainty : {"none", "prior", "posterior"}
        ``prior`` and ``posterior`` add runs over what is not known, for ``verdict_range``: universal parameters from
        their spans, or together as calibration left them.
    graphs : int
        Draws of people and graph that the replicates are spread over.
    graph : FollowerGraph, optional
        A graph of one's own; its size wins over the configuration's.
    after : Aftermath, optional
        The state in which an earlier campaign left its people (``model.aftermath()``, some weeks ``.later(8)``): the
        configuration's post, agency, policy and horizon are tried on these people. One graph, no uncertainty.
    progress : optional
        Told of stages and finished runs.

    Returns
    -------
    dict
        The keys of ``summary.json``; undefined values are None.

    Raises
    ------
    ConfigError
        A value that cannot be.
    """
    begun = time.perf_counter()
    checked_configuration(configuration)
    if seed is not None:
        configuration = changed(configuration, {"seed": seed})
    told = Untold() if progress is None else progress
    side_by_side, carried_out_by = checked_workers(workers), checked_executor(executor)
    generated = not configuration.network.from_file and graph is None and after is None
    planned = partial(
        plan, generated=generated, replicates=replicates, graphs=graphs, uncertainty=uncertainty, options=False
    )
    if after is not None:
        starts_anew(seed=seed, graph=graph, uncertainty=uncertainty, graphs=graphs, earlier=configuration.earlier)
    if uncertainty == "posterior":
        check_speaks_of(configuration)
    planned(configuration.people.n_followers)  # refuses what cannot be, before any work
    told.stage("people and graph")
    world = build_world(configuration, graph=graph) if after is None else after.start(configuration).world
    intended = planned(world.n)
    with hired(side_by_side, carried_out_by) as crew:
        central = central_runs(
            world, intended, crew=crew, progress=told, campaigns=0 if after is None else after.campaigns
        )  # fmt: skip
        quarter = quarter_runs(configuration, intended, crew=crew, progress=told)
        unknown = unknown_of(configuration, intended.posterior, own_graph=graph is not None)
        wanted = intended.draws > 0 and len(unknown.inputs) > 0
        over_inputs = _over_inputs(central, intended, unknown, crew, told) if wanted else None
    return summary_of(
        world.config, intended, [run.outcome for run in central.runs],
        followers=central.world.n, edges=central.world.graph.m, theory=theory_of(central.world),
        quarter=quarter, over_inputs=over_inputs, after=summary_of_after(central.left_behind),
        seconds=time.perf_counter() - begun,
    )  # fmt: skip


def _over_inputs(central: Central, intended: Plan, unknown: Unknown, crew: Crew, told: Progress) -> dict[str, Any]:
    """Return what the runs over what is not known add to the summary."""
    told.stage("what is not known", intended.draws * intended.draw_replicates)
    batch = draws_of(
        central.world.config, unknown, draws=intended.draws, graphs=intended.draw_graphs,
        replicates=intended.draw_replicates, crew=crew, progress=told, shared=central.world,
    )  # fmt: skip
    return range_summary(by_draw([str(run.outcome["verdict"]) for run in batch.runs], intended.draw_replicates))


def by_draw(words: list[str], replicates: int) -> list[list[str]]:
    """Return verdicts in groups of one draw each."""
    return [words[first : first + replicates] for first in range(0, len(words), replicates)]
