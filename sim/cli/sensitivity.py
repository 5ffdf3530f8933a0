"""``backfire sensitivity``: which inputs move the odds, and how much is luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys

FLAGS = ("--dry-run",)
HELP = """
usage: backfire sensitivity case=ID [name=value ...] [--dry-run]

Varies what is not known, over the spans of the parameter table, and says what moves the odds most. First every
input is moved one at a time from many places (Morris); then the variance is split between those that matter
(Sobol's first-order and total indices), the others staying as they are. Luck is kept apart: its share of the
variance is told, and no few replicates pass for an effect.

  vary=[NAME,NAME,...]       what varies (all: every uncertain parameter; levers by name: vary=[all,post.openness])
  NAME=VALUE                 what is given a value does not vary
  NAME=interval(LOW,HIGH)    a span of one's own; what has one varies, alone unless vary says more
  outcomes=NAME,NAME,...     hijacked,viral_positive,messages,hijack_share,reach,takeover; the first one ranks
  method=both|morris|sobol   (both)
  trajectories=N             of Morris (24); each has a point for every input, and one more
  stars=N                    of Sobol (128); each has a point for every input that is split, and two more
  top=N                      how many inputs are split after screening (8)
  replicates=N               runs of each point (8), on the same luck within a trajectory or star
  workers=N  executor=threads|processes  results=DIR  study=NAME  fresh=true     as for backfire sweep
  --dry-run                  tell what varies, points, runs, time and disk, and stop; a few runs are tried

In a shell, quote words with brackets. Ctrl-C saves what is finished; the same command goes on from there.

The last line on standard output names the folder (screening, indices, outcomes, inputs, points, runs).
"""
_OWN = ("vary", "outcomes", "method", "trajectories", "stars", "top")
_MOST_BLOCKS, _MOST_REPLICATES, _MOST_TOP = 100_000, 10_000, 1000
_REPLICATES, _TRAJECTORIES, _STARS, _TOP = 8, 24, 128, 8


def carry_out(words: Sequence[str]) -> int:
    """Carry out a sensitivity study, or what of it is missing, and print what moves the odds."""
    from sim.cli.planned import carry_out_planned, foretell

    question, keys = asked([word for word in words if word not in FLAGS])
    if any(word in FLAGS for word in words):
        return foretell("sensitivity", question, keys, lambda: foretold(question, keys))
    return carry_out_planned("sensitivity", question, keys)


def asked(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question of some words and the study keys, checked whole.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.cli.planned import keys_for
    from sim.cli.spans import base_of, counted, listed, taken, varied_by
    from sim.errors import unknown_name
    from sim.study.run.plan import whole_number
    from sim.study.sensitivity.inputs import plain
    from sim.study.sensitivity.runs import USUAL, checked_outcomes
    from sim.study.sensitivity.study import METHODS

    own, left = taken(words, _OWN)
    configuration, composed, items = varied_by(left, own)
    method = own.get("method", METHODS[0])
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    replicates = _REPLICATES if composed["replicates"] is None else composed["replicates"]
    question = base_of(configuration) | {
        "inputs": plain(items),
        "outcomes": checked_outcomes(listed(own.get("outcomes", ",".join(USUAL)))),
        "method": method,
        "replicates": whole_number("replicates", replicates, 2, _MOST_REPLICATES),
        "trajectories": counted(own, "trajectories", _TRAJECTORIES, 2, _MOST_BLOCKS),
        "stars": counted(own, "stars", _STARS, 2, _MOST_BLOCKS),
        "top": counted(own, "top", _TOP, 1, _MOST_TOP),
    }
    called = f"{configuration.case.id}-sensitivity"
    return question, keys_for("sensitivity", words, composed, question, called)


def foretold(question: dict[str, Any], keys: StudyKeys) -> list[str]:
    """Return the plan as lines; nothing is written. The first inputs stand for those that will be split."""
    from sim.cli.spans import plan_lines, time_lines
    from sim.study.design.points import Configurations
    from sim.study.planned import bases_of
    from sim.study.sensitivity.design import stars, trajectories
    from sim.study.sensitivity.inputs import from_plain, points_at

    base, items, replicates = bases_of(question)[""], from_plain(question["inputs"]), question["replicates"]
    split = items if question["method"] == "sobol" else items[: question["top"]]
    places = {
        "morris": (items, trajectories(len(items), question["trajectories"], base.seed)),
        "sobol": (split, stars(len(split), question["stars"], base.seed)),
    }  # fmt: skip
    asked = {name: each for name, each in places.items() if question["method"] in ("both", name)}
    points = [point for own, blocks in asked.values() for block in blocks for point in points_at(base, own, block)]
    told = " + ".join(f"{blocks.shape[0] * blocks.shape[1]} ({name})" for name, (_, blocks) in asked.items())
    return [
        f"{len(items)} inputs:", *plan_lines(items),
        f"{told} points x {replicates} replicates = {len(points) * replicates} runs in {keys.place}",
        *time_lines(Configurations(points), replicates, keys, items),
    ]  # fmt: skip
