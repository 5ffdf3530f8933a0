"""Newsrooms: they notice what trends, report it after a while, and lift the topic by reporting it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.mesa_campaign.message import CAMPAIGN, COUNTER, Message

if TYPE_CHECKING:
    from benchmarks.mesa_campaign.model import CampaignNetwork


class Newsroom(mesa.Agent):
    """One newsroom, which reports the story once or not at all."""

    def __init__(self, model: CampaignNetwork) -> None:
        super().__init__(model)
        self.due: int | None = None

    def decide(self) -> None:
        """Decide, on noticing the story, whether and when to report it."""
        model: Any = self.model
        news = model.settings.newsroom
        if self.random.random() < news.pick_up:
            lag = self.random.lognormvariate(math.log(news.lag_median_minutes), news.lag_sigma)
            self.due = model.minute + 1 + int(min(lag, 1e8))

    def lift(self) -> None:
        """Bring the topic nearer to everybody's mind."""
        model: Any = self.model
        model.ask.salience += model.settings.newsroom.salience_lift * (1.0 - model.ask.salience)

    def report(self) -> None:
        """Put the story out, from the side of the larger part."""
        model: Any = self.model
        campaign, counter = model.recent_messages()
        model.put_out(Message(self, model.minute, COUNTER if counter > campaign else CAMPAIGN, "story"))

    def spread(self, message: Message) -> None:
        """Show the story to this newsroom's readers."""
        model: Any = self.model
        reach, weight = model.settings.newsroom.reach, model.rank_weight(message)
        for follower in model.followers:
            if self.random.random() < reach:
                follower.receive(message, "news", weight)
