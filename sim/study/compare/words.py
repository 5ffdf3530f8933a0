"""What a comparison says in words: a sentence a choice, and the one finding, each with its *if*."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.config.root import Configuration
from sim.study.compare.compared import COST, Choice
from sim.study.run.inputs import fields, matters

_SIDE_EFFECTS = ("agency.effects.when_trending", "agency.effects.else_appeal", "agency.effects.listening_months")
_EFFECTS = "agency.effects."


def assumed(first: Configuration, other: Configuration) -> dict[str, str]:
    """Return the assumed sizes that a difference rests on, which only the other brings in: words by dotted name."""
    found = {}
    for field in fields(other):
        if field.name == "agency.local_trust":
            voices = {first.agency.voices, other.agency.voices}
            counts = len(voices) > 1 and "central" in voices
        elif field.name.startswith(_EFFECTS + "listening"):
            counts = other.agency.listening_months != first.agency.listening_months
        else:
            counts = field.name.startswith(_EFFECTS) and matters(field.name, other) and not matters(field.name, first)
        if counts and field.name not in _SIDE_EFFECTS and not field.name.endswith("_backlash"):
            found[field.name] = f"the {_lowered(field.title)} is {field.value:g} ({field.name}, assumed)"
    return found


def _lowered(title: str) -> str:
    """Return a title as it stands within a sentence."""
    return title[:1].lower() + title[1:]


_LEFT_OPEN = "over luck and what calibration leaves open; it hardly tells of moves' effects, whose priors are assumed"


def if_of(first: Configuration, other: Configuration | None, *, posterior: bool = False) -> str:
    """Return the condition of a difference as it ends a sentence.

    Parameters
    ----------
    posterior : bool
        Whether universal parameters are drawn, and the difference rests on no single value of them.
    """
    if other is None:
        return "since nothing is posted"
    if posterior:
        return _LEFT_OPEN
    told = assumed(first, other)
    return (
        f"if {' and '.join(told.values())}" if told else "if the coefficients of behaviour hold, which are set by hand"
    )


def _if_of_all(first: Configuration, others: Sequence[Configuration | None], *, posterior: bool) -> str:
    """Return the condition of several differences together: the names of what is assumed."""
    if len(others) == 1 or posterior:
        return if_of(first, others[0], posterior=posterior)
    named = dict.fromkeys(name for other in others if other is not None for name in assumed(first, other))
    if not named:
        return if_of(first, first)
    return f"if {_in_words(list(named))} {'are' if len(named) > 1 else 'is'} as assumed"


def _in_words(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def points(share: float, *, signed: bool = False) -> str:
    """Return a share in percentage points: whole ones, below one to a tenth."""
    value = 100.0 * share + 0.0  # no minus before nought
    digits = 0 if abs(value) >= 0.95 or value == 0.0 else 1
    return f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"


def _apart(row: Mapping[str, Any]) -> str:
    """Return by how much P(hijacked) differs, without its sign: ``12 points (5 to 19)``."""
    mean, low, high = (row[f"hijacked_difference{end}"] for end in ("", "_lo", "_hi"))
    ends = (low, high) if mean >= 0.0 else (-high, -low)
    return f"{points(abs(mean))} points ({points(ends[0])} to {points(ends[1])})"


def hours(row: Mapping[str, Any]) -> str:
    """Return what a run costs on average, in working hours."""
    value = row[COST]
    if value is None:
        return "an unknown number of working hours"
    return f"{in_hours(value)} working hour{'' if value == 1.0 else 's'}"


def in_hours(value: float) -> str:
    """Return a number of hours to three digits, never with a power of ten."""
    return f"{value:,.0f}" if value >= 1000.0 else f"{value:.3g}"


def chance(value: float | None) -> str:
    """Return a probability to two digits, and never as certain."""
    if value is None:
        return "-"
    if not 0.001 <= value <= 0.999:
        return "<0.001" if value < 0.5 else ">0.999"
    return f"{value:.2f}" if 0.01 <= value <= 0.99 else f"{value:.3f}"


def about(replicates: float) -> str:
    """Return an estimated number of replicates: ``about 4,900``, rounded up to two digits."""
    unit = 10 ** max(0, len(f"{replicates:.0f}") - 2)
    return f"about {-(-int(replicates) // unit) * unit:,}"


def finding(choices: Sequence[Choice], rows: Sequence[Mapping[str, Any]], question: Mapping[str, Any]) -> str:
    """Return the finding of a comparison in one sentence: the choices that were named, against the first."""
    first, others = rows[0], [row for row in rows[1:] if not row["beside"]]
    configurations = {choice.name: choice.configuration for choice in choices}
    base = configurations[first["name"]]
    assert base is not None

    def given(row: Mapping[str, Any]) -> str:
        return if_of(base, configurations[row["name"]], posterior="posterior" in question)

    known = [row for row in others if row["hijacked_difference"] is not None]
    if not known:
        return "No pair of runs came to an end."
    lower = [row for row in known if row["state"] == "lower"]
    higher = [row for row in known if row["state"] == "higher"]
    if lower or higher:
        row = min(lower, key=lambda each: each["hijacked_difference"], default=None) or max(
            higher, key=lambda each: each["hijacked_difference"]
        )
        does = "lowers" if row in lower else "raises"
        return (
            f"{row['title']} {does} P(hijacked) by {_apart(row)} against {first['title']}, from "
            f"{points(first['hijacked'])} to {points(row['hijacked'])} of 100 runs, at {hours(row)} a run, "
            f"{given(row)}."
        )
    if all(row["state"] == "alike" for row in known):
        every = [configurations[row["name"]] for row in known]
        given_all = _if_of_all(base, every, posterior="posterior" in question)
        return _alike(first, known, question["margin"], given_all)
    row = min(
        (each for each in known if each["state"] == "open"),
        key=lambda each: each["settle_replicates"] or float("inf"),
    )
    enough = row["settle_replicates"]
    more = f"{about(enough)} of each would" if enough else "no number can be named that would, so alike are they"
    apart = (points(row[f"hijacked_difference{end}"], signed=True) for end in ("", "_lo", "_hi"))
    return (
        f"{row['replicates']:,} replicates do not settle whether {row['title']} changes P(hijacked) against "
        f"{first['title']}: by {next(apart)} points ({next(apart)} to {next(apart)}); {more}, {given(row)}."
    )


def _alike(first: Mapping[str, Any], known: Sequence[Mapping[str, Any]], margin: float, given: str) -> str:
    """Return that no choice differs from the first by the margin."""
    names = _in_words([str(row["title"]) for row in known])
    none = {1: f"{names} does not change", 2: f"Neither of {names} changes"}.get(
        len(known), f"None of {names} changes"
    )  # fmt: skip
    return (
        f"{none} P(hijacked) by {points(margin)} points or more against {first['title']} "
        f"({points(first['hijacked'])} of 100 runs), {given}."
    )


def sentences(choices: Sequence[Choice], rows: Sequence[Mapping[str, Any]], question: Mapping[str, Any]) -> list[str]:
    """Return a sentence or two on each choice beside the first."""
    first = rows[0]
    base = choices[0].configuration
    assert base is not None
    told = []
    for choice, row in zip(choices[1:], rows[1:], strict=True):
        if row["hijacked_difference"] is None:
            told.append(f"{choice.title}: no pair of runs came to an end.")
        elif choice.configuration is None:
            told.append(
                f"{choice.title}: nothing happens, at no cost. Of 100 runs of {first['title']}, "
                f"{points(first['hijacked'])} are hijacked ({points(first['hijacked_lo'])} to "
                f"{points(first['hijacked_hi'])}) and {points(first['viral_positive'])} go viral positively; neither "
                "comes about."
            )
        else:
            told.append(_about(row, first, if_of(base, choice.configuration, posterior="posterior" in question)))
    return told


_SAYS = {
    "lower": "P(hijacked) is lower by {apart} than under {first}",
    "higher": "P(hijacked) is higher by {apart} than under {first}",
    "alike": "P(hijacked) differs by less than the margin from that under {first} ({signed} points, {low} to {high})",
    "open": "whether P(hijacked) differs from that under {first} is open ({signed} points, {low} to {high})",
}


def _about(row: Mapping[str, Any], first: Mapping[str, Any], given: str) -> str:
    """Return what is found of one choice that was simulated."""
    signed, low, high = (points(row[f"hijacked_difference{end}"], signed=True) for end in ("", "_lo", "_hi"))
    says = _SAYS[row["state"]].format(apart=_apart(row), first=first["title"], signed=signed, low=low, high=high)
    enough = row["settle_replicates"]
    if row["state"] == "open":
        says += f"; {about(enough)} replicates of each would settle it" if enough else "; no number would settle it"
    return (
        f"{row['title']}: {says}. That its odds are lower has probability {chance(row['chance_lower'])}; on "
        f"the same luck a run ends better in {points(row['better'])} of 100, worse in {points(row['worse'])}, the same "
        f"in {points(row['tied'])}. It costs {hours(row)} a run; {given}."
    )
