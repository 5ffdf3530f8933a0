"""``backfire discover``: under which conditions a verdict is likelier than elsewhere, in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys

FLAGS = ("--dry-run",)
HELP = """
usage: backfire discover case=ID [name=value ...] [--dry-run]
       backfire discover results/SWEEP [verdict=... density=... boxes=...]

Draws points that fill the spans of what is not known, and finds boxes in which a verdict is likelier than
elsewhere: "grievance of 18–24 above 0.41 and openness above 0.6: hijacked in 92 of 100 runs". Two thirds of the
points find a box, the others, held out, judge it. Of the folder of a sweep, its points and runs are taken.

  verdict=hijacked|viral_positive|contested|fizzled     what is looked for (hijacked); the good case as well
  vary=[NAME,NAME,...]       what varies (all: every uncertain parameter; levers by name: vary=[all,post.openness])
  NAME=VALUE                 what is given a value does not vary
  NAME=interval(LOW,HIGH)    a span of one's own; what has one varies, alone unless vary says more
  points=N                   how many points (600)
  replicates=N               runs of each (4), each point with luck of its own
  density=SHARE              take the largest box in which the verdict comes in this share of runs or more, as 0.8;
                             without it, the box that separates best
  boxes=N                    how many boxes at most (3)
  workers=N  executor=threads|processes  results=DIR  study=NAME  fresh=true     as for backfire sweep
  --dry-run                  tell what varies, points, runs, time and disk, and stop; a few runs are tried

In a shell, quote words with brackets. It tells a sender what to beware of, or to hope for; what follows from it
is listening, asking for less, or not posting, beside any tactic.

