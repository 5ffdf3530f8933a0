"""A whole campaign, minute by minute (docs/model.md 6): the order of the phases, and putting out (6.5)."""

from __future__ import annotations

from typing import Any

from sim.config.root import Configuration
from sim.engine.record import RunRecord
from tests.reference.agency import act
from tests.reference.feed import land_all
from tests.reference.messages import Message
from tests.reference.newsrooms import report
from tests.reference.recorder import Recorder
from tests.reference.state import Campaign
from tests.reference.trend import notice_trend
from tests.reference.wakings import see_and_react


def simulate_plainly(configuration: Configuration, population: Any, graph: Any, *, replicate: int) -> RunRecord:
    """Return the record of one run, sights included, worked out row by row.

    Parameters
    ----------
    configuration : Configuration
    population : sim.people.population.Population
        Of n rows.
    graph : sim.network.graph.FollowerGraph
        Of the same n rows.
    replicate : int
    """
    campaign = Campaign(configuration, population, graph, replicate)
    recorder = Recorder(campaign.horizon)
    for minute in range(campaign.horizon):
        notice_trend(campaign, minute)
        report(campaign, minute)
        act(campaign, minute)
        see_and_react(campaign, minute, recorder)
        new = put_out(campaign)
        land_all(campaign, minute, new)
        recorder.minute(campaign, minute, new)
    return recorder.record(campaign)


def put_out(campaign: Campaign) -> list[Message]:
    """Number the minute's messages (accounts, newsrooms, rows by key) and count what they share."""
    new = campaign.agency_out + campaign.stories_out + campaign.rows_out
    campaign.agency_out, campaign.stories_out, campaign.rows_out = [], [], []
    for message in new:
        message.number = len(campaign.messages)
        campaign.messages.append(message)
        campaign.of_minute.setdefault(message.minute, []).append(message)
        if message.root is not message:
            message.root.shares += 1
    return new
