"""The campaign as a Mesa model: a minute is a step."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import mesa

from benchmarks.mesa_campaign.agency import Agency
from benchmarks.mesa_campaign.follower import Follower, Person
from benchmarks.mesa_campaign.habits import Day
from benchmarks.mesa_campaign.message import COUNTER, Message
from benchmarks.mesa_campaign.newsroom import Newsroom
from benchmarks.mesa_campaign.trending import TrendingList

ASK = ("appeal", "room", "openness", "salience", "arousal", "media")


class CampaignNetwork(mesa.Model):
    """A sender's call, its audience, and what the audience makes of it.

    Parameters
    ----------
    settings : object
        The parameters of ``docs/model.md`` under their names there (``settings.post.appeal`` ...).
    people : sequence of Person
    followers_of : sequence of sequences of int
        To whom each person's messages travel, by their places in ``people``.
    rng : int
        Seed of the run's luck.
    """

    def __init__(
        self, settings: Any, people: Sequence[Person], followers_of: Sequence[Sequence[int]], rng: int | None = None
    ) -> None:
        super().__init__(rng=rng)
        self.settings = settings
        self.horizon = settings.minutes
        self.attention = settings.feed.attention
        self.day = Day(settings.people.circadian, settings.post.hour)
        self.ask = SimpleNamespace(**{name: getattr(settings.post, name) for name in ASK})
        self.minute = 0
        self.activity = 0.0  # days of mean activity until the end of this minute
        self.followers: list[Follower] = list(Follower.create_agents(self, len(people), person=list(people)))
        for follower, rows in zip(self.followers, followers_of, strict=True):
            follower.followers = [self.followers[row] for row in rows]
        self.agency = Agency(self)
        for follower, person in zip(self.followers, people, strict=True):
            for account in person.accounts:
                self.agency.join(follower, self.agency.accounts[account])
        self.newsrooms: list[Newsroom] = list(Newsroom.create_agents(self, settings.newsroom.newsrooms))
        self.trending_list = TrendingList(self)
        self.trending = False
        self.withdrawn = False
        self.journalist_saw = False
        self.noticed = False
        self.messages: list[Message] = []
        self.outbox: list[Message] = []
        self.by_minute: dict[int, list[Message]] = defaultdict(list)
        self.put_out_before = [[0], [0]]  # people's messages by frame, before each minute
        self.read_before = [[0], [0]]  # the same, as the agency reads them
        self.reach = 0
        self.paid = self.plan_paid()
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "messages": lambda model: model.put_out_before[0][-1] + model.put_out_before[1][-1],
                "counter": lambda model: model.put_out_before[COUNTER][-1],
                "reach": "reach",
                "trending": "trending",
            }
        )

    def plan_paid(self) -> dict[int, list[Follower]]:
        """Return who gets the promoted post in which minute."""
        post, planned = self.settings.post, defaultdict(list)
        for follower in self.followers if post.paid_reach > 0.0 else ():
            if self.random.random() < post.paid_reach:
                planned[int(self.random.random() * 60.0 * post.paid_hours)].append(follower)
        return planned

    def day_of(self, minute: int) -> int:
        """Return the calendar day of a minute."""
        return int((60.0 * self.settings.post.hour + minute) // 1440)

    def chance_seen(self, age: int) -> float:
        """Return the chance that a message of that feed age is still seen."""
        return self.attention * 0.5 ** (min(age, 65_535) / self.settings.feed.half_life_minutes)

    def rank_weight(self, message: Message) -> float:
        """Return a message's weight in the feed now."""
        feed = self.settings.feed
        if feed.ranking == "chronological":
            return 1.0
        stirring = self.ask.arousal if message.frame == COUNTER else self.ask.media
        return (1.0 + message.root.shares) ** feed.lift_shares * math.exp(feed.lift_arousal * stirring)

    def recent_messages(self, *, delay: int = 1, as_read: bool = False) -> tuple[int, int]:
        """Return people's messages by frame, of the 60 minutes up to ``delay`` minutes ago."""
        end = max(0, self.minute - delay + 1)
        begin = max(0, end - 60)
        campaign, counter = self.read_before if as_read else self.put_out_before
        return campaign[end] - campaign[begin], counter[end] - counter[begin]

    def enter(self, follower: Follower, minute: int) -> None:
        """Note that a follower looks in that minute: here everybody is asked every minute, so nothing is noted."""

    def put_out(self, message: Message) -> None:
        """Take a message for this minute; it lands when all have acted."""
        self.outbox.append(message)

    def step(self) -> None:
        """Live through one minute."""
        self.minute = self.steps - 1
        self.follow_the_trend()
        self.activity = self.day.activity(self.minute + 1)
        self.notice_the_news()
        reporting = [newsroom for newsroom in self.newsrooms if newsroom.due == self.minute]
        for newsroom in reporting:
            newsroom.lift()
        self.agency.step()
        for newsroom in reporting:
            newsroom.report()
        if self.trending:
            self.trending_list.compile()
        self.step_followers()
        self.deliver()
        self.datacollector.collect(self)
        self.running = self.minute + 1 < self.horizon

    def step_followers(self) -> None:
        """Let everybody look at the clock, in random order."""
        self.agents.shuffle_do("step")

    def follow_the_trend(self) -> None:
        """Find out whether the tag trends; when it begins to, people come across it on the list."""
        before, self.trending = self.trending, self.trending_list.update()
        if self.trending and not before:
            activity = self.day.activity(self.minute)
            for follower in self.followers:
                follower.plan_look(self.minute - 1, activity)

    def notice_the_news(self) -> None:
        """Let newsrooms notice a trending story that a journalist has seen or that has been about for long enough."""
        if self.noticed or not self.trending:
            return
        waited = self.minute - self.trending_list.first_trend >= self.settings.newsroom.wire_minutes
        if self.journalist_saw or waited:
            self.noticed = True
            for newsroom in self.newsrooms:
                newsroom.decide()

    def deliver(self) -> None:
        """Count the minute's messages and let them land: paid ones after the others, answers last."""
        new, self.outbox = self.outbox, []
        counts, read = [0, 0], [0, 0]
        for message in new:
            if message.root is not message:
                message.root.shares += 1
            if message.by_people:
                wrong = self.random.random() < self.settings.agency.detection_error
                message.read_as = 1 - message.frame if wrong else message.frame
                counts[message.frame] += 1
                read[message.read_as] += 1
                self.by_minute[self.minute].append(message)
        for frame in (0, 1):
            self.put_out_before[frame].append(self.put_out_before[frame][-1] + counts[frame])
            self.read_before[frame].append(self.read_before[frame][-1] + read[frame])
        self.messages.extend(new)
        for message in new:
            if message.kind != "reply" and not (self.withdrawn and message.root.is_call):
                message.author.spread(message)
        call = self.agency.first_call
        if call is not None and not self.withdrawn:
            for follower in self.paid.pop(self.minute, ()):
                follower.receive(call, "agency", self.rank_weight(call), certain=True)
        for message in new:
            if message.kind == "reply":
                message.author.spread(message)

    def run(self) -> None:
        """Live through the whole campaign."""
        while self.running:
            self.step()


class CampaignFrontier(CampaignNetwork):
    """The same with a calendar of minutes, as one makes it by hand: only those are stepped who look just now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.due: dict[int, list[Follower]] = defaultdict(list)
        super().__init__(*args, **kwargs)

    def enter(self, follower: Follower, minute: int) -> None:
        self.due[minute].append(follower)

    def step_followers(self) -> None:
        for follower in self.due.pop(self.minute, ()):
            follower.step()
