"""Several configurations on the same luck: odds of each, and paired differences against the first.

The same follower takes the same decision with the same luck in all of them, so that differences are not
blurred by chance; how much that is worth is told beside them. Configurations that differ in nothing that fixes
the graph share one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from sim.config.root import Configuration, changed
from sim.engine.record import RunRecord
from sim.engine.world import World, build_world
from sim.errors import ConfigError
from sim.outcome.aggregate import mean_interval
from sim.outcome.in_common import message_marks, same_messages
from sim.outcome.verdict import VERDICTS, odds_interval
from sim.study.batch import Untold, replicates_of
from sim.study.crew import Threads, checked_executor, hired
from sim.study.job import Crew, Progress
from sim.study.paired import paired_difference, paired_odds, variance_ratio
from sim.study.plan import plan
from sim.study.points import graph_key
from sim.study.reduced import Reduced, runs_frame, without_timeline
from sim.study.runner import checked_workers

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

MEASURES = ("messages", "participants", "reach", "hijack_share", "takeover_minutes", "followers_lost")
MARKS_KEPT = 20_000_000
"""Messages of the first configuration that are kept for comparison (160 MB); runs beyond are not compared in this."""


@dataclass(frozen=True)
class Comparison:
    """What a comparison has found.

    Attributes
    ----------
    table : DataFrame
        One row a configuration, in their order: ``name``; ``hijacked`` and the other odds with ``_lo`` and ``_hi``;
        means of ``MEASURES``; and against the first configuration ``<verdict>_difference`` and
        ``<measure>_difference`` with ``_lo`` and ``_hi`` (95 %, paired); ``<verdict>_variance_ratio`` and
        ``<measure>_variance_ratio`` (variance of the difference over that of unpaired runs, see
        :func:`sim.study.paired.variance_ratio`); ``same_messages`` with ``_lo`` and ``_hi`` (mean over runs of the
        share of messages that the same follower puts out in the same minute, action and frame in both).
    runs : DataFrame
        One row a run: ``name``, ``replicate`` and the outcomes.
    followers : int
        Rows of the audience of the first configuration.
    """

    table: pd.DataFrame
    runs: pd.DataFrame
    followers: int


def _worlds(configurations: Sequence[Configuration], progress: Progress) -> Iterator[World]:
    """Yield the world of each configuration; neighbours share a graph where they can."""
    world: World | None = None
    for configuration in configurations:
        if world is not None and graph_key(world.config) == graph_key(configuration):
            world = world.with_config(configuration)
        else:
            progress.stage("people and graph")
            world = build_world(configuration)
        yield world


def compared(
    configurations: Mapping[str, Configuration],
    *,
    replicates: int | None = None,
    seed: int | None = None,
    crew: Crew | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare configurations on the same luck; see :func:`compare`."""
    if len(configurations) < 2:
        raise ConfigError(f"compare needs at least two configurations; got {len(configurations)}.")
    told = Untold() if progress is None else progress
    crew = Threads(checked_workers(None)) if crew is None else crew
    if seed is not None:
        configurations = {name: changed(each, {"seed": seed}) for name, each in configurations.items()}
    rows = [each.people.n_followers for each in configurations.values()]
    asked = plan(max(rows), generated=True, replicates=replicates, uncertainty="none", options=False)
    numbers = range(asked.replicates)
    found: dict[str, list[Reduced]] = {}
    same: dict[str, list[float | None]] = {}
    kept: list[npt.NDArray[np.uint64]] = []
    followers = 0
    for name, world in zip(configurations, _worlds(list(configurations.values()), told), strict=True):
        told.stage(name, asked.replicates)
        followers = followers or world.n
        of_name = replicates_of(
            world, numbers, crew=crew, progress=told, what=f"{name}, ",
            extra=_marks_of,
        )  # fmt: skip
        first = not found
        found[name], same[name] = [], []
        for number, run in enumerate(of_name):
            found[name].append(replace(without_timeline(run), extra=None))
            if not first and number < len(kept):
                same[name].append(same_messages(kept[number], run.extra))
            elif first and sum(marks.size for marks in kept) + run.extra.size <= MARKS_KEPT:
                kept.append(run.extra)
    runs = [runs_frame(each, {"name": [name] * len(each), "replicate": list(numbers)}) for name, each in found.items()]
    return Comparison(_table(found, same), _stacked(runs), followers)


