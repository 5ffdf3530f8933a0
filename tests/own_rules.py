"""Rules of one's own that tests share, written to a file as a user would."""

from __future__ import annotations

from pathlib import Path

from sim.extensions.files import load

RULES = """
from sim.extend import (
    ACKNOWLEDGE, AMPLIFY, FOLLOW, IGNORE, NEVER, SHARE_CAMPAIGN, SHARE_COUNTER, SILENT, UNFOLLOW, WITHDRAW,
    WRITE_CAMPAIGN, WRITE_COUNTER, another, choose, compiled, newsroom, outcome, parameter, policy, reaction_rule,
)


@reaction_rule
def same(coef, ask, grievance, support, extra_appeal, hold, committed, sources_campaign, sources_counter,
         seen_campaign, seen_counter, acts, today, can_share_campaign, can_share_counter, follows, draw):
    return choose(coef, ask, grievance, support, extra_appeal, hold, committed, sources_campaign, sources_counter,
                  seen_campaign, seen_counter, acts, today, can_share_campaign, can_share_counter, follows, draw)


@compiled
def louder(seen_campaign, seen_counter):
    return seen_counter > seen_campaign


@reaction_rule(
    zeal=parameter(0.6, "probability", "Readiness to act", low=0, high=1, role="uncertainty", span=(0.4, 0.8)),
    rest=parameter(3, "acts", "Acts after which a row rests", low=0, high=50),
)
def zealous(grievance, appeal, b_value, seen_campaign, seen_counter, sources_counter, acts, today, hold, committed,
            can_share_campaign, can_share_counter, follows, draw, zeal, rest):
    if acts >= rest or draw >= zeal:
        return IGNORE
    other = another(draw, 1)
    if committed and other < 0.5:
        return WRITE_COUNTER if grievance > 0.5 else WRITE_CAMPAIGN
    if today > 3 and follows and other < 0.4:
        return UNFOLLOW
    if not follows and other > 0.9:
        return FOLLOW
    if can_share_counter and (louder(seen_campaign, seen_counter) or hold * sources_counter > 1.0):
        return SHARE_COUNTER
    if can_share_campaign and other < appeal * b_value:
        return SHARE_CAMPAIGN
    return WRITE_COUNTER if other < grievance else IGNORE


@reaction_rule
def reckless(draw):
    return SHARE_COUNTER


@newsroom(slack=parameter(5, "minutes", "Time that the desk takes", low=0, high=100))
def desk(minute, newsroom, campaign, counter, first_trend, journalist_saw, pick_draw, pick_up, slack):
    if pick_draw >= pick_up:
        return NEVER
    if journalist_saw and counter > campaign:
        return minute
    return minute + int(slack) + newsroom + (minute - first_trend)


@policy(moves=("acknowledge", "amplify", "withdraw"), alarm=parameter(0.2, "share", "Alarm", low=0, high=1))
def nervous(minute, campaign, counter, trending, moves_made, last_move, alarm):
    if counter <= alarm * (campaign + counter):
        return SILENT
    if moves_made == 0:
        return ACKNOWLEDGE
    if trending and minute > last_move:
        return WITHDRAW
    return AMPLIFY if minute > last_move + 5 else SILENT


@outcome(unit="minutes")
def last_message(record, measures):
    return None if len(record.messages.minute) == 0 else int(record.messages.minute[-1])
"""
NERVOUS = [{"move": move, "when": "nervous"} for move in ("acknowledge", "amplify", "withdraw")]


def written(folder: Path, text: str = RULES, name: str = "rules.py") -> str:
    """Write a file of rules, and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    load(str(path))
    return str(path)
