"""Answers and their minutes: what a choice is called, what a swept policy does when, and what is said of results."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.catalogue.compose import compose
from sim.catalogue.groups import choices
from sim.config.agency import PolicyConfig
from sim.errors import ConfigError
from sim.report.policies_draw import frontier
from sim.study.answers.evens import runner_up
from sim.study.answers.library import choices_beside, in_words, inputs_over, own_effects, policy_named, policy_title
from sim.study.answers.outcomes import OUTCOMES, judged_by
from sim.study.answers.window import answered_at
from sim.study.answers.window_words import finding as window_finding
from sim.study.answers.words import break_even_sentence, break_even_sentences, finding


def policy(*rules: dict) -> PolicyConfig:
    """Return a policy of these rules."""
    return PolicyConfig(name="mine", rules=rules)


def test_a_swept_policy_makes_its_moves_at_the_minute_whatever_is_seen():
    swept = answered_at(policy({"move": "acknowledge", "counter_share": 0.5}, {"move": "withdraw", "at_minute": 3}), 20)
    assert [(rule.move, rule.at_minute, rule.counter_share) for rule in swept.rules] == [
        ("acknowledge", 20, None), ("withdraw", 20, None),
    ]  # fmt: skip


def test_moves_that_were_timed_keep_their_distances():
    swept = answered_at(policy({"move": "acknowledge", "at_minute": 30}, {"move": "change_ask", "at_minute": 90}), 5)
    assert [rule.at_minute for rule in swept.rules] == [5, 65]
    with pytest.raises(ConfigError, match="mine makes none"):
        answered_at(policy(), 5)


def test_not_posting_listening_and_silence_come_before_every_named_policy():
    base, _ = compose(["case=my_nypd"])
    assert [choice.name for choice in choices_beside(base, ["defend"])] == ["do_not_post", "listen", "silent", "defend"]
    every = [choice.name for choice in choices_beside(base, None)]
    assert set(every) == {"do_not_post", "listen", *choices("policy")}
    assert len(every) == len(set(every))


def test_a_shipped_policy_is_the_one_that_a_configuration_composes():
    names = choices("policy")
    assert names
    for name in names:
        assert policy_named(name) == compose([f"policy={name}"])[0].policy


def test_rules_of_the_configurations_own_are_ranked_too():
    base, _ = compose(["case=my_nypd", "policy.rules=[{move: defend, at_minute: 5}]"])
    own = choices_beside(base, ["defend"])[-1]
    assert (own.name, own.title) == ("own", "Stand by the post after 5 min")
    assert own.of(base).policy.rules == base.policy.rules


def test_what_a_policy_does_is_said_in_words():
    said = policy_title(policy({"move": "acknowledge", "counter_share": 0.5, "messages_an_hour": 100},
                               {"move": "withdraw", "at_minute": 180}))  # fmt: skip
    assert said == (
        "Own the complaint once 50 % of what is seen is counter and from 100 messages an hour on; "
        "take the call back after 3 h"
    )
    assert policy_title(policy()) == "Keep silent"
    assert [in_words(minute) for minute in (5, 60, 77, 90, 180, 1440)] == [
        "5 min",
        "1 h",
        "77 min",
        "1.5 h",
        "3 h",
        "24 h",
    ]


def test_draws_hold_the_effects_of_all_answers_and_nothing_that_fixes_the_graph():
    base, _ = compose(["case=my_nypd"])
    asked = [choice.of(base) for choice in choices_beside(base, ["acknowledge", "withdraw"])[1:]]
    names = [item.name for item in inputs_over(asked)]
    effects = [name for name in names if name.startswith("agency.effects.")]
    assert {"agency.effects.acknowledge", "agency.effects.withdraw", "agency.effects.listening"} <= set(effects)
    assert "agency.effects.defend" not in names
    assert "people.grievance_mean" in names
    assert not any(name.startswith("network.") or name == "people.community_share" for name in names)
    assert [item.name for item in inputs_over(asked, effects_alone=True)] == effects
    assert [item.name for item in own_effects(asked[3])] == ["agency.effects.withdraw"]  # its backlash is not its size


def test_the_runner_up_makes_other_moves_than_the_winner():
    names = ["withdraw_20min", "withdraw", "silent", "acknowledge"]
    asked = [compose(["case=my_nypd", f"policy={name}"])[0] for name in names]
    assert runner_up([0, 1, 3, 2], asked) == 3
    assert runner_up([0, 1], asked) is None


def test_only_choices_that_none_is_as_cheap_and_as_good_as_are_on_the_frontier():
    table = pd.DataFrame({"choice": list("abcd"), "hours": [0.0, 1.0, 1.0, 4.0], "expected": [0.5, 0.3, 0.4, 0.3]})
    assert frontier(table, 1.0) == ["a", "b"]
    assert frontier(table, -1.0) == ["a"]


def test_outcomes_are_numbers_that_every_run_has():
    runs = pd.DataFrame({
        "verdict": ["hijacked", "viral_positive", "fizzled", None], "failed": ["", "", "", "died"],
        "hijack_share": [0.8, 0.25, float("nan"), float("nan")], "messages": [10.0, 4.0, 0.0, float("nan")],
        "followers_lost": [3.0, 0.0, 0.0, float("nan")],
    })  # fmt: skip
    found = {name: judged.of(runs) for name, judged in OUTCOMES.items()}
    assert found["hijacked"][:3].tolist() == [1.0, 0.0, 0.0]
    assert found["balance"][:3].tolist() == [1.0, -1.0, 0.0]
    assert found["hijack_share"][:3].tolist() == [0.8, 0.25, 0.0]
    assert found["counter_messages"][:3].tolist() == [8.0, 1.0, 0.0]
    assert all(values[3] != values[3] for values in found.values())  # a run that failed is not a run that went well
    with pytest.raises(ConfigError, match="likes"):
        judged_by("likes")


def ranking(expected: list[float], apart: list[bool]) -> pd.DataFrame:
    """Return a table of ranked choices, silence last."""
    names = ["change_ask", "listen", "silent"]
    return pd.DataFrame({
        "rank": [1, 2, 3], "choice": names, "expected": expected, "expected_lo": [each - 0.1 for each in expected],
        "expected_hi": [each + 0.1 for each in expected], "apart": apart, "viral_positive": [0.5, 0.4, 0.2],
    })  # fmt: skip


EVEN = {
    "criterion": "expected", "winner": "change_ask", "second": "listen", "effect": "agency.effects.change_ask",
    "central": 0.5, "low": 0.2, "high": 0.8, "at": 0.31, "at_lo": None, "at_hi": 0.42, "rises": True, "never": False,
    "least_lead": -0.1, "least_lead_lo": -0.2, "least_lead_hi": 0.0,
}  # fmt: skip


def test_a_finding_names_the_leader_who_ties_with_it_and_where_another_overtakes():
    summary = {"by": "hijacked", "draws": 64, "tied": ["change_ask", "listen"], "breakeven": [EVEN]}
    assert finding(summary, ranking([0.2, 0.25, 0.6], [False, False, True])) == (
        "change_ask leads: 20 (10 to 30) of 100 runs hijacked, silence 60 (50 to 70); viral positive 50, silence 20. "
        "It cannot be told apart from listen. "
        "listen overtakes where the effect is: change_ask below 0.31 (assumed 0.5)."
    )


def test_answers_that_end_alike_are_said_to():
    summary = {"by": "hijacked", "draws": 64, "tied": ["change_ask", "listen", "silent"], "breakeven": []}
    assert finding(summary, ranking([0.97, 0.98, 0.98], [False] * 3)) == (
        "No answer can be told apart from another, silence among them: all 3 end at between 97 and 98 of 100 runs "
        "hijacked, over 64 draws of what is not known."
    )


def test_a_break_even_is_told_with_its_interval_its_assumption_and_as_never():
    judged = judged_by("hijacked")
    assert break_even_sentence(EVEN, judged) == (
        "listen overtakes change_ask by expected outcome where the effect of change_ask is below 0.31 "
        "(below the span to 0.42; assumed 0.5, span 0.2 to 0.8)."
    )
    never = EVEN | {"at": None, "never": True, "least_lead": 0.2, "least_lead_lo": 0.1, "least_lead_hi": 0.3}
    assert break_even_sentence(never, judged) == (
        "listen overtakes change_ask by expected outcome never within the span of change_ask (0.2 to 0.8): "
        "the least lead is 20 (10 to 30)."
    )
    # of equal leads the least sure is told, and an interval that leaves nought out is not given as a reason for doubt
    unsure = never | {"never": False, "least_lead_lo": -0.1}
    (told,) = break_even_sentences([never, unsure], judged)
    assert told.endswith("the least lead is 20 (-10 to 30), so that at some sizes the two cannot be told apart.")
    (told,) = break_even_sentences([never | {"least_lead": 0.1, "least_lead_lo": 0.05}, unsure], judged)
    assert told.endswith("the least lead is 10 (5 to 30), but at some sizes the two cannot be told apart.")


def test_until_when_it_helps_carries_its_if():
    rows = [("central", 20, -0.31, -0.4, -0.2), ("central", 180, -0.04, -0.1, 0.02)]
    window = pd.DataFrame(rows, columns=["size", "minute", "difference", "difference_lo", "difference_hi"])
    reach = {"until": 20.0, "not_at": 180.0, "harms": []}
    summary = {
        "by": "hijacked", "policy": "acknowledge",
        "effects": [{"name": "agency.effects.acknowledge", "central": 0.4, "low": 0.1, "high": 0.7}],
        "reach": {"central": reach, "low": reach | {"until": None}, "high": reach | {"until": 180.0}},
    }  # fmt: skip
    assert window_finding(summary, window) == (
        "If the effect is as assumed (acknowledge 0.4), acknowledge saves 31 (20 to 40) points of P(hijacked) at "
        "20 min "
        "and 4 (-2 to 10) at 3 h; it can be told to help until 20 min, no longer at 3 h. "
        "The size is assumed: with 0.1 at no minute and with 0.7 until 3 h."
    )
    worse = pd.DataFrame([("central", 20, 0.2, 0.1, 0.3)], columns=window.columns)
    harmed = summary | {
        "reach": dict.fromkeys(("central", "low", "high"), {"until": None, "not_at": None, "harms": [20.0]})
    }
    assert window_finding(harmed, worse).startswith(
        "If the effect is as assumed (acknowledge 0.4), acknowledge cannot be told to help at any minute tried; "
        "it makes "
        "things worse at 20 min: at 20 min it adds 20 (10 to 30) points of P(hijacked)."
    )


def test_an_answer_without_a_difference_is_said_to_end_as_silence_does():
    columns = ["size", "minute", "outcome", "difference", "difference_lo", "difference_hi"]
    window = pd.DataFrame(
        [("central", 20, 0.97, -0.03, -0.07, 0.01), ("central", 60, 1.0, 0.0, -0.04, 0.04)], columns=columns
    )
    reach = {"until": None, "not_at": None, "harms": []}
    summary = {
        "by": "hijacked", "policy": "acknowledge", "silent": 1.0,
        "effects": [{"name": "agency.effects.acknowledge", "central": 0.4, "low": 0.1, "high": 0.7}],
        "reach": dict.fromkeys(("central", "low", "high"), reach),
    }  # fmt: skip
    assert window_finding(summary, window) == (
        "If the effect is as assumed (acknowledge 0.4), acknowledge cannot be told to help at any minute tried: "
        "P(hijacked) is 100 with silence and 97 to 100 with it; 3 (-1 to 7) points of P(hijacked) saved at 20 min. "
        "The size is assumed; nor does it help with 0.1 or 0.7."
    )
