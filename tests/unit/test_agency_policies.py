"""What the agency sees and does, by hand: signals, triggers, and each move's effect on the ask."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.agency import policies
from sim.agency.policies import EFFECTS, apply_move, effect_now, effect_vector, rule_fires, rule_table
from sim.agency.signals import last_observable, observed_frame, observed_share, wake_minute
from sim.config.agency import MOVES, AgencyConfig, EffectsConfig, PolicyConfig
from sim.reaction.actions import ASK

BEFORE = {"appeal": 0.4, "room": 0.6, "openness": 0.5, "salience": 0.3, "arousal": 0.2, "media": 0.1}
SIZES = {"clarify": 0.3, "acknowledge": 0.4, "engage": 0.5, "change_ask": 0.6, "post_else": 0.25, "else_appeal": 0.8,
         "withdraw": 0.9, "withdraw_backlash": 0.35, "defend": 0.15, "defend_backlash": 0.45,
         "when_trending": 0.5}  # fmt: skip
VECTOR = np.array([SIZES[name] for name in EFFECTS])


def after(move: str, *, skill: float = 0.5, trending: bool = False, observed: float = 0.0):
    """Return the effect's size and what the move has changed of the ask."""
    ask = np.array([BEFORE[name] for name in ASK])
    size = apply_move(MOVES.index(move), ask, VECTOR, skill, trending, observed)
    changed = {name: float(value) for name, value in zip(ASK, ask, strict=True) if value != BEFORE[name]}
    return size, changed


def test_the_vector_of_effects_holds_what_its_names_say():
    effects = EffectsConfig(**SIZES)
    np.testing.assert_array_equal(effect_vector(AgencyConfig(effects=effects)), VECTOR)


def test_an_effect_grows_with_skill_shrinks_while_trending_and_is_held_at_one():
    assert effect_now(0.4, 0.5, 0.5, False) == 0.4
    assert effect_now(0.4, 0.5, 0.5, True) == 0.2
    assert effect_now(0.4, 0.0, 0.5, False) == 0.2
    assert effect_now(0.4, 1.0, 0.5, False) == pytest.approx(0.6)
    assert effect_now(0.9, 1.0, 0.5, False) == 1.0
    assert effect_now(0.9, 1.0, 0.5, True) == pytest.approx(0.675)


@pytest.mark.parametrize(
    "move, size, changed",
    [
        ("silent", 0.0, {}),
        ("clarify", 0.3, {"openness": 0.5 * 0.7}),
        ("acknowledge", 0.4, {}),
        ("engage", 0.5, {}),
        ("amplify", 0.0, {}),
        ("change_ask", 0.6, {"room": 0.6 * 0.4, "openness": 0.5 * 0.4}),
        ("post_else", 0.25, {"appeal": 0.4 + 0.25 * 0.4, "salience": 0.3 * 0.75, "arousal": 0.2 * 0.75,
                             "room": 0.6 * 0.75}),
        ("withdraw", 0.9, {"room": 0.6 * 0.1}),
        ("defend", 0.15, {"appeal": 0.4 + 0.15 * 0.6}),
    ],
)  # fmt: skip
def test_each_move_changes_the_ask_as_the_model_says(move, size, changed):
    found = after(move)
    assert found[0] == pytest.approx(size, rel=1e-14)
    assert found[1] == pytest.approx(changed, rel=1e-14)


def test_moves_on_a_trending_tag_have_half_their_effect():
    assert after("clarify", trending=True) == (pytest.approx(0.15), {"openness": pytest.approx(0.5 * 0.85)})
    assert after("engage", trending=True)[0] == pytest.approx(0.25)
    assert after("acknowledge", trending=True)[0] == pytest.approx(0.2)
    assert after("defend", trending=True)[1] == {"appeal": pytest.approx(0.4 + 0.075 * 0.6)}


