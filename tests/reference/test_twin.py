"""Engine and reference tell the same story, bit for bit: every message, every sight, every minute."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from sim.engine.record import RunRecord
from tests.reference.compare import difference
from tests.reference.run import simulate_plainly
from tests.reference.strategies import Example, examples


def by_engine(example: Example) -> RunRecord:
    from sim.engine.run import run_campaign
    from sim.engine.world import build_world

    world = build_world(example.configuration, graph=example.graph, population=example.population)
    return run_campaign(world, replicate=example.replicate, record="log")


def by_reference(example: Example) -> RunRecord:
    return simulate_plainly(example.configuration, example.population, example.graph, replicate=example.replicate)


@settings(max_examples=60)
@given(examples())
def test_the_engine_tells_what_the_reference_tells(example):
    assert difference(by_engine(example), by_reference(example)) is None


@pytest.mark.slow
@settings(max_examples=1500)
@given(examples())
def test_the_engine_tells_what_the_reference_tells_many_times_over(example):
    assert difference(by_engine(example), by_reference(example)) is None
