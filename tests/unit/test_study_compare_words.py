from __future__ import annotations

from typing import Any

import pytest

from sim.config.root import Configuration, changed
from sim.study.compare.compared import Choice, choices_beside
from sim.study.compare.words import about, assumed, chance, finding, if_of, points, sentences

BASE = Configuration()
ANSWERED = changed(BASE, {"policy": {"name": "own it", "rules": [{"move": "acknowledge", "at_minute": 30}]}})
WARMER = changed(BASE, {"post.appeal": 0.6})
QUESTION = {"margin": 0.05}


def row(
    choice: Choice, state: str | None, difference: tuple[float, float, float] | None, **more: Any
) -> dict[str, Any]:
    """Return a row of a table with what sentences read."""
    ends = difference or (None, None, None)
    names = ("hijacked_difference", "hijacked_difference_lo", "hijacked_difference_hi")
    return {
        "name": choice.name, "title": choice.title, "beside": choice.beside, "state": state, "replicates": 200,
        "hijacked": 0.19, "hijacked_lo": 0.14, "hijacked_hi": 0.25, "viral_positive": 0.0, "cost_hours": 1.0,
        "chance_lower": 0.97, "better": 0.2, "worse": 0.01, "tied": 0.79, "settle_replicates": None,
        **dict(zip(names, ends, strict=True)), **more,
    }  # fmt: skip


def told(*others: tuple[str, Configuration, str | None, tuple[float, float, float] | None, int | None]) -> str:
    """Return the finding of a comparison of such rows against silence."""
    choices = choices_beside({"silent": BASE} | {name: config for name, config, *_ in others}, "policy")
    rows = [row(choices[0], None, None, hijacked=0.31)]
    rows += [
        row(choice, state, difference, settle_replicates=enough)
        for choice, (_, _, state, difference, enough) in zip(choices[1 : 1 + len(others)], others, strict=True)
    ]
    rows += [row(choice, "lower", (-0.31, -0.4, -0.2)) for choice in choices[1 + len(others) :]]
    return finding(choices, rows, QUESTION)


def test_the_largest_settled_gain_is_the_finding_with_its_if() -> None:
    said = told(
        ("own it", ANSWERED, "lower", (-0.12, -0.19, -0.05), 90), ("warm", WARMER, "lower", (-0.02, -0.04, -0.01), 9)
    )
    assert said == (
        "policy=own it lowers P(hijacked) by 12 points (5 to 19) against policy=silent, from 31 to 19 of 100 runs, at "
        "1 working hour a run, if the counter pull that an acknowledgement takes from those who see it is 0.4 "
        "(agency.effects.acknowledge, assumed)."
    )


def test_a_loss_a_tie_and_what_is_open_are_told_as_such() -> None:
    assert told(("warm", WARMER, "higher", (0.12, 0.05, 0.19), 90)).startswith(
        "policy=warm raises P(hijacked) by 12 points (5 to 19) against policy=silent, from 31 to 19 of 100 runs"
    )
    alike, still = (0.0, -0.03, 0.03), (-0.02, -0.08, 0.04)
    assert told(("warm", WARMER, "alike", alike, None)) == (
        "policy=warm does not change P(hijacked) by 5 points or more against policy=silent (31 of 100 runs), if the "
        "coefficients of behaviour hold, which are set by hand."
    )
    both = told(("warm", WARMER, "alike", alike, None), ("own it", ANSWERED, "alike", alike, None))
    assert both.startswith("Neither of policy=warm and policy=own it changes P(hijacked) by 5 points or more")
    assert both.endswith("if agency.effects.acknowledge is as assumed.")
    assert told(("warm", WARMER, "open", still, 1234)).startswith(
        "200 replicates do not settle whether policy=warm changes P(hijacked) against policy=silent: by -2 points (-8 "
        "to +4); about 1,300 of each would, if "
    )
    assert "no number can be named that would" in told(("warm", WARMER, "open", still, None))
    assert told(("warm", WARMER, None, None, None)) == "No pair of runs came to an end."


def test_only_what_the_other_brings_in_is_a_condition() -> None:
    assert assumed(BASE, WARMER) == {} == assumed(ANSWERED, ANSWERED)
    assert list(assumed(BASE, ANSWERED)) == ["agency.effects.acknowledge"]
    local = changed(BASE, {"agency.voices": "local", "agency.local_accounts": 20, "agency.local_trust": 0.1})
    assert list(assumed(BASE, local)) == ["agency.local_trust"]
    listened = changed(ANSWERED, {"agency.listening_months": 6.0})
    assert list(assumed(ANSWERED, listened)) == ["agency.effects.listening"]
    assert if_of(BASE, None) == "since nothing is posted"


def test_each_choice_has_a_sentence_of_its_own() -> None:
    choices = choices_beside({"silent": BASE, "own it": ANSWERED}, "policy")
    rows = [row(choices[0], None, None), row(choices[1], "open", (-0.02, -0.08, 0.04), settle_replicates=800)]
    rows += [row(choices[2], "lower", (-0.19, -0.25, -0.14)), row(choices[3], None, None)]
    answered, nothing, listened = sentences(choices, rows, QUESTION)
    assert "is open (-2 points, -8 to +4); about 800 replicates of each would settle it" in answered
    assert "ends better in 20 of 100, worse in 1, the same in 79. It costs 1 working hour a run; if the" in answered
    assert nothing.startswith("Do not post: nothing happens, at no cost. Of 100 runs of policy=silent, 19 are hijacked")
    assert listened == "Listen for 6 months first: no pair of runs came to an end."


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0.0, "<0.001"), (1.0, ">0.999"), (0.5, "0.50"), (0.995, "0.995"), (0.004, "0.004")],
)
def test_no_probability_is_told_as_certain(value: float | None, text: str) -> None:
    assert chance(value) == text


def test_numbers_are_told_with_the_digits_that_they_have() -> None:
    assert [points(share) for share in (0.123, -0.004, 0.0, 1.0)] == ["12", "-0.4", "0", "100"]
    assert points(-0.0, signed=True) == "+0"
    assert [about(number) for number in (6, 41, 412, 12_345)] == ["about 6", "about 41", "about 420", "about 13,000"]
