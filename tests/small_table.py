"""A reference table without a simulation: the prior's draws as they are, outcomes in closed form with some luck.

It has the columns of a real one (:mod:`sim.study.calibration.study`), verdicts that follow from inputs as one would
expect, and counts that grow to the whole; so what reads tables can be tried on it in milliseconds. It is no model.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from sim.cli.calibrate import asked
from sim.engine.record import FRAMES
from sim.outcome.units import UNITS
from sim.outcome.verdict import verdict
from sim.study.calibration.campaigns import AT_MINUTE
from sim.study.calibration.prior import column_of, drawn_columns
from sim.study.calibration.shipped import Table
from sim.study.calibration.study import Plan

Columns = dict[str, Any]
CAMPAIGNS = "my_nypd,police_twitter_day,ask_jpm,ask_rkelly,nypd_boots_photo,station_bulletin,generic"
_SPEED = 300.0
"""Minutes in which all but a third of a campaign's messages are out."""


@lru_cache(maxsize=4)
def small_plan(draws: int, seed: int = 1, campaigns: str = CAMPAIGNS) -> Plan:
    """Return the plan of a table of some campaigns."""
    question, _ = asked([f"draws={draws}", f"seed={seed}", f"campaigns={campaigns}"])
    return Plan.of(question)


@lru_cache(maxsize=4)
def small_table(draws: int = 2000, seed: int = 1, campaigns: str = CAMPAIGNS) -> Table:
    """Return a table in closed form; nobody may change it.

    Parameters
    ----------
    draws, seed : int
    campaigns : str
        Ids between commas.
    """
    plan = small_plan(draws, seed, campaigns)
    drawn = drawn_columns(plan.spreads, range(draws), seed)
    columns: Columns = {
        "draw": np.arange(draws, dtype=np.int32),
        "graph": np.arange(draws, dtype=np.int16) % plan.graphs,
    }
    columns |= {name: values.astype(np.float32) for name, values in drawn.items()}
    luck: dict[str, Any] = {}
    for campaign in plan.campaigns:
        own = {each.name: drawn[each.name] for each in plan.universal}
        for source in dict.fromkeys((campaign.inputs_of, campaign.name)):
            own |= {each.name: drawn[column_of(source, each.name)] for each in plan.spreads[source]}
        if campaign.inputs_of not in luck:
            rng = np.random.default_rng([seed, len(luck)])
            luck[campaign.inputs_of] = rng.normal(size=(3, draws)), rng.uniform(size=(len(UNITS) + 99, draws))
        outcomes = _outcomes(campaign.base, own, *luck[campaign.inputs_of])
        columns |= {column_of(campaign.name, name): values for name, values in outcomes.items()}
    return Table(pd.DataFrame(columns), plan.facts())


def _outcomes(base: Any, drawn: Columns, luck: Any, other: Any) -> Columns:
    """Return the outcomes of one campaign."""
    draws, rows = luck.shape[1], base.people.n_followers

    def of(name: str) -> Any:
        section, _, last = name.partition(".")
        return drawn.get(name, getattr(getattr(base, section), last))

    grievance = np.clip(of("people.grievance_mean") * (1 + of("people.community_share")), 0, 1)
    touched = of("post.salience") + of("post.openness") * (1 - of("post.salience"))
    value, cross = of("reaction.b_value"), of("reaction.cross")
    campaign_pull = value * (of("post.appeal") * of("people.support_mean") - cross * grievance)
    counter_pull = (value + of("reaction.b_outrage") * of("post.arousal")) * touched * grievance * 2.5
    write = of("reaction.b_write") + of("reaction.b_room") * of("post.room")
    late = np.full(draws, np.inf) if AT_MINUTE not in drawn else drawn[AT_MINUTE]
    spared = (1 - drawn.get("agency.effects.acknowledge", 0.4)) if AT_MINUTE in drawn else np.ones(draws)
    whole_campaign = rows * np.exp(np.clip(write + 3.0 + campaign_pull + 0.5 * luck[0], -20, 0))
    whole_counter = rows * np.exp(np.clip(write + 1.5 + counter_pull + 0.5 * luck[1], -20, 0))

    def so_far(whole: Any, minute: float, *, answered: bool) -> Any:
        out = 1 - np.exp(-np.minimum(minute, late) / _SPEED)
        after = np.exp(-np.minimum(minute, late) / _SPEED) - np.exp(-minute / _SPEED)
        return np.floor(whole * (out + after * (spared if answered else 1.0)))

    found: Columns = {}
    for name in (*UNITS, *base.outcomes):
        frame, by, minute = name.partition("_by_")
        if by and minute.isdigit() and frame in FRAMES:
            whole = whole_counter if frame == "counter" else whole_campaign
            found[name] = so_far(whole, float(minute), answered=frame == "counter")
    campaign, counter = found["campaign_by_4320"], found["counter_by_4320"]
    messages = campaign + counter
    with np.errstate(invalid="ignore"):
        share = np.where(messages > 0, counter / messages, np.nan)
    passed = 1 / (
        1 + np.exp(of("reaction.b_write") - of("reaction.b_share") + of("reaction.b_room") * of("post.room") - 1)
    )
    found |= {
        "messages": messages, "participants": np.floor(messages / 1.3), "hijack_share": share,
        "hijack_share_impressions": share, "hijack_share_top20": share, "reach": np.minimum(rows, 30 * messages),
        "impressions": 50 * messages, "takeover": (share > 0.6).astype(float),
        "takeover_minutes": np.where(share > 0.6, np.floor(60 * other[0]), np.nan),
        "trending_minute": np.where(messages > rows / 200, np.floor(180 * other[1]), np.nan),
        "retweet_share": np.where(messages > 0, np.clip(passed + 0.03 * luck[2], 0, 1), np.nan),
        "peak_messages_per_hour": np.floor(messages * (1 - np.exp(-60 / _SPEED))),
        "messages_by_10h": found["campaign_by_600"] + found["counter_by_600"],
        "messages_by_21_5h": found["campaign_by_1290"] + found["counter_by_1290"],
        "messages_by_34h": found["campaign_by_2040"] + found["counter_by_2040"],
        "acts_once": np.clip(0.4 + 0.2 * of("reaction.fatigue") + 0.02 * luck[2], 0, 1),
    }  # fmt: skip
    for name in base.outcomes:
        if name.startswith("participants_by_"):
            minute = name.removeprefix("participants_by_")
            found[name] = np.floor((found[f"campaign_by_{minute}"] + found[f"counter_by_{minute}"]) / 1.3)
    found["shares_per_impression"] = np.where(messages > 0, found["retweet_share"] / 50, np.nan)
    words = [verdict(int(people), rows, None if np.isnan(part) else float(part))
             for people, part in zip(found["participants"], share, strict=True)]  # fmt: skip
    for place, name in enumerate((*UNITS, *base.outcomes)):
        if name not in found:  # what nothing here gives a form to has some luck alone
            found[name] = np.where(messages >= 1, other[place], np.nan)
    found = {name: found[name].astype(np.float32) for name in (*UNITS, *base.outcomes)}
    found["verdict"] = pd.array(words, dtype="str")
    found["fizzled_frame"] = pd.array([None] * draws, dtype="str")
    return found
