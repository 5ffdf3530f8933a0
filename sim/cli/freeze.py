"""``backfire validate --freeze``: what is not frozen yet is predicted, once, and written down with its hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def freeze(words: Sequence[str], composed: Mapping[str, Any], *, only_told: bool = False) -> int:
    """Predict the cases that are not frozen yet, and add them to what is.

    Parameters
    ----------
    words : sequence of str
    composed : mapping
        The study keys of the words.
    only_told : bool
        Say what would be predicted, and stop.

    Raises
    ------
    BackfireError
        A file that cannot be, or no posterior ships.
    """
    from sim.cli.planned import carry_out_planned, keys_for
    from sim.cli.streams import tell
    from sim.study.store.folder import SUMMARY, read_json
    from sim.study.validation.frozen import case_hashes, made, read_frozen, write_frozen
    from sim.study.validation.record import catalogue
    from sim.study.validation.rules import home

    place, cases = Path(str(home())), catalogue()
    freezes = read_frozen(home())
    frozen = {name for each in freezes for name in each["cases"]}
    left = {name: each for name, each in cases.items() if name not in frozen}
    if not left:
        tell(f"All {len(frozen)} cases are frozen already; a case is predicted once.")
        return 0
    question = asked(left)
    keys = keys_for("freeze", words, composed, question, "freeze")
    if only_told:
        tell("\n".join(foretold(question, str(keys.place))))
        return 0
    code = carry_out_planned("freeze", question, keys)
    if code:
        return code
    summary = read_json(keys.place / SUMMARY)
    predicted = {
        name: {"standing": each.case.standing, **case_hashes(each), "prediction": summary["predictions"][name]}
        for name, each in left.items()
    }
    design = {name: summary[name] for name in ("draws", "replicates", "graphs", "seed")}
    new = made(datetime.now(UTC).date().isoformat(), question["sources"], design, predicted)
    written = write_frozen(place, [*freezes, new])
    tell(f"{written}\nCommit it now, with nothing else: later changes are named by backfire validate.")
    return 0


def asked(left: Mapping[str, Any]) -> dict[str, Any]:
    """Return the question: the cases with the outcomes that their targets need, the rules, the posterior."""
    from sim.study.calibration.posterior import shipped
    from sim.study.validation.freezing import measured
    from sim.study.validation.frozen import posterior_hash, sources_now
    from sim.study.validation.record import record_of
    from sim.study.validation.rules import read_rules

    rules, posterior = read_rules(), shipped()
    return {
        "bases": {name: each.model_dump(mode="json") for name, each in measured(left).items()},
        "records": {name: record_of(each) for name, each in left.items()},
        "rules": rules.rules.model_dump(mode="json"), "posterior": posterior.sha256,
        "sources": sources_now(rules, posterior_hash(posterior)),
    }  # fmt: skip


def foretold(question: Mapping[str, Any], place: str) -> list[str]:
    """Return what would be predicted, as lines; nothing is run."""
    rules = question["rules"]
    runs = len(question["bases"]) * rules["draws"] * rules["replicates"]
    cases = len(question["bases"])
    return [
        f"{cases} cases x {rules['draws']} draws x {rules['replicates']} runs = {runs:,} runs in {place}",
        *(f"  {name} ({each['case']['standing']}): {each['people']['n_followers']:,} followers"
          for name, each in question["bases"].items()),
    ]  # fmt: skip
