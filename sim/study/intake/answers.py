"""What a user's answers say of the inputs: a range each, and where it comes from.

A choice means what ``conf/intake/questions.yaml`` says; a number is read here: a share in a poll becomes a mean by the
table of ``docs/rubric.md``, with a margin on either side that is wider for a guess than for a poll.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config.paths import path_of
from sim.errors import ConfigError
from sim.study.intake.questions import (
    DONT_KNOW,
    FOLLOWERS,
    Choice,
    Question,
    Range,
    mean_of_share,
    question,
    questions,
)

_NUMBER = re.compile(r"\d+(?:[ _]?\d{3})*(?:\.\d+)?|\.\d+")
_COUNT = re.compile(r"(\d[\d _,']*)(?:\s*(?:of|/)\s*(\d[\d _,']*))?")
_MOST_ROWS, _LEAST_ROWS, _USUAL_ROWS = 1_000_000, 1_000, 100_000
_MOST_PEOPLE = 10**10
_COMMUNITY_SHARE, _FOLLOW_SHARE = "people.community_share", "people.follow_share"
_TAKEN_OFF = 0.25  # of the affected community's share: a poll of everybody holds them too (docs/rubric.md)


@dataclass(frozen=True)
class Answers:
    """What is known of a post and its audience.

    Attributes
    ----------
    said : dict of str to str
        The answer of each question, by its id, as a word or number.
    ranges : dict of str to (float, float)
        By dotted name; the ends differ.
    sets : dict of str to any
        What is known, or no number, by dotted name.
    sources : dict of str to str
        Of each name in ``ranges`` and ``sets``.
    asked : dict of str to str
        Which question (its id) each range is about.
    followers : int or None
        How many follow, where that was said (the middle of a range, as factors go).
    """

    said: dict[str, str]
    ranges: dict[str, Range]
    sets: dict[str, Any]
    sources: dict[str, str]
    asked: dict[str, str]
    followers: int | None

    @property
    def central(self) -> dict[str, float]:
        """The middle of each range."""
        return {name: 0.5 * (low + high) for name, (low, high) in self.ranges.items()}


def read_answers(said: Mapping[str, Any]) -> Answers:
    """Return what answers mean.

    Parameters
    ----------
    said : mapping of a question's id (or number) to its answer
        What is not answered counts as "don't know".

    Raises
    ------
    ConfigError
        An unknown question or answer, a number that cannot be, or numbers that contradict each other.
    """
    given: dict[str, Any] = {}
    for name, answer in said.items():
        asked = question(str(name))
        if asked.id in given:
            raise ConfigError(f"answer.{asked.id} is given twice; answer each question once.")
        if isinstance(answer, bool) or isinstance(answer, dict | list):
            raise ConfigError(f"answer.{asked.id} must be a word or a number; got {str(answer)[:40]!r}.")
        given[asked.id] = answer
    words = {each.id: "" if given.get(each.id) is None else str(given[each.id]).strip() for each in questions()}
    _contradictions(words)
    read = {each.id: _meaning(each, words[each.id]) for each in questions()}
    _take_off_the_touched(read, words)
    return _together(read)


def _meaning(asked: Question, text: str) -> tuple[Choice, str]:
    """Return what one answer means, and how it is told."""
    if asked.reads and any(letter.isdigit() for letter in text):
        return _of_number(asked, text), text
    choice = asked.choice(text)
    return choice, choice.name


def _of_number(asked: Question, text: str) -> Choice:
    """Return what a number means."""
    if asked.reads == FOLLOWERS:
        followers, audience = _counts(asked, text)
        ranges: dict[str, Range] = {FOLLOWERS: (followers, followers)}
        if audience is not None:
            share = followers / audience
            ranges[_FOLLOW_SHARE] = (share * 2.0 / 3.0, min(1.0, share * 4.0 / 3.0))
        return Choice(text, text, ranges, {}, asked.otherwise if audience is None else {})
    assert asked.input is not None
    if asked.reads == "hour":
        return Choice(text, text, {}, {asked.input: min(_in_range(asked, text, 24.0), 23.99)}, {})
    polled = text.lower().startswith("poll") and asked.give_poll != asked.give
    share = _in_range(asked, text[4:].strip() if polled else text, 100.0) / 100.0
    feeling = {"share_against": "grievance", "share_for": "support"}.get(asked.reads or "")
    centre = mean_of_share(share, feeling) if feeling else share
    give = asked.give_poll if polled else asked.give
    return Choice(text, text, {asked.input: (max(0.01, centre - give), min(0.99, centre + give))}, {}, asked.otherwise)


def _in_range(asked: Question, text: str, most: float) -> float:
    """Return a number from 0 to ``most``."""
    plain = text.strip().removesuffix("%").strip()
    value = float(plain.replace(" ", "").replace("_", "")) if _NUMBER.fullmatch(plain) else None
    if value is None or value > most:
        raise ConfigError(
            f"answer.{asked.id} must be a number from 0 to {most:g} or one of "
            f"{', '.join(choice.name for choice in asked.choices)}; got {text[:40]!r}. {asked.hint}"
        )
    return value


def _counts(asked: Question, text: str) -> tuple[int, int | None]:
    """Return how many follow, and how many could see the post."""
    found = _COUNT.fullmatch(text)
    numbers = [None if part is None else int(re.sub(r"\D", "", part)) for part in found.groups()] if found else [None]
    followers, audience = numbers[0], numbers[-1] if len(numbers) > 1 else None
    if followers is None or followers < 1 or max(followers, audience or 0) > _MOST_PEOPLE:
        raise ConfigError(
            f'answer.{asked.id} must be two counts of people, as in "12000 of 80000", one count, or one of '
            f"{', '.join(choice.name for choice in asked.choices)}; got {text[:40]!r}."
        )
    if audience is not None and followers > audience:
        raise ConfigError(
            f"answer.{asked.id}: {followers:,} followers are more than the {audience:,} people who could see the post; "
            "the second number counts your followers too."
        )
    return followers, audience


def _contradictions(words: Mapping[str, str]) -> None:
    """Refuse shares of one public that are more than all of it."""
    shares = []
    for name in ("complaints", "trust"):
        plain = words[name].lower().removeprefix("poll").strip().removesuffix("%").strip()
        shares.append(float(plain.replace(" ", "")) if _NUMBER.fullmatch(plain) else 0.0)
    if sum(shares) > 100.0 and max(shares) <= 100.0:
        raise ConfigError(
            f"answer.complaints and answer.trust contradict each other: {shares[0]:g} of a hundred who think badly of "
            f"you and {shares[1]:g} who think well are more than a hundred; leave out those without an opinion."
        )


def _take_off_the_touched(read: dict[str, tuple[Choice, str]], words: Mapping[str, str]) -> None:
    """Take from a share of everybody what those whom the topic touches add to it: grievance is of the others."""
    choice, told = read["complaints"]
    if not any(letter.isdigit() for letter in words["complaints"]):
        return
    ((name, (low, high)),) = choice.ranges.items()
    touched = read["touched"][0].ranges[_COMMUNITY_SHARE]
    off = _TAKEN_OFF * 0.5 * sum(touched)
    width, least = high - low, max(0.01, low - off)
    read["complaints"] = Choice(choice.name, choice.says, {name: (least, least + width)}, {}, {}), told


def _together(read: Mapping[str, tuple[Choice, str]]) -> Answers:
    """Return what all answers say together."""
    ranges: dict[str, Range] = {}
    sets: dict[str, Any] = {}
    sources: dict[str, str] = {}
    asked: dict[str, str] = {}
    for each in questions():
        choice, told = read[each.id]
        unknown = choice.name == DONT_KNOW
        answer = "don't know" if unknown else f"your answer to question {each.number}: {_told(choice, told)}"
        source = f"assumed: {answer}" if unknown else f"answered: {answer}"
        for name, value in choice.sets.items():
            sets[name], sources[name] = value, source
        for name, span in choice.ranges.items():
            # what another answer implies is better than nothing known
            if not (unknown and name in ranges):
                ranges[name], sources[name] = span, source
            asked[name] = each.id
        for name, span in choice.otherwise.items():
            if name not in ranges:
                ranges[name], sources[name] = span, f"assumed: from {answer}"
                asked.setdefault(name, each.id)
    many = ranges.pop(FOLLOWERS) if FOLLOWERS in ranges else None
    followers = None if many is None else round((many[0] * many[1]) ** 0.5)
    _sized(followers, ranges, sets, sources)
    asked.pop(FOLLOWERS, None)
    return Answers({name: told for name, (_, told) in read.items()}, ranges, sets, sources, asked, followers)


def _told(choice: Choice, told: str) -> str:
    """Return an answer as the case file's sources repeat it."""
    return choice.says if choice.name != told else told if choice.says == told else f"{told}, {choice.says}"


