"""What the model still meets with one mechanism taken away at a time, or with another rule of reaction.

Each variant is a file of ``conf/without/``; all share people and luck, and each is held against what is documented
of the cases and measured on real trees (:mod:`sim.study.ablation.targets`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.study.ablation.targets import MEETS, MISSES, TARGETS, Target, judged
from sim.study.planned import Found, bases_of, plain_rows
from sim.study.sweeping import OpenStudy, runs_of

if TYPE_CHECKING:
    import pandas as pd

WHOLE = "nothing"
"""The variant that takes nothing away."""
RULES = ("exposure", "threshold")
"""Variants that put another rule of reaction in place of the logit."""
UNITS = {"variant": "name", "target": "name", "case": "name", "meets": "name",
         **dict.fromkeys(("value", "lo", "hi"), "as told by the target")}  # fmt: skip


def asked_of(cases: Sequence[str]) -> list[Target]:
    """Return the targets that some cases can be held against."""
    return [target for target in TARGETS if target.case in cases]


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Hold each variant against the targets.

    Parameters
    ----------
    question : mapping
        ``bases`` (configurations by ``variant/case``), ``variants`` and ``cases`` (names, in order), ``replicates``.
    """
    variants, cases, replicates = question["variants"], question["cases"], question["replicates"]
    bases = bases_of(question)
    runs = runs_of([bases[f"{variant}/{case}"] for variant in variants for case in cases], replicates, study=study)
    whole = runs["failed"] == ""
    rows: list[dict[str, Any]] = []
    for v, variant in enumerate(variants):
        for target in asked_of(cases):
            own = runs[whole & (runs["point"] == v * len(cases) + cases.index(target.case))]
            rows.append({"variant": variant, "target": target.name, "case": target.case, **judged(target, own)})
    table = _table(rows)
    summary = {
        "variants": list(variants), "cases": list(cases), "replicates": replicates,
        "targets": [target.plain() for target in asked_of(cases)], "met": _met(table, variants),
        "rows": plain_rows(table), "finding": finding(table, variants),
    }  # fmt: skip
    return Found({"ablation": table}, summary, UNITS)


def _table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return one row a variant and target."""
    import pandas as pd

    table = pd.DataFrame(list(rows))
    words = ("variant", "target", "case", "meets")
    return table.astype(dict.fromkeys(words, "str") | dict.fromkeys(("value", "lo", "hi"), float))


def _met(table: pd.DataFrame, variants: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return how many targets each variant meets and misses, and of how many it cannot be told."""
    counts: dict[str, dict[str, int]] = {}
    for variant in variants:
        of_variant = table.loc[table["variant"] == variant, "meets"]
        met, missed = int((of_variant == MEETS).sum()), int((of_variant == MISSES).sum())
        counts[variant] = {"meets": met, "misses": missed, "open": len(of_variant) - met - missed}
    return counts


def finding(table: pd.DataFrame, variants: Sequence[str]) -> str:
    """Say in a sentence what each mechanism is needed for."""
    met, targets = _met(table, variants), table["target"].nunique()
    first = variants[0]
    begin = (
        f"With everything on, {met[first]['meets']} of {targets} targets are met"
        if first == WHOLE
        else f"{first}: {met[first]['meets']} of {targets} targets are met"
    )
    lost = {variant: lost_without(table, first, variant) for variant in variants[1:]}
    dear = sorted((variant for variant in lost if lost[variant]), key=lambda variant: -len(lost[variant]))
    needed, rules = [each for each in dear if each not in RULES], [each for each in dear if each in RULES]
    spared = [variant for variant in variants[1:] if not lost[variant]]
    parts = [begin]
    if needed:
        parts.append("targets are lost without " + ", ".join(f"{each} ({', '.join(lost[each])})" for each in needed))
    for each in rules:
        parts.append(f"with the {each} rule in place of the logit {len(lost[each])} are lost")
    if spared:
        parts.append(f"these targets do not show that {_listed(spared)} {'is' if len(spared) == 1 else 'are'} needed")
    return "; ".join(parts) + "."


def lost_without(table: pd.DataFrame, first: str, variant: str) -> list[str]:
    """Return the targets that the first variant meets and this one misses."""
    by_target = table.pivot(index="target", columns="variant", values="meets").loc[table["target"].unique()]
    return [str(name) for name in by_target.index[(by_target[first] == MEETS) & (by_target[variant] == MISSES)]]


def _listed(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
