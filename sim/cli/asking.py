"""Twelve questions on a terminal, one after the other; nothing is written before the last one is answered."""

from __future__ import annotations

import string
import sys
from collections.abc import Callable
from typing import Any

from sim.cli.streams import tell
from sim.errors import BackfireError, ConfigError
from sim.study.intake.answers import read_answers
from sim.study.intake.questions import DONT_KNOW, Question, questions

_END = "The questions were not answered to the end; nothing was written. backfire intake --help tells of other ways."


def ask_all() -> dict[str, Any]:
    """Return the answers to all questions, by id.

    Raises
    ------
    ConfigError
        There is nobody to answer.
    """
    tell(f'{len(questions())} questions. Answer by letter or word; Enter for "don\'t know"; Ctrl-C leaves nothing.')
    said: dict[str, Any] = {}
    for each in questions():
        tell("\n" + "\n".join(_shown(each)))
        said[each.id] = asked_until(lambda text, each=each: _checked(said, each, text))  # type: ignore[misc]
    return said


def asked_until(check: Callable[[str], str]) -> str:
    """Return what the first line that passes a check comes to; what is wrong with others is told."""
    while True:
        print("> ", end="", flush=True)
        line = sys.stdin.readline() if sys.stdin is not None else ""
        if not line:
            raise ConfigError(_END)
        try:
            return check(line.strip())
        except BackfireError as problem:
            tell(str(problem))


def _shown(each: Question) -> list[str]:
    """Return a question with its answers."""
    lines = [f"{each.number}. {each.asks}"]
    if each.hint:
        lines.append(f"   {each.hint}")
    offered = [choice for choice in each.choices if choice.name != DONT_KNOW]
    return [
        *lines,
        *(f"   {letter}) {choice.says}" for letter, choice in zip(string.ascii_lowercase, offered, strict=False)),
    ]


def _checked(said: dict[str, Any], each: Question, text: str) -> str:
    """Return an answer's word, checked together with those before it."""
    offered = [choice for choice in each.choices if choice.name != DONT_KNOW]
    letter = text.lower().rstrip(").")
    if len(letter) == 1 and letter in string.ascii_lowercase[: len(offered)]:
        text = offered[string.ascii_lowercase.index(letter)].name
    read_answers({**said, each.id: text})
    return text
