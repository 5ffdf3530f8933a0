"""Predictions that were made once, with hashes of all that they came from: ``conf/backtest/frozen.json``.

A freeze holds the predictions of some cases and the hashes of posterior, model, verdict rules, rules of the back-test
and each case's coded inputs and documented end. What has changed since is named; a case whose inputs or end were
changed, or whose rules were, counts as validation no more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import sim
from sim.config.root import Configuration
from sim.errors import StudyError
from sim.outcome import verdict
from sim.study.calibration.posterior import Joint
from sim.study.calibration.version import MODEL_VERSION
from sim.study.store.provenance import commit, file_hash, plain_hash
from sim.study.validation.record import inputs_hash, observed_hash, record_of
from sim.study.validation.rules import FROZEN, RULES, RulesFile

SCHEMA = 1
SOURCES = ("posterior", "model", "verdict rules", "rules")
"""What a freeze hashes beside its cases."""
_UNDO = ("verdict rules", "rules")
"""Sources without which a frozen prediction cannot be scored as it was meant."""
_MENDED = "Take the file back from the commit in which it was frozen"


def verdict_hash() -> str:
    """Return the sha256 (hex) of the rules that give a run its verdict, their cut-offs among them."""
    return file_hash(Path(verdict.__file__))


def posterior_hash(posterior: Joint) -> str:
    """Return the hash of a posterior: its draws by both methods, and which method is the default."""
    return plain_hash([posterior.sha256, posterior.told["default"]])


def sources_now(rules: RulesFile, posterior: str) -> dict[str, str]:
    """Return the hashes of what a freeze made now would come from.

    Parameters
    ----------
    posterior : str
        From :func:`posterior_hash`.
    """
    return dict(zip(SOURCES, (posterior, MODEL_VERSION, verdict_hash(), rules.sha256), strict=True))


def case_hashes(configuration: Configuration) -> dict[str, str]:
    """Return the hashes of a case's coded inputs and of what its prediction is held against."""
    return {"inputs": inputs_hash(configuration), "observed": observed_hash(record_of(configuration))}


def made(on: str, sources: Mapping[str, str], design: Mapping[str, Any], cases: Mapping[str, Any]) -> dict[str, Any]:
    """Return a freeze with its own hash, and the commit that the checkout stood at.

    Parameters
    ----------
    on : str
        The day.
    cases : mapping
        By id: ``standing, inputs, observed``, and the prediction.
    """
    plain = {
        "on": on, "backfire": sim.__version__, **commit(), "sources": dict(sources), "design": dict(design),
        "cases": dict(cases),
    }  # fmt: skip
    return plain | {"sha256": plain_hash(plain)}


def read_frozen(folder: Traversable) -> list[dict[str, Any]]:
    """Return the freezes that were made, the first one first; none where there is no file.

    Raises
    ------
    StudyError
        The file cannot be read, is of another layout, or was changed after it was written.
    """
    path = folder / FROZEN
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as problem:
        raise StudyError(f"{path} cannot be read ({type(problem).__name__}). {_MENDED}.") from None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise StudyError(f"{path} is not of schema {SCHEMA}, which this version reads. {_MENDED}.")
    seen: set[str] = set()
    for number, freeze in enumerate(content["freezes"]):
        rest = {name: part for name, part in freeze.items() if name != "sha256"}
        if plain_hash(rest) != freeze.get("sha256"):
            raise StudyError(f"{path}: freeze {number} of {freeze.get('on')} was changed after it was made. {_MENDED}.")
        twice = sorted(seen & set(freeze["cases"]))
        if twice:
            raise StudyError(f"{path}: {twice[0]} is predicted twice; the first prediction counts. {_MENDED}.")
        seen |= set(freeze["cases"])
    return list(content["freezes"])


def write_frozen(folder: Path, freezes: list[dict[str, Any]]) -> Path:
    """Write the freezes, and return where.

    Raises
    ------
    StudyError
        The folder cannot be written.
    """
    path = folder / FROZEN
    text = json.dumps({"schema": SCHEMA, "freezes": freezes}, indent=1, ensure_ascii=False, allow_nan=False)
    beside = path.with_name(f".{FROZEN}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as problem:
        raise StudyError(f"{path} cannot be written: {problem.strerror}. Freeze from a checkout of your own.") from None
    return path


def by_case(freezes: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return each frozen case with its prediction, its hashes and the freeze that it stands in (``freeze``)."""
    return {
        name: {**case, "freeze": number} for number, freeze in enumerate(freezes)
        for name, case in freeze["cases"].items()
    }  # fmt: skip


def changes(freezes: list[dict[str, Any]], sources: Mapping[str, str], cases: Mapping[str, Configuration]) -> list[str]:
    """Return what has changed since each freeze, a sentence each.

    Parameters
    ----------
    sources : mapping
        From :func:`sources_now`.
    cases : mapping
        The catalogue as it stands.
    """
    told = []
    for freeze in freezes:
        for name in SOURCES:
            if freeze["sources"].get(name) != sources[name]:
                what = f"{name} ({RULES})" if name == "rules" else name
                undone = "; its predictions count as validation no more" if name in _UNDO else ""
                told.append(f"Changed since the freeze of {freeze['on']}: {what}{undone}.")
        for name, case in freeze["cases"].items():
            if name not in cases:
                told.append(f"Frozen on {freeze['on']} and gone from the catalogue since: {name}.")
                continue
            now = case_hashes(cases[name])
            for part, words in (("inputs", "coded inputs"), ("observed", "standing, documented end or targets")):
                if case[part] != now[part]:
                    told.append(f"Changed since the freeze of {freeze['on']}: {words} of {name}; it is not counted.")
    return told


def counted(freezes: list[dict[str, Any]], sources: Mapping[str, str], cases: Mapping[str, Configuration]) -> list[str]:
    """Return the frozen cases whose prediction still is what was meant: unchanged, and scored by the same rules."""
    found = []
    for freeze in freezes:
        if any(freeze["sources"].get(name) != sources[name] for name in _UNDO):
            continue
        for name, case in freeze["cases"].items():
            if name in cases and {part: case[part] for part in ("inputs", "observed")} == case_hashes(cases[name]):
                found.append(name)
    return found
