"""``backfire validate``: frozen predictions of fresh cases, and left-out ones of the rest, against what is documented.

Nothing is simulated: fresh cases are taken from what was frozen, fitted and seen ones from the reference table with
the posterior fitted again without their family.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.config.root import validated
from sim.outcome.verdict import VERDICTS
from sim.study.planned import Found, as_plain, bases_of, plain_rows
from sim.study.sweeping import OpenStudy
from sim.study.validation.baselines import BASELINES
from sim.study.validation.left_out import left_out
from sim.study.validation.rules import Rules
from sim.study.validation.scoring import MODEL, STANDINGS, case_row, ended_cases, score, target_row
from sim.study.validation.words import FRESH, finding, misses

if TYPE_CHECKING:
    import pandas as pd

UNITS = {
    **dict.fromkeys(("case", "title", "standing", "family", "observed", "predicted", "hit", "target", "of", "kind"),
                    "name"),
    **dict.fromkeys((*VERDICTS, "has", MODEL, *BASELINES), "1"), "shape_only": "yes or no",
    "counts": "yes or no", **dict.fromkeys(("low", "high", "lo", "mid", "hi"), "the target's"),
}  # fmt: skip


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Hold predictions against what is documented.

    Parameters
    ----------
    question : mapping
        ``bases`` (the catalogue's configurations by case), ``records`` (:func:`sim.study.validation.record.record_of`),
        ``rules``, ``frozen`` (predictions of fresh cases, by case), ``counted`` (fresh cases that count), ``changes``
        (sentences), ``table`` (hash of the reference table, or None without one), ``fit`` (its settings).
    """
    tables, summary = _answer(question)
    return Found(tables, summary, UNITS)


def answered(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return the summary that :func:`found` gives."""
    return _answer(question)[1]


def _answer(question: Mapping[str, Any]) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Return tables and summary of a back-test."""
    rules, records = validated(question["rules"], Rules), question["records"]
    predictions = left_out(bases_of(question), question["table"], question["fit"], rules) if question["table"] else {}
    predictions |= {name: each for name, each in question["frozen"].items() if records[name]["standing"] == FRESH}
    ended = ended_cases(records, rules)
    rows, targets = [], []
    for name in in_order(records):
        record, told = records[name], predictions.get(name)
        counts = record["standing"] not in rules.counts_as_validation or name in question["counted"]
        row = case_row(name, record, None if told is None else told["verdict"], ended, rules) | {"counts": counts}
        rows.append(row if counts else row | {"hit": None})
        if told is None or not counts:  # what has changed since the freeze is scored no more
            continue
        for target, foretold in zip(record["targets"], told["targets"], strict=True):
            if foretold is not None:  # else the reference table does not have it
                own = {"case": name, "standing": record["standing"], "counts": counts}
                targets.append(own | target_row(target, foretold, rules))
    scores = {
        standing: score(_of(standing, rows), _of(standing, targets), rules) for standing in STANDINGS
    }  # fmt: skip
    summary = {
        "finding": finding(scores), "scores": scores, "misses": misses(rows, targets), "changes": question["changes"],
        "stated": rules.stated, "interval": rules.interval, "cases": rows, "targets": targets,
        "foretold": {name: each["quantities"] for name, each in predictions.items()},
        "in_sample": [
            {"case": name, "observed": records[name]["verdict"], **question["frozen"][name]["verdict"]}
            for name in in_order(records) if name in question["frozen"] and records[name]["standing"] != FRESH
        ],
        "case": "the back-test", "followers": None, "represents": None, "shapes_only": False, "failed": 0,
        "runs": 0, "intervals_over": "posterior, coded inputs and luck",
    }  # fmt: skip
    return {"cases": _frame(rows), "targets": _frame(targets)}, as_plain(summary)


def _of(standing: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of a standing that count."""
    return [row for row in rows if row["standing"] == standing and row["counts"]]


def in_order(records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the cases' names: fitted, seen, fresh, each by date."""
    return sorted(records, key=lambda name: (STANDINGS.index(records[name]["standing"]), records[name]["date"], name))


def _frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a frame whose columns have one type each, whether or not a row lacks something."""
    import pandas as pd

    frame = pd.DataFrame(plain_rows(pd.DataFrame(list(rows)))) if rows else pd.DataFrame({"case": []})
    for name in frame.columns:
        if UNITS.get(name) == "name":
            frame[name] = pd.array([None if each is None or each != each else str(each) for each in frame[name]], "str")
        elif UNITS.get(name) != "yes or no":
            frame[name] = frame[name].astype(float)
    return frame