def _sized(followers: int | None, ranges: Mapping[str, Range], sets: dict[str, Any], sources: dict[str, str]) -> None:
    """Work out how many rows the audience has."""
    name, share = "people.n_followers", 0.5 * sum(ranges[_FOLLOW_SHARE])
    if followers is None:
        sets[name], sources[name] = _USUAL_ROWS, "assumed: don't know"
        return
    people = max(_LEAST_ROWS, round(followers / share))
    sets[name] = min(people, _MOST_ROWS)
    own = sources.pop(FOLLOWERS)
    sources[name] = f"{own}; {followers:,} who follow you are {share:.2g} of those who could see the post"
    if people > _MOST_ROWS:
        sets["people.represents"] = people / _MOST_ROWS
        sources["people.represents"] = f"{people:,} people, of whom at most a million are simulated"


def read_answers_file(path: str | Path) -> dict[str, Any]:
    """Return the answers of a YAML file: ``openness: any_topic``, a line each.

    Raises
    ------
    ConfigError
        The file cannot be read, or holds something else.
    """
    import yaml

    place = path_of(path)
    try:
        content = yaml.safe_load(place.read_text(encoding="utf-8"))
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise ConfigError(f"answers must name a file that can be read; got {str(path)!r}: {reason}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        line = f", line {problem.problem_mark.line + 1}" if getattr(problem, "problem_mark", None) else ""  # type: ignore[union-attr]
        raise ConfigError(
            f"answers: {str(path)!r}{line} cannot be read; write a line for each answer, such as openness: any_topic."
        ) from None
    if not isinstance(content, dict):
        raise ConfigError(
            f"answers: {str(path)!r} must hold a line for each answer, such as openness: any_topic; "
            "backfire intake --questions prints them all."
        )
    return {str(name): answer for name, answer in content.items()}
