"""``backfire intake``: your own post and audience, from twelve answers and your last posts."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ConfigError, StudyError, unknown_name

if TYPE_CHECKING:
    from sim.study.intake.draws import Universal
    from sim.study.intake.history import History
    from sim.study.intake.odds import Campaigns

FLAGS = ("--questions",)
HELP = """
usage: backfire intake [answers=FILE] [answer.ID=WORD ...] [people.history=posts.csv] [name=value ...]
       backfire intake --questions

Asks twelve questions about a post that has not gone out yet, reads the counts of your last posts, and says how such a
post may end, how much your posts told, and which answer would tell most. Writes a case that backfire run takes.

three ways to answer:
  (nothing)                 the questions one by one; Enter for "don't know"; Ctrl-C leaves nothing behind
  answers=FILE              a YAML file with a line for each answer, such as openness: any_topic
  answer.openness=any_topic answer.complaints=12     single answers; they win over the file's
  What is not answered counts as "don't know". --questions prints the questions and all answers.

your last posts:
  people.history=posts.csv  10 to 50 lines: ask, hour, impressions, shares, replies, critical_replies (counts alone are
                            read; other columns are passed over), docs/intake.md

where:
  results=DIR  study=NAME   the folder is DIR/NAME (results/intake); it holds case.yaml, summary.json and report.html
  fresh=true                keep the old folder aside as NAME.old-1
  seed=1                    of the draws

The last line on standard output names the folder.
"""
_KEYS = ("results", "study", "fresh", "seed", "answers", "people.history")
_ANSWER = "answer."


@dataclass(frozen=True)
class _Asked:
    """What the words of the command ask for."""

    answers: dict[str, Any] | None
    history: History | None
    place: Path
    fresh: bool
    seed: int


def carry_out(words: Sequence[str]) -> int:
    """Read answers and past posts, tell what they say, and write the case."""
    from sim.cli.streams import tell
    from sim.study.intake.questions import as_lines

    if any(word in FLAGS for word in words):
        tell("\n".join(as_lines()))
        return 0
    asked = _asked(words)
    if asked.history is not None and asked.history.passed_over:
        _say_passed_over(asked.history.passed_over)
    from sim.study.intake.reference import shipped

    known = shipped()  # what is missing is told before anybody answers twelve questions
    said, repeated = asked.answers, list(words)
    if said is None:
        from sim.cli.asking import ask_all

        said = ask_all()
        repeated += [f"{_ANSWER}{name}={answer}" for name, answer in said.items() if answer]
    command = " ".join(["backfire intake", *(shlex.quote(word) for word in repeated)])
    _carried_out(asked, said, known, command)
    tell(str(asked.place))
    return 0


def _carried_out(asked: _Asked, said: dict[str, Any], known: tuple[Universal, Campaigns], command: str) -> None:
    """Read, tell and write."""
    from sim.cli.main import say
    from sim.cli.streams import tell
    from sim.report.intake_page import render_intake
    from sim.report.intake_words import finding_of, told_lines
    from sim.study.intake.answers import read_answers
    from sim.study.intake.case_file import as_text, case_of
    from sim.study.intake.reading import read, summary_of
    from sim.study.store.folder import SUMMARY, write_json, written
    from sim.study.store.provenance import commit, versions

    answers = read_answers(said)
    reading = read(answers, asked.history, *known, seed=asked.seed)
    summary = summary_of(reading)
    summary |= {
        "finding": finding_of(summary),
        "seed": asked.seed,
        "command": command,
        "versions": versions(),
        **commit(),
    }
    tell("\n".join(told_lines(summary, str(asked.place / "case.yaml"))))
    for sentence in summary["doubts"]:
        say(f"Note: {sentence}")
    with written(asked.place, fresh=asked.fresh) as folder:
        text = as_text(case_of(reading, asked.place.name), command)
        (folder / "case.yaml").write_text(text, encoding="utf-8")
        write_json(folder / SUMMARY, summary)
        render_intake(folder, summary, name=asked.place.name)


def _say_passed_over(columns: int) -> None:
    """Say that columns were passed over."""
    from sim.cli.main import say

    many = f"{columns} further columns" if columns > 1 else "one further column"
    say(f"Your posts have {many}: passed over, nothing of it is kept.")


def _asked(words: Sequence[str]) -> _Asked:
    """Return what the words ask for, checked before anything is asked or written.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.study.intake.answers import read_answers, read_answers_file
    from sim.study.intake.history import read_history
    from sim.study.intake.questions import question

    keys: dict[str, str] = {}
    single: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise ConfigError(f"{word!r} is not of the form name=value, such as answer.openness=any_topic.")
        if name.startswith(_ANSWER):
            asked = question(name.removeprefix(_ANSWER))
            if single.setdefault(asked.id, value) != value:
                raise ConfigError(f"answer.{asked.id} is given twice, as {single[asked.id]!r} and {value!r}.")
        elif name in _KEYS:
            if keys.setdefault(name, value) != value:
                raise ConfigError(f"{name} is named twice, as {keys[name]!r} and {value!r}; name it once.")
        else:
            known = [*_KEYS, "answer.ID"]
            raise unknown_name("a word of backfire intake", name, known)
    from_file = read_answers_file(keys["answers"]) if "answers" in keys else {}
    answers = {question(name).id: answer for name, answer in from_file.items()} | single
    if len(from_file) + len(single) > 0:
        if len({question(name).id for name in from_file}) < len(from_file):
            read_answers(from_file)  # says which one is given twice
        read_answers(answers)
    given = answers if "answers" in keys or single else None
    history = read_history(keys["people.history"]) if "people.history" in keys else None
    return _Asked(given, history, *_place(keys), _seed(keys.get("seed", "1")))


def _place(keys: dict[str, str]) -> tuple[Path, bool]:
    """Return the folder that is written, and whether one that stands there is kept aside."""
    import os

    from sim.catalogue.groups import choices
    from sim.cli.keys import check_place
    from sim.study.store.folder import checked_name, checked_results

    fresh = keys.get("fresh", "false").lower()
    if fresh not in ("true", "false"):
        raise ConfigError(f"fresh must be true or false; got {keys['fresh']!r}.")
    name = checked_name(keys.get("study", "intake"))
    if name in choices("case"):
        raise StudyError(f"study must be a name that no documented case has; got {name!r}. Choose another one.")
    place = checked_results(keys.get("results") or "results") / name
    check_place(place)
    if fresh == "false" and os.path.lexists(place):
        raise StudyError(
            f"{str(place)!r} exists. Choose another name with study=NAME, or keep it aside with fresh=true."
        )
    return place, fresh == "true"


def _seed(text: str) -> int:
    """Return the seed."""
    if not text.isdecimal() or int(text) >= 2**63:
        raise ConfigError(f"seed must be a whole number from 0 to {2**63 - 1}; got {text[:40]!r}.")
    return int(text)
