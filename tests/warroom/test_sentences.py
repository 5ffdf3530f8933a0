"""Sentences of simulated people are many, short and neutral, and a message keeps its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from sim.catalogue.registry import load_case
from sim.config.people import COHORTS
from sim.errors import ConfigError
from sim.warroom.sentences import ASKS, FRAMES, KINDS, VOICES, ask_of, choices, content, sentence, spoken

CELLS = tuple(product(FRAMES, KINDS, ASKS))
LONGEST = 100
"""Characters of a sentence without its tag."""
SPOKEN_NAMES = {"I", "Friday", "June", "March", "News", "Simple", "Thursday", "Tuesday"}
"""What begins with a capital inside a sentence, and is nobody's name."""


def texts(part: Any = None) -> Iterator[str]:
    part = content() if part is None else part
    if isinstance(part, str):
        yield part
    else:
        for each in part.values() if isinstance(part, dict) else part:
            yield from texts(each)


@pytest.mark.parametrize(("frame", "kind", "ask"), CELLS)
def test_every_cell_holds_twelve_sentences_or_more_and_none_twice(frame, kind, ask):
    found = choices(frame, kind, ask)
    assert len(found) >= 12
    assert len(set(found)) == len(found)


def test_no_sentence_serves_both_frames():
    both = {text for kind, ask in product(KINDS, ASKS) for text in choices("campaign", kind, ask)} & {
        text for kind, ask in product(KINDS, ASKS) for text in choices("counter", kind, ask)
    }
    assert not both


def test_sentences_are_short_plain_and_name_nobody():
    found = list(texts())
    assert len(found) > 200
    for text in found:
        bare = text.replace("{tag}", "").strip()
        assert 6 <= len(bare) <= LONGEST, text
        assert text.count("{tag}") == 1, text
        assert text.startswith("{tag} ") or text.endswith(" {tag}"), f"cannot do without its tag: {text}"
        assert not set(bare) & set('#@<>{}&"\n'), text
        assert "http" not in bare, text
        inside = re.findall(r"(?<=[a-z,;:] )[A-Z]\w*", bare)
        assert set(inside) <= SPOKEN_NAMES, text


def test_a_message_keeps_its_sentence_and_messages_differ():
    keys = [7, 2**63 + 5, 2**64 - 1, *range(1000, 3000)]
    first = [sentence("counter", "original", "photo_call", key, tag="#us", family="police") for key in keys]
    again = [sentence("counter", "original", "photo_call", key, tag="#us", family="police") for key in reversed(keys)]
    assert first == again[::-1]
    counted = Counter(first)
    assert set(counted) == {
        text.replace("{tag}", "#us") for text in choices("counter", "original", "photo_call", "police")
    }
    assert max(counted.values()) < 3 * min(counted.values())


def test_age_and_kind_of_sender_add_and_never_take_away():
    for frame, kind, ask in CELLS:
        for cohort in (*COHORTS, "nobody"):
            assert set(choices(frame, kind, ask, "police", cohort)) >= set(choices(frame, kind, ask))
    assert set(content()["cohorts"]) <= set(COHORTS)
    assert len(choices("counter", "original", "q_and_a", "bank")) > len(choices("counter", "original", "q_and_a"))


TOPICS = {
    "police": "film|arrest|officer|was stopped",
    "bank": "savings|homes|instalment|rescued|sign\\b|fine\\b|inquiry",
    "food": "meal|tea\\b|fries|kitchen|doctor|cheap|prices|birthday|counter",
}
"""Words of one kind of sender, which no other would be told; what a photo call, a police day and a bulletin ask is told
to police stations alone."""


@pytest.mark.parametrize("family", ["police", "bank", "food", "energy", ""])
def test_no_sender_is_told_what_only_another_kind_would_be(family):
    others = "|".join(words for name, words in TOPICS.items() if name != family)
    for frame, kind, ask, cohort in product(FRAMES, KINDS, ("statement", "open_question", "q_and_a"), COHORTS):
        for text in choices(frame, kind, ask, family, cohort):
            assert not re.search(rf"\b({others})", text), text


def test_without_a_tag_a_sentence_stands_alone():
    for key in range(60):
        told = sentence("campaign", "original", "bulletin", key)
        assert told == told.strip() and "  " not in told and "{" not in told
        assert "#calm" in sentence("campaign", "original", "bulletin", key, tag="#calm")


@pytest.mark.parametrize("kind", VOICES)
def test_the_sender_and_newsrooms_have_words_for_every_ask(kind):
    assert all(spoken(kind, ask, 11, tag="#us").count("#us") <= 1 for ask in ASKS)


@pytest.mark.parametrize(
    ("case", "ask"),
    [("my_nypd", "photo_call"), ("ask_jpm", "q_and_a"), ("mcd_stories", "open_question"),
     ("police_twitter_day", "police_day"), ("station_bulletin", "bulletin"), ("officer_injured", "statement")],
)  # fmt: skip
def test_a_campaign_gets_the_sentences_of_what_it_asks(case, ask):
    assert ask_of(load_case(case)) == ask


def test_what_does_not_exist_is_told():
    with pytest.raises(ConfigError, match="frame must be one of campaign, counter"):
        sentence("hostile", "original", "statement", 1)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="ask must be one of bulletin"):
        sentence("counter", "share", "poem", 1)
    with pytest.raises(ConfigError, match="kind must be one of"):
        spoken("rumour", "statement", 1)
