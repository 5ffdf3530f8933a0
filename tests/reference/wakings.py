"""What a row sees when it looks, and what it then does (docs/model.md 6.4)."""

from __future__ import annotations

import math

from sim.config.people import ROLES
from sim.engine.record import Kind
from sim.reaction import actions
from sim.reaction.choice import choose
from sim.rng import Stream
from tests.reference.feed import score_of, weight_now
from tests.reference.messages import CAMPAIGN, COUNTER, Message, message_key
from tests.reference.recorder import Recorder
from tests.reference.state import SATURATED, Campaign, Waiting
from tests.reference.trend import give_look, looked_at, the_list

ACTIVIST, ALLY, JOURNALIST = (ROLES.index(name) for name in ("activist", "ally", "journalist"))
CHOICES = {
    actions.SHARE_CAMPAIGN: (Kind.SHARE, CAMPAIGN),
    actions.SHARE_COUNTER: (Kind.SHARE, COUNTER),
    actions.WRITE_CAMPAIGN: (Kind.ORIGINAL, CAMPAIGN),
    actions.WRITE_COUNTER: (Kind.ORIGINAL, COUNTER),
}


def see_and_react(campaign: Campaign, minute: int, recorder: Recorder) -> None:
    """Let every row that is due look once, by key; what they do shows to others only after the minute (6.5)."""
    looking = campaign.trending and minute in campaign.look.values()
    shown = the_list(campaign) if looking else []
    journalist_sees = False
    for row in campaign.by_key:
        seen = what_is_seen(campaign, row, minute, shown)
        if not seen:
            continue
        remember(campaign, row, minute, seen, recorder)
        journalist_sees = journalist_sees or campaign.role[row] == JOURNALIST
        react(campaign, row, minute, seen, recorder)
    campaign.journalist_saw = campaign.journalist_saw or journalist_sees


def what_is_seen(campaign: Campaign, row: int, minute: int, shown: list[tuple[Message, float]]) -> list[Waiting]:
    """Return what a row sees now: all that waits at a session, one message of the list at a look."""
    seen: list[Waiting] = []
    if campaign.entry.get(row) == minute:
        del campaign.entry[row]
        waiting = campaign.waiting.pop(row)
        seen += [w for w in waiting if not (campaign.withdrawn and w.message.call_rooted)]
        campaign.noted["withdrawn while it waits"] += len(seen) < len(waiting)
        campaign.noted["its source is lost"] += any(w.new_source for w in waiting) and len(seen) < len(waiting)
        campaign.noted["session and look in one minute"] += campaign.trending and campaign.look.get(row) == minute
    elif campaign.trending and campaign.look.get(row) == minute and row in campaign.waiting:
        campaign.noted["look while something waits"] += 1
    if campaign.look.get(row) == minute:
        del campaign.look[row]
        if campaign.trending:
            give_look(campaign, row, minute)
            message = looked_at(campaign, row, shown)
            if message is not None:
                source = ("list", message.frame)
                new_source = source not in campaign.known_sources[row]
                campaign.known_sources[row].add(source)
                score = score_of(campaign, message, row, weight_now(campaign, message))
                seen.append(Waiting(message, score, new_source))
    return seen


def candidate(seen: list[Waiting], frame: int | None = None) -> Message | None:
    """Return the message with the smallest score, of one frame or of all; ties go to the smaller key."""
    of_frame = [w for w in seen if frame in (None, w.message.frame)]
    return min(of_frame, key=lambda w: (w.score, int(w.message.key))).message if of_frame else None


def remember(campaign: Campaign, row: int, minute: int, seen: list[Waiting], recorder: Recorder) -> None:
    """Let the counters since the start grow, and note the sight."""
    memory = campaign.memory[row]
    first = not memory.reached
    memory.reached = True
    noted = False  # of two frames at once, the first in order holds the first impression
    day = math.floor((60 * campaign.configuration.post.hour + minute) / 1440)
    if day != memory.day:
        memory.day, memory.today = day, 0
    for frame in (CAMPAIGN, COUNTER):
        of_frame = [w for w in seen if w.message.frame == frame]
        memory.seen[frame] = min(memory.seen[frame] + len(of_frame), SATURATED)
        sources = memory.sources[frame] + sum(w.new_source for w in of_frame)
        memory.sources[frame] = min(sources, SATURATED)
        campaign.noted["counter held at its end"] += SATURATED in (memory.seen[frame], memory.sources[frame])
        best = candidate(seen, frame)
        if best is not None:
            recorder.sight(minute, row, best, len(of_frame), first and not noted)
            noted = True
    memory.today = min(memory.today + sum(w.message.by_agency for w in seen), SATURATED)
    memory.acknowledged |= any(w.message.root.kind == Kind.ACKNOWLEDGEMENT for w in seen)
    memory.answered |= any(w.message.kind == Kind.REPLY for w in seen)
    if first:
        recorder.reached(minute)


def react(campaign: Campaign, row: int, minute: int, seen: list[Waiting], recorder: Recorder) -> None:
    """Take at most one action, by the logit of ``sim/reaction/``."""
    memory, following = campaign.memory[row], campaign.following
    best = {frame: candidate(seen, frame) for frame in (CAMPAIGN, COUNTER)}
    can_share = {f: best[f] is not None and best[f].root not in memory.passed_on for f in best}  # type: ignore[union-attr]
    campaign.noted["passed on before"] += any(best[f] is not None and not can_share[f] for f in best)
    campaign.noted["soothed or answered"] += memory.acknowledged or memory.answered
    hold = 1.0 - campaign.soothe if memory.acknowledged else 1.0
    hold *= 1.0 - campaign.answer if memory.answered else 1.0
    trust = campaign.configuration.agency.local_trust if following.follows_local(row) else 0.0
    given = (
        campaign.coefficients, campaign.ask, campaign.grievance[row], campaign.support[row], float(trust), float(hold),
        campaign.role[row] in (ACTIVIST, ALLY),
        *memory.sources, *memory.seen, memory.acts, memory.today,
        can_share[CAMPAIGN], can_share[COUNTER], following.follows_sender(row),
        campaign.draws.luck(Stream.REACTION, campaign.key[row], minute),
    )  # fmt: skip
    action = choose(*given) if campaign.own.reaction is None else campaign.own.react(*given)
    if action == actions.UNFOLLOW:
        following.unfollow(row)
        recorder.follow(minute, row, gained=False)
    elif action == actions.FOLLOW:
        following.follow(row)
        recorder.follow(minute, row, gained=True)
    elif action != actions.IGNORE:
        kind, frame = CHOICES[action]
        key = campaign.key[row]
        message = Message(minute, row, key, frame, kind, message_key(key, minute), parent=candidate(seen))
        if kind == Kind.SHARE:
            passed = best[frame]
            assert passed is not None
            message.parent, message.head = passed, passed.root
            memory.passed_on.add(passed.root)
        memory.acts = min(memory.acts + 1, SATURATED)
        campaign.rows_out.append(message)
