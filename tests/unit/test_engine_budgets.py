"""Reply capacity: how budgets fill, and whose turn it is."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from sim.engine.answering import fill_budgets, has_capacity, take_turns
from sim.engine.record import Kind
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from tests.reference.small import configured, graph, people


@numba.njit
def fill(budgets, rate):
    fill_budgets(budgets, rate)


@numba.njit
def turn_after(budgets, turn):
    return take_turns(budgets, turn)


@numba.njit
def any_left(budgets):
    return has_capacity(budgets)


def test_a_budget_grows_by_a_minutes_share_and_is_held_at_an_hours():
    budgets = np.array([0.0, 11.9, 12.0])
    fill(budgets, 12.0)
    assert budgets.tolist() == pytest.approx([0.2, 12.0, 12.0])
    for _ in range(100):
        fill(budgets, 12.0)
    assert budgets.tolist() == pytest.approx([12.0] * 3)
    fill(budgets, 0.0)
    assert budgets.tolist() == [0.0] * 3


def test_accounts_take_turns_as_long_as_they_have_a_whole_unit():
    budgets = np.array([2.5, 0.9, 1.0])
    order = []
    turn = 0
    while any_left(budgets):
        account = turn_after(budgets, turn)
        order.append(account)
        turn = account + 1
    assert order == [0, 2, 0]
    assert budgets.tolist() == [0.5, 0.9, 0.0]
    assert turn_after(budgets, turn) == -1


def answers(an_hour: float, horizon_hours: float = 3.0, accounts: int = 1) -> np.ndarray:
    """Return the minutes of replies to a crowd that writes against the call all the time."""
    crowd = people(60, grievance=np.ones(60), sessions_a_day=np.full(60, 200.0), locality=np.arange(60) % accounts)
    configuration = configured(
        horizon_hours=horizon_hours, reaction__b_write=10.0, reaction__b_outrage=20.0, post__salience=1.0,
        post__arousal=1.0, post__repeats=200, post__spread_hours=horizon_hours,
        agency__replies_an_hour=an_hour, agency__monitoring_delay_minutes=0,
        agency__voices="local" if accounts > 1 else "central", agency__local_accounts=accounts,
        policy__rules=[{"move": "engage", "at_minute": 0}],
    )  # fmt: skip
    record = run_campaign(build_world(configuration, graph=graph(60), population=crowd), replicate=0)
    return record.messages.minute[record.messages.kind == Kind.REPLY]


def test_a_staff_of_six_an_hour_answers_once_in_ten_minutes():
    minutes = answers(6.0, horizon_hours=1.0)
    assert 0 < minutes.size <= 6
    # budgets add tenths: the first whole unit is there once ten tenths, rounded, make one
    assert minutes.min() >= 9
    assert (np.diff(minutes) >= 9).all()


def test_staff_limits_how_many_are_answered():
    few, many, twice = (answers(*what) for what in ((3.0,), (10_000.0,), (3.0, 3.0, 2)))
    assert few.size <= 9 < many.size
    assert few.size < twice.size <= 18
    assert answers(0.0).size == 0
    assert answers(0.4).size == 0  # what is held at less than one reply never makes a whole one
