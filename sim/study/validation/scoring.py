"""A back-test's rows: each case beside the baselines, each target hit or missed, and what they sum to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.outcome.verdict import VERDICTS
from sim.study.validation.baselines import BASELINES, Ended, baseline_odds
from sim.study.validation.predictions import ends_of
from sim.study.validation.rules import Rules
from sim.study.validation.scores import (
    BOUND,
    HIT,
    INTERVAL,
    MISS,
    Band,
    brier,
    exact_interval,
    foremost,
    mean,
    meets,
)

MODEL = "model"
KINDS = (INTERVAL, BOUND)
STANDINGS = ("fitted", "seen", "fresh")


def ended_cases(records: Mapping[str, Mapping[str, Any]], rules: Rules) -> list[Ended]:
    """Return the cases whose verdict is scored: it is documented, and not of shape alone."""
    return [
        Ended(name, str(each["verdict"]), float(each["x"]), each["standing"] in rules.chooses_the_line)
        for name, each in records.items() if _verdict_of(each) is not None
    ]  # fmt: skip


def _verdict_of(record: Mapping[str, Any]) -> str | None:
    """Return the verdict that a case is scored on; None where there is none."""
    return None if record["shape_only"] else record["verdict"]


def target_row(target: Mapping[str, Any], told: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """Return a target beside what was foretold of it: ``target, of, low, high, lo, mid, hi, has, kind, hit``.

    Parameters
    ----------
    target : mapping
        Of :func:`sim.study.validation.record.record_of`.
    told : mapping
        Of :func:`sim.study.validation.predictions.foretold`.
    """
    band = Band(*(end if seen is None else float(seen) for seen, end in (
        (target["low"], -math.inf), (target["high"], math.inf))))  # fmt: skip
    hit = told["has"] >= rules.least_defined and meets(*ends_of(target["name"], told), band)
    return {
        "target": target["name"], "of": target["of"], "low": target["low"], "high": target["high"],
        **{name: told[name] for name in ("lo", "mid", "hi", "has")},
        "kind": BOUND if band.one_sided else INTERVAL, "hit": HIT if hit else MISS,
    }  # fmt: skip


def case_row(
    name: str, record: Mapping[str, Any], odds: Mapping[str, float] | None, ended: Sequence[Ended], rules: Rules
) -> dict[str, Any]:
    """Return a case with its odds, the predicted verdict, and the Brier scores of model and baselines.

    Parameters
    ----------
    odds : mapping or None
        None without a prediction.
    ended : sequence of Ended
        All cases with a verdict.
    """
    observed = _verdict_of(record)
    beside = baseline_odds(ended, name, float(record["x"]), rules.line_cases)
    predicted = None if odds is None else foremost(odds)
    scored = observed is not None and odds is not None
    return {
        "case": name, "title": record["title"], "standing": record["standing"], "family": record["family"],
        "shape_only": record["shape_only"], "observed": observed, "predicted": predicted,
        **{verdict: None if odds is None else float(odds[verdict]) for verdict in VERDICTS},
        "hit": (HIT if predicted == observed else MISS) if scored else None,
        MODEL: brier(odds, observed) if observed is not None and odds is not None else None,
        **{each: brier(beside[each], observed) if scored and observed is not None else None for each in BASELINES},
    }  # fmt: skip


def score(rows: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]], rules: Rules) -> dict[str, Any]:
    """Return what some cases sum to: hits of verdicts, mean Brier scores, coverage of targets by kind.

    Parameters
    ----------
    rows : sequence of mapping
        Of :func:`case_row`.
    targets : sequence of mapping
        Of :func:`target_row`.
    """
    scored = [row for row in rows if row["hit"] is not None]
    return {
        "cases": len(rows),
        "verdicts": _counted([row["hit"] for row in scored], rules.confidence),
        "brier": {each: mean([float(row[each]) for row in scored]) for each in (MODEL, *BASELINES)},
        "targets": {
            kind: _counted([row["hit"] for row in targets if row["kind"] == kind], rules.confidence) for kind in KINDS
        },
        "misses": [row["case"] for row in scored if row["hit"] == MISS],
    }


def _counted(hits: Sequence[str], confidence: float) -> dict[str, Any]:
    """Return ``hits, of`` and the exact interval ``lo, hi`` of the share."""
    count = sum(each == HIT for each in hits)
    low, high = exact_interval(count, len(hits), confidence)
    return {"hits": count, "of": len(hits), "lo": low, "hi": high}


def winners(brier_by_name: Mapping[str, float | None]) -> list[str]:
    """Return the baselines whose mean Brier score is as low as the model's, or lower, the lowest first."""
    own = brier_by_name[MODEL]
    if own is None:
        return []
    found = [(value, name) for name, value in brier_by_name.items() if name != MODEL and value is not None]
    return [name for value, name in sorted(found) if value <= own]
