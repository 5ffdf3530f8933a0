"""The page of a ranking of answers: who leads, at what cost, how sure that is, and where it would tip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.canvas import Drawing, house_style
from sim.report.parts import Section, Table
from sim.report.policies_draw import (
    draw_break_even,
    draw_cost,
    draw_ranking,
    draw_regret,
    frontier,
    hours_told,
    least_most,
    spoken,
)
from sim.report.wording import percent
from sim.study.answers.library import SILENT
from sim.study.answers.outcomes import Judged, judged_by
from sim.study.answers.words import BY, break_even_sentences, effect_name, number

if TYPE_CHECKING:
    import pandas as pd

_NAMED = 2


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw the ranking, its cost, regret and break-evens."""
    judged = judged_by(summary["by"])
    ranked = tables["policies"][tables["policies"]["rank"] > 0]
    evens = [each for each in summary["breakeven"] if each["criterion"] == "expected"]
    with house_style():
        drawn = [
            draw_ranking(tables["policies"], judged, ranking_title(ranked, summary, judged)),
            draw_cost(ranked, judged, cost_title(ranked, judged)),
            draw_regret(ranked.sort_values(["regret", "regret_most"]), judged, regret_title(ranked, judged)),
            draw_break_even(tables["breakeven"], evens, judged, even_title(evens)) if evens else None,
        ]
    return [each for each in drawn if each is not None]


def ranking_title(ranked: pd.DataFrame, summary: Mapping[str, Any], judged: Judged) -> str:
    """State in a sentence which answer leads, and against what."""
    rows = ranked.set_index("choice")
    first, silent = rows.iloc[0], rows.loc[SILENT]
    what = judged.title.partition(",")[0]
    if not rows["apart"].any():
        low, high = least_most(ranked, judged)
        alike = f"between {low} and {high}" if low != high else low
        return f"No answer can be told apart from another, silence among them: {what} {alike}"
    tied = len(summary["tied"]) - 1
    others = (
        f"; {tied} more cannot be told apart from it" if tied > 1 else "; 1 more cannot be told apart" if tied else ""
    )
    return (
        f"{what}: {number(first['expected'], judged)} with {spoken(rows.index[0])}, "
        f"{number(silent['expected'], judged)} with silence{others}"
    )


def cost_title(ranked: pd.DataFrame, judged: Judged) -> str:
    """State in a sentence what more hours buy."""
    names, rows = frontier(ranked, judged.sign), ranked.set_index("choice")
    told = [
        f"{spoken(name)} ({hours_told(rows.loc[name, 'hours'])} h): {number(rows.loc[name, 'expected'], judged)}"
        for name in names
    ]
    what = judged.title.partition(",")[0]
    if len(names) == 1:
        return f"No hours buy a better {what} than {told[0]}"
    return f"What hours buy in {what}: {'; '.join([told[0], *told[-_NAMED:]] if len(told) > _NAMED else told)}"


def regret_title(ranked: pd.DataFrame, judged: Judged) -> str:
    """State in a sentence which answers leave least to regret."""
    mean, most = ranked.loc[ranked["regret"].idxmin()], ranked.loc[ranked["regret_most"].idxmin()]
    if mean["choice"] == most["choice"]:
        least = f"{number(mean['regret'], judged)} on average, {number(mean['regret_most'], judged)} at most"
        return f"Least to regret: {spoken(mean['choice'])} ({least})"
    return (
        f"Least to regret on average: {spoken(mean['choice'])} ({number(mean['regret'], judged)}); "
        f"at most: {spoken(most['choice'])} ({number(most['regret_most'], judged)})"
    )


