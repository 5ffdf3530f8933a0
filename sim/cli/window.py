"""``backfire window``: until when an answer still helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys

FLAGS = ("--dry-run",)
HELP = """
usage: backfire window case=ID policy=NAME [minutes=5,20,60,...] [name=value ...] [--dry-run]

Makes the moves of one policy at ever later minutes, on the same luck as silence, and says until when that still
helps: the latest minute at which the interval of the difference (95 %, for all minutes at once) excludes no effect.
The sizes of the effects are assumed; the sweep is repeated at both ends of their spans.

  policy=acknowledge        whose moves; its own triggers are set aside (moves that were timed keep their distances)
  minutes=5,10,20,40,60,120,180,360,720,1440     minutes since the post
  by=hijacked               what is judged: hijacked, viral_positive, balance (hijacked less viral positive),
                            hijack_share, counter_messages, followers_lost
  replicates=N              runs at each minute (30 to 120 by the audience's size)
  workers=N  executor=threads|processes    how; results do not depend on it
  results=DIR  study=NAME   the folder is DIR/NAME
  fresh=true                start over; the old folder is kept aside as NAME.old-1
  --dry-run                 tell minutes and runs, and stop

What is finished is saved: the same command goes on after Ctrl-C or a crash.

The last line on standard output names the folder (report.html, figures, window.parquet, runs.parquet, summary.json,
manifest.json).
"""
_REPLICATES = (30, 120, 24_000_000)
_MOST, _LEAST_PAIRS = 1_000_000, 2


def carry_out(words: Sequence[str]) -> int:
    """Sweep the minute of an answer, or return the sweep that stands there, and print it."""
    from sim.cli.planned import carry_out_planned, foretell

    question, keys = asked([word for word in words if word not in FLAGS])
    if any(word in FLAGS for word in words):
        return foretell("window", question, keys, lambda: foretold(question, keys))
    return carry_out_planned("window", question, keys, told)


def asked(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question of a command's words, and its study keys; all checked, nothing written.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.catalogue.compose import compose
    from sim.cli.choices import own_words
    from sim.cli.planned import keys_for
    from sim.errors import ConfigError
    from sim.study.answers.outcomes import judged_by
    from sim.study.answers.window import configurations
    from sim.study.run.plan import runs_within, whole_number

    own, others = own_words(words, ("minutes", "by"))
    base, composed = compose(others)
    if not base.policy.rules:
        raise ConfigError("window needs a policy whose minute is swept, such as policy=acknowledge; got none.")
    minutes = minutes_of(own.get("minutes"), base.minutes)
    replicates = composed["replicates"]
    if replicates is None:
        replicates = runs_within(base.people.n_followers, _REPLICATES)
    question = {
        "bases": {"": base.model_dump(mode="json")}, "minutes": minutes,
        "replicates": whole_number("replicates", replicates, _LEAST_PAIRS, _MOST),
        "by": judged_by(own.get("by", "hijacked")).name,
    }  # fmt: skip
    configurations(question)  # made, and so checked, before anything is written
    return question, keys_for("window", words, composed, question, f"{base.case.id}-window-{base.policy.name}")


def minutes_of(text: str | None, horizon: int) -> list[int]:
    """Return the minutes that a word names, rising; the usual ones within the horizon if there is none.

    Raises
    ------
    ConfigError
        No whole numbers, one named twice, or one that lies beyond the horizon.
    """
    from sim.errors import ConfigError
    from sim.study.answers.window import MINUTES

    if text is None:
        return [minute for minute in MINUTES if minute < horizon] or [0]
    found = []
    for part in text.strip("[]").split(","):
        said = part.strip()
        if not (said.isascii() and said.isdigit()) or int(said[:9]) >= horizon:
            raise ConfigError(
                f"minutes must be whole numbers from 0 to {horizon - 1}, the last minute of the horizon; got {said!r}. "
                "Write minutes=5,20,60."
            )
        found.append(int(said))
    if len(set(found)) != len(found):
        raise ConfigError(f"minutes names a minute twice; got {text}.")
    return sorted(found)


def foretold(question: Mapping[str, Any], keys: StudyKeys) -> list[str]:
    """Return the plan of a sweep as lines; nothing is written."""
    from sim.cli.dry_run import expected
    from sim.study.answers.library import in_words
    from sim.study.answers.window import configurations
    from sim.study.store.ledger import finished_runs

    asked = list(configurations(question))
    points, done = len(asked), 0 if keys.fresh else finished_runs(keys.place)
    return [
        f"{points} points x {question['replicates']} replicates = {points * question['replicates']:,} runs "
        f"in {keys.place}",
        f"  silence, and an answer at {', '.join(in_words(minute) for minute in question['minutes'])}"
        + ("; each at the assumed sizes of its effects and at both ends of their spans"
           if points > len(question["minutes"]) + 1 else ""),
        expected(asked, question["replicates"], max(0, points * question["replicates"] - done), keys),
    ]  # fmt: skip


def told(summary: Mapping[str, Any]) -> list[str]:
    """Return a sweep as lines: a row a minute, and the finding."""
    from sim.study.answers.library import in_words
    from sim.study.answers.outcomes import judged_by
    from sim.study.answers.window_words import saved

    judged = judged_by(summary["by"])
    lines = [
        f"{summary['case']}: {summary['policy']} at ever later minutes, {summary['pairs']} pairs with silence, "
        f"seed {summary['seed']}; {judged.title}: silence {judged.scale * summary['silent']:.3g}",
        f"{'minute':>8}  what it {'saves' if judged.sign > 0 else 'wins'} (95 %, all minutes at once)",
    ]
    central = [row for row in summary["table"] if row["size"] == "central"]
    return [*lines, *(f"{in_words(row['minute']):>8}  {saved(row, judged)}" for row in central), summary["finding"]]
