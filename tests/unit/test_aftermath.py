"""What a campaign leaves behind: drift, forgetting, copycats, and the state in which the next one starts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.aftermath.copycats import copycats, hazard_by_minute
from sim.aftermath.drift import acts_by_frame, drifted, forgotten, moved
from sim.aftermath.measured import groups_of, left_by, summary_of_after, table_of_after
from sim.aftermath.state import Standing, left_behind, lived, luck_of, standing_of
from sim.catalogue.compose import compose
from sim.config.after import AfterConfig
from sim.config.root import Configuration, changed
from sim.engine.record import TIMELINE, Follows, Messages, RunRecord
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world
from sim.errors import ConfigError
from sim.model import CampaignModel
from sim.people.following import listening_factor
from sim.people.population import create_population
from sim.study.run.options import listen_first
from sim.study.run.simulate import simulate

ROWS = 1500


@pytest.fixture(scope="module")
def base() -> Configuration:
    """An aggrieved audience that is asked for its questions."""
    found, _ = compose(["case=my_nypd", f"people.n_followers={ROWS}", "people.follow_share=0.6", "horizon_hours=24",
                        "people.grievance_mean=0.5", "post.openness=0.9", "post.room=0.9"])  # fmt: skip
    return found


@pytest.fixture(scope="module")
def world(base: Configuration) -> World:
    return build_world(base)


def before(base: Configuration, **parts: object) -> dict[str, object]:
    """Return the base's own campaign as one that came before."""
    own = {"case": base.case.id, "post": base.post.model_dump(), "agency": base.agency.model_dump(),
           "horizon_hours": 24.0}  # fmt: skip
    return own | parts


def by_hand(seen: list[list[int]], acts: list[tuple[int, int]], minutes: int = 600) -> RunRecord:
    """Return a record with given impressions, and an original for each (row, frame)."""
    k = len(acts)
    rows, frames = (np.array([act[part] for act in acts], dtype=np.int32) for part in range(2))
    whole = np.arange(k, dtype=np.int32)
    messages = Messages(np.zeros(k, np.int32), rows, frames.astype(np.int8), np.zeros(k, np.int8),
                        np.full(k, -1, np.int32), whole, np.zeros(k, np.int32))  # fmt: skip
    nobody = np.zeros(0, np.int32)
    return RunRecord(
        n=len(seen), minutes=minutes, messages=messages, follows=Follows(nobody, nobody, nobody > 0), sights=None,
        timeline={name: np.zeros(minutes, np.int32) for name in TIMELINE}, keys=np.arange(len(seen), dtype=np.uint64),
        fired=nobody, replies=0, boosts=0, statements=0, seen=np.array(seen, np.uint16),
    )  # fmt: skip


def test_who_saw_nothing_and_said_nothing_does_not_drift(world: World):
    record = run_campaign(world, replicate=1, seen=True)
    after = drifted(world.population, record, world.config.after)
    untouched = ~record.seen.any(axis=1)
    assert 0 < untouched.sum() < ROWS
    for name in ("grievance", "support"):
        assert np.array_equal(getattr(after, name)[untouched], getattr(world.population, name)[untouched])
    silent = by_hand([[0, 0]] * 3, [])
    three = create_population(world.config, n=3)
    same = drifted(three, silent, AfterConfig())
    assert np.array_equal(same.grievance, three.grievance) and np.array_equal(same.support, three.support)


def test_without_drift_feelings_stay_whatever_was_seen(world: World):
    record = run_campaign(world, replicate=1, seen=True)
    after = drifted(world.population, record, AfterConfig(drift=0.0))
    assert np.array_equal(after.grievance, world.population.grievance)
    assert np.array_equal(after.support, world.population.support)


def test_drift_is_what_the_sizes_and_the_half_say():
    three = replace(create_population(Configuration(), n=3), grievance=np.full(3, 0.5, np.float32),
                    support=np.full(3, 0.25, np.float32))  # fmt: skip
    after = AfterConfig(grievance_by_counter=0.1, grievance_by_campaign=0.02, support_by_counter=0.2,
                        support_by_campaign=0.04, half_seen=4.0, own_act=4.0)  # fmt: skip
    found = drifted(three, by_hand([[0, 4], [4, 0], [0, 0]], [(2, 1)]), after)
    assert found.grievance == pytest.approx([0.5 + 0.05 * 0.5, 0.5 - 0.01 * 0.5, 0.5 + 0.05 * 0.5], abs=2**-17)
    assert found.support == pytest.approx([0.25 - 0.1 * 0.25, 0.25 + 0.02 * 0.75, 0.25 - 0.1 * 0.25], abs=2**-17)


