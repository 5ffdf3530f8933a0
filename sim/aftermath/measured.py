"""What a campaign left behind, as numbers: drift by group, the next post's first response, copycats.

The **next ordinary post** is the parameter table's own (``PostConfig()``: a statement of middling appeal); its expected
first response before and after tells the lasting cost in the terms of the first minutes. ``docs/model.md`` 9.4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from sim.aftermath.copycats import HOUR, copycats
from sim.aftermath.drift import Floats, drifted
from sim.config.people import COHORTS
from sim.config.post import PostConfig
from sim.config.root import Configuration
from sim.engine.record import RunRecord
from sim.engine.world import World
from sim.outcome.attention import seen_by_row
from sim.outcome.theory import first_response
from sim.people.population import Population
from sim.reaction.actions import CAMPAIGN

UNITS = {
    "start_grievance": "0 to 1", "start_support": "0 to 1", "start_followers": "followers",
    "start_first_response": "1", "grievance_change": "0 to 1 scale", "support_change": "0 to 1 scale",
    "followers_change": "followers", "next_first_response": "1", "copycats": "places", "first_copycat_hours": "hours",
}  # fmt: skip
"""What a run tells of before and after it (``after.measured=true``), and in which unit."""
FEELINGS = ("grievance", "support")
FOLLOWERS = ("start_followers", "followers_change")
"""Numbers of rows; a summary tells gains and losses of followers elsewhere."""
EVERYBODY = ("everybody", "everybody")


@dataclass(frozen=True)
class LeftBehind:
    """What one run left behind.

    Attributes
    ----------
    outcome : dict of str to float or None
        Names of :data:`UNITS`.
    changes : float64[groups, 2]
        Mean change of grievance and support of each group of :func:`groups_of`.
    """

    outcome: dict[str, float | None]
    changes: Floats


def groups_of(population: Population) -> tuple[list[tuple[str, str]], npt.NDArray[np.int64]]:
    """Return the groups that drift is told of, as (dimension, name), and their rows."""
    names = [("cohort", name) for name in COHORTS] + [("community", name) for name in population.communities]
    cohorts = np.bincount(population.cohort, minlength=len(COHORTS))
    communities = np.bincount(population.community, minlength=len(population.communities))
    return [EVERYBODY, *names], np.concatenate([[population.n], cohorts, communities]).astype(np.int64)


def _sums(population: Population, rows: npt.NDArray[np.int64], change: Floats) -> Floats:
    """Return the sums of some rows' changes over everybody, cohorts and communities: float64[groups]."""
    cohorts = np.bincount(population.cohort[rows], weights=change, minlength=len(COHORTS))
    communities = np.bincount(population.community[rows], weights=change, minlength=len(population.communities))
    return np.concatenate([[change.sum()], cohorts, communities])


@dataclass(frozen=True)
class _Ordinary:
    """The next ordinary post before a world's people, and what they are before the campaign.

    Attributes
    ----------
    configuration : Configuration
        With that post.
    seen : float64[n]
        Each row's chance of seeing it.
    start : dict of str to float or None
    """

    configuration: Configuration
    seen: Floats
    start: dict[str, float | None]

    @classmethod
    def of(cls, world: World) -> _Ordinary:
        """Return what is the same for all runs of a world; it is kept."""
        kept = _known.get(world)
        if kept is None:
            people = world.population
            post = PostConfig(hour=world.config.post.hour)
            configuration = world.config.model_copy(update={"post": post})
            seen = seen_by_row(configuration, people, world.sink, CAMPAIGN)
            kept = _known[world] = cls(configuration, seen, {
                "start_grievance": _mean(people.grievance), "start_support": _mean(people.support),
                "start_followers": float(np.count_nonzero(people.follows_sender)),
                "start_first_response": first_response(configuration, people, seen=seen),
            })  # fmt: skip
        return kept


_known: WeakKeyDictionary[World, _Ordinary] = WeakKeyDictionary()


