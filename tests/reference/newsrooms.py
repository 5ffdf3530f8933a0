"""When newsrooms notice and what they report (docs/model.md 6.2)."""

from __future__ import annotations

from sim.engine.record import Kind
from sim.newsroom.pickup import NEVER, lifted, notices, report_minute
from sim.reaction.actions import SALIENCE
from sim.rng import Stream
from tests.reference.messages import CAMPAIGN, COUNTER, Message, message_key, newsroom_code, newsroom_key
from tests.reference.state import Campaign


def report(campaign: Campaign, minute: int) -> None:
    """Let newsrooms notice the trend, once, and put out the stories that are due."""
    config = campaign.configuration.newsroom
    if campaign.reports is None and campaign.first_trend is not None:
        saw, first = campaign.journalist_saw, campaign.first_trend
        if notices(campaign.trending, minute, saw, first, float(config.wire_minutes)):
            campaign.reports = planned(campaign, minute)
    for newsroom in (campaign.reports or {}).get(minute, []):
        key = newsroom_key(newsroom)
        frames = [message.frame for message in campaign.of_people(minute - 60, minute - 1)]
        campaign.noted["story of a tag that trends no more"] += not campaign.trending
        frame = COUNTER if frames.count(COUNTER) > frames.count(CAMPAIGN) else CAMPAIGN
        story = Message(minute, newsroom_code(newsroom), key, frame, Kind.STORY, message_key(key, minute))
        campaign.stories_out.append(story)
        campaign.ask[SALIENCE] = lifted(campaign.ask[SALIENCE], config.salience_lift)


def planned(campaign: Campaign, notice: int) -> dict[int, list[int]]:
    """Return which newsrooms report in which minute, all having noticed in the same one."""
    config = campaign.configuration.newsroom
    plan: dict[int, list[int]] = {}
    for newsroom in range(config.newsrooms):
        pick = campaign.draws.luck(Stream.NEWS_PICKUP, newsroom_key(newsroom))
        lag = campaign.draws.luck(Stream.NEWS_LAG, newsroom_key(newsroom))
        median, sigma = float(config.lag_median_minutes), float(config.lag_sigma)
        if campaign.own.newsroom is None:
            minute = int(report_minute(notice, pick, lag, float(config.pick_up), median, sigma))
        else:
            minute = campaign.own.report(campaign, notice, newsroom, pick, lag)
        if notice <= minute < NEVER:
            plan.setdefault(minute, []).append(newsroom)
    return plan
