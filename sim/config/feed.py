"""What people get to see: the feed's ranking and decay, and the trending list."""

from __future__ import annotations

from typing import Literal

from sim.config.fields import Real, Section, Whole, param


class TrendingConfig(Section):
    """When the tag trends, and who looks at it then."""

    on: bool = param(True, "yes or no", "Whether there is a trending list")
    threshold: Real = param(
        0.0001,
        "messages an hour per row",
        "Rate from which the tag trends",
        above=0,
        high=1,
        role="uncertainty",
        span=(0.00007, 0.00014),
    )
    novelty_hours: Real = param(
        8.0,
        "hours",
        "Hours in which the needed rate doubles once the tag has trended",
        above=0,
        high=10_000,
        source="sign: asur.trend_duration (few topics stay long); size assumed",
    )
    min_messages: Whole = param(20, "messages an hour", "Least rate from which anything trends", low=1, high=10**6)
    users_share: Real = param(
        0.4,
        "share of rows",
        "Share of rows that ever look at the list",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.33, 0.47),
    )
    looks_a_day: Real = param(6.0, "looks a day", "Looks at the list a day, of those who look", above=0, high=100)
    list_size: Whole = param(20, "messages", "Messages on the list", low=1, high=100)
    list_half_life_minutes: Real = param(
        90.0,
        "minutes",
        "Age at which a ranked list halves a message's weight",
        above=0,
        high=10_000,
        source="halflife.impressions (80 minutes), rounded",
    )


class FeedConfig(Section):
    """How a feed shows what landed in it."""

    ranking: Literal["chronological", "engagement"] = param(
        "chronological", "name", "How the feed is ordered", role="lever"
    )
    rank_strength: Real = param(
        1.0,
        "0 to 1",
        "Ranked feed: how strongly it ranks (0: all messages weigh the same, 1: both lifts in full)",
        low=0,
        high=1,
        role="lever",
    )
    attention: Real = param(
        0.35,
        "probability",
        "Chance that a message is seen at once in a feed of mean length",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.28, 0.42),
    )
    half_life_minutes: Real = param(
        80.0,
        "minutes",
        "Age at which that chance has halved",
        above=0,
        high=100_000,
        role="uncertainty",
        span=(40.0, 240.0),
        source="halflife.impressions; span assumed: half of it to three times as much, since people answer for days",
    )
    crowding: Real = param(
        0.4,
        "1",
        "How much faster messages sink in feeds with many followees",
        low=0,
        high=2,
        source="sign: hodas.attention; size assumed",
    )
    lift_shares: Real = param(0.3, "1", "Ranked feed: exponent of (1 + shares)", low=0, high=3)
    lift_arousal: Real = param(
        0.7, "log units", "Ranked feed: lift of what arouses", low=0, high=5, source="sign: milli.anger; size assumed"
    )
    trending: TrendingConfig = TrendingConfig()
