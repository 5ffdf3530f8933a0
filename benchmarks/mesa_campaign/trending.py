"""The trending list: when the tag gets on it, and which messages it holds."""

from __future__ import annotations

import math
from heapq import nlargest
from itertools import islice
from typing import TYPE_CHECKING, Any

from benchmarks.mesa_campaign.message import Message

if TYPE_CHECKING:
    from benchmarks.mesa_campaign.follower import Follower
    from benchmarks.mesa_campaign.model import CampaignNetwork


class TrendingList:
    """What those see who look at what trends, whomever they follow."""

    def __init__(self, model: CampaignNetwork) -> None:
        self.model = model
        self.settings: Any = model.settings.feed.trending
        self.messages: list[Message] = []
        self.weights: list[float] = []
        self.first_trend: int | None = None

    def update(self) -> bool:
        """Return whether the tag trends now: what trended before must be ever busier to trend on."""
        model, settings = self.model, self.settings
        if not settings.on:
            return False
        needed = max(settings.min_messages, settings.threshold * len(model.followers))
        if self.first_trend is not None:
            needed *= 2.0 ** ((model.minute - self.first_trend) / (60.0 * settings.novelty_hours))
        trends = sum(model.recent_messages()) >= (needed / 2.0 if model.trending else needed)
        if trends and self.first_trend is None:
            self.first_trend = model.minute
        return trends

    def compile(self) -> None:
        """Make the list of this minute."""
        model, size = self.model, self.settings.list_size
        standing = (m for m in reversed(model.messages) if m.by_people and not (model.withdrawn and m.root.is_call))
        if model.settings.feed.ranking == "chronological":
            self.messages = list(islice(standing, size))
            self.weights = [1.0] * len(self.messages)
            return
        half_life = self.settings.list_half_life_minutes

        def rank(message: Message) -> float:
            return math.log1p(message.shares) + message.minute * math.log(2.0) / half_life

        self.messages = nlargest(size, (m for m in standing if m.kind == "original"), key=rank)
        self.weights = [1.0 + message.shares for message in self.messages]

    def pick(self, follower: Follower) -> Message | None:
        """Return the listed message that catches a follower's eye; one's own do not."""
        random = self.model.random
        open_to = [
            (message, weight)
            for message, weight in zip(self.messages, self.weights, strict=True)
            if message.author is not follower and message.root.author is not follower
        ]
        if not open_to:
            return None
        messages, weights = zip(*open_to, strict=True)
        return random.choices(messages, weights)[0]
