"""The sender: its accounts, what it observes, and what its policy does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.mesa_campaign.message import CAMPAIGN, COUNTER, Message

if TYPE_CHECKING:
    from benchmarks.mesa_campaign.follower import Follower
    from benchmarks.mesa_campaign.model import CampaignNetwork

LEAST_OBSERVED = 5


class Account(mesa.Agent):
    """One account of the sender, with its own audience."""

    def __init__(self, model: CampaignNetwork) -> None:
        super().__init__(model)
        agency = model.settings.agency
        self.audience: dict[Follower, None] = {}
        luck = 2.0 * self.random.random() - 1.0
        self.skill = min(1.0, max(0.0, agency.skill + agency.skill_spread * luck))

    def spread(self, message: Message) -> None:
        """Show a message to this account's followers; an answer to the one who is answered alone."""
        if message.kind == "reply":
            notify = self.model.settings.agency.notify_minutes
            wait = self.random.expovariate(1.0 / notify) if notify > 0.0 else 0.0
            message.parent.author.receive_reply(message, self.model.minute + 1 + int(wait))
            return
        weight = self.model.rank_weight(message)
        for follower in self.audience:
            follower.receive(message, "agency", weight)


class Agency:
    """Posts, watches with a delay and with errors, and moves by the rules of its policy."""

    def __init__(self, model: CampaignNetwork) -> None:
        self.model = model
        self.settings: Any = model.settings.agency
        voices = self.settings.voices
        self.has_central = voices != "local"
        count = self.has_central + (self.settings.local_accounts if voices != "central" else 0)
        self.accounts: list[Account] = list(Account.create_agents(model, count))
        self.locals = self.accounts[self.has_central :]
        self.schedule = self.plan_posts()
        self.fired: list[int | None] = [None] * len(model.settings.policy.rules)
        self.soothe = 0.0  # what an acknowledgement takes from the counter pull of those who saw one
        self.answer = 0.0  # what a personal answer takes from it
        self.reply_budget: list[float] | None = None
        self.boost_budget: list[float] | None = None
        self.answered: set[Follower] = set()
        self.first_call: Message | None = None

    def plan_posts(self) -> dict[int, list[Account]]:
        """Return which accounts post the call in which minute; the first one opens at minute 0."""
        post, planned = self.model.settings.post, set()
        for repeat in range(post.repeats):
            for number in range(len(self.accounts)):
                opens = repeat == number == 0
                minute = 0 if opens else int(self.model.random.random() * 60.0 * post.spread_hours)
                planned.add((minute, number))
        schedule: dict[int, list[Account]] = {}
        for minute, number in sorted(planned):
            schedule.setdefault(minute, []).append(self.accounts[number])
        return schedule

    def local_of(self, follower: Follower) -> Account | None:
        """Return the local account of a follower's place, if there are any."""
        return self.locals[follower.locality % len(self.locals)] if self.locals else None

    def gain(self, follower: Follower) -> None:
        """Let somebody begin to follow the sender."""
        account = self.accounts[0] if self.has_central else self.local_of(follower)
        self.join(follower, account)

    def join(self, follower: Follower, account: Any) -> None:
        """Add a follower to an account's audience."""
        account.audience[follower] = None
        follower.following.add(account)

    def lose(self, follower: Follower) -> None:
        """Let somebody stop following the sender."""
        for account in follower.following:
            del account.audience[follower]
        follower.following.clear()

    def step(self) -> None:
        """Post what is planned, let the rules fire that hold now, go on with what was begun."""
        model = self.model
        if not model.withdrawn:
            for account in self.schedule.get(model.minute, ()):
                call = Message(account, model.minute, CAMPAIGN, "post", is_call=True)
                self.first_call = self.first_call or call
                model.put_out(call)
        campaign, counter = model.recent_messages(delay=1 + self.settings.monitoring_delay_minutes, as_read=True)
        total = campaign + counter
        share = counter / total if total else 0.0
        for number, rule in enumerate(model.settings.policy.rules):
            if self.fired[number] is None and self.holds(rule, share, total):
                self.fired[number] = model.minute
                self.move(rule.move, share)
        self.answer_critics()
        self.pass_on_supporters()

    def holds(self, rule: Any, share: float, total: int) -> bool:
        """Return whether all triggers of a rule hold."""
        if rule.at_minute is not None and self.model.minute < rule.at_minute:
            return False
        if rule.counter_share is not None and (total < LEAST_OBSERVED or share < rule.counter_share):
            return False
        return rule.messages_an_hour is None or total >= rule.messages_an_hour

    def move(self, name: str, share: float) -> None:
        """Do one move of the policy."""
        ask, effects = self.model.ask, self.settings.effects
        size = self.size_of(getattr(effects, name, 0.0))
        if name == "clarify":
            ask.openness *= 1.0 - size
            self.say("statement")
        elif name == "acknowledge":
            self.soothe = max(self.soothe, size)
            self.say("acknowledgement")
        elif name == "engage":
            self.answer = max(self.answer, size)
            self.reply_budget = self.reply_budget or [0.0] * len(self.accounts)
        elif name == "amplify":
            self.boost_budget = self.boost_budget or [0.0] * len(self.accounts)
        elif name == "change_ask":
            ask.room *= 1.0 - size
            ask.openness *= 1.0 - size
            self.say("post")
        elif name == "post_else":
            ask.appeal += size * (effects.else_appeal - ask.appeal)
            for part in ("salience", "arousal", "room"):
                setattr(ask, part, getattr(ask, part) * (1.0 - size))
            self.say("post")
        elif name == "withdraw":
            self.withdraw(effects)
        elif name == "defend":
            ask.appeal += size * (1.0 - ask.appeal)
            if share > 0.5:
                ask.arousal += effects.defend_backlash * (1.0 - ask.arousal)
            self.say("statement")

    def size_of(self, effect: float, *, even_if_trending: bool = False) -> float:
        """Return an effect's size: by the staff's skill, and less once the tag trends."""
        skill = sum(account.skill for account in self.accounts) / len(self.accounts)
        left = 1.0 if even_if_trending or not self.model.trending else self.settings.effects.when_trending
        return min(1.0, effect * (0.5 + skill) * left)

    def withdraw(self, effects: Any) -> None:
        """Take the call back: it ends what is small, and feeds what trends."""
        model = self.model
        model.withdrawn = True
        if model.trending:
            model.ask.arousal += effects.withdraw_backlash * (1.0 - model.ask.arousal)
            self.say("statement")
        else:
            model.ask.room *= 1.0 - self.size_of(effects.withdraw, even_if_trending=True)

    def say(self, kind: str) -> None:
        """Put one message out by every account."""
        for account in self.accounts:
            self.model.put_out(Message(account, self.model.minute, CAMPAIGN, kind))

    def fresh(self, frame: int) -> list[Message]:
        """Return the people's originals that could be observed first in this minute, read as of one frame."""
        minute = self.model.minute - 1 - self.settings.monitoring_delay_minutes
        messages = self.model.by_minute.get(minute, ())
        return [m for m in messages if m.kind == "original" and m.read_as == frame]

    def turns(self, budget: list[float]) -> list[Account]:
        """Return whose turn it is, one after another, among accounts with time left; the budget grows by a minute."""
        an_hour = self.settings.replies_an_hour
        budget[:] = [min(left + an_hour / 60.0, an_hour) for left in budget]
        rounds = range(int(max(budget)))
        return [account for k in rounds for account, left in zip(self.accounts, budget, strict=True) if left >= k + 1]

    def spend(self, budget: list[float], by: list[Account]) -> None:
        """Take the time for what was done out of the budget."""
        for number, account in enumerate(self.accounts):
            budget[number] -= by.count(account)

    def answer_critics(self) -> None:
        """Answer those who were read as critics, each once, as far as the staff's time goes."""
        if self.reply_budget is None:
            return
        turns = self.turns(self.reply_budget)
        critics = [message for message in self.fresh(COUNTER) if message.author not in self.answered]
        self.model.random.shuffle(critics)
        answers = list(zip(turns, critics, strict=False))
        for account, critic in answers:
            self.answered.add(critic.author)
            self.model.put_out(Message(account, self.model.minute, CAMPAIGN, "reply", critic))
        self.spend(self.reply_budget, [account for account, _ in answers])

    def pass_on_supporters(self) -> None:
        """Pass on what was read as support, the most shared rather than others."""
        if self.boost_budget is None:
            return
        turns = self.turns(self.boost_budget)
        luck = self.model.random
        friends = sorted(self.fresh(CAMPAIGN), key=lambda message: luck.expovariate(1.0 + message.shares))
        boosts = list(zip(turns, friends, strict=False))
        for account, friend in boosts:
            self.model.put_out(Message(account, self.model.minute, friend.frame, "boost", friend))
        self.spend(self.boost_budget, [account for account, _ in boosts])
