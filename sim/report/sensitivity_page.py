"""The page of a sensitivity study: what moves each outcome, alone and with others, and how much is luck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import Drawing, house_style
from sim.report.draw_sensitivity import draw_outcomes, draw_screening, draw_split
from sim.report.parts import Section, Table
from sim.report.wording import count, dash, known, number
from sim.study.sensitivity.runs import scale_of, title_of

if TYPE_CHECKING:
    import pandas as pd

_READ_SPLIT = (
    "Total: the share of the variance that would be left if all other inputs were known. First-order: the share that "
    "knowing this input alone would take away. Totals sum to more than one where inputs work together. Both are shares "
    "of the variance of the expected outcome over the spans; luck's share is one of a single run's variance."
)
_READ_SCREENING = (
    "Each input is moved by two thirds of its span from many places. A large sigma means that the effect hangs on "
    "where the others stand, or bends. Signs come from the other replicates, so that luck does not add up; small "
    "effects are told somewhat too small."
)


_MOSTLY_LUCK = 0.5


def _called(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return each input in a few words; two of the same words get their dotted name."""
    inputs = tables["inputs"]
    twice = set(inputs["called"][inputs["called"].duplicated(keep=False)])
    return {
        row["input"]: row["input"] if row["called"] in twice else row["called"] for row in inputs.to_dict("records")
    }


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw what moves the first outcome, and the totals of all."""
    called = _called(tables)
    drawn: list[Drawing | None] = []
    with house_style():
        if "indices" in tables and len(tables["outcomes"]):
            outcome = tables["outcomes"]["outcome"].iloc[0]
            level = tables["outcomes"].iloc[0].to_dict()
            if level["variance"] > 0:
                indices = tables["indices"]
                drawn.append(draw_split(indices[indices["outcome"] == outcome], level, called))
            drawn.append(draw_outcomes(tables["indices"], tables["outcomes"], called))
        if "screening" in tables and len(tables["screening"]):
            screening = tables["screening"]
            outcome = screening["outcome"].iloc[0]
            drawn.append(draw_screening(screening[screening["outcome"] == outcome], outcome, called))
    return [drawing for drawing in drawn if drawing is not None]


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the parts of the page."""
    called, found = _called(tables), []
    if "indices" in tables:
        notes = [
            _READ_SPLIT,
            f"{summary['stars']} stars of {len(summary['split']) + 2} points, "
            f"{summary['replicates']} replicates each; inputs that are not split stay at their central values.",
        ]
        found.append(
            Section(
                "Shares of the variance", ["indices"], [*notes, *_more(tables, summary)], _split_table(tables, called)
            )
        )
        found.append(Section("Every outcome", ["outcomes"], _left_out(summary), _levels_table(tables["outcomes"])))
    if "screening" in tables:
        notes = [
            _READ_SCREENING,
            f"{summary['trajectories']} trajectories of {len(summary['inputs']) + 1} points, "
            f"{summary['replicates']} replicates each.",
        ]
        more = [] if "indices" in tables else _left_out(summary)
        found.append(Section("One input at a time", ["screening"], [*notes, *more], _screening_table(tables, called)))
    found.append(Section("What was varied", table=_inputs_table(tables["inputs"])))
    return found


