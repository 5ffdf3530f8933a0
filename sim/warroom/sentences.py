"""What a message of a simulated person might say: made-up, neutral sentences by what was asked and what it does.

Nobody wrote them, and no run reads them: a feed on the page shows them so that a frame has words. A message keeps its
sentence in every view, run and branch, since the sentence is a pure function of the message's key.

Source: ``conf/deck/sentences.yaml``, written for Backfire.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np

from sim.config.root import Configuration
from sim.errors import unknown_name
from sim.rng import draw

FRAMES = ("campaign", "counter")
KINDS = ("original", "share")
ASKS = ("statement", "photo_call", "open_question", "q_and_a", "police_day", "bulletin")
VOICES = ("post", "statement", "acknowledgement", "reply", "boost", "story")
"""Kinds of messages that the sender's accounts and newsrooms put out (``sim.engine.record.Kind``)."""

_STREAM = np.uint64(0x5E_7E_9C_E5)
_MASK = 2**64 - 1
_LITTLE = 0.2
"""Appeal and room below which a statement with no more to it reads as a bulletin."""


def ask_of(configuration: Configuration) -> str:
    """Return which of ``ASKS`` a campaign's sentences answer: its ask, or the kind of its statement."""
    post, agency = configuration.post, configuration.agency
    if post.ask != "statement":
        return post.ask
    if agency.voices != "central" and post.repeats > 1:
        return "police_day"
    return "bulletin" if post.appeal < _LITTLE and post.room < _LITTLE else "statement"


def sentence(
    frame: Literal["campaign", "counter"],
    kind: Literal["original", "share"],
    ask: str,
    key: int,
    *,
    tag: str = "",
    family: str = "",
    cohort: str = "",
) -> str:
    """Return what a participant's message says.

    Parameters
    ----------
    frame, kind : str
        What the message does: one of ``FRAMES``, of ``KINDS``.
    ask : str
        One of ``ASKS`` (:func:`ask_of`).
    key : int
        The message's key: the same key, the same sentence.
    tag : str
        The campaign's tag; without one the sentence stands alone.
    family, cohort : str
        Kind of sender and age band of the author, for sentences that only they have; unknown ones add nothing.

    Raises
    ------
    ConfigError
        There is no such frame, kind or ask.
    """
    for name, seen, known in (("frame", frame, FRAMES), ("kind", kind, KINDS), ("ask", ask, ASKS)):
        if seen not in known:
            raise unknown_name(name, seen, known)
    return _told(choices(frame, kind, ask, family, cohort), key, tag)


def spoken(kind: str, ask: str, key: int, *, tag: str = "") -> str:
    """Return what a message of the sender or of a newsroom says; ``kind`` is one of ``VOICES``.

    Raises
    ------
    ConfigError
        There is no such kind or ask.
    """
    for name, seen, known in (("kind", kind, VOICES), ("ask", ask, ASKS)):
        if seen not in known:
            raise unknown_name(name, seen, known)
    found = content()["voices"][kind]
    return _told(tuple(found[ask] if kind == "post" else found), key, tag)


@cache
def choices(frame: str, kind: str, ask: str, family: str = "", cohort: str = "") -> tuple[str, ...]:
    """Return the sentences of which a message takes one, ``{tag}`` unfilled."""
    read = content()
    parts = (read["always"], read["asks"][ask], read["families"].get(family), read["cohorts"].get(cohort))
    return tuple(text for part in parts if part for text in part.get(frame, {}).get(kind, ()))


@cache
def content() -> dict[str, Any]:
    """Return ``conf/deck/sentences.yaml`` as it stands."""
    import yaml

    text = (files("sim.conf") / "deck" / "sentences.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def _told(texts: tuple[str, ...], key: int, tag: str) -> str:
    """Return the sentence of a key, with the tag filled in."""
    uniform = draw(_STREAM, np.uint64(key & _MASK), np.uint64(len(texts)))
    return " ".join(texts[int(uniform * len(texts))].replace("{tag}", tag).split())
