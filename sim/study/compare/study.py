"""Several configurations on the same luck: odds of each, paired differences against the first, what they cost.

The same follower takes the same decision with the same luck in all of them, so that differences are not
blurred by chance; how much that is worth is told beside them. Not posting, and listening before the first post,
stand beside whatever is compared. Runs are of a fixed number, or go on until every difference of P(hijacked) against
the first is settled: its sign is known, or it is known to be smaller than a margin (see
:mod:`sim.study.compare.settling`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sim.config.root import Configuration, changed, checked_configuration
from sim.errors import ConfigError
from sim.study.compare.compared import (
    COST,
    choice_rows,
    choices_beside,
    pair_rows,
    table_of,
    tally,
    units,
    verdicts_by_luck,
)
from sim.study.compare.cost import working_hours
from sim.study.compare.same_messages import shares_of_messages
from sim.study.compare.settling import until_settled
from sim.study.compare.words import finding, sentences
from sim.study.design.points import graph_key
from sim.study.execution.executors import Executor
from sim.study.execution.job import Progress
from sim.study.lots import Lots, asked_posterior, complete_with, differing, lots_of, runs_with, told_over
from sim.study.planned import Found, bases_of, identity_of, plain_rows
from sim.study.run.options import not_posted
from sim.study.run.plan import plan
from sim.study.store.named_files import files_of
from sim.study.store.parted import Parted
from sim.study.sweeping import OpenStudy, open_study

if TYPE_CHECKING:
    import pandas as pd

ALPHA = 0.05
MARGIN = 0.05
MOST = 1000
"""Replicates of each at which one stops asking, settled or not."""
SAME_RUNS = 10
"""Replicates that are carried out once more, for the messages that choices share."""


@dataclass(frozen=True)
class Comparison:
    """What a comparison has found.

    Attributes
    ----------
    table : DataFrame
        One row a choice, in their order, then ``do_not_post`` and ``listen_first``; see ``docs/studies.md``, compare,
        for its columns.
    pairs : DataFrame
        One row a pair of choices.
    runs : DataFrame
        One row a run: ``point``, ``name``, ``replicate``, the outcomes and ``cost_hours``.
    summary : dict
        ``summary.json``, without what all studies have.
    followers : int
        Rows of the audience of the first configuration.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    runs: pd.DataFrame
    summary: dict[str, Any]
    followers: int


