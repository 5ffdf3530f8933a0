"""``backfire boundary``: where a verdict tips, over one parameter or several; runs go where that is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import ConfigError

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.study.design.designs import Factor

FLAGS = ("--dry-run",)
HELP = """
usage: backfire boundary case=ID PARAMETER [PARAMETER ...] [name=value ...] [--dry-run]
       backfire boundary +experiment=NAME [name=value ...]

Finds the line on which a verdict has a given probability, with a 95 % band, over one parameter or several, and the
line that theory draws without runs beside it. Runs are spent where the answer is uncertain: about a tenth of what a
grid would take for the same line. A parameter stands alone or with its ends:
  post.openness                                 the case's range of it, or its span in the parameter table
  vary=[post.openness,people.support_mean]      several such
  'people.grievance_mean=interval(0.1,0.6)'     between two ends (quote it in a shell)
The first two are the map's axes; a third one is held low, in the middle and high, others as the case has them.
All other words hold for every run, as for backfire run.

  verdict=hijacked          or viral_positive, contested, fizzled
  level=0.5                 the probability looked for, 0.02 to 0.98
  runs=2000                 at most so many
  uncertainty=none|posterior    with posterior each run has a draw of its own of what calibration leaves open of the
                            universal parameters, and odds are over luck and that (none: over luck alone)
  misplaced=0.005           end earlier, once so small a share of the box is expected on the wrong side of the line
  workers=N  executor=threads|processes    how; results do not depend on it
  results=DIR  study=NAME   the folder is DIR/NAME
  fresh=true                start over; the old folder is kept aside as NAME.old-1
  --dry-run                 tell the box and the runs, and stop

  backfire boundary case=ask_jpm people.n_followers=20000 post.openness people.grievance_mean

Ctrl-C finishes the runs under way and saves them; the same command goes on from there, and so it does after a
crash. The last line on standard output names the folder (report.html, figures, points.parquet, map.parquet,
line.parquet, runs.parquet, summary.json, manifest.json).
"""
_OWN = {"verdict": "hijacked", "level": 0.5, "runs": 2_000, "misplaced": 0.005}
_LEVELS = (0.02, 0.98)
_FEWEST, _MOST = 200, 1_000_000
_NAMED = 3


def carry_out(words: Sequence[str]) -> int:
    """Search a tipping line, or go on searching, and print where it lies."""
    from sim.cli.planned import carry_out_planned, foretell

    question, keys = boundary_keys([word for word in words if word not in FLAGS])
    if any(word in FLAGS for word in words):
        return foretell("boundary", question, keys, lambda: _foretold(question, keys))
    return carry_out_planned("boundary", question, keys, told_lines)


def told_lines(summary: dict[str, Any]) -> list[str]:
    """Return what is printed: the finding last."""
    return [*summary["sentences"], summary["finding"]]


def boundary_keys(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question and the study keys of a search, checked; nothing is written.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.catalogue.compose import compose
    from sim.cli.planned import keys_for
    from sim.study.boundary.box import box_of
    from sim.study.lots import asked_posterior

    asked, spans, own, fixed = _sorted(words)
    base, composed = compose(fixed)
    if composed["replicates"] is not None:
        raise ConfigError(
            "boundary chooses itself how many runs a point gets; leave replicates out and give runs=N, the most of all."
        )
    box = box_of(base, asked, spans)
    question = {
        "bases": {"": base.model_dump(mode="json")}, "sides": box.plain(), **_settings(own),
        **asked_posterior(composed["uncertainty"], [base]),
    }  # fmt: skip
    called = "-".join([base.case.id, "boundary", *(side.name for side in box.sides[:_NAMED])])
    return question, keys_for("boundary", words, composed, question, called)


def _sorted(words: Sequence[str]) -> tuple[list[Factor], set[str], dict[str, str], list[str]]:
    """Return what varies, which of it over the table's span, the command's own words, and all others."""
    from sim.cli.choices import factors_of
    from sim.cli.experiments import name_of
    from sim.study.design.spans import spanned

    own: dict[str, str] = {}
    factors: list[Factor] = []
    spans: set[str] = set()
    fixed: list[str] = []
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if equals and name in _OWN:
            if name in own:
                raise ConfigError(f"{name} is named twice; name it once.")
            own[name] = value
        elif equals or word.startswith("~"):
            varying, single = factors_of([word])
            spans |= {each.name for each in varying} if name == "vary" else set()
            factors, fixed = factors + varying, fixed + single
        else:
            _check_name(name)
            factors.append(spanned(name))
            spans.add(name)
    names = [factor.name for factor in factors] + [name_of(word) for word in fixed]
    for factor in factors:
        if names.count(factor.name) > 1:
            raise ConfigError(f"{factor.name} is named twice, and its line is sought; name it once, without a value.")
    return factors, spans, own, fixed


def _check_name(name: str) -> None:
    """Refuse a word that stands alone and is no parameter."""
    from sim.catalogue.groups import GROUPS, STUDY_KEYS
    from sim.catalogue.words import read_words

    if name in _OWN or name in STUDY_KEYS:
        raise ConfigError(f"{name} takes a value, as {name}={_OWN.get(name, 'VALUE')}; got the word alone.")
    if name not in GROUPS:
        read_words([f"{name}=0"])  # lists what there is


def _settings(own: dict[str, str]) -> dict[str, Any]:
    """Return the command's own words, checked."""
    from sim.outcome.verdict import VERDICTS
    from sim.study.run.plan import whole_number

    said: dict[str, Any] = _OWN | own
    if said["verdict"] not in VERDICTS:
        raise ConfigError(f"verdict must be one of {', '.join(VERDICTS)}; got {said['verdict']!r}.")
    level = _number("level", said["level"])
    if not _LEVELS[0] <= level <= _LEVELS[1]:
        raise ConfigError(
            f"level must lie in [{_LEVELS[0]}, {_LEVELS[1]}]: nearer to never or always no number of runs shows a "
            f"line; got {level:g}."
        )
    misplaced = _number("misplaced", said["misplaced"])
    if not 0.0 <= misplaced <= 0.5:
        raise ConfigError(f"misplaced must lie in [0, 0.5], a share of the box; got {misplaced:g}.")
    runs = _number("runs", said["runs"])
    count = whole_number("runs", int(runs) if runs == int(runs) else runs, _FEWEST, _MOST)
    return {"verdict": said["verdict"], "level": level, "runs": count, "misplaced": misplaced}


def _number(name: str, value: Any) -> float:
    """Return a word's number."""
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not abs(number) < float("inf"):
        raise ConfigError(f"{name} must be a number; got {value!r}.")
    return number


def _foretold(question: dict[str, Any], keys: StudyKeys) -> list[str]:
    """Return the plan as lines; nothing is written."""
    from sim.study.store.ledger import finished_runs

    sides = question["sides"]
    lines = [
        f"P({question['verdict']}) = {question['level']:g} over {len(sides)} parameter{'s' if len(sides) > 1 else ''}, "
        f"at most {question['runs']} runs in {keys.place}"
    ]
    for side in sides:
        lines.append(f"  {side['name']}: {side['low']:g} to {side['high']:g} (as it is: {side['central']:g})")
    done = 0 if keys.fresh else finished_runs(keys.place)
    if done:
        lines.append(f"{done} of them are there already.")
    lines.append("Which runs, and how many of them it takes, follows from what the first ones show.")
    return lines
