"""The page of a fit: what was learned, what was observed, what the fit hangs on, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import Drawing, house_style
from sim.report.draw_fit import draw_coverage, draw_growth, draw_posteriors, draw_predictive
from sim.report.parts import Section, Table
from sim.report.wording import dash, known
from sim.study.calibration.words import growth_of_odds

if TYPE_CHECKING:
    import pandas as pd

_READ_POSTERIORS = (
    "Contraction is one less the posterior's variance over the prior's: nought is nothing learned, one is known. Below "
    "a fifth a parameter is not identified: what comes out is what was put in. Rejection takes the nearest draws as "
    "they are; regression moves more of them to where they would lie had they given just what was observed."
)
_READ_PREDICTIVE = (
    "Runs and history go through the same observation model: other talk in the denominator, bounds reported as bounds, "
    "numbers blurred by their band. A number outside of the prior predictive is one that no posterior can meet. The "
    "posterior predictive is that of the accepted draws, with luck and coded inputs of their own."
)
_READ_COVERAGE = (
    "Draws that were held out take the place of what was observed; their own parameters are known. A posterior as wide "
    "as the prior covers too, so how narrow it is counts as well: of two that cover, the one with the lower score "
    "(CRPS) is the default."
)


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw posteriors, predictive check, coverage and growth."""
    with house_style():
        drawn = [
            draw_posteriors(tables["parameters"], summary), draw_predictive(tables["targets"]),
            draw_coverage(tables["coverage"], summary),
            draw_growth(tables["growth"], tables["parameters"], summary["fit"]["default"]),
        ]  # fmt: skip
    return [each for each in drawn if each is not None]


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return the parts of the page."""
    told = summary["fit"]
    fitted = ", ".join(told["settings"]["sources"])
    learned = f"{told['accepted']:,} of {told['draws']:,} draws are accepted. Fitted: {fitted}."
    found = [
        Section("What was learned", ["posteriors"], [_READ_POSTERIORS, learned], _parameters(tables["parameters"])),
        Section("What was observed", ["predictive"], [_READ_PREDICTIVE], _targets(tables["targets"])),
        Section("Whether it can be believed", ["coverage"], [_READ_COVERAGE]),
        Section("Whether there are draws enough", ["growth"], growth_of_odds(tables["growth_odds"])),
        Section("What it hangs on", notes=[
            "Each row leaves one source out and fits the rest; shifts are in deviations of the whole posterior.",
        ], table=_left_out(tables["left_out"])),
    ]  # fmt: skip
    if len(tables["families"]):
        found.append(
            Section(
                "What the other families foretell",
                notes=[
                    "The targets of all other families of cases and the patterns are fitted; the odds are those of one "
                    "run of the case, over luck, coded inputs and parameters. With few families they rest on little.",
                ],
                table=_families(tables["families"]),
            )  # fmt: skip
        )
    return found


def limits(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[str]:
    """Return what a fit cannot tell."""
    return [
        "Audiences of the table are smaller than real ones; volumes are not fitted, shapes and shares are.",
        "A posterior says which parameters agree with what is documented if the model's form is right; it does not say "
        "that it is.",
    ]


def _between(row: Mapping[str, Any], low: str, high: str) -> str:
    """Return two ends as text."""
    if known(row[low]) is None or known(row[high]) is None:
        return dash()
    return _signed(f"{row[low]:.3g} to {row[high]:.3g}")


def _signed(text: str) -> str:
    """Return a text with proper minus signs."""
    return text.replace("-", "\N{MINUS SIGN}")


def _parameters(parameters: pd.DataFrame) -> Table:
    """Return prior and both posteriors of each parameter."""
    rows = []
    for name, both in parameters.groupby("parameter", sort=False):
        each = {row["method"]: row for row in both.to_dict("records")}
        one, other = each["rejection"], each["regression"]
        rows.append([
            str(name), _between(one, "prior_low", "prior_high"),
            *(_signed(f"{row['mean']:.3g} ({_between(row, 'lo', 'hi')})") for row in (one, other)),
            *(_signed(f"{row['contraction']:.2f}{'' if row['identified'] else ', not identified'}")
              for row in (one, other)),
            "yes" if one["disagree"] else "no",
        ])  # fmt: skip
    head = ["parameter", "prior", "rejection: mean (95 %)", "regression: mean (95 %)", "contraction (rejection)",
            "contraction (regression)", "do they disagree?"]  # fmt: skip
    return Table(head, rows, "Two disagree if their means lie half a deviation apart, or their widths differ by half.")


def _targets(targets: pd.DataFrame) -> Table:
    """Return what was observed, with its source."""
    sign = {"at_least": "≥ ", "at_most": "≤ "}
    rows = [
        [row["target"], row["told"], f"{sign.get(row['side'], '')}{row['observed']:.3g}",
         dash() if row["side"] != "within" else _between(row, "low", "high"), _between(row, "prior_lo", "prior_hi"),
         _between(row, "posterior_lo", "posterior_hi"), f"{100 * row['undefined']:.0f} %",
         "fitted" if row["fitted"] else f"not fitted{': ' if row['missed'] else ''}{row['missed']}", row["reference"]]
        for row in targets.to_dict("records")
    ]  # fmt: skip
    head = ["target", "what is counted", "observed", "band", "prior predictive, 95 %", "posterior predictive, 95 %",
            "undefined in", "", "source"]  # fmt: skip
    return Table(head, rows)


def _left_out(left: pd.DataFrame) -> Table:
    """Return the three parameters that move most without each source."""
    rows = []
    for source, own in left.groupby("source", sort=False):
        most = own.reindex(own["shift"].abs().sort_values(ascending=False).index).head(3)
        told = [f"{row['parameter']} {_signed(format(row['shift'], '+.2f'))}"
                for row in most.to_dict("records")]  # fmt: skip
        rows.append([str(source), *told, *[""] * (3 - len(told))])
    return Table(["without", "moves most", "then", "then"], rows)


def _families(families: pd.DataFrame) -> Table:
    """Return the odds that the other families give each case, against what is documented."""
    names = ("hijacked", "contested", "viral_positive", "fizzled")
    rows = [
        [row["family"], row["case"], row["documented"].replace("_", " "),
         *(f"{100 * row[name]:.0f} %" for name in names),
         "yes" if row["most_likely"] == row["documented"] else "no", f"{100 * row['all_' + row['documented']]:.0f} %"]
        for row in families.to_dict("records")
    ]  # fmt: skip
    head = ["family left out", "case", "documented", *(name.replace("_", " ") for name in names), "most likely?",
            "documented end, whole fit"]  # fmt: skip
    return Table(head, rows)
