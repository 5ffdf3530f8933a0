"""The rule, worked out by hand: pulls, weights, and the order in which a draw goes through the actions."""

from __future__ import annotations

import math
from itertools import accumulate

import numpy as np
import pytest

from sim.config.post import PostConfig
from sim.config.reaction import ReactionConfig
from sim.reaction import actions
from sim.reaction.actions import COEFFICIENTS, ask_vector, coefficient_vector
from sim.reaction.choice import choose, climate_of, held, pull_campaign, pull_counter, weights

LAST = 1.0 - 2.0**-53  # the largest draw there is
SHARE_CAMPAIGN, SHARE_COUNTER, WRITE_CAMPAIGN, WRITE_COUNTER, UNFOLLOW, FOLLOW = range(6)

COEF = {"b_share": -4.0, "b_write": -3.0, "b_value": 2.0, "b_outrage": 1.5, "b_social": 0.5, "b_climate": 0.4,
        "b_room": 1.0, "cross": 0.5, "fatigue": 0.7, "b_leave": -5.0, "b_bore": 0.6, "b_follow": -6.0,
        "b_warm": 0.3}  # fmt: skip
ASK = {"appeal": 0.6, "room": 0.5, "openness": 0.25, "salience": 0.2, "arousal": 0.4, "media": 0.8}
PERSON = {"grievance": 0.5, "support": 0.7, "extra_appeal": 0.0, "hold": 1.0, "committed": False,
          "sources_campaign": 3, "sources_counter": 1, "seen_campaign": 5, "seen_counter": 2, "acts": 1, "today": 2,
          "can_share_campaign": True, "can_share_counter": True, "follows": True}  # fmt: skip


def coefficients(**changes: float) -> np.ndarray:
    return np.array([(COEF | changes)[name] for name in COEFFICIENTS])


def ask(**changes: float) -> np.ndarray:
    return np.array([(ASK | changes)[name] for name in actions.ASK])


def weigh(coef: np.ndarray | None = None, post: np.ndarray | None = None, **person: object) -> tuple[float, ...]:
    return weights(coefficients() if coef is None else coef, ask() if post is None else post,
                   *(PERSON | person).values())  # fmt: skip


def act(draw: float, coef: np.ndarray | None = None, post: np.ndarray | None = None, **person: object) -> str:
    number = choose(coefficients() if coef is None else coef, ask() if post is None else post,
                    *(PERSON | person).values(), draw)  # fmt: skip
    return actions.ACTIONS[number]


def test_the_vectors_hold_what_their_names_say():
    reaction, post = ReactionConfig(), PostConfig(appeal=0.11, media=0.77, arousal=0.33)
    in_rounds = {
        "transmission",
        "threshold",
        "threshold_spread",
        "initial",
        "initial_adopters",
        "own",
    }  # other rules' values
    values = reaction.model_dump(exclude={"rule"} | in_rounds)
    assert dict(zip(COEFFICIENTS, coefficient_vector(reaction), strict=True)) == values
    vector = ask_vector(post)
    assert [vector[j] for j in (actions.APPEAL, actions.MEDIA, actions.AROUSAL)] == [0.11, 0.77, 0.33]
    assert [vector[j] for j in (actions.ROOM, actions.OPENNESS, actions.SALIENCE)] == [0.3, 0.3, 0.3]


def test_the_campaign_pulls_by_appeal_to_support_less_what_grievance_holds_back():
    # 2 * (0.6 * 0.7 - 0.5 * 0.5)
    assert pull_campaign(coefficients(), 0.6, 0.5, 0.7) == pytest.approx(0.34, rel=1e-15)
    assert pull_campaign(coefficients(cross=0.0), 0.6, 0.5, 0.7) == pytest.approx(0.84, rel=1e-15)
    assert pull_campaign(coefficients(), 0.0, 0.0, 1.0) == 0.0


