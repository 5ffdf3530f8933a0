"""The tables of a comparison: a row a choice against the first, and a row a pair of choices.

Everything is paired: the same replicate is the same luck in all choices, and a pair in which either run failed is left
out. What is not posted has no run: nothing happens, which is known without an interval of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.outcome.aggregate import mean_interval, outcome_interval
from sim.outcome.units import UNITS
from sim.outcome.verdict import VERDICTS, odds_interval
from sim.study.compare.beats import chance_lower, ends_better
from sim.study.compare.cost import UNIT
from sim.study.compare.paired import (
    discordant,
    odds_difference_interval,
    paired_difference,
    paired_odds,
    variance_ratio,
)
from sim.study.compare.settling import replicates_to_settle, sequence_interval, state_of
from sim.study.run.options import always

if TYPE_CHECKING:
    import pandas as pd

DO_NOT_POST, LISTEN_FIRST = "do_not_post", "listen_first"
COST = "cost_hours"
MEASURES = ("messages", "participants", "reach", "hijack_share", "takeover_minutes", "followers_lost", COST)
_ENDS = {"": "mean", "_lo": "lo", "_hi": "hi"}


@dataclass(frozen=True)
class Choice:
    """One row of a comparison.

    Attributes
    ----------
    name : str
        As it was given, or ``do_not_post``, ``listen_first``.
    title : str
        In words.
    configuration : Configuration or None
        None: nothing is posted.
    beside : bool
        Whether it is there of itself.
    """

    name: str
    title: str
    configuration: Configuration | None
    beside: bool = False


def choices_beside(bases: Mapping[str, Configuration], compares: str = "") -> list[Choice]:
    """Return what is compared, and what stands beside it: not posting, and listening before the first.

    Parameters
    ----------
    bases : mapping of name to Configuration
    compares : str
        What the names are values of, such as ``policy``.

    Raises
    ------
    ConfigError
        A name that is kept for what stands beside.
    """
    taken = [name for name in (DO_NOT_POST, LISTEN_FIRST) if name in bases]
    if taken:
        raise ConfigError(f"compare has a row {taken[0]} of its own; give that configuration another name.")
    found = [
        Choice(name, f"{compares}={name}" if compares else name, configuration) for name, configuration in bases.items()
    ]
    first = next(iter(bases.values()))
    for option in always(first):
        name = LISTEN_FIRST if option.changes else DO_NOT_POST
        found.append(Choice(name, option.title, option.applied(first) if option.changes else None, beside=True))
    return found


def verdicts_by_luck(runs: pd.DataFrame) -> pd.Series:
    """Return the verdict of each run that came to an end, by its replicate."""
    ended = runs[runs["failed"] == ""]
    return ended.set_index("replicate")["verdict"]


def tally(one: pd.Series, other: pd.Series) -> tuple[int, int, int]:
    """Return in how many pairs only the one is hijacked, only the other is, and how many pairs there are."""
    pairs = one.index.intersection(other.index)
    return *discordant(list(one[pairs] == "hijacked"), list(other[pairs] == "hijacked")), len(pairs)


def choice_rows(
    choices: Sequence[Choice],
    runs: Mapping[str, pd.DataFrame],
    same: Mapping[str, Sequence[float | None]],
    *,
    margin: float,
    alpha: float | None,
) -> list[dict[str, Any]]:
    """Return a row for each choice.

    Parameters
    ----------
    runs : mapping of name to DataFrame
        Of every choice, :func:`sim.study.run.options.not_posted` among them; with ``cost_hours``.
    same : mapping of name to sequence
        Shares of messages that are as in the first, of some runs.
    margin : float
        A difference of P(hijacked) that is smaller counts as none.
    alpha : float or None
        Given where one has looked again and again: the differences of P(hijacked) have intervals that hold at all
        looks together, each left out with this probability at most.
    """
    first = choices[0]
    base = runs[first.name]
    base_verdicts = verdicts_by_luck(base)
    rows = []
    for choice in choices:
        own = runs[choice.name]
        verdicts = verdicts_by_luck(own)
        row: dict[str, Any] = {
            "name": choice.name, "title": choice.title, "beside": choice.beside,
            "replicates": len(verdicts), "failed": len(own) - len(verdicts),
        }  # fmt: skip
        row |= _odds(choice, verdicts)
        against = None if choice is first else (base, base_verdicts)
        for verdict in VERDICTS:
            row |= _odds_difference(choice, verdict, base_verdicts, verdicts, alpha, of_first=against is None)
        for measure in MEASURES:
            row |= _measure(measure, own, None if against is None else base)
        row |= _standing(choice, row, base_verdicts, verdicts, margin, of_first=against is None)
        row |= _ended("same_messages", mean_interval(same.get(choice.name, ())))
        rows.append(row)
    return rows


def _ended(name: str, found: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns of one mean with its interval; nothing where there is none."""
    return {f"{name}{end}": None if found is None else found[key] for end, key in _ENDS.items()}


def _odds(choice: Choice, verdicts: pd.Series) -> dict[str, Any]:
    """Return the odds of each verdict with their intervals; none can come about where nothing is posted."""
    row: dict[str, Any] = {}
    for verdict in VERDICTS:
        if choice.configuration is None:
            row |= dict.fromkeys((f"{verdict}{end}" for end in _ENDS), 0.0)
        elif len(verdicts):
            hits = int((verdicts == verdict).sum())
            low, high = odds_interval(hits, len(verdicts))
            row |= {verdict: hits / len(verdicts), f"{verdict}_lo": low, f"{verdict}_hi": high}
        else:
            row |= dict.fromkeys(f"{verdict}{end}" for end in _ENDS)
    return row


