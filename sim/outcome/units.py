"""The unit of every outcome of a run, as ``docs/model.md`` 7 gives them; ``1`` for shares and ratios."""

from __future__ import annotations

UNITS = {
    "messages": "messages", "participants": "followers", "reach": "followers", "hijack_share": "1",
    "hijack_share_impressions": "1", "hijack_share_top20": "1", "takeover": "yes or no",
    "takeover_minutes": "minutes", "retweet_share": "1", "followers_gained": "followers",
    "followers_lost": "followers", "trending_minute": "minutes", "news_minute": "minutes",
    "peak_messages_per_hour": "messages an hour", "half_life_hours": "hours", "messages_by_10h": "messages",
    "messages_by_21_5h": "messages", "messages_by_34h": "messages", "structural_virality": "steps",
    "cascade_size": "messages", "cascade_depth": "steps", "reproduction_campaign": "messages a message",
    "reproduction_counter": "messages a message", "reproduction_campaign_to_campaign": "messages a message",
    "reproduction_campaign_to_counter": "messages a message",
    "reproduction_counter_to_campaign": "messages a message",
    "reproduction_counter_to_counter": "messages a message", "counter_share_first_20": "1",
    "counter_share_first_50": "1", "counter_share_first_100": "1", "agency_messages": "messages",
    "replies": "messages", "boosts": "messages", "stories": "stories", "verdict": "name", "fizzled_frame": "name",
}  # fmt: skip
