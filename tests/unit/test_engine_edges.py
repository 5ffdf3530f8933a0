"""Campaigns at the edges of what is legal: each runs to its end and tells what the smallest sums say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.config.agency import MOVES
from sim.engine.layout import MESSAGES
from sim.engine.record import Kind
from sim.engine.run import Run, run_campaign
from sim.engine.world import build_world
from tests.engine_runs import many_replies_at_once, stores_of_one_line
from tests.reference.compare import difference
from tests.reference.run import simulate_plainly
from tests.reference.small import configured, graph, people

LIVELY: dict[str, Any] = {
    "reaction__b_write": 2.0, "reaction__b_share": 2.0, "reaction__b_value": 2.0, "reaction__b_outrage": 4.0,
    "reaction__fatigue": 0.3, "post__salience": 1.0, "post__arousal": 1.0, "reaction__b_leave": -3.0,
    "reaction__b_follow": -2.0, "horizon_hours": 6.0,
}  # fmt: skip
TRENDS = {"feed__trending__on": True, "feed__trending__min_messages": 1, "feed__trending__looks_a_day": 100.0,
          "newsroom__newsrooms": 3, "newsroom__pick_up": 1.0, "newsroom__lag_median_minutes": 5.0,
          "newsroom__reach": 1.0}  # fmt: skip


def crowd(n: int, **columns: Any) -> Any:
    half = np.arange(n) % 2
    plain = {"grievance": half, "support": 1 - half, "sessions_a_day": np.full(n, 200.0), "role": np.arange(n) % 4,
             "looks_at_lists": np.ones(n, bool)}  # fmt: skip
    return people(n, **(plain | columns))


def ring(n: int) -> Any:
    """Return the graph in which each row follows the next three."""
    return graph(n, *((u, (u + d) % n) for u in range(n) for d in (1, 2, 3) if (u + d) % n != u))


def engine(n: int, *, follows: Any = None, audience: Any = None, **changes: Any) -> Any:
    """Run a small campaign, and hold it against the plain reference."""
    configuration = configured(**(LIVELY | changes))
    population = crowd(n) if audience is None else audience
    follows = ring(n) if follows is None else follows
    world = build_world(configuration, graph=follows, population=population)
    record = run_campaign(world, replicate=0, record="log")
    assert difference(record, simulate_plainly(configuration, population, follows, replicate=0)) is None
    return record


@pytest.mark.parametrize("ranking", ["chronological", "engagement"])
@pytest.mark.parametrize("record", ["log", "summary"])
def test_an_audience_of_nobody_sees_one_post_go_out(ranking, record):
    configuration = configured(**LIVELY, **TRENDS, feed__ranking=ranking, post__paid_reach=1.0)
    world = build_world(configuration, graph=graph(0), population=people(0))
    found = run_campaign(world, replicate=0, record=record)
    assert found.messages.kind.tolist() == [Kind.POST]
    assert not any(column.any() for name, column in found.timeline.items() if name != "agency_messages")


def test_a_single_row_hears_the_call_and_nobody_hears_it():
    record = engine(1, **TRENDS, post__paid_reach=1.0)
    assert record.timeline["reached"].sum() == 1
    assert set(record.messages.author.tolist()) <= {-1, 0, -1_000_001, -1_000_002, -1_000_003}


def test_an_empty_graph_leaves_the_account_as_the_only_voice():
    record = engine(20, follows=graph(20), feed__trending__on=False)
    assert record.messages.minute.size > 1
    assert set(record.sights.message.tolist()) == {0}


def test_a_follower_without_followees_meets_the_post_by_the_account_alone():
    lonely = graph(20, *((u, v) for u in range(1, 20) for v in range(1, 20) if u != v))
    record = engine(20, follows=lonely)
    assert set(record.sights.message[record.sights.follower == 0].tolist()) <= {0}
    assert (record.sights.message > 0).any()


def test_nobody_follows_the_sender():
    audience = crowd(20, follows_sender=np.zeros(20, bool))
    record = engine(20, audience=audience)
    assert record.messages.minute.size == 1
    assert engine(20, audience=audience, post__paid_reach=1.0, post__paid_hours=0.1).messages.minute.size > 1


def test_rows_that_never_look_see_nothing():
    record = engine(20, audience=crowd(20, sessions_a_day=np.zeros(20)), post__paid_reach=1.0, **TRENDS)
    assert record.sights.minute.size == 0


def test_a_run_of_one_minute_holds_the_post():
    record = engine(20, horizon_hours=1 / 60, **TRENDS, post__paid_reach=1.0)
    assert record.minutes == 1
    assert record.messages.minute.size == 1
    assert record.sights.minute.size == 0


def test_a_run_of_a_month_reaches_its_end():
    configuration = configured(**LIVELY | TRENDS | {"horizon_hours": 720.0})
    rare = crowd(30, sessions_a_day=np.where(np.arange(30) < 25, 0.04, 200.0))
    world = build_world(configuration, graph=ring(30), population=rare)
    record = run_campaign(world, replicate=0, record="log")
    assert record.minutes == 43_200
    assert record.sights.minute.max() > 20 * 1440
    assert all(column.size == 43_200 for column in record.timeline.values())


@pytest.mark.parametrize("voices, accounts", [("local", 2000), ("both", 2001)])
def test_two_thousand_local_accounts_speak(voices, accounts):
    configuration = configured(
        **LIVELY | {"horizon_hours": 2.0}, agency__voices=voices, agency__local_accounts=2000, post__repeats=2,
        policy__rules=[{"move": "clarify", "at_minute": 5}, {"move": "engage", "at_minute": 6},
                       {"move": "amplify", "at_minute": 6}],
        agency__replies_an_hour=10_000.0, agency__monitoring_delay_minutes=0, agency__notify_minutes=0.0,
    )  # fmt: skip
    world = build_world(configuration, graph=ring(3000), population=crowd(3000, locality=np.arange(3000) % 2000))
    record = run_campaign(world, replicate=0, record="log")
    assert (record.messages.kind == Kind.POST).sum() == accounts
    assert (record.messages.kind == Kind.STATEMENT).sum() == accounts
    assert record.replies > 10 and record.boosts > 10


@pytest.mark.parametrize("trending", [True, False])
def test_sixteen_rules_can_fire_in_one_minute(trending):
    rules = [{"move": move, "at_minute": 30} for move in (*MOVES, *MOVES)][:16]
    record = engine(40, policy__rules=rules, **(TRENDS if trending else {}), agency__monitoring_delay_minutes=0,
                    agency__replies_an_hour=10_000.0, agency__voices="both", agency__local_accounts=3)  # fmt: skip
    assert (record.fired == 30).all()


@pytest.mark.parametrize("hours", [0.001, 0.5, 72.0])
def test_paid_reach_of_all_reaches_all_who_look(hours):
    record = engine(40, post__paid_reach=1.0, post__paid_hours=hours, horizon_hours=2.0,
                    audience=crowd(40, follows_sender=np.zeros(40, bool)), follows=graph(40))  # fmt: skip
    reached = record.timeline["reached"].sum()
    assert reached == 40 if hours < 1 else reached < 40


@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize("ranking", ["chronological", "engagement"])
def test_lists_of_one_and_of_a_hundred_messages(size, ranking):
    record = engine(60, **TRENDS, feed__trending__list_size=size, feed__ranking=ranking, follows=graph(60))
    assert record.timeline["trending"].any()
    assert (record.sights.message > 0).any()


@pytest.mark.parametrize("delay", [0, 10_000])
def test_an_agency_that_sees_nothing_in_time_answers_nobody(delay):
    record = engine(40, policy__rules=[{"move": "engage", "at_minute": 0}, {"move": "clarify", "counter_share": 0.1}],
                    agency__replies_an_hour=10_000.0, agency__monitoring_delay_minutes=delay)  # fmt: skip
    assert (record.replies > 0) == (delay == 0)
    assert (record.fired[1] >= 0) == (delay == 0)


@pytest.mark.parametrize("hour", [0.0, 12.0, 23.99, 23.999])
def test_posts_just_before_midnight_are_followed_by_another_day(hour):
    record = engine(30, post__hour=hour, post__repeats=20, post__spread_hours=6.0, reaction__b_bore=3.0,
                    people__circadian=[1.0] + [0.0] * 22 + [1.0], horizon_hours=30.0)  # fmt: skip
    assert record.sights.minute.size > 0


@pytest.mark.parametrize("setting", [{"feed__attention": 0.0}, {"feed__half_life_minutes": 1e-6}])
def test_feeds_without_attention_show_nothing(setting):
    record = engine(20, **setting, audience=crowd(20, sessions_a_day=np.full(20, 1.0)))
    assert record.sights.minute.size == 0


def test_keys_at_the_ends_of_their_range_are_keys():
    keys = np.concatenate([np.arange(10), 2**62 - 1 - np.arange(10)]).astype(np.uint64)
    record = engine(20, audience=crowd(20, key=keys), **TRENDS)
    assert record.messages.minute.size > 20


def test_a_reply_wakes_early_and_leaves_a_stale_entry_behind_without_harm():
    # rare sessions, quick notifications: nearly every answered row wakes before its own session, and the call
    # posts that follow wait for it again
    audience = crowd(200, grievance=np.ones(200), sessions_a_day=np.where(np.arange(200) % 2, 200.0, 6.0))
    record = engine(
        200, audience=audience, horizon_hours=12.0, agency__notify_minutes=1.0, agency__replies_an_hour=10_000.0,
        agency__monitoring_delay_minutes=0, policy__rules=[{"move": "engage", "at_minute": 0}], post__repeats=300,
        post__spread_hours=12.0,
    )  # fmt: skip
    assert record.replies > 100


def test_a_minute_with_more_replies_than_stores_have_lines_left_finds_room():
    world = many_replies_at_once()
    whole = run_campaign(world, replicate=0, record="log")
    assert np.bincount(whole.messages.minute[whole.messages.kind == Kind.REPLY]).max() > 20
    with stores_of_one_line():
        run = Run(world, replicate=0, record="log")
        for minute in range(world.config.minutes):
            run.advance(minute + 1)
            assert int(run.bench.arrays["marks"][MESSAGES]) <= run.bench.arrays["message_minute"].size
        assert difference(run.record(), whole, ("small stores", "large stores")) is None
        run.close()