The last line on standard output names the folder (boxes, limits, trade_off, points, runs).
"""
_OWN = ("vary", "verdict", "points", "density", "boxes")
_POINTS, _REPLICATES, _BOXES = 600, 4, 3
_LEAST_POINTS, _MOST_POINTS, _MOST_REPLICATES, _MOST_BOXES = 30, 1_000_000, 10_000, 10


def carry_out(words: Sequence[str]) -> int:
    """Carry out a search, or what of it is missing, and print the boxes."""
    from sim.cli.planned import carry_out_planned, foretell

    plain = [word for word in words if word not in FLAGS]
    folders = [word for word in plain if "=" not in word]
    question, keys, source = of_sweep(plain, folders) if folders else (*asked(plain), None)
    if any(word in FLAGS for word in words):
        return foretell("discover", question, keys, lambda: foretold(question, keys))
    if source is not None:
        _taken_over(source, question, keys)
    return carry_out_planned("discover", question, keys, told)


def told(summary: dict[str, Any]) -> list[str]:
    """Return the finding, and a line for a purer box and for each further one."""
    from sim.study.discovery.words import ENDED

    more = [("Purer", summary["purer"]), *(("Else", box) for box in summary["boxes"][1:])]
    return [str(summary["finding"]), *(
        f"{word}: {box['words']}: {ENDED[summary['verdict']]} in {100 * box['density']:.0f} of 100 runs "
        f"({100 * box['density_lo']:.0f} to {100 * box['density_hi']:.0f}), {100 * box['coverage']:.0f} of 100 such "
        "runs." for word, box in more if box is not None
    )]  # fmt: skip


def asked(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question of some words and the study keys, checked whole.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.cli.planned import keys_for
    from sim.cli.spans import base_of, counted, taken, varied_by
    from sim.study.run.plan import whole_number
    from sim.study.sensitivity.inputs import plain

    own, left = taken(words, _OWN)
    configuration, composed, items = varied_by(left, own)
    replicates = _REPLICATES if composed["replicates"] is None else composed["replicates"]
    question = base_of(configuration) | _looked_for(own) | {
        "inputs": plain(items), "points": counted(own, "points", _POINTS, _LEAST_POINTS, _MOST_POINTS),
        "replicates": whole_number("replicates", replicates, 1, _MOST_REPLICATES),
    }  # fmt: skip
    return question, keys_for("discover", words, composed, question, f"{configuration.case.id}-discover")


def _looked_for(own: dict[str, str]) -> dict[str, Any]:
    """Return what is looked for: verdict, density, number of boxes."""
    from sim.cli.spans import counted
    from sim.errors import ConfigError, unknown_name
    from sim.outcome.verdict import VERDICTS

    verdict, density = own.get("verdict", VERDICTS[0]), own.get("density")
    if verdict not in VERDICTS:
        raise unknown_name("verdict", verdict, VERDICTS)
    try:
        least = None if density is None else float(density)
    except ValueError:
        raise ConfigError(f"density must be a share such as 0.8; got {density!r}.") from None
    if least is not None and not 0.0 < least <= 1.0:
        raise ConfigError(f"density must lie in (0, 1]; got {density}.")
    return {"verdict": verdict, "density": least, "boxes": counted(own, "boxes", _BOXES, 1, _MOST_BOXES)}


def of_sweep(words: Sequence[str], folders: Sequence[str]) -> tuple[dict[str, Any], StudyKeys, Path]:
    """Return the question about a finished sweep, the study keys, and its folder.

    Raises
    ------
    BackfireError
        No finished sweep, or words that have no say in one.
    """
    from sim.catalogue.compose import compose
    from sim.cli.folders import one_folder
    from sim.cli.planned import keys_for
    from sim.cli.spans import taken
    from sim.errors import ConfigError, StudyError
    from sim.study.store.one_run import manifest_of

    folder = one_folder("discover", folders)
    own, left = taken([word for word in words if word not in folders], _OWN)
    for word in [*(f"{name}={value}" for name, value in own.items() if name in ("vary", "points")), *left]:
        if word.partition("=")[0] not in ("results", "study", "workers", "executor", "fresh"):
            raise ConfigError(f"{word}: points and runs are those of {str(folder)!r}; leave it out.")
    manifest = manifest_of(folder)
    if manifest["kind"] != "sweep":
        raise StudyError(f"{str(folder)!r} holds a study of kind {manifest['kind']!r}; boxes are found in a sweep.")
    swept = manifest["question"]
    question = {"bases": swept["bases"], "points": swept["points"], "replicates": swept["replicates"]}
    if len(question["points"]) < _LEAST_POINTS:
        raise StudyError(
            f"{str(folder)!r} has {len(question['points'])} points; boxes need at least {_LEAST_POINTS}, of a sweep "
            "with design=latin_hypercube, say."
        )
    question |= _looked_for(own)
    _, composed = compose(left)
    return question, keys_for("discover", words, composed, question, f"{folder.name}-discover"), folder


def _taken_over(folder: Path, question: dict[str, Any], keys: StudyKeys) -> None:
    """Write a sweep's runs down as this study's, unless it stands or has them."""
    from sim.cli.main import say
    from sim.study.discovery.runs import take_over
    from sim.study.planned import identity_of
    from sim.study.store.contents import standing
    from sim.study.store.ledger import unfinished
    from sim.study.sweeping import open_study

    own = identity_of(question, keys.settings["files"])
    if not keys.fresh and (unfinished(keys.place) or standing(keys.place, own, fresh=False)):
        return
    with open_study(keys.place, own, workers=1, fresh=keys.fresh) as study:
        say(take_over(study, folder, question))


def foretold(question: dict[str, Any], keys: StudyKeys) -> list[str]:
    """Return the plan as lines; nothing is written."""
    from sim.cli.spans import plan_lines, time_lines
    from sim.study.design.points import Configurations
    from sim.study.discovery.study import points_of
    from sim.study.sensitivity.inputs import from_plain

    replicates = question["replicates"]
    if "inputs" not in question:
        return [f"{len(question['points'])} points x {replicates} replicates, those of the sweep"]
    items, points = from_plain(question["inputs"]), points_of(question)[0]
    return [
        f"{len(items)} inputs:", *plan_lines(items),
        f"{len(points)} points x {replicates} replicates = {len(points) * replicates} runs in {keys.place}",
        *time_lines(Configurations(points), replicates, keys, items),
    ]  # fmt: skip