def even_title(evens: Sequence[Mapping[str, Any]]) -> str:
    """State in a sentence where the runner-up overtakes."""
    crossed = [each for each in evens if each["at"] is not None]
    first = evens[0]
    if not crossed:
        effects = " or ".join(spoken(effect_name(each)) for each in evens)
        return f"{spoken(first['second'])} overtakes {spoken(first['winner'])} at no size of {effects} within its span"
    told = [f"{spoken(effect_name(each))} {'below' if each['rises'] else 'above'} {each['at']:.2f}" for each in crossed]
    return f"{spoken(first['second'])} overtakes {spoken(first['winner'])} with {' or with '.join(told)}"


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the ranking's table, what it costs, regret, break-evens, and what was drawn."""
    judged, policies = judged_by(summary["by"]), tables["policies"]
    evens = [
        sentence
        for criterion in BY
        for sentence in break_even_sentences(
            [each for each in summary["breakeven"] if each["criterion"] == criterion], judged
        )
    ]
    return [
        Section("Which answer?", ["ranking"], notes=_reading(summary, policies), table=_ranking(policies, judged)),
        Section("What does it cost?", ["cost"], notes=[
            "Hours are what was done, at the prices of agency.costs (assumed): a rule that never fired costs nothing. "
            "Joined and named in blue: choices that no other is both as good and as cheap as."
        ]),
        Section("What might one regret?", ["regret"], notes=[
            "Regret is what an answer loses to the best one of the same draw. A few runs a draw make the largest "
            "regret look larger than it is, for all answers alike; the mean's order is that of the expected outcome."
        ]),
        Section("Where would it tip?", ["breakeven"], notes=[
            *(evens or ["No effect was varied: break-evens were left out, or all answers make the same moves."]),
            "The runner-up is the best choice that makes other moves than the winner. Both ran again on the same draws "
            "and luck, with the effect at each size; bands are 95 % over draws.",
        ]),
        Section("What was drawn", table=_inputs(summary["inputs"])),
    ]  # fmt: skip


def limits(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what a ranking cannot tell."""
    return [
        "The ranking holds over the assumed spans, each input drawn evenly and by itself.",
        "Fewer hijacked runs can also mean that nothing is left to win: read what goes viral positively beside it.",
    ]


def _reading(summary: Mapping[str, Any], policies: pd.DataFrame) -> list[str]:
    """Return how to read the ranking."""
    told = [
        f"Each answer met the same {summary['draws']} draws of {len(summary['inputs'])} uncertain inputs, with the "
        f"same luck in {summary['replicates']} runs of each. The worst case is the mean over the tenth of draws that "
        "end worst for an answer.",
        "Names in dark letters cannot be told apart from the first; those in grey can. "
        "Best in: the share of draws in which it is the best (ties shared out). P(best): how often it leads when "
        "the draws are drawn again (bootstrap). Behind: what it loses to the first, with intervals that hold for all "
        "at once.",
    ]
    if summary["not_posting"]:
        told.append("Not posting cannot be hijacked and wins nothing; it stands beside the ranking, not in it.")
    idle = policies[(policies["rank"] > 0) & (policies["acted"] < 0.5) & ~policies["choice"].isin([SILENT, "listen"])]
    if len(idle):
        names = ", ".join(f"{spoken(row['choice'])} ({percent(row['acted'])})" for row in idle.to_dict("records"))
        told.append(f"Answers that were seldom called for (share of runs in which a rule fired): {names}.")
    return told


def _ranking(policies: pd.DataFrame, judged: Judged) -> Table:
    """Return the table of choices."""
    rows = []
    for row in policies.to_dict("records"):
        if row["rank"] == 0:
            told = f"{spoken(row['choice'])}: nothing is run, nothing can be turned, nothing won"
            rows.append(["–", told, number(row["expected"], judged), *["–"] * 4, "0 %", "0"])
            continue
        ends, behind = (
            f"{number(row[name], judged)} ({number(row[f'{name}_lo'], judged)} to {number(row[f'{name}_hi'], judged)})"
            for name in ("expected", "behind")
        )
        rows.append([
            str(row["rank"]), f"{spoken(row['choice'])}: {row['title'][0].lower()}{row['title'][1:]}", ends,
            number(row["worst"], judged), "–" if row["rank"] == 1 else behind, percent(row["best_in"]),
            percent(row["best_probability"]), percent(row["viral_positive"]), hours_told(row["hours"]),
        ])  # fmt: skip
    head = ["", "answer", "expected", "worst", "behind", "best in", "P(best)", "viral positive", "hours"]
    return Table(head, rows, f"{judged.title} (95 % over draws)")


def _inputs(inputs: Sequence[Mapping[str, Any]]) -> Table:
    """Return the inputs that were drawn."""
    rows = [[each["title"], f"{each['low']:.3g} to {each['high']:.3g}", each["unit"], each["name"]] for each in inputs]
    return Table(["input", "drawn from", "unit", "parameter"], rows, "Evenly over each span, the effects' sizes last")
