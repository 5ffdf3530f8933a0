"""What the agency observes and does (docs/model.md 6.3)."""

from __future__ import annotations

from collections.abc import Iterator

from sim.agency import policies
from sim.agency.policies import apply_move, rule_fires
from sim.agency.signals import last_observable, observed_frame, observed_share, wake_minute
from sim.config.agency import MOVES
from sim.engine.record import Kind
from sim.feed.ranking import listed_score
from sim.rng import Stream
from tests.reference.messages import CAMPAIGN, COUNTER, Message
from tests.reference.state import Campaign

PUTS_OUT = {
    policies.CLARIFY: Kind.STATEMENT,
    policies.ACKNOWLEDGE: Kind.ACKNOWLEDGEMENT,
    policies.CHANGE_ASK: Kind.POST,
    policies.POST_ELSE: Kind.POST,
    policies.DEFEND: Kind.STATEMENT,
}


def act(campaign: Campaign, minute: int) -> None:
    """Do, in order: (a) the call posts of this minute, (b) the rules that fire, (c) the standing moves."""
    if not campaign.withdrawn:
        for account in campaign.schedule.get(minute, []):
            campaign.agency_message(minute, account, frame=CAMPAIGN, kind=Kind.POST, is_call=True)
    seen_campaign, seen_counter = observed(campaign, minute)
    for number, rule in enumerate(campaign.rules):
        fires = campaign.fired[number] < 0 and rule_fires(rule, minute, seen_campaign, seen_counter)
        if fires and campaign.own.decides(campaign, rule, minute, seen_campaign, seen_counter):
            campaign.fired[number] = minute
            move(campaign, minute, int(rule[policies.RULE_MOVE]), float(observed_share(seen_campaign, seen_counter)))
    answer_critics(campaign, minute)
    pass_on_supporters(campaign, minute)


def reading(campaign: Campaign, message: Message) -> int:
    """Return the frame that the agency reads in a message."""
    draw = campaign.draws.luck(Stream.DETECT, message.key)
    return int(observed_frame(message.frame, draw, campaign.configuration.agency.detection_error))


def observed(campaign: Campaign, minute: int) -> tuple[int, int]:
    """Return the campaign and counter messages observed in the last 60 minutes that can be observed."""
    last = int(last_observable(minute, campaign.configuration.agency.monitoring_delay_minutes))
    counts = [0, 0]
    for message in campaign.of_people(last - 59, last):
        counts[reading(campaign, message)] += 1
    return counts[CAMPAIGN], counts[COUNTER]


def move(campaign: Campaign, minute: int, what: int, share: float) -> None:
    """Do one move of the policy: change the ask, put out what belongs to it."""
    trending = campaign.trending
    size = float(apply_move(what, campaign.ask, campaign.effects, campaign.skill, trending, share))
    if what == policies.ACKNOWLEDGE:
        campaign.soothe = max(campaign.soothe, size)
    if what == policies.ENGAGE:
        campaign.answer = max(campaign.answer, size)
        if campaign.reply_budget is None:
            campaign.reply_budget = [0.0] * campaign.accounts
    if what == policies.AMPLIFY and campaign.boost_budget is None:
        campaign.boost_budget = [0.0] * campaign.accounts
    if what == policies.WITHDRAW:
        campaign.withdrawn = True
    campaign.noted[f"{MOVES[what]}{', trending' if trending else ''}"] += 1
    kind = PUTS_OUT.get(what)
    if what == policies.WITHDRAW and trending:
        kind = Kind.STATEMENT
    if kind is not None:
        for account in range(campaign.accounts):
            campaign.agency_message(minute, account, frame=CAMPAIGN, kind=kind)


def candidates(campaign: Campaign, minute: int, frame: int) -> list[Message]:
    """Return the originals of the minute that became observable just now and are read as of one frame."""
    last = int(last_observable(minute, campaign.configuration.agency.monitoring_delay_minutes))
    originals = [message for message in campaign.of_people(last, last) if message.kind == Kind.ORIGINAL]
    return [message for message in originals if reading(campaign, message) == frame]


def grow(budget: list[float], an_hour: float) -> None:
    """Let every account's budget grow by a minute, held at an hour's worth."""
    for account, left in enumerate(budget):
        budget[account] = min(left + an_hour / 60.0, an_hour)


def note_want(campaign: Campaign, wanted: int, budget: list[float]) -> None:
    """Note where not all can be answered or passed on by accounts that at other times can."""
    capable = campaign.configuration.agency.replies_an_hour >= 1.0
    campaign.noted["more wanted than the budget has"] += capable and sum(map(int, budget)) < wanted


def turns(budget: list[float]) -> Iterator[int]:
    """Say whose turn it is, 0 first, among accounts with a whole unit left; each turn takes its unit."""
    while max(budget) >= 1.0:
        for account in range(len(budget)):
            if budget[account] >= 1.0:
                budget[account] -= 1.0
                yield account


def answer_critics(campaign: Campaign, minute: int) -> None:
    """Answer those who were read as critics, as far as the budget goes."""
    if campaign.reply_budget is None:
        return
    agency = campaign.configuration.agency
    critics = [m for m in candidates(campaign, minute, COUNTER) if m.author not in campaign.asked_back]
    critics.sort(key=lambda m: (campaign.draws.luck(Stream.ENGAGE, m.key), int(m.key)))
    grow(campaign.reply_budget, agency.replies_an_hour)
    note_want(campaign, len(critics), campaign.reply_budget)
    for message, account in zip(critics, turns(campaign.reply_budget), strict=False):
        campaign.asked_back.add(message.author)
        reply = campaign.agency_message(minute, account, frame=CAMPAIGN, kind=Kind.REPLY, parent=message)
        reply.wake = int(wake_minute(minute, campaign.draws.luck(Stream.NOTIFY, message.key), agency.notify_minutes))


def pass_on_supporters(campaign: Campaign, minute: int) -> None:
    """Pass on what was read as support, as far as the second budget goes."""
    if campaign.boost_budget is None:
        return

    def place(message: Message) -> tuple[float, int]:
        draw = campaign.draws.luck(Stream.AMPLIFY, message.key)
        return float(listed_score(True, draw, float(1 + message.shares))), int(message.key)

    supporters = sorted(candidates(campaign, minute, CAMPAIGN), key=place)
    grow(campaign.boost_budget, campaign.configuration.agency.replies_an_hour)
    note_want(campaign, len(supporters), campaign.boost_budget)
    for message, account in zip(supporters, turns(campaign.boost_budget), strict=False):
        what = {"frame": message.frame, "kind": Kind.BOOST, "parent": message, "head": message.root}
        campaign.agency_message(minute, account, **what)
