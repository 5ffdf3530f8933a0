"""What a browser says is taken as it is written, or refused with a sentence."""

from __future__ import annotations

import json
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from sim.warroom.words import Argument, Hello, Malformed, Mark, Name, Sentence, Word, read, vocabulary


class Answer(Word):
    t: Literal["answer"]
    name: Name = "A"
    sentence: Sentence = "Yes."
    why: Argument = ""
    move: Mark = "silent"
    share: float = Field(0.5, ge=0.0, le=1.0)
    picks: tuple[int, ...] = Field((), max_length=3)


WORDS = vocabulary(Answer, Hello)


def said(**body):
    return read(json.dumps({"t": "answer", "n": 1, **body}), WORDS)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"n": "1"}, r"answer\.n must be a valid integer"),
        ({"n": 0}, r"answer\.n must be greater than or equal to 1"),
        ({"n": True}, r"answer\.n must be a valid integer"),
        ({"n": 2**53}, r"answer\.n must be less than"),
        ({"share": "0.5"}, r"answer\.share must be a valid number"),
        ({"share": True}, r"answer\.share must be a valid number"),
        ({"share": 1.5}, r"answer\.share must be less than or equal to 1"),
        ({"move": "../../etc"}, r"answer\.move must match"),
        ({"name": "x" * 41}, r"answer\.name must have at most 40 characters"),
        ({"name": " \t\n "}, r"answer\.name must hold at least one letter"),
        ({"name": "\u200b\u3164\u2800"}, r"answer\.name must hold at least one letter"),
        ({"name": "\ufb2c" * 40}, r"answer\.name must have at most 40 characters, got 120"),
        ({"sentence": ["a"]}, r"answer\.sentence must be a valid string"),
        ({"picks": [1, 2, 3, 4]}, r"answer\.picks must have at most 3 items"),
        ({"more": 1}, r"answer\.more must not be given"),
        ({"t": "hello", "page": "p"}, r"hello\.as must be given"),
        ({"t": "sing"}, r"t must be one of answer, hello; got 'sing'"),
        ({"t": None}, r"t must be one of answer, hello; got 'NoneType'"),
    ],
)
def test_a_mistake_is_named(body, sentence):
    with pytest.raises(Malformed, match=sentence):
        said(**body)


@pytest.mark.parametrize(
    "text",
    [
        None, b"{}", "", "{", "[]", "3", "null", '"hello"', "NaN", '{"t": "answer", "n": NaN}', "[" * 5000,
        '{"a":' * 5000, '{"t": "answer", "n": 1, "share": 1e999}', '{"t": "answer", "n": 1, "name": "\\ud800"}',
        '{"t": "answer", "n": ' + "9" * 6000 + "}",
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(text):
    with pytest.raises(Malformed):
        read(text, WORDS)


def test_a_refusal_bears_the_number_that_it_answers():
    for body, n in (({"share": 7, "n": 12}, 12), ({"t": "sing", "n": 3}, 3), ({"n": "4"}, None), ({"n": True}, None)):
        with pytest.raises(Malformed) as refused:
            said(**body)
        assert refused.value.n == n


def test_what_people_wrote_is_freed_of_marks_that_are_no_letters():
    assert said(name="  Team\u202e \x07 Blau\n\t ").name == "Team Blau"
    assert said(why="One.\nTwo.\x00").why == "One.\nTwo."
    assert (
        said(sentence="<script>alert(1)</script> & \"so\" 'on'").sentence == "<script>alert(1)</script> & \"so\" 'on'"
    )
    assert said(name="Zoë 日本 العربية").name == "Zoë 日本 العربية"
    assert said(name="a" + "\u0301" * 30).name == "á" + "\u0301" * 4, "no pile of marks that covers other lines"
    assert said(name="👩\u200d👧 می\u200cخواهم").name == "👩\u200d👧 می\u200cخواهم", "what joins letters stays"


def test_what_was_made_plain_stays_as_it_is():
    for written in ("e\u202e\u0301", "\ufb2c" * 10, "a" + "\u0301" * 30, " \u200b x \u2028 y ", "가\u202e\u11a8"):
        once = said(name=written, why=written)
        again = said(name=once.name, why=once.why)
        assert (again.name, again.why) == (once.name, once.why)


def test_messages_are_frozen_and_lists_are_tuples():
    message = said(picks=[1, 2])
    assert message.picks == (1, 2)
    with pytest.raises(ValueError, match="frozen"):
        message.share = 0.1


scraps = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = scraps | st.lists(scraps, max_size=3) | st.dictionaries(st.text(max_size=5), scraps, max_size=3)
fields = st.sampled_from(["t", "n", "as", "page", "token", "name", "why", "share", "picks", "x"])


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.dictionaries(fields, anything, max_size=5))
def test_any_object_is_a_message_or_a_sentence(body):
    body.setdefault("t", "answer")
    try:
        message = read(json.dumps(body), WORDS)
    except Malformed as refused:
        assert str(refused).endswith(".") and "\n" not in str(refused) and len(str(refused)) < 400
    else:
        assert isinstance(message, Word)
