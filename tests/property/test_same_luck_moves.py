"""Each move of the agency, and a changed parameter: the same run up to there, and afterwards only what follows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import CampaignModel
from sim.config.agency import MOVES
from sim.reaction.actions import ACTIONS
from sim.rng import Stream, draw, stream_state
from tests.engine_runs import run, until, world_of
from tests.reference.compare import difference
from tests.reference.strategies import Example, examples, one_of
from tests.same_luck import ENDLESS, lines_before, parted, parting, put_out, unprovoked
from tests.unit.mesa_example import lively

SILENT = {"name": "silent", "rules": []}
CALM = {
    "people.n_followers": 60, "horizon_hours": 12.0, "feed.ranking": "chronological", "feed.trending.on": False,
    "newsroom.newsrooms": 0, "agency.monitoring_delay_minutes": 5, "agency.replies_an_hour": 50.0, "post.room": 0.6,
    "post.openness": 0.7, "post.salience": 0.6, "post.arousal": 0.3, "reaction.b_share": -1.0,
    "reaction.b_write": -0.5, "reaction.b_value": 1.0, "reaction.b_leave": -4.0, "reaction.b_follow": -4.0,
    "reaction.fatigue": 0.1,
}  # fmt: skip
BY_ALL = ("clarify", "change_ask", "post_else", "withdraw", "defend")
"""Moves that change the ask for everybody at once."""


def calm() -> st.SearchStrategy[Example]:
    """Return lively campaigns of which nothing but feeds and the agency is part."""
    return st.builds(
        Example,
        values=st.fixed_dictionaries(
            {name: st.just(value) for name, value in CALM.items()}
            | {"seed": st.integers(0, 2**63 - 1), "agency.voices": one_of("central", "both")}
        ),
        day=one_of("flat", "usual"), n=st.integers(30, 60), crowd=st.integers(0, 2**32), degree=st.integers(4, 8),
        pace=one_of(60.0, 200.0), scrambled=st.booleans(), replicate=st.integers(0, 99),
    )  # fmt: skip


def with_move(example: Example, move: str, minute: int) -> Example:
    return replace(example, values={**example.values, "policy.rules": [{"move": move, "at_minute": minute}]})


@pytest.mark.parametrize("move", MOVES)
def test_a_move_leaves_everything_before_its_minute(move):
    told = []

    @settings(max_examples=25)
    @given(examples(), st.integers(0, 400))
    def everywhere(example, minute):
        quiet = run(world_of(example, policy=SILENT), example.replicate)
        moved = run(world_of(with_move(example, move, minute)), example.replicate)
        assert difference(until(moved, minute), until(quiet, minute), ("moved", "silent")) is None
        if move == "silent":
            assert parted(moved, quiet) == ENDLESS
        told.append(lines_before(quiet, minute) > 0)

    everywhere()
    assert sum(told) > len(told) / 3


@pytest.mark.parametrize("move", MOVES)
def test_after_a_move_only_those_part_who_can_have_heard_of_it(move):
    before, after = [], []

    @settings(max_examples=25)
    @given(calm(), st.integers(20, 120))
    def somewhere(example, minute):
        quiet = run(world_of(example, policy=SILENT), example.replicate)
        moved = run(world_of(with_move(example, move, minute)), example.replicate)
        assert moved.fired.tolist() == [minute]
        assert difference(until(moved, minute), until(quiet, minute), ("moved", "silent")) is None
        if move not in BY_ALL:
            assert unprovoked(quiet, moved, example.graph) == []
            assert parted(quiet, moved) >= minute
        before.append(lines_before(quiet, minute) > 0)
        after.append(parted(quiet, moved) < ENDLESS)

    somewhere()
    assert sum(before) > 0.8 * len(before)
    assert not any(after) if move == "silent" else sum(after) > 0.6 * len(after)


@cache
def crowd() -> CampaignModel:
    return CampaignModel(lively(people__n_followers=300), rng=3)


def did(model: CampaignModel, minute: int, row: int) -> str:
    """Return what a row did in a minute that was lived through."""
    record = model.record()
    mine = (record.messages.minute == minute) & (record.messages.author == row)
    if mine.any():
        (message,) = mine.nonzero()[0]
        kind, frame = int(record.messages.kind[message]), int(record.messages.frame[message])
        return ("write", "share")[kind] + ("_campaign", "_counter")[frame]
    mine = (record.follows.minute == minute) & (record.follows.follower == row)
    return ("follow" if record.follows.gained[mine][0] else "unfollow") if mine.any() else "ignore"


def drawn(model: CampaignModel, row: int) -> str:
    """Return what a row that wakes in the minute to come will do: its draw among the odds of what it can do."""
    state = np.uint64(stream_state(model.seed, model.replicate, int(Stream.REACTION)))
    left = draw(state, model.population.key[row], np.uint64(model.minute))
    odds = model.follower(row).odds()
    for action in ACTIONS:
        left -= odds[action]
        if left < 0.0:
            return action
    raise AssertionError("the odds of all actions sum to 1")


def test_a_changed_appeal_first_shows_where_a_decision_truly_differs():
    shown = []

    @settings(max_examples=30)
    @given(st.integers(0, 10**6), one_of(0.1, 0.02, -0.1, -0.4))
    def at_first(replicate, more):
        models = []
        for extra in (0.0, more):
            configuration = lively(
                people__n_followers=300, feed__trending__on=False, newsroom__newsrooms=0, reaction__b_write=-2.0,
                post__appeal=lively().post.appeal + extra,
            )  # fmt: skip
            models.append(CampaignModel(
                configuration, rng=3, replicate=replicate, record="log",
                graph=crowd().graph, population=crowd().population,
            ))  # fmt: skip
        ends = [model.branch(minute=model.horizon).record() for model in models]
        minute = parted(*ends)
        if minute < ENDLESS:
            assert difference(until(ends[0], minute), until(ends[1], minute), ("one", "other")) is None
            for model in models:
                model.run_until(minute)
            awake = {int(row) for end in ends for row in end.sights.follower[end.sights.minute == minute]}
            expected = [{row: drawn(model, row) for row in awake} for model in models]
            for model, decisions in zip(models, expected, strict=True):
                model.step()
                assert {row: did(model, minute, row) for row in awake} == decisions
            assert expected[0] != expected[1]
            shown.append(lines_before(ends[0], minute) > 0)
        for model in models:
            model.close()

    at_first()
    assert sum(shown) >= 10


def test_the_comparison_itself_sees_a_single_change():
    example = Example(
        values={**CALM, "seed": 4}, day="flat", n=40, crowd=9, degree=4, pace=200.0, scrambled=True, replicate=0
    )
    one = run(world_of(example), 0)
    author = one.messages.author.copy()
    at = int((author >= 0).nonzero()[0][0])
    author[at] = (author[at] + 1) % 40
    other = replace(one, messages=replace(one.messages, author=author))
    assert parted(one, other) == one.messages.minute[at]
    assert len(parting(put_out(one), put_out(other))) >= 2
    assert unprovoked(one, other, example.graph)
