"""A whole campaign, minute by minute (docs/model.md 6): the order of the phases, and putting out (6.5)."""

from __future__ import annotations

from typing import Any

from sim.agency.policies import rule_table
from sim.config.agency import PolicyConfig, RuleConfig
from sim.config.root import Configuration
from sim.engine.record import RunRecord
from tests.reference.agency import act
from tests.reference.feed import land_all
from tests.reference.messages import Message
from tests.reference.newsrooms import report
from tests.reference.recorder import Recorder
from tests.reference.rounds import simulate_in_rounds
from tests.reference.state import Campaign
from tests.reference.trend import notice_trend
from tests.reference.wakings import see_and_react


class PlainRun:
    """A campaign in progress, worked out row by row; between two minutes it can be changed.

    Parameters
    ----------
    configuration : Configuration
    population : sim.people.population.Population
        Of n rows.
    graph : sim.network.graph.FollowerGraph
        Of the same n rows.
    replicate : int
    whole : sim.network.graph.FollowerGraph, optional
        The graph before rows were added or dropped (docs/model.md 1.10); ``graph`` if left out.
    """

    def __init__(
        self, configuration: Configuration, population: Any, graph: Any, *, replicate: int, whole: Any = None
    ) -> None:
        self.campaign = Campaign(configuration, population, graph, replicate, whole)
        self.recorder = Recorder(self.campaign.horizon)
        self.minute = 0
        self.asks: list[tuple[float, ...]] = []  # the ask after each minute

    def live_until(self, end: int) -> None:
        """Live through the minutes before ``end``."""
        for minute in range(self.minute, end):
            notice_trend(self.campaign, minute)
            report(self.campaign, minute)
            act(self.campaign, minute)
            see_and_react(self.campaign, minute, self.recorder)
            new = put_out(self.campaign)
            land_all(self.campaign, minute, new)
            self.recorder.minute(self.campaign, minute, new)
            self.asks.append(tuple(float(value) for value in self.campaign.ask))
        self.minute = max(self.minute, end)

    def set_policy(self, rules: list[RuleConfig]) -> None:
        """Put other rules in force, none of which has fired; moves made by hand that are still to come stay."""
        campaign = self.campaign
        to_come = [row for row, fired in zip(campaign.rules, campaign.fired, strict=True) if fired < 0]
        to_come = [row for row in to_come if any(row is move for move in campaign.by_hand)]
        campaign.rules = [*rule_table(PolicyConfig(rules=tuple(rules)), campaign.own.policies), *to_come]
        campaign.fired = [-1] * len(campaign.rules)

    def act(self, move: str) -> None:
        """Make one move in the next minute, after the policy's rules."""
        rule = RuleConfig(move=move, at_minute=self.minute)
        (row,) = rule_table(PolicyConfig(rules=(rule,)))
        self.campaign.by_hand.append(row)
        self.campaign.rules = [*self.campaign.rules, row]
        self.campaign.fired.append(-1)

    def record(self) -> RunRecord:
        """Return what the campaign has left behind, sights included."""
        return self.recorder.record(self.campaign)


def simulate_plainly(
    configuration: Configuration, population: Any, graph: Any, *, replicate: int, whole: Any = None
) -> RunRecord:
    """Return the record of one whole run, sights included (parameters as of :class:`PlainRun`)."""
    if configuration.reaction.in_rounds:
        return simulate_in_rounds(configuration, population, graph, replicate=replicate)
    run = PlainRun(configuration, population, graph, replicate=replicate, whole=whole)
    run.live_until(configuration.minutes)
    return run.record()


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
