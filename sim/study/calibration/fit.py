"""What documented campaigns and measured patterns say of the universal parameters: a fit on a standing table.

A fit takes seconds and runs nothing. What was observed must lie within the prior predictive; both posteriors are told,
what they learned of each parameter and where they disagree; what changes with half of the draws; what changes without
each source; what the rest foretells of each family of cases; and how often held-out rows are covered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import ConfigError
from sim.study.calibration.contraction import IDENTIFIED, contraction, disagree
from sim.study.calibration.coverage import LEVELS, METHODS, Coverage, better, both, coverage, error_of
from sim.study.calibration.evidence import Evidence, evidence_of
from sim.study.calibration.left_out import by_family, by_source, growing, growing_odds
from sim.study.calibration.patterns import cases_of, chosen_sources
from sim.study.calibration.posterior import SCHEMA, draws_frame
from sim.study.calibration.predictive import places
from sim.study.calibration.rejection import Settings
from sim.study.calibration.version import MODEL_VERSION
from sim.study.calibration.weighted import Floats, Posterior, resampled
from sim.study.calibration.words import fit_finding

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.calibration.shipped import Table

DRAWS = 1000
"""Joint draws of each method that travel."""


@dataclass(frozen=True)
class FitSettings:
    """What is fitted, and how; none of it moves a run.

    Attributes
    ----------
    sources : tuple of str or None
        Cases and patterns; None: what ``conf/patterns`` says.
    accepted : float
        Share of the rows that are accepted.
    held_out : int
        Rows that take the observation's place, for coverage.
    """

    sources: tuple[str, ...] | None = None
    accepted: float = 0.02
    held_out: int = 200


@dataclass(frozen=True)
class Fitted:
    """What a fit has found: tables, plain summary, units of columns."""

    tables: dict[str, pd.DataFrame]
    summary: dict[str, Any]
    units: dict[str, str]


UNITS = {
    "parameter": "name", "method": "name", "target": "name", "source": "name", "case": "name", "family": "name",
    "told": "text", "reference": "text", "missed": "text", "documented": "name", "most_likely": "name", "side": "name",
    **dict.fromkeys(("contraction", "shift", "level", "found", "error", "prior_below", "prior_above", "undefined",
                     "hijacked", "viral_positive", "contested", "fizzled", "all_hijacked", "all_viral_positive",
                     "all_contested", "all_fizzled", "probability"), "1"),
    **dict.fromkeys(("identified", "disagree", "inside", "fitted", "posterior_inside"), "yes or no"),
    "draws": "draws", "used": "draws",
    **dict.fromkeys(("prior_low", "prior_high", "mean", "sd", "lo", "hi", "low_50", "high_50", "middle"),
                    "the parameter's"),
    **dict.fromkeys(("low", "high", "observed", "prior_lo", "prior_middle", "prior_hi", "posterior_lo",
                     "posterior_middle", "posterior_hi"), "the target's"),
}  # fmt: skip
"""Units of the tables' columns."""


