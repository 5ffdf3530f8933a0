"""What a fit hangs on: how many draws there are, each source, and each family of cases.

Without a family of cases the posterior is one over rows of the table, re-weighted: the verdicts that these rows gave
the family's own cases are what the rest foretells of them, over luck, coded inputs and parameters alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.calibration.contraction import contraction, shift
from sim.study.calibration.coverage import METHODS, both
from sim.study.calibration.evidence import FEWEST, Evidence, verdict_odds
from sim.study.calibration.patterns import PATTERNS
from sim.study.calibration.rejection import Settings
from sim.study.calibration.weighted import Posterior

if TYPE_CHECKING:
    import pandas as pd

    from sim.config.case import CaseConfig
    from sim.study.calibration.shipped import Table

_PARTS = (8, 4, 2, 1)


def growing(evidence: Evidence, wanted: Any, how: Settings) -> pd.DataFrame:
    """Return posterior means and intervals with an eighth, a quarter, half and all of the draws."""
    import pandas as pd

    rows = []
    for part in _PARTS:
        count = len(evidence.rows) // part
        if count < FEWEST // 2:
            continue
        reference, observed = evidence.held_against(wanted, count)
        for method, posterior in both(reference, observed, how).items():
            ends = posterior.quantiles((0.025, 0.975))
            rows += [
                {"draws": count, "method": method, "parameter": name, "mean": mean, "sd": sd, "lo": low, "hi": high}
                for name, mean, sd, low, high in zip(
                    reference.names, posterior.mean().tolist(), np.sqrt(posterior.variance()).tolist(),
                    ends[0].tolist(), ends[1].tolist(), strict=True,
                )
            ]  # fmt: skip
    return pd.DataFrame(rows)


def growing_odds(
    table: Table, evidence: Evidence, wanted: Any, how: Settings, cases: Mapping[str, CaseConfig]
) -> pd.DataFrame:
    """Return the odds of each documented case with half and with all of the draws: a row a case and number of draws."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for part in _PARTS[-2:]:
        count = len(evidence.rows) // part
        if count < FEWEST // 2:
            continue
        reference, observed = evidence.held_against(wanted, count)
        accepted = both(reference, observed, how)[METHODS[0]]
        rows += [
            {"draws": count, "case": name, "used": len(accepted.rows),
             **verdict_odds(table, name, evidence.rows[accepted.rows], accepted.weights)}
            for name, case in cases.items() if case.outcome is not None and case.outcome.verdict is not None
        ]  # fmt: skip
    return pd.DataFrame(rows)


def by_source(evidence: Evidence, sources: Sequence[str], how: Settings, method: str) -> pd.DataFrame:
    """Return how the posterior moves without each source: a row a source and parameter."""
    import pandas as pd

    names = evidence.reference.names
    whole_reference, observed = evidence.held_against(evidence.of(sources))
    whole = both(whole_reference, observed, how)[method]
    rows = []
    for left in sources:
        kept = evidence.of([name for name in sources if name != left])
        if not kept.any():
            continue
        reference, observed = evidence.held_against(kept)
        posterior = both(reference, observed, how)[method]
        moved, learned = shift(whole, posterior), contraction(reference, posterior)
        rows += [
            {"source": left, "parameter": name, "mean": float(posterior.mean()[place]),
             "sd": float(np.sqrt(posterior.variance()[place])), "shift": float(moved[place]),
             "contraction": float(learned[place])}
            for place, name in enumerate(names)
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=["source", "parameter", "mean", "sd", "shift", "contraction"])


def without_family(evidence: Evidence, wanted: Any, how: Settings, family: str) -> Posterior | None:
    """Return what is left of the table's rows without a family; None if nothing remains to hold them against.

    The targets of all other fitted and seen cases remain, and the fitted patterns.

    Parameters
    ----------
    wanted : bool[targets]
        The fit set.
    """
    kept = np.array([
        target.family != family and not target.missed and (used or target.family != PATTERNS)
        for target, used in zip(evidence.targets, wanted, strict=True)
    ])  # fmt: skip
    if not kept.any():
        return None
    reference, observed = evidence.held_against(kept)
    return both(reference, observed, how)[METHODS[0]]


def by_family(
    table: Table, evidence: Evidence, wanted: Any, how: Settings, cases: Mapping[str, CaseConfig]
) -> pd.DataFrame:
    """Return what all else foretells of each case: a row a case with a documented verdict.

    Without a family, the targets of all other fitted and seen cases and the fitted patterns remain.
    ``probability`` is that of the documented verdict; ``all_`` columns have the odds with the fit set itself.
    """
    import pandas as pd

    reference, observed = evidence.held_against(wanted)
    whole = both(reference, observed, how)[METHODS[0]]
    told = {name: case for name, case in cases.items() if case.outcome is not None and case.outcome.verdict is not None}
    rows: list[dict[str, Any]] = []
    for family in dict.fromkeys(case.family for case in told.values()):
        rest = without_family(evidence, wanted, how, family)
        if rest is None:
            continue
        for name, case in told.items():
            if case.family != family or case.outcome is None:
                continue
            odds = verdict_odds(table, name, evidence.rows[rest.rows], rest.weights)
            every = verdict_odds(table, name, evidence.rows[whole.rows], whole.weights)
            rows.append({
                "family": family, "case": name, "documented": case.outcome.verdict, **odds,
                "most_likely": max(odds, key=lambda each: odds[each]), "probability": odds[str(case.outcome.verdict)],
                **{f"all_{verdict}": share for verdict, share in every.items()}, "used": len(rest.rows),
            })  # fmt: skip
    return pd.DataFrame(rows)
