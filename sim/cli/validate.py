"""``backfire validate``: predictions held against what is documented, by rules stated beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FREEZE, CHECK, DRY_RUN = "--freeze", "--check", "--dry-run"
FLAGS = (FREEZE, CHECK, DRY_RUN)
HELP = """
usage: backfire validate [results=DIR study=NAME]
       backfire validate --check
       backfire validate --freeze [--dry-run] [workers=N executor=threads|processes|dask]

Holds predictions against what is documented of each case: the probability of each verdict, intervals, hits and misses,
Brier scores and coverage, beside three baselines (always fizzle; the base rate; salience x grievance x openness > t).
The rules were stated beforehand: conf/backtest/rules.yaml. Nothing is simulated: fresh cases are taken from what was
frozen, fitted and seen ones from the reference table, with the posterior fitted again without their family. Only
fresh cases count as validation. In a checkout, the block of the README is written anew.

  --check     fail (exit code 1) if the README's block is not what would be written; nothing is written
  --freeze    predict every case that is not frozen yet, once, and add it to conf/backtest/frozen.json with the hashes
              of posterior, model, verdict rules, rules and the case's inputs and end. Run a fresh case by no
              other command before that. What is frozen is not predicted again; later changes are named by
              backfire validate.
  --dry-run   with --freeze: tell what would be predicted, and stop

The cases are taken as they stand, so that no parameter can be given. The last line on standard output names the folder
(report.html, figures, cases.parquet, targets.parquet, summary.json, manifest.json).
"""
BEGIN, END = "<!-- back-test: written by `backfire validate` -->", "<!-- end of the back-test -->"
PICTURES = "docs/backtest"
"""Where the README's pictures lie, seen from it."""


def carry_out(words: Sequence[str]) -> int:
    """Hold predictions against what is documented, or freeze predictions, or check the README."""
    from sim.errors import ConfigError

    flags, own = [word for word in words if word in FLAGS], [word for word in words if word not in FLAGS]
    if FREEZE in flags and CHECK in flags:
        raise ConfigError(f"{FREEZE} and {CHECK} are different questions; give one of them.")
    if DRY_RUN in flags and FREEZE not in flags:
        raise ConfigError(f"{DRY_RUN} goes with {FREEZE}; backfire validate alone simulates nothing.")
    if FREEZE in flags:
        from sim.cli.freeze import freeze

        return freeze(own, study_words(own), only_told=DRY_RUN in flags)
    if CHECK in flags:
        return _checked(own)
    return _validated(own)


def study_words(words: Sequence[str]) -> dict[str, Any]:
    """Return the study keys of a command that takes no parameter.

    Raises
    ------
    ConfigError
        A parameter, a group, or replicates, which the rules state.
    """
    from sim.catalogue.compose import compose
    from sim.catalogue.groups import STUDY_KEYS
    from sim.errors import ConfigError

    for word in words:
        name = word.partition("=")[0].lstrip("+~")
        if name not in STUDY_KEYS and name.partition(".")[0] != "executor":
            raise ConfigError(
                f"validate takes the cases as they stand, so {name} cannot be given; what it takes: results=DIR, "
                "study=NAME, workers=N, executor=NAME."
            )
    _, composed = compose(words)
    if composed["replicates"] is not None:
        raise ConfigError(
            f"replicates are stated in conf/backtest/rules.yaml; leave them out, got {composed['replicates']!r}."
        )
    return composed


