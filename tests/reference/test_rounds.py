"""The rules in rounds: worked out by hand, and the engine against the reference, bit for bit (docs/model.md 6.7)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.config.root import changed
from sim.engine.record import RunRecord
from sim.engine.rounds_run import RoundsRun
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.rng import Stream
from tests.reference.by_hand import mkey, sights, told, u, u_setup
from tests.reference.compare import difference
from tests.reference.drivers import DRIVERS
from tests.reference.rounds_strategies import in_rounds
from tests.reference.small import configured, graph, people
from tests.reference.strategies import Example

ORIGINAL, SHARE = 0, 1
CASCADE = {"reaction__rule": "independent_cascade", "horizon_hours": 0.5}
THRESHOLD = {"reaction__rule": "linear_threshold", "horizon_hours": 0.5}


def records(example: Example) -> list[RunRecord]:
    world = example.configuration, example.population, example.graph
    return [DRIVERS[name](*world, replicate=example.replicate) for name in ("engine", "reference")]


@settings(max_examples=150)
@given(in_rounds())
def test_the_engine_tells_in_rounds_what_the_reference_tells(example):
    assert difference(*records(example)) is None


@pytest.mark.slow
@settings(max_examples=3000)
@given(in_rounds())
def test_the_engine_tells_in_rounds_what_the_reference_tells_many_times_over(example):
    assert difference(*records(example)) is None


@settings(max_examples=60)
@given(in_rounds(), in_rounds(), st.lists(st.integers(1, 9), min_size=1, max_size=3))
def test_a_run_in_rounds_leaves_nothing_behind_and_may_go_in_steps(example, other, steps):
    fresh = build_world(example.configuration, graph=example.graph, population=example.population)
    once = run_campaign(fresh, replicate=example.replicate, record="log")
    # benches are shared by runs of one size and rule
    shared = {name: example.values[name] for name in ("seed", "horizon_hours", "reaction.rule")}
    used = fresh.with_config(changed(other.configuration, shared))
    run_campaign(used, replicate=other.replicate, record="summary")
    abandoned = RoundsRun(used, replicate=other.replicate + 1, record="log")
    abandoned.advance(steps[0])
    abandoned.close()
    assert abandoned.bench is fresh.borrow_rounds_bench()
    fresh.give_back_rounds_bench(abandoned.bench)
    again = RoundsRun(fresh, replicate=example.replicate, record="log")
    while again.minute < example.configuration.minutes:
        for step in steps:
            again.advance(again.minute + step)
    assert difference(again.record(), once, ("in steps on a used bench", "at once on a new one")) is None
    again.close()


def seen(author: int, row: int, transmission: float) -> bool:
    return u(Stream.SEEN, author, row) < transmission


@pytest.mark.parametrize("driver", DRIVERS)
class TestByHand:
    """Both drivers against what a reader works out from the text."""

    def run(self, driver: str, n: int, follows: list[tuple[int, int]], **changes: Any) -> RunRecord:
        keys = changes.pop("keys", range(n))
        return DRIVERS[driver](configured(**changes), people(n, key=keys), graph(n, *follows), replicate=0)

    def test_a_chain_is_walked_a_row_a_minute(self, driver):
        chain = [(row + 1, row) for row in range(5)]
        record = self.run(driver, 6, chain, **CASCADE, reaction__transmission=1.0)
        assert told(record) == [(0, 0, ORIGINAL, 0, -1, 0, 5)] + [(t, t, SHARE, 0, t - 1, 0, 0) for t in range(1, 6)]
        assert sights(record) == [(t, t, t - 1, 0, 1, 1) for t in range(1, 6)]
        assert record.timeline["reached"].sum() == record.timeline["impressions_campaign"].sum() == 5

    def test_a_star_follows_the_draw_of_each_edge(self, driver):
        keys = [900, *range(40, 70)]
        record = self.run(
            driver, 31, [(row, 0) for row in range(1, 31)], **CASCADE, reaction__transmission=0.4, keys=keys
        )
        hit = [row for row in range(1, 31) if seen(900, keys[row], 0.4)]
        assert 0 < len(hit) < 30
        assert [line[1] for line in told(record)] == [0, *hit]

    def test_of_two_seen_at_once_the_one_with_the_smaller_key_is_passed_on(self, driver):
        for keys in ([0, 1, 2, 3], [0, 2, 1, 3], [5, 17, 4, 11], [5, 4, 17, 11]):
            record = self.run(driver, 4, [(1, 0), (2, 0), (3, 1), (3, 2), (0, 3)], **CASCADE,
                              reaction__transmission=1.0, keys=keys)  # fmt: skip
            last = told(record)[-1]
            middle = [line[1] for line in told(record)[1:3]]
            assert middle == sorted((1, 2), key=lambda row: keys[row])
            assert last[:2] == (2, 3)
            assert middle[last[4] - 1] == min((1, 2), key=lambda row: mkey(keys[row], 1))
            assert sights(record)[-1] == (3, 0, 3, 0, 1, 1)  # who began is reached, too, and puts nothing out again

    def test_who_begins_is_the_widest_or_the_luckiest(self, driver):
        follows = [(3, 1), (4, 1), (3, 2), (4, 2), (3, 0)]
        keys = [7, 8, 3, 1, 2]
        widest = self.run(driver, 5, follows, **CASCADE, reaction__transmission=0.0, keys=keys)
        assert told(widest) == [(0, 2, ORIGINAL, 0, -1, 0, 0)]  # rows 1 and 2 have two followers; 2 the smaller key
        two = self.run(driver, 5, follows, **CASCADE, reaction__transmission=0.0, keys=keys,
                       reaction__initial="random", reaction__initial_adopters=2)  # fmt: skip
        lucky = sorted(range(5), key=lambda row: u(Stream.INITIAL, keys[row]))[:2]
        assert [line[1] for line in told(two)] == sorted(lucky, key=lambda row: keys[row])

    def test_a_row_joins_when_its_share_is_reached_and_not_before(self, driver):
        # row 4 follows 0 to 3 and the chain 0 <- 1 <- 2 <- 3 lets one of them speak a minute
        follows = [(1, 0), (2, 1), (3, 2), (4, 0), (4, 1), (4, 2), (4, 3), (9, 0), (8, 0), (7, 0)]
        for threshold, minute in ((0.0, 1), (0.25, 1), (0.26, 2), (0.5, 2), (0.75, 3), (0.7500001, 4), (1.0, 4)):
            record = self.run(driver, 10, follows, **THRESHOLD, reaction__threshold=threshold)
            assert next(line[0] for line in told(record) if line[1] == 4) == minute
        assert record.timeline["impressions_campaign"].sum() == len(follows)

    def test_uniform_thresholds_are_drawn_from_the_seed_alone(self, driver):
        silent = range(31, 40)  # as many followers as row 0 has, and larger keys
        follows = [(row, 0) for row in range(1, 31)] + [(row, quiet) for row in range(1, 31) for quiet in silent]
        joined = [row for row in range(1, 31) if 1 / 10 >= 2.0 * 0.3 * u_setup(Stream.THRESHOLD, row)]
        assert 0 < len(joined) < 30
        spread = {"reaction__threshold": 0.3, "reaction__threshold_spread": "uniform"}
        record = self.run(driver, 40, follows, **THRESHOLD, **spread)
        assert [line[1] for line in told(record)] == [0, *joined]

    def test_what_lands_in_the_last_minute_is_not_seen(self, driver):
        chain = [(row + 1, row) for row in range(5)]
        record = self.run(driver, 6, chain, reaction__rule="independent_cascade", reaction__transmission=1.0,
                          horizon_hours=3 / 60)  # fmt: skip
        assert [line[0] for line in told(record)] == [0, 1, 2]
        assert record.timeline["reached"].tolist() == [0, 1, 1]