def fit(table: Table, settings: FitSettings, seed: int) -> Fitted:
    """Fit the universal parameters on a table.

    Parameters
    ----------
    settings : FitSettings
    seed : int
        Of the observation model's draws, and of which rows are held out.

    Raises
    ------
    ConfigError
        The fit set is empty, or names what there is not.
    StudyError
        The table cannot be fitted on.
    """
    evidence = evidence_of(table, seed)
    sources = chosen_sources(settings.sources, evidence.sources)
    wanted, how = evidence.of(sources), Settings(accepted=settings.accepted)
    if not wanted.any():
        raise ConfigError(f"fit must name a case or pattern with a number that is fitted; got {', '.join(sources)}.")
    reference, observed = evidence.held_against(wanted)
    posteriors = both(reference, observed, how)
    rng = np.random.default_rng([seed, len(reference.values)])
    held = np.sort(rng.permutation(len(reference.values))[: min(settings.held_out, len(reference.values) // 4)])
    covered = coverage(reference, held, how)
    default = better(covered)
    learned = {method: contraction(reference, each) for method, each in posteriors.items()}
    apart = disagree(*(posteriors[method] for method in METHODS))
    units = {each.name: each.unit for each in table.universal}
    tables = {
        "posterior": draws_frame({method: _drawn(each) for method, each in posteriors.items()}, reference.names),
        "parameters": _parameters(evidence, posteriors, learned, apart),
        "targets": _targets(evidence, wanted, posteriors[default]),
        "coverage": _coverage(reference.names, covered),
        "growth": growing(evidence, wanted, how),
        "growth_odds": growing_odds(table, evidence, wanted, how, cases_of(table.facts)),
        "left_out": by_source(evidence, sources, how, default),
        "families": by_family(table, evidence, wanted, how, cases_of(table.facts)),
    }
    summary = {
        "fit": {
            "schema": SCHEMA, "model": MODEL_VERSION, "table": _hash(table), "draws": len(reference.values),
            "settings": asdict(settings) | {"sources": list(sources), "seed": seed}, "default": default,
            "accepted": len(posteriors["rejection"].values),
            "priors": {name: [float(low), float(high)]
                       for name, low, high in zip(reference.names, reference.low, reference.high, strict=True)},
            "contraction": {method: dict(zip(reference.names, map(float, each), strict=True))
                            for method, each in learned.items()},
            "coverage": {method: _pooled(each) for method, each in covered.items()},
            "held_out": len(held),
        },
        "outside": _outside(tables["targets"]),
    }  # fmt: skip
    summary["fit_finding"] = fit_finding(summary, tables)
    return Fitted(tables, summary, UNITS | {name: units[name] for name in reference.names})


def _drawn(posterior: Posterior) -> Floats:
    """Return the joint draws that travel: float64[draws, parameters]."""
    count = min(DRAWS, len(posterior.values))
    return posterior.values[resampled(posterior, count)]


def _hash(table: Table) -> str:
    """Return the sha256 of a table's content."""
    from sim.study.store.provenance import content_hash

    return content_hash(table.rows)


def _pooled(covered: Coverage) -> dict[str, Any]:
    """Return coverage over all parameters, plain."""
    found, error = covered.pooled()
    return {
        "nominal": list(LEVELS), "found": [float(each) for each in found],
        "standard_error": [float(each) for each in error], "honest": covered.honest(),
    }  # fmt: skip


def _outside(targets: pd.DataFrame) -> list[str]:
    """Return the fitted targets that lie outside of the prior predictive."""
    return targets.loc[targets["fitted"] & ~targets["inside"], "target"].tolist()


def _parameters(
    evidence: Evidence, posteriors: Mapping[str, Posterior], learned: Mapping[str, Floats], apart: Any
) -> pd.DataFrame:
    """Return a row a parameter and method: prior, posterior, what was learned."""
    import pandas as pd

    reference, rows = evidence.reference, []
    for place, name in enumerate(reference.names):
        for method in METHODS:
            posterior = posteriors[method]
            lo, low_50, middle, high_50, hi = posterior.quantiles()[:, place].tolist()
            rows.append({
                "parameter": name, "method": method, "prior_low": float(reference.low[place]),
                "prior_high": float(reference.high[place]), "mean": float(posterior.mean()[place]),
                "sd": float(np.sqrt(posterior.variance()[place])), "lo": lo, "low_50": low_50, "middle": middle,
                "high_50": high_50, "hi": hi, "contraction": float(learned[method][place]),
                "identified": bool(learned[method][place] >= IDENTIFIED), "disagree": bool(apart[place]),
            })  # fmt: skip
    return pd.DataFrame(rows)


def _targets(evidence: Evidence, wanted: Any, posterior: Posterior) -> pd.DataFrame:
    """Return a row a target: what was observed, and where that lies among the rows before and after the fit."""
    import pandas as pd

    summaries = evidence.reference.summaries
    even = np.full(len(summaries), 1.0 / len(summaries))
    before = places(summaries, evidence.observed, even)
    after = places(summaries[posterior.rows], evidence.observed, posterior.weights)
    rows = []
    for target, prior, fitted, used in zip(evidence.targets, before, after, wanted, strict=True):
        natural = target.natural(np.array([
            target.observed, prior.low, prior.middle, prior.high, fitted.low, fitted.middle, fitted.high
        ])).tolist()  # fmt: skip
        rows.append({
            "target": target.name, "source": target.source, "family": target.family, "fitted": bool(used),
            "side": target.side, "low": target.low, "high": target.high, "observed": natural[0],
            "prior_lo": natural[1], "prior_middle": natural[2], "prior_hi": natural[3], "prior_below": prior.below,
            "prior_above": prior.above, "undefined": prior.undefined, "inside": prior.inside,
            "posterior_lo": natural[4], "posterior_middle": natural[5], "posterior_hi": natural[6],
            "posterior_inside": fitted.inside, "told": target.told, "reference": target.reference,
            "missed": target.missed,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _coverage(names: Sequence[str], covered: Mapping[str, Coverage]) -> pd.DataFrame:
    """Return a row a method, parameter and level; all parameters together under an empty name."""
    import pandas as pd

    rows = []
    for method, each in covered.items():
        count, found = len(each.ranks), each.found()
        together, _ = each.pooled()
        for number, level in enumerate(LEVELS):
            common = {"method": method, "level": level, "error": error_of(level, count)}
            rows.append(common | {"parameter": "", "found": float(together[number])})
            rows += [
                common | {"parameter": name, "found": float(value)}
                for name, value in zip(names, found[number], strict=True)
            ]
    return pd.DataFrame(rows)[["method", "parameter", "level", "found", "error"]]
