"""The page of a comparison: odds of each choice, paired differences with what they cost, and a sentence on each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import (
    INK,
    PALE,
    SOFT,
    VERDICT_COLOUR,
    VERDICT_MARKER,
    Drawing,
    drawable,
    finished,
    head_room,
    house_style,
    new_figure,
    quiet,
    write_finding,
)
from sim.report.parts import Section, Table
from sim.report.wording import count, dash, number, percent, percent_range
from sim.study.compare.words import about, chance, in_hours

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_VERDICTS = {"hijacked": "hijacked", "contested": "contested", "fizzled": "fizzled", "viral_positive": "viral positive"}
_STATES = {"lower": "lower", "higher": "higher", "alike": "no difference as large as the margin", "open": "open"}
_ROW = 0.42  # inches of a choice


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw the differences against the first with their cost, and the odds of each choice."""
    rows = [row for row in summary["rows"] if row["hijacked"] is not None]
    if len(rows) < 2 or rows[0]["name"] != summary["rows"][0]["name"]:
        return []  # all runs of the first, or of the others, have failed
    with house_style():
        return [_forest(rows, summary), _odds(rows, summary)]


def _forest(rows: list[dict[str, Any]], summary: Mapping[str, Any]) -> Drawing:
    """Draw the paired differences of P(hijacked), with the working hours of each choice beside them."""
    against = [row for row in rows[1:] if row["hijacked_difference"] is not None]
    finding = summary["finding"]
    figure = new_figure(1.5 + _ROW * len(against) + 0.2 * (len(finding) // 60))
    write_finding(figure, finding)
    top = head_room(figure, finding, extra=0.35)
    bottom = 0.62 / figure.get_figheight()
    axes = figure.add_axes((0.27, bottom, 0.52, top - bottom))
    _margin(axes, 100 * summary["margin"])
    for place, row in enumerate(reversed(against)):
        mean, low, high = (100 * row[f"hijacked_difference{end}"] for end in ("", "_lo", "_hi"))
        settled = row["state"] in ("lower", "higher", "alike")
        axes.plot([low, high], [place, place], color=INK, linewidth=1.4, solid_capstyle="butt")
        axes.plot(mean, place, "s", color=INK, markerfacecolor=INK if settled else "white", markersize=6)
        told = f"{in_hours(row['cost_hours'])} h" if row["cost_hours"] is not None else dash()
        axes.text(1.04, place, told, transform=axes.get_yaxis_transform(), va="center", fontsize=8.5)
    axes.axvline(0, color=SOFT, linewidth=0.9)
    axes.text(1.04, len(against) - 0.35, "cost a run", transform=axes.get_yaxis_transform(), fontsize=8.5, color=SOFT)
    axes.set_yticks(range(len(against)), [_label(row) for row in reversed(against)])
    axes.set_ylim(-0.6, len(against) - 0.4)
    axes.set_xlabel(f"P(hijacked) against {drawable(str(rows[0]['title']))}, percentage points (95 %)")
    quiet(axes, "x")
    return finished(figure, "differences", finding)


def _margin(axes: Axes, margin: float) -> None:
    """Shade the differences that count as none."""
    axes.axvspan(-margin, margin, color=PALE, alpha=0.55, linewidth=0)


def _label(row: Mapping[str, Any]) -> str:
    """Return what a row is called in a figure."""
    return (
        drawable(str(row["title"]))
        .replace(" months first", "\nmonths first")
        .replace("=", "=\n" * (len(row["title"]) > 18) or "=")
    )


def _odds(rows: list[dict[str, Any]], summary: Mapping[str, Any]) -> Drawing:
    """Draw the odds of each verdict under each choice that was simulated."""
    posted = [row for row in rows if row["name"] != "do_not_post"]
    finding = _of_odds(posted)
    figure = new_figure(1.6 + 1.45 * _ROW * len(posted))
    write_finding(figure, finding)
    top = head_room(figure, finding, extra=0.4)
    bottom = 0.58 / figure.get_figheight()
    axes = figure.add_axes((0.27, bottom, 0.68, top - bottom))
    for place, row in enumerate(reversed(posted)):
        for step, verdict in enumerate(_VERDICTS):
            at = place + 0.27 - 0.18 * step
            value, low, high = (100 * row[f"{verdict}{end}"] for end in ("", "_lo", "_hi"))
            colour = VERDICT_COLOUR[verdict]
            axes.plot([low, high], [at, at], color=colour, linewidth=1.6, solid_capstyle="butt")
            axes.plot(
                value, at, VERDICT_MARKER[verdict], color=colour, markersize=5,
                label=_VERDICTS[verdict] if place == 0 else None,
            )  # fmt: skip
    axes.set_yticks(range(len(posted)), [_label(row) for row in reversed(posted)])
    axes.set_ylim(-0.55, len(posted) - 0.45)
    axes.set_xlim(-2, 102)
    axes.set_xlabel("runs of 100 that end so (95 %)")
    for place in range(1, len(posted)):
        axes.axhline(place - 0.5, color=PALE, linewidth=0.7)
    quiet(axes, "x")
    figure.legend(*axes.get_legend_handles_labels(), loc="lower left", bbox_to_anchor=(0.26, top), ncols=4,
                  handletextpad=0.3, columnspacing=1.2, borderaxespad=0.2)  # fmt: skip
    return finished(figure, "odds", finding)


def _of_odds(posted: list[dict[str, Any]]) -> str:
    """Return which choice is hijacked least often and which most often."""
    least = min(posted, key=lambda row: row["hijacked"])
    most = max(posted, key=lambda row: row["hijacked"])
    if least["hijacked"] == most["hijacked"]:
        return f"Every choice is hijacked in {_runs(most)}"
    return f"{least['title']}: hijacked in {_runs(least)}; {most['title']}: in {_runs(most)}"


def _runs(row: Mapping[str, Any]) -> str:
    """Return ``31 of 100 runs (25 to 38)``."""
    value, low, high = (100 * row[f"hijacked{end}"] for end in ("", "_lo", "_hi"))
    return f"{value:.0f} of 100 runs ({low:.0f} to {high:.0f})"


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return what is found of each choice, the odds, what would settle it, and every pair."""
    rows = summary["rows"]
    first = rows[0]["title"]
    titles = {row["name"]: row["title"] for row in rows}
    return [
        Section(
            f"What each choice changes against {first}", figures=["differences"],
            notes=[*_how_to_read(summary), *summary["sentences"]], table=_against(rows, summary),
        ),
        Section("The odds of each choice", figures=["odds"], table=_odds_table(rows)),
        Section(f"How much is said, against {first}", table=_sizes(rows)),
        Section(
            "Each choice against each other",
            notes=[
                "The other against the one, on the luck that both have had. Odds lower: the posterior probability that "
                "P(hijacked) is lower under the other, from the pairs that differ (Jeffreys' prior; 0.5 where none "
                "does). Ends better: the share of replicates in which the same luck ends in a better verdict; viral "
                "positive is better than fizzled or nothing posted, that than contested, that than hijacked; equal "
                "verdicts are the same. Intervals are each for itself and for a fixed number of runs."
            ],
            table=_pairs(summary["pairs"], titles),
        ),
    ]  # fmt: skip


def _how_to_read(summary: Mapping[str, Any]) -> list[str]:
    """Return how the figure is read, and what its intervals cover."""
    told = (
        "Squares are paired differences, lines their 95 % intervals; filled where it is settled. The band is the "
        f"margin, {100 * summary['margin']:g} points: what is smaller counts as none. Cost is counted in working hours "
        "of moves that were made, answers, messages passed on and listening, at assumed prices (agency.costs); the "
        "call itself is not counted."
    )
    if summary["until"] is None:
        return [told]
    return [told, (
        f"Runs went on until each difference was settled{_capped(summary)}, so these intervals hold at all looks "
        "together (a confidence sequence; all of them at once, 95 %). The other intervals on this page are those of a "
        "fixed number of runs."
    )]  # fmt: skip


def _capped(summary: Mapping[str, Any]) -> str:
    """Return that one stopped before all was settled, if so."""
    left = any(row["state"] == "open" for row in summary["rows"] if row["name"] != "do_not_post")
    return f", or until there were {summary['replicates']:,} of each" if left else ""


def _against(rows: list[dict[str, Any]], summary: Mapping[str, Any]) -> Table:
    """Return the table of differences against the first."""
    head = ["choice", "replicates", "P(hijacked), points", "odds lower", "ends better / worse / the same",
            "working hours a run", "settled", "replicates to settle the sign"]  # fmt: skip
    body = []
    for row in rows:
        pairs = [dash()] * 3
        if row["hijacked_difference"] is not None:
            pairs = [
                _points(row), chance(row["chance_lower"]),
                f"{percent(row['better'])} / {percent(row['worse'])} / {percent(row['tied'])}",
            ]  # fmt: skip
        body.append([
            row["title"], count(row["replicates"]) if row["name"] != "do_not_post" else dash(), *pairs, _cost(row),
            _STATES.get(row["state"], dash()),
            dash() if row["settle_replicates"] is None else about(row["settle_replicates"]),
        ])  # fmt: skip
    return Table(head, body, "Paired differences against the first, with 95 % intervals. The number to settle is that "
                 "with which the exact sign test would tell the sign in four of five studies, if pairs go on to "
                 "differ as they have.")  # fmt: skip


def _points(row: Mapping[str, Any]) -> str:
    """Return a difference in points with its interval."""
    mean, low, high = (100 * row[f"hijacked_difference{end}"] + 0.0 for end in ("", "_lo", "_hi"))
    return f"{mean:+.1f} ({low:+.1f} to {high:+.1f})".replace("-", "\N{MINUS SIGN}")


def _cost(row: Mapping[str, Any]) -> str:
    """Return mean working hours, with their interval where they vary."""
    if row["cost_hours"] is None:
        return dash()
    low, high = row["cost_hours_lo"], row["cost_hours_hi"]
    told = number(row["cost_hours"])
    return told if low is None or low == high else f"{told} ({number(max(0.0, low))} to {number(high)})"


def _odds_table(rows: list[dict[str, Any]]) -> Table:
    """Return the table of odds."""
    body = []
    for row in rows:
        if row["name"] == "do_not_post":
            body.append([row["title"], *[dash("nothing is posted")] * (len(_VERDICTS) + 1)])
            continue
        odds = [
            f"{percent(row[name])} ({percent_range(row[f'{name}_lo'], row[f'{name}_hi'])})"
            if row[name] is not None else dash()
            for name in _VERDICTS
        ]  # fmt: skip
        body.append([row["title"], *odds, count(row["messages"])])
    return Table(["choice", *_VERDICTS.values(), "messages, mean"], body, "Odds of each verdict, with 95 % intervals")


_SIZES = {"messages": "messages", "hijack_share": "hijack share, points", "reach": "followers reached",
          "followers_lost": "followers lost"}  # fmt: skip


def _sizes(rows: list[dict[str, Any]]) -> Table:
    """Return the table of paired differences in size, which tell choices apart where their verdicts are the same."""
    body = []
    for row in rows[1:]:
        cells = []
        for name in _SIZES:
            scale = 100.0 if name == "hijack_share" else 1.0
            ends = [row[f"{name}_difference{end}"] for end in ("", "_lo", "_hi")]
            mean, low, high = (dash() if end is None else number(scale * end + 0.0) for end in ends)
            cells.append(f"{mean} ({low} to {high})" if ends[1] is not None else mean)
        body.append([row["title"], *cells])
    return Table(
        ["choice", *_SIZES.values()], body, "Mean paired differences, with 95 % intervals (Student's; of rows)"
    )


def _pairs(pairs: list[dict[str, Any]], titles: Mapping[str, str]) -> Table:
    """Return the table of pairs."""
    head = ["the one", "the other", "P(hijacked), points", "odds lower", "ends better / worse / the same", "pairs"]
    body = [
        [titles[row["one"]], titles[row["other"]], _points(row), chance(row["chance_lower"]),
         f"{percent(row['better'])} / {percent(row['worse'])} / {percent(row['tied'])}", count(row["pairs"])]
        for row in pairs
    ]  # fmt: skip
    return Table(head, body)


def limits(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what a comparison cannot tell."""
    several = sum(not row["beside"] for row in summary["rows"]) > 2
    chosen = ["The title tells the largest of several differences, and the largest tends to look larger than it is."]
    return [
        *(chosen if several else []),
        "Working hours are all that is counted as cost; what a hijack costs a sender, or the criticised, is not.",
        "Not posting wins nothing either, and leaves what people hold against the sender as it is.",
    ]
