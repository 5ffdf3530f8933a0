"""The sentences of the report: the verdict, how to read its range, and whether size matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.run_study import VERDICTS, RunStudy
from sim.report.wording import DASH, count, known, percent, percent_range

CAVEAT = (
    "odds among posts like the documented ones, 2011\N{EN DASH}2018; not a rate for all posts, nor for platforms since"
)
VERDICT_WORDS = {
    "hijacked": "hijacked",
    "contested": "contested",
    "viral_positive": "viral positive",
    "fizzled": "fizzled",
}
VERDICT_MEANING = {
    "hijacked": "65 % or more of the messages turn against the sender",
    "contested": "neither frame has 65 % of the messages",
    "viral_positive": "65 % or more of the messages carry the campaign",
    "fizzled": "fewer than 1 in 2,000 of the audience takes part",
}


def odds(summary: Mapping[str, Any], key: str, verdict: str) -> Any:
    """Return ``summary[key][verdict]``, or None where it is not known."""
    return (summary.get(key) or {}).get(verdict)


def pair(value: Any) -> tuple[float | None, float | None]:
    """Return both ends of an interval, or two times None."""
    if value is None or len(value) != 2:
        return None, None
    return known(value[0]), known(value[1])


def subject(study: RunStudy) -> str:
    """Return what the verdict is about: the tag, or the title of the case."""
    case = study.configuration.case
    return case.tag or case.title


def manner(study: RunStudy) -> str:
    """Return ``as posted``, or with which policy."""
    policy = study.configuration.policy
    return f"with the policy {policy.name}" if policy.rules else "as posted"


def leading(summary: Mapping[str, Any]) -> str | None:
    """Return the most probable verdict; None if none is known."""
    chances = {verdict: known(odds(summary, "verdict", verdict)) for verdict in VERDICTS}
    likely = {verdict: chance for verdict, chance in chances.items() if chance is not None}
    return max(likely, key=lambda verdict: likely[verdict]) if likely else None


def _in_runs(summary: Mapping[str, Any], verdict: str) -> str:
    """Return ``in 186 of 200 runs (93 %; 88–96 %)``."""
    replicates = int(summary.get("replicates") or 0)
    chance = known(odds(summary, "verdict", verdict)) or 0.0
    low, high = pair(odds(summary, "verdict_interval", verdict))
    interval = "" if low is None else percent_range(low, high)
    share = "" if replicates == 100 else percent(chance)
    bracket = "; ".join(part for part in (share, interval) if part)
    runs = f"in {count(round(chance * replicates))} of {count(replicates)} run{'' if replicates == 1 else 's'}"
    return f"{runs} ({bracket})" if bracket else runs


def _unknown(summary: Mapping[str, Any], verdict: str) -> str:
    """Return the range over what is not known, in words; empty where it was not computed."""
    low, high = pair(odds(summary, "verdict_range", verdict))
    return "" if low is None else f"; with what we do not know: {percent_range(low, high)}"


def verdict_sentence(study: RunStudy) -> str:
    """Return the finding: which verdict, in how many runs, with its interval and its range."""
    summary = study.summary
    verdict = leading(summary)
    if verdict is None:
        return f"{subject(study)} {manner(study)}: no verdict, because no run was finished"
    word = VERDICT_WORDS[verdict]
    if verdict == "fizzled" and summary.get("fizzled_frame"):
        word = f"fizzled, mostly {summary['fizzled_frame']},"
    text = f"{subject(study)} {manner(study)}: {word} {_in_runs(summary, verdict)}"
    if verdict == "hijacked":
        return text + _unknown(summary, verdict)
    hijacked = known(odds(summary, "verdict", "hijacked"))
    tail = "" if hijacked is None else f"; hijacked {_in_runs(summary, 'hijacked')}"
    return text + tail + _unknown(summary, "hijacked")


def reading(study: RunStudy) -> str:
    """Say what the odds of a hijack mean for the decision."""
    summary = study.summary
    chance = known(odds(summary, "verdict", "hijacked"))
    if chance is None:
        return "There is nothing to read off: no run was finished."
    if study.shapes_only:
        return "Shapes, not odds: this audience is too small for ignition to be as likely as it is in the real one."
    low, high = pair(odds(summary, "verdict_range", "hijacked"))
    if low is None or high is None:
        low, high = pair(odds(summary, "verdict_interval", "hijacked"))
        scope = "within the luck of the draw; what we do not know was not varied"
    else:
        scope = "over the whole range of what we do not know"
    if low is None or high is None:
        return "No interval is known, so this is one outcome, not odds."
    if low > 0.5:
        return f"More likely than not it turns against its sender, {scope}: as it stands, do not post this."
    if high < 0.5:
        return f"Less likely than not it turns against its sender, {scope}; the options below stand all the same."
    return f"It may go either way, {scope}: the range has one half inside, and the inputs below decide."


def luck_and_ignorance(summary: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the shares of the variance of "hijacked" due to luck and to what is not known, or None."""
    split = summary.get("variance_split") or {}
    luck, inputs = known(split.get("luck")), known(split.get("inputs"))
    if luck is None or inputs is None or luck + inputs <= 0:
        return None
    return luck / (luck + inputs), inputs / (luck + inputs)


def size_check(study: RunStudy) -> tuple[bool, str]:
    """Say whether the odds depend on how large an audience is simulated.

    Returns
    -------
    (bool, str)
        Whether to warn, and the sentence.
    """
    summary = study.summary
    quarter = summary.get("at_quarter_size")
    n = count(summary.get("followers"), "size not recorded")
    if study.real_graph:
        return False, "Size check: not made, because a loaded graph has the size that it has."
    if not quarter:
        return (
            False,
            "Size check: not made in this study, so whether the odds depend on the audience's size is not known.",
        )
    both = []
    for name, source in ((n, summary), (count(quarter.get("n")), quarter)):
        low, high = pair(odds(source, "verdict_interval", "hijacked"))
        bracket = "" if low is None else f" ({percent_range(low, high)})"
        both.append(f"{percent(odds(source, 'verdict', 'hijacked'), 'not known')}{bracket} at {name} rows")
    if summary.get("depends_on_sample_size"):
        ends = [pair(odds(source, "verdict_interval", "hijacked")) for source in (summary, quarter)]
        numbers = [end for both_ends in ends for end in both_ends if end is not None]
        span = f": {percent_range(min(numbers), max(numbers))}" if numbers else ""
        return True, f"Depends on sample size: hijacked {both[0]}, but {both[1]}. Read the odds as a range{span}."
    return False, f"Size check: hijacked {both[0]} and {both[1]}; they agree within their intervals."


def cut_offs(summary: Mapping[str, Any]) -> str:
    """Return the odds of a hijack at other cut-offs, since cut-offs are conventions."""
    at = summary.get("verdict_at") or {}
    parts = []
    for cut in sorted(at, key=float):
        value = at[cut]
        chance = value.get("hijacked") if isinstance(value, Mapping) else value
        parts.append(f"{percent(chance, 'not known')} at {float(cut):.2f}")
    return ", ".join(parts) if parts else DASH
