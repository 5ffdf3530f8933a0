"""When the tag trends, who looks, and what stands on the list (docs/model.md 6.1)."""

from __future__ import annotations

from sim.engine.record import Kind
from sim.feed.ranking import list_score, listed_score
from sim.feed.trending import needed_now, trend_rate, trends
from sim.rng import Stream
from tests.reference.feed import own
from tests.reference.messages import Message
from tests.reference.state import Campaign


def notice_trend(campaign: Campaign, minute: int) -> None:
    """Let trending begin or end; when it begins, rows that look at lists get their next look."""
    trending = campaign.configuration.feed.trending
    if not trending.on:
        return
    before = campaign.trending
    rate = len(campaign.of_people(minute - 60, minute - 1))
    needed = trend_rate(trending.threshold, trending.min_messages, campaign.audience)
    since = 0 if campaign.first_trend is None else minute - campaign.first_trend
    needed = needed_now(needed, since, trending.novelty_hours)
    campaign.trending = bool(trends(before, rate, needed))
    if not campaign.trending or before:
        return
    if campaign.first_trend is None:
        campaign.first_trend = minute
    for row in range(campaign.n):
        if campaign.looks[row] and campaign.look.get(row, -1) <= minute - 1:
            give_look(campaign, row, minute - 1)


def give_look(campaign: Campaign, row: int, after: int) -> None:
    """Give a row its next look after a minute, or none if that lies beyond the run."""
    campaign.look.pop(row, None)
    look = campaign.next_look(row, after)
    if look < campaign.horizon:
        campaign.look[row] = look


def the_list(campaign: Campaign) -> list[tuple[Message, float]]:
    """Return the trending list with each message's weight, from all that was put out before this minute."""
    trending = campaign.configuration.feed.trending
    if not campaign.ranked:
        latest = sorted((m for m in campaign.messages if m.by_people), key=lambda m: (-m.minute, -int(m.author_key)))
        campaign.noted["withdrawn share kept off the list"] += any(
            campaign.withdrawn and message.call_rooted for message in latest[: trending.list_size]
        )
        there = [message for message in latest if not (campaign.withdrawn and message.call_rooted)]
        return [(message, 1.0) for message in there[: trending.list_size]]
    half_life = trending.list_half_life_minutes
    there = [message for message in campaign.messages if message.kind == Kind.ORIGINAL]  # their own roots: no calls
    there.sort(key=lambda m: (-list_score(m.shares, m.minute, half_life), int(m.key)))
    if len(there) > trending.list_size:
        last, next_ = (list_score(m.shares, m.minute, half_life) for m in there[trending.list_size - 1 :][:2])
        campaign.noted["tie at the end of the list"] += last == next_
    return [(message, float(1 + message.shares)) for message in there[: trending.list_size]]


def looked_at(campaign: Campaign, row: int, shown: list[tuple[Message, float]]) -> Message | None:
    """Return the one message of the list that a row sees; never one's own, nor what passes one's own on."""
    best = None
    for message, weight in shown:
        if own(message, row):
            continue
        draw = campaign.draws.luck(Stream.LISTED, message.key, campaign.key[row])
        score = float(listed_score(campaign.ranked, draw, weight))
        if best is None or (score, int(message.key)) < best[0]:
            best = ((score, int(message.key)), message)
    return None if best is None else best[1]