def asked() -> dict[str, Any]:
    """Return the question: the catalogue as it stands, the rules, what is frozen, and what has changed since.

    Raises
    ------
    BackfireError
        A case, the rules or what is frozen cannot be read.
    """
    from sim.study.calibration.posterior import is_shipped, shipped
    from sim.study.validation.frozen import by_case, changes, counted, posterior_hash, read_frozen, sources_now
    from sim.study.validation.left_out import fit_settings, table_hash
    from sim.study.validation.record import catalogue, record_of
    from sim.study.validation.rules import home, read_rules

    rules, cases, freezes = read_rules(), catalogue(), read_frozen(home())
    sources = sources_now(rules, posterior_hash(shipped()) if is_shipped() else "none")
    frozen = by_case(freezes)
    return {
        "bases": {name: each.model_dump(mode="json") for name, each in cases.items()},
        "records": {name: record_of(each) for name, each in cases.items()},
        "rules": rules.rules.model_dump(mode="json"),
        "frozen": {name: each["prediction"] for name, each in frozen.items() if name in cases},
        "counted": counted(freezes, sources, cases), "changes": changes(freezes, sources, cases),
        "table": table_hash(), "fit": fit_settings(),
    }  # fmt: skip


def _validated(words: Sequence[str]) -> int:
    """Carry out the study, print it, and write the README's block where there is one."""
    from sim.cli.main import say
    from sim.cli.planned import carry_out_planned, keys_for
    from sim.study.store.folder import SUMMARY, read_json

    composed = study_words(words)
    question = asked()
    keys = keys_for("validate", words, composed, question, "backtest")
    code = carry_out_planned("validate", question, keys, told)
    readme = _readme()
    if readme is not None and not code:
        page = readme.read_text(encoding="utf-8")
        written = _with_block(page, read_json(keys.place / SUMMARY))
        _copy_pictures(keys.place / "figures", readme.parent / PICTURES)
        if written != page:
            readme.write_text(written, encoding="utf-8")
            say(f"{readme.name} was written anew between its marks.")
    return code


def _copy_pictures(figures: Path, place: Path) -> None:
    """Put a study's pictures where the README shows them."""
    from shutil import copyfile

    for path in sorted(figures.glob("*.png")):
        place.mkdir(parents=True, exist_ok=True)
        copyfile(path, place / path.name)


def _checked(words: Sequence[str]) -> int:
    """Say whether the README's block is what would be written; 1 if not."""
    from sim.cli.main import say
    from sim.cli.streams import tell
    from sim.errors import ConfigError
    from sim.study.validation.study import answered

    study_words(words)
    readme = _readme()
    if readme is None:
        raise ConfigError(f"{CHECK} compares the README of a checkout, and there is none with the back-test's marks.")
    page = readme.read_text(encoding="utf-8")
    if _with_block(page, answered(asked())) == page:
        tell(f"{readme.name}: the back-test's block is what backfire validate writes.")
        return 0
    say(f"{readme.name}: the back-test's block is stale; backfire validate writes it anew.")
    return 1


def _readme() -> Path | None:
    """Return the checkout's README, if there is one with the marks of the back-test."""
    import sim

    path = Path(sim.__file__).resolve().parents[1] / "README.md"
    return path if path.is_file() and BEGIN in path.read_text(encoding="utf-8") else None


def _with_block(page: str, summary: Mapping[str, Any]) -> str:
    """Return the README with the block of a summary."""
    from sim.report.between import put_between
    from sim.report.validate_page import headings
    from sim.study.validation.words import block

    pictures = {f"{PICTURES}/{name}.png": title for name, title in headings(summary).items()}
    return put_between(page, block(summary, pictures), BEGIN, END)


def told(summary: Mapping[str, Any]) -> list[str]:
    """Return a back-test as lines: cases, scores, misses, changes, the finding."""
    from sim.study.validation.scoring import STANDINGS
    from sim.study.validation.words import CASE_HEAD, SCORE_HEAD, case_cells, plain_table, score_cells

    lines = plain_table(CASE_HEAD, [case_cells(row) for row in summary["cases"]])
    lines += ["", *plain_table(SCORE_HEAD, [score_cells(name, summary["scores"][name]) for name in STANDINGS]), ""]
    lines += ["Missed:", *(f"  {miss}" for miss in summary["misses"])] if summary["misses"] else []
    return [*lines, *summary["changes"], summary["finding"]]
