from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.config.root import Configuration, changed
from sim.study.compare.cost import accounts_of, hours_by_part, hours_of_moves, working_hours
from sim.study.run.options import NOT_POSTED, always, not_posted, options

BASE = Configuration()
RULES = [
    {"move": "acknowledge", "counter_share": 0.5}, {"move": "withdraw", "counter_share": 0.6},
    {"move": "engage", "at_minute": 5}, {"move": "amplify", "at_minute": 5},
]  # fmt: skip
RUNS = pd.DataFrame({
    "point": [1, 1, 1], "replicate": [0, 1, 2], "messages": [900, 40, 0], "takeover": [True, False, False],
    "hijack_share": [0.9, 0.1, np.nan], "replies": [30, 0, 0], "boosts": [50, 10, 0],
    "verdict": ["hijacked", "viral_positive", "fizzled"], "fizzled_frame": [None, None, "even"],
    "fired_0": [40.0, np.nan, np.nan], "fired_1": [90.0, np.nan, np.nan], "fired_2": [5.0, 5.0, 5.0],
    "fired_3": [5.0, 5.0, 5.0], "fired_4": [1.0, 1.0, 1.0], "failed": ["", "", ""], "seconds": [0.1, 0.1, 0.1],
})  # fmt: skip


def test_only_what_was_done_is_counted_at_its_price() -> None:
    answered = changed(BASE, {"policy": {"name": "all", "rules": RULES}, "agency.listening_months": 2})
    parts = hours_by_part(answered, RUNS)
    assert {name: hours.tolist() for name, hours in parts.items()} == {
        "statements": [1.0, 0.0, 0.0], "withdrawals": [4.0, 0.0, 0.0], "replies": [3.0, 0.0, 0.0],
        "boosts": [1.0, 0.2, 0.0], "listening": [320.0, 320.0, 320.0],
        "accounts": [0.0, 0.0, 0.0],
    }  # fmt: skip
    assert working_hours(answered, RUNS).tolist() == [329.0, 320.2, 320.0]
    dearer = changed(answered, {"agency.costs.message": 3.0, "agency.costs.listening_month": 0.0})
    assert working_hours(dearer, RUNS).tolist() == [11.0, 0.2, 0.0]


def test_to_withdraw_at_minute_0_is_not_to_post_and_costs_nothing() -> None:
    agency = BASE.agency
    assert hours_of_moves(agency, [(0, "withdraw")], 0, 0) == 0.0
    assert hours_of_moves(agency, [(0, "clarify"), (1, "withdraw")], 0, 0) == agency.costs.message + 4.0
    taken_back = changed(BASE, {"policy": {"name": "back", "rules": [{"move": "withdraw", "at_minute": 0}]}})
    assert hours_by_part(taken_back, RUNS.assign(fired_0=[0.0, 1.0, np.nan]))["withdrawals"].tolist() == [0.0, 4.0, 0.0]


@pytest.mark.parametrize(("voices", "accounts"), [("central", 1), ("local", 20), ("both", 21)])
def test_every_account_clears_its_own_statement(voices: str, accounts: int) -> None:
    spoken = changed(BASE, {
        "policy": {"name": "own it", "rules": RULES[:1]}, "agency.voices": voices, "agency.local_accounts": 20,
    })  # fmt: skip
    assert accounts_of(spoken.agency) == accounts
    assert hours_by_part(spoken, RUNS)["statements"].tolist() == [accounts, 0.0, 0.0]


def test_many_voices_cost_their_setting_up_and_each_month_in_which_they_listen() -> None:
    many = changed(BASE, {"agency.voices": "local", "agency.local_accounts": 100, "agency.listening_months": 6})
    parts = hours_by_part(many, RUNS)
    assert parts["accounts"].tolist() == [800.0, 800.0, 800.0]
    assert parts["listening"].tolist() == [6 * (160.0 + 100 * 10.0)] * 3
    alone = changed(many, {"agency.voices": "central"})
    assert hours_by_part(alone, RUNS)["listening"].tolist() == [960.0, 960.0, 960.0]


def test_a_failed_run_has_no_cost_and_a_silent_one_costs_nothing() -> None:
    assert working_hours(BASE, RUNS[["replies", "boosts"]] * 0).tolist() == [0.0, 0.0, 0.0]
    failed = RUNS.assign(replies=np.nan, boosts=np.nan)
    answered = changed(BASE, {"policy": {"name": "all", "rules": RULES}})
    assert np.isnan(working_hours(answered, failed)).all()
    assert np.isnan(working_hours(answered, failed[["replies", "boosts"]])).all()


def test_what_is_not_posted_does_nothing_and_costs_nothing() -> None:
    nothing = not_posted(RUNS)
    assert nothing["verdict"].tolist() == [NOT_POSTED] * 3 and nothing["point"].tolist() == [1, 1, 1]
    assert nothing["messages"].tolist() == [0, 0, 0] and not nothing["takeover"].any()
    assert nothing[["hijack_share", "fizzled_frame", "fired_0"]].isna().all(axis=None)
    assert working_hours(BASE, nothing).tolist() == [0.0, 0.0, 0.0]
    assert RUNS["messages"].tolist() == [900, 40, 0]


def test_not_posting_and_listening_stand_beside_every_post() -> None:
    assert [option.name for option in always(BASE)] == ["do_not_post", "listen"]
    assert options(BASE)[:2] == always(BASE)
    busy = changed(BASE, {"agency.listening_months": 118})
    assert always(busy)[1].changes == {"agency.listening_months": 120.0}  # the most that can be given
    rounds = changed(BASE, {"reaction.rule": "independent_cascade"})
    assert [option.name for option in always(rounds)] == ["do_not_post"]
