"""What is asked, which answers there are, and which inputs each of them narrows.

The questions are a file (``conf/intake/questions.yaml``); its anchors are those of ``docs/rubric.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sim.errors import ConfigError, unknown_name

Range = tuple[float, float]
DONT_KNOW = "dont_know"
FOLLOWERS = "followers"
"""Name of the one range that is no input itself: how many follow, of whom the audience's size is worked out."""
_SAID_SO = ("dont_know", "don't know", "dont know", "don\N{RIGHT SINGLE QUOTATION MARK}t know", "unknown", "?", "")
_LONGEST = 80


@dataclass(frozen=True)
class Choice:
    """What one answer means.

    Attributes
    ----------
    name, says : str
        The word that stands for it, and what it says.
    ranges : dict of str to (float, float)
        By dotted name.
    sets : dict of str to any
        Values of inputs that are then known, or no numbers.
    otherwise : dict of str to (float, float)
        Ranges that hold where the question that asks for them is not answered.
    """

    name: str
    says: str
    ranges: dict[str, Range]
    sets: dict[str, Any]
    otherwise: dict[str, Range]


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    number : int
        From 1.
    id, asks, hint : str
    choices : tuple of Choice
        The last one is ``dont_know``.
    reads : str or None
        How a number is read, if one may be given (``sim.study.intake.numbers``).
    input : str or None
        The input that a number is about.
    give, give_poll : float
        How far to either side a number may be off: a guess, and a poll.
    otherwise : dict of str to (float, float)
        As in :class:`Choice`, where the answer is a number.
    """

    number: int
    id: str
    asks: str
    hint: str
    choices: tuple[Choice, ...]
    reads: str | None
    input: str | None
    give: float
    give_poll: float
    otherwise: dict[str, Range]

    def choice(self, said: object) -> Choice:
        """Return the answer that a word stands for.

        Raises
        ------
        ConfigError
            There is no such answer; it lists those that there are.
        """
        text = "" if said is None else str(said).strip()
        name = DONT_KNOW if text.lower() in _SAID_SO else text.lower().replace(" ", "_").replace("-", "_")
        for choice in self.choices:
            if choice.name == name:
                return choice
        short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"
        names = [choice.name for choice in self.choices]
        problem = unknown_name(f"answer.{self.id}", short, names)
        hint = f" {self.hint}" if self.reads else ""
        raise ConfigError(f"{problem}{hint}")


@dataclass(frozen=True)
class Ordinary:
    """What the posts of a history were like, where its table does not say.

    Attributes
    ----------
    asks : dict of str to dict of str to (float, float)
        Room and openness by what was asked.
    closeness, openness : dict of str to (float, float)
        What the codes of the two columns mean.
    ranges : dict of str to (float, float)
        Salience, appeal, arousal and media of all of them.
    """

    asks: dict[str, dict[str, Range]]
    closeness: dict[str, Range]
    openness: dict[str, Range]
    ranges: dict[str, Range]


@cache
def _content() -> dict[str, Any]:
    """Return the file's content."""
    import yaml

    text = (files("sim.conf") / "intake" / "questions.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def _ranges(raw: Mapping[str, Any] | None) -> dict[str, Range]:
    """Return ranges by name."""
    return {name: (float(low), float(high)) for name, (low, high) in (raw or {}).items()}


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions in their order."""
    return tuple(_question(number, raw) for number, raw in enumerate(_content()["questions"], 1))


def _question(number: int, raw: Mapping[str, Any]) -> Question:
    """Return one question of the file."""
    answers = {**raw["answers"], DONT_KNOW: {"says": "don't know", **raw["dont_know"]}}
    common = _ranges(raw.get("otherwise"))
    choices = tuple(
        Choice(
            name, str(each["says"]), _ranges(each.get("ranges")), dict(each.get("sets", {})),
            {**common, **_ranges(each.get("otherwise"))},
        )
        for name, each in answers.items()
    )  # fmt: skip
    give = float(raw.get("give", 0.0))
    return Question(
        number, raw["id"], raw["asks"], str(raw.get("hint", "")), choices, raw.get("number"), raw.get("input"), give,
        float(raw.get("give_poll", give)), common,
    )  # fmt: skip


def question(name: str) -> Question:
    """Return a question by its id or its number.

    Raises
    ------
    ConfigError
        There is no such question; it lists those that there are.
    """
    for each in questions():
        if name in (each.id, str(each.number)):
            return each
    raise unknown_name("answer", name, [each.id for each in questions()])


@cache
def ordinary() -> Ordinary:
    """Return what ordinary posts are like."""
    raw = _content()["ordinary"]
    asks = {ask: _ranges(ranges) for ask, ranges in raw["asks"].items()}
    rest = {name: raw[name] for name in ("salience", "appeal", "arousal", "media")}
    return Ordinary(asks, _ranges(raw["closeness"]), _ranges(raw["openness"]), _ranges(rest))


def mean_of_share(share: float, feeling: str) -> float:
    """Return the mean of a feeling of which this share of people holds more than one half (``docs/rubric.md``).

    Parameters
    ----------
    feeling : {"grievance", "support"}
    """
    import numpy as np

    table = _content()["polls"]
    return float(np.interp(share, table["share"], table[feeling]))


def as_lines() -> list[str]:
    """Return all questions with their answers, as lines."""
    lines: list[str] = []
    for each in questions():
        lines.append(f"{each.number}. {each.id}: {each.asks}")
        if each.hint:
            lines.append(f"   {each.hint}")
        width = max(len(choice.name) for choice in each.choices)
        lines += [f"     {choice.name:<{width}}  {choice.says}" for choice in each.choices]
    return lines