def test_the_counter_frame_pulls_by_nearness_and_anger_less_what_support_holds_back():
    # nearness 0.2 + 0.25 * 0.8 = 0.4; (2 + 1.5 * 0.4) * 0.4 * 0.5 = 0.52; less 2 * 0.5 * 0.7 = 0.7
    assert pull_counter(coefficients(), ask(), 0.5, 0.7, 1.0) == pytest.approx(-0.18, rel=1e-14)
    # what an acknowledgement leaves is of the drive alone
    assert pull_counter(coefficients(), ask(), 0.5, 0.7, 0.25) == pytest.approx(0.13 - 0.7, rel=1e-14)
    assert pull_counter(coefficients(), ask(), 0.5, 0.7, 0.0) == pytest.approx(-0.7, rel=1e-15)
    # at full openness, or full salience, the topic lies as near as it can
    near = pull_counter(coefficients(), ask(openness=1.0), 0.5, 0.0, 1.0)
    assert near == pull_counter(coefficients(), ask(salience=1.0, openness=0.0), 0.5, 0.0, 1.0)
    assert near == pytest.approx(1.3, rel=1e-15)


def test_the_climate_is_what_was_seen_drawn_to_the_middle():
    assert climate_of(0, 0) == 0.0
    assert climate_of(5, 2) == pytest.approx(3 / 9)
    assert climate_of(2, 5) == -climate_of(5, 2)
    assert climate_of(65_535, 0) == 65_535 / 65_537


def test_weights_at_known_numbers():
    social = [0.5 * math.log(4), 0.5 * math.log(2)]
    climate, tired, room, warm = 0.4 / 3, 0.7, 0.5, 0.24
    expected = [
        math.exp(-4 + 0.34 + social[0] + climate - tired),
        math.exp(-4 - 0.18 + social[1] - climate - tired),
        math.exp(-3 + 0.34 + room + climate - tired),
        math.exp(-3 - 0.18 + room - climate - tired),
        math.exp(-5 + 0.6 * math.log(3) + 1.0 - warm),
        0.0,
    ]
    assert weigh() == pytest.approx(expected, rel=1e-13)


def test_others_can_begin_to_follow_where_sharing_the_campaign_is_open():
    # b_follow + pull + warmth of the picture
    assert weigh(follows=False)[UNFOLLOW:] == (0.0, pytest.approx(math.exp(-6 + 0.34 + 0.24), rel=1e-13))
    assert weigh(follows=False, can_share_campaign=False)[UNFOLLOW:] == (0.0, 0.0)


def test_closed_options_weigh_nothing():
    assert weigh(can_share_campaign=False)[SHARE_CAMPAIGN] == 0.0
    assert weigh(can_share_counter=False)[SHARE_COUNTER] == 0.0
    assert weigh(grievance=0.0)[WRITE_COUNTER] == 0.0
    assert weigh(grievance=2.0**-16)[WRITE_COUNTER] > 0.0
    everything = weigh()
    for name, option in (("can_share_campaign", SHARE_CAMPAIGN), ("can_share_counter", SHARE_COUNTER)):
        others = [j for j in range(6) if j != option]
        closed = weigh(**{name: False})
        assert [closed[j] for j in others] == [everything[j] for j in others]


def test_activists_and_allies_do_not_heed_the_climate():
    assert weigh(committed=True) == weigh(coef=coefficients(b_climate=0.0))
    assert weigh(committed=True) != weigh()


def test_a_local_account_adds_to_the_appeal_within_its_bounds():
    assert weigh(extra_appeal=0.3) == pytest.approx(weigh(post=ask(appeal=0.9)), rel=1e-15)
    assert weigh(extra_appeal=5.0) == weigh(post=ask(appeal=1.0))
    assert weigh(extra_appeal=-5.0) == weigh(post=ask(appeal=0.0))
    assert [held(x) for x in (-0.1, 0.0, 0.4, 1.0, 1.1)] == [0.0, 0.0, 0.4, 1.0, 1.0]