def test_withdrawing_a_trending_call_feeds_it_whatever_the_skill():
    for skill in (0.0, 1.0):
        assert after("withdraw", trending=True, skill=skill)[1] == {"arousal": pytest.approx(0.2 + 0.35 * 0.8)}
    # an untrended one ends with it, and when_trending has no say
    assert after("withdraw", skill=0.0)[1] == {"room": pytest.approx(0.6 * 0.55)}


def test_a_defence_stirs_where_critics_are_in_the_majority():
    assert "arousal" not in after("defend", observed=0.5)[1]
    assert after("defend", observed=0.51)[1]["arousal"] == pytest.approx(0.2 + 0.45 * 0.8)
    assert after("defend", observed=0.51, skill=0.0)[1]["arousal"] == pytest.approx(0.2 + 0.45 * 0.8)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("level", [0.0, 1.0])
def test_no_move_leads_the_ask_out_of_its_bounds(move, level):
    for trending in (True, False):
        ask = np.full(len(ASK), level)
        apply_move(MOVES.index(move), ask, np.ones(len(EFFECTS)), 1.0, trending, 1.0)
        assert ((ask >= 0.0) & (ask <= 1.0)).all()


def table(**rule: object) -> np.ndarray:
    return rule_table(PolicyConfig(rules=[{"move": "clarify", **rule}]))[0]


def test_a_rule_fires_when_all_its_triggers_hold():
    at_minute = table(at_minute=30)
    assert [rule_fires(at_minute, minute, 0, 0) for minute in (0, 29, 30, 31)] == [False, False, True, True]
    share = table(counter_share=0.5)
    assert not rule_fires(share, 0, 0, 4)  # four messages are too few to tell
    assert rule_fires(share, 0, 2, 3)
    assert rule_fires(share, 0, 3, 3)
    assert not rule_fires(share, 0, 4, 3)
    assert not rule_fires(table(counter_share=0.0), 0, 2, 2)
    assert rule_fires(table(counter_share=0.0), 0, 5, 0)
    rate = table(messages_an_hour=10.0)
    assert not rule_fires(rate, 0, 9, 0)
    assert rule_fires(rate, 0, 9, 1)
    assert rule_fires(table(messages_an_hour=0.0), 0, 0, 0)
    both = table(at_minute=30, counter_share=0.5, messages_an_hour=10.0)
    assert rule_fires(both, 30, 5, 5)
    assert not rule_fires(both, 29, 5, 5)
    assert not rule_fires(both, 30, 6, 5)
    assert not rule_fires(both, 30, 4, 5)


def test_a_policy_table_holds_moves_and_triggers_in_order():
    policy = PolicyConfig(rules=[{"move": "withdraw", "at_minute": 7}, {"move": "engage", "counter_share": 0.25}])
    none = policies.NOT_GIVEN
    assert rule_table(policy).tolist() == [
        [policies.WITHDRAW, 7.0, none, none, none], [policies.ENGAGE, none, 0.25, none, none]
    ]  # fmt: skip
    assert rule_table(PolicyConfig()).shape == (0, 5)


def test_the_agency_sees_late_and_misreads():
    assert last_observable(100, 15) == 84
    assert last_observable(0, 0) == -1
    assert [observed_frame(frame, draw, 0.15) for frame in (0, 1) for draw in (0.1, 0.15)] == [1, 0, 0, 1]
    assert observed_frame(1, 0.0, 0.0) == 1
    assert observed_share(0, 0) == 0.0
    assert observed_share(1, 3) == 0.75


def test_an_answered_person_looks_after_an_exponential_wait():
    assert wake_minute(50, 0.0, 10.0) == 51
    assert wake_minute(50, 0.5, 10.0) == 51 + math.floor(10 * math.log(2))
    assert wake_minute(50, 0.999, 0.0) == 51
    assert wake_minute(43_199, 1.0 - 2.0**-53, 10_000.0) == 43_200 + math.floor(10_000 * 53 * math.log(2))