def _marks_of(world: World, record: RunRecord) -> npt.NDArray[np.uint64]:
    """Return what tells a record's messages apart (by name, so that other processes know it too)."""
    return message_marks(record)


def compare(
    configurations: Mapping[str, Configuration],
    replicates: int | None = None,
    seed: int | None = None,
    *,
    workers: int | None = None,
    executor: Literal["threads", "processes"] = "threads",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Compare configurations on the same luck.

    Parameters
    ----------
    configurations : mapping of name to Configuration
        At least two; differences are against the first.
    replicates : int, optional
        Runs of each; 60 to 200 by the audience's size if left out.
    seed : int in [0, 2**63), optional
        For all of them; their own if left out (then it must be the same for luck to be shared).
    workers : int, optional
        Runs side by side; all processors if left out.
    executor : {"threads", "processes"}
        What carries them out. Results do not depend on it.

    Returns
    -------
    DataFrame
        One row a configuration, indexed by name: odds of each verdict, means, and paired differences against
        the first, each with its 95 % interval, and what sharing luck is worth (see :class:`Comparison`).

    Raises
    ------
    ConfigError
        Fewer than two configurations, or a value that cannot be.
    """
    with hired(checked_workers(workers), checked_executor(executor)) as crew:
        found = compared(configurations, replicates=replicates, seed=seed, crew=crew, progress=progress)
    return found.table.set_index("name")


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return all runs in one frame; policies of different length have different numbers of rules."""
    import pandas as pd

    return pd.concat(frames, ignore_index=True)


def _table(found: Mapping[str, Sequence[Reduced]], same: Mapping[str, Sequence[float | None]]) -> pd.DataFrame:
    """Return odds, means, paired differences and what pairing is worth, of all configurations."""
    import pandas as pd

    first = next(iter(found.values()))
    rows = []
    for name, runs in found.items():
        row: dict[str, Any] = {"name": name, "replicates": len(runs)}
        for verdict in VERDICTS:
            hit = [run.outcome["verdict"] == verdict for run in runs]
            base = [run.outcome["verdict"] == verdict for run in first]
            low, high = odds_interval(sum(hit), len(hit))
            row |= {verdict: sum(hit) / len(hit), f"{verdict}_lo": low, f"{verdict}_hi": high}
            row |= _difference(verdict, None if runs is first else paired_odds(base, hit))
            row[f"{verdict}_variance_ratio"] = None if runs is first else variance_ratio(base, hit)
        for measure in MEASURES:
            own = [_number(run, measure) for run in runs]
            base_values = [_number(run, measure) for run in first]
            mean = mean_interval(own)
            row |= {measure: mean["mean"], f"{measure}_lo": mean["lo"], f"{measure}_hi": mean["hi"]}
            row |= _difference(measure, None if runs is first else paired_difference(base_values, own))
            row[f"{measure}_variance_ratio"] = None if runs is first else variance_ratio(base_values, own)
        shared = mean_interval(same[name])
        row |= {"same_messages": shared["mean"], "same_messages_lo": shared["lo"], "same_messages_hi": shared["hi"]}
        rows.append(row)
    return pd.DataFrame(rows)


def _number(run: Reduced, measure: str) -> float:
    """Return one outcome as a number, nan where it is undefined."""
    value = run.outcome[measure]
    return float("nan") if value is None else float(value)


def _difference(name: str, found: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns of one difference; nothing for the first configuration itself."""
    ends = {"": "mean", "_lo": "lo", "_hi": "hi"}
    return {f"{name}_difference{end}": None if found is None else found[key] for end, key in ends.items()}