def left_by(world: World, record: RunRecord) -> LeftBehind | None:
    """Return what a run left behind; None for runs in rounds, which have no sender.

    Parameters
    ----------
    world : World
        In which it was lived.
    record : RunRecord
        With ``seen``.
    """
    if record.seen is None:
        return None
    ordinary, before = _Ordinary.of(world), world.population
    after = drifted(before, record, world.config.after)
    moved = np.flatnonzero(record.seen.any(axis=1))
    sums = [
        _sums(before, moved, getattr(after, name)[moved].astype(np.float64) - getattr(before, name)[moved])
        for name in FEELINGS
    ]
    changes = np.stack(sums, axis=1) / np.maximum(groups_of(before)[1], 1)[:, None]
    elsewhere = copycats(record, world.config.after, world.config.seed)
    first = elsewhere.first_minute
    lost_and_gained = np.count_nonzero(after.follows_sender) - np.count_nonzero(before.follows_sender)
    outcome = ordinary.start | {
        "grievance_change": float(changes[0, 0]), "support_change": float(changes[0, 1]),
        "followers_change": float(lost_and_gained),
        "next_first_response": first_response(ordinary.configuration, after, seen=ordinary.seen),
        "copycats": float(elsewhere.places), "first_copycat_hours": None if first is None else first / HOUR,
    }  # fmt: skip
    return LeftBehind(outcome, changes)


def _mean(feeling: npt.NDArray[np.float32]) -> float | None:
    """Return the mean of a feeling; None of nobody's."""
    return float(feeling.mean(dtype=np.float64)) if feeling.size else None


def table_of_after(runs: list[LeftBehind | None], population: Population, *, hide_small: bool) -> list[dict[str, Any]]:
    """Return the change of each feeling in each group, over replicates, as plain rows.

    Parameters
    ----------
    hide_small : bool
        Leave a dimension out that has a group of fewer than ten rows, which would follow from the others; ask for it
        with every loaded graph.

    Returns
    -------
    list of dict
        ``dimension``, ``group``, ``people``, and for grievance and support ``<feeling>_before`` and
        ``<feeling>_change`` with its 95 % interval (``_lo``, ``_hi``). Empty groups are left out.
    """
    from sim.outcome.aggregate import mean_interval
    from sim.outcome.participation import FEWEST_SHOWN

    known = [run.changes for run in runs if run is not None]
    names, people = groups_of(population)
    rows = np.arange(population.n)
    before = np.stack([_sums(population, rows, getattr(population, name).astype(np.float64)) for name in FEELINGS], 1)
    table: list[dict[str, Any]] = []
    few = {name for (name, _), count in zip(names, people, strict=True) if 0 < count < FEWEST_SHOWN and hide_small}
    for place, (dimension, group) in enumerate(names if known else []):
        if people[place] == 0 or dimension in few:
            continue
        row: dict[str, Any] = {"dimension": dimension, "group": group, "people": int(people[place])}
        for column, name in enumerate(FEELINGS):
            told = mean_interval(float(changes[place, column]) for changes in known)
            row[f"{name}_before"] = float(before[place, column] / people[place])
            row |= {f"{name}_change": told["mean"], f"{name}_change_lo": told["lo"], f"{name}_change_hi": told["hi"]}
        table.append(row)
    return table


def summary_of_after(runs: list[LeftBehind | None]) -> dict[str, Any] | None:
    """Return what runs left behind, as ``summary.json`` says it; None for runs in rounds.

    Returns
    -------
    dict
        Each of :data:`UNITS` but numbers of followers as ``{mean, lo, hi, n}`` (the lag of the first copycat over
        runs that have one), and ``copycat_probability``.
    """
    from sim.outcome.aggregate import mean_interval
    from sim.outcome.verdict import odds_interval

    known = [run.outcome for run in runs if run is not None]
    if not known:
        return None
    told: dict[str, Any] = {
        name: mean_interval((each[name] for each in known), -math.inf if name.endswith("_change") else 0.0)
        for name in UNITS
        if name not in FOLLOWERS
    }
    some = sum(1 for each in known if each["copycats"])
    low, high = odds_interval(some, len(known))
    told["copycat_probability"] = {"mean": some / len(known), "lo": low, "hi": high, "n": len(known)}
    return told
