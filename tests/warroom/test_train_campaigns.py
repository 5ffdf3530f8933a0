"""The teams' campaigns and what they see: shared pasts, the same luck, nothing early and nothing exact."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.record import TIMELINE
from sim.model.campaign import CampaignModel
from sim.warroom.train.campaigns import Campaigns
from sim.warroom.train.crowd import crowd_of
from sim.warroom.train.deck import configuration_of
from sim.warroom.train.sights import bin_minutes, counts, feed, hours_spent, prices, rounded
from tests.warroom.toy_deck import toy_deck

ANSWERED = ((45, "acknowledge"), (180, "change_ask"))


@pytest.fixture(scope="module")
def configuration():
    return configuration_of(toy_deck())


@pytest.fixture(scope="module")
def played(configuration):
    """Two pasts brought to minute 240 in the steps of a session."""
    campaigns = Campaigns(configuration)
    campaigns.follow([()], 45)
    campaigns.follow([(), ANSWERED[:1]], 100)
    campaigns.follow([(), ANSWERED[:1]], 180)
    campaigns.follow([(), ANSWERED], 240)
    yield campaigns
    campaigns.close()


def test_a_teams_campaign_is_the_run_of_its_moves_as_a_policy_bit_for_bit(played, configuration):
    policy = {"name": "t", "rules": [{"move": move, "at_minute": minute} for minute, move in ANSWERED]}
    alone = CampaignModel(configuration, rng=configuration.seed)
    alone.policy = policy
    alone.run_until(240)
    mine, theirs = played.model(ANSWERED).record(), alone.record()
    assert np.array_equal(mine.messages.author, theirs.messages.author)
    assert np.array_equal(mine.messages.frame, theirs.messages.frame)
    for column in TIMELINE:
        assert np.array_equal(mine.timeline[column], theirs.timeline[column])
    assert theirs.messages.author.size > 50


def test_teams_of_one_past_share_a_model_and_pasts_that_nobody_has_are_closed(played):
    assert played.count == 2


def test_a_past_can_be_made_after_its_minutes_have_passed(played, configuration):
    again = Campaigns(configuration)
    again.follow([()], 240)
    again.follow([ANSWERED], 240)
    mine, theirs = again.model(ANSWERED).record(), played.model(ANSWERED).record()
    assert np.array_equal(mine.messages.author, theirs.messages.author)
    again.close()


def test_counts_are_late_misread_and_rounded(played, configuration):
    model = played.model(())
    seen = counts(model, 5)
    delay = configuration.agency.monitoring_delay_minutes
    assert delay == 15
    assert seen["known"] == 240 - delay
    assert len(seen["campaign"]) == len(seen["counter"]) == seen["known"] // 5
    observed = model.record().timeline
    exact = observed["observed_counter"][: seen["known"]].reshape(-1, 5).sum(axis=1)
    assert seen["counter"] == [rounded(int(each)) for each in exact]
    true = observed["originals_counter"] + observed["shares_counter"]
    assert not np.array_equal(true[: seen["known"]], observed["observed_counter"][: seen["known"]])
    early = Campaigns(configuration)
    early.follow([()], 10)
    assert counts(early.model(()), 5) | {"stories": 0, "followers": 0} == {
        "known": 0, "width": 5, "campaign": [], "counter": [], "hour": 0, "share": None, "total": 0,
        "trending": False, "stories": 0, "followers": 0,
    }  # fmt: skip
    assert feed(early.model(())) == []
    early.close()


def test_messages_shown_are_a_few_that_the_agency_can_know_and_keep_their_words(played):
    shown = feed(played.model(()), "#toy")
    assert 1 <= len(shown) <= 6
    assert all(164 <= message["minute"] < 225 for message in shown)
    assert all(message["text"] for message in shown)
    assert shown == feed(played.model(()), "#toy")
    assert not any(set(message) - {"minute", "text", "shares"} for message in shown)


def test_hours_are_what_the_moves_took(played, configuration):
    assert hours_spent(played.model(()), ()) == 0.0
    assert hours_spent(played.model(ANSWERED), ANSWERED) == 2.0
    busy = Campaigns(configuration)
    past = ((30, "engage"),)
    busy.follow([past], 200)
    replies = busy.model(past).record().replies
    assert replies > 0
    assert hours_spent(busy.model(past), past) == pytest.approx(0.1 * replies)
    busy.close()
    assert prices(configuration)["withdraw"]["hours"] == 4.0
    assert prices(configuration)["silent"] == {"hours": 0.0, "each": 0.0, "of": ""}


def test_counts_are_told_in_two_figures():
    assert [rounded(k) for k in (0, 7, 12, 14, 99, 123, 1987, 20444)] == [0, 7, 10, 15, 100, 120, 2000, 20000]
    assert [bin_minutes(k) for k in (60, 360, 600, 1440, 43200)] == [5, 5, 10, 30, 720]


def test_a_crowd_that_is_ready_has_been_advanced_on_trial_and_stands_at_its_start():
    deck = toy_deck()
    campaigns = crowd_of(deck)
    assert campaigns.count == 1 and campaigns.model(()).minute == 0
    campaigns.follow([()], 5)
    fresh = Campaigns(configuration_of(deck), deck.replicate)
    fresh.follow([()], 5)
    assert campaigns.model(()).timeline.equals(fresh.model(()).timeline)