@pytest.mark.parametrize("sizes", [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_drift_stays_between_nought_and_one_at_any_size(world: World, sizes: tuple[float, float]):
    more, less = sizes
    after = AfterConfig(drift=5.0, grievance_by_counter=more, grievance_by_campaign=less, support_by_counter=less,
                        support_by_campaign=more, half_seen=0.001, own_act=10_000.0)  # fmt: skip
    found = drifted(world.population, run_campaign(world, replicate=0, seen=True), after)
    for feeling in (found.grievance, found.support):
        assert feeling.min() >= 0.0 and feeling.max() <= 1.0
    assert moved(np.array([0.0, 0.3, 1.0] * 2), np.array([1.0] * 3 + [-1.0] * 3)).tolist() == [1, 1, 1, 0, 0, 0]


def test_more_criticism_seen_never_lowers_grievance_nor_lifts_support():
    many = create_population(Configuration(), n=50)
    alike = replace(many, grievance=np.full(50, 0.4, np.float32), support=np.full(50, 0.6, np.float32))
    found = drifted(alike, by_hand([[3, count] for count in range(50)], []), AfterConfig())
    assert (np.diff(found.grievance) >= 0).all() and (np.diff(found.support) <= 0).all()


def test_half_of_a_drift_is_forgotten_in_its_half_life():
    rest, now = np.array([0.25, 0.5, 0.5], np.float32), np.array([0.75, 0.5, 0.25], np.float32)
    after = AfterConfig(half_life_weeks=8.0)
    assert forgotten(now, rest, 0.0, after).tolist() == now.tolist()
    assert forgotten(now, rest, 8.0, after).tolist() == [0.5, 0.5, 0.375]
    assert forgotten(now, rest, 1000.0, after).tolist() == rest.tolist()


def test_acts_are_counted_by_row_and_frame(world: World):
    record = run_campaign(world, replicate=0, seen=True)
    acts = acts_by_frame(record, ROWS)
    assert acts.sum() == record.messages.by_people.sum()
    assert acts[:, 1].sum() == (record.messages.by_people & (record.messages.frame == 1)).sum()


def test_impressions_kept_are_those_of_the_log(world: World):
    record = run_campaign(world, replicate=0, record="log", seen=True)
    logged = np.zeros((ROWS, 2), np.int64)
    np.add.at(logged, (record.sights.follower, record.sights.frame), record.sights.impressions)
    assert np.array_equal(logged, record.seen)


def test_a_record_that_does_not_say_what_was_seen_is_refused(world: World):
    with pytest.raises(ConfigError, match="seen=True"):
        drifted(world.population, run_campaign(world, replicate=0), world.config.after)


def noisy(counter: int, stories_from: int | None, trending: tuple[int, int]) -> RunRecord:
    """Return a record of 10 hours with 4 messages a minute, so many of them counter."""
    record = by_hand([[0, 0]], [])
    record.timeline["originals_campaign"][:] = 4 - counter
    record.timeline["originals_counter"][:] = counter
    record.timeline["trending"][slice(*trending)] = 1
    if stories_from is not None:
        record.timeline["stories"][stories_from] = 1
    return record


def test_nobody_takes_up_what_is_not_in_the_news_does_not_trend_or_is_not_critical():
    after = AfterConfig(copycat_rate=60.0)
    for record in (noisy(4, None, (0, 600)), noisy(4, 10, (0, 0)), noisy(0, 10, (0, 600))):
        assert copycats(record, after, 1).places == 0
    assert copycats(noisy(4, 10, (0, 600)), after, 1).places == after.copycat_places


def test_places_follow_the_hazard_after_the_news_and_while_it_trends():
    record, after = noisy(3, 120, (60, 480)), AfterConfig(copycat_rate=0.1, copycat_places=20_000)
    hazard = hazard_by_minute(record, after.copycat_rate)
    assert hazard[:120].max() == 0.0 and hazard[480:].max() == 0.0 and hazard[300] == pytest.approx(0.1 / 60 * 0.75)
    found = copycats(record, after, 7)
    expected = 20_000 * (1 - np.exp(-0.1 * 0.75 * 6))  # six hours
    assert abs(found.places - expected) < 5 * np.sqrt(expected)
    assert found.first_minute is not None and 120 <= found.first_minute < 480
    record.replicate = 1
    assert copycats(record, after, 7).places != found.places


def test_a_sequence_of_one_is_the_run_itself(world: World):
    alone, plain = lived(world, replicate=3), run_campaign(world, replicate=3)
    assert np.array_equal(alone.messages.author, plain.messages.author)
    assert np.array_equal(alone.messages.minute, plain.messages.minute)
    assert luck_of(3, 0) == 3 and luck_of(3, 1) != luck_of(4, 1) != luck_of(4, 2)


def test_the_second_campaign_starts_with_what_the_first_left(base: Configuration, world: World):
    second = world.with_config(changed(base, {"earlier": [before(base, weeks=8.0)]}))
    start = standing_of(second, 2)
    left = left_behind(Standing.at_rest(world), run_campaign(world, replicate=2, seen=True)).later(8.0)
    people = start.world.population
    assert start.number == 1 and np.array_equal(people.grievance, left.grievance)
    assert np.array_equal(people.support, left.support)
    assert np.array_equal(people.follows_sender, left.follows_sender)
    assert np.array_equal(start.rest_grievance, world.population.grievance)
    assert people.grievance.mean() > world.population.grievance.mean()


def test_a_campaign_that_was_not_posted_leaves_nothing_and_its_turn_passes(base: Configuration, world: World):
    skipped = world.with_config(changed(base, {"earlier": [before(base, posted=False)]}))
    start = standing_of(skipped, 2)
    assert np.array_equal(start.world.population.grievance, world.population.grievance)
    again, other = lived(skipped, replicate=2), run_campaign(world, replicate=luck_of(2, 1))
    assert np.array_equal(again.messages.author, other.messages.author)


def test_listening_between_two_campaigns_reaches_those_who_follow_then(base: Configuration, world: World):
    listened = changed(base, {"earlier": [before(base, weeks=30.0)], "agency.listening_months": 6})
    plain = changed(base, {"earlier": [before(base, weeks=30.0)]})
    told, silent = (standing_of(world.with_config(each), 0).world.population for each in (listened, plain))
    follows = told.follows_sender
    assert np.array_equal(follows, silent.follows_sender)
    assert np.array_equal(told.grievance[~follows], silent.grievance[~follows])
    assert told.grievance[follows] == pytest.approx(
        silent.grievance[follows] * listening_factor(listened.agency), abs=2**-16
    )


def test_the_option_to_listen_first_fits_between_two_campaigns(base: Configuration):
    soon, late, alone = (
        listen_first(changed(base, {"earlier": earlier})).changes["agency.listening_months"]
        for earlier in ([before(base, weeks=4.0)], [before(base, weeks=200.0)], [before(base, posted=False)])
    )
    assert (soon, late, alone) == (0.91, 6.0, 6.0)


def test_after_a_hijack_the_next_campaign_finds_more_grievance_and_more_critics(base: Configuration):
    loud = changed(base, {"after.drift": 5.0, "reaction.b_leave": -30.0, "feed.attention": 1.0})  # the angry stay
    world = build_world(loud)
    after = world.with_config(changed(loud, {"earlier": [before(loud, weeks=1.0)]}))
    alone = world.with_config(changed(loud, {"earlier": [before(loud, posted=False)]}))
    found: dict[str, list[tuple[float, ...]]] = {"after": [], "alone": []}
    for name, each in (("after", after), ("alone", alone)):
        for replicate in range(16):
            start = standing_of(each, replicate)
            record = run_campaign(start.world, replicate=luck_of(replicate, 1), seen=True)
            left, people = left_by(start.world, record), record.messages.by_people
            assert left is not None and left.outcome["start_first_response"] is not None
            assert left.outcome["start_grievance"] is not None
            counter = float((record.messages.frame[people] == 1).sum())
            found[name].append((left.outcome["start_grievance"], left.outcome["start_first_response"], counter))
    more = np.array(found["after"]) - np.array(found["alone"])  # a first campaign that dies at once leaves little
    assert (more.mean(axis=0) > 2.0 * more.std(axis=0, ddof=1) / 4.0).all()


def test_the_angriest_leave_so_that_leaving_alone_makes_the_next_first_response_milder(base: Configuration):
    leaving = build_world(changed(base, {"after.drift": 0.0, "reaction.b_leave": -1.0}))
    runs = [left_by(leaving, run_campaign(leaving, replicate=replicate, seen=True)) for replicate in range(4)]
    for run in runs:
        assert run is not None and run.outcome["followers_change"] is not None
        assert run.outcome["followers_change"] < 0 and run.outcome["grievance_change"] == 0.0
        assert (run.outcome["next_first_response"] or 1.0) < (run.outcome["start_first_response"] or 0.0)


def test_groups_changes_add_up_to_everybodys(world: World):
    runs = [left_by(world, run_campaign(world, replicate=replicate, seen=True)) for replicate in range(3)]
    names, people = groups_of(world.population)
    for run in runs:
        assert run is not None
        for dimension in ("cohort", "community"):
            places = [place for place, name in enumerate(names) if name[0] == dimension]
            together = (run.changes[places] * people[places, None]).sum(axis=0) / ROWS
            assert together == pytest.approx(run.changes[0], abs=1e-9)
    table = table_of_after(runs, world.population, hide_small=False)
    assert table[0]["grievance_change_lo"] <= table[0]["grievance_change"] <= table[0]["grievance_change_hi"]
    told = summary_of_after(runs)
    assert told is not None and told["grievance_change"]["mean"] == pytest.approx(table[0]["grievance_change"])


def test_a_group_of_fewer_than_ten_is_not_told_of_nor_to_be_reckoned_from_the_others(world: World):
    people = world.population
    few = replace(people, community=(np.arange(ROWS) < 4).astype(np.int8), cohort=np.zeros(ROWS, np.int8) + 2)
    told = table_of_after([left_by(world, run_campaign(world, replicate=0, seen=True))], few, hide_small=True)
    assert [(row["dimension"], row["people"]) for row in told] == [("everybody", ROWS), ("cohort", ROWS)]
    shown = table_of_after([left_by(world, run_campaign(world, replicate=0, seen=True))], few, hide_small=False)
    assert ("community", 4) in [(row["dimension"], row["people"]) for row in shown]


def test_in_rounds_there_is_no_sender_and_nothing_is_left():
    rounds = build_world(Configuration.model_validate({
        "people": {"n_followers": 200}, "reaction": {"rule": "independent_cascade"},
    }))  # fmt: skip
    assert left_by(rounds, run_campaign(rounds, replicate=0, seen=True)) is None
    assert summary_of_after([None]) is None


def test_a_model_starts_from_the_state_that_another_left(base: Configuration, world: World):
    first = CampaignModel(base, rng=base.seed, replicate=2)
    first.run_until(first.horizon)
    second = CampaignModel(base, replicate=2, after=first.aftermath().later(8.0))
    told = CampaignModel(changed(base, {"earlier": [before(base, weeks=8.0)]}), rng=base.seed, replicate=2)
    assert np.array_equal(second.population.grievance, told.population.grievance)
    for model in (second, told):
        model.run_for(600)
    assert second.messages.equals(told.messages)
    third = CampaignModel(base, replicate=2, after=second.aftermath())
    assert third._standing.number == 2
    with pytest.raises(ConfigError, match="rng cannot be given with after"):
        CampaignModel(base, rng=4, after=second.aftermath())
    with pytest.raises(ConfigError, match="weeks must be at least 0"):
        second.aftermath().later(-1.0)


def test_many_runs_start_from_one_state(base: Configuration):
    first = CampaignModel(base, rng=base.seed)
    first.run_until(first.horizon)
    found = simulate(base, replicates=3, after=first.aftermath(), workers=1)
    assert found["after"]["start_grievance"]["mean"] == pytest.approx(
        float(first.aftermath().grievance.mean()), abs=1e-6
    )
    with pytest.raises(ConfigError, match="graphs cannot be given with after"):
        simulate(base, replicates=3, graphs=2, after=first.aftermath())


@pytest.mark.parametrize(("changes", "said"), [
    ({"earlier": [{"weeks": 0.2}]}, "weeks must be at least the campaign's own 72 hours"),
    ({"earlier": [{"weeks": 4}], "agency.listening_months": 3}, "must fit between two campaigns, 4 weeks apart"),
    ({"earlier": [{}], "reaction.rule": "independent_cascade"}, "earlier must be empty with reaction.rule"),
    ({"earlier": [{}] * 13}, "earlier may hold at most 12 campaigns"),
    ({"after.half_life_weeks": 0}, "after.half_life_weeks must be above 0"),
    ({"after.grievance_by_counter": 1.5}, "after.grievance_by_counter must be at most 1"),
])  # fmt: skip
def test_what_cannot_have_come_before_is_refused(base: Configuration, changes: dict[str, object], said: str):
    with pytest.raises(ConfigError, match=said.replace(".", r"\.")):
        changed(base, changes)
