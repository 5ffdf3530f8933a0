"""Under rules of the user's own, engine and reference tell the same story; so do the built-in rule and its copy."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from sim.engine.record import Kind
from tests.engine_runs import run, world_of
from tests.own_rules import NERVOUS, written
from tests.reference.compare import difference
from tests.reference.run import simulate_plainly
from tests.reference.strategies import Example, examples


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("rules")
    return written(folder)


def test_the_built_in_rule_in_a_file_of_ones_own_gives_the_same_event_log(rules: str) -> None:
    told: Counter[str] = Counter()

    @settings(max_examples=10, phases=(Phase.explicit, Phase.generate))
    @given(examples())
    def the_same_story(example: Example) -> None:
        built_in = run(world_of(example), example.replicate)
        own = run(world_of(example, extensions=[rules], reaction__rule="same"), example.replicate)
        found = difference(own, built_in, ("own rule", "built-in rule"))
        assert found is None, found
        told["messages"] += len(own.messages.minute)

    the_same_story()
    assert told["messages"] > 100


def test_the_engine_tells_what_the_reference_tells_under_rules_of_ones_own(rules: str) -> None:
    told: Counter[str] = Counter()
    own = {"reaction__rule": "zealous", "newsroom__rule": "desk", "policy__rules": NERVOUS}

    @settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
    @given(examples())
    def the_same_story(example: Example) -> None:
        world = world_of(example, extensions=[rules], **own)
        engine = run(world, example.replicate)
        plain = simulate_plainly(world.config, example.population, example.graph, replicate=example.replicate)
        found = difference(engine, plain)
        assert found is None, found
        told.update(Kind(kind).name for kind in engine.messages.kind)
        told.update({"fired": int((engine.fired >= 0).sum()), "follows": len(engine.follows.minute)})

    the_same_story()
    reached = ("ORIGINAL", "SHARE", "ACKNOWLEDGEMENT", "BOOST", "STORY", "fired", "follows")
    assert min(told[name] for name in reached) > 0, told
