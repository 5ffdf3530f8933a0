"""A campaign that is played on the page is the plain model's, bit for bit, whatever anybody looks at meanwhile."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim import CampaignModel, load_case
from sim.config.root import changed
from sim.engine.layout import REACHED, ROLE
from sim.engine.world import build_world
from sim.errors import ConfigError
from sim.network.graph import FollowerGraph
from sim.outcome.log import content_hash, event_log
from sim.warroom.explore.lived import CAMPAIGN, COUNTER, MINUTE_COLUMNS, SAW
from sim.warroom.explore.play import Otherwise, Play
from sim.warroom.explore.shown import choose

ROWS, HOURS, REPLICATE = 3000, 10.0, 2


@pytest.fixture(scope="module")
def world():
    busy = {
        "people.n_followers": ROWS, "horizon_hours": HOURS, "reaction.b_write": -3.5, "people.grievance_mean": 0.5,
        "feed.trending.min_messages": 20, "policy.name": "late",
        "policy.rules": [{"move": "acknowledge", "at_minute": 45}],
    }  # fmt: skip
    return build_world(changed(load_case("my_nypd"), busy))


@pytest.fixture
def play(world):
    made = Play(world, replicate=REPLICATE, nodes=2000)
    yield made
    made.close()


def plain(world, until, replicate=REPLICATE):
    model = CampaignModel(world.config, rng=world.config.seed, replicate=replicate, record="log")
    model.run_for(until)
    return model


def log_of(model):
    return content_hash(event_log(model.record()))


def lived_unevenly(play, until):
    """Play up to a minute in uneven strides, looked at all the while; return the frames."""
    frames, stride = [play.frame()], 0
    while play.minute < until:
        play.advance(min(until, play.minute + 1 + stride % 7))
        stride += 3
        frames.append(play.frame())
        play.aside("18-24", None)
    return frames


def test_the_played_run_is_the_same_replicate_of_the_plain_model_bit_for_bit(world, play):
    lived_unevenly(play, 300)
    model = plain(world, 300)
    assert model.messages_so_far > 50
    assert log_of(play.a.model) == log_of(model)
    assert play.a.model.timeline.equals(model.timeline)


def test_frames_sum_to_the_timeline_and_to_the_states_of_the_shown(world, play):
    frames = lived_unevenly(play, 300)
    model = plain(world, 300)
    minutes = np.array([v for frame in frames for v in frame["a"]["minutes"]]).reshape(-1, len(MINUTE_COLUMNS))
    timeline = model.timeline
    assert minutes[:, 1].tolist() == (timeline["originals_counter"] + timeline["shares_counter"]).tolist()
    assert minutes[:, 2].tolist() == timeline["reached"].tolist()
    state = np.zeros(play.a.shown.rows.size, dtype=int)
    for frame in frames:
        for minute, place, new in np.array(frame["a"]["nodes"], dtype=int).reshape(-1, 3):
            assert minute < frame["m"]
            state[place] = new
    rows = play.a.shown.rows
    reached = (model.engine.bench.arrays["cold_half"][rows, ROLE] & REACHED) != 0
    table = model.messages.query("kind in ('original', 'share')")
    last = dict(zip(table["author"], table["frame"], strict=True))
    expected = [{"campaign": CAMPAIGN, "counter": COUNTER}.get(last.get(row), SAW if seen else 0)
                for row, seen in zip(rows.tolist(), reached.tolist(), strict=True)]  # fmt: skip
    assert state.tolist() == expected
    assert frames[-1]["a"]["participants"] == model.participants


def test_lines_lead_from_who_was_heard_to_who_heard(world, play):
    frames = lived_unevenly(play, 240)
    lines = np.array([v for frame in frames for v in frame["a"]["passed"]]).reshape(-1, 3)
    assert lines.shape[0] > 20 and set(lines[:, 2]) <= {0, 1}
    by_rows = lines[lines[:, 0] >= 0]
    rows, graph = play.a.shown.rows, world.graph
    follows = [rows[to] in graph.followers(int(rows[source])) for source, to, _ in by_rows]
    # the rest met the message on the trending list
    assert len(follows) > 5 and np.mean(follows) > 0.3


@pytest.mark.parametrize("minute", [30, 120])
def test_a_branch_is_that_of_the_model(world, play, minute):
    lived_unevenly(play, 120)
    play.branch(minute, Otherwise(policy="withdraw_20min"))
    play.advance(260)
    theirs = plain(world, 120).branch(minute=minute, policy="withdraw_20min")
    theirs.run_until(260)
    assert log_of(play.b.model) == log_of(theirs)
    assert log_of(play.a.model) == log_of(plain(world, 260))
    assert log_of(play.a.model) != log_of(theirs)


def test_a_move_made_now_counts_in_its_own_run_and_is_noted(world, play):
    play.advance(60)
    play.branch(60, Otherwise(move="withdraw"))
    play.act("a", "clarify")
    play.advance(120)
    ours = plain(world, 60)
    twin = ours.branch()
    ours.act("clarify")
    twin.act("withdraw")
    for model in (ours, twin):
        model.run_until(120)
    assert log_of(play.a.model) == log_of(ours)
    assert log_of(play.b.model) == log_of(twin)
    assert play.a.moves == [(45, "acknowledge"), (60, "clarify")]
    assert play.b.moves == [(45, "acknowledge"), (60, "withdraw")]


def test_a_policy_changed_in_mid_run_is_the_models(world, play):
    play.advance(50)
    play.change_policy("a", "engage")
    play.advance(200)
    model = plain(world, 50)
    model.policy = "engage"
    model.run_until(200)
    assert log_of(play.a.model) == log_of(model)


@pytest.mark.parametrize(
    ("otherwise", "set_to"),
    [
        (Otherwise(dropped=7), {"people.dropped": [7]}),
        (Otherwise(added=2, followers=40), {"people.added_activists": 2, "people.added_followers": 40}),
    ],
)
def test_who_is_dropped_or_added_is_so_from_the_start_and_what_was_done_by_hand_is_done_again(
    world, play, otherwise, set_to
):
    play.advance(80)
    play.act("a", "clarify")
    play.advance(150)
    play.branch(20, otherwise)
    play.advance(200)
    model = CampaignModel(changed(world.config, set_to), rng=world.config.seed, replicate=REPLICATE, record="log")
    model.run_until(80)
    model.act("clarify")
    model.run_until(200)
    assert log_of(play.b.model) == log_of(model)
    assert play.b.shown.rows.size == play.a.shown.rows.size + otherwise.added
    assert play.b.crowds.minutes == play.a.crowds.minutes


def test_the_pair_is_told_with_its_numbers_and_as_one_run(play):
    play.advance(100)
    play.leave_branch()
    play.branch(100, Otherwise())
    told = play.aside("18-24", None)["difference"]
    assert "has as many messages and people reached as A" in told and "one run on one luck" in told
    play.branch(10, Otherwise(move="withdraw"))
    play.advance(400)
    told = play.aside("18-24", None)["difference"]
    counter = [
        int(lived.model.timeline[["originals_counter", "shares_counter"]].to_numpy().sum())
        for lived in (play.a, play.b)
    ]
    assert all(f"{count:,}" in told for count in counter)
    assert 'with the move "Withdraw the call" in minute 10' in told and "one run on one luck" in told


def test_what_cannot_be_is_refused_and_leaves_things_as_they_were(play):
    play.advance(50)
    for wrong in (
        lambda: play.branch(51, Otherwise()),
        lambda: play.branch(5, Otherwise(policy="no_such")),
        lambda: play.branch(5, Otherwise(dropped=ROWS)),
        lambda: play.act("b", "withdraw"),
        lambda: play.act("a", "shout"),
        lambda: play.play(0.0),
        lambda: Otherwise(policy="engage", move="withdraw"),
    ):
        with pytest.raises(ConfigError):
            wrong()
    assert play.b is None and play.minute == 50 and play.a.made == []


def test_time_that_passes_is_worth_its_minutes_and_a_stall_is_let_go(play):
    play.pass_time(1.0)
    assert play.minute == 0
    play.play(20.0)
    for _ in range(30):
        play.pass_time(0.05)
    assert play.minute in (29, 30)
    play.pass_time(60.0)
    assert play.minute in (34, 35)
    play.pause()
    play.pass_time(0.2)
    assert play.minute in (34, 35)
    play.play(480.0)
    for _ in range(10):
        play.pass_time(0.25)
    assert play.over and not play.playing


def test_the_cohorts_are_read_every_half_hour_as_the_model_would_leave_them(world, play):
    play.advance(200)
    assert play.a.crowds.minutes == [0, 30, 60, 90, 120, 150, 180]
    model = plain(world, 180)
    left, people = model.aftermath(), model.population
    for band in range(6):
        theirs = people.cohort == band
        reached, acting, grievance = play.a.crowds.readings[6][band]
        assert reached == pytest.approx(model.audience["reached"][theirs].mean(), abs=1e-5)
        assert acting == pytest.approx((model.audience["acts"][theirs] > 0).mean(), abs=1e-5)
        assert grievance == pytest.approx(left.grievance[theirs].mean(dtype=float), abs=1e-5)


def test_the_feed_holds_what_the_band_and_the_account_saw_newest_first(play):
    play.advance(300)
    aside = play.aside("25-34", None)["a"]
    assert 5 <= len(aside["feed"]) <= 30
    minutes = [item["minute"] for item in aside["feed"]]
    assert minutes == sorted(minutes, reverse=True)
    assert len({item["message"] for item in aside["feed"]}) == len(minutes)
    sights = play.a.model.record().sights
    row = int(np.bincount(sights.follower).argmax())
    told = play.aside("25-34", row)["a"]
    theirs = sights.message[sights.follower == row]
    assert {item["message"] for item in told["feed"]} <= set(theirs.tolist())
    assert told["account"]["row"] == row and sum(told["account"]["seen"]) >= theirs.size
    assert all(item["text"] for item in told["feed"])
    json.dumps(play.frame() | play.aside("25-34", row) | play.opening(), allow_nan=False)


def test_a_page_that_comes_again_is_told_everything_again(play):
    lived_unevenly(play, 60)
    play.look_from_the_start()
    again = play.frame()
    assert len(again["a"]["minutes"]) == 60 * len(MINUTE_COLUMNS)
    assert again["a"]["participants"] == play.a.model.participants


def test_the_sample_is_the_same_every_time_and_takes_the_same_part_of_each_group(world):
    large = build_world(changed(world.config, {"people.n_followers": 20_000}))
    shown, again = choose(large, 2000), choose(large, 2000)
    assert shown.rows.tolist() == again.rows.tolist() and shown.told() == again.told()
    assert np.unique(shown.rows).size == 2000
    degree = large.graph.in_degree
    assert set(np.argsort(-degree, kind="stable")[:150]) <= set(shown.rows.tolist())
    parts = [disc["shown"] / disc["of"] for disc in shown.discs if disc["of"] > 300]
    assert max(parts) < 2 * min(parts)
    assert np.hypot(shown.x, shown.y).max() <= 1001
    assert "2,000 of 20,000" in shown.said


def test_a_real_graph_shows_no_account_and_edits_none():
    rng = np.random.default_rng(3)
    graph = FollowerGraph.from_edges(rng.integers(0, 400, 4000), rng.integers(0, 400, 4000), 400)
    config = changed(load_case("my_nypd"), {"people.n_followers": 400, "horizon_hours": 2})
    play = Play(build_world(config, graph=graph))
    play.advance(60)
    frame, aside, opening = play.frame(), play.aside("18-24", None), play.opening()
    assert "nodes" not in frame["a"] and "passed" not in frame["a"] and "feed" not in aside["a"]
    assert opening["nodes"] is None and "real follower graph" in opening["real"]
    for otherwise in (Otherwise(dropped=3), Otherwise(added=1)):
        with pytest.raises(ConfigError, match="real follower graph"):
            play.branch(10, otherwise)
    play.branch(10, Otherwise(move="withdraw"))
    assert play.b is not None
    play.close()
