"""What an intake found, in words: the finding, and a page for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.wording import count, percent, percent_range
from sim.study.calibration.contraction import IDENTIFIED
from sim.study.intake.questions import question
from sim.study.intake.reading import FIRST_REPLIES, YOUR_POSTS

VERDICT_NAMES = {
    "hijacked": "hijacked", "contested": "contested", "viral_positive": "viral, as meant", "fizzled": "fizzled",
}  # fmt: skip
SUBJECTS = {
    "followers": "how many follow you, and of how many", "age": "how old they are", "touched": "whom it touches",
    "complaints": "how many think badly of you", "trust": "how many think well of you", "ask": "what you ask for",
    "openness": "how open the ask is", "nearness": "how near it lies to the grievance", "season": "tone and season",
    "picture": "what comes with it", "hour": "the hour", "sending": "who sends it", YOUR_POSTS: "your last posts",
}  # fmt: skip
INPUTS = {
    FIRST_REPLIES: "critical share of first replies",
    "people.grievance_mean": "grievance", "people.support_mean": "support",
    "people.community_share": "share of those touched most", "people.follow_share": "share who follow you",
    "people.community_grievance_shift": "their further grievance, log-odds", "people.under_30_share": "share under 30",
    "people.copula_correlation": "grievance and support, correlation", "people.activist_share": "committed critics",
}  # fmt: skip
_LITTLE = 0.03
_FEW_ROWS = 30


def finding_of(summary: Mapping[str, Any]) -> str:
    """Return the finding in a sentence or two."""
    hijacked = summary["verdict"]["hijacked"]
    odds = f"Such a post is hijacked in {percent(hijacked['mean'])} of runs"
    allowed = f"what is not known allows {percent_range(hijacked['range_lo'], hijacked['range_hi'])}"
    most = summary["tell"][0] if summary["tell"] else None
    if most is None or most["share"] < _LITTLE:
        return f"{odds}; {allowed}."
    return f"{odds}; {allowed}. Most would be told by {SUBJECTS[most['question']]}."


def odds_rows(summary: Mapping[str, Any]) -> list[list[str]]:
    """Return a row a verdict: odds, interval, range, odds if the sender acknowledges."""
    return [
        [
            VERDICT_NAMES[name], percent(each["mean"]), percent_range(each["lo"], each["hi"]),
            _range(each["range_lo"], each["range_hi"]), percent(each["answered"]),
        ]
        for name in VERDICT_NAMES
        for each in (summary["verdict"][name],)
    ]  # fmt: skip


def _range(low: float, high: float) -> str:
    """Return a range of odds; one number where both ends read the same."""
    return percent(low) if percent(low) == percent(high) else percent_range(low, high)


ODDS_HEAD = ("verdict", "odds", "95 %", "may be", "if you acknowledge")


def tell_rows(summary: Mapping[str, Any]) -> list[list[str]]:
    """Return a row a question that would tell something, most first: what it is, and the share that would go."""
    rows = []
    for each in summary["tell"]:
        if each["share"] < _LITTLE:
            continue
        name = each["question"]
        where = "people.history=posts.csv" if name == YOUR_POSTS else f"question {question(name).number}, {name}"
        rows.append([SUBJECTS[name], where, percent(each["share"])])
    return rows


def learned_rows(summary: Mapping[str, Any]) -> list[list[str]]:
    """Return a row an input of the audience: before, after, contraction, and whether that is something."""
    rows = []
    for each in sorted(summary["inputs"], key=lambda one: -one["contraction"]):
        told = (
            f"{each['contraction']:.2f}"
            if each["contraction"] >= IDENTIFIED
            else f"{each['contraction']:.2f}, nothing to speak of"
        )
        rows.append([INPUTS.get(each["name"], each["name"]), _span(each["before"]), _span(each["after"]), told])
    return rows


def _span(ends: Sequence[float]) -> str:
    """Return the 5 and 95 % points."""
    return f"{ends[0]:.2g} to {ends[2]:.2g}"


def caveats(summary: Mapping[str, Any]) -> list[str]:
    """Return what the estimate holds for, and what it leaves out."""
    told = [
        f"A first estimate without a run: of {count(summary['rows'])} runs in the reference table, as many as "
        f"{count(summary['effective_rows'])} of equal weight are like it, each in an audience of "
        f"{count(summary['campaign_rows'])} in which one account posts and nothing is paid. Yours has "
        f"{count(summary['followers'])}: backfire run has that.",
        "“May be” is from the 5 to the 95 % point over answers and coefficients; “95 %” is luck alone.",
        "An acknowledgement goes out here at any minute of the first day, whatever happens, so it also wakes posts "
        "that would have fizzled; backfire compare has one that waits for critics. The size of its effect is assumed.",
    ]
    if summary["effective_rows"] < _FEW_ROWS:
        told.insert(0, "Few rows are like this post: take the odds as a hint.")
    if summary["outside"] > 0.05:
        told.append(
            f"{percent(summary['outside'])} of what your answers allow lies outside of what the table's rows cover; "
            "the nearest rows speak for it."
        )
    return told


def posts_line(summary: Mapping[str, Any]) -> str:
    """Return what the history was, in a sentence."""
    posts = summary["posts"]
    asks = ", ".join(f"{number} {ask}" for ask, number in posts["asked"].items())
    return (
        f"{posts['posts']} posts ({asks}): {count(posts['impressions'])} impressions, {count(posts['shares'])} shares, "
        f"{count(posts['replies'])} replies, {count(posts['critical_replies'])} of them critical. "
        f"{count(summary['effective_draws'])} of {count(summary['draws'])} draws are left."
    )


def next_steps(place: str) -> list[tuple[str, str]]:
    """Return what to do next: what for, and the command."""
    return [
        ("simulate it, with what is not known", f"backfire run case={place}"),
        ("answer, listen first, or do not post", f"backfire compare case={place} policy=silent,acknowledge"),
        ("until when an answer helps", f"backfire window case={place} policy=acknowledge"),
    ]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines with aligned columns."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))] if rows else []
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def told_lines(summary: Mapping[str, Any], place: str) -> list[str]:
    """Return all that is told on a terminal."""
    lines = [summary["finding"], "", *aligned([ODDS_HEAD, *odds_rows(summary)]), *caveats(summary)]
    if summary["posts"] is not None:
        lines += ["", f"What your posts told: {posts_line(summary)}"]
        lines += aligned(
            [("of your audience", "your answers", "with your posts", "contraction"), *learned_rows(summary)]
        )
    tell = tell_rows(summary)
    lines += ["", "What would tell most (share of what is not known of P(hijacked) that would go):"]
    lines += aligned(tell) if tell else ["nothing by itself: what is left is luck and behaviour, or all of it together"]
    lines += ["", "Next:", *aligned([(command, what) for what, command in next_steps(place)])]
    return lines
