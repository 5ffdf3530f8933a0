"""How messages land, and for whom they wait (docs/model.md 5, Landing)."""

from __future__ import annotations

import numpy as np

from sim.engine.record import Kind
from sim.feed.exposure import feed_age
from sim.feed.ranking import pick_score, rank_weight
from sim.reaction.actions import AROUSAL, MEDIA
from sim.rng import Stream
from tests.reference.messages import COUNTER, Message, newsroom_code, newsroom_key
from tests.reference.state import Campaign, Waiting


def weight_now(campaign: Campaign, message: Message) -> np.float32:
    """Return the rank weight of a message with its root's shares and the ask as they are now."""
    feed = campaign.configuration.feed
    stirring = campaign.ask[AROUSAL] if message.frame == COUNTER else campaign.ask[MEDIA]
    lift_shares, lift_arousal = feed.rank_strength * feed.lift_shares, feed.rank_strength * feed.lift_arousal
    weight = rank_weight(campaign.ranked, message.root.shares, stirring, lift_shares, lift_arousal)
    return np.float32(weight)


def score_of(campaign: Campaign, message: Message, row: int, weight: np.float32) -> float:
    """Return the score by which a seen message competes for being passed on; the smallest wins."""
    draw = campaign.draws.luck(Stream.PICK, message.key, campaign.key[row])
    return float(pick_score(campaign.ranked, draw, weight))


def source_of(message: Message) -> int | str:
    """Return who counts as the source: the row that wrote or passed on, the agency as a whole, all newsrooms."""
    if message.by_agency:
        return "agency"
    return "newsrooms" if message.by_newsroom else message.author


def own(message: Message, row: int) -> bool:
    """Tell whether a row wrote a message or what it passes on."""
    return row in (message.author, message.root.author)


def land(campaign: Campaign, message: Message, row: int, minute: int, *, certain: bool = False) -> None:
    """Let a message land at a row: decide when the row looks and whether the message is seen then."""
    if own(message, row):
        campaign.noted["own cascade refused"] += 1
        return
    if campaign.withdrawn and message.call_rooted:
        campaign.noted["withdrawn before it lands"] += 1
        return
    s = campaign.entry[row] if row in campaign.entry else campaign.next_session(row, minute)
    if message.wake is not None:
        campaign.noted["early wake-up moves an entry"] += row in campaign.entry and message.wake < s
        s = min(s, message.wake)  # a reply notifies: an early wake-up
    if s >= campaign.horizon:
        campaign.noted["next session beyond the run"] += 1
        return
    weight = weight_now(campaign, message)
    if not certain:
        age = int(feed_age(s - minute, campaign.sink[row], weight))
        if not campaign.draws.luck(Stream.SEEN, message.key, campaign.key[row]) < campaign.visibility[age]:
            return
    campaign.entry[row] = s
    source = (source_of(message), message.frame)
    new_source = source not in campaign.known_sources[row]
    campaign.known_sources[row].add(source)
    campaign.noted["source counted before"] += not new_source
    score = score_of(campaign, message, row, weight)
    campaign.waiting.setdefault(row, []).append(Waiting(message, score, new_source))


def receivers(campaign: Campaign, message: Message) -> list[int]:
    """Return the rows at which a message lands (replies: see :func:`land_all`)."""
    if message.by_people:
        return campaign.followers[message.author]
    rows = range(campaign.n)
    if message.by_agency:
        account = -1 - message.author
        return [row for row in rows if account in campaign.following.accounts[row]]
    newsroom = newsroom_code(0) - message.author
    reach = campaign.configuration.newsroom.reach
    reads = campaign.draws.setup
    return [row for row in rows if reads(Stream.NEWS_READER, newsroom_key(newsroom), campaign.key[row]) < reach]


def land_all(campaign: Campaign, minute: int, new: list[Message]) -> None:
    """Land the minute's messages in the order of their numbers, then what was paid for, then the replies."""
    replies = [message for message in new if message.kind == Kind.REPLY]
    for message in new:
        if message.kind != Kind.REPLY:
            for row in receivers(campaign, message):
                land(campaign, message, row, minute)
    if not campaign.withdrawn:
        for row in campaign.paid.get(minute, []):
            land(campaign, campaign.messages[0], row, minute, certain=True)
    for reply in replies:
        assert reply.parent is not None
        land(campaign, reply, reply.parent.author, minute, certain=True)
