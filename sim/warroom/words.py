"""What browsers may say: each message is a frozen model, and a sentence for what is none.

A slice defines its messages as subclasses of :class:`Word`, each with its type as a literal, and gives its desk the
vocabulary of them::

    class Play(Word):
        t: Literal["play"]
        minutes_a_second: float = Field(ge=1, le=600)

    class Desk:
        words = vocabulary(Play, Pause)

Strings that people write are of the types :data:`Name`, :data:`Sentence` and :data:`Argument`; ids are
:data:`Mark`. Lists are tuples with a greatest length. Nothing is coerced: no "3" for 3, no true for 1, no nan.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import from_json

from sim.errors import BackfireError

_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Marks that turn the direction of the letters after them: a name could make others read something else."""
_RULES = {"missing": "must be given", "extra_forbidden": "must not be given: nothing has that name"}
LARGEST = 2**53 - 1
"""The largest number of a message: what JavaScript counts exactly."""


_MOST_MARKS = 4
"""Marks over and under one letter: more than any script needs, fewer than would run over the lines around."""
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that nobody sees."""


def _plain(written: str) -> str:
    """Return what people wrote without marks that are no letters; newlines stay. Nothing, if nothing is to be seen."""
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", "".join(filter(_shown, written))):
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    seen = any(unicodedata.category(letter)[0] in "LNPS" and letter not in _BLANK for letter in kept)
    return "".join(kept).strip() if seen else ""


def _shown(letter: str) -> bool:
    """Tell whether a letter is one that people write."""
    if letter == "\n":
        return True
    return (
        unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cn")
        and unicodedata.bidirectional(letter) not in _TURNING
    )


def _line(written: str) -> str:
    """Return what people wrote on one line; something must be left of it."""
    line = " ".join(_plain(written).split())
    if not line:
        raise ValueError("must hold at least one letter")
    return line


def at_most(letters: int) -> AfterValidator:
    """Return a check of what is left when it was made plain: writing a letter out in full may make two of it."""

    def short(written: str) -> str:
        if len(written) > letters:
            raise ValueError(f"must have at most {letters} characters, got {len(written)}")
        return written

    return AfterValidator(short)


Name = Annotated[str, StringConstraints(max_length=40), AfterValidator(_line), at_most(40)]
"""What people call themselves or their team."""
MemberName = Annotated[Name, at_most(24)]
"""What somebody is called in a team's tables; ``views/join.js`` tells how long it may be."""
Sentence = Annotated[str, StringConstraints(max_length=400), AfterValidator(_line), at_most(400)]
"""A sentence that a team would put out."""
Argument = Annotated[str, StringConstraints(max_length=1200), AfterValidator(_plain), at_most(1200)]
"""Why; may be empty, may have several lines."""
Mark = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]
"""The id of something."""
Secret = Annotated[str, StringConstraints(max_length=100)]
"""A token or a code."""


class Word(BaseModel):
    """A message of a browser: its type and its number, which counts up from one while a page is open."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True)

    t: str
    n: int = Field(ge=1, le=LARGEST)


class Hello(Word):
    """The first message: who speaks, and by what right.

    Attributes
    ----------
    role : str
        What a browser wants to be (``as`` on the wire): the name of a desk.
    page : str
        A random name that a page gives itself when it is loaded and keeps when its connection breaks: an answer that
        was lost on the way is given again instead of doing a thing twice.
    token, code, session : str or None
        As the desk wants them.
    """

    t: Literal["hello"]
    role: Mark = Field(alias="as")
    page: Mark
    token: Secret | None = None
    code: Secret | None = None
    session: Mark | None = None


Vocabulary = Mapping[str, type[Word]]


def vocabulary(*words: type[Word]) -> Vocabulary:
    """Return models by the types that they are."""
    return {kind: word for word in words for kind in word.model_fields["t"].annotation.__args__}  # type: ignore[union-attr]


class Malformed(BackfireError):
    """A message that is none; ``n`` is its number where it has one, else None."""

    def __init__(self, sentence: str, n: int | None = None) -> None:
        super().__init__(sentence)
        self.n = n


def read(text: str | bytes | None, words: Vocabulary) -> Word:
    """Return the message that a text is.

    Raises
    ------
    Malformed
        One sentence on the first thing that is wrong with it.
    """
    if not isinstance(text, str):
        raise Malformed("A message must be text, not bytes.")
    try:
        raw = from_json(text, allow_inf_nan=False)
    except ValueError as problem:
        raise Malformed("A message must be JSON, nested less than two hundred deep, without nan.") from problem
    if not isinstance(raw, dict):
        raise Malformed('A message must be an object, as in {"t": "hello", "n": 1}.')
    number, kind = raw.get("n"), raw.get("t")
    n = number if type(number) is int and 1 <= number <= LARGEST else None
    if not isinstance(kind, str) or kind not in words:
        told = kind[:40] if isinstance(kind, str) else type(kind).__name__
        raise Malformed(f"t must be one of {', '.join(sorted(words))}; got {told!r}.", n)
    try:
        return words[kind].model_validate_json(text)
    except ValidationError as problem:
        raise Malformed(_told(kind, problem), n) from None


def _told(kind: str, problem: ValidationError) -> str:
    """Return the sentence of the first mistake in a message."""
    first = problem.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part)[:40] for part in (kind, *first["loc"]))
    rule = first["msg"].removeprefix("Value error, ")
    for subject in ("Input", "String", "Tuple", "List", "Dictionary", "Value"):
        rule = rule.replace(f"{subject} should", "must", 1)
    rule = _RULES.get(first["type"], rule)
    said = rule if rule.startswith("must") else f"is not right: {rule[:1].lower()}{rule[1:]}"
    return f"{where} {said}."
