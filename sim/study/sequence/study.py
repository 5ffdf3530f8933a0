"""Campaigns one after another, each beside itself as if none had come before, on the same luck.

What is told of each campaign after the first: the state in which it starts (grievance, support, followers, and the
first response that an ordinary post would meet), how it ends, and the paired differences from where it would start and
how it would end had there been none before it. Sizes of drift are assumed; ``after.drift`` can vary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.aftermath.measured import UNITS as UNITS_OF_AFTER
from sim.config.root import Configuration
from sim.errors import StudyError
from sim.outcome.aggregate import outcome_interval
from sim.outcome.verdict import VERDICTS, odds_interval
from sim.study.compare.paired import paired_difference, paired_odds
from sim.study.planned import Found, plain_rows
from sim.study.sequence.chain import Chain, chains, varying_of
from sim.study.sequence.words import finding
from sim.study.sweeping import OpenStudy, runs_of

if TYPE_CHECKING:
    import pandas as pd

STATE = ("start_grievance", "start_support", "start_followers", "start_first_response")
ENDS = ("messages", "participants", "hijack_share")
UNITS = UNITS_OF_AFTER | {
    "combination": "number from 0", "campaign": "number from 0", "weeks_before": "weeks", "weeks": "weeks",
    "case": "name", "alone": "yes or no", "runs_point": "number from 0",
}  # fmt: skip


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Carry out sequences.

    Parameters
    ----------
    question : mapping
        As :func:`sim.study.sequence.chain.chains` takes it, with ``replicates``.
    """
    import pandas as pd

    sequences, replicates = chains(question), int(question["replicates"])
    asked = [each for chain in sequences for each in _runs_in(chain)]
    runs = runs_of(asked, replicates, study=study)
    frames = [runs[runs["point"] == place] for place in range(len(asked))]
    rows: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    place = 0
    for number, chain in enumerate(sequences):
        for campaign, (after, alone) in enumerate(zip(chain.after, chain.alone, strict=True)):
            start = {"combination": number, "campaign": campaign, **chain.values, "case": after.case.id,
                     "weeks_before": chain.weeks[campaign - 1] if campaign else None}  # fmt: skip
            ours = frames[place]
            other = None if alone is None else frames[place + 1]
            for lonely, configuration in ((False, after), (True, alone)):
                if configuration is not None:
                    points.append(start | {"alone": lonely, "runs_point": study.asked[study.key_of(configuration)]})
                    place += 1
            rows.append(start | _told(ours, other))
    table = pd.DataFrame(rows)
    varying = [each.called(len(question["bases"])) for each in varying_of(question)]
    first = sequences[0]
    summary = {
        "campaigns": [each.case.id for each in first.after], "titles": [each.case.title for each in first.after],
        "replicates": replicates, "varying": varying, "combinations": len(sequences), "rows": plain_rows(table),
        "drift": first.after[0].after.drift, "half_life_weeks": first.after[0].after.half_life_weeks,
    }  # fmt: skip
    summary["finding"] = finding(summary)
    units = {name: unit for name in table.columns for known, unit in _columns().items() if name.startswith(known)}
    return Found({"sequence": table, "points": pd.DataFrame(points)}, summary, units | UNITS)


def _runs_in(chain: Chain) -> list[Configuration]:
    """Return what is run of a sequence, in order: each campaign, and from the second on the same alone."""
    return [each for pair in zip(chain.after, chain.alone, strict=True) for each in pair if each is not None]


def _columns() -> dict[str, str]:
    """Return the unit of each measure's columns, by how they begin."""
    return {**dict.fromkeys(VERDICTS, "probability"), **{name: UNITS_OF_AFTER[name] for name in STATE},
            "messages": "messages", "participants": "followers", "hijack_share": "1", "pairs": "runs"}  # fmt: skip


def _told(after: pd.DataFrame, alone: pd.DataFrame | None) -> dict[str, Any]:
    """Return one campaign's row: odds and means, and paired differences from itself alone (none for the first)."""
    pairs = after[after["failed"] == ""].set_index("replicate")
    other = None
    if alone is not None:
        lonely = alone[alone["failed"] == ""].set_index("replicate")
        both = pairs.index.intersection(lonely.index)
        pairs, other = pairs.loc[both], lonely.loc[both]
    if not len(pairs):
        raise StudyError("Every run of a campaign in this sequence failed, so that nothing can be told of it.")
    row: dict[str, Any] = {"pairs": len(pairs)}
    for verdict in VERDICTS:
        ended = (pairs["verdict"] == verdict).tolist()
        low, high = odds_interval(sum(ended), len(ended))
        row |= {verdict: sum(ended) / len(ended), f"{verdict}_lo": low, f"{verdict}_hi": high}
        difference = None if other is None else paired_odds((other["verdict"] == verdict).tolist(), ended)
        row |= _ends(f"{verdict}_difference", difference)
    for name in (*STATE, *ENDS):
        row |= _ends(name, outcome_interval(name, pairs[name].tolist()))
        row |= _ends(f"{name}_alone", None if other is None else outcome_interval(name, other[name].tolist()))
        difference = None if other is None else paired_difference(other[name].tolist(), pairs[name].tolist())
        row |= _ends(f"{name}_difference", difference)
    return row


def _ends(name: str, value: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a mean and its interval as columns."""
    value = value or {"mean": None, "lo": None, "hi": None}
    return {name: value["mean"], f"{name}_lo": value["lo"], f"{name}_hi": value["hi"]}


def question_of(
    campaigns: Sequence[Configuration], weeks: Sequence[float], varying: Sequence[Mapping[str, Any]], replicates: int
) -> dict[str, Any]:
    """Return the question of a sequence as plain JSON, checked.

    Parameters
    ----------
    campaigns : sequence of Configuration
        Two at least; people, graph and the like count of the first alone.
    weeks : sequence of float
        Between each campaign and the one before it: one less than there are campaigns.
    varying : sequence of mapping
        ``campaign``, ``name``, ``values``.
    """
    question = {
        "bases": {str(number): each.model_dump(mode="json") for number, each in enumerate(campaigns)},
        "weeks": [float(each) for each in weeks], "varying": [dict(each) for each in varying],
        "replicates": replicates,
    }  # fmt: skip
    chains(question)
    return question
