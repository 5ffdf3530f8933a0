"""The study of one configuration, whole: luck, size, what is not known, other options, and what they foretell.

The order of work: runs at central values; the same at a quarter of the size; runs over what is not known;
other options on the same luck; one run again for its tree. Each part is a module of its own beside this one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.aftermath.measured import summary_of_after, table_of_after
from sim.aftermath.state import lived
from sim.config.root import Configuration
from sim.engine.world import World
from sim.outcome.aggregate import mean_interval
from sim.outcome.participation import participation_table, starters_table
from sim.study.execution.batch import Batch, draws_of
from sim.study.execution.job import Crew, Progress
from sim.study.execution.reduced import runs_frame, timeline_bands, timeline_frame
from sim.study.run.assumptions import assumptions
from sim.study.run.beside import beside
from sim.study.run.central import FRAMES, Central, LogSink, central_runs, quarter_runs, theory_of
from sim.study.run.hinges import candidates, fit_surrogate, scaled
from sim.study.run.inputs import Input
from sim.study.run.marks import marks
from sim.study.run.options import options
from sim.study.run.plan import Plan
from sim.study.run.probe import probe, seen
from sim.study.run.simulate import by_draw
from sim.study.run.summary import range_summary, summary_of
from sim.study.run.tree import largest_tree
from sim.study.run.tripwires import tripwires
from sim.study.run.unknown import Unknown, unknown_of

if TYPE_CHECKING:
    import pandas as pd

HINGES, CANDIDATES = 2, 6
"""How many inputs are named, out of how many that are simulated."""


@dataclass(frozen=True)
class Shown:
    """What the runs at central values show: all that is drawn of a study, and known long before its end.

    Attributes
    ----------
    runs, timeline, bands : DataFrame
        See :class:`CampaignStudy`.
    cascade : DataFrame or None
        One run's largest tree, if it can be told.
    findings : dict
        Plain: ``marks, participation, starters, after``.
    """

    runs: pd.DataFrame
    timeline: pd.DataFrame
    bands: pd.DataFrame
    cascade: pd.DataFrame | None
    findings: dict[str, Any]


@dataclass(frozen=True)
class CampaignStudy:
    """What a study of one configuration has found.

    Attributes
    ----------
    configuration : Configuration
    plan : Plan
    summary : dict
        ``summary.json``.
    findings : dict
        Plain: ``marks, participation, starters, theory, options, hinges, tripwires, assumptions``.
    frames : dict of str to DataFrame
        ``runs`` and ``timeline``; if made, ``draws`` (over what is not known), ``options`` (their runs) and
        ``cascade`` (one run's largest tree).
    bands : DataFrame
        The timeline's 10 %, 50 % and 90 % over replicates.
    """

    configuration: Configuration
    plan: Plan
    summary: dict[str, Any]
    findings: dict[str, Any]
    frames: dict[str, pd.DataFrame]
    bands: pd.DataFrame


def study_campaign(
    configuration: Configuration,
    world: World,
    plan: Plan,
    *,
    crew: Crew,
    progress: Progress,
    begun: float | None = None,
    log: LogSink | None = None,
    watch: Callable[[Shown], None] | None = None,
) -> CampaignStudy:
    """Study one configuration.

    Parameters
    ----------
    world : World
        Of the configuration's own seed.
    begun : float, optional
        ``time.perf_counter()`` when the work began; now if left out.
    log : callable, optional
        Takes the event logs of the runs at central values (``record=log``).
    watch : callable, optional
        Is given what the runs at central values show, as soon as they do.
    """
    begun = time.perf_counter() if begun is None else begun
    central = central_runs(world, plan, crew=crew, progress=progress, told=True, log=log)
    shown = _shown(configuration, central)
    if watch is not None:
        watch(shown)
    quarter = quarter_runs(configuration, plan, crew=crew, progress=progress)
    unknown = unknown_of(configuration, plan.posterior) if plan.draws else Unknown([])
    drawn = _drawn(configuration, central, unknown, plan, crew, progress) if unknown.inputs else None
    rows, option_runs = beside(
        central, options(configuration), replicates=plan.option_replicates, crew=crew, progress=progress
    )
    hangs_on = [] if drawn is None else _hinges(central, drawn, unknown.inputs, plan, crew, progress)
    progress.stage("theory and findings")
    theory = theory_of(world)
    words = [] if drawn is None else by_draw(_verdicts(drawn), plan.draw_replicates)
    summary = summary_of(
        configuration, plan, [run.outcome for run in central.runs], followers=world.n, edges=world.graph.m,
        theory=theory, quarter=quarter, over_inputs=None if drawn is None else range_summary(words),
        after=summary_of_after(central.left_behind), seconds=time.perf_counter() - begun,
    )  # fmt: skip
    frames = {"runs": shown.runs, "timeline": shown.timeline}
    if drawn is not None:
        frames["draws"] = runs_frame(drawn.runs, drawn.keys)
    if option_runs.runs:
        frames["options"] = runs_frame(option_runs.runs, option_runs.keys)
    if shown.cascade is not None:
        frames["cascade"] = shown.cascade
    findings = {
        "theory": theory | _measured(central, summary),
        "options": rows,
        "hinges": hangs_on,
        "tripwires": tripwires([frames[name] for name in ("runs", "draws") if name in frames]),
        "assumptions": assumptions(configuration),
        **shown.findings,
    }
    return CampaignStudy(configuration, plan, summary, findings, frames, shown.bands)


def _shown(configuration: Configuration, central: Central) -> Shown:
    """Return what the runs at central values show."""
    keys = {"graph": central.graph, "replicate": list(range(len(central.runs)))}
    runs = runs_frame(central.runs, keys)
    return Shown(
        runs, timeline_frame(central.runs, keys, configuration.minutes),
        timeline_bands(central.runs, configuration.minutes), _tree(central.world, central),
        {"marks": marks(runs, configuration.policy), **_who(central)},
    )  # fmt: skip


def _drawn(
    configuration: Configuration, central: Central, unknown: Unknown, plan: Plan, crew: Crew, progress: Progress
) -> Batch:
    """Carry out the runs over what is not known."""
    progress.stage("what is not known", plan.draws * plan.draw_replicates)
    return draws_of(
        configuration, unknown, draws=plan.draws, graphs=plan.draw_graphs, replicates=plan.draw_replicates,
        crew=crew, progress=progress, shared=central.world,
    )  # fmt: skip


def _verdicts(batch: Batch) -> list[str]:
    """Return the verdicts of a batch."""
    return [str(run.outcome["verdict"]) for run in batch.runs]


def _hinges(
    central: Central, drawn: Batch, inputs: Sequence[Input], plan: Plan, crew: Crew, progress: Progress
) -> list[dict[str, Any]]:
    """Return the inputs on which it hangs: screened over the draws, then simulated."""
    values = np.array([drawn.keys[item.name] for item in inputs], dtype=np.float64).T
    rows, runs = central.world.n, central.on_first_graph
    unknown = seen(drawn.runs, scaled(values, inputs), np.array(drawn.keys["draw"]), rows)
    known = seen(runs, np.zeros((len(runs), len(inputs))), np.zeros(len(runs), np.int64), rows)
    model = fit_surrogate(unknown, known)
    return probe(
        central.world, known, model, candidates(model, unknown, inputs, CANDIDATES), how_many=HINGES,
        replicates=plan.probe_replicates, crew=crew, progress=progress,
    )  # fmt: skip


def _measured(central: Central, summary: dict[str, Any]) -> dict[str, Any]:
    """Return what the runs gave for the theory's numbers."""
    counts = [run.extra["direct"] for run in central.on_first_graph]
    return {
        "first_response_observed": mean_interval((counter / whole for counter, whole in counts if whole), 0.0, 1.0),
        "measured": {
            cause: {effect: summary[f"reproduction_{cause}_to_{effect}"] for effect in FRAMES} for cause in FRAMES
        },
    }


def _who(central: Central) -> dict[str, Any]:
    """Return participation, starters and what was left behind over the replicates on graph 0, as plain rows."""
    world, runs = central.world, central.on_first_graph
    merged = world.graph.origin != "generated"
    took_part = participation_table([run.extra["participation"] for run in runs], world.population, merge_small=merged)
    began = starters_table(
        [run.extra["starters"] for run in runs], world.population, world.graph.in_degree, merge_small=merged
    )
    behind = [run.extra["after"] for run in runs]
    return {
        "participation": took_part.to_dict("records"), "starters": began.to_dict("records"),
        "after": table_of_after(behind, world.population, hide_small=merged),
    }  # fmt: skip


def _tree(world: World, central: Central) -> pd.DataFrame | None:
    """Return the largest tree of the first run with the most frequent verdict; None on a real graph."""
    if world.graph.origin != "generated":
        return None
    verdicts = [str(run.outcome["verdict"]) for run in central.on_first_graph]
    usual = Counter(verdicts).most_common(1)[0][0]
    return largest_tree(lived(world, replicate=verdicts.index(usual)).messages)
