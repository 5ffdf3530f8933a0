"""Which luck a run gets: the same for the same replicate, whatever is done beside, before or in pieces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.config.agency import PolicyConfig
from sim.engine.run import Run
from tests.engine_runs import run, stores_of_one_line, until, world_of
from tests.reference.compare import difference
from tests.reference.strategies import examples


@settings(max_examples=60)
@given(examples())
def test_a_replicate_is_the_same_twice_and_on_two_threads_at_once(example):
    world = world_of(example)
    alone = run(world, example.replicate)
    with ThreadPoolExecutor(max_workers=2) as threads:
        both = list(threads.map(lambda _: run(world, example.replicate), range(4)))
    for other in (run(world, example.replicate), *both):
        assert difference(alone, other, ("alone", "again")) is None


@settings(max_examples=60)
@given(examples())
def test_replicates_have_other_luck_with_the_same_people(example):
    world = world_of(example)
    one, other = run(world, example.replicate), run(world, example.replicate + 1)
    assume(one.sights.minute.size > 5 and other.sights.minute.size > 5)
    assert difference(one, other) is not None
    assert not np.array_equal(one.sights.minute, other.sights.minute)
    np.testing.assert_array_equal(one.keys, other.keys)


@settings(max_examples=60)
@given(examples())
def test_a_run_leaves_nothing_behind_in_its_bench(example):
    fresh = run(world_of(example), example.replicate)
    used = world_of(example)
    run(used, example.replicate + 1)
    assert difference(run(used, example.replicate), fresh, ("on a used bench", "on a new one")) is None


@settings(max_examples=80)
@given(examples(), st.lists(st.integers(1, 400), min_size=1, max_size=5))
def test_advancing_in_steps_is_advancing_at_once(example, steps):
    world = world_of(example)
    run_in_steps = Run(world, replicate=example.replicate, record="log")
    while run_in_steps.minute < world.config.minutes:
        for step in steps:
            run_in_steps.advance(run_in_steps.minute + step)
    assert difference(run_in_steps.record(), run(world, example.replicate), ("in steps", "at once")) is None
    run_in_steps.close()


@settings(max_examples=40)
@given(examples())
def test_advancing_minute_by_minute_is_advancing_at_once(example):
    world = world_of(example)
    by_minute = Run(world, replicate=example.replicate, record="log")
    for minute in range(world.config.minutes):
        by_minute.advance(minute + 1)
        assert by_minute.minute == minute + 1
    assert difference(by_minute.record(), run(world, example.replicate), ("by minute", "at once")) is None
    by_minute.close()


@settings(max_examples=80)
@given(examples())
def test_stores_that_grow_change_nothing(example):
    world = world_of(example)
    roomy = run(world, example.replicate)
    with stores_of_one_line() as sizes:
        assert difference(run(world, example.replicate), roomy, ("from one line", "with room")) is None
    assert sizes or roomy.messages.minute.size <= 1


@settings(max_examples=80)
@given(examples())
def test_the_summary_counts_what_the_log_tells(example):
    from sim.engine.run import run_campaign

    world = world_of(example)
    log = run(world, example.replicate)
    summary = run_campaign(world, replicate=example.replicate, record="summary")
    assert summary.sights is None
    assert all(np.array_equal(summary.timeline[name], log.timeline[name]) for name in log.timeline)
    assert np.array_equal(summary.messages.author, log.messages.author)
    for frame, name in enumerate(("impressions_campaign", "impressions_counter")):
        told = log.sights.frame == frame
        counts = np.bincount(log.sights.minute[told], log.sights.impressions[told], minlength=log.minutes)
        assert np.array_equal(counts, log.timeline[name])


@settings(max_examples=150)
@given(examples())
def test_policies_share_all_luck_until_the_first_of_them_acts(example):
    assume(example.values["policy.rules"])
    acting = run(world_of(example), example.replicate)
    silent = run(world_of(example, policy=PolicyConfig().model_dump()), example.replicate)
    fired = acting.fired[acting.fired >= 0]
    first = int(fired.min(initial=acting.minutes))
    assume(first > 0)
    assert difference(until(acting, first), until(silent, first), ("acting", "silent")) is None
    if not fired.size:
        assert acting.messages.minute.size == silent.messages.minute.size
