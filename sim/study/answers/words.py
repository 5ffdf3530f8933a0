"""What a ranking of answers comes to, in sentences; each carries the sizes that it assumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.study.answers.library import SILENT
from sim.study.answers.outcomes import Judged, judged_by

if TYPE_CHECKING:
    import pandas as pd

BY = {"expected": "by expected outcome", "worst": "by worst case", "regret": "by largest regret"}
_NAMED = 2


def number(value: float, judged: Judged) -> str:
    """Return an outcome as it is told: points or counts, one decimal below one."""
    told = value * judged.scale
    return f"{told:.0f}" if abs(told) >= 0.95 or abs(told) < 0.005 else f"{told:.1f}"


def _several(names: Sequence[str], most: int = 9) -> str:
    """Return names as a list in words, the first few of many."""
    if len(names) > most + 1:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def _ends(row: pd.Series, judged: Judged, name: str = "expected") -> str:
    """Return a value with its interval: ``31 (20 to 42)``."""
    parts = (number(float(row[f"{name}{end}"]), judged) for end in ("", "_lo", "_hi"))
    mean, low, high = parts
    return f"{mean} ({low} to {high})"


def finding(summary: Mapping[str, Any], policies: pd.DataFrame) -> str:
    """Return which answer leads, what it cannot be told apart from and where another overtakes, with numbers."""
    judged = judged_by(summary["by"])
    rows = policies[policies["rank"] > 0].set_index("choice")
    first, silent = rows.index[0], rows.loc[SILENT]
    tied = [name for name in summary["tied"] if name != first]
    if not rows["apart"].any():
        ends = number(rows["expected"].min(), judged), number(rows["expected"].max(), judged)
        between = ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
        return (
            f"No answer can be told apart from another, silence among them: all {len(rows)} end at {between} "
            f"{_unit(judged)}, over {summary['draws']} draws of what is not known."
        )
    told = f"{first} leads: {_ends(rows.iloc[0], judged)} {_unit(judged)}, silence {_ends(silent, judged)}"
    if judged.name == "hijacked":
        won = (f"{100 * row['viral_positive']:.0f}" for row in (rows.iloc[0], silent))
        told += "; viral positive {}, silence {}".format(*won)
    if tied:
        told += f". It cannot be told apart from {_several(tied, _NAMED)}"
    evens = [each for each in summary["breakeven"] if each["criterion"] == "expected"]
    return f"{told}. {_overtaking(evens)}".strip()


def _overtaking(evens: Sequence[Mapping[str, Any]]) -> str:
    """Return in a short sentence where the runner-up overtakes; empty where no effect was varied."""
    if not evens:
        return ""
    crossed = [
        f"{effect_name(each)} {'below' if each['rises'] else 'above'} {each['at']:.2f} (assumed {each['central']:.2g})"
        for each in evens
        if each["at"] is not None
    ]
    if crossed:
        return f"{evens[0]['second']} overtakes where the effect is: {' or '.join(crossed)}."
    return f"{evens[0]['second']} overtakes at no size of its own or the leader's effects within their spans."


def _unit(judged: Judged) -> str:
    """Return the unit that follows a number, and what it is of."""
    if judged.name == "balance":
        return "of 100 runs hijacked less those viral positive"
    if judged.yes_or_no:
        return f"of 100 runs {judged.name.replace('_', ' ')}"
    return judged.unit if not judged.unit.startswith("%") else "% of messages counter"


def _place(value: float | None, beyond: str) -> str:
    """Return an end of an interval; beyond the span in words."""
    return beyond if value is None else f"{value:.2f}"


def effect_name(even: Mapping[str, Any]) -> str:
    """Return the short name of the effect that varies."""
    return str(even["effect"].rpartition(".")[2])


def break_even_sentence(even: Mapping[str, Any], judged: Judged) -> str:
    """Return where the second-best overtakes, with its interval and the size assumed, in a sentence."""
    span = f"span {even['low']:.2g} to {even['high']:.2g}"
    who = f"{even['second']} overtakes {even['winner']} {BY[even['criterion']]}"
    if even["at"] is None:
        return _never([even], judged)
    side = "below" if even["rises"] else "above"
    ends = f"{_place(even['at_lo'], 'below the span')} to {_place(even['at_hi'], 'above the span')}"
    return (
        f"{who} where the effect of {effect_name(even)} is {side} {even['at']:.2f} "
        f"({ends}; assumed {even['central']:.2g}, {span})."
    )


def _never(evens: Sequence[Mapping[str, Any]], judged: Judged) -> str:
    """Return that the second-best overtakes at no size of some effects, and how near it comes."""
    least = min(evens, key=lambda each: (each["least_lead"], each["least_lead_lo"]))
    lead, low, high = (number(least[f"least_lead{end}"], judged) for end in ("", "_lo", "_hi"))
    effects = [f"{effect_name(each)} ({each['low']:.2g} to {each['high']:.2g})" for each in evens]
    sure = ""
    if not all(each["never"] for each in evens):
        joined = ", so that" if least["least_lead_lo"] <= 0.0 else ", but"
        sure = f"{joined} at some sizes the two cannot be told apart"
    return (
        f"{least['second']} overtakes {least['winner']} {BY[least['criterion']]} never within the span of "
        f"{_several(effects)}: the least lead is {lead} ({low} to {high}){sure}."
    )


def break_even_sentences(evens: Sequence[Mapping[str, Any]], judged: Judged) -> list[str]:
    """Return the break-evens of one ranking: a sentence for each crossing, one for all effects without."""
    crossed = [break_even_sentence(each, judged) for each in evens if each["at"] is not None]
    without = [each for each in evens if each["at"] is None]
    return [*crossed, *([_never(without, judged)] if without else [])]
