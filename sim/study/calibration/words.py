"""What a fit says in words: what was learned, what was not, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_NAMED = 3
_MOVES = 0.25
"""Half of the draws change nothing if no mean moves by more than this part of its posterior's deviation."""


def fit_finding(summary: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the finding of a fit in a sentence."""
    told = summary["fit"]
    own = tables["parameters"][tables["parameters"]["method"] == told["default"]]
    learned = own[own["identified"]].sort_values("contraction", ascending=False)
    if summary["outside"]:
        names = summary["outside"]
        more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
        return (
            f"The prior does not reach what was observed: {in_words([*names[:_NAMED], *more])} "
            f"{'lie' if len(names) > 1 else 'lies'} outside of its central 95 %; no posterior mends that."
        )
    if not len(learned):
        return f"{told['draws']:,} draws identify none of {len(own)} universal parameters; the posterior is the prior."
    best = learned.iloc[0]
    covers = told["coverage"][told["default"]]["found"][-1]
    return (
        f"Of {len(own)} universal parameters {len(learned)} are identified, {best['parameter']} best (contraction "
        f"{best['contraction']:.2f}, {told['default']}); intervals of 95 % hold {100 * covers:.0f} % of the truths of "
        f"{told['held_out']} held-out rows."
    )


def fit_lines(summary: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return what a fit prints."""
    return [
        *_predictive(tables["targets"]), "", *_parameters(tables["parameters"], summary), "",
        *_coverage(summary, tables), "", *_growth(tables, summary["fit"]["default"]),
        *growth_of_odds(tables["growth_odds"]), *_sources(tables["left_out"]), *_families(tables["families"]),
        summary["fit_finding"],
    ]  # fmt: skip


def in_words(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _predictive(targets: pd.DataFrame) -> list[str]:
    """Return where each observed number lies among what the prior foretells, and after the fit."""
    width = max(len(name) for name in targets["target"])
    lines = [f"{'observed':<{width}}  {'value':>9}  {'prior, 95 %':>20}  {'posterior, 95 %':>20}"]
    for row in targets.sort_values("fitted", ascending=False, kind="stable").to_dict("records"):
        prior, after = (f"{row[f'{name}_lo']:.3g} to {row[f'{name}_hi']:.3g}" for name in ("prior", "posterior"))
        bound = {"at_least": ">= ", "at_most": "<= "}.get(row["side"], "")
        notes = [] if row["fitted"] else ["not fitted"]
        if not row["inside"]:
            notes.append("OUTSIDE OF THE PRIOR PREDICTIVE" if row["fitted"] else "outside of the prior predictive")
        elif not row["posterior_inside"]:
            notes.append("outside of the posterior predictive")
        lines.append(
            f"{row['target']:<{width}}  {bound + format(row['observed'], '.3g'):>9}  {prior:>20}  {after:>20}  "
            f"{', '.join(notes)}".rstrip()
        )
    return lines


def _parameters(parameters: pd.DataFrame, summary: Mapping[str, Any]) -> list[str]:
    """Return prior, both posteriors and contraction of each parameter."""
    width = max(len(name) for name in parameters["parameter"])
    lines = [
        f"{'parameter':<{width}}  {'prior':>16}  {'rejection: mean, 95 %':>26}  {'regression: mean, 95 %':>26}  "
        "contraction"
    ]
    for name, both in parameters.groupby("parameter", sort=False):
        row = {each["method"]: each for each in both.to_dict("records")}
        own = row[summary["fit"]["default"]]
        told = [
            f"{each['mean']:.3g} ({each['lo']:.3g}, {each['hi']:.3g})" for each in (row["rejection"], row["regression"])
        ]
        prior = f"{own['prior_low']:.3g} to {own['prior_high']:.3g}"
        notes = [] if own["identified"] else ["not identified"]
        notes += ["the two disagree"] if own["disagree"] else []
        lines.append(
            f"{name:<{width}}  {prior:>16}  {told[0]:>26}  {told[1]:>26}  {own['contraction']:>11.2f}"
            f"{'  ' + ', '.join(notes) if notes else ''}"
        )
    return lines


def _coverage(summary: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return nominal and found coverage of both methods, and how many parameters miss."""
    from sim.study.calibration.coverage import error_of

    told, lines = summary["fit"], []
    for method, each in told["coverage"].items():
        found = ", ".join(
            f"{100 * value:.0f} % at {100 * level:.0f} % (±{100 * error_of(level, told['held_out']):.0f})"
            for level, value in zip(each["nominal"], each["found"], strict=True)
        )
        own = tables["coverage"][(tables["coverage"]["method"] == method) & (tables["coverage"]["parameter"] != "")]
        missed = own[(own["found"] - own["level"]).abs() > own["error"]]
        usual = " (default)" if method == told["default"] else ""
        lines.append(
            f"{method}{usual} on {told['held_out']} held-out rows: {found}; {len(missed)} of {len(own)} single "
            f"coverages lie outside of their error; {0.05 * len(own):.0f} are to be expected"
        )
    return lines


def _growth(tables: Mapping[str, pd.DataFrame], method: str) -> list[str]:
    """Return whether half of the draws change anything of what is identified (of all, if nothing is)."""
    growth, parameters = tables["growth"], tables["parameters"]
    own = growth[growth["method"] == method]
    known = parameters.loc[(parameters["method"] == method) & parameters["identified"], "parameter"]
    own = own[own["parameter"].isin(known)] if len(known) else own
    sizes = sorted(own["draws"].unique())
    if len(sizes) < 2:
        return []
    half, whole = (own[own["draws"] == size].set_index("parameter") for size in sizes[-2:])
    moved = ((whole["mean"] - half["mean"]).abs() / whole["sd"]).sort_values(ascending=False)
    wider = (half["sd"] / whole["sd"] - 1.0).abs()
    says = "more draws change little" if moved.iloc[0] <= _MOVES else "more draws still move it"
    return [
        f"With half of the draws ({sizes[-2]:,}) no mean of an identified parameter moves by more than "
        f"{moved.iloc[0]:.2f} deviations ({moved.index[0]}), and no deviation by more than "
        f"{100 * wider.max():.0f} %: {says}."
    ]


def growth_of_odds(odds: pd.DataFrame) -> list[str]:
    """Return how far half of the draws move the odds of documented cases, and how well odds are known at all."""
    from sim.outcome.verdict import VERDICTS

    sizes = sorted(odds["draws"].unique()) if len(odds) else []
    if len(sizes) < 2:
        return []
    half, whole = (odds[odds["draws"] == size].set_index("case") for size in sizes)
    apart = (whole[list(VERDICTS)] - half[list(VERDICTS)]).abs()
    case, verdict = apart.stack().idxmax()
    share, rows = float(whole.loc[case, verdict]), int(whole.loc[case, "used"])
    most = ceil(1000.0 * float(apart.max().max()) - 1e-9) / 10.0  # a bound is not rounded down
    return [
        f"With half of them the odds of no verdict of the {len(whole)} documented cases move by more than "
        f"{most:g} points ({case}, {verdict}; of {rows} accepted draws the standard error is "
        f"{100 * (share * (1.0 - share) / rows) ** 0.5:.2g})."
    ]


def _sources(left: pd.DataFrame) -> list[str]:
    """Return what moves most without each source."""
    lines = []
    for source, own in left.groupby("source", sort=False):
        row = own.loc[own["shift"].abs().idxmax()]
        lines.append(f"Without {source}: {row['parameter']} moves most, by {row['shift']:+.2f} deviations.")
    return lines


def _families(families: pd.DataFrame) -> list[str]:
    """Return what the other families foretell of each case."""
    if not len(families):
        return []
    width = max(len(name) for name in families["case"])
    lines = ["", f"{'without its family':<{width}}  {'documented':>14}  its odds  most likely"]
    for row in families.to_dict("records"):
        lines.append(
            f"{row['case']:<{width}}  {row['documented']:>14}  {100 * row['probability']:>6.0f} %  {row['most_likely']}"
        )
    return lines
