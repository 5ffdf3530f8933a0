"""``backfire ablation``: which mechanisms the documented patterns and ends need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys

FLAGS = ("--dry-run",)
HELP = """
usage: backfire ablation [case=ID,ID,...] [without=NAME,NAME,...] [name=value ...] [--dry-run]
       backfire ablation +experiment=ablation

Takes one mechanism of the model away at a time, or swaps the rule of reaction, on the same people and luck, and
tabulates which documented ends of cases and which measured patterns each variant still meets.

  case=A,B            cases that are held against what is known of them (all that have a target)
  without=A,B         variants, files of conf/without (all of them; nothing takes nothing away)
  replicates=N        runs of each case in each variant (20)
  workers=N  executor=threads|processes    how; results do not depend on it
  results=DIR  study=NAME   the folder is DIR/NAME
  fresh=true          start over; the old folder is kept aside as NAME.old-1
  --dry-run           tell variants, cases and runs, and stop

All other words hold for every variant, but for what the variant itself takes away.

The last line on standard output names the folder (report.html, figures, ablation.parquet, runs.parquet, summary.json,
manifest.json).
"""
_REPLICATES, _LEAST, _MOST = 20, 6, 100_000


def carry_out(words: Sequence[str]) -> int:
    """Carry out an ablation, or return the one that stands there, and print its table."""
    from sim.cli.planned import carry_out_planned, foretell

    question, keys = asked([word for word in words if word not in FLAGS])
    if any(word in FLAGS for word in words):
        return foretell("ablation", question, keys, lambda: foretold(question, keys))
    return carry_out_planned("ablation", question, keys, told)


def asked(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question of a command's words, and its study keys; all checked, nothing written.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.catalogue.compose import compose
    from sim.catalogue.groups import choices
    from sim.cli.choices import own_words
    from sim.cli.planned import keys_for
    from sim.study.ablation.study import WHOLE
    from sim.study.ablation.targets import TARGETS
    from sim.study.run.plan import whole_number

    own, others = own_words(words, ("case", "without"))
    known = list(dict.fromkeys(target.case for target in TARGETS))
    cases = _named("case", own.get("case"), known)
    variants = _named("without", own.get("without"), [WHOLE, *(each for each in choices("without") if each != WHOLE)])
    bases: dict[str, Any] = {}
    composed: dict[str, Any] = {}
    for variant in variants:
        for case in cases:
            base, composed = compose([f"case={case}", f"without={variant}", *others])
            bases[f"{variant}/{case}"] = base.model_dump(mode="json")
    replicates = _REPLICATES if composed["replicates"] is None else composed["replicates"]
    question = {
        "bases": bases, "variants": variants, "cases": cases,
        "replicates": whole_number("replicates", replicates, _LEAST, _MOST),
    }  # fmt: skip
    return question, keys_for("ablation", words, composed, question, "ablation")


def _named(name: str, text: str | None, known: Sequence[str]) -> list[str]:
    """Return the choices that a word names, all that are known if there is none.

    Raises
    ------
    ConfigError
        One that is not known, or one named twice.
    """
    from sim.errors import ConfigError, unknown_name

    if text is None:
        return list(known)
    found = [part.strip() for part in text.strip("[]").split(",")]
    for part in found:
        if part not in known:
            raise unknown_name(name, part, known)
    if len(set(found)) != len(found):
        raise ConfigError(f"{name} names a choice twice, got {text!r}; name each once.")
    return found


def foretold(question: Mapping[str, Any], keys: StudyKeys) -> list[str]:
    """Return the plan as lines; nothing is written."""
    points = len(question["bases"])
    return [
        f"{points} points x {question['replicates']} replicates = {points * question['replicates']:,} runs "
        f"in {keys.place}",
        f"  without: {', '.join(question['variants'])}",
        f"  cases: {', '.join(question['cases'])}",
    ]


def told(summary: Mapping[str, Any]) -> list[str]:
    """Return an ablation as lines: what each variant meets, and the finding."""
    width = max(len(name) for name in [*summary["variants"], "without"])
    lines = [f"{'without':<{width}}  meets  misses  cannot be told"]
    for name, met in summary["met"].items():
        lines.append(f"{name:<{width}}  {met['meets']:>5}  {met['misses']:>6}  {met['open']:>14}")
    return [*lines, summary["finding"]]
