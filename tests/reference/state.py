"""What there is at any moment of a campaign: the rows' memories, their calendar and feeds, the tag, the agency."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.agency.policies import effect_vector, rule_table
from sim.config.root import Configuration
from sim.feed.exposure import sinking_speeds, visibility_table
from sim.people.sessions import next_session, profile_table
from sim.reaction.actions import ask_vector, coefficient_vector
from sim.rng import Stream
from tests.reference.accounts import Following, how_many, mean_skill, schedule
from tests.reference.draws import Draws
from tests.reference.messages import Message, account_code, account_key, message_key
from tests.reference.own import OwnRules

SATURATED = 65_535  # where counters stop (docs/model.md 0)


@dataclass
class Memory:
    """What one row has met and done since the start."""

    sources: list[int] = field(default_factory=lambda: [0, 0])  # by frame
    seen: list[int] = field(default_factory=lambda: [0, 0])  # impressions by frame
    day: int = 0
    today: int = 0  # impressions of agency messages on that day
    reached: bool = False
    acknowledged: bool = False
    answered: bool = False
    acts: int = 0
    passed_on: set[Message] = field(default_factory=set)  # roots


@dataclass(frozen=True)
class Waiting:
    """A message that will be seen at its row's entry."""

    message: Message
    score: float
    new_source: bool


class Campaign:
    """One run in progress. Every list has one element a row."""

    def __init__(
        self, configuration: Configuration, population: Any, graph: Any, replicate: int, whole: Any = None
    ) -> None:
        self.configuration = configuration
        self.draws = Draws(configuration.seed, replicate)
        self.noted: Counter[str] = Counter()  # what happened that no log tells (see features.py)
        self.horizon = configuration.minutes
        self._people(population, graph, graph if whole is None else whole)
        # calendar (4): at most one entry and one look entry a row
        self.profile = profile_table(configuration.people.circadian, configuration.post.hour)
        self.entry: dict[int, int] = {}
        self.look: dict[int, int] = {}
        # feeds (5)
        self.ranked = configuration.feed.ranking == "engagement"
        self.visibility = visibility_table(configuration.feed)
        self.waiting: dict[int, list[Waiting]] = {}
        self.known_sources: list[set[tuple[int | str, int]]] = [set() for _ in range(self.n)]
        self.memory = [Memory() for _ in range(self.n)]
        # the tag (5, 6.1, 6.2)
        self.messages: list[Message] = []
        self.of_minute: dict[int, list[Message]] = {}
        self.trending = False
        self.first_trend: int | None = None
        self.journalist_saw = False
        self.reports: dict[int, list[int]] | None = None  # minute -> newsrooms; None until they notice
        # the sender (3, 6.3)
        self.ask = ask_vector(configuration.post)
        self.coefficients = coefficient_vector(configuration.reaction)
        self.effects = effect_vector(configuration.agency)
        self.own = OwnRules(configuration)
        self.rules = list(rule_table(configuration.policy, self.own.policies))
        self.fired = [-1] * len(self.rules)
        self.by_hand: list[np.ndarray] = []  # moves made between two minutes, as rules
        self.accounts = how_many(configuration.agency)
        self.skill = mean_skill(configuration.agency, self.draws)
        self.schedule = schedule(configuration.agency, configuration.post, self.draws)
        self.paid = self._paid_plan()
        self.withdrawn = False
        self.soothe = 0.0
        self.answer = 0.0
        self.reply_budget: list[float] | None = None  # None until the agency engages
        self.boost_budget: list[float] | None = None  # None until it amplifies
        self.asked_back: set[int] = set()  # rows that were answered
        # this minute's messages, before they are put out (6.5)
        self.agency_out: list[Message] = []
        self.stories_out: list[Message] = []
        self.rows_out: list[Message] = []

    def _people(self, population: Any, graph: Any, whole: Any) -> None:
        """Lay out what set-up fixed (1, 2) as plain lists."""
        self.n = len(population.key)
        self.audience = whole.n  # rows before any were added or dropped: what thresholds are relative to (1.10)
        self.key = [np.uint64(key) for key in population.key]
        self.by_key = sorted(range(self.n), key=lambda row: int(self.key[row]))
        self.grievance = [float(value) for value in population.grievance]
        self.support = [float(value) for value in population.support]
        self.rate = [float(value) for value in population.sessions_a_day]
        self.role = [int(value) for value in population.role]
        self.looks = [bool(value) for value in population.looks_at_lists]
        self.following = Following(
            self.configuration.agency,
            [bool(value) for value in population.follows_sender],
            [int(value) for value in population.locality],
        )
        self.followers: list[list[int]] = []
        followees = np.zeros(self.n, dtype=np.int64)
        for row in range(self.n):
            self.followers.append([int(f) for f in graph.follower[graph.start[row] : graph.start[row + 1]]])
            for follower in self.followers[row]:
                followees[follower] += 1
        before = whole.out_degree
        followees[: whole.n] = before
        usual = math.floor(sum(int(count) for count in before) / max(whole.n, 1) + 0.5)
        speeds = sinking_speeds(followees, float(self.configuration.feed.crowding), usual)
        self.sink = [np.float32(speed) for speed in speeds]

    def _paid_plan(self) -> dict[int, list[int]]:
        """Return to which rows the first call post is delivered, for money, in which minute (5, Paid)."""
        post = self.configuration.post
        plan: dict[int, list[int]] = {}
        for row, key in enumerate(self.key):
            if self.draws.luck(Stream.PAID, key) < post.paid_reach:
                minute = math.floor(self.draws.luck(Stream.PAID, key, 1) * 60 * post.paid_hours)
                plan.setdefault(minute, []).append(row)
        return plan

    def next_session(self, row: int, minute: int) -> int:
        """Return the row's first session after a minute (4)."""
        return int(next_session(self.profile, self.draws.state(Stream.SESSION), self.key[row], self.rate[row], minute))

    def next_look(self, row: int, minute: int) -> int:
        """Return the row's first look at the trending list after a minute (4)."""
        rate = float(self.configuration.feed.trending.looks_a_day)
        return int(next_session(self.profile, self.draws.state(Stream.LOOK), self.key[row], rate, minute))

    def agency_message(self, minute: int, account: int, **what: Any) -> Message:
        """Add a message of an account to those of this minute; the account's nth of the minute has a key of its own."""
        code = account_code(account)
        nth = sum(message.author == code for message in self.agency_out)
        key = account_key(account)
        message = Message(minute, code, key, key=message_key(key, minute, nth), **what)
        self.agency_out.append(message)
        return message

    def of_people(self, first: int, last: int) -> list[Message]:
        """Return the participants' messages put out in minutes first..last."""
        return [m for minute in range(first, last + 1) for m in self.of_minute.get(minute, []) if m.by_people]
