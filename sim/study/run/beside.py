"""The options beside the post, run on the luck of the first runs as it is: odds and paired differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.outcome.verdict import odds_interval
from sim.study.compare.paired import paired_odds
from sim.study.execution.batch import Batch, replicates_of
from sim.study.execution.job import Crew, Progress
from sim.study.execution.reduced import without_timeline
from sim.study.run.central import Central
from sim.study.run.options import Option


def _verdicts(runs: Sequence[Any]) -> list[str]:
    """Return the verdicts of some runs."""
    return [str(run.outcome["verdict"]) for run in runs]


def _odds(verdicts: Sequence[str], name: str) -> dict[str, float]:
    """Return ``name``, ``name_lo`` and ``name_hi``: the odds of one verdict."""
    hits = sum(verdict == name for verdict in verdicts)
    low, high = odds_interval(hits, len(verdicts))
    return {name: hits / len(verdicts), f"{name}_lo": low, f"{name}_hi": high}


def as_it_is(verdicts: Sequence[str]) -> dict[str, Any]:
    """Return the row of the post as it is."""
    return {
        "option": "as_is", "title": "Post it as it is", **_odds(verdicts, "hijacked"),
        **_odds(verdicts, "viral_positive"), "difference": None, "difference_lo": None, "difference_hi": None,
        "note": "", "runs": len(verdicts),
    }  # fmt: skip


def not_posting(option: Option, verdicts: Sequence[str]) -> dict[str, Any]:
    """Return the row of not posting: nothing can happen, so the difference is that of the odds as they are."""
    odds = _odds(verdicts, "hijacked")
    return {
        "option": option.name, "title": option.title, "hijacked": 0.0, "hijacked_lo": 0.0, "hijacked_hi": 0.0,
        "viral_positive": 0.0, "viral_positive_lo": 0.0, "viral_positive_hi": 0.0,
        "difference": -odds["hijacked"], "difference_lo": -odds["hijacked_hi"], "difference_hi": -odds["hijacked_lo"],
        "note": option.note, "runs": 0,
    }  # fmt: skip


def option_row(option: Option, own: Sequence[str], verdicts: Sequence[str]) -> dict[str, Any]:
    """Return the row of an option from its verdicts and those of the post as it is, on the same luck."""
    difference = paired_odds([v == "hijacked" for v in own], [v == "hijacked" for v in verdicts])
    return {
        "option": option.name, "title": option.title, **_odds(verdicts, "hijacked"),
        **_odds(verdicts, "viral_positive"), "difference": difference["mean"],
        "difference_lo": difference["lo"], "difference_hi": difference["hi"], "note": option.note,
        "runs": len(verdicts),
    }  # fmt: skip


def beside(
    central: Central, options: Sequence[Option], *, replicates: int, crew: Crew, progress: Progress
) -> tuple[list[dict[str, Any]], Batch]:
    """Carry out the options.

    Parameters
    ----------
    replicates : int
        Runs of each option; they have the luck of as many first runs on graph 0.

    Returns
    -------
    rows : list of dict
        ``option, title``, odds with intervals, paired ``difference`` of P(hijacked), ``note``, ``runs``.
    runs : Batch
        Keys: ``option``, ``replicate``.
    """
    own = _verdicts(central.on_first_graph)
    pairs = min(replicates, len(own))
    rows = [as_it_is(_verdicts(central.runs))]
    runs: list[Any] = []
    keys: dict[str, list[Any]] = {"option": [], "replicate": []}
    simulated = [option for option in options if option.changes]
    progress.stage("other options, on the same luck", pairs * len(simulated))
    for option in options:
        if not option.changes:
            rows.append(not_posting(option, _verdicts(central.runs)))
            continue
        world = central.world.with_config(option.applied(central.world.config))
        found = list(replicates_of(world, range(pairs), crew=crew, progress=progress, what=f"option {option.name}, "))
        rows.append(option_row(option, own[:pairs], _verdicts(found)))
        runs += [without_timeline(run) for run in found]
        keys["option"] += [option.name] * pairs
        keys["replicate"] += list(range(pairs))
    return rows, Batch(runs, keys)
