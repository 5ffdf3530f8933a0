"""Engine and reference tell the same story, bit for bit: every message, every sight, every minute."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings

from tests.reference.compare import difference
from tests.reference.drivers import simulate_by_engine
from tests.reference.run import simulate_plainly
from tests.reference.strategies import Example, examples


def told_apart(example: Example) -> str | None:
    """Return in words what first differs between engine and reference."""
    world = example.configuration, example.population, example.graph
    by_engine = simulate_by_engine(*world, replicate=example.replicate)
    return difference(by_engine, simulate_plainly(*world, replicate=example.replicate))


# shrinking takes minutes and the slow test does it; the first line that differs says most
@settings(max_examples=60, phases=(Phase.explicit, Phase.generate))
@given(examples())
def test_the_engine_tells_what_the_reference_tells(example):
    assert told_apart(example) is None


@pytest.mark.slow
@settings(max_examples=1500)
@given(examples())
def test_the_engine_tells_what_the_reference_tells_many_times_over(example):
    assert told_apart(example) is None