def _more(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what would narrow the noise, where luck is most of the variance."""
    levels, replicates = tables["outcomes"], summary["replicates"]
    if not len(levels) or not levels["luck"].iloc[0] > _MOSTLY_LUCK:
        return []
    more = 4 * replicates
    ratio = ((replicates * (replicates - 1)) / (more * (more - 1))) ** 0.5
    return [
        f"Luck is most of the variance here; with replicates={more}, noise floors would be about {ratio:.0%} of these."
    ]


def _left_out(summary: Mapping[str, Any]) -> list[str]:
    """Return why outcomes are missing."""
    return [f"{name.replace('_', ' ')} is left out: {why}." for name, why in summary["left_out"].items()]


def _words(row: Mapping[str, Any], called: Mapping[str, str]) -> str:
    """Return an input in words, with its name."""
    words = called[row["input"]]
    return words if words == row["input"] else f"{words} ({row['input']})"


def _ends(row: Mapping[str, Any], name: str, scale: float = 1.0, digits: int = 2) -> str:
    """Return an estimate with its interval."""
    if known(row[name]) is None:
        return dash()
    value, low, high = (f"{scale * row[f'{name}{end}']:.{digits}f}" for end in ("", "_lo", "_hi"))
    return f"{value} ({low} to {high})".replace("-", "\N{MINUS SIGN}")


def _alone(value: float) -> str:
    """Return a share without an interval, a dash where it is undefined."""
    return dash() if known(value) is None else f"{value:.2f}"


def _split_table(tables: Mapping[str, pd.DataFrame], called: Mapping[str, str]) -> Table | None:
    """Return shares of the first outcome's variance; None if none was split."""
    indices = tables["indices"]
    if not len(indices):
        return None
    rows = indices[indices["outcome"] == _first(indices)].sort_values("total", ascending=False)
    return Table(
        ["input", "total", "first-order", "noise floor", "total, uncorrected"],
        [[_words(row, called), _ends(row, "total"), _ends(row, "first"), _alone(row["floor"]),
          _alone(row["uncorrected"])]
         for row in rows.to_dict("records")],
        "Estimates with 95 % intervals from resampled stars; an estimate can fall below 0 by chance. "
        "Noise floor: what luck alone would stay below in 39 of 40 studies. Uncorrected: what a total would be, were "
        "the replicates' mean taken for the expectation.",
    )  # fmt: skip


def _first(table: pd.DataFrame) -> str:
    """Return the outcome of a table's first row."""
    return str(table["outcome"].iloc[0])


def _levels_table(levels: pd.DataFrame) -> Table:
    """Return mean, luck and noise floor of each outcome."""
    return Table(
        ["outcome", "measured in", "mean", "luck's share of one run's variance"],
        [[title_of(row["outcome"]), row["scale"], number(row["mean"]), _ends(row, "luck")]
         for row in levels.to_dict("records")],
        "Over the spans; what the inputs make is the rest.",
    )  # fmt: skip


def _screening_table(tables: Mapping[str, pd.DataFrame], called: Mapping[str, str]) -> Table | None:
    """Return the elementary effects on the first outcome, of the inputs that have any; None if none was screened."""
    screening = tables["screening"]
    if not len(screening):
        return None
    outcome = _first(screening)
    odds = scale_of(outcome) == "probability"
    scale, digits = (100.0, 0) if odds else (1.0, 3)
    ours = screening[screening["outcome"] == outcome].sort_values("mu_star", ascending=False)
    rows = ours[(ours["mu_star"] > 0) | (ours["mu"] != 0)]
    silent = len(ours) - len(rows)
    return Table(
        ["input", "mu*", "mu", "sigma", "noise floor"],
        [[_words(row, called), *(_ends(row, part, scale, digits) for part in ("mu_star", "mu", "sigma")),
          f"{scale * row['floor']:.{digits}f}"] for row in rows.to_dict("records")],
        f"Effects of two thirds of a span on {title_of(outcome)}, in {'points' if odds else scale_of(outcome)}; 95 % "
        f"intervals from resampled trajectories."
        + (f" The other {count(silent)} inputs changed nothing." if silent else ""),
    )  # fmt: skip


def _inputs_table(inputs: pd.DataFrame) -> Table:
    """Return what was varied, over which span."""
    return Table(
        ["parameter", "what it is", "unit", "role", "span", "as it is"],
        [[row["input"], row["title"], row["unit"], row["role"], f"{number(row['low'])} to {number(row['high'])}",
          number(row["central"])] for row in inputs.to_dict("records")],
        "Spans are assumptions of the parameter table or the user's own; each value in a span counts alike.",
    )  # fmt: skip


def limits(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what this study cannot tell."""
    return [
        "Shares are shares over these spans: a wider span moves more. Most spans are assumed.",
        "Intervals are over the places in the spans and over luck; every trajectory or star has luck of its own.",
        "That an input moves the odds does not say that a sender can, or should, move it.",
    ]