def test_a_draw_goes_through_the_actions_in_their_order():
    for follows, last in ((True, "unfollow"), (False, "follow")):
        order = ["ignore", "share_campaign", "share_counter", "write_campaign", "write_counter", last]
        parts = [1.0, *(weight for weight in weigh(follows=follows) if weight > 0)]
        ends = list(accumulate(parts))
        assert len(parts) == len(order)
        for name, begin, end in zip(order, [0.0, *ends], ends, strict=False):
            inside = (0.001, 0.5, 0.999)
            draws = [(begin + part * (end - begin)) / ends[-1] for part in inside]
            assert [act(draw, follows=follows) for draw in draws] == [name] * 3, name
    assert act(0.0) == "ignore"


def test_the_share_of_draws_for_an_action_is_its_weight():
    coef = coefficients(b_share=-1.0, b_write=-0.5, b_leave=-1.0)
    draws = (np.arange(4000) + 0.5) / 4000
    counts = np.bincount([actions.ACTIONS.index(act(draw, coef)) for draw in draws], minlength=7)
    parts = np.array([1.0, *weigh(coef)])
    assert np.abs(counts / 4000 - parts / parts.sum()).max() <= 1.0 / 4000


@pytest.mark.parametrize("size", [-1000.0, -30.0, 30.0, 1000.0])
@pytest.mark.parametrize("grievance", [0.0, 1.0])
@pytest.mark.parametrize("support", [0.0, 1.0])
def test_extremes_stay_finite_and_open_options_are_taken(size, grievance, support):
    for name in COEFFICIENTS:
        coef = coefficients(**{name: size})
        for follows in (True, False):
            person = {"grievance": grievance, "support": support, "follows": follows, "acts": 65_535, "today": 65_535,
                      "seen_campaign": 65_535, "sources_campaign": 65_535}  # fmt: skip
            found = weigh(coef, **person)
            assert all(math.isfinite(weight) and weight >= 0.0 for weight in found)
            assert (found[WRITE_COUNTER] > 0.0) <= (grievance > 0.0)
            for draw in (0.0, 0.25, 0.5, 0.75, LAST):
                act(draw, coef, **person)


@pytest.mark.parametrize("size", [30.0, 300.0, 1e3, 1e6, 1e300])
def test_no_overflow_chooses_ignore_in_silence(size):
    calm = {"acts": 0, "follows": False}
    assert act(0.5, coefficients(b_share=size), can_share_counter=False, **calm) == "share_campaign"
    assert act(0.5, coefficients(b_share=size), can_share_campaign=False, **calm) == "share_counter"
    assert act(0.5, coefficients(b_write=size), grievance=0.0, **calm) == "write_campaign"
    assert act(0.999, coefficients(b_write=size), **calm) == "write_counter"
    assert act(0.5, coefficients(b_leave=size), acts=0) == "unfollow"
    assert act(0.5, coefficients(b_follow=size), **calm) == "follow"
    # two options beyond what can be told apart share the draws evenly
    both = coefficients(b_write=max(size, 400.0))
    assert act(0.49, both, **calm) == "write_campaign"
    assert act(0.51, both, **calm) == "write_counter"


@pytest.mark.parametrize("size", [-30.0, -1e3, -1e300])
def test_options_of_no_pull_at_all_leave_ignoring(size):
    coef = coefficients(b_share=size, b_write=size, b_leave=size, b_follow=size)
    assert act(1.0 - 1e-9, coef) == act(1.0 - 1e-9, coef, follows=False) == "ignore"


def test_rounding_does_not_lead_the_largest_draw_back_to_ignoring():
    # after six subtractions the largest draw may stand at, or beyond, the end of the last open option
    past_the_end = 0
    for step in range(200):
        coef = coefficients(b_share=step / 100, b_write=step / 77, b_leave=-1.0 - step / 60)
        for follows in (True, False):
            parts = weigh(coef, follows=follows, can_share_campaign=False)
            level = LAST * (1.0 + parts[1] + parts[2] + parts[3] + parts[4])
            for part in (1.0, *parts[1:5]):
                level -= part
            past_the_end += level >= 0.0
            expected = "unfollow" if follows else "write_counter"
            assert act(LAST, coef, follows=follows, can_share_campaign=False) == expected
    assert past_the_end > 5
