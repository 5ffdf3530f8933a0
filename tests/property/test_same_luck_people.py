"""Somebody added, somebody dropped: everybody else is who they were, and lives the same until they hear of it."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from sim.config.root import Configuration
from sim.engine.record import RunRecord
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world
from sim.feed.exposure import usual_followees
from sim.network.graph import FollowerGraph
from sim.people.edited import ADDED_KEYS
from sim.rng import Stream, setup_uniform
from tests.reference.compare import difference
from tests.reference.run import simulate_plainly
from tests.same_luck import ENDLESS, lines_before, lived, parted, parting, put_out, unprovoked
from tests.unit.mesa_example import lively

CALM = {
    "people.n_followers": 250, "horizon_hours": 10, "feed.ranking": "chronological", "feed.trending.on": False,
    "newsroom.newsrooms": 0, "reaction.b_share": -1.0, "reaction.b_write": -2.0, "people.sessions_median": 12.0,
    "network.mean_degree": 8.0,
}  # fmt: skip


def calm(**changes: object) -> Configuration:
    return lively(**{name.replace(".", "__"): value for name, value in CALM.items()}, **changes)


@cache
def before(seed: int) -> World:
    return build_world(calm(seed=seed))


def ran(world: World, replicate: int) -> RunRecord:
    return run_campaign(world, replicate=replicate, record="log")


def impressions(record: RunRecord, key: int, minute: int) -> int:
    """Return how many messages a row saw in a minute."""
    return sum(line[3] for line in lived(record).get(key, {}).get(minute, []) if line[0] == "saw")


def at_the_parting(one: RunRecord, other: RunRecord, but: tuple[int, ...]) -> tuple[int, list[int]]:
    """Return the first minute in which others than ``but`` part, and who they are."""
    differ = {key: m for key, m in parting(lived(one), lived(other)).items() if key not in but}
    minute = min(differ.values(), default=ENDLESS)
    return minute, [key for key, m in differ.items() if m == minute]


def test_others_live_the_same_until_somebody_sees_a_message_of_an_added_activist():
    told = []

    @settings(max_examples=40)
    @hypothesis_given(st.integers(0, 4), st.integers(0, 10**6), st.integers(1, 3), st.integers(1, 60))
    def somewhere(seed, replicate, activists, followers):
        world = before(seed)
        more = world.with_config(
            calm(seed=seed, people__added_activists=activists, people__added_followers=followers,
                 people__added_sessions=48.0)
        )  # fmt: skip
        added = tuple(range(ADDED_KEYS, ADDED_KEYS + activists))
        one, other = ran(world, replicate), ran(more, replicate)
        assert unprovoked(one, other, more.graph, but=added) == []
        minute, who = at_the_parting(one, other, added)
        assert parted(one, other, but=added) == minute
        theirs = {key: min(days) for key, days in put_out(other).items() if key in added}
        for key in who:
            heard = [row for row in added if key in more.graph.followers(world.n + row - ADDED_KEYS)]
            assert min(theirs.get(row, ENDLESS) for row in heard) < minute
            assert impressions(other, key, minute) > impressions(one, key, minute)
        told.append((lines_before(one, minute) > 0, minute < ENDLESS))

    somewhere()
    assert sum(lived_before for lived_before, _ in told) > 0.8 * len(told)
    assert sum(differ for _, differ in told) > 0.5 * len(told)


def test_others_live_the_same_until_the_audience_of_a_dropped_account_would_have_seen_it():
    told = []

    @settings(max_examples=40)
    @hypothesis_given(st.integers(0, 4), st.integers(0, 10**6), st.integers(0, 30))
    def somewhere(seed, replicate, which):
        world = before(seed)
        one = ran(world, replicate)
        authors = sorted(key for key in put_out(one) if key >= 0)
        key = authors[which % len(authors)] if authors else which
        other = ran(world.with_config(calm(seed=seed, people__dropped=[key])), replicate)
        assert key not in put_out(other) and key not in lived(other)
        assert unprovoked(one, other, world.graph, but=(key,)) == []
        minute, who = at_the_parting(one, other, (key,))
        assert parted(one, other, but=(key,)) == minute
        for each in who:
            assert each in world.graph.followers(key)
            assert min(put_out(one)[key]) < minute
            assert impressions(other, each, minute) < impressions(one, each, minute)
        told.append((lines_before(one, minute) > 0, minute < ENDLESS))

    somewhere()
    assert sum(lived_before for lived_before, _ in told) > 0.8 * len(told)
    assert sum(differ for _, differ in told) > 0.4 * len(told)


def test_a_dropped_account_that_would_have_said_nothing_changes_nothing_for_others():
    world = before(0)
    one = ran(world, 0)
    silent = sorted(set(range(world.n)) - set(put_out(one)))[:20]
    other = ran(world.with_config(calm(seed=0, people__dropped=silent)), 0)
    assert parted(one, other, but=tuple(silent)) == ENDLESS
    assert lines_before(one, ENDLESS) > 50


def test_with_all_channels_open_others_live_the_same_up_to_the_first_message_of_the_added():
    differing = 0
    open_channels = {"people__n_followers": 400, "feed__trending__min_messages": 3, "horizon_hours": 16}
    for seed in range(6):
        world = build_world(lively(seed=seed, **open_channels))
        more = world.with_config(lively(
            seed=seed, **open_channels, people__added_activists=2, people__added_followers=100,
            people__added_sessions=48.0,
        ))  # fmt: skip
        added = (ADDED_KEYS, ADDED_KEYS + 1)
        one, other = ran(world, 0), ran(more, 0)
        first = min((min(days) for key, days in put_out(other).items() if key in added), default=ENDLESS)
        minute = parted(one, other, but=added)
        assert minute > first or minute == ENDLESS
        differing += minute < ENDLESS
    assert differing >= 3


def given(keys: np.ndarray, pairs: np.ndarray, config: Configuration) -> World:
    """Return the world of a given graph: pairs (u, v) of keys, u follows v."""
    row = {int(key): place for place, key in enumerate(keys)}
    rows = np.array([[row[int(u)], row[int(v)]] for u, v in pairs]).reshape(-1, 2)
    return build_world(config, graph=FollowerGraph.from_edges(rows[:, 0], rows[:, 1], keys.size, keys=keys))


def test_a_row_more_whom_nobody_follows_changes_nothing_for_all_others():
    told = []

    @settings(max_examples=60)
    @hypothesis_given(st.integers(0, 10**6), st.integers(0, 10**4), st.integers(0, 200), st.booleans())
    def somewhere(seed, replicate, place, alone):
        n = 200
        draws = [setup_uniform(seed, Stream.LINK, np.arange(n * 6, dtype=np.uint64), about=side) for side in (0, 1)]
        keys = np.arange(n, dtype=np.uint64) * np.uint64(3)
        pairs = np.stack([keys[(draws[0] * n).astype(int)], keys[(draws[1] ** 2 * n).astype(int)]], axis=1)
        new = np.uint64(3 * n + 1)
        follows = [] if alone else [(new, key) for key in keys[:6]]
        config = lively(
            horizon_hours=12, people__activist_share=0.1, people__journalist_share=0.1, feed__crowding=1.0,
            feed__trending__threshold=0.02, feed__trending__min_messages=1, newsroom__wire_minutes=5.0,
            policy__rules=[{"move": "engage", "counter_share": 0.2}], seed=seed,
        )  # fmt: skip
        one = given(keys, pairs, config)
        other = given(np.insert(keys, place, new), np.array([*pairs.tolist(), *follows], dtype=np.uint64), config)
        assert usual_followees(one.followees) == usual_followees(other.followees)
        assert (one.numbers == other.numbers).all()
        rest = np.arange(n + 1) != place
        assert np.array_equal(one.population.role, other.population.role[rest])
        assert np.array_equal(one.sink, other.sink[rest])
        left, right = ran(one, replicate), ran(other, replicate)
        first = min(put_out(right).get(int(new), {ENDLESS: []}))
        parts = parted(left, right, but=(int(new),))
        assert parts == ENDLESS or parts > first  # what counts all takes in what it says, though nobody hears it
        told.append((lines_before(left, ENDLESS) > 50, first == ENDLESS))

    somewhere()
    assert sum(lively_ for lively_, _ in told) > 0.8 * len(told)
    assert sum(silent for _, silent in told) > 0.25 * len(told)


def test_engine_and_reference_agree_on_an_edited_audience():
    lines = 0
    for seed, edit in enumerate((
        {"people__added_activists": 3, "people__added_followers": 40}, {"people__dropped": [0, 3, 17, 30]},
        {"people__added_activists": 2, "people__dropped": [1, 2], "feed__crowding": 2.0},
    )):  # fmt: skip
        config = lively(
            seed=seed, people__n_followers=90, feed__trending__threshold=0.02, feed__trending__min_messages=1,
            reaction__b_share=-1.5, reaction__b_write=-2.0, **edit,
        )  # fmt: skip
        world = build_world(config)
        plain = simulate_plainly(config, world.population, world.graph, replicate=seed, whole=world.whole)
        assert difference(ran(world, seed), plain) is None
        lines += lines_before(plain, ENDLESS)
    assert lines > 100


def test_nobody_else_is_another_person_in_an_edited_audience():
    world = before(1)
    edited = world.with_config(calm(seed=1, people__added_activists=5, people__added_followers=80, people__dropped=[7]))
    rest = np.arange(world.n) != 7
    for name in ("key", "cohort", "community", "grievance", "support", "sessions_a_day", "follows_sender", "role",
                 "locality", "looks_at_lists", "beat", "grievance_rank", "support_rank"):  # fmt: skip
        old, new = getattr(world.population, name), getattr(edited.population, name)
        assert np.array_equal(old[rest], new[: world.n][rest]), name
    assert np.array_equal(world.sink, edited.sink[: world.n])
    assert (edited.numbers == world.numbers).all()
    for row in np.flatnonzero(rest):
        kept = edited.graph.followers(row)
        assert np.array_equal(kept[kept < world.n], world.graph.followers(row)[world.graph.followers(row) != 7])
