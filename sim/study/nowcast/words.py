"""What a nowcast says, in plain sentences: each with its interval, and with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.study.answers.library import in_words

ENDS = {"hijacked": "hijacked", "viral_positive": "viral positive", "contested": "contested", "fizzled": "fizzled"}
_BEFORE = "verdict_before"
_SHOWN = (15, 120)
"""Minutes from now of the answers that are told in words."""


def finding(summary: Mapping[str, Any]) -> str:
    """Return the odds of the likeliest end in one sentence, or that they cannot be told."""
    sample = summary["sample"]
    odds, ends = summary["verdict"], summary["verdict_interval"]
    likeliest = max(odds, key=lambda name: odds[name])
    said = f"{in_words(summary['now'])} after the post, at {counted(summary['counts'][-1])}"
    if not sample["enough"]:
        low, high = ends["hijacked"]
        why = "its numbers lie outside" if sample["surprised"] else f"effective sample {sample['full']:.0f}"
        return (
            f"The reference table has hardly seen such a campaign ({why}): {said}, "
            f"it may end hijacked in anything from {_of_100(low)} to {_of_100(high)} of 100."
        )
    named = [likeliest] if likeliest == "hijacked" else [likeliest, "hijacked"]
    told = " and ".join(f"{ENDS[name]} in {_with(odds[name], ends[name])}" for name in named)
    return f"{said[:1].upper()}{said[1:]}, such campaigns end {told} of 100."


def counted(count: Mapping[str, Any]) -> str:
    """Return one row of counts: ``135 messages, 11 % of them counter``."""
    total, against = count["messages"], count["counter"]
    if total is None and count["campaign"] is not None and against is not None:
        total = count["campaign"] + against
    if total is None:
        return (
            f"{count['counter']:,} counter messages"
            if against is not None
            else f"{count['campaign']:,} campaign messages"
        )
    if against is None or not total:
        return f"{total:,} messages"
    return f"{total:,} messages, {100 * against / total:.0f} % of them counter"


def told(summary: Mapping[str, Any]) -> list[str]:
    """Return the nowcast as about a dozen lines."""
    lines = [("of 100 such campaigns", f"{'now':<18} before the counts")]
    for name, words in ENDS.items():
        now, before = (_with(summary[key][name], summary[f"{key}_interval"][name]) for key in ("verdict", _BEFORE))
        lines.append((words, f"{now:<18} {before}"))
    lines += [("messages at the end", messages(summary)), ("hijack share at the end", share(summary))]
    lines += [("takeover", takeover(summary)), ("an answer", benefit(summary)[0])]
    lines += [("", line) for line in benefit(summary)[1:]]
    lines += [("effective sample", line) for line in sampled(summary)[:1]]
    lines += [("note", line) for line in [*sampled(summary)[1:], *summary["notes"]]]
    lines.append(("if", "the table's coefficients hold and nobody answers meanwhile; in brackets: 95 %"))
    return [summary["finding"], *(f"  {words:<24}{line}" for words, line in lines)]


def messages(summary: Mapping[str, Any]) -> str:
    """Return how many messages are to be expected in words."""
    growth, now = summary["growth"], summary["messages_now"]
    if growth["mid"] is None:
        return "no such campaign of the table has a message by now"
    if now == 0:
        return "cannot be told as a multiple of none so far"
    many = f"{_times(growth['mid'])} times those of now ({_times(growth['lo'])} to {_times(growth['hi'])})"
    if now is None:
        return many
    return f"{many}: {_count(growth['mid'] * now)} ({_count(growth['lo'] * now)} to {_count(growth['hi'] * now)})"


def share(summary: Mapping[str, Any]) -> str:
    """Return the hijack share that is to be expected in words."""
    ends = summary["hijack_share"]
    if ends["mid"] is None:
        return "no such campaign of the table has a message"
    return f"{_of_100(ends['mid'])} % ({_of_100(ends['lo'])} to {_of_100(ends['hi'])} %)"


def takeover(summary: Mapping[str, Any]) -> str:
    """Return the chance of a takeover and its minute in words."""
    some, minute = summary["takeover"], summary["takeover_minutes"]
    chance = f"in {_with(some['mean'], (some['lo'], some['hi']))} of 100"
    if minute["mid"] is None:
        return chance
    middle, low, high = (in_words(round(minute[name])) for name in ("mid", "lo", "hi"))
    return f"{chance}; where it comes, {middle} after the post ({low} to {high})"


def benefit(summary: Mapping[str, Any]) -> list[str]:
    """Return until when an acknowledgement helps, and what it changes at an early and a late minute."""
    rows = summary["answers"]
    if not rows:
        return ["the table holds none that comes later than this"]
    shown = [row for row in rows if row["delay"] in _SHOWN] or rows[:1]
    return [helps(summary), *(
        f"{in_words(row['delay'])} from now: P(hijacked) {points(row, 'hijacked')} points, hijack share "
        f"{points(row, 'hijack_share')}" for row in shown
    )]  # fmt: skip


def helps(summary: Mapping[str, Any]) -> str:
    """Return until when an acknowledgement can be told to help."""
    until, latest = summary["helps_until"], summary["answers"][-1]["delay"]
    told = [
        f"{words} until {in_words(until[name])} from now{', the latest looked at' if until[name] == latest else ''}"
        for name, words in (("hijacked", "P(hijacked)"), ("hijack_share", "the hijack share"))
        if until[name] is not None
    ]
    worse = [in_words(row["delay"]) for row in summary["answers"] if row["hijacked_lo"] > 0.0]
    harms = f"acknowledging can be told to raise P(hijacked) at {', '.join(worse)} from now" if worse else ""
    if not told:
        return harms or "acknowledging cannot be told to help at any minute from now on"
    return "; ".join([f"acknowledging can be told to lower {' and '.join(told)}", *([harms] if worse else [])])


def sampled(summary: Mapping[str, Any]) -> list[str]:
    """Return how much of the table speaks, and whether the counts had to be tempered."""
    sample = summary["sample"]
    said = [
        f"{sample['now']:,.0f} of the table's {sample['rows']:,} campaigns ({sample['before']:,.0f} before the counts)"
    ]
    if sample["power"] < 1.0:
        said.append(
            f"in full the counts would leave {sample['full']:.1f}: they weigh {100 * sample['power']:.0f} %, and "
            "intervals are stretched over both"
        )
    return said


def _with(share: float, ends: Sequence[float]) -> str:
    """Return a chance with its interval: ``62 (51 to 72)``."""
    return f"{_of_100(share)} ({_of_100(ends[0])} to {_of_100(ends[1])})"


def points(row: Mapping[Any, Any], name: str) -> str:
    """Return a difference with its interval, in points: ``-12 (-20 to -3)``."""
    mean, low, high = (signed(100 * row[f"{name}{end}"]) for end in ("", "_lo", "_hi"))
    return f"{mean} ({low} to {high})"


def signed(number: float) -> str:
    """Return a whole number with its sign, 0 without."""
    whole = round(number)
    return f"{whole:+d}".replace("-", "\N{MINUS SIGN}") if whole else "0"


def _of_100(share: float) -> str:
    """Return a share as runs of 100, never rounded to a certainty that it is not."""
    whole = round(100 * share)
    if whole == 0 and share > 0.0:
        return "<1"
    return ">99" if whole == 100 and share < 1.0 else str(whole)


def _times(factor: float) -> str:
    """Return a factor to two digits or more."""
    return f"{factor:.1f}" if factor < 9.95 else f"{factor:,.0f}"


def _count(number: float) -> str:
    """Return a number of messages to two digits."""
    if number < 100:
        return f"{number:.0f}"
    scale = 10 ** (len(str(int(number))) - 2)
    return f"{round(number / scale) * scale:,}"
