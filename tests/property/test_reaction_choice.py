"""What the rule must hold for any coefficients, any post and any person."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.config.post import PostConfig
from sim.config.reaction import ReactionConfig
from sim.reaction.actions import ACTIONS, ASK, B_CLIMATE, B_SOCIAL, COEFFICIENTS, IGNORE
from sim.reaction.choice import choose, weights

LAST = 1.0 - 2.0**-53
SHARE_CAMPAIGN, SHARE_COUNTER, WRITE_CAMPAIGN, WRITE_COUNTER, UNFOLLOW, FOLLOW = range(6)


def legal(model: type, name: str) -> st.SearchStrategy[float]:
    """Return the legal values of a parameter of the table, both ends among them."""
    bounds = {type(rule).__name__: rule for rule in model.model_fields[name].metadata}
    return st.floats(bounds["Ge"].ge, bounds["Le"].le, allow_nan=False)


COEF = st.tuples(*(legal(ReactionConfig, name) for name in COEFFICIENTS)).map(np.array)
POSTS = st.tuples(*(legal(PostConfig, name) for name in ASK)).map(np.array)
FEELING = st.integers(0, 2**16).map(lambda whole: whole / 2**16)
COUNT = st.one_of(st.integers(0, 5), st.integers(0, 65_535))


@dataclass(frozen=True)
class Person:
    grievance: float
    support: float
    extra_appeal: float
    hold: float
    committed: bool
    sources_campaign: int
    sources_counter: int
    seen_campaign: int
    seen_counter: int
    acts: int
    today: int
    can_share_campaign: bool
    can_share_counter: bool
    follows: bool


PEOPLE = st.builds(
    Person, FEELING, FEELING, st.floats(-1, 1), st.floats(0, 1), st.booleans(), COUNT, COUNT, COUNT, COUNT, COUNT,
    COUNT, st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip


def weigh(coef, post, person):
    return weights(coef, post, *vars(person).values())


def log_odds(weight):
    return math.log(weight) if weight > 0.0 else -math.inf


def rises(low, high):
    """Tell whether a weight does not fall, rounding of its own exponent aside."""
    return log_odds(high) >= log_odds(low) - 1e-9


@given(COEF, POSTS, PEOPLE, FEELING)
def test_more_grievance_never_lowers_the_log_odds_of_countering_against_ignoring(coef, post, person, other):
    low, high = sorted((person.grievance, other))
    calm, angry = (weigh(coef, post, replace(person, grievance=grievance)) for grievance in (low, high))
    assert rises(calm[SHARE_COUNTER], angry[SHARE_COUNTER])
    assert rises(calm[WRITE_COUNTER], angry[WRITE_COUNTER])


@given(COEF, POSTS, PEOPLE, FEELING)
def test_more_grievance_never_raises_the_log_odds_of_joining_against_ignoring(coef, post, person, other):
    low, high = sorted((person.grievance, other))
    calm, angry = (weigh(coef, post, replace(person, grievance=grievance)) for grievance in (low, high))
    assert rises(angry[SHARE_CAMPAIGN], calm[SHARE_CAMPAIGN])
    assert rises(angry[WRITE_CAMPAIGN], calm[WRITE_CAMPAIGN])
    assert rises(angry[FOLLOW], calm[FOLLOW])


@given(COEF, POSTS, PEOPLE, FEELING)
def test_more_support_never_lowers_the_odds_of_joining_nor_raises_those_of_countering(coef, post, person, other):
    low, high = sorted((person.support, other))
    cold, warm = (weigh(coef, post, replace(person, support=support)) for support in (low, high))
    assert rises(cold[SHARE_CAMPAIGN], warm[SHARE_CAMPAIGN])
    assert rises(cold[WRITE_CAMPAIGN], warm[WRITE_CAMPAIGN])
    assert rises(warm[SHARE_COUNTER], cold[SHARE_COUNTER])
    assert rises(warm[WRITE_COUNTER], cold[WRITE_COUNTER])


@given(COEF, POSTS, PEOPLE, PEOPLE, st.floats(0, LAST))
def test_without_reinforcement_and_climate_it_does_not_matter_how_often_a_frame_was_seen(
    coef, post, person, other, draw
):
    coef[[B_SOCIAL, B_CLIMATE]] = 0.0
    elsewhere = replace(
        person, sources_campaign=other.sources_campaign, sources_counter=other.sources_counter,
        seen_campaign=other.seen_campaign, seen_counter=other.seen_counter,
    )  # fmt: skip
    assert weigh(coef, post, person) == weigh(coef, post, elsewhere)
    assert choose(coef, post, *vars(person).values(), draw) == choose(coef, post, *vars(elsewhere).values(), draw)


@given(COEF, POSTS, PEOPLE)
def test_weights_are_finite_and_closed_options_have_none(coef, post, person):
    found = weigh(coef, post, person)
    assert all(0.0 <= weight < math.inf for weight in found)
    assert found[SHARE_CAMPAIGN] == 0.0 or person.can_share_campaign
    assert found[SHARE_COUNTER] == 0.0 or person.can_share_counter
    assert found[WRITE_COUNTER] == 0.0 or person.grievance > 0.0
    assert found[UNFOLLOW] == 0.0 or person.follows
    assert found[FOLLOW] == 0.0 or (not person.follows and person.can_share_campaign)


@given(COEF, POSTS, PEOPLE, st.floats(0, LAST))
def test_the_choice_is_the_first_whose_cumulative_weight_exceeds_the_draw(coef, post, person, draw):
    parts = [1.0, *weigh(coef, post, person)]
    level = draw * sum(parts)
    ends = np.cumsum(parts)
    # where the level lies too near an edge, the order of additions decides
    assume(np.abs(ends - level).min() > 1e-9 * ends[-1])
    assert choose(coef, post, *vars(person).values(), draw) == int(np.argmax(ends > level))


@given(COEF, POSTS, PEOPLE)
def test_the_largest_draw_takes_an_open_option_and_never_ignores_by_rounding(coef, post, person):
    parts = weigh(coef, post, person)
    assume(sum(parts) > 1e-9)
    action = choose(coef, post, *vars(person).values(), LAST)
    assert action != IGNORE, ACTIONS[action]
    assert parts[action - 1] > 0.0


@given(COEF, POSTS, PEOPLE)
def test_the_smallest_draw_ignores(coef, post, person):
    assert choose(coef, post, *vars(person).values(), 0.0) == IGNORE
