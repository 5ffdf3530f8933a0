"""A user's own rules, asked as plain Python: what each is given, by name (docs/extending.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.agency.policies import RULE_MOVE, RULE_WHEN
from sim.config.root import Configuration
from sim.extensions.files import Own, owns
from sim.reaction.actions import ASK, COEFFICIENTS
from tests.reference.messages import CAMPAIGN, COUNTER

if TYPE_CHECKING:
    from tests.reference.state import Campaign

REACTING = ("coef", "ask", "grievance", "support", "extra_appeal", "hold", "committed", "sources_campaign",
            "sources_counter", "seen_campaign", "seen_counter", "acts", "today", "can_share_campaign",
            "can_share_counter", "follows", "draw")  # fmt: skip


class OwnRules:
    """The rules of one's own that a configuration names; None where it names none."""

    def __init__(self, configuration: Configuration) -> None:
        files = configuration.extensions
        self.configuration = configuration
        self.reaction = owns(files, "reaction").get(configuration.reaction.rule)
        self.newsroom = owns(files, "newsroom").get(configuration.newsroom.rule)
        self.by_name = owns(files, "policy")
        self.policies = list(self.by_name)

    def asked(self, own: Own, given: dict[str, Any]) -> int:
        """Return what a rule gives back, its own parameters beside what it is given."""
        section = getattr(self.configuration, own.mark.kind)
        whole = given | {name: section.own.get(name, field.default) for name, field in own.mark.parameters.items()}
        return int(own.plain(*(whole[name] for name in own.arguments)))

    def react(self, *values: Any) -> int:
        """Return the action of a row."""
        assert self.reaction is not None
        given = dict(zip(REACTING, values, strict=True))
        given |= dict(zip(COEFFICIENTS, given["coef"], strict=True)) | dict(zip(ASK, given["ask"], strict=True))
        return self.asked(self.reaction, given)

    def report(self, campaign: Campaign, minute: int, newsroom: int, pick: float, lag: float) -> int:
        """Return the minute in which a newsroom reports."""
        assert self.newsroom is not None
        frames = [message.frame for message in campaign.of_people(minute - 60, minute - 1)]
        config = self.configuration.newsroom
        return self.asked(self.newsroom, {
            "minute": minute, "newsroom": newsroom, "campaign": frames.count(CAMPAIGN),
            "counter": frames.count(COUNTER), "first_trend": campaign.first_trend,
            "journalist_saw": campaign.journalist_saw, "pick_draw": pick, "lag_draw": lag, "pick_up": config.pick_up,
            "lag_median_minutes": config.lag_median_minutes, "lag_sigma": config.lag_sigma,
        })  # fmt: skip

    def decides(self, campaign: Campaign, rule: Any, minute: int, seen_campaign: int, seen_counter: int) -> bool:
        """Tell whether the policy that a rule names, if any, makes its move now."""
        if rule[RULE_WHEN] < 0:
            return True
        made = [fired for other, fired in zip(campaign.rules, campaign.fired, strict=True)
                if other[RULE_WHEN] == rule[RULE_WHEN] and fired >= 0]  # fmt: skip
        own = self.by_name[self.policies[int(rule[RULE_WHEN])]]
        return rule[RULE_MOVE] == self.asked(own, {
            "minute": minute, "campaign": seen_campaign, "counter": seen_counter, "trending": campaign.trending,
            "moves_made": len(made), "last_move": max(made, default=-1),
        })  # fmt: skip