def _odds_difference(
    choice: Choice, verdict: str, one: pd.Series, other: pd.Series, alpha: float | None, *, of_first: bool
) -> dict[str, Any]:
    """Return the paired difference of one verdict's odds against the first, and what pairing is worth."""
    name, ratio = f"{verdict}_difference", f"{verdict}_variance_ratio"
    pairs = one.index.intersection(other.index)
    if of_first or not len(pairs):
        return _ended(name, None) | {ratio: None}
    hits = list(one[pairs] == verdict), list(other[pairs] == verdict)
    found = paired_odds(*hits)
    if choice.configuration is None:  # as uncertain as the odds of the first, no less
        low, high = odds_interval(sum(hits[0]), len(pairs))
        found |= {"lo": -high, "hi": 0.0 - low}
    elif alpha is not None and verdict == "hijacked":
        found["lo"], found["hi"] = sequence_interval(*discordant(*hits), len(pairs), alpha)
    return _ended(name, found) | {ratio: variance_ratio(*hits)}


def _measure(measure: str, own: pd.DataFrame, base: pd.DataFrame | None) -> dict[str, Any]:
    """Return the mean of a measure, and its paired difference against the first."""
    values = own[measure].to_numpy(dtype=np.float64)
    row = _ended(measure, outcome_interval(measure, values))
    name, ratio = f"{measure}_difference", f"{measure}_variance_ratio"
    if base is None:
        return row | _ended(name, None) | {ratio: None}
    shared = base.merge(own, on="replicate", suffixes=("", "_own"))
    pair = [shared[each].to_numpy(dtype=np.float64).tolist() for each in (measure, f"{measure}_own")]
    return row | _ended(name, paired_difference(*pair)) | {ratio: variance_ratio(*pair)}


def _standing(
    choice: Choice, row: Mapping[str, Any], one: pd.Series, other: pd.Series, margin: float, *, of_first: bool
) -> dict[str, Any]:
    """Return which of a choice and the first is better, how surely, and what would settle it."""
    names = ("chance_lower", "better", "better_lo", "better_hi", "worse", "tied", "state", "settle_replicates")
    pairs = one.index.intersection(other.index)
    if of_first or not len(pairs):
        return dict.fromkeys(names)
    lost, gained, count = tally(one, other)
    known = choice.configuration is None
    return {
        "chance_lower": chance_lower(lost, gained, other_posted=not known),
        **ends_better(list(one[pairs]), list(other[pairs])),
        "state": state_of(row["hijacked_difference_lo"], row["hijacked_difference_hi"], margin),
        "settle_replicates": None if known else replicates_to_settle(lost, gained, count),
    }  # fmt: skip


def pair_rows(choices: Sequence[Choice], runs: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Return a row for each pair of choices: the other against the one, on the luck that both have had."""
    rows = []
    verdicts = {choice.name: verdicts_by_luck(runs[choice.name]) for choice in choices}
    for one, other in combinations(choices, 2):
        a, b = verdicts[one.name], verdicts[other.name]
        pairs = a.index.intersection(b.index)
        if not len(pairs):
            continue
        lost, gained, count = tally(a, b)
        low, high = odds_difference_interval(lost, gained, count)
        posted = {"one_posted": one.configuration is not None, "other_posted": other.configuration is not None}
        chance = chance_lower(lost, gained, **posted)
        rows.append({
            "one": one.name, "other": other.name, "pairs": count, "only_one": lost, "only_other": gained,
            "hijacked_difference": (gained - lost) / count, "hijacked_difference_lo": low,
            "hijacked_difference_hi": high, "chance_lower": chance,
            **ends_better(list(a[pairs]), list(b[pairs])),
            "settle_replicates": replicates_to_settle(lost, gained, count),
        })  # fmt: skip
    return rows


def table_of(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a tidy frame: numbers that are not there are nan."""
    import pandas as pd

    frame = pd.DataFrame(rows)
    for name in frame.columns:
        if name in TEXTS:
            frame[name] = pd.array(frame[name].tolist(), dtype="str")
        elif name not in WHOLE and frame[name].dtype != np.bool_:
            frame[name] = frame[name].astype(np.float64)
    return frame


TEXTS = ("name", "title", "state", "one", "other")
WHOLE = ("replicates", "failed", "pairs", "only_one", "only_other")


def units(columns: Sequence[str]) -> dict[str, str]:
    """Return the unit of each column of the tables."""
    known = UNITS | {COST: UNIT} | dict.fromkeys(VERDICTS, "1") | dict.fromkeys(TEXTS, "name")
    known |= dict.fromkeys(("replicates", "failed", "settle_replicates", "pairs", "only_one", "only_other"), "runs")
    known |= dict.fromkeys(("chance_lower", "better", "worse", "tied", "same_messages"), "1") | {"beside": "yes or no"}
    found = {}
    for name in columns:
        plain = name.removesuffix("_lo").removesuffix("_hi").removesuffix("_difference")
        unit = "1" if name.endswith("_variance_ratio") else known.get(plain)
        if unit is not None:
            found[name] = unit
    return found