def question_of(
    configurations: Mapping[str, Configuration],
    *,
    compares: str = "",
    replicates: object = None,
    until: object = None,
    margin: object = None,
    uncertainty: object = "none",
) -> dict[str, Any]:
    """Return the question of a comparison as plain JSON, checked.

    Parameters
    ----------
    configurations : mapping of name to Configuration
        At least two; differences are against the first.
    compares : str
        What tells them apart, in one word.
    replicates : int, optional
        Runs of each (20 to 200 by the audience's size), or the most of each with ``until`` (1000).
    until : {"settled"}, optional
    margin : float in (0, 1), optional
        A smaller difference of P(hijacked) counts as none (0.05).
    uncertainty : {"none", "posterior"}
        What intervals are over; with ``posterior`` each replicate has its joint draw of the universal parameters.

    Raises
    ------
    ConfigError
        Fewer than two configurations, or a value that cannot be.
    """
    if len(configurations) < 2:
        raise ConfigError(f"compare needs at least two configurations; got {len(configurations)}.")
    if until not in (None, "settled"):
        raise ConfigError(f"until must be settled, or left out for a fixed number of replicates; got {until!r}.")
    width = MARGIN if margin is None else margin
    if isinstance(width, bool) or not isinstance(width, (int, float)) or not 0.0 < width < 1.0:
        raise ConfigError(f"margin must lie between 0 and 1 (0.05: five points of P(hijacked)); got {width!r}.")
    rows = max(each.people.n_followers for each in configurations.values())
    if until is not None and replicates is None:
        replicates = MOST
    asked = plan(rows, generated=True, replicates=replicates, uncertainty="none", options=False)
    choices_beside(configurations)
    return {
        "bases": {name: each.model_dump(mode="json") for name, each in configurations.items()},
        "names": list(configurations),  # in order: another first is another question
        "compares": compares, "replicates": asked.replicates, "until": until, "margin": float(width),
        **asked_posterior(uncertainty, list(configurations.values())),
    }  # fmt: skip


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Compare configurations.

    Parameters
    ----------
    study : OpenStudy
    question : mapping
        From :func:`question_of`.
    """
    comparison, runs = _carried_out(study, question)
    names = [*comparison.table.columns, *comparison.pairs.columns, *comparison.runs.columns]
    tables = {"compare": comparison.table, "pairs": comparison.pairs}
    return Found(tables, comparison.summary, units(names), runs)


def _carried_out(study: OpenStudy, question: Mapping[str, Any]) -> tuple[Comparison, Parted]:
    """Return what is found, and its runs as they are written."""
    import pandas as pd

    bases = bases_of(question)
    choices = choices_beside({name: bases[name] for name in question["names"]}, question["compares"])
    simulated = {each.name: each.configuration for each in choices if each.configuration is not None}
    alpha = None if question["until"] is None else ALPHA / (len(simulated) - 1)
    lots = lots_of(question, list(simulated.values()), differing(list(simulated.values())))
    replicates = _count(study, lots, simulated, question, alpha)
    frames = {
        name: _runs(study, lots, place, name, each, replicates) for place, (name, each) in enumerate(simulated.items())
    }
    first, base = next(iter(frames)), next(iter(simulated.values()))
    runs = Parted(study.place)
    for _ in runs.through(frames.values()):
        pass
    every = frames | {
        each.name: not_posted(frames[first]).assign(**{COST: 0.0}) for each in choices if each.configuration is None
    }
    ended = set.intersection(*(set(verdicts_by_luck(frame).index) for frame in frames.values()))
    same = shares_of_messages(study, lots, simulated, sorted(ended)[:SAME_RUNS])
    rows = choice_rows(choices, every, same, margin=question["margin"], alpha=alpha)
    table, pairs = table_of(rows), table_of(pair_rows(choices, every))
    followers = study.worlds.of(graph_key(base), base).n
    summary = {
        "compares": question["compares"], "replicates": replicates, "until": question["until"],
        "margin": question["margin"], "followers": followers, **told_over(question),
        "finding": finding(choices, rows, question), "sentences": sentences(choices, rows, question),
        "rows": plain_rows(table), "pairs": plain_rows(pairs),
    }  # fmt: skip
    stacked = pd.concat(frames.values(), ignore_index=True)
    return Comparison(table, pairs, stacked, summary, followers), runs


def _runs(
    study: OpenStudy, lots: Lots, place: int, name: str, configuration: Configuration, count: int
) -> pd.DataFrame:
    """Return all runs of one choice, with its name and what each cost."""
    import pandas as pd

    runs = runs_with(study, lots, [configuration], range(count))
    runs["point"] = place
    runs.insert(1, "name", pd.array([name] * len(runs), dtype="str"))
    runs[COST] = working_hours(configuration, runs)
    return runs


def _count(
    study: OpenStudy,
    lots: Lots,
    simulated: Mapping[str, Configuration],
    question: Mapping[str, Any],
    alpha: float | None,
) -> int:
    """Carry out the runs, and return how many replicates of each there are."""
    most, configurations = int(question["replicates"]), list(simulated.values())
    if alpha is None:
        complete_with(study, lots, configurations, range(most))
        return most

    def ask(numbers: Sequence[int]) -> dict[str, tuple[int, int, int]]:
        runs = runs_with(study, lots, configurations, numbers)
        verdicts = [verdicts_by_luck(runs[runs["point"] == place]) for place in range(len(configurations))]
        return {name: tally(verdicts[0], own) for name, own in list(zip(simulated, verdicts, strict=True))[1:]}

    told: dict[str, str] = {}
    count = 0
    for count, states in until_settled(ask, most, question["margin"], alpha):
        for name, state in states.items():
            if told.get(name, "open") != state:
                study.progress.note(f"{name}: {_STATES[state]}, after {count} replicates of each.")
        told = dict(states)
    return count


_STATES = {
    "lower": "P(hijacked) is lower than in the first",
    "higher": "P(hijacked) is higher than in the first",
    "alike": "P(hijacked) differs from the first by less than the margin",
    "open": "still open",
}


def compared(
    configurations: Mapping[str, Configuration],
    *,
    replicates: int | None = None,
    seed: int | None = None,
    until: Literal["settled"] | None = None,
    margin: float | None = None,
    uncertainty: Literal["none", "posterior"] = "none",
    workers: int | None = None,
    executor: str | Mapping[str, Any] | Executor = "threads",
    progress: Progress | None = None,
) -> Comparison:
    """Compare configurations on the same luck, in memory; see :func:`compare`."""
    if seed is not None:
        configurations = {name: changed(each, {"seed": seed}) for name, each in configurations.items()}
    question = question_of(
        configurations, replicates=replicates, until=until, margin=margin, uncertainty=uncertainty
    )  # fmt: skip
    files = {name: files_of(each) for name, each in configurations.items()}
    with open_study(
        None, identity_of(question, files), executor=executor, workers=workers, progress=progress
    ) as study:  # fmt: skip
        return _carried_out(study, question)[0]


def compare(
    configurations: Mapping[str, Configuration],
    replicates: int | None = None,
    seed: int | None = None,
    *,
    until: Literal["settled"] | None = None,
    margin: float | None = None,
    uncertainty: Literal["none", "posterior"] = "none",
    workers: int | None = None,
    executor: str | Mapping[str, Any] | Executor = "threads",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Compare configurations on the same luck.

    Parameters
    ----------
    configurations : mapping of name to Configuration
        At least two; differences are against the first.
    replicates : int, optional
        Runs of each, 20 to 200 by the audience's size if left out; with ``until`` the most of each, 1000 if left out.
    seed : int in [0, 2**63), optional
        For all of them; their own if left out (then it must be the same for luck to be shared).
    until : {"settled"}, optional
        Go on until each difference of P(hijacked) against the first has a sign, or is smaller than the margin.
    margin : float in (0, 1), optional
        0.05 if left out.
    uncertainty : {"none", "posterior"}
        What intervals are over: luck alone, or luck and what calibration leaves open of the universal parameters.
    workers : int, optional
        Runs side by side; all processors if left out.
    executor : {"threads", "processes", "dask"}, mapping or Executor
        What carries them out. Results do not depend on it.

    Returns
    -------
    DataFrame
        One row a choice, indexed by name, then ``do_not_post`` and ``listen_first``: odds of each verdict, means, cost
        in working hours, and paired differences against the first, each with its 95 % interval; which is better, how
        surely, how many replicates would settle it, and what sharing luck is worth (``docs/studies.md``, compare).

    Raises
    ------
    ConfigError
        Fewer than two configurations, or a value that cannot be.
    """
    if not isinstance(configurations, Mapping) or not all(isinstance(name, str) for name in configurations):
        raise ConfigError("compare needs configurations by name, such as {'as it is': one, 'otherwise': other}.")
    for each in configurations.values():
        checked_configuration(each)
    found = compared(
        configurations, replicates=replicates, seed=seed, until=until, margin=margin, uncertainty=uncertainty,
        workers=workers, executor=executor, progress=progress,
    )  # fmt: skip
    return found.table.set_index("name")
