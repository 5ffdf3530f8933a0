"""A person of the audience: gets messages, looks now and then, and does at most one thing about what is seen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa

from benchmarks.mesa_campaign.habits import Visits
from benchmarks.mesa_campaign.message import CAMPAIGN, COUNTER, Message

if TYPE_CHECKING:
    from benchmarks.mesa_campaign.agency import Account
    from benchmarks.mesa_campaign.model import CampaignNetwork

NO_MINUTE = -1
Showing = tuple[Message, float, bool]  # a message, its weight when it landed, whether it brings a new source
COMMITTED = ("activist", "ally")


class Person(NamedTuple):
    """Who a follower is before the first minute."""

    grievance: float
    support: float
    role: str  # member, activist, ally, journalist
    sessions_a_day: float
    sinking: float  # how fast messages sink in this feed; 1 for a feed of mean length
    looks_at_lists: bool
    accounts: tuple[int, ...]  # the sender's accounts that are followed at the start
    locality: int


class Follower(mesa.Agent):
    """One person, stepped every minute (or, in the frontier variant, when something is due)."""

    def __init__(self, model: CampaignNetwork, person: Person) -> None:
        super().__init__(model)
        self.grievance = person.grievance
        self.support = person.support
        self.role = person.role
        self.sinking = person.sinking
        self.locality = person.locality
        self.sessions = Visits(model.day, person.sessions_a_day, model.random)
        looks = model.settings.feed.trending.looks_a_day
        self.looks = Visits(model.day, looks, model.random) if person.looks_at_lists else None
        self.followers: list[Follower] = []
        self.following: set[Account] = set()
        self.session = NO_MINUTE  # the session at which what waits will be seen
        self.look = NO_MINUTE
        self.feed: list[Showing] = []  # what waits
        self.known_sources: set[tuple[int, Any]] = set()
        self.sources = [0, 0]
        self.seen = [0, 0]
        self.acts = 0
        self.day_of_posts = -1
        self.agency_posts_today = 0
        self.passed_on: set[Message] = set()
        self.reached = False
        self.acknowledged = False
        self.answered = False

    def next_session(self) -> int:
        """Return the minute of the session after this minute, at the earliest."""
        model: Any = self.model
        return self.session if self.session > model.minute else self.sessions.after(model.minute, model.activity)

    def receive(self, message: Message, source: Any, weight: float, *, certain: bool = False) -> None:
        """Let a message land, with that weight in a ranked feed: it waits, if the next session will still see it."""
        model: Any = self.model
        luck = model.random.random()
        if luck >= model.attention and not certain:
            return
        if self is message.author or self is message.root.author:
            return
        session = self.next_session()
        if session >= model.horizon:
            return
        if certain or luck < model.chance_seen(int((session - model.minute) * self.sinking / weight)):
            self.keep(message, source, weight, session)

    def receive_reply(self, message: Message, notified: int) -> None:
        """Get an answer of the agency: seen for certain, and perhaps earlier than the next session."""
        model: Any = self.model
        session = min(self.next_session(), notified)
        if session < model.horizon:
            self.keep(message, "agency", model.rank_weight(message), session)

    def keep(self, message: Message, source: Any, weight: float, session: int) -> None:
        """Let a message wait for a session."""
        model: Any = self.model
        self.feed.append((message, weight, self.is_new(message, source)))
        if session != self.session:
            self.session = session
            model.enter(self, session)

    def is_new(self, message: Message, source: Any) -> bool:
        """Return whether a source counts, which it does once a frame; from now on it is known."""
        known = (message.frame, source)
        if known in self.known_sources:
            return False
        self.known_sources.add(known)
        return True

    def spread(self, message: Message) -> None:
        """Show a message of one's own to one's followers."""
        model: Any = self.model
        weight = model.rank_weight(message)
        for follower in self.followers:
            follower.receive(message, self, weight)

    def plan_look(self, minute: int, activity: float) -> None:
        """Plan the first look at the trending list after a minute, unless one is planned."""
        model: Any = self.model
        if self.looks is not None and self.look <= minute:
            look = self.looks.after(minute, activity)
            self.look = look if look < model.horizon else NO_MINUTE
            if self.look != NO_MINUTE:
                model.enter(self, look)

    def step(self) -> None:
        """Look, if it is time to, and react to what is seen."""
        model: Any = self.model
        now = model.minute
        in_session, looking = self.session == now, self.look == now
        if not (in_session or looking):
            return
        shown: list[Showing] = []
        if in_session:
            shown, self.feed, self.session = self.feed, [], NO_MINUTE
            if model.withdrawn:
                shown = [showing for showing in shown if not showing[0].root.is_call]
        if looking:
            self.look = NO_MINUTE
            if model.trending:
                shown.extend(self.look_at_list())
                self.plan_look(now, model.activity)
        if shown:
            self.react(shown)

    def look_at_list(self) -> list[Showing]:
        """Return the message of the trending list that catches the eye, if there is one."""
        model: Any = self.model
        message = model.trending_list.pick(self)
        return [] if message is None else [(message, model.rank_weight(message), self.is_new(message, "list"))]

    def react(self, shown: list[Showing]) -> None:
        """Take note of all that is shown, then do one thing, or nothing."""
        model: Any = self.model
        candidates, provoker = self.take_note(shown)
        open_to_share = [message is not None and message.root not in self.passed_on for message in candidates]
        options, weights = self.weigh(open_to_share)
        action, frame = self.random.choices(options, weights)[0]
        if action == "share":
            parent: Any = candidates[frame]
            self.passed_on.add(parent.root)
            self.acts += 1
            model.put_out(Message(self, model.minute, frame, "share", parent))
        elif action == "write":
            self.acts += 1
            model.put_out(Message(self, model.minute, frame, "original", provoker))
        elif action == "unfollow":
            model.agency.lose(self)
        elif action == "follow":
            model.agency.gain(self)

    def take_note(self, shown: list[Showing]) -> tuple[list[Message | None], Message | None]:
        """Count what is seen; return what stands out: of either frame, and of all."""
        model: Any = self.model
        best: list[Message | None] = [None, None]
        lowest = [math.inf, math.inf]
        today = model.day_of(model.minute)
        if self.day_of_posts != today:
            self.day_of_posts, self.agency_posts_today = today, 0
        for message, weight, new_source in shown:
            frame = message.frame
            self.seen[frame] += 1
            self.sources[frame] += new_source
            self.agency_posts_today += message.by_agency
            self.acknowledged |= message.root.kind == "acknowledgement"
            self.answered |= message.kind == "reply"
            score = self.random.expovariate(weight)
            if score < lowest[frame]:
                best[frame], lowest[frame] = message, score
        if not self.reached:
            self.reached = True
            model.reach += 1
        model.journalist_saw |= self.role == "journalist"
        return best, best[CAMPAIGN] if lowest[CAMPAIGN] < lowest[COUNTER] else best[COUNTER]

    def weigh(self, open_to_share: list[bool]) -> tuple[list[tuple[str, int]], list[float]]:
        """Return the open options and their weights: a multinomial logit, in which ignoring has utility 0."""
        model: Any = self.model
        b, ask, agency = model.settings.reaction, model.ask, model.agency
        appeal = ask.appeal
        if agency.local_of(self) in self.following:
            appeal = min(1.0, max(0.0, appeal + model.settings.agency.local_trust))
        hold = (1.0 - agency.soothe * self.acknowledged) * (1.0 - agency.answer * self.answered)
        nearness = ask.salience + ask.openness * (1.0 - ask.salience)
        drive = (b.b_value + b.b_outrage * ask.arousal) * nearness * self.grievance * hold
        pull = (
            b.b_value * (appeal * self.support - b.cross * self.grievance),
            drive - b.b_value * b.cross * self.support,
        )
        climate = 0.0
        if self.role not in COMMITTED:
            climate = b.b_climate * (self.seen[0] - self.seen[1]) / (self.seen[0] + self.seen[1] + 2)
        options, utilities = [("ignore", CAMPAIGN)], [0.0]
        for frame in (CAMPAIGN, COUNTER):
            lean = (climate if frame == CAMPAIGN else -climate) - b.fatigue * self.acts + pull[frame]
            if open_to_share[frame]:
                options.append(("share", frame))
                utilities.append(b.b_share + lean + b.b_social * math.log1p(self.sources[frame]))
            if frame == CAMPAIGN or self.grievance > 0.0:
                options.append(("write", frame))
                utilities.append(b.b_write + lean + b.b_room * ask.room)
        warmth = b.b_warm * ask.media
        if self.following:
            options.append(("unfollow", CAMPAIGN))
            bored = b.b_bore * math.log1p(self.agency_posts_today)
            utilities.append(b.b_leave + bored + b.b_value * self.grievance - warmth)
        elif open_to_share[CAMPAIGN]:
            options.append(("follow", CAMPAIGN))
            utilities.append(b.b_follow + pull[CAMPAIGN] + warmth)
        return options, [math.exp(min(utility, 300.0)) for utility in utilities]
