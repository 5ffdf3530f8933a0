"""Who speaks for the sender, what it sees, what it may do, and how much that is thought to change."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sim.config.fields import Real, Section, Whole, own_parameters, param

Move = Literal["silent", "clarify", "acknowledge", "engage", "amplify", "change_ask", "post_else", "withdraw", "defend"]
MOVES: tuple[str, ...] = (
    "silent",
    "clarify",
    "acknowledge",
    "engage",
    "amplify",
    "change_ask",
    "post_else",
    "withdraw",
    "defend",
)


TRIGGERS = ("at_minute", "counter_share", "messages_an_hour", "when")


class RuleConfig(Section):
    """One rule of a policy: it fires once, in the first minute in which all its triggers hold."""

    move: Move = param(..., "name", "What is done", role="lever")
    at_minute: Whole | None = param(None, "minutes", "Not before this minute", low=0, high=10**6, role="lever")
    counter_share: Real | None = param(
        None, "share", "Observed counter share of the last hour, at least", low=0, high=1, role="lever"
    )
    messages_an_hour: Real | None = param(
        None, "messages an hour", "Observed rate, at least", low=0, high=1e9, role="lever"
    )
    when: str | None = param(None, "name", "When this policy of your own makes the move", role="lever")

    @model_validator(mode="after")
    def _has_trigger(self) -> RuleConfig:
        if all(getattr(self, name) is None for name in TRIGGERS):
            raise ValueError("a rule needs at least one trigger: at_minute, counter_share or messages_an_hour")
        return self


class PolicyConfig(Section):
    """A rule from what the agency observes to what it does."""

    name: str = param("silent", "name", "What the policy is called", role="lever")
    rules: tuple[RuleConfig, ...] = param((), "rules", "Its rules; each fires at most once", role="lever")
    own: dict[str, Real] = own_parameters("policy")

    @model_validator(mode="after")
    def _few(self) -> PolicyConfig:
        if len(self.rules) > 16:
            raise ValueError(f"a policy holds at most 16 rules; got {len(self.rules)}")
        return self


class EffectsConfig(Section):
    """Sizes of the moves' effects: no documented case identifies them, so each is a prior."""

    clarify: Real = param(
        0.3,
        "share",
        "Openness that a clarification takes away",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.0, 0.6),
        source="sign: herhausen.response (explanation, high arousal); size assumed",
    )
    acknowledge: Real = param(
        0.4,
        "share",
        "Counter pull that an acknowledgement takes from those who see it",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.1, 0.7),
        source="sign: herhausen.response (empathy, apology); size assumed",
    )
    engage: Real = param(
        0.5,
        "share",
        "Counter pull that a personal answer takes from its receiver",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.2, 0.8),
        source="sign: reply.favour (0.69 more favourable if answered); size assumed",
    )
    change_ask: Real = param(
        0.5,
        "share",
        "Room and openness that a changed ask takes away",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.2, 0.8),
        source="assumed",
    )
    post_else: Real = param(
        0.4,
        "share",
        "How far another post replaces the topic",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.1, 0.7),
        source="sign: herhausen.response (channel change); size assumed",
    )
    else_appeal: Real = param(
        0.7,
        "0 to 1",
        "Appeal of that other post",
        low=0,
        high=1,
        source="sign: poltwt1.top_content (a puppy); size assumed",
    )
    withdraw: Real = param(
        0.8,
        "share",
        "Room that a withdrawal takes away while the tag does not trend",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.5, 1.0),
        source="sign: mcd.peak_to_pull; size assumed",
    )
    withdraw_backlash: Real = param(
        0.3,
        "share of the rest to 1",
        "Arousal that withdrawing a trending call adds",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.0, 0.6),
        source="sign: askjpm.after_cancel; size assumed",
    )
    defend: Real = param(
        0.1,
        "share of the rest to 1",
        "Appeal that a defence adds for friends",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.0, 0.2),
        source="assumed",
    )
    defend_backlash: Real = param(
        0.2,
        "share of the rest to 1",
        "Arousal that a defence adds where critics are in the majority",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.0, 0.4),
        source="sign: herhausen.response; assumed",
    )
    when_trending: Real = param(
        0.5,
        "1",
        "What is left of an effect once the tag trends",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.2, 0.8),
        source="sign: reply.wtp_by_delay (late answers help less); size assumed",
    )
    listening: Real = param(
        0.25,
        "share",
        "Grievance that long listening takes from the sender's followers",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.05, 0.45),
        source="sign: peyton.duration, grimmelikhuijsen.legitimacy; size assumed",
    )
    listening_months: Real = param(
        6.0,
        "months",
        "Months of listening that give half of its effect",
        above=0,
        high=120,
        source="assumed (nypd.listening_followers: 7 months)",
    )


class CostsConfig(Section):
    """What a move costs the sender, in working hours."""

    message: Real = param(1.0, "working hours", "One statement, cleared", low=0, high=1e6)
    reply: Real = param(0.1, "working hours", "One personal answer", low=0, high=1e6)
    share: Real = param(0.02, "working hours", "One supporter's message passed on", low=0, high=1e6)
    withdrawal: Real = param(4.0, "working hours", "A withdrawal, with its explanations", low=0, high=1e6)
    listening_month: Real = param(160.0, "working hours", "A month of listening", low=0, high=1e6)
    account: Real = param(8.0, "working hours", "A local account set up, and its officers trained", low=0, high=1e6)
    account_month: Real = param(10.0, "working hours", "A month of listening with one local account", low=0, high=1e6)


class AgencyConfig(Section):
    """The sender: its accounts, staff, eyes and options."""

    voices: Literal["central", "local", "both"] = param("central", "name", "Which accounts post", role="lever")
    local_accounts: Whole = param(1, "accounts", "Number of local accounts", low=1, high=2000, role="lever")
    local_trust: Real = param(
        0.0,
        "0 to 1 scale",
        "Appeal that a local account adds for its own followers",
        low=-1,
        high=1,
        role="uncertainty",
        span=(-0.1, 0.3),
    )
    skill: Real = param(
        0.5, "0 to 1", "Skill of the staff; effects are taken times (0.5 + skill)", low=0, high=1, role="lever"
    )
    skill_spread: Real = param(0.0, "0 to 1", "Spread of skill between accounts (plus or minus)", low=0, high=0.5)
    replies_an_hour: Real = param(
        12.0,
        "messages an hour per account",
        "Reply capacity",
        low=0,
        high=10_000,
        role="lever",
        source="askbg.agency_tweets (35 in about three hours)",
    )
    notify_minutes: Real = param(10.0, "minutes", "Mean time until an answered person looks", low=0, high=10_000)
    monitoring_delay_minutes: Whole = param(
        15,
        "minutes",
        "Age of what the agency sees",
        low=0,
        high=10_000,
        role="lever",
        source="reply.median_delay (22 minutes), rounded down",
    )
    detection_error: Real = param(
        0.15,
        "probability",
        "Chance that a message's frame is misread",
        low=0,
        high=0.5,
        role="uncertainty",
        span=(0.05, 0.25),
    )
    listening_months: Real = param(0.0, "months", "Months of listening before the post", low=0, high=120, role="lever")
    effects: EffectsConfig = EffectsConfig()
    costs: CostsConfig = CostsConfig()
