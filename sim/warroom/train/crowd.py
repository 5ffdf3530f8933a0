"""The crowd of a session: made once before the start, and looked at as its agencies see it.

Everything here computes, and so is called from a thread beside the event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sim.compiled import KERNEL_CACHE
from sim.warroom.train.campaigns import Campaigns, History
from sim.warroom.train.deck import Deck, configuration_of
from sim.warroom.train.sights import bin_minutes, counts, feed, feed_minute, hours_spent

Step = Literal["people", "trial"]
"""What takes time before a session can start: people and who follows whom, then a minute lived on trial."""


@dataclass(frozen=True)
class Sight:
    """What the agency of one past sees: counts, messages up to a minute, working hours spent."""

    counts: dict[str, Any]
    feed: list[dict[str, Any]]
    feed_until: int
    spent: float


def crowd_of(deck: Deck, tell: Callable[[Step], None] = lambda step: None) -> Campaigns:
    """Return the campaigns of a deck, at minute 0, ready to go on: takes a second or so, a minute the first time.

    One minute is lived on trial, and what an agency sees is read off it, so that whatever is compiled the first time is
    compiled before anybody can start the clock. ``tell`` hears each step as it begins.
    """
    tell("people")
    campaigns = Campaigns(configuration_of(deck), deck.replicate)
    tell("trial")
    trial = Campaigns(configuration_of(deck), deck.replicate, like=campaigns)
    look(trial, frozenset({()}), 1, deck, {})
    trial.close()
    return campaigns


def look(
    campaigns: Campaigns, wanted: frozenset[History], minute: int, deck: Deck, before: dict[History, Sight]
) -> dict[History, Sight]:
    """Bring campaigns to a minute and return what their agencies see; ``before`` is what they saw last."""
    campaigns.follow(wanted, minute)
    seen = {}
    for history in wanted:
        model, last = campaigns.model(history), before.get(history)
        until = feed_minute(model)
        messages = last.feed if last is not None and last.feed_until == until else feed(model, deck.tag)
        told = counts(model, bin_minutes(deck.minutes))
        seen[history] = Sight(told, messages, until, round(hours_spent(model, history), 2))
    return seen


@dataclass
class Making:
    """How far the making of a crowd is: since when, at which step, and whether nothing was ever compiled here."""

    since: float
    step: Step = "people"
    first: bool = field(default_factory=lambda: KERNEL_CACHE is None or next(KERNEL_CACHE.rglob("*.nbi"), None) is None)

    def come_to(self, step: Step) -> None:
        """Note that a step begins (from the thread that makes the crowd)."""
        self.step = step

    def told(self, now: float) -> dict[str, Any]:
        """Return it as it is sent."""
        return {"step": self.step, "first": self.first, "seconds": max(0, int(now - self.since))}
